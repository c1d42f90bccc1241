"""Reading of a user's tables, with line and column of every mistake.

Tables are text (`sim.scenario.parsing.sources`) with a header and one record per line, separated by commas, semicolons or tabs, as in the
header; cells that contain a separator are in double quotes. Blank lines are skipped, and so are titles above the header. Headers may be in
English or Chinese (`sim.scenario.parsing.column_names`), and numbers in common notations (`sim.scenario.parsing.numerals`); a notice
reports such interpretations once for each column.

Tables that people keep for themselves are read loosely: other columns, totals and notes below the table are left out, with a notice.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from sim.messages import Joined, Message, Words
from sim.scenario.parsing import numerals
from sim.scenario.parsing.column_names import (
    FIRST_CHINESE,
    HINTS,
    MEANT,
    PER_CENT,
    Column,
    Headers,
    by_software,
    read_headers,
    titles_of,
    without_unit,
)
from sim.scenario.parsing.meant_numbers import meant_number
from sim.scenario.parsing.numerals import Kind
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import MAX_BYTES as MAX_BYTES  # who reads a table needs both
from sim.scenario.parsing.sources import decode as decode
from sim.scenario.parsing.table_problems import MOST_ALIKE, MOST_SUGGESTIONS, Problems
from sim.scenario.parsing.widths import narrow
from sim.suggestions import nearest

MOST_ROWS = 50_000
MOST_LINES = 4 * MOST_ROWS
LONGEST_NAME = 100
LONGEST_LINE = 10_000
DEPTH = 10
"""Lines with text, from the top, among which a header is looked for."""
FEWEST = 2
"""Columns that a line below the first must at least name, to be a header that lacks a required one."""
ALIKE = 0.7
"""Similarity from which an unknown header is probably a misspelt one."""
NAMES = ("community", "district")
"""Columns that name a row, the more detailed first."""
MONEY = ("income", "spending")
"""Columns whose numbers may have a sign of money."""
BLANK = ',;\t "'
NONE: Mapping[str, str] = MappingProxyType({})
_TOTAL = re.compile(r".{0,20}(合计|总计|小计|共计|总数)|全市|全区|全县|全街道|(grand|city|sub)?[- ]?totals?|sum|overall", re.IGNORECASE)
_NOTE = re.compile(
    r"(注|附注|备注|说明|数据来源|资料来源|来源|单位|填表|制表|审核|统计|(notes?|sources?|units?|remarks?)(?![a-z]))", re.IGNORECASE
)


class _Unreadable(Exception):
    """Raised for a line that cannot be split into cells. Arguments: column, key, got, expected."""


class Row(NamedTuple):
    """Cells of one record by column, and the number of its line (from 1) or feature."""

    line: int
    cells: Mapping[str, str]


@dataclass
class Table:
    """Records of one file. `locate` returns line and column of a row's cell.

    `titles` has the header of each column as typed, `factors` the factor of a column's numbers, and `commas` whether commas separate the
    cells. `label` names a row whose number is not a line of the file. `totals` are rows of totals, which are not among the `rows`.
    `left_out` are headers that are not read, and `near` has the name that some of them resemble.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    problems: Problems
    locate: Callable[[Row, str], tuple[int | None, int | None]]
    header: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    commas: bool = True
    label: Callable[[Row], Words] | None = None
    totals: list[Row] = field(default_factory=list)
    near: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def report(self, row: Row, name: str, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        """Add a mistake in one cell."""
        title = self.titles.get(name, name)
        label: Words = self.label(row) if self.label else str(row.line)
        alone = Message("{got}, in feature {feature}", got=got, feature=label) if self.label else None
        self.problems.add(*self.locate(row, name), title, got, expected, suggestion, label, alone)

    def report_column(self, name: str, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        """Add a mistake in a whole column, at its header."""
        line, column = self.header.get(name, (1, 1))
        self.problems.add(line, column, self.titles.get(name, name), got, expected, suggestion)

    def resembled(self, name: str) -> str | None:
        """The name of a column that a header left out resembles, if one does."""
        return next((meant for meant in self.near.values() if MEANT.get(meant, meant) == name), None)

    def word(self, row: Row, name: str) -> str | None:
        """A name; None and a problem if it is invalid."""
        text = row.cells[name]
        if text and len(text) <= LONGEST_NAME and text.isprintable():
            return text
        expected = Message("a name of at most {most} printable characters", most=LONGEST_NAME)
        self.report(row, name, shown(text) if text else Message("nothing"), expected)
        return None

    def number(self, row: Row, name: str, low: float, high: float, whole: bool = False, blank: bool = False) -> float | None:
        """A number; None and a problem if it is invalid. With `blank`, a blank cell is None without a problem."""
        text, factor = row.cells[name], self.factors.get(name, 1.0)
        if factor == PER_CENT and narrow(text).endswith("%"):
            factor = 1.0  # the sign says what the header says
        if blank and (not text or self._unknown(name, text)):
            return None
        kind = Kind(low / factor, high / factor, whole and factor == 1.0, name in MONEY, self.commas)
        value = numerals.plain(text)
        if value is None or (kind.whole and numerals.DOTTED.fullmatch(text)):
            value = self._reading(name, text, kind)
        if value is not None and factor != 1.0:
            value = round(value * factor, 6)
        if value is not None and low <= value <= high and (not whole or value.is_integer()):
            return value
        self._no_number(row, name, kind, value is not None)
        return None

    def _unknown(self, name: str, text: str) -> bool:
        """Whether a cell marks an unknown value, with a notice."""
        found = numerals.unknown(text)
        if found:
            fields = {"column": self.titles.get(name, name), "text": shown(text)}
            message = Message("{file}: {column}: cells such as {text} count as blank ({count:,} in all)", **fields)
            self.problems.note(("unknown", name), message)
        return found

    def _reading(self, name: str, text: str, kind: Kind) -> float | None:
        """The number of an unambiguous text, with a notice; otherwise None."""
        value = numerals.certain(text, kind)
        if value is not None:
            fields = {"column": self.titles.get(name, name), "text": shown(text), "value": f"{value:.12g}"}
            message = Message("{file}: {column}: numbers such as {text} are read as {value} ({count:,} in all)", **fields)
            self.problems.note(("number", name), message)
        return value

    def _no_number(self, row: Row, name: str, kind: Kind, number: bool) -> None:
        text = row.cells[name]
        years = name == "year"
        edges = {"low": f"{kind.low:{'' if years else ','}g}", "high": f"{kind.high:{'' if years else ','}.0f}"}
        expected = Message("a whole number from {low} to {high}" if kind.whole else "a number from {low} to {high}", **edges)
        several = numerals.readings(text, kind)
        meant: Words | None = meant_number(text, kind.low, kind.high, kind.whole) if text else None
        if len(several) > 1:
            meant = Message("{first} or {second}", first=f"{several[0]:.12g}", second=f"{several[1]:.12g}")
        got = (text if number else shown(text)) if text else Message("nothing")
        self.report(row, name, got, expected, meant)


def read_table(
    text: str,
    problems: Problems,
    known: tuple[str, ...],
    required: tuple[str, ...],
    columns: Mapping[str, str] = NONE,
    loosely: bool = False,
) -> Table | None:
    """Records of a text with the columns `known`, including all `required`; None if there are no usable records.

    `columns` gives headers of columns whose names are others; see the module for what is read `loosely`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        problems.add(MOST_LINES + 1, 1, "(file)", Message("more than {most:,} lines", most=MOST_LINES), Message("fewer"))
        return None
    try:
        found = _find_header(lines, problems, known, required, columns)
    except _Unreadable as error:
        problems.add(next(n for n, line in enumerate(lines, 1) if line.strip()), *error.args)
        return None
    if found is None:
        example = Message("a header such as {columns}, and a line for each", columns=",".join(required))
        problems.add(1, 1, "(file)", Message("an empty file"), example)
        return None
    start, separator, cells, starts, headers = found
    if problems.sheet is not None:
        starts = list(range(1, len(cells) + 1))  # places in a workbook are told as cells, not as characters of a line
    if loosely:
        headers = with_others_left_out(headers, cells, known, required, problems)
    at = {headers.known[cell].name: index for index, cell in reversed(list(enumerate(cells))) if cell in headers.known}
    header = _header(cells, [(start + 1, column) for column in starts], problems, known, required, headers)

    def locate(row: Row, name: str) -> tuple[int, int]:
        if problems.sheet is not None:
            return row.line, at[name] + 1
        starts = _cells(lines[row.line - 1], separator, len(cells))[1]
        return row.line, starts[at[name]] if at[name] < len(starts) else 1

    titles, factors = spoken(headers)
    table = Table(tuple(header), [], problems, locate, header, titles, factors, separator == ",", near=headers.near)
    table.left_out = headers.left_out
    nameless = [] if loosely else [index for index, cell in enumerate(cells) if not cell]
    for number, row in _records(lines, start + 1, separator, len(cells), problems, loosely):
        if len(table.rows) == MOST_ROWS:
            problems.add(number, 1, "(file)", Message("more than {most:,} rows", most=MOST_ROWS), Message("fewer"))
            return None
        if nameless and any(row[index] for index in nameless):
            expected = Message("columns among {known}; any others left out", known=Joined(known))
            problems.add(start + 1, starts[nameless[0]], "(header)", Message("a column without a name"), expected)
            nameless = []
        one = Row(number, {name: row[index] for name, index in at.items()})
        (table.totals if loosely and _is_total(row, at) else table.rows).append(one)
    if table.totals:
        named = Joined(str(row.line) for row in table.totals[:MOST_ALIKE])
        message = Message("{file}: totals are left out: {total} in all (lines {lines})", total=len(table.totals), lines=named)
        problems.note("totals", message)
    if not table.rows and not problems:
        problems.add(start + 1, 1, "(file)", Message("a header and nothing below it"), Message("a line for each"))
    return table if set(required) <= set(header) else None


def _find_header(
    lines: list[str], problems: Problems, known: tuple[str, ...], required: tuple[str, ...], columns: Mapping[str, str]
) -> tuple[int, str, list[str], list[int], Headers] | None:
    """Number of the line of the header (from 0), separator, cells, their columns, and their meaning; None in an empty text.

    It is the first that names all required columns; without any, that which names most columns, misspelt ones counting half.
    """
    candidates = [number for number, line in enumerate(lines) if line.strip()][:DEPTH]
    chosen, most = None, 0
    for number in candidates:
        separator = max(",;\t", key=lines[number].count)
        try:
            cells, starts = _cells(lines[number], separator)
        except _Unreadable:
            if number == candidates[0]:
                raise
            continue
        headers = read_headers(cells, known, columns)
        exact = {column.name for column in headers.known.values()}
        if set(required) <= exact:
            chosen = number, separator, cells, starts, headers
            break
        others = dict.fromkeys(cell for cell in cells if cell and cell not in headers.known)
        near = {one.column for cell in islice(others, MOST_SUGGESTIONS) if (one := near_name(cell, known))} - exact
        named = 2 * len(exact) + len(near)
        if chosen is None or (named > most and len(exact) + len(near) >= FEWEST):
            chosen, most = (number, separator, cells, starts, headers), named
    if chosen is not None and chosen[0] > candidates[0]:
        above = lines[candidates[0]].strip(BLANK).split(chosen[1])[0].strip(BLANK)
        message = Message("{file}: the header is in line {line}; above it is left out: {above}", line=chosen[0] + 1, above=shown(above))
        problems.note("header", message)
    return chosen


def with_others_left_out(
    headers: Headers, cells: list[str], known: tuple[str, ...], required: tuple[str, ...], problems: Problems
) -> Headers:
    """Headers of which unknown ones are left out, except those that are probably a required column that is missing."""
    if not headers.known and not headers.absent:  # perhaps no header at all
        return headers
    present = {*(column.name for column in headers.known.values()), *headers.absent}
    others, resembled = [], {}
    for cell in dict.fromkeys(cells):
        if cell and cell not in headers.known and cell not in headers.left_out and cell not in headers.doubled:
            near = near_column(cell, known, problems)
            if near is None or near.column in present:
                others.append(cell)
            elif near.column not in required:
                others.append(cell)
                resembled[cell] = near.name
    return headers._replace(left_out=(*headers.left_out, *others), near=resembled)


def _is_total(row: list[str], at: Mapping[str, int]) -> bool:
    """Whether a row has totals: its name says so, or it has no name and another cell says so."""
    name = next((row[at[column]] for column in NAMES if column in at), "")
    return bool(_TOTAL.fullmatch(narrow(name).strip())) if name else any(_TOTAL.fullmatch(narrow(cell).strip()) for cell in row if cell)


def spoken(headers: Headers) -> tuple[dict[str, str], dict[str, float]]:
    """Header of each column as typed, and factors of the columns' numbers other than 1."""
    titles = {column.name: title for title, column in headers.known.items()}
    return titles, {column.name: column.factor for column in headers.known.values() if column.factor != 1.0}


def note_headers(headers: Headers, problems: Problems) -> None:
    """Add notices about the interpretation of headers and about columns left out."""
    taken = [f"{title} = {_scaled(column)}" for title, column in headers.known.items() if column != Column(title)]
    if taken:
        problems.note("headers", Message("{file}: columns are read as {columns}", columns=Joined(taken)))
    if headers.left_out:
        problems.note("left out", Message("{file}: columns are left out: {columns}", columns=Joined(map(_title, headers.left_out))))
    for header, name in headers.near.items():
        problems.ask(Message("{file}: the column {header} is left out; did you mean {name}?", header=_title(header), name=name))


def _scaled(column: Column) -> str:
    return column.name if column.factor == 1.0 else f"{column.name} × {column.factor:g}"


def _title(header: str) -> str:
    return header if header.isprintable() else str(shown(header))


class Near(NamedTuple):
    """The column that an unknown header probably means, and the name of it that the header resembles."""

    column: str
    name: str


def near_column(header: str, known: tuple[str, ...], problems: Problems) -> Near | None:
    """As `near_name`, for the first mistakes of a file only: the search takes time."""
    problems.suggestions += 1
    return near_name(header, known) if problems.suggestions <= MOST_SUGGESTIONS else None


def near_name(header: str, known: tuple[str, ...]) -> Near | None:
    """The column probably meant by an unknown header, by `HINTS` and names in both languages."""
    words = (header.strip().lower(), *without_unit(header))
    for word in words:
        column = HINTS.get(word) or MEANT.get(word)
        if column:
            name = word if word in MEANT else titles_of(column) if word >= FIRST_CHINESE else column
            return Near(column, name) if column in known else None
    names = {**{name: column for name, column in MEANT.items() if column in known}, **{name: name for name in known}}
    found = next(filter(None, (nearest(word, names, ALIKE) for word in reversed(words))), None)
    return Near(names[found], found) if found else None


def report_unknown(
    names: Mapping[str, tuple[int | None, int | None]],
    known: tuple[str, ...],
    problems: Problems,
    properties: bool = False,
    required: tuple[str, ...] = (),
) -> set[str]:
    """Report unknown columns (or properties of features) with their positions; many are reported in one line.

    Returns the `required` columns that some of these probably are, which need no further report.
    """
    meant = set()
    expected = Message("columns among {known}; any others left out", known=Joined(known))
    if properties:
        expected = Message("properties among {known}; any others left out", known=Joined(known))
    if len(names) <= MOST_ALIKE:
        for name, position in names.items():
            key = name if properties and name.isprintable() else "(property)" if properties else "(header)"
            got = Message("the unknown property {name}" if properties else "the unknown column {name}", name=shown(name))
            near = near_column(name, known, problems)
            lacked = near is not None and near.column in required
            if near is not None and lacked:
                meant.add(near.column)
            needed = Message("a header with {columns}", columns=Joined(required))
            problems.add(*position, key, got, needed if lacked else expected, near.name if near else None)
        return meant
    fields = {"names": Joined(shown(name) for name in list(names)[:MOST_ALIKE]), "more": len(names) - MOST_ALIKE}
    got = Message(
        "the unknown properties {names} and {more} more" if properties else "the unknown columns {names} and {more} more", **fields
    )
    problems.add(*next(iter(names.values())), "(properties)" if properties else "(header)", got, expected)
    return meant


def _header(
    cells: list[str],
    positions: list[tuple[int, int]],
    problems: Problems,
    known: tuple[str, ...],
    required: tuple[str, ...],
    headers: Headers,
) -> dict[str, tuple[int, int]]:
    """Position of each known column."""
    header: dict[str, tuple[int, int]] = {}
    unknown: dict[str, tuple[int, int]] = {}
    for name, position in zip(cells, positions, strict=True):
        if name in headers.doubled:
            both = Message("{first} and {second}, which mean the same column", first=_title(headers.doubled[name]), second=_title(name))
            problems.add(*position, "(header)", both, Message("one of the two"))
        elif name in headers.known and headers.known[name].name in header:
            problems.add(*position, name, Message("the same column again"), Message("each column once"))
        elif name in headers.known:
            header[headers.known[name].name] = position
        elif name and name not in headers.left_out:
            unknown.setdefault(name, position)
    missing = [name for name in required if name not in header and name not in headers.absent]
    meant = report_unknown(unknown, known, problems, required=tuple(missing))
    report_absent(headers, cells, problems, positions[0][0], 1)
    missing = [name for name in missing if name not in meant]
    if missing:
        got = Joined([Message("no column {column}", column=name) for name in missing], " and ")
        problems.add(positions[0][0], 1, "(header)", got, _required(missing, cells, required, headers))
    note_headers(headers, problems)
    return header


def said_by_hand(column: str, headers: list[str]) -> Message:
    """How to say which header means a column, with the one of some headers that most resembles its names as the example."""
    names = [column, *(name for name, owner in MEANT.items() if owner == column)]
    alike = (nearest(name, headers, cutoff) for cutoff in (0.6, 0.4) for name in names)
    header = next(filter(None, alike), headers[0])
    example = {"command": f"--column {column}={header}", "scenario": f"columns: {{{column}: {header}}}"}
    return Message("which header means it, as in {command}, or {scenario} in a scenario", **example)


def _required(missing: list[str], cells: list[str], required: tuple[str, ...], headers: Headers) -> Message:
    """The required columns, and how to say which header means one of them."""
    others = [_title(cell) for cell in cells if cell and cell not in headers.known and not by_software(cell)]
    if not others or not headers.known:
        return Message("a header with {columns}", columns=Joined(required))
    return Message("a header with {columns}; or {example}", columns=Joined(required), example=said_by_hand(missing[0], others))


def report_absent(headers: Headers, cells: list[str], problems: Problems, line: int | None, column: int | None) -> None:
    """Report headers asked for that the table does not have."""
    for name, asked in headers.absent.items():
        got = Message("no header {name}, which columns gives for {column}", name=shown(asked), column=name)
        expected = Message("a header of the file: {names}", names=Joined(_title(cell) for cell in cells if cell))
        problems.add(line, column, "(header)", got, expected, problems.near(asked, cells))


def _records(
    lines: list[str], first: int, separator: str, width: int, problems: Problems, loosely: bool
) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every line with as many cells as the header; blank lines and lines of separators are skipped.

    Additional cells are allowed if they are empty, as after a trailing comma. If the table is read loosely, lines of notes are left out.
    """
    blank = separator + ' \t"'
    for number, line in enumerate(lines[first:], first + 1):
        if not line.strip(blank):
            continue
        try:
            if '"' in line:
                cells, starts = _cells(line, separator, width)
                rest = line[starts[width] - 1 :] if len(cells) > width else ""
            else:
                cells = [cell.strip() for cell in line.split(separator, width)]
                rest = cells[width] if len(cells) > width else ""
        except _Unreadable as error:
            column, key, got, expected = error.args
            problems.add(number, column, key, got, expected, row=str(number))
            continue
        said = [cell for cell in cells if cell] if loosely else []
        if said and all(_NOTE.match(narrow(cell)) for cell in said):
            message = Message("{file}: lines of notes are left out: {text} ({count:,} in all)", text=shown(said[0]))
            problems.note("notes", message)
            continue
        if len(cells) == width or (len(cells) > width and not rest.strip(blank)):
            yield number, cells[:width]
            continue
        got = Message("{count} cells" if len(cells) < width else "more than {count} cells", count=min(len(cells), width))
        problems.add(number, 1, "(file)", got, Message("{count} cells, as in the header", count=width), row=str(number))


def _cells(line: str, separator: str, most: int = LONGEST_LINE) -> tuple[list[str], list[int]]:
    """Cells of a line without surrounding blanks, at most one more than `most`, and the column (from 1) at which each starts."""
    if len(line) > LONGEST_LINE:
        got, expected = Message("a line of {count:,} characters", count=len(line)), Message("at most {most:,}", most=LONGEST_LINE)
        raise _Unreadable(1, "(file)", got, expected)
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
    """Quoted text from a position, with doubled quotes replaced by single ones, and the position of its end."""
    parts, at = [], begin + 1
    while True:
        end = line.find('"', at)
        if end < 0:
            expected = Message("a closing quote; a cell stays in one line")
            raise _Unreadable(begin + 1, "(file)", Message("a quote that is not closed in its line"), expected)
        parts.append(line[at:end])
        if line[end + 1 : end + 2] != '"':
            return '"'.join(parts), end + 1
        at = end + 2
