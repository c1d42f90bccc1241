"""A set of agents as ids: its contents and set operations. The methods of Mesa's sets are added in `sets.py`.

Mesa's own sets hold weak references and would lose views, because nothing else references them. A `RowSet` holds ids; views are created
during iteration.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Self

import numpy as np
from mesa.agent import Agent, AgentSet

from sim.city.agents import NOT_ONE_BY_ONE, CityAgent, join_mesa
from sim.city.table import ColumnTable

join_mesa(Agent)


class RowSet(AgentSet):
    """Agents of a city, of one kind or several, each once and in a defined order.

    Parameters
    ----------
    roster : Roster
    ids : range or ndarray of int64
        Ids of the agents, each once.
    random : random.Random, optional
        Shuffles the set; the model's by default.
    """

    _sorted: np.ndarray | None

    def __init__(
        self, roster, ids: "range | np.ndarray", random: Random | None = None
    ):  # Mesa's constructor is not called: it would hold weak references
        self.roster = roster
        self.random = random or roster.model.random
        self._update(ids)

    @property
    def ids(self) -> np.ndarray:
        """Ids of the agents, in order."""
        return np.asarray(self._ids, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[CityAgent]:
        model = self.roster.model
        for table, rows in self._runs():
            for row in rows:
                yield table.kind(model, table, row)

    def __contains__(self, agent) -> bool:
        if not isinstance(agent, CityAgent) or agent.model is not self.roster.model:
            return False
        if isinstance(self._ids, range):
            return agent.unique_id in self._ids
        if self._sorted is None:
            self._sorted = np.sort(self._ids)
        position = np.searchsorted(self._sorted, agent.unique_id)
        return bool(position < len(self._sorted) and self._sorted[position] == agent.unique_id)

    def __getitem__(self, item):
        """Agent at a position, or a set for a slice, an array of positions or a boolean array."""
        if isinstance(item, slice):
            return self._of(self._ids[item])
        if np.ndim(item) == 0:
            return self.roster.by_id(int(self._ids[operator.index(item)]))
        return self._of(self.ids[np.asarray(item)])

    def __reversed__(self) -> Iterator[CityAgent]:
        return iter(self._of(self._ids[::-1]))

    def __repr__(self) -> str:
        kinds = ", ".join(f"{table.kind.__name__} {len(rows):,}" for table, _, rows in self._parts())
        return f"<{type(self).__name__} of {len(self):,} agents{': ' if kinds else ''}{kinds}>"

    def __reduce__(self):
        raise TypeError("a set of agents is a view of its model's memory and is not copied or pickled; get() and to_frame() give values")

    def copy(self) -> Self:
        """Another set of the same agents."""
        return self._of(self._ids)

    __copy__ = copy

    def to_list(self) -> list[CityAgent]:
        """The agents as a list of views."""
        return list(self)

    def index(self, value, start: int = 0, stop: int | None = None) -> int:
        """Position of an agent; raises ValueError if the set does not contain it."""
        if value in self:
            position = int(np.flatnonzero(self.ids == value.unique_id)[0])
            if position in range(*slice(start, stop).indices(len(self))):
                return position
        raise ValueError(f"{value!r} is not in the set")

    def count(self, value) -> int:
        """1 if the agent is in the set, else 0."""
        return int(value in self)

    # --- as a set ---

    def __or__(self, other) -> Self:
        theirs = self._ids_of(other)
        return self._of(np.concatenate([self.ids, theirs[~np.isin(theirs, self.ids)]]))

    def __and__(self, other) -> Self:
        return self._of(self.ids[np.isin(self.ids, self._ids_of(other))])

    def __sub__(self, other) -> Self:
        return self._of(self.ids[~np.isin(self.ids, self._ids_of(other))])

    def __xor__(self, other) -> Self:
        return (self - other) | (self._of(self._ids_of(other)) - self)

    def __rsub__(self, other) -> Self:
        return self._of(self._ids_of(other)) - self

    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__
    __ior__, __iand__, __isub__, __ixor__ = __or__, __and__, __sub__, __xor__  # in-place operators create a new set

    def __le__(self, other) -> bool:
        return bool(np.isin(self.ids, self._ids_of(other)).all())

    def __ge__(self, other) -> bool:
        return bool(np.isin(self._ids_of(other), self.ids).all())

    def __eq__(self, other) -> bool:
        if not isinstance(other, RowSet):
            return NotImplemented
        return self.roster is other.roster and len(self) == len(other) and self <= other

    __hash__ = None  # type: ignore[assignment]  # like any set

    def isdisjoint(self, other) -> bool:
        """Whether no agent is in both."""
        return not np.isin(self.ids, self._ids_of(other)).any()

    def add(self, agent=None) -> None:
        """Refused, as are `discard`, `remove`, `pop` and `clear`.

        Raises
        ------
        TypeError
        """
        raise TypeError(f"{NOT_ONE_BY_ONE}; combine sets with |, & and - instead")

    discard = remove = pop = clear = add

    # --- implementation ---

    def _of(self, ids) -> Self:
        return type(self)(self.roster, ids, self.random)

    def _update(self, ids) -> Self:
        if not isinstance(ids, range):
            ids = np.asarray(ids, dtype=np.int64).view()
            ids.flags.writeable = False
        self._ids = ids
        self._sorted = None
        return self

    def _ids_of(self, other) -> np.ndarray:
        """Ids of another set, of one agent, or of any agents of the same model, each once."""
        if isinstance(other, RowSet) and other.roster is self.roster:
            return other.ids
        agents: list[Any] = list(other) if isinstance(other, Iterable) else [other]
        if any(not isinstance(agent, CityAgent) or agent.model is not self.roster.model for agent in agents):
            raise TypeError("sets of agents combine with agents of the same model only")
        return np.array(list(dict.fromkeys(agent.unique_id for agent in agents)), dtype=np.int64)

    def _parts(self) -> Iterator[tuple[ColumnTable, Any, Any]]:
        """For every kind in the set: its table, the positions in this set, and the rows (as a range where they are consecutive)."""
        if isinstance(self._ids, range) and self._ids.step == 1:
            for table in self.roster.tables:
                low, high = max(self._ids.start, table.first_id), min(self._ids.stop, table.first_id + len(table))
                if low < high:
                    yield table, slice(low - self._ids.start, high - self._ids.start), range(low - table.first_id, high - table.first_id)
            return
        ids = self.ids
        number = np.searchsorted(self.roster.firsts, ids, side="right") - 1
        for k in np.unique(number):
            where = np.flatnonzero(number == k)
            yield self.roster.tables[k], where, ids[where] - self.roster.tables[k].first_id

    def _runs(self) -> Iterator[tuple[ColumnTable, Iterable[int]]]:
        """Tables and row numbers in the set's order: a table occurs repeatedly where kinds alternate."""
        parts = list(self._parts())
        if len(parts) == 1 or all(isinstance(rows, range) for _, _, rows in parts):
            for table, _, rows in parts:
                yield table, rows if isinstance(rows, range) else rows.tolist()
            return
        for number in self.ids.tolist():
            table = self.roster.table_of(number)
            yield table, (number - table.first_id,)

    def _by_part(self, dtype, of: Callable[[ColumnTable, Any], Any]) -> np.ndarray:
        """One array for the set, assembled from `of(table, rows)` for each kind."""
        result = np.zeros(len(self), dtype)
        for table, where, rows in self._parts():
            result[where] = of(table, rows)
        return result
