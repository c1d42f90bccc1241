"""The record of a simulation from which metrics are computed: counts of the city and every district, with sums over trailing windows."""

from collections.abc import Sequence
from functools import cached_property
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

    def __init__(self, simulation: Any, districts: bool = True):
        self.known: dict[Any, np.ndarray] = {}
        self.scenario = simulation.scenario
        self.weeks = simulation.week
        self.columns = columns_of(simulation.scenario)
        self._districts, world = districts, simulation.city.world  # only its histories are kept, not its residents
        self.counts = self._with_total(world.history[: self.weeks], 1)
        self.residents, self.adults, self.nonlocals = (
            self._with_total(world.districts[name], 0).astype(np.float64) for name in ("residents", "adults", "nonlocals")
        )
        self.money = world.history_money[: self.weeks]
        self.staff = world.history_staff[: self.weeks]
        self.spread = world.history_spread[: self.weeks]
        self._histogram, self._conditions = world.history_histogram[: self.weeks], world.history_conditions[: self.weeks]
        self._people = world.districts["residents"].astype(np.float64)

    @property
    def size(self) -> int:
        """Bytes that it keeps in memory."""
        arrays = (self.counts, self._histogram, self._conditions, self.money, self.staff, self.spread)
        return sum(one.nbytes for one in arrays)

    def _with_total(self, rows: np.ndarray, axis: int) -> np.ndarray:
        total = rows.sum(axis=axis, keepdims=True)
        return np.concatenate([total, rows], axis=axis) if self._districts else total

    @cached_property
    def histogram(self) -> np.ndarray:
        """Adults by satisfaction; shape (weeks, units, bins)."""
        return self._with_total(self._histogram, 1)

    @cached_property
    def upto(self) -> np.ndarray:
        """Adults with a satisfaction up to the end of each bin; shape (weeks, units, bins)."""
        return np.cumsum(self.histogram, axis=2).astype(np.float64)

    @cached_property
    def conditions(self) -> np.ndarray:
        """Conditions of every week, mean over residents for the city; shape (weeks, units, conditions)."""
        city = (self._conditions * self._people[:, None]).sum(axis=1, keepdims=True) / self._people.sum()
        return np.concatenate([city, self._conditions], axis=1) if self._districts else city

    def __getitem__(self, name: str) -> np.ndarray:
        """A count of every week, shape (weeks, units)."""
        return self.counts[:, :, self.columns[name]]

    def recent(self, counts: str | np.ndarray, window: int, before: float | None = None) -> np.ndarray:
        """Sum of a count, or of counts of shape (weeks, units), over the last `window` weeks; shape (weeks, units).

        Each week before the first counts as `before` per resident or, by default, as the mean of the weeks so far.
        """
        total = np.cumsum(self[counts] if isinstance(counts, str) else counts, axis=0)
        passed = np.minimum(np.arange(1, self.weeks + 1), window)[:, None]
        inside = total.copy()
        inside[window:] -= total[:-window]
        if before is None:
            return inside * (window / passed)
        return inside + (window - passed) * (before * self.residents)

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
    """Records of several runs over the same weeks side by side: one column per run instead of city and districts.

    What is computed from them has the same bits as from each record alone, as long as no operation combines columns.

    Parameters
    ----------
    records : sequence of Record
        Without districts, of runs whose scenarios have the same weights and plug-ins.
    """

    def __init__(self, records: Sequence[Record]):
        self.known = {}
        self.each = tuple(records)
        self.scenario, self.weeks, self.columns = records[0].scenario, records[0].weeks, records[0].columns
        in_a_row = np.stack([one.counts[:, 0].T for one in records], axis=1)  # the weeks of a count and run lie side by side in memory
        self.counts = in_a_row.transpose(2, 1, 0)
        self.residents = np.concatenate([one.residents for one in records])
        self.adults = np.concatenate([one.adults for one in records])
        self.nonlocals = np.concatenate([one.nonlocals for one in records])

    @cached_property
    def histogram(self) -> np.ndarray:
        """Adults by satisfaction; shape (weeks, runs, bins)."""
        return np.concatenate([one.histogram for one in self.each], axis=1)

    @cached_property
    def conditions(self) -> np.ndarray:
        """Conditions of every week, mean over residents; shape (weeks, runs, conditions)."""
        return np.concatenate([one.conditions for one in self.each], axis=1)

    @cached_property
    def spread(self) -> np.ndarray:  # type: ignore[override]
        """Standard deviation of satisfaction between communities; shape (weeks, runs)."""
        return np.stack([one.spread for one in self.each], axis=1)

    def budget(self, name: str) -> np.ndarray:
        """Money of the city of every run, see `Record.budget`; shape (weeks, runs)."""
        return np.concatenate([one.budget(name) for one in self.each], axis=1)

    def staffed(self, instruments: Sequence[int] | slice = slice(None), idle: bool = False) -> np.ndarray:
        """Staff of every run, see `Record.staffed`; shape (weeks, runs)."""
        return np.concatenate([one.staffed(instruments, idle) for one in self.each], axis=1)


def columns_of(scenario: Any) -> dict[str, int]:
    """Column of every count in the history of a run of a scenario, those of plug-ins last."""
    if not scenario.plugins:
        return COLUMN
    return {name: column for column, name in enumerate(scenario.model.counts)}


def ratio(above: Any, below: Any, empty: float = np.nan) -> np.ndarray:
    """`above / below`, and `empty` where `below` is 0."""
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, empty), where=below > 0)
