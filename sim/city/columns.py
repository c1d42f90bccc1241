"""Declared columns of a kind of agent: types, bounds, and layout in memory.

A kind of agent declares its columns as class attributes::

    class Resident(CityAgent):
        norm = Column("f4", "civic norm that the person holds", low=0.0, high=1.0)

The table of that kind (`sim.city.table.ColumnTable`) holds all its agents; the declaration determines which values a view may write.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

TILE = 512
"""Residents in a tile. In measurements 512 was faster than 128 and 256, and 1024 about equal."""
RESERVED = frozenset(dir(np.recarray)) | frozenset(dir(np.record))


@dataclass(frozen=True)
class Coding:
    """Floats as whole numbers of 16 bits: parts of `high`, to the nearest; a write beyond the bounds is a write of the bound.

    Kernels do the same (see `sim.kernel.coded`), with the same bits.

    Parameters
    ----------
    kind : str
        "u2" for values from 0 to `high`, "i2" for values from -`high` to `high`.
    high : float32
        Highest value.
    """

    kind: str
    high: np.float32

    @property
    def most(self) -> int:
        """Number that stands for `high`."""
        return np.iinfo(self.kind).max

    @property
    def least(self) -> int:
        """Number that stands for the lowest value."""
        return -self.most if self.kind == "i2" else 0

    @property
    def step(self) -> np.float32:
        """Value of 1."""
        return self.high / np.float32(self.most)

    @property
    def parts(self) -> np.float32:
        """Steps in a value of 1."""
        return np.float32(self.most) / self.high

    def decode(self, numbers) -> Any:
        """Values of numbers, one or an array."""
        return numbers.astype(np.float32) * self.step

    def encode(self, values) -> Any:
        """Numbers of values, one or an array."""
        above = np.asarray(values, np.float32) * self.parts + np.float32(0.5 - self.least)
        return (np.clip(above, 0, self.most - self.least).astype(np.int32) + self.least).astype(self.kind)


class CodedBlock:
    """A coded column of a tile outside kernels: its items are values, those of the array beneath are numbers."""

    def __init__(self, numbers: np.ndarray, coding: Coding):
        self.numbers, self.coding = numbers, coding

    def __getitem__(self, where) -> Any:
        return self.coding.decode(self.numbers[where])

    def __setitem__(self, where, values) -> None:
        self.numbers[where] = self.coding.encode(values)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self[:].astype(dtype or np.float32)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def size(self) -> int:
        """Number of values."""
        return self.numbers.size


class Tile(np.record):  # type: ignore[misc]
    """Record of a tile. The attribute of a coded column is a `CodedBlock`; its item, as in ``tile["norm"]``, has the bare numbers."""

    codings: ClassVar[dict[str, Coding]] = {}


@dataclass(eq=False)
class Column:
    """One declared column, and the descriptor through which an agent view reads and writes its row.

    Parameters
    ----------
    kind : str
        NumPy type: "f4", "u1", "i8" ...
    doc : str
        Meaning of the values.
    unit : str
        Unit of the values; "1" for a share or plain number.
    low, high : float, optional
        Bounds of the values at the end of every week.
    slots : int
        Values per row (0 for a single value).
    choices : tuple of str
        Names of the codes 0, 1, 2 ... where the column is a choice.
    fixed : bool
        True if no mechanism may change it.
    coded : str
        "u2" or "i2" if the values lie in tiles as whole numbers of 16 bits, without or with sign, that stand for parts of `high`. Everybody
        reads and writes 32-bit floats nevertheless (see `Coding`).
    """

    kind: str
    doc: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
    slots: int = 0
    choices: tuple[str, ...] = ()
    fixed: bool = False
    coded: str = ""
    name: str = field(default="", init=False)
    owner: str = field(default="", init=False)

    def __set_name__(self, owner, name: str) -> None:
        if name in RESERVED:
            raise TypeError(f"column {owner.__name__}.{name}: the name is taken by NumPy's records; choose another")
        low = 0.0 if self.coded == "u2" else -self.high if self.high else None
        if self.coded and (self.kind != "f4" or self.slots or not self.high or self.low != low):
            raise TypeError(f"column {owner.__name__}.{name}: only single floats from 0 (u2) or -high (i2) to high may be coded")
        self.name = name
        self.owner = owner.__name__

    def __get__(self, agent, owner=None) -> Any:
        return self if agent is None else agent._table.cell(self, agent._location)

    def __set__(self, agent, value) -> None:
        accepted = self.accept(value)
        if accepted.ndim > bool(self.slots):
            raise self._refusal(value)
        agent._table.set(self.name, agent._row, accepted)

    def accept(self, value) -> np.ndarray:
        """Convert `value` to the type of this column and check it.

        Parameters
        ----------
        value : number, name of a choice, or array of them
            For a column with slots, the last axis has one value per slot.

        Returns
        -------
        ndarray
            Of the column's type.

        Raises
        ------
        AttributeError
            If the column is fixed.
        ValueError
            If a value is not a number, not finite, not an integer where one is required, out of bounds or not a known choice.
        """
        if self.fixed:
            raise AttributeError(f"{self.owner}.{self.name} is fixed for the whole run: {self.doc}")
        wanted = np.dtype(self.kind)
        given = np.asarray(self.code(value))
        if given.dtype.kind not in "biuf" or (self.slots and given.shape[-1:] != (self.slots,)):
            raise self._refusal(value)
        whole = wanted.kind in "iu"
        if not np.isfinite(given).all() or (whole and given.dtype.kind == "f" and (given != np.floor(given)).any()):
            raise self._refusal(value)
        low, high = self._bounds(wanted)
        seen = given if whole else given.astype(wanted)
        bad = (seen < low) | (seen > high)
        if bad.any():
            raise self._refusal(given[bad].flat[0] if given.ndim else value)
        return seen.astype(wanted)

    @functools.cached_property
    def coding(self) -> "Coding | None":
        """How the values lie in tiles; None where they lie there as they are."""
        return Coding(self.coded, np.float32(self.high)) if self.coded else None

    def label(self, code: int) -> str:
        """Name of a code; raises ValueError if the column is not a choice."""
        if not self.choices:
            raise ValueError(f"{self.owner}.{self.name} is a number, not a choice")
        return self.choices[code]

    def code(self, value) -> Any:
        """Codes for names of choices, one or an array; other values are returned unchanged. Raises ValueError for an unknown name."""
        names = np.asarray(value)
        if not self.choices or names.dtype.kind not in "UO":
            return value
        for name in names.flat:
            if name not in self.choices:
                raise self._refusal(name)
        return np.array([self.choices.index(name) for name in names.flat]).reshape(names.shape)[()]

    def _bounds(self, wanted: np.dtype) -> tuple:
        """Lowest and highest value that may be written, as values of the column's type."""
        limits = np.iinfo(wanted) if wanted.kind in "iu" else np.finfo(wanted)
        as_type = int if wanted.kind in "iu" else wanted.type
        return as_type(limits.min if self.low is None else self.low), as_type(limits.max if self.high is None else self.high)

    def _refusal(self, value) -> ValueError:
        shown = value.item() if isinstance(value, np.generic) else value
        return ValueError(f"{self.owner}.{self.name}: got {shown!r}; expected {self._expected()}")

    def _expected(self) -> str:
        if self.choices:
            return f"one of {', '.join(self.choices)}, or its code from 0 to {len(self.choices) - 1}"
        whole = self.kind[0] in "iu"
        low, high = self._bounds(np.dtype(self.kind))
        text = "a whole number" if whole else "a number"
        text += f" from {low if whole else f'{low:g}'}" if whole or self.low is not None else ""
        text += f" to {high if whole else f'{high:g}'}" if whole or self.high is not None else ""
        return f"{self.slots} values, each {text}" if self.slots else text


class Derived:
    """A property computed from row numbers, for one agent or for millions at once; never stored.

    Parameters
    ----------
    function : callable
        Of the `ColumnTable` and of one row number or an array of them.
    doc : str
        Meaning of the values.
    """

    def __init__(self, function: Callable[[Any, Any], Any], doc: str):
        self.function = function
        self.doc = doc

    def __set_name__(self, owner, name: str) -> None:
        self.name = name
        self.owner = owner.__name__

    def __get__(self, agent, owner=None) -> Any:
        return self if agent is None else self.function(agent._table, agent._row).item()

    def __set__(self, agent, value) -> None:
        raise AttributeError(f"{self.owner}.{self.name} follows from where the agent is and cannot be set")


@functools.cache  # keeps creating tables cheap: small cities are built by the thousand
def _declared(kind: type, what: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        found.update({name: value for name, value in vars(base).items() if isinstance(value, what)})
    return found


@functools.cache
def columns_of(kind: type) -> dict[str, Column]:
    """Columns declared by the class `kind` and its bases, in order of declaration."""
    return _declared(kind, Column)


def derived_of(kind: type) -> dict[str, Derived]:
    """Derived properties declared by the class `kind` and its bases, in order of declaration."""
    return _declared(kind, Derived)


@functools.cache
def record_type(kind: type) -> np.dtype:
    """Type of the record of one row of `kind`."""
    return np.dtype((np.record, [_field(c) for c in columns_of(kind).values()]), align=True)


@functools.cache
def tile_type(kind: type, tile: int = TILE) -> np.dtype:
    """Type of the record of `tile` rows of `kind`: a header, then every column as an array, (slots, tile) for several slots."""
    header = [("first", "i8"), ("count", "i4"), ("community", "i4")]
    columns = columns_of(kind).values()
    blocks = [(c.name, c.coded or c.kind, (c.slots, tile) if c.slots else (tile,)) for c in columns]
    codings = {c.name: c.coding for c in columns if c.coding}
    block_of = {name: property(functools.partial(_coded_block, name, coding)) for name, coding in codings.items()}
    return np.dtype((type("Tile", (Tile,), {"codings": codings, **block_of}), header + blocks))


def _coded_block(name: str, coding: Coding, tile: Tile) -> CodedBlock:
    return CodedBlock(tile[name], coding)


def copied(records: np.ndarray) -> np.ndarray:
    """A copy of records as plain bytes: NumPy copies records field by field, which takes longer than building the rest of a small city."""
    return records.view(np.uint8).copy().view(records.dtype)


def in_columns(records: np.ndarray, without: tuple[str, ...] = ()) -> bytes:
    """The bytes of records field by field, each field over all records."""
    rows = records.view(np.uint8).reshape(len(records), records.itemsize)
    return b"".join([rows[:, start:end].tobytes() for start, end in _spans(records.dtype, without)])


@functools.cache
def _spans(kind: np.dtype, without: tuple[str, ...]) -> list[tuple[int, int]]:
    """First byte of every field in a record, and one past the last."""
    parts = [kind.fields[name] for name in kind.names or () if name not in without]  # type: ignore[index]
    return [(part[1], part[1] + part[0].itemsize) for part in parts]


def _field(column: Column) -> tuple:
    return (column.name, column.kind, (column.slots,)) if column.slots else (column.name, column.kind)
