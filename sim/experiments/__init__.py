"""Experiments: one scenario simulated once or many times, in one process or several."""
