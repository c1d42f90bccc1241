"""Files beside the page, and files embedded in it."""

import base64
from typing import Any, NamedTuple

from sim.spreadsheets import csv_of_rows

NOTHING = "–"
"""Text for missing numbers."""
ENDS = {"en": (" (low)", " (high)"), "zh": ("（下限）", "（上限）")}


class Shown(str):
    """A number or an interval as text, with its exact values.

    Parameters
    ----------
    text : str
    *exact : float
        The number; or the two ends of an interval; or the number and the ends of its interval.
    """

    exact: tuple[float, ...]

    def __new__(cls, text: str, *exact: float) -> "Shown":
        shown = super().__new__(cls, text)
        shown.exact = tuple(getattr(value, "item", lambda value=value: value)() for value in exact)
        return shown


class Table(NamedTuple):
    """A table of words and numbers, for the page and as CSV."""

    head: list[str]
    rows: list[list[str]]


def csv_of(table: Table, lang: str = "en") -> bytes:
    """The table as CSV: exact numbers, the ends of an interval in separate columns, named in the given language."""
    low, high = ENDS[lang]
    endings = {1: [""], 2: [low, high], 3: ["", low, high]}
    wide = [max([1, *(len(_exact(row[i])) for row in table.rows)]) for i in range(len(table.head))]
    head = [title + ending for title, count in zip(table.head, wide, strict=True) for ending in endings[count]]
    rows = ([value for cell, count in zip(row, wide, strict=True) for value in _values(cell, count)] for row in table.rows)
    return csv_of_rows(head, rows)


def _exact(cell: str) -> tuple[float, ...]:
    return cell.exact if isinstance(cell, Shown) else ()


def _values(cell: str, count: int) -> list[Any]:
    """Values of a cell for its columns."""
    found: list[Any] = [*_exact(cell)] or [None if cell == NOTHING else cell]
    return [*found, *[None] * (count - len(found))]


def data_uri(kind: str, data: bytes) -> str:
    """Data as a ``data:`` URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
