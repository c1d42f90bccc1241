"""Factors on the capacity of mediation, offices and courts for waiting cases, each with its mechanism.

The capacities are those of `sim.mechanisms.resolution`. Its own factors (surges, skill) are not listed: they are the remainder.
"""

import numpy as np

from sim.attribution.accounts import ACCOUNTS, NUMBER
from sim.levers import instrument

LEAST = 1e-6
QUEUES = (2.0, 8.0)
"""Weeks of queue at an office and a court to which the weeks of a hand-off are added (assumption); the queue itself is the remainder."""


def log_capacities(world) -> np.ndarray:
    """Logarithms of factors on capacity, shape (3, accounts): mediation, office, court; mean over residents.

    Parameters
    ----------
    world : World

    Returns
    -------
    ndarray
        Zero for mechanisms without an effect on capacity.
    """
    out = np.zeros((3, len(ACCOUNTS)))
    communities, share = world.communities, world.communities["residents"] / world.communities["residents"].sum()
    district, committee = world.districts[communities["district"]], world.committees
    work = district["work"]

    def add(stage: int, mechanism: str, factor: np.ndarray) -> None:
        out[stage, NUMBER[mechanism]] += float(share @ np.log(np.maximum(factor.astype(np.float64), LEAST)))

    add(0, "budget", work[:, instrument("self_governance.mediation")])
    hours = np.clip(1.0 / np.maximum(communities["hours_load"], LEAST), 0.5, 1.25)
    add(0, "participation", committee["skill"] * (0.8 + 2.4 * committee["duty"][:, 0]) * hours)
    first = instrument("public_services.education")
    add(1, "budget", district["staff"][:, first : first + 5].sum(axis=1) * (1.0 - world.city["upheaval"][0]))
    add(1, "integrity", 1.0 - district["caution"])
    add(1, "mass_work", 1.0 - district["diverted"])
    add(1, "rumour", 1.0 - district["answering"])
    effort = 1.0 + np.where(communities["measured_services"] < 0.5, communities["effort"], 0.0)
    online = world.parameters["resolution"]["online"][0] * (communities["digital"] - 0.4)
    add(1, "services", 1.0 + online)
    add(1, "appraisal", (effort + online) / (1.0 + online))
    add(1, "coordination", 1.0 / (1.0 + communities["delay"] / QUEUES[0]))
    add(2, "budget", work[:, instrument("rule_of_law.courts")])
    add(2, "coordination", 1.0 / (1.0 + 2.0 * communities["delay"] / QUEUES[1]))
    return out
