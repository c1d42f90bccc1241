"""Declared columns and the tables that hold them.

A kind of agent declares its columns as class attributes::

    class Resident(CityAgent):
        norm = Column("f4", "civic norm that the person holds", low=0.0, high=1.0)

The table of that kind is one NumPy structured array. Residents lie in tiles: one record holds `TILE` values of every
column, so that a kernel which walks a tile finds everything it needs side by side in the cache. All other kinds are plain
records, a row each. `ColumnTable` hides the difference: rows are numbered from 0 without gaps in both.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

TILE = 512
"""Residents in a tile. 512 was faster than 128 and 256; 1024 about equal."""

RESERVED = frozenset(dir(np.recarray)) | frozenset(dir(np.record))


@dataclass(eq=False)
class Column:
    """One declared column, and the descriptor through which an agent view reads and writes its row.

    Parameters
    ----------
    kind : str
        NumPy type: "f4", "u1", "i8" ...
    doc : str
        What the values mean.
    unit : str
        Unit of the values; "1" for a share or plain number.
    low, high : float, optional
        Bounds that hold at the end of every week.
    slots : int
        Values per row (0 for a single one).
    choices : tuple of str
        Names of the codes 0, 1, 2 ... where the column is a choice.
    fixed : bool
        True when no mechanism may change it.
    """

    kind: str
    doc: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    slots: int = 0
    choices: tuple[str, ...] = ()
    fixed: bool = False
    name: str = field(default="", init=False)

    def __set_name__(self, owner, name: str) -> None:
        if name in RESERVED:
            raise TypeError(f"column {owner.__name__}.{name}: the name is taken by NumPy's records; choose another")
        self.name = name

    def __get__(self, agent, owner=None) -> Any:
        return self if agent is None else agent._table.get(self.name, agent._row)

    def __set__(self, agent, value) -> None:
        agent._table.set(self.name, agent._row, value)


def columns_of(kind: type) -> dict[str, Column]:
    """Columns that the class `kind` and its bases declare, in order of declaration."""
    found: dict[str, Column] = {}
    for base in reversed(kind.__mro__):
        found.update({name: value for name, value in vars(base).items() if isinstance(value, Column)})
    return found


def record_type(kind: type) -> np.dtype:
    """Record of one row of `kind`."""
    return np.dtype((np.record, [_field(c) for c in columns_of(kind).values()]), align=True)


def tile_type(kind: type, tile: int = TILE) -> np.dtype:
    """Record of `tile` rows of `kind`: a header, then every column as a block. Multi-slot columns are (slots, tile)."""
    header = [("first", "i8"), ("count", "i4"), ("community", "i4")]
    blocks = [(c.name, c.kind, (c.slots, tile) if c.slots else (tile,)) for c in columns_of(kind).values()]
    return np.dtype((np.record, header + blocks))


def _field(column: Column) -> tuple:
    return (column.name, column.kind, (column.slots,)) if column.slots else (column.name, column.kind)


class ColumnTable:
    """All agents of one kind, a row each.

    Parameters
    ----------
    kind : type
        Class that declares the columns.
    records : ndarray
        Records of `record_type(kind)`, or tiles of `tile_type(kind)`.
    first_id : int
        Id of row 0 among all agents of the city; ids are unique across kinds.
    """

    def __init__(self, kind: type, records: np.ndarray, first_id: int = 0):
        self.kind = kind
        self.records = records
        self.first_id = first_id
        self.columns = columns_of(kind)
        self.tiled = "first" in records.dtype.names and "count" in records.dtype.names
        if self.tiled:
            self._firsts = np.ascontiguousarray(records["first"])
            self._size = int(records["count"].sum())
        else:
            self._size = len(records)

    def __len__(self) -> int:
        return self._size

    def _locate(self, rows) -> tuple:
        tile = np.searchsorted(self._firsts, rows, side="right") - 1
        return tile, rows - self._firsts[tile]

    def get(self, name: str, rows) -> Any:
        """Value(s) of column `name` at one row number or an array of them.

        Raises
        ------
        AttributeError
            If the column is not declared.
        IndexError
            If a row number is out of range.
        """
        column = self._column(name)
        self._check_rows(rows)
        if not self.tiled:
            return self.records[name][rows]
        tile, slot = self._locate(rows)
        return self.records[name][tile, :, slot] if column.slots else self.records[name][tile, slot]

    def set(self, name: str, rows, value) -> None:
        """Write value(s) into column `name` at one row number or an array of them."""
        column = self._column(name)
        self._check_rows(rows)
        if not self.tiled:
            self.records[name][rows] = value
            return
        tile, slot = self._locate(rows)
        if column.slots:
            self.records[name][tile, :, slot] = value
        else:
            self.records[name][tile, slot] = value

    def values(self, name: str) -> np.ndarray:
        """Copy of a whole column, shape (rows,) or (rows, slots)."""
        column = self._column(name)
        block = self.records[name]
        if not self.tiled:
            return block.copy()
        used = np.arange(block.shape[-1]) < self.records["count"][:, None]
        return np.moveaxis(block, 1, 2)[used] if column.slots else block[used]

    def _column(self, name: str) -> Column:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(f"{self.kind.__name__} has no column {name!r}; it has: {', '.join(self.columns)}") from None

    def _check_rows(self, rows) -> None:
        if np.size(rows) and (np.min(rows) < 0 or np.max(rows) >= self._size):
            raise IndexError(f"row out of range: {self.kind.__name__} has rows 0 to {self._size - 1}")
