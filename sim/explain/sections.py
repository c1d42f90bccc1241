"""Parts of the text that scenarios, studies and searches share: rows, lists and values."""

from collections.abc import Iterable, Sequence
from typing import Any

from sim.messages import Joined, Message, Words
from sim.text import table

MOST_LISTED = 12
"""Rows of a section at most; the rest are counted."""


def row(label: Words, *cells: Words) -> tuple[Words, ...]:
    """A row of a section: its label, indented, and the cells after it."""
    return (f"  {label}", *cells)


def lines_text(lines: Iterable[Words]) -> str:
    """Lines below a heading."""
    return "\n".join(f"  {line}" for line in lines) or f"  {Message('none')}"


def joined_or_none(names: Sequence[str]) -> Words:
    """Names in a list, or that there are none."""
    return Joined(names) if names else Message("none")


def section(head: Words, rows: list[tuple[str, Words]]) -> str:
    """A heading, the first rows below it, and how many more there are."""
    more = len(rows) - MOST_LISTED
    listed = [row(*cells) for cells in (rows[:MOST_LISTED] if more > 1 else rows)]
    return f"{head}\n{table([*listed, row(Message('and {count} more', count=more), '')] if more > 1 else listed)}"


def value_text(value: Any) -> str:
    """A value without needless digits."""
    return f"{value:g}" if isinstance(value, float) else str(value)
