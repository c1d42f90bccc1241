"""Known rates of a city: metric, value or range, unit, year and source.

A row is a `Rate`; `sim.scenario.cities.rates_given` reads rows in all supported forms. Any metric may be a rate. Further columns (such as a
district) can be added to `Rate` and `COLUMNS`; existing files remain valid.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Self

from pydantic import Field, model_validator

from sim.messages import Message, Words
from sim.metrics.catalogue import METRICS, Metric
from sim.scenario.cities.reference_rates import reference_ranges
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.section import mistake
from sim.spec import Spec
from sim.suggestions import nearest

COLUMNS = ("rate", "value", "low", "high", "unit", "year", "source")
EDGES = ("value", "low", "high")
TOLERANCE = 0.1
"""Half-width of the range of a value given without range, as a share of the value (assumption)."""
MOST, LONGEST = 1e9, 500
FIRST_YEAR, LAST_YEAR = 1900, 2100

_YEARLY = {"per 10,000 residents and year": 0.1, "per 100,000 residents and year": 0.01, "每千人每年": 1.0, "每万人每年": 0.1}
_YEARLY |= {"每10万人每年": 0.01, "每十万人每年": 0.01}
UNITS: dict[str, dict[str, float]] = {
    "share": {"%": 0.01, "percent": 0.01, "per cent": 0.01, "‰": 0.001, "占比": 1.0},
    "per 1,000 residents and year": _YEARLY,
    "per 1,000 residents": {name.removesuffix(" and year").removesuffix("每年"): factor for name, factor in _YEARLY.items()},
    "weeks": {"days": 1 / 7, "months": 52 / 12, "周": 1.0, "天": 1 / 7, "个月": 52 / 12},
    "hours per year": {"hours": 1.0, "每年小时": 1.0},
    "points of 5": {"points": 1.0, "5分制": 1.0},
}
"""Factors of other units in which a number may be given, by the unit of the metric."""


class Rate(Spec):
    """One known rate, in the unit of its metric.

    Parameters
    ----------
    rate : str
        A metric.
    low, high : float
        Its range.
    value : float, optional
        Its value, if known; within the range.
    year : int, optional
        Year of observation.
    source : str
        Source of the figure.
    """

    rate: str = Field(min_length=1, max_length=100)
    low: float
    high: float
    value: float | None = None
    year: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    source: str = Field(default="", max_length=LONGEST)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        metric = METRICS.get(self.rate)
        if metric is None:
            raise mistake(shown(self.rate), "a metric, see `sanzhi describe metrics`", nearest(self.rate, METRICS))
        value = self.low if self.value is None else self.value
        if not (metric.low <= self.low < self.high <= metric.high and self.low <= value <= self.high):
            expected = f"low below high, within {metric.low:g} to {metric.high:g}, and the value between them"
            raise mistake(f"{self.low:g} to {self.high:g}", expected)
        return self


class Entry(NamedTuple):
    """One row as given: its cells by column (without blank cells), a function that reports a cell, and one that reads a number."""

    cells: Mapping[str, Any]
    report: Callable[[str, Words, Words, Words | None], None]
    number: Callable[[str, float, float], float | None]
    unit_needed: bool = True


def checked(entries: Iterable[Entry]) -> tuple[Rate, ...]:
    """Rates of all valid rows; mistakes in other rows are reported."""
    found: dict[str, Rate] = {}
    for entry in entries:
        name = _name(entry)
        if name in found:
            entry.report("rate", Message("{rate} again", rate=shown(name)), Message("each rate once"), None)
            continue
        rate = _rate(entry, name)
        if rate is not None:
            found[rate.rate] = rate
    return tuple(found.values())


def _name(entry: Entry) -> str | None:
    """The metric; None and a problem if it is unknown."""
    name = entry.cells.get("rate")
    if isinstance(name, str) and name in METRICS:
        return name
    near = (nearest(name, reference_ranges()) or nearest(name, METRICS)) if isinstance(name, str) else None
    got = shown(name) if name is not None else Message("nothing")
    entry.report("rate", got, Message("a rate of docs/model/rates.md, or any metric that `sanzhi describe metrics` lists"), near)
    return None


def _rate(entry: Entry, name: str | None) -> Rate | None:
    metric = METRICS[name] if name else None
    factor = _factor(entry, metric) if metric else None
    year, source = _year(entry), _source(entry)
    if metric is None or factor is None or year == 0 or source is None:
        return None
    edges = _edges(entry, metric, factor)
    if edges is None:
        return None
    low, high, value = edges
    return Rate(rate=metric.name, low=low, high=high, value=value, year=year, source=source)


def _factor(entry: Entry, metric: Metric) -> float | None:
    """Factor for numbers of the row; None and a problem if the unit does not fit the rate."""
    unit = entry.cells.get("unit")
    if unit is None and not entry.unit_needed:
        return 1.0
    known = {_plain(metric.unit): 1.0, **{_plain(name): factor for name, factor in UNITS.get(metric.unit, {}).items()}}
    if isinstance(unit, str) and _plain(unit) in known:
        return known[_plain(unit)]
    expected = ", ".join((metric.unit, *UNITS.get(metric.unit, {})))
    got = shown(unit) if unit is not None else Message("nothing")
    near = nearest(unit, (metric.unit, *UNITS.get(metric.unit, {}))) if isinstance(unit, str) else None
    entry.report("unit", got, Message("a unit of {rate}: {units}", rate=metric.name, units=expected), near)
    return None


def _plain(unit: str) -> str:
    """A unit in normal form, without variants of spelling: capitals, blanks, separators of thousands, articles."""
    return " ".join(unit.lower().replace(",", "").replace(" a year", " and year").replace(" per year", " and year").split())


def _year(entry: Entry) -> int | None:
    """The year; None if none is given, 0 and a problem if it is invalid."""
    given = entry.cells.get("year")
    text = str(given).removesuffix(".0")  # pandas reads a column of integers with gaps as floats
    if given is None:
        return None
    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    entry.report("year", shown(given), Message("a year from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR), None)
    return 0


def _source(entry: Entry) -> str | None:
    """The source; None and a problem if it is not text."""
    text = entry.cells.get("source", "")
    if isinstance(text, str) and len(text) <= LONGEST:
        return text
    entry.report("source", shown(text), Message("text of at most {most} characters", most=LONGEST), None)
    return None


def _edges(entry: Entry, metric: Metric, factor: float) -> tuple[float, float, float | None] | None:
    """Low, high and value in the unit of the metric; None and a problem if they do not form a range."""
    given = [name for name in EDGES if name in entry.cells]
    if given != ["value"] and not {"low", "high"} <= set(given):
        missing = "high" if "low" in given else "low"
        expected = Message("low and high, or a value alone (which is known to {share:.0%} either way)", share=TOLERANCE)
        entry.report(missing, Message("nothing"), expected, None)
        return None
    least, most = metric.low, min(metric.high, MOST)
    read = {name: entry.number(name, least / factor, most / factor) for name in given}
    numbers = {name: float(f"{number * factor:.12g}") for name, number in read.items() if number is not None}
    if len(numbers) < len(given):
        return None
    if given == ["value"]:
        return _around(entry, numbers["value"], least, most)
    low, high, value = numbers["low"], numbers["high"], numbers.get("value")
    if not low < high:
        entry.report("high", str(entry.cells["high"]), Message("a number above low ({low})", low=entry.cells["low"]), None)
    elif value is not None and not low <= value <= high:
        expected = Message("a number from low to high ({low} to {high})", low=entry.cells["low"], high=entry.cells["high"])
        entry.report("value", str(entry.cells["value"]), expected, None)
    else:
        return low, high, value
    return None


def _around(entry: Entry, value: float, least: float, most: float) -> tuple[float, float, float] | None:
    """The range of a value given without range."""
    low, high = (float(f"{value * (1 + way):.12g}") for way in (-TOLERANCE, TOLERANCE))
    low, high = max(low, least), min(high, most)
    if low < high:
        return low, high, value
    entry.report("value", str(entry.cells["value"]), Message("low and high beside a value of 0"), None)
    return None
