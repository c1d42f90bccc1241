"""Analysis: statistics of many runs. Pure functions of numbers; they know nothing of scenarios or of how runs are made."""
