"""Plausible worlds: complete sets of coefficients under which the city lives within what is known."""
