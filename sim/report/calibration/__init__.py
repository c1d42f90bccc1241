"""The page of a calibration to the figures of a city."""
