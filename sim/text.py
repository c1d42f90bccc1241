"""Plain text in columns, for terminals."""

import textwrap
from collections.abc import Sequence

WIDTH = 110
"""Columns that a line may have."""


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows in columns as wide as their widest cell; the last column wraps."""
    count = max(len(row) for row in rows)
    widths = [max((width(row[i]) for row in rows if len(row) > i), default=0) for i in range(count - 1)]
    lines = []
    for row in rows:
        head = "".join(cell + " " * (widths[i] - width(cell) + 2) for i, cell in enumerate(row[:-1]))
        wrapped = [line for part in row[-1].split("\n") for line in textwrap.wrap(part, max(40, WIDTH - width(head)))] or [""]
        lines += [(head + wrapped[0]).rstrip(), *(" " * width(head) + line for line in wrapped[1:])]
    return "\n".join(lines)


def width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if character >= "⺀" else 1 for character in text)
