"""The record of a simulation from which metrics are computed: counts of the city and every district, with sums over trailing windows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.city.community import CONDITIONS, COUNTS, FIXED, SUMS
from sim.mechanisms.budget import UNIT

NAMES = (*COUNTS, *SUMS)
COLUMN = {name: column for column, name in enumerate(NAMES)}
"""Column of every count in the history of a run without plug-ins."""
MONEY = ("allotted", "spent", "leaked", "unspent")
"""Columns of the history of the city's money."""
YEAR, QUARTER = 52, 13
"""Weeks."""


class Record:
    """Counts of a simulation, for the city (column 0) and, unless left out, every district.

    Parameters
    ----------
    simulation : Simulation
    districts : bool
        Whether to include districts.

    Attributes
    ----------
    scenario : Scenario
    weeks : int
        Weeks that were simulated.
    counts : ndarray, shape (weeks, units, counts)
        Counts and sums of every week, see ``record[name]``. Units are the city and its districts.
    residents, adults, nonlocals : ndarray, shape (units,)
        People, adults, and adults without local registration.
    histogram : ndarray, shape (weeks, units, bins)
        Adults by satisfaction.
    conditions : ndarray, shape (weeks, units, conditions)
    money : ndarray, shape (weeks, 4)
        Columns as in `MONEY`, of the city, in 1/100 of the currency.
    staff : ndarray, shape (weeks, 2, instruments)
        Staff of every instrument, and how many of them have no work: per 10,000 residents of the city.
    spread : ndarray, shape (weeks,)
        Standard deviation of satisfaction between communities of the city.
    known : dict of Metric to ndarray
        Metrics already computed from this record.
    """

    def __init__(self, simulation, districts: bool = True):
        self.known: dict[Any, np.ndarray] = {}
        self.scenario = simulation.scenario
        self.weeks = simulation.week
        self.columns = columns_of(simulation.scenario)
        world = simulation.city.world
        units = 1 + len(world.districts) if districts else 1

        def with_total(rows: np.ndarray, axis: int) -> np.ndarray:
            total = rows.sum(axis=axis, keepdims=True)
            return np.concatenate([total, rows], axis=axis) if units > 1 else total

        self.counts = with_total(world.history[: self.weeks], 1)
        self.histogram = with_total(world.history_histogram[: self.weeks], 1)
        self.residents, self.adults, self.nonlocals = (
            with_total(world.districts[name], 0).astype(np.float64) for name in ("residents", "adults", "nonlocals")
        )
        self.money = world.history_money[: self.weeks]
        self.staff = world.history_staff[: self.weeks]
        self.spread = world.history_spread[: self.weeks]
        city = _of_city(world, self.weeks)[:, None, :]
        self.conditions = np.concatenate([city, world.history_conditions[: self.weeks]], axis=1) if units > 1 else city

    def __getitem__(self, name: str) -> np.ndarray:
        """A count of every week, shape (weeks, units)."""
        return self.counts[:, :, self.columns[name]]

    def recent(self, counts: str | np.ndarray, window: int, before: float | None = None) -> np.ndarray:
        """Sum of a count, or of counts of shape (weeks, units), over the last `window` weeks; shape (weeks, units).

        Each week before the first counts as `before` per resident or, by default, as the mean of the weeks so far.
        """
        total = np.cumsum(self[counts] if isinstance(counts, str) else counts, axis=0)
        passed = np.minimum(np.arange(1, self.weeks + 1), window)[:, None]
        start = np.zeros_like(total)
        start[window:] = total[:-window]
        if before is None:
            return (total - start) * (window / passed)
        return (total - start) + (window - passed) * (before * self.residents)

    def weekly(self, name: str) -> np.ndarray:
        """A count per 1,000 residents this week; shape (weeks, units)."""
        return self[name] * 1000.0 / self.residents

    def yearly(self, name: str) -> np.ndarray:
        """A count per 1,000 residents over the last 52 weeks; shape (weeks, units)."""
        return self.recent(name, YEAR) * 1000.0 / self.residents

    def mean(self, name: str) -> np.ndarray:
        """Mean over adults of a column of residents that is summed every week, such as ``"norm"``; shape (weeks, units)."""
        return ratio(self[name], float(FIXED) * self.adults)

    def condition(self, name: str) -> np.ndarray:
        """A condition of every week, mean over residents for the city; shape (weeks, units)."""
        return self.conditions[:, :, CONDITIONS.index(name)]

    def budget(self, name: str) -> np.ndarray:
        """Money of the city, one of `MONEY`, in currency per resident and year; shape (weeks, 1)."""
        column = MONEY.index(name)
        return self.money[:, column : column + 1] * float(YEAR) / (self.residents[0] * float(UNIT))

    def staffed(self, instruments: Sequence[int] | slice = slice(None), idle: bool = False) -> np.ndarray:
        """Staff of some instruments, or those without work, per 10,000 residents of the city; shape (weeks, 1)."""
        return self.staff[:, int(idle), instruments].sum(axis=1, keepdims=True)


class Records(Record):
    """Counts of several runs of one city over the same weeks: one column per run instead of city and districts.

    Parameters
    ----------
    simulations : sequence of Simulation
        Runs of the same scenario over the same number of weeks.
    """

    def __init__(self, simulations):
        worlds = [simulation.city.world for simulation in simulations]
        self.known = {}
        self.scenario = simulations[0].scenario
        self.weeks = simulations[0].week
        self.columns = columns_of(self.scenario)
        self.counts = _side_by_side(world.history[: self.weeks].sum(axis=1) for world in worlds)
        self.histogram = _side_by_side(world.history_histogram[: self.weeks].sum(axis=1) for world in worlds)
        self.residents, self.adults, self.nonlocals = (
            np.array([world.districts[name].sum() for world in worlds], np.float64) for name in ("residents", "adults", "nonlocals")
        )
        self.money = np.stack([world.history_money[: self.weeks] for world in worlds], axis=2)
        self.staff = np.stack([world.history_staff[: self.weeks] for world in worlds], axis=3)
        self.spread = np.stack([world.history_spread[: self.weeks] for world in worlds], axis=1)
        self.conditions = _side_by_side(_of_city(world, self.weeks) for world in worlds)


def columns_of(scenario) -> dict[str, int]:
    """Column of every count in the history of a run of a scenario, those of plug-ins last."""
    if not scenario.plugins:
        return COLUMN
    return {name: column for column, name in enumerate(scenario.model.counts)}


def _of_city(world, weeks: int) -> np.ndarray:
    """Conditions of the city, shape (weeks, conditions): mean over residents."""
    residents = world.districts["residents"].astype(np.float64)
    return (world.history_conditions[:weeks] * residents[:, None]).sum(axis=1) / residents.sum()


def _side_by_side(tables) -> np.ndarray:
    return np.stack(list(tables), axis=1)


def ratio(above, below, empty: float = np.nan) -> np.ndarray:
    """`above / below`, and `empty` where `below` is 0."""
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, empty), where=below > 0)
