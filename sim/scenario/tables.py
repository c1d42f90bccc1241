"""Tables that a user gives, read so that every mistake can be said with its line and column.

Text in UTF-8 (with or without a byte order mark), a header, one record a line; separated by commas, semicolons or tabs, whichever the
header uses; double quotes around what holds a separator. Blank lines are skipped.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.errors import Problem
from sim.messages import Words
from sim.scenario.scalars import shown
from sim.scenario.words import meant_number, nearest

MAX_BYTES = 8 * 1024 * 1024
MOST_ROWS = 50_000
MOST_LINES = 4 * MOST_ROWS
MOST_PROBLEMS = 1000
"""Mistakes that are told one by one; whoever made more made one mistake many times."""
MOST_SUGGESTIONS = 50
LONGEST_NAME = 100
LONGEST_LINE = 10_000

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_SIGNATURES = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK": "a spreadsheet or zip file", b"\x1f\x8b": "a compressed file"}


class _Unreadable(Exception):
    """A line that cannot be taken apart. Arguments: column, key, got, expected."""


class Row(NamedTuple):
    """Cells of one record, by column, and its number among the lines (from 1) or features."""

    line: int
    cells: Mapping[str, str]


class _TooMany(Exception):
    """No more mistakes are to be told."""


@dataclass
class Problems:
    """Collects the mistakes of one file."""

    file: str
    found: list[Problem] = field(default_factory=list)
    suggestions: int = 0

    def add(self, line: int | None, column: int | None, key: str, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        """Add one mistake; one more than `MOST_PROBLEMS` ends the reading of the file, see `at_most`."""
        if len(self.found) == MOST_PROBLEMS:
            self.found.append(
                Problem(self.file, line, column, "(file)", f"more than {MOST_PROBLEMS:,} mistakes", "the first of them mended")
            )
            raise _TooMany
        self.found.append(Problem(self.file, line, column, key, got, expected, suggestion))

    def at_most(self) -> contextlib.suppress:
        """The reading of a file, which ends when there are too many mistakes."""
        return contextlib.suppress(_TooMany)

    def near(self, word: str, choices: Mapping | tuple | list) -> str | None:
        """The nearest choice. Looking for it costs time, so that the first `MOST_SUGGESTIONS` mistakes alone get one."""
        self.suggestions += 1
        return nearest(word, choices) if self.suggestions <= MOST_SUGGESTIONS else None


@dataclass
class Table:
    """Records of one file. `locate` gives line and column of a row's cell."""

    columns: tuple[str, ...]
    rows: list[Row]
    problems: Problems
    locate: Callable[[Row, str], tuple[int | None, int | None]]
    header: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def report(self, row: Row, name: str, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        """Add a mistake in one cell."""
        self.problems.add(*self.locate(row, name), name, got, expected, suggestion)

    def report_column(self, name: str, got: Words, expected: Words) -> None:
        """Add a mistake of a whole column, at its header."""
        line, column = self.header.get(name, (1, 1))
        self.problems.add(line, column, name, got, expected)

    def word(self, row: Row, name: str) -> str | None:
        """A name; None and a problem where it is none."""
        text = row.cells[name]
        if text and len(text) <= LONGEST_NAME and text.isprintable():
            return text
        self.report(row, name, shown(text) if text else "nothing", f"a name of at most {LONGEST_NAME} printable characters")
        return None

    def number(self, row: Row, name: str, low: float, high: float, whole: bool = False, blank: bool = False) -> float | None:
        """A number; None and a problem where it is none. A blank cell is None without a problem where it may be `blank`."""
        text = row.cells[name]
        if blank and not text:
            return None
        value = float(text) if len(text) <= 32 and _NUMBER.fullmatch(text) else None
        if value is None or not low <= value <= high or (whole and not value.is_integer()):
            kind = f"a {'whole ' if whole else ''}number from {low:,g} to {high:,.0f}"
            meant = meant_number(text, low, high, whole) if text else None
            self.report(row, name, shown(text) if text and value is None else text or "nothing", kind, meant)
            return None
        return value


def decode(raw: bytes, problems: Problems, most: int = MAX_BYTES) -> str | None:
    """Text of a file's bytes; None and a problem where it is too large or not UTF-8."""
    if len(raw) > most:
        problems.add(1, 1, "(file)", f"more than {most:,} bytes", f"at most {most:,} bytes")
        return None
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            problems.add(1, 1, "(file)", what, "text in UTF-8 (in a spreadsheet program: save as CSV UTF-8)")
            return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        got = f"byte 0x{raw[error.start]:02x}, which is not UTF-8"
        problems.add(line, column, "(file)", got, "text in UTF-8 (in a spreadsheet program: save as CSV UTF-8)")
        return None


def read_table(text: str, problems: Problems, known: tuple[str, ...], required: tuple[str, ...]) -> Table | None:
    """Records of a text with the columns `known`, of which those `required` must be there; None when there is nothing to go on with."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        problems.add(MOST_LINES + 1, 1, "(file)", f"more than {MOST_LINES:,} lines", "fewer")
        return None
    start = next((n for n, line in enumerate(lines) if line.strip()), None)
    if start is None:
        problems.add(1, 1, "(file)", "an empty file", f"a header such as {','.join(required)}, and a line for each")
        return None
    separator = max(",;\t", key=lines[start].count)
    try:
        cells, starts = _cells(lines[start], separator)
    except _Unreadable as error:
        problems.add(start + 1, *error.args)
        return None
    header = _header(cells, [(start + 1, column) for column in starts], problems, known, required)

    def locate(row: Row, name: str) -> tuple[int, int]:
        starts = _cells(lines[row.line - 1], separator)[1]
        place = cells.index(name)
        return row.line, starts[place] if place < len(starts) else 1

    found = Table(tuple(header), [], problems, locate, header)
    for number, row in _records(lines, start + 1, separator, len(cells), problems):
        if len(found.rows) == MOST_ROWS:
            problems.add(number, 1, "(file)", f"more than {MOST_ROWS:,} rows", "fewer")
            return None
        found.rows.append(Row(number, {name: row[place] for place, name in enumerate(cells) if name in header}))
    if not found.rows and not problems.found:
        problems.add(start + 1, 1, "(file)", "a header and nothing below it", "a line for each")
    return found if set(required) <= set(header) else None


def _header(
    cells: list[str], places: list[tuple[int, int]], problems: Problems, known: tuple[str, ...], required: tuple[str, ...]
) -> dict[str, tuple[int, int]]:
    """Position of each known column."""
    header: dict[str, tuple[int, int]] = {}
    for name, place in zip(cells, places, strict=True):
        if name not in known:
            got = f"the unknown column {shown(name)}" if name else "a column without a name"
            problems.add(*place, "(header)", got, f"columns among {', '.join(known)}", problems.near(name, known))
        elif name in header:
            problems.add(*place, name, "the same column again", "each column once")
        else:
            header[name] = place
    missing = [name for name in required if name not in header]
    if missing:
        problems.add(places[0][0], 1, "(header)", f"no column {' and no column '.join(missing)}", f"a header with {', '.join(required)}")
    return header


def _records(lines: list[str], first: int, separator: str, width: int, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every line that has as many cells as the header; blank lines and lines of separators are left out."""
    for number, line in enumerate(lines[first:], first + 1):
        if not line.strip(separator + ' \t"'):
            continue
        try:
            cells = _cells(line, separator, width)[0] if '"' in line else [cell.strip() for cell in line.split(separator, width)]
        except _Unreadable as error:
            problems.add(number, *error.args)
            continue
        if len(cells) == width:
            yield number, cells
        else:
            got = f"{len(cells)} cells" if len(cells) < width else f"more than {width} cells"
            problems.add(number, 1, "(file)", got, f"{width} cells, as in the header")


def _cells(line: str, separator: str, most: int = LONGEST_LINE) -> tuple[list[str], list[int]]:
    """Cells of a line without the blanks around them, at most one more than `most`, and the column (from 1) at which each starts."""
    if len(line) > LONGEST_LINE:
        raise _Unreadable(1, "(file)", f"a line of {len(line):,} characters", f"at most {LONGEST_LINE:,}")
    cells, starts, at = [], [], 0
    while True:
        begin = at + len(line[at:]) - len(line[at:].lstrip(" "))
        starts.append(begin + 1)
        if line[begin : begin + 1] == '"':
            text, at = _quoted(line, begin)
            end = line.find(separator, at)
            cells.append((text + (line[at:] if end < 0 else line[at:end])).strip())
        else:
            end = line.find(separator, at)
            cells.append((line[at:] if end < 0 else line[at:end]).strip())
        if end < 0 or len(cells) > most:
            return cells, starts
        at = end + 1


def _quoted(line: str, begin: int) -> tuple[str, int]:
    """Text between quotes that begin at a place, two quotes in it standing for one, and where it ends."""
    parts, at = [], begin + 1
    while True:
        end = line.find('"', at)
        if end < 0:
            raise _Unreadable(begin + 1, "(file)", "a quote that is not closed in its line", "a closing quote; a cell stays in one line")
        parts.append(line[at:end])
        if line[end + 1 : end + 2] != '"':
            return '"'.join(parts), end + 1
        at = end + 2
