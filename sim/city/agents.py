"""Agents: an agent is a thin view of a row of a table, made only when somebody asks for it.

A kind of agent declares its columns in its class, and cities are built and lived from these declarations alone. Importing Mesa takes
longer than living in a small city for years, so the kinds become Mesa agents (`join_mesa`) only where views and sets of them are
made: with the import of `sim.city.rows`, before there is any view.
"""

import importlib.util
from pathlib import Path
from typing import Any, Generic, TypeVar

from sim.city.columns import Derived
from sim.city.table import ColumnTable

NOT_ONE_BY_ONE = "the agents of a city are the rows of its tables: they are neither made, added nor removed one by one"


class _Base:
    """Stands for `mesa.Agent` among the bases of `CityAgent`."""


class _GenericBase(Generic[TypeVar("M")]):  # type: ignore[misc]
    """Stands for a `mesa.Agent` that is generic: a base can only give way to another of the same layout."""


def _place_of_agent() -> Any:
    """The base that gives way to `mesa.Agent` of the Mesa that is installed, which was not always generic: its text tells, unimported."""
    found = importlib.util.find_spec("mesa")
    text = Path(found.origin).with_name("agent.py").read_text(encoding="utf-8") if found and found.origin else ""
    return _Base if "class Agent:" in text else _GenericBase


class CityAgent(_place_of_agent()):  # type: ignore[misc]
    """View of one row of a table, and a `mesa.Agent`.

    Reading a column gives a plain number (a code where the column is a choice, see `label`); writing one checks it against the
    declaration. Attributes that the class does not declare are refused. Two views of one row are equal.

    Parameters
    ----------
    model : GovernanceModel
    table : ColumnTable
    row : int
    """

    def __init__(self, model, table: ColumnTable | None = None, row: int = 0):  # does not register with Mesa: the table is the register
        if table is None:
            raise TypeError(f"{type(self).__name__}: {NOT_ONE_BY_ONE}; take them from model.agents")
        mine = self.__dict__
        mine["model"] = model
        mine["unique_id"] = table.first_id + row
        mine["_table"] = table
        mine["_row"] = row
        mine["_location"] = table.location(row)

    def __setattr__(self, name: str, value) -> None:
        if name in self._table.columns or name in self._table.derived:
            object.__setattr__(self, name, value)
        elif name in self.__dict__ or hasattr(type(self), name):
            raise AttributeError(f"{type(self).__name__}.{name} is not a column and cannot be set")
        else:
            raise self._table.no_such(name)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted")

    def __getattr__(self, name: str) -> Any:  # only for what is found nowhere else
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        raise self._table.no_such(name)

    def __eq__(self, other) -> bool:
        return isinstance(other, CityAgent) and self._table is other._table and self._row == other._row

    def __hash__(self) -> int:
        return hash((id(self._table), self._row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    def __reduce__(self):
        raise TypeError(f"{self!r} is a view of its model's memory and is not copied or pickled; agent.as_dict() has its values")

    def __copy__(self):
        return self

    def label(self, name: str) -> str:
        """Name of the code in a column of choices, as in ``resident.label("status")``.

        Raises
        ------
        AttributeError
            If there is no such column.
        ValueError
            If it is a number, not a choice.
        """
        if name not in self._table.columns:
            raise self._table.no_such(name)
        return self._table.columns[name].label(getattr(self, name))

    def as_dict(self) -> dict[str, Any]:
        """Every column by name, with the id first: values, not a view."""
        return {"unique_id": self.unique_id, **{name: getattr(self, name) for name in self._table.columns}}

    def remove(self) -> None:
        """Refused: nobody leaves a running city.

        Raises
        ------
        TypeError
        """
        raise TypeError(f"{self!r}: {NOT_ONE_BY_ONE}")


def join_mesa(agent: type) -> None:
    """Make every kind of agent a subclass of `agent`, which is `mesa.Agent`; once is enough."""
    CityAgent.__bases__ = (agent,)


def _subdistrict(table: ColumnTable, rows) -> Any:
    return table.communities["subdistrict"][table.get("community", rows)]


def _district(table: ColumnTable, rows) -> Any:
    return table.communities["district"][table.get("community", rows)]


class CommunityAgent(CityAgent):
    """An agent that belongs to one community, whose number is its column or property ``community``."""

    subdistrict = Derived(_subdistrict, "number of its sub-district")
    district = Derived(_district, "number of its district")

    @property
    def committee(self) -> CityAgent:
        """The residents' committee of its community."""
        return self.model.roster.agent("ResidentsCommittee", self.community)

    @property
    def office(self) -> CityAgent:
        """The office of its sub-district."""
        return self.model.roster.agent("SubdistrictOffice", self.subdistrict)
