"""Cities arranged by hand, pairs of cities with common random numbers, and what may be concluded from such pairs."""

import numpy as np
from alone import TALLIES, switched
from cities import small
from scipy import stats

from sim.levers import DEFAULT_SPLITS, REFERENCE_SHARES
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import measure_start
from sim.metrics import weekly
from sim.simulation import Simulation

ALPHA = 1e-3
"""Chance that an assertion on pairs passes although there is no effect at all."""


UNPROVOKED = {
    f"unrest.{name}": 0.0 for name in "spontaneous by_case by_delay by_request by_layoff by_police by_rumour by_outage spread".split()
}
"""Changes under which nothing but a shock sets off a protest."""


def default(name: str) -> float:
    """Default of a parameter, as in ``default("offending.base")``: tests state relations, not values."""
    mechanism, _, key = name.partition(".")
    return MECHANISMS[mechanism].parameters.model_fields[key].default


def arranged(*names: str, changes: dict | None = None, columns: dict | None = None, conditions: dict | None = None, seed: int = 1, **city):
    """A city that has not lived yet, with only some mechanisms on, and residents and communities as the test wants them.

    Parameters
    ----------
    names : str
        Mechanisms that are switched on.
    changes : dict
        Changes to the scenario; a mechanism's parameter may be given as ``"norms.step"``.
    columns, conditions : dict
        Values for residents' columns and communities' fields, for all or one each.
    """
    ours = {f"{name}.{key}" for name, mechanism in MECHANISMS.items() for key in mechanism.parameters.model_fields}
    settings = {f"mechanisms.{key}" if key in ours else key: value for key, value in (changes or {}).items()}
    simulation = Simulation(small(**city).with_changes({**switched(names), **settings}), seed)
    everybody = np.arange(len(simulation.city.residents))
    for name, values in (columns or {}).items():
        simulation.city.residents.set(name, everybody, values)
    for name, values in (conditions or {}).items():
        simulation.city.world.communities[name] = values
    world = simulation.city.world
    measure_start(world, 0, len(world.communities))
    simulation.city.residents.set("events", everybody, (columns or {}).get("events", 0))  # forgotten when the books were opened
    return simulation


def after(simulation: Simulation, weeks: int = 1) -> dict[str, np.ndarray]:
    """Residents' columns some weeks later."""
    simulation.advance(weeks)
    return {name: simulation.city.residents.values(name) for name in simulation.city.residents.columns}


def total(simulation: Simulation, count: str, since: int = 0) -> int:
    """A count over all districts and the weeks lived since `since`."""
    return int(simulation.city.world.history[since : simulation.week, :, TALLIES.index(count)].sum())


def assert_all_rise(differences) -> None:
    """Fail unless no difference is negative and some are positive: for effects that hold for every resident, without randomness."""
    differences = np.asarray(differences, dtype=np.float64)
    assert differences.min() >= 0.0, f"{(differences < 0).sum()} of {differences.size} fall, by up to {-differences.min():.3g}"
    assert differences.max() > 0.0, "nothing moves"


def assert_rises(differences, significance: float = ALPHA) -> None:
    """Fail unless paired differences are positive on average (one-sided t-test at level `significance`)."""
    differences = np.asarray(differences, dtype=np.float64)
    mean, error = differences.mean(), stats.sem(differences)
    p = stats.t.sf(mean / error, len(differences) - 1) if error > 0 else float(mean <= 0)
    assert p < significance, f"mean difference {mean:.4g} (standard error {error:.2g}): p = {p:.2g} is not below {significance:g}"


def assert_falls(differences, significance: float = ALPHA) -> None:
    """Fail unless paired differences are negative on average beyond doubt."""
    assert_rises(-np.asarray(differences, dtype=np.float64), significance)


LEAN = {f"policy.{lever}": (share if lever != "public_services" else share - 0.1) for lever, share in REFERENCE_SHARES.items()}
"""A policy that leaves room for more of anything: the reference with fewer services."""


def more(instrument: str, money: float = 0.15) -> dict:
    """Changes to `LEAN` that give one instrument (or a whole lever) more money and leave everything else as it is."""
    lever, _, part = instrument.partition(".")
    share = LEAN[f"policy.{lever}"]
    if not part:
        return {f"policy.{lever}": share + money}
    whole = sum(DEFAULT_SPLITS[lever].values())
    split = {name: share * weight / whole for name, weight in DEFAULT_SPLITS[lever].items()}
    split[part] += money
    return {f"policy.{lever}.share": share + money, f"policy.{lever}.split": split}


class Pairs:
    """Means of every metric over the later half of a run, for several seeds, under policies with common random numbers."""

    def __init__(self, seeds: int = 12, weeks: int = 104, changes: dict | None = None, **city):
        self.seeds, self.weeks, self.city, self.changes = seeds, weeks, city, changes or {}
        self._arms: dict[str, np.ndarray] = {}

    def arm(self, changes: dict | None = None) -> dict[str, np.ndarray]:
        """Every metric under `LEAN` with these changes: an array with a value for each seed."""
        key = repr(changes)
        if key not in self._arms:
            scenario = small(self.weeks, **self.city).with_changes({**LEAN, **self.changes, **(changes or {})})
            rows = [self._later_half(scenario, seed) for seed in range(1, self.seeds + 1)]
            self._arms[key] = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return self._arms[key]

    def effect(self, changes: dict, before: dict | None = None) -> dict[str, np.ndarray]:
        """Differences that the changes make to every metric, seed by seed."""
        with_it, without = self.arm(changes), self.arm(before)
        return {name: with_it[name] - without[name] for name in with_it}

    def _later_half(self, scenario, seed: int) -> dict[str, float]:
        simulation = Simulation(scenario, seed)
        simulation.advance(self.weeks)
        return weekly(simulation).iloc[self.weeks // 2 :].mean().to_dict()
