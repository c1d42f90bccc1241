"""The levers of policy: names, instruments, and the table that says what holds in which week.

A leaf: the scenario writes this table, the mechanisms read it.
"""

import numpy as np

LEVERS: dict[str, tuple[str, ...]] = {
    "self_governance": ("councils", "mediation", "social_organisations", "workplace"),
    "rule_of_law": ("policing", "courts", "oversight", "legal_aid", "legislation"),
    "moral_education": ("media", "school", "family", "workplace"),
    "public_services": ("education", "employment", "social_security", "health", "housing"),
}

INSTRUMENTS: tuple[str, ...] = tuple(f"{lever}.{name}" for lever, names in LEVERS.items() for name in names)
"""Every instrument as ``lever.name``, in the order of the columns of `LEVER_WEEK`'s ``share``."""

REFERENCE_SHARES = {"self_governance": 0.15, "rule_of_law": 0.30, "moral_education": 0.10, "public_services": 0.40}
"""Share of the governance budget that each lever has in the reference city (assumption)."""

DEFAULT_SPLITS: dict[str, dict[str, float]] = {
    "self_governance": {"councils": 0.3, "mediation": 0.25, "social_organisations": 0.3, "workplace": 0.15},
    "rule_of_law": {"policing": 0.5, "courts": 0.2, "oversight": 0.1, "legal_aid": 0.1, "legislation": 0.1},
    "moral_education": {"media": 0.35, "school": 0.35, "family": 0.15, "workplace": 0.15},
    "public_services": {"education": 0.25, "employment": 0.15, "social_security": 0.2, "health": 0.25, "housing": 0.15},
}
"""How a lever's share is divided over its instruments unless the scenario says otherwise (assumption)."""

PATROL_TARGETING = ("even", "reported", "risk_score")
INFORMATION_STANCE = ("open", "answer", "wait", "suppress")
APPRAISAL_BY = ("results", "residents")
"""Choices of the stances of these names, in the order of their codes."""

LEVER_WEEK = np.dtype(
    [
        ("budget", "f4"),
        ("share", "f4", (len(INSTRUMENTS),)),
        ("coordination", "f4"),
        ("layers", "f4"),
        ("transparency", "f4"),
        ("information_stance", "u1"),
        ("migrant_access", "f4"),
        ("digital_services", "f4"),
        ("service_projects", "f4"),
        ("officials_visits", "f4"),
        ("appraisal_pressure", "f4"),
        ("appraisal_by", "u1"),
        ("audit", "f4"),
        ("detection", "f4"),
        ("detection_threshold", "f4"),
        ("privacy_protection", "f4"),
        ("patrol_targeting", "u1"),
        ("campaign", "f4"),
        ("planning_horizon", "f4"),
    ]
)
"""One week of policy: budget (1 = reference per resident), share of the budget per instrument, stances."""

SHOCK_KINDS = ("layoffs", "service_outage", "major_incident", "rumour", "influx", "disaster", "crowd_event")
"""Kinds of shock, in the order of their codes."""

SHOCK = np.dtype(
    (
        np.record,
        [
            ("kind", "i4"),
            ("at", "i4"),  # first week
            ("end", "i4"),  # first week after it
            ("strength", "f4"),  # 0..1
            ("first_community", "i4"),
            ("last_community", "i4"),  # one past the last community that it strikes
        ],
    )
)
"""One shock: what, when, how strong, where."""


def instrument(name: str) -> int:
    """Column of an instrument in the lever table, as in ``instrument("rule_of_law.policing")``."""
    return INSTRUMENTS.index(name)
