"""The table that holds all agents of one kind.

It is one NumPy structured array. Residents are stored in tiles: one record holds `TILE` values of every column, so that all data of a tile
fit in the processor's cache. All other kinds are plain records, one per row. `ColumnTable` hides the difference: rows are numbered from 0
without gaps in both.

Kernels and `ColumnTable.set` write without checks, for speed. Views and sets of agents write through `Column.accept`, which refuses values
that the declaration does not allow.
"""

import difflib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from sim.city.columns import Column, Derived, columns_of, derived_of


class ColumnTable:
    """All agents of one kind, one row each.

    Parameters
    ----------
    kind : type
        Class that declares the columns.
    records : ndarray
        Records of `record_type(kind)`, or tiles of `tile_type(kind)`.
    first_id : int
        Id of row 0 among all agents of the city; ids are unique across kinds.
    """

    communities: np.ndarray
    """Communities of the city, used by some derived properties; set when the city's tables are assembled."""

    def __init__(self, kind: type, records: np.ndarray, first_id: int = 0):
        self.kind = kind
        self.records = records
        self.first_id = first_id
        self.columns = columns_of(kind)
        self.derived: dict[str, Derived] = derived_of(kind)
        self.tiled = {"first", "count"} <= set(records.dtype.names or ())
        self._size = int(records["count"].sum()) if self.tiled else len(records)

    @cached_property
    def _blocks(self) -> dict[str, np.ndarray]:
        """Every column as it lies in the records."""
        return {name: self.records[name] for name in self.columns}

    @cached_property
    def _firsts(self) -> np.ndarray:
        """First row of every tile."""
        return np.ascontiguousarray(self.records["first"])

    def __len__(self) -> int:
        return self._size

    def locate(self, rows) -> tuple:
        """Tile and position within it for one row number or an array (tiled tables only)."""
        tile = np.searchsorted(self._firsts, rows, side="right") - 1
        return tile, rows - self._firsts[tile]

    def location(self, row: int) -> Any:
        """Location of a row, as `cell` takes it."""
        return tuple(int(part) for part in self.locate(row)) if self.tiled else row

    def cell(self, column: Column, location) -> Any:
        """Value of one row as a plain Python number, or as a read-only array where the column has slots."""
        block = self._blocks[column.name]
        if not column.slots:
            return self._seen(column, block[location]).item()
        values = (block[location[0], :, location[1]] if self.tiled else block[location]).copy()
        values.flags.writeable = False  # a write to the copy would be lost silently
        return values

    def get(self, name: str, rows) -> Any:
        """Value(s) of column (or derived property) `name` at one row number or an array of row numbers.

        Raises
        ------
        AttributeError
            If the column is not declared.
        IndexError
            If a row number is out of range.
        """
        self._check_rows(rows)
        if name in self.derived:
            return self.derived[name].function(self, rows)
        column = self._column(name)
        if not self.tiled:
            return self._blocks[name][rows]
        tile, slot = self.locate(rows)
        return self._blocks[name][tile, :, slot] if column.slots else self._seen(column, self._blocks[name][tile, slot])

    def set(self, name: str, rows, value) -> None:
        """Write value(s) into column `name` at one row number or an array, without checks (see `Column.accept`)."""
        column = self._column(name)
        self._check_rows(rows)
        if not self.tiled:
            self._blocks[name][rows] = value
            return
        tile, slot = self.locate(rows)
        if column.slots:
            self._blocks[name][tile, :, slot] = value
        else:
            self._blocks[name][tile, slot] = column.coding.encode(value) if column.coding else value

    def values(self, name: str) -> np.ndarray:
        """Copy of a whole column (or derived property), shape (rows,) or (rows, slots)."""
        if name in self.derived:
            return self.derived[name].function(self, np.arange(self._size))
        column = self._column(name)
        if not self.tiled:
            return self._blocks[name].copy()
        return self._seen(column, self._used(name, slice(None)))

    def in_tiles(self, name: str) -> Iterator[memoryview]:
        """A whole column of a tiled table tile by tile, row after row, as it lies in memory or, with slots, as copies of a tile."""
        counts, tile = self.records["count"].tolist(), self.records.itemsize
        if self.columns[name].slots:
            for block, count in zip(self.records[name], counts, strict=True):
                yield np.ascontiguousarray(block[:, :count].T).data
            return
        memory, row = self.records.view(np.uint8).data, self.records.dtype[name].base.itemsize
        first = self.records.dtype.fields[name][1]  # type: ignore[index]
        for number, count in enumerate(counts):
            start = number * tile + first
            yield memory[start : start + count * row]

    def _seen(self, column: Column, lying: Any) -> Any:
        """Values of a column with a single slot as everybody sees them."""
        return column.coding.decode(lying) if self.tiled and column.coding else lying

    def _used(self, name: str, tiles: slice) -> np.ndarray:
        """Values of a column in some tiles, without padding."""
        block = self._blocks[name][tiles]
        used = np.arange(block.shape[-1]) < self.records["count"][tiles, None]
        return np.moveaxis(block, 1, 2)[used] if self.columns[name].slots else block[used]

    def no_such(self, name: str) -> AttributeError:
        """The AttributeError for an attribute that the kind does not declare."""
        near = difflib.get_close_matches(name, [*self.columns, *self.derived], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return AttributeError(f"{self.kind.__name__} has no column {name!r}{hint} (it has: {', '.join([*self.columns, *self.derived])})")

    def _column(self, name: str) -> Column:
        try:
            return self.columns[name]
        except KeyError:
            raise self.no_such(name) from None

    def _check_rows(self, rows) -> None:
        if np.size(rows) and (np.min(rows) < 0 or np.max(rows) >= self._size):
            raise IndexError(f"row out of range: {self.kind.__name__} has rows 0 to {self._size - 1}")
