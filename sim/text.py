"""Plain text in columns, for terminals."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sim.messages import Message, language

WIDTH = 110
"""Maximum columns of a line."""
PIECE = re.compile(r"[⺀-\U0010ffff][，。；：、）？！]*|\s*[^\s⺀-\U0010ffff]+[，。；：、）？！]*|\s+")
"""A unit that no line break splits: a Chinese character or a word, with the punctuation after it."""


def table(rows: Sequence[tuple[object, ...]]) -> str:
    """Rows in columns as wide as their widest cell, in the language in force; the last column wraps."""
    return _table([tuple(str(cell) for cell in row) for row in rows])


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    count = max(len(row) for row in rows)
    widths = [max((width(row[i]) for row in rows if len(row) > i), default=0) for i in range(count - 1)]
    lines = []
    for row in rows:
        head = "".join(cell + " " * (widths[i] - width(cell) + 2) for i, cell in enumerate(row[:-1]))
        wrapped = [line for part in row[-1].split("\n") for line in wrapped_to(part, max(40, WIDTH - width(head)))] or [""]
        lines += [(head + wrapped[0]).rstrip(), *(" " * width(head) + line for line in wrapped[1:])]
    return "\n".join(lines)


def localized(texts: Mapping[Any, str]) -> str:
    """The text in the language in force, from texts by language; the English one where there is no other."""
    return texts.get(language()) or texts.get("en", "")


def replicates_text(count: int) -> Message:
    """A number of replicates, in words."""
    return Message("{count} replicates", count=count) if count > 1 else Message("1 replicate")


def labelled(label: object, value: object, columns: int) -> str:
    """A label in the language in force, padded to a number of columns, and a value after it."""
    shown = str(label)
    return f"{shown}{' ' * (columns - width(shown))} {value}"


def wrapped_to(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many columns; Chinese breaks between any two characters, but not before punctuation."""
    if text.isascii() or width(text) == len(text):
        return textwrap.wrap(text, columns)
    lines = [""]
    for piece in PIECE.findall(text):
        if width(lines[-1] + piece.rstrip()) > columns and lines[-1].strip():
            lines.append("")
            piece = piece.lstrip()
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if character >= "⺀" else 1 for character in text)
