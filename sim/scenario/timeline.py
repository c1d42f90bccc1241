"""Policy over time: which levers hold in which week."""

from typing import TYPE_CHECKING

import numpy as np

from sim.levers import INSTRUMENTS, LEVER_WEEK, PATROL_TARGETING

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def lever_table(scenario: "Scenario") -> np.ndarray:
    """Policy of every week.

    Returns
    -------
    ndarray of LEVER_WEEK, shape (horizon,)
        Budget (1 = reference per resident), share of the budget of each instrument, stances.
    """
    table = np.zeros(scenario.horizon, LEVER_WEEK)
    table["budget"] = scenario.budget
    table["share"] = instrument_shares(scenario)
    table["transparency"] = scenario.stance.transparency
    table["migrant_access"] = scenario.stance.migrant_access
    table["patrol_targeting"] = PATROL_TARGETING.index(scenario.stance.patrol_targeting)
    return table


def instrument_shares(scenario: "Scenario") -> list[float]:
    """Share of the budget of each of `INSTRUMENTS`: the lever's share times the instrument's part of the split."""
    shares = []
    for name in INSTRUMENTS:
        lever_name, part = name.split(".")
        lever = getattr(scenario.policy, lever_name)
        shares.append(lever.share * lever.split[part] / sum(lever.split.values()))
    return shares
