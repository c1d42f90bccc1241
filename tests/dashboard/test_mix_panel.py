"""The panel of mixes: over plausible worlds where there are some, in one world otherwise."""

import numpy as np
import pytest
from some_worlds import ABOUT, some

from sim.dashboard import mix
from sim.dashboard.places import Places
from sim.dashboard.small_city import CurveCache
from sim.scenario import load_scenario
from sim.worlds import WorldSet

WORLDS = 8


@pytest.fixture(scope="module")
def yours():
    return load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 256, "districts": 1}, "horizon": 8})


@pytest.fixture(scope="module")
def over_worlds():
    found = CurveCache(places=Places(WorldSet(some(WORLDS), ABOUT)))
    yield found
    found.close()


def test_there_are_no_more_worlds_than_the_set_has(cache, over_worlds, yours):
    assert mix.passes_of(over_worlds, yours) == [4, WORLDS]
    assert mix.passes_of(cache, yours) == list(mix.RUNS)


def test_mixes_and_your_policy_take_place_in_the_same_worlds(over_worlds, yours, monkeypatch):
    monkeypatch.setattr(mix, "STEPS", 1)
    scenarios = mix.fill(over_worlds, yours, mix.passes_of(over_worlds, yours))
    assert len(scenarios) == 3
    assert min(over_worlds.known(scenario) for scenario in [yours, *scenarios]) == WORLDS
    values = mix.levels(over_worlds, [yours, *scenarios], WORLDS, "satisfaction")
    found = mix.verdicts(values[1:], values[0], "satisfaction")
    assert [(one.better, one.worse) for one in found] == [((row > values[0]).sum(), (row < values[0]).sum()) for row in values[1:]]
    picture = str(mix._picture(over_worlds, scenarios, yours, yours, mix.total_of(yours), "satisfaction", "en"))
    assert picture.count("url(#mix-open)") == sum(one.word == "open" for one in found)
    assert f"mean of {WORLDS} plausible worlds" in picture


def test_of_few_worlds_nothing_is_said_and_nothing_hatched():
    assert mix.verdicts(np.ones((3, 4)), np.zeros(4), "stability") == []


def test_what_is_better_follows_the_metric_and_no_difference_counts_for_neither():
    mine = np.full(10, 2.0)
    words = [one.word for one in mix.verdicts(np.array([mine + 1, mine + 1e-9, mine - 1]), mine, "offences")]
    assert words[1] == "open"
    above, same, below = mix.verdicts(np.array([mine + 1, mine + 1e-9, mine - 1]), mine, "offences")
    assert (above.worse, same.same, below.better) == (10, 10, 10)


def test_in_one_world_the_panel_says_that_it_shows_luck_alone(cache, yours, monkeypatch):
    monkeypatch.setattr(mix, "STEPS", 1)
    scenarios = mix.fill(cache, yours, (2,))
    picture = str(mix._picture(cache, scenarios, yours, yours, mix.total_of(yours), "stability", "en"))
    assert "one world: luck alone" in picture
    assert "url(#mix-open)" not in picture
