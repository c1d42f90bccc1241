"""Accounts of attribution: every mechanism, and a few for effects of no mechanism; and the memory carried from week to week."""

import numpy as np

from sim.mechanisms import MECHANISMS

CONSTANT, START, LIMITS = "constant", "start", "limits"
ACCOUNTS = (*MECHANISMS, CONSTANT, START, LIMITS)
"""Accounts, one column each: the mechanisms; constant terms; the decaying initial state; verdicts limited to 0 or 1."""

NUMBER = {name: number for number, name in enumerate(ACCOUNTS)}

VERDICTS = ("belonging", "happiness", "security")

GRANTED = (
    "services livelihood participation procedural_justice policing resolution integrity rumour offending unrest detection mass_work"
    " limits start"
).split()
"""Accounts of legitimacy, kept for every resident because it falls faster than it rises."""

MEMORY = np.dtype(
    (
        np.record,
        [
            ("legitimacy", "f4"),  # at the end of last week: the value that all mechanisms but satisfaction read this week
            ("earlier", "f4"),  # one week earlier
            ("risk", "f4"),  # perceived certainty of sanction at the end of last week
            ("grievance", "f4"),
            ("by_mass_work", "f4"),  # parts of this week's grievance by the mechanism that added them; the rest is of resolution
            ("by_rumour", "f4"),
            ("by_unrest", "f4"),
            ("belonging", "f4"),
            ("service", "f4"),
            ("gap", "f4"),  # service above expectation
            ("spared", "f4"),  # disappointment added (negative) or spared by changes of service, beyond what a gain counts
            ("log_norm", "f4"),  # factors on offending last week, as logarithms
            ("strain", "f4"),  # above its usual value
            ("idle", "f4"),
            ("log_trust", "f4"),
            ("log_risk", "f4"),
            ("minds", "f4"),  # part of the elasticity of certainty that one's norm leaves in effect
            ("status", "u1"),
            ("tired", "u1"),  # weeks of rest left at the end of last week
            ("rested", "u1"),  # 1 if the person could not join a protest last week
            ("inside", "u1"),  # 1 if in jail during all of last week
            ("jailer", "u1"),  # account to which a stay in jail is attributed
        ],
    )
)
"""Memory of every resident."""

PLACE_ACCOUNTS = tuple(NUMBER[name] for name in ("collective_efficacy", "participation", "detection", "policing", "campaign"))
"""Accounts of what changes the opportunity for offences in a place, in the order of the memory of places."""

_BY_KIND, _BY_ACCOUNT = (2,), (2, len(PLACE_ACCOUNTS))
BLOCK_MEMORY = np.dtype(
    (
        np.record,
        [
            *((name, "f4") for name in ("control", "watch", "camera", "presence", "pulse", "conduct")),  # logarithms of its factors
            ("heat", "f4"),  # its near repeats
            ("opportunity", "f4", _BY_KIND),  # this week
            ("before", "f4", _BY_KIND),  # last week
            ("shift", "f4", _BY_ACCOUNT),  # the change by account
            ("log_rate", "f4", _BY_KIND),  # opportunity of its residents, at home and away, as a logarithm
            ("log_before", "f4", _BY_KIND),  # last week
            ("log_shift", "f4", _BY_ACCOUNT),  # the change by account
        ],
    )
)
"""Memory of every block: last week's factors on offences by kind."""

COMMUNITY_MEMORY = np.dtype(
    (
        np.record,
        [
            *((name, "f4") for name in ("risk", "exposed", "threshold")),
            ("opportunity", "f4", _BY_KIND),  # this week
            ("shift", "f4", _BY_ACCOUNT),  # the change by account
            ("elsewhere", "f4", _BY_KIND),  # opportunity in bordering communities this week
            ("elsewhere_before", "f4", _BY_KIND),  # last week
            ("elsewhere_shift", "f4", _BY_ACCOUNT),  # the change by account
        ],
    )
)
"""Memory of every community: arrest risk from officers and crowd, the risk added by surveillance, and the threshold of protest;
opportunities for offences there and around, by kind."""
