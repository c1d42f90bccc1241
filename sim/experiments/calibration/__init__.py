"""Calibration, history matching, and the check of known effects."""
