"""The order in which mechanisms act in a week."""

ORDER = """
shocks integrity budget coordination
mass_work livelihood services integration congestion
participation collective_efficacy
norms rumour
disputes resolution
detection campaign offending policing
unrest
procedural_justice satisfaction
appraisal
""".split()
"""The order of the week, a line for each stage. A file that is not named here acts at the end of its stage, or before the mechanism that
its registration names."""
