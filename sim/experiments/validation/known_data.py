"""The user's data for validation: a table of areas, or a table of known numbers.

Areas: a row each, ``community, population`` and any of ``hardship, x, y``, counts of one year and means or shares (the names are those of
``communities.parquet``, and what districts report). Blank cells are unknown values. Numbers: ``metric, low, high`` and, for documentation,
``source``; a metric, or a pattern by its name (see `sim.analysis.patterns.named`), with its known range. A table with a column ``metric``
contains numbers.
"""

import os
from dataclasses import dataclass

import numpy as np

from sim.analysis.areas import FEWEST, Areas
from sim.analysis.patterns.named import COUNTS, FORMS, REPORTED, SHARES, Pattern, parse
from sim.errors import Problem, ScenarioError, UserError
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.metrics import METRICS
from sim.scenario.parsing import paths
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import MAX_BYTES, decode
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Row, Table, read_table

with lazily():
    import pandas as pd

MOST_EVENTS, FARTHEST, MOST_PEOPLE = 1e9, 1e5, 1e9
_JUDGED = tuple(name for pair in REPORTED.items() for name in pair if name not in COUNTS)
AREA_COLUMNS = ("community", "population", "hardship", "x", "y", *COUNTS, *SHARES, *_JUDGED)
NUMBER_COLUMNS = ("metric", "low", "high", "source")


@dataclass(frozen=True)
class Number:
    """A known number: a metric or a pattern, and its range."""

    what: "str | Pattern"
    low: float
    high: float
    source: str

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.what if isinstance(self.what, str) else self.what.name


@dataclass(frozen=True)
class Data:
    """The content of a user's table: areas, or numbers."""

    label: str
    areas: Areas | None
    numbers: tuple[Number, ...]
    names: tuple[str, ...] = ()
    """Names of the areas."""


def read_data(source: "str | os.PathLike | pd.DataFrame") -> Data:
    """Read a table, from a file or a DataFrame.

    Raises
    ------
    ScenarioError
        With all problems at once, each with file, line and column.
    UserError
        When there is no such file.
    """
    if hasattr(source, "to_csv"):
        label, raw = "(table)", source.to_csv(index=False).encode()
    elif not isinstance(source, (str, os.PathLike)):
        raise UserError("data: got a {kind}; expected a CSV file or a DataFrame", kind=type(source).__name__)
    else:
        label = os.fspath(source)
        raw = paths.read_bytes(paths.path_of(source), label, MAX_BYTES, "a CSV file")
    problems = Problems(label)
    found = None
    with problems.reading():
        text = decode(raw, problems)
        if text is not None:
            found = _numbers(text, problems) if _holds_numbers(text) else _areas(text, problems)
    if problems.found:
        raise ScenarioError(sorted(problems.found, key=_place))
    assert found is not None
    return Data(label, *found)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _holds_numbers(text: str) -> bool:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return "metric" in [cell.strip().strip('"') for cell in header.replace(";", ",").replace("\t", ",").split(",")]


def _numbers(text: str, problems: Problems) -> tuple[None, tuple[Number, ...], tuple[()]]:
    table = read_table(text, problems, NUMBER_COLUMNS, NUMBER_COLUMNS[:3])
    found: list[Number] = []
    seen: dict[str, int] = {}
    if table is None:
        return None, (), ()
    for row in table.rows:
        what = _what(table, row)
        low, high = (table.number(row, edge, -MOST_EVENTS, MOST_EVENTS) for edge in ("low", "high"))
        if low is not None and high is not None and low > high:
            table.report(row, "high", row.cells["high"], Message("a number of at least low ({low:g})", low=low))
        if what is None or low is None or high is None:
            continue
        number = Number(what, low, high, row.cells.get("source", ""))
        if number.name in seen:
            again = Message("{name} again (first in line {line})", name=repr(number.name), line=seen[number.name])
            table.report(row, "metric", again, Message("each once"))
        seen.setdefault(number.name, row.line)
        found.append(number)
    return None, tuple(found), ()


def _what(table: Table, row: Row) -> str | Pattern | None:
    """A metric or a pattern; None, with a problem, if it is neither."""
    word = table.word(row, "metric")
    if word is None or word in METRICS:
        return word
    pattern, expected = parse(word)
    if pattern is None:
        near = None if " " in word else table.problems.near(word, (*METRICS, *FORMS))
        table.report(row, "metric", shown(word), expected, near)
    return pattern


def _areas(text: str, problems: Problems) -> tuple[Areas | None, tuple[()], tuple[str, ...]]:
    table = read_table(text, problems, AREA_COLUMNS, AREA_COLUMNS[:2])
    if table is None:
        return None, (), ()
    if ("x" in table.columns) != ("y" in table.columns):
        only = "x" if "x" in table.columns else "y"
        table.report_column(only, Message("{column} alone", column=only), Message("both x and y, or neither"))
    if not set(table.columns) & {*COUNTS, *SHARES, *_JUDGED}:
        expected = Message("at least one of {columns}", columns=Joined((*COUNTS, *SHARES, *_JUDGED)))
        table.report_column("community", Message("nothing to compare"), expected)
    seen: dict[str, int] = {}
    rows = [_area(table, row, seen) for row in table.rows]
    if 0 < len(rows) < FEWEST:
        got = Message("{count} rows of areas", count=len(rows)) if len(rows) > 1 else Message("1 row of areas")
        problems.add(table.rows[-1].line, 1, "(file)", got, Message("at least {least}", least=FEWEST))
    if problems.found:
        return None, (), ()
    names = [name for name in table.columns if name != "community"]
    columns = {name: np.array([np.nan if row[name] is None else row[name] for row in rows], float) for name in names}
    columns["residents"] = columns.pop("population")
    return Areas(columns), (), tuple(seen)


def _area(table: Table, row: Row, seen: dict[str, int]) -> dict[str, float | None]:
    name = table.word(row, "community")
    if name in seen:
        again = Message("the community {name} again (first in line {line})", name=repr(name), line=seen[name])
        table.report(row, "community", again, Message("each community once"))
    elif name:
        seen[name] = row.line
    found: dict[str, float | None] = {}
    for column in table.columns:
        if column == "population":
            found[column] = table.number(row, column, 1, MOST_PEOPLE)
        elif column in ("x", "y"):
            found[column] = table.number(row, column, -FARTHEST, FARTHEST)
        elif column in COUNTS:
            found[column] = table.number(row, column, 0, MOST_EVENTS, whole=True, blank=True)
        elif column != "community":
            found[column] = table.number(row, column, 0, 1, blank=True)
    return found
