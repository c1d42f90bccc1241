"""Patrols directed to where offences are known: what they bring where they go, what they cost, and on whom their cost falls.

They come out of free time, so places elsewhere lose nothing; but those who live where patrols go are stopped more often.
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
WEEKS, HOT = 156, 0.1
"""Weeks lived; the part of blocks with most opportunities for offences, which is fixed."""
SAFE, BURDEN, CLEARANCE, THERE, ELSEWHERE, REPORTS = range(6)


def lived(targeting, seed):
    """Feeling safe, part of fruitless stops where opportunities are most, clearance, offences at hot and other blocks, and reports."""
    scenario = small(WEEKS, residents=45_000, community_size=1500).with_changes({"stance.patrol_targeting": targeting})
    simulation = Simulation(scenario, seed)
    blocks = simulation.city.world.blocks
    offences, reports, clearance = np.zeros(len(blocks), np.int64), 0, 0.0
    for _ in range(scenario.horizon):
        simulation.advance(1)
        offences += blocks["now"]
        reports += blocks["reported"].sum()
        clearance += simulation.city.world.stations["clearance"].mean() / scenario.horizon
    hot = blocks["attraction"] >= np.quantile(blocks["attraction"], 1 - HOT)
    places = communities(simulation)
    fruitless = places.groupby("community")["fruitless"].sum().to_numpy()
    tempting = np.add.reduceat(blocks["attraction"].astype(float), simulation.city.world.communities["first_block"])
    most = tempting >= np.quantile(tempting, 0.75)
    burden = fruitless[most].sum() / fruitless.sum()
    return weekly(simulation)["feel_safe"][-52:].mean(), burden, clearance, offences[hot].sum(), offences[~hot].sum(), reports


@pytest.fixture(scope="module")
def pairs():
    """Patrols by records and even patrols, with common random numbers; shape (2, seeds, 6)."""
    return np.array([[lived(targeting, seed) for seed in SEEDS] for targeting in ("reported", "even")])


@pytest.fixture(scope="module")
def difference(pairs):
    return pairs[0] - pairs[1]


def interval(values):
    """Mean with 3.3 standard errors (99.9 %) on each side."""
    return values.mean() - 3.3 * stats.sem(values), values.mean() + 3.3 * stats.sem(values)


def test_fewer_offences_happen_where_patrols_go(difference):
    assert stats.ttest_1samp(difference[:, THERE], 0.0, alternative="less").pvalue < ALARM


def test_no_more_offences_happen_elsewhere(pairs, difference):
    _, high = interval(difference[:, ELSEWHERE] / pairs[1, :, ELSEWHERE])
    assert high < 0.02, f"offences elsewhere rise by up to {high:.1%}"


def test_what_patrols_record_takes_no_hours_from_investigators(difference):
    low, high = interval(difference[:, CLEARANCE])
    assert low > -0.01, f"clearance {low:+.4f} to {high:+.4f}"


def test_clearance_rises_by_no_more_than_prevented_offences_leave_in_hours(pairs):
    """Clearance is concave in hours for each case: with x % fewer reports it rises by at most x %."""
    _, cases = interval(pairs[0, :, REPORTS] / pairs[1, :, REPORTS] - 1)
    cleared = np.log(pairs[0, :, CLEARANCE] / pairs[1, :, CLEARANCE]) + np.log(pairs[0, :, REPORTS] / pairs[1, :, REPORTS])
    low, high = interval(cleared)
    assert cases < 0.0, f"reports change by up to {cases:+.1%}"
    assert high < 0.0, f"logarithm of clearance times reports {low:+.4f} to {high:+.4f}"


def test_the_city_as_a_whole_feels_no_less_safe(difference):
    low, _ = interval(difference[:, SAFE])
    assert low > -0.01, f"feeling safe {low:+.4f}"


def test_more_fruitless_stops_fall_on_places_with_more_offences(difference):
    assert stats.ttest_1samp(difference[:, BURDEN], 0.0, alternative="greater").pvalue < ALARM
