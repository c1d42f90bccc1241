"""Accounts of attribution: every mechanism, and a few for what belongs to none; and what is remembered from week to week."""

import numpy as np

from sim.mechanisms import MECHANISMS

CONSTANT, START, LIMITS = "constant", "start", "limits"
ACCOUNTS = (*MECHANISMS, CONSTANT, START, LIMITS)
"""A column each: the mechanisms; what never changes; how the city was built, fading; verdicts held at 0 or 1."""

NUMBER = {name: number for number, name in enumerate(ACCOUNTS)}

VERDICTS = ("belonging", "happiness", "security")

GRANTED = "services participation procedural_justice policing resolution integrity rumour offending unrest detection limits start".split()
"""Accounts of legitimacy, kept for every resident because it falls faster than it rises."""

MEMORY = np.dtype(
    (
        np.record,
        [
            ("legitimacy", "f4"),  # at the end of last week: what everybody but satisfaction read this week
            ("earlier", "f4"),  # a week before that
            ("risk", "f4"),  # perceived certainty of sanction at the end of last week
            ("grievance", "f4"),
            ("belonging", "f4"),
            ("log_norm", "f4"),  # factors on offending last week, as logarithms
            ("log_strain", "f4"),
            ("log_trust", "f4"),
            ("log_fear", "f4"),
            ("status", "u1"),
            ("inside", "u1"),  # 1 when in jail through all of last week
            ("jailer", "u1"),  # account to which a stay in jail is attributed
        ],
    )
)
"""What is remembered of every resident."""

BLOCK_MEMORY = np.dtype((np.record, [(name, "f4") for name in ("control", "watch", "camera", "presence", "heat")]))
"""What is remembered of every block: factors on offending last week, as logarithms, and its near repeats."""

COMMUNITY_MEMORY = np.dtype((np.record, [(name, "f4") for name in ("risk", "watched", "line")]))
"""What is remembered of every community: arrest risk by officers and crowd, what surveillance adds, and the line for protest."""
