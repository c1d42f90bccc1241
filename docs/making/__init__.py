"""Writes docs/model: what the specs say, what runs show, what the calibration left. `python -m docs.making`, or `make docs`."""
