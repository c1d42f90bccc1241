"""Patterns of a city that a model should reproduce: pure functions of arrays, the same for data and runs."""
