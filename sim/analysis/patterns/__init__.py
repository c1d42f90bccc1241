"""Patterns of a city that a model should show: pure functions of arrays, the same for data and for runs."""
