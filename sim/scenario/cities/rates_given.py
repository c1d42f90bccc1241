"""Reading of rates from a CSV or YAML file, a table, a mapping or a list; all mistakes are reported at once, in files with line and column.

::

    rate,value,low,high,unit,year,source                     # a CSV file
    rate_criminal,,2.1,2.6,"per 1,000 residents and year",2022,police yearbook

    rates:                                                   # a YAML file
      - {rate: turnout, value: 51.3, unit: "%", year: 2021, source: election office}

    {"rate_criminal": (2.1, 2.6), "turnout": 0.513}          # from Python, in the unit of the metric
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, UserError
from sim.messages import Message, Words
from sim.metrics.catalogue import METRICS
from sim.scenario.cities.own_communities import as_csv
from sim.scenario.cities.rates import COLUMNS, Entry, Rate, checked
from sim.scenario.parsing.document import BAD, Document, in_order, read_document
from sim.scenario.parsing.document import MAX_BYTES as YAML_BYTES
from sim.scenario.parsing.meant_numbers import meant_number
from sim.scenario.parsing.paths import read_bytes
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import MAX_BYTES, decode
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Table, read_table
from sim.scenario.schema.section import number_of
from sim.suggestions import nearest

YAML = (".yaml", ".yml")
LABEL = "rates"


@dataclass(frozen=True)
class OwnRates:
    """What is known of the rates of a scenario's city, as its key ``city.rates`` holds it."""

    rows: tuple[Rate, ...]

    @cached_property
    def text(self) -> str:
        """The table as CSV with every value explicit, in the units of the metrics."""
        cells = ((one.rate, one.value, one.low, one.high, METRICS[one.rate].unit, one.year, one.source) for one in self.rows)
        return as_csv(COLUMNS, cells)


def read_own_rates(text: str, label: str) -> tuple[OwnRates | None, list[Problem]]:
    """Rates of the text of a CSV table; None and every problem in it if there is any."""
    found, problems = read_table_of_rates(text.encode(), label)
    return (None, problems) if problems else (OwnRates(found), [])


def read_rates(given: Any) -> tuple[Rate, ...]:
    """Read rates in any supported form.

    Parameters
    ----------
    given : path, DataFrame, mapping or sequence
        A CSV or YAML file; a table with the same columns; rates by name, each a number, a pair (low, high) or a mapping of columns; or a
        list of such mappings. In Python, units may be omitted, and are then those of the metrics.

    Returns
    -------
    tuple of Rate

    Raises
    ------
    ScenarioError
        With every mistake at once.
    UserError
        If there is no such file, or the argument is of another type.
    """
    if isinstance(given, (str, os.PathLike)):
        file, label = Path(given), os.fspath(given)
        if file.suffix.lower() in YAML:
            return _of_document(read_document(read_bytes(file, label, YAML_BYTES, "a file of rates"), label))
        return _all(*read_table_of_rates(read_bytes(file, label, MAX_BYTES, "a file of rates"), label))
    if hasattr(given, "to_csv"):
        return _all(*read_table_of_rates(given.to_csv(index=False).encode(), LABEL))
    if isinstance(given, Mapping):
        rows: list[Any] = [{"rate": name, **_columns(value)} for name, value in given.items()]
    elif isinstance(given, Sequence):
        rows = [one.model_dump(exclude_none=True) if isinstance(one, Rate) else one for one in given]
    else:
        expected = Message("a CSV or YAML file, a table, or a mapping such as {example}", example="{'rate_criminal': (2.1, 2.6)}")
        raise UserError("rates: got a {kind}; expected {expected}", kind=type(given).__name__, expected=expected)
    return _of_document(Document(LABEL, {"rates": rows}), unit_needed=False)


def read_table_of_rates(raw: bytes, label: str) -> tuple[tuple[Rate, ...], list[Problem]]:
    """Rates of a CSV table, and every problem in it."""
    problems = Problems(label)
    found: tuple[Rate, ...] = ()
    with problems.reading():
        text = decode(raw, problems)
        table = read_table(text, problems, COLUMNS, ("rate", "unit")) if text is not None else None
        found = checked(_row(table, row) for row in table.rows) if table else ()
    return found, problems.found


def rates_of_document(document: Document, unit_needed: bool = True) -> tuple[Rate, ...]:
    """Rates in the list ``rates`` of a document; problems are added to the document."""
    rows = document.data.get("rates")
    if not isinstance(rows, list) or not rows:
        expected = Message("a list of rates, each such as {example}", example="{rate: turnout, value: 51.3, unit: '%'}")
        document.report(("rates",), shown(rows), expected)
        return ()
    return checked(_entry(document, index, row, unit_needed) for index, row in enumerate(rows) if _is_row(document, index, row))


def _all(found: tuple[Rate, ...], problems: list[Problem]) -> tuple[Rate, ...]:
    if problems:
        raise ScenarioError(in_order(problems))
    return found


def _of_document(document: Document, unit_needed: bool = True) -> tuple[Rate, ...]:
    for key in document.data:
        if key != "rates":
            document.report((key,), Message("the unknown key {key}", key=shown(key)), Message("the list rates"))
    return _all(rates_of_document(document, unit_needed), document.problems)


def _columns(value: Any) -> dict[str, Any]:
    """Columns of a rate given by name as a mapping, a pair or a number."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:
        return {"low": value[0], "high": value[1]}
    return {"value": value}


def _row(table: Table, row: Any) -> Entry:
    """A row of a CSV table."""
    return Entry({name: cell for name, cell in row.cells.items() if cell != ""}, partial(table.report, row), partial(table.number, row))


def _is_row(document: Document, index: int, row: Any) -> bool:
    """Whether an entry of the list is a row with known columns; otherwise a problem is reported."""
    if row is BAD:
        return False
    if not isinstance(row, Mapping):
        document.report(("rates", index), shown(row), Message("a mapping with {columns}", columns=", ".join(COLUMNS)))
        return False
    for key in row:
        if key not in COLUMNS:
            got, expected = Message("the unknown key {key}", key=shown(key)), Message("one of {choices}", choices=", ".join(COLUMNS))
            document.report(("rates", index, str(key)), got, expected, nearest(str(key), COLUMNS))
    return True


def _entry(document: Document, index: int, row: Mapping[str, Any], unit_needed: bool) -> Entry:
    """A row of a YAML file, or of plain data."""
    cells = {key: _plain(value) for key, value in row.items() if value is not None and value is not BAD}

    def report(name: str, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        document.report(("rates", index, name), got, expected, suggestion)

    def number(name: str, low: float, high: float) -> float | None:
        found = number_of(cells[name])
        if found is not None and low <= found <= high:
            return found
        kind = Message("a number from {low} to {high}", low=f"{low:g}", high=f"{high:g}")
        report(name, shown(cells[name]), kind, meant_number(cells[name], low, high))
        return None

    return Entry(cells, report, number, unit_needed)


def _plain(value: Any) -> Any:
    """A NumPy number as a Python number."""
    return value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value
