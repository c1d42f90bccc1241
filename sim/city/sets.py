"""Sets of agents with the methods of Mesa's sets, computed from columns where possible, so that sets of millions work."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.city.agents import CityAgent
from sim.city.rows import RowSet
from sim.city.table import ColumnTable
from sim.lazy import lazily

with lazily():
    import pandas as pd

try:
    from mesa.agentset import GroupBy  # Mesa 3.5
except ImportError:
    from mesa.agent import GroupBy  # Mesa 3.3

ALL = float("inf")


class ColumnSet(RowSet):
    """Agents of a city, of one kind or several, in a defined order. Every method that returns a set returns a `ColumnSet`."""

    # --- choosing and ordering ---

    def select(self, filter_func=None, at_most: float = ALL, inplace: bool = False, agent_type=None, **where) -> "ColumnSet":
        """The agents that satisfy all conditions, in order.

        Parameters
        ----------
        filter_func : callable, array of bool or mapping, optional
            A function of an agent (slow for millions), one boolean per agent, or conditions as in `where`.
        at_most : int or float
            Largest number of agents, or, as a float of at most 1, largest share of the whole set.
        inplace : bool
            Change this set instead of creating another.
        agent_type : type, optional
            Only agents of this class.
        **where
            Column = a value, the name of a choice, a collection of either, or a function of the array of values that returns
            booleans, as in ``select(status="volunteering", norm=lambda m: m > 0.8)``. Kinds that lack the column do not satisfy it.
        """
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if isinstance(filter_func, Mapping):
            filter_func, where = None, {**filter_func, **where}
        chosen = self
        if filter_func is not None and not callable(filter_func):
            chosen = chosen._where(np.asarray(filter_func))
        if agent_type is not None:
            chosen = chosen._where(chosen._by_part(bool, lambda table, rows: issubclass(table.kind, agent_type)))
        for name, wanted in where.items():
            chosen = chosen._where(chosen._meets(name, wanted))
        if callable(filter_func):
            chosen = chosen._of(_first((agent.unique_id for agent in chosen if filter_func(agent)), at_most))
        ids = chosen._ids if at_most >= len(chosen) else chosen._ids[: int(at_most)]
        return self._update(ids) if inplace else self._of(ids)

    def shuffle(self, inplace: bool = False) -> "ColumnSet":
        """The same agents in random order."""
        ids = np.random.default_rng(self.random.getrandbits(128)).permutation(self.ids)
        return self._update(ids) if inplace else self._of(ids)

    def sort(self, key: Callable[[CityAgent], Any] | str, ascending: bool = False, inplace: bool = False) -> "ColumnSet":
        """The same agents ordered by a column or a function of the agent, highest first unless `ascending`."""
        values = self._values(key) if isinstance(key, str) else None
        if values is not None and values.ndim == 1:
            order = np.argsort(values, kind="stable") if ascending else len(self) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
            ids = self.ids[order]
        else:
            by = operator.attrgetter(key) if isinstance(key, str) else key
            ids = np.array([agent.unique_id for agent in sorted(self, key=by, reverse=not ascending)], dtype=np.int64)
        return self._update(ids) if inplace else self._of(ids)

    def groupby(self, by: Callable[[CityAgent], Any] | str, result_type: str = "agentset") -> "ColumnGroups":
        """Groups by the value of a column or of a function of the agent, in order of first appearance.

        Groups of a column of choices are keyed by names, as in ``groupby("status").groups["jailed"]``.
        """
        values = self._values(by) if isinstance(by, str) else None
        groups: dict[Any, Any] = {}
        if values is not None and values.ndim == 1:
            keys, first, number = np.unique(values, return_index=True, return_inverse=True)
            members = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number, minlength=len(keys)))[:-1])
            ids = self.ids
            named = self._labels(str(by))
            groups = {named.get(keys[k].item(), keys[k].item()): ids[members[k]] for k in np.argsort(first, kind="stable")}
        else:
            of = operator.attrgetter(by) if isinstance(by, str) else by
            for agent in self:
                groups.setdefault(of(agent), []).append(agent.unique_id)
        sets = {key: self._of(ids) for key, ids in groups.items()}
        return ColumnGroups(sets if result_type == "agentset" else {key: list(agents) for key, agents in sets.items()})

    # --- reading and writing columns ---

    def get(self, attr_names, handle_missing: str = "error", default_value: Any = None) -> list:
        """Values of one attribute, or of several as one list per agent: plain Python values, in order."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing: got {handle_missing!r}; expected 'error' or 'default'")
        fallback = (default_value,) if handle_missing == "default" else ()
        if isinstance(attr_names, str):
            return self._list(attr_names, fallback)
        return [list(row) for row in zip(*(self._list(name, fallback) for name in attr_names))]

    def array(self, name: str) -> np.ndarray:
        """Values of a column as one array, shape (agents,) or (agents, slots).

        Raises
        ------
        AttributeError
            If one of the kinds lacks the column.
        """
        values = self._values(name)
        if values is None:
            lacking = [table for table, _, _ in self._parts() if not _has(table, name)]
            raise lacking[0].no_such(name) if lacking else AttributeError(f"{name} has other slots in other kinds")
        return values

    def to_frame(self, *names: str):
        """Columns as a pandas DataFrame with a row per agent, indexed by id; by default every single-valued column common to all kinds."""
        if not names:
            tables = [table for table, _, _ in self._parts()]
            names = tuple(n for n, c in (tables[0].columns if tables else {}).items() if not c.slots and all(_has(t, n) for t in tables))
        return pd.DataFrame({name: self.array(name) for name in names}, index=pd.Index(self.ids, name="unique_id"))

    def set(self, attr_name: str, value: Any) -> "ColumnSet":
        """Write a column of all agents: one value for all, or an array with one value each. If any value is refused, none is written."""
        parts = list(self._parts())
        for table, _, _ in parts:
            if attr_name not in table.columns:
                raise table.no_such(attr_name)
        accepted = [table.columns[attr_name].accept(value) for table, _, _ in parts]
        for (table, where, rows), values in zip(parts, accepted):
            each = values.ndim > bool(table.columns[attr_name].slots)
            if each and len(values) != len(self):
                raise ValueError(f"{attr_name}: got {len(values)} values for {len(self)} agents")
            table.set(attr_name, np.asarray(rows), values[where] if each else values)
        return self

    def agg(self, attribute: str, func):
        """Aggregate one attribute by a function, a list of them, or a mapping of names to them.

        NumPy functions receive an array (integers or 64-bit floats), all others a list, as in Mesa.
        """
        functions = [*func.values()] if isinstance(func, Mapping) else [func] if callable(func) else [*func]
        fast = [_of_numpy(function) for function in functions]
        column = self._values(attribute) if any(fast) else None
        if column is None:
            fast = [False] * len(functions)
        elif column.dtype.kind == "f":
            column = column.astype(np.float64)
        values = None if all(fast) and fast else self.get(attribute)
        results = [function(column if quick else values) for function, quick in zip(functions, fast)]
        if isinstance(func, Mapping):
            return dict(zip(func, results))
        return results[0] if callable(func) else results

    # --- calling methods ---

    def do(self, method: str | Callable, *args, **kwargs) -> "ColumnSet":
        """Call a method by name, or a function of the agent, for every agent in order."""
        for _ in self._calls(method, args, kwargs):
            pass
        return self

    def shuffle_do(self, method: str | Callable, *args, **kwargs) -> "ColumnSet":
        """The same in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args, **kwargs) -> list:
        """Results of the method or function for every agent, in order."""
        return list(self._calls(method, args, kwargs))

    # --- implementation ---

    def _calls(self, method, args, kwargs) -> Iterator:
        for agent in self:
            yield getattr(agent, method)(*args, **kwargs) if isinstance(method, str) else method(agent, *args, **kwargs)

    def _where(self, truth: np.ndarray) -> "ColumnSet":
        if truth.shape != (len(self),) or truth.dtype != bool:
            raise ValueError(f"got an array of {truth.dtype} and shape {truth.shape}; expected {len(self)} truth values")
        return self if truth.all() else self._of(self.ids[truth])

    def _values(self, name: str) -> np.ndarray | None:
        """Values of a column for the whole set; None unless every kind in the set has it, with the same number of slots."""
        if name == "unique_id":
            return self.ids
        parts = [(where, _read(table, name, rows)) for table, where, rows in self._parts() if _has(table, name)]
        if sum(len(values) for _, values in parts) != len(self) or len({values.shape[1:] for _, values in parts}) > 1:
            return None
        if len(parts) == 1:
            return parts[0][1]
        result = np.zeros((len(self), *parts[0][1].shape[1:]), np.result_type(*(v for _, v in parts))) if parts else np.zeros(0)
        for where, values in parts:
            result[where] = values
        return result

    def _labels(self, name: str) -> dict[int, str]:
        """Names of the codes of a column; empty if it is not a choice, or if kinds use different names."""
        columns = [table.columns.get(name) for table, _, _ in self._parts()]
        choices = {column.choices if column is not None else () for column in columns}
        return dict(enumerate(choices.pop())) if len(choices) == 1 else {}

    def _meets(self, name: str, wanted) -> np.ndarray:
        tables = [table for table, _, _ in self._parts()]
        if tables and not any(_has(table, name) for table in tables):
            raise tables[0].no_such(name)
        return self._by_part(bool, lambda table, rows: _has(table, name) and _matches(table, name, rows, wanted))

    def _list(self, name: str, fallback: tuple) -> list:
        values = self._values(name)
        if values is None:
            return [getattr(agent, name, *fallback) for agent in self]
        if values.ndim == 1:
            return values.tolist()
        values.flags.writeable = False
        return list(values)


class ColumnGroups(GroupBy):
    """Mesa's groups, aggregated from columns."""

    def agg(self, attr_name: str, func: Callable) -> dict[Any, Any]:
        """Aggregate a column within every group."""
        if not all(isinstance(group, ColumnSet) for group in self.groups.values()):
            return super().agg(attr_name, func)
        return {key: group.agg(attr_name, func) for key, group in self.groups.items()}


def _first(ids: Iterator[int], at_most: float) -> list[int]:
    found: list[int] = []
    while len(found) < at_most and (number := next(ids, None)) is not None:
        found.append(number)
    return found


def _has(table: ColumnTable, name: str) -> bool:
    return name in table.columns or name in table.derived


def _read(table: ColumnTable, name: str, rows) -> np.ndarray:
    return table.values(name) if isinstance(rows, range) and len(rows) == len(table) else table.get(name, np.asarray(rows))


def _matches(table: ColumnTable, name: str, rows, wanted) -> np.ndarray:
    """Boolean per row: whether the column satisfies a condition of `ColumnSet.select`."""
    values = _read(table, name, rows)
    if callable(wanted):
        return np.asarray(wanted(values), dtype=bool)
    column = table.columns.get(name)
    several = isinstance(wanted, Iterable) and not isinstance(wanted, str)
    codes = [column.code(one) if column is not None else one for one in (wanted if several else [wanted])]
    if values.ndim > 1:
        raise ValueError(f"{name} has several values per agent: give a function of the array of them")
    coding = column.coding if column is not None else None
    truth = np.zeros(len(values), dtype=bool)
    for one in codes:
        truth |= np.isclose(values, one, rtol=0.0, atol=0.5 * coding.step) if coding else values == one  # the step that stands for it
    return truth


def _of_numpy(function) -> bool:
    module = getattr(function, "__module__", None) or type(function).__module__
    return module.split(".")[0] == "numpy"
