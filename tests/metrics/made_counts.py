"""Made-up counts of a city that never was, and the same numbers as metrics by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from alone import TALLIES
from cities import small

from sim.city.community import CONDITIONS, SUMS
from sim.levers import INSTRUMENTS

WEEKS, DISTRICTS = 70, 3
PEOPLE = {"residents": [9000, 4000, 700], "adults": [8000, 3500, 600], "nonlocals": [3000, 900, 0]}
SHARES = (
    "legitimacy",
    "norm",
    "cohesion",
    "efficacy",
    "fatigue",
    "credibility",
    "service",
    "expectation",
    "grievance",
    "sanction_risk",
    "strain",
)
FIXED = 2**20


def made_up():
    """A simulation that never was: random counts of 70 weeks in three districts."""
    rng = np.random.default_rng(11)
    history = rng.integers(0, 60, (WEEKS, DISTRICTS, len(TALLIES)))
    for number, name in enumerate(TALLIES):
        if name in SUMS:
            history[:, :, number] = rng.integers(0, FIXED, (WEEKS, DISTRICTS)) * np.array(PEOPLE["adults"])
        if name.endswith("_nonlocal"):
            history[:, :, number] = rng.integers(0, FIXED // 2, (WEEKS, DISTRICTS)) * np.array(PEOPLE["nonlocals"])
    histogram = rng.integers(0, 40, (WEEKS, DISTRICTS, 50))
    world = SimpleNamespace(
        history=history,
        history_histogram=histogram,
        history_money=rng.integers(1, 10**6, (WEEKS, 4)),
        history_staff=np.sort(rng.random((WEEKS, 2, len(INSTRUMENTS))), axis=1)[:, ::-1],
        history_spread=rng.random(WEEKS),
        history_conditions=rng.random((WEEKS, DISTRICTS, len(CONDITIONS))).astype(np.float32),
        districts={name: np.array(values) for name, values in PEOPLE.items()},
    )
    scenario = small(WEEKS).with_changes({"weights.satisfaction.security": 3.0, "weights.stability.order": 2.0})
    return SimpleNamespace(week=WEEKS, scenario=scenario, city=SimpleNamespace(world=world, district_names=("A", "B", "C")))


class Hand:
    """The same numbers by hand: lists and loops, for the whole city."""

    def __init__(self, simulation):
        self.history = simulation.city.world.history.sum(axis=1).tolist()
        self.residents, self.adults, self.nonlocals = (float(sum(PEOPLE[name])) for name in PEOPLE)

    def now(self, name, week):
        return self.history[week][TALLIES.index(name)]

    def window(self, name, week, length):
        """Counts of the weeks seen within the window, and how many weeks they are."""
        seen = [self.now(name, w) for w in range(max(0, week - length + 1), week + 1)]
        return sum(seen), len(seen)

    def yearly(self, name, week):
        """Per 1,000 residents and year: what was seen, scaled to a year."""
        total, seen = self.window(name, week, 52)
        return total * 52 / seen * 1000 / self.residents

    def scaled(self, name, week, length):
        total, seen = self.window(name, week, length)
        return total * length / seen


def agree(table, name, by_hand, tolerance=1e-12):
    values = [by_hand(week) for week in range(WEEKS)]
    assert table[name].to_numpy() == pytest.approx(values, rel=tolerance, nan_ok=True)
