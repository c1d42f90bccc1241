"""Comparisons of scenarios: paired differences, mixes, attribution, resilience."""
