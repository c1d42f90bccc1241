"""Patrols that follow recorded offences: what they bring on the whole, and on whom their cost falls.

The cost does not show in a mean of the city: stops are as many as before, but the same places get more of them.
"""

import numpy as np
import pytest
from cities import small
from scipy import stats

from sim.metrics import communities, weekly
from sim.simulation import Simulation

SEEDS = range(1, 25)
ALARM = 1e-3
"""Chance that a test here fails although the patrols make no difference to what it looks at."""


def lived(targeting, seed):
    """Feeling safe in the last year, and how unevenly fruitless stops fall on communities, under one targeting and seed."""
    scenario = small(156, residents=45_000, community_size=1500).with_changes({"stance.patrol_targeting": targeting})
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    places = communities(simulation)
    burden = places.groupby("community")[["fruitless", "residents"]].sum()
    return weekly(simulation)["feel_safe"][-52:].mean(), float(np.std(burden["fruitless"] / burden["residents"]))


@pytest.fixture(scope="module")
def difference():
    """Patrols by records minus even patrols, with common random numbers; shape (seeds, 2)."""
    return np.array([np.subtract(lived("reported", seed), lived("even", seed)) for seed in SEEDS])


@pytest.mark.xfail(strict=True, reason="half a point fewer: what patrols see is recorded and takes the hours of investigators")
def test_more_people_feel_safe(difference):
    assert stats.ttest_1samp(difference[:, 0], 0.0, alternative="greater").pvalue < ALARM


def test_fruitless_stops_fall_on_fewer_places(difference):
    assert stats.ttest_1samp(difference[:, 1], 0.0, alternative="greater").pvalue < ALARM
