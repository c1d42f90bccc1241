"""Rows of a table of staff and costs: one figure of one instrument, with its range and source.

::

    instrument,figure,value,low,high,source
    self_governance.mediation,cost,130000,80000,200000,assumption: below the median public salary with overhead

A city's own table may be partial: the shipped table (`scenarios/cities/staffing.csv`) has the figures that it does not give.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from sim.city.staffing import FIGURES, PEOPLE
from sim.errors import Problem
from sim.levers import INSTRUMENTS
from sim.messages import Joined, Message, Words
from sim.scenario.parsing import numerals
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import decode
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Row, Table, read_table
from sim.scenario.schema.section import mistake
from sim.spec import Spec

ADULTS = 0.85
"""Adults among residents, for the largest possible staff (assumption; 84 to 90 % of Chinese cities' residents are 15 or older)."""
MOST_EMPLOYED = 0.5
"""Largest share of adults whom a city can employ in all instruments together (assumption)."""
MOST_STAFF = MOST_EMPLOYED * ADULTS * PEOPLE
"""Largest staff per 10,000 residents."""
COLUMNS = ("instrument", "figure", "value", "low", "high", "source")
LONGEST = 500
"""Largest number of characters of a source."""


class Bounds(NamedTuple):
    """Allowed values of a figure, `low` itself excluded where `above`, with unit and meaning."""

    low: float
    high: float
    above: bool
    unit: str
    doc: Message

    def holds(self, value: float) -> bool:
        """Whether a value is allowed."""
        return self.low <= value <= self.high and not (self.above and value == self.low)

    @property
    def expected(self) -> Message:
        """The allowed values in words."""
        edges = {"low": f"{self.low:,g}", "high": f"{self.high:,.10g}"}
        return Message("a number above {low} up to {high}", **edges) if self.above else Message("a number from {low} to {high}", **edges)


BOUNDS: dict[str, Bounds] = dict(
    zip(
        FIGURES,
        (
            Bounds(0.0, MOST_STAFF, False, "per 10,000 residents", Message("staff of the city as it is")),
            Bounds(0.0, 1e12, True, "currency per year", Message("cost of a member of staff, with overhead")),
            Bounds(0.0, 1.0, True, "share", Message("share of an instrument's money that pays for staff; the rest buys what they need")),
            Bounds(0.0, 1e9, True, "units of work per year", Message("work of a member of staff in a year")),
            Bounds(1.0, 520.0, False, "weeks", Message("time constant with which staff follows its money")),
            Bounds(0.0, 1.0, False, "exponent", Message("exponent of work in staff: 1 where work is proportional to staff")),
        ),
    )
)
"""Allowed values of every figure."""


class StaffingRow(Spec):
    """One figure of one instrument, with the range in which it lies, and its source."""

    instrument: str
    figure: str
    value: float
    low: float
    high: float
    source: str = Field(max_length=LONGEST)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.instrument not in INSTRUMENTS or self.figure not in BOUNDS:
            raise mistake(shown(f"{self.instrument} {self.figure}"), Message("a figure of an instrument"))
        bounds = BOUNDS[self.figure]
        if not (self.low <= self.value <= self.high and all(map(bounds.holds, (self.low, self.value, self.high)))):
            raise mistake(f"{self.low:g}, {self.value:g}, {self.high:g}", bounds.expected)
        return self


def read_table_of_staffing(raw: bytes, label: str) -> tuple[tuple[StaffingRow, ...], dict[tuple[str, str], tuple[int, int]], list[Problem]]:
    """Rows of a table, the position of each value by instrument and figure, and every problem in the table."""
    problems = Problems(label)
    rows: list[StaffingRow] = []
    places: dict[tuple[str, str], tuple[int, int]] = {}
    with problems.reading():
        text = decode(raw, problems)
        table = read_table(text, problems, COLUMNS, COLUMNS) if text is not None else None
        for row in table.rows if table else ():
            found = _row(table, row, places)  # type: ignore[arg-type]
            rows += [found] if found else []
    return tuple(rows), places, problems.found


def _row(table: Table, row: Row, places: dict[tuple[str, str], tuple[int, int]]) -> StaffingRow | None:
    """One row; None and problems if it is invalid."""
    instrument = _known(table, row, "instrument", INSTRUMENTS, Message("an instrument"))
    figure = _known(table, row, "figure", FIGURES, Message("one of {choices}", choices=Joined(FIGURES)))
    source = row.cells["source"]
    if not source or len(source) > LONGEST:
        got = Message("text of {count} characters", count=len(source)) if source else Message("nothing")
        expected = Message("the source of the figure, or the word assumption, in at most {most} characters", most=LONGEST)
        table.report(row, "source", got, expected)
    if instrument is None or figure is None:
        return None
    if (instrument, figure) in places:
        got = Message(
            "{figure} of {instrument} again (first in line {first})",
            figure=figure,
            instrument=instrument,
            first=places[instrument, figure][0],
        )
        table.report(row, "figure", got, Message("each figure once"))
        return None
    line, column = table.locate(row, "value")
    places[instrument, figure] = (line or 1, column or 1)
    numbers = {name: _number(table, row, name, BOUNDS[figure]) for name in ("value", "low", "high")}
    if numbers["value"] is None or not source:
        return None
    value, low, high = (numbers[name] if numbers[name] is not None else numbers["value"] for name in ("value", "low", "high"))
    if low > value:  # type: ignore[operator]
        table.report(row, "low", f"{low:g}", Message("at most the value ({value:g})", value=value))
    elif value > high:  # type: ignore[operator]
        table.report(row, "high", f"{high:g}", Message("at least the value ({value:g})", value=value))
    elif not table.problems:
        return StaffingRow(instrument=instrument, figure=figure, value=value, low=low, high=high, source=source)  # type: ignore[arg-type]
    return None


def _known(table: Table, row: Row, column: str, choices: tuple[str, ...], expected: Words) -> str | None:
    """The word in a column; None and a problem if it is none of the choices."""
    word = row.cells[column]
    if word in choices:
        return word
    got = Message("the unknown instrument {name}" if column == "instrument" else "the unknown figure {name}", name=shown(word))
    table.report(row, column, got if word else Message("nothing"), expected, table.problems.near(word, choices) if word else None)
    return None


def _number(table: Table, row: Row, column: str, bounds: Bounds) -> float | None:
    """A number within the bounds of its figure; None and a problem if it is not. A blank low or high is None alone."""
    text = row.cells[column]
    if not text and column != "value":
        return None
    plain = numerals.plain(text)
    if plain is not None and not bounds.holds(plain):
        table.report(row, column, text, bounds.expected)
        return None
    found = table.number(row, column, bounds.low, bounds.high)
    if found is not None and not bounds.holds(found):
        table.report(row, column, text, bounds.expected)
        return None
    return found


def too_many(staff: float) -> tuple[Message, Message]:
    """Error for more staff than a city has adults for, as (got, expected)."""
    got = Message("{staff:,.4g} staff in all per 10,000 residents", staff=staff)
    return got, Message("at most {most:,.0f}, half of the adults of a city ({adults:.0%} of its residents)", most=MOST_STAFF, adults=ADULTS)


def figures_of(rows: tuple[StaffingRow, ...]) -> Mapping[tuple[str, str], StaffingRow]:
    """Rows by instrument and figure."""
    return {(row.instrument, row.figure): row for row in rows}
