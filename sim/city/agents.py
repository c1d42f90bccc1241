"""Agents: an agent is a thin view of a row of a table, created only when requested.

A kind of agent declares its columns in its class; cities are built and simulated from these declarations alone. Importing Mesa takes
longer than simulating a small city for years, so the kinds become Mesa agents (`join_mesa`) only where views and sets of them are
created: on import of `sim.city.rows`, before any view exists.
"""

import importlib.util
from pathlib import Path
from typing import Any, Generic, TypeVar

from sim.city.columns import Derived
from sim.city.table import ColumnTable

NOT_ONE_BY_ONE = "the agents of a city are the rows of its tables: they are neither made, added nor removed one by one"


class _Base:
    """Placeholder for `mesa.Agent` among the bases of `CityAgent`."""


class _GenericBase(Generic[TypeVar("M")]):  # type: ignore[misc]
    """Placeholder for a generic `mesa.Agent`: a base class can only be replaced by one of the same layout."""


def _placeholder() -> Any:
    """The placeholder that fits the installed `mesa.Agent`, generic or not; read from its source text to avoid importing Mesa."""
    found = importlib.util.find_spec("mesa")
    text = Path(found.origin).with_name("agent.py").read_text(encoding="utf-8") if found and found.origin else ""
    return _Base if "class Agent:" in text else _GenericBase


class CityAgent(_placeholder()):  # type: ignore[misc]
    """View of one row of a table, and a `mesa.Agent`.

    Reading a column returns a plain number (a code where the column is a choice, see `label`); writing checks the value against the
    declaration. Attributes that the class does not declare raise AttributeError. Two views of one row are equal.

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

    def __getattr__(self, name: str) -> Any:  # called only for attributes that are not found otherwise
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
        """Name of the choice in a column of choices, as in ``resident.label("status")``.

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
        """Values of every column by name, with the id first."""
        return {"unique_id": self.unique_id, **{name: getattr(self, name) for name in self._table.columns}}

    def remove(self) -> None:
        """Refused: agents cannot be removed from a city.

        Raises
        ------
        TypeError
        """
        raise TypeError(f"{self!r}: {NOT_ONE_BY_ONE}")


def join_mesa(agent: type) -> None:
    """Make every kind of agent a subclass of `agent`, which is `mesa.Agent`. Repeated calls have no effect."""
    CityAgent.__bases__ = (agent,)


def _subdistrict(table: ColumnTable, rows) -> Any:
    return table.communities["subdistrict"][table.get("community", rows)]


def _district(table: ColumnTable, rows) -> Any:
    return table.communities["district"][table.get("community", rows)]


class CommunityAgent(CityAgent):
    """An agent of one community, whose number is its column or property ``community``."""

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
