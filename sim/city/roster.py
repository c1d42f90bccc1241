"""The roster: look-up of a city's agents by id, by kind and row, or as a set."""

from bisect import bisect_right

import numpy as np

from sim.city.agents import CityAgent
from sim.city.sets import ColumnSet
from sim.city.table import ColumnTable


class Roster:
    """All agents of one model. Ids run from 1 without gaps, kind by kind, so that an id determines table and row.

    Parameters
    ----------
    model : GovernanceModel
        The model of the views; its `random` shuffles the sets.
    tables : iterable of ColumnTable
        In the order of their ids.
    communities : ndarray
        Communities of the city.
    """

    def __init__(self, model, tables, communities: np.ndarray):
        self.model = model
        self.tables: tuple[ColumnTable, ...] = tuple(tables)
        self.firsts = np.array([table.first_id for table in self.tables])
        self.end = self.tables[-1].first_id + len(self.tables[-1])
        self.by_name = {table.kind.__name__: table for table in self.tables}
        self._firsts = self.firsts.tolist()
        for table in self.tables:
            table.communities = communities

    def table_of(self, number: int) -> ColumnTable:
        """Table that holds the agent with this id."""
        return self.tables[bisect_right(self._firsts, number) - 1]

    def agent(self, kind: str, row: int) -> CityAgent:
        """View of one row of the kind with this name."""
        table = self.by_name[kind]
        return table.kind(self.model, table, row)

    def by_id(self, number: int) -> CityAgent:
        """View of the agent with this id.

        Raises
        ------
        KeyError
            If no agent has this id.
        """
        if not self._firsts[0] <= number < self.end:
            raise KeyError(f"no agent has the id {number}; ids run from {self._firsts[0]} to {self.end - 1}")
        table = self.table_of(number)
        return table.kind(self.model, table, number - table.first_id)

    def everyone(self) -> ColumnSet:
        """All agents of all kinds."""
        return ColumnSet(self, range(self._firsts[0], self.end))

    def of(self, kind: type | str) -> ColumnSet:
        """All agents of one kind, given as its class or its name."""
        table = self.by_name[kind if isinstance(kind, str) else kind.__name__]
        return ColumnSet(self, range(table.first_id, table.first_id + len(table)))

    def set_of(self, agents) -> ColumnSet:
        """A `ColumnSet` from a set, one agent, or an iterable of agents of this model.

        Raises
        ------
        TypeError
            For anything else.
        """
        return agents if isinstance(agents, ColumnSet) and agents.roster is self else ColumnSet(self, self.everyone()._ids_of(agents))

    def rows(self, kind: str, rows: range) -> ColumnSet:
        """Agents of one kind in a range of rows."""
        first = self.by_name[kind].first_id
        return ColumnSet(self, range(first + rows.start, first + rows.stop))
