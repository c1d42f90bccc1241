"""Targets of a scenario: a metric, a bound, a deadline, and the responsible unit.

``{metric: stability, by: year 3, at_least: 0.7, responsible: city}``. Responsible is the ``city``, a district by its name, or a kind of
unit in the whole city (``office``) or in one district (``office of Pudong``). A metric is evaluated for the city, or for the district that
is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field
from pydantic_core import PydanticCustomError

from sim.messages import Joined, Message
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.scenario.parsing.meant_numbers import meant_number
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.changes import Moment
from sim.scenario.schema.section import Section, mistake, number_of
from sim.spec import ASSUMPTION
from sim.suggestions import nearest

CITY = "city"
UNITS = ("committee", "organisation", "union", "office", "police", "court", "bureau")
"""Kinds of unit that may be responsible."""
_NOTE: Any = {"unit": "name", "source": ASSUMPTION}
_BOUND: Any = {"unit": "unit of the metric", "source": ASSUMPTION}


_IN_WORDS = {
    unit.template: unit
    for unit in (
        Message("share"),
        Message("index"),
        Message("index points"),
        Message("points of 5"),
        Message("weeks"),
        Message("hours per year"),
        Message("hours per resident and year"),
        Message("1 = usual"),
        Message("currency per resident and year"),
        Message("staff per 10,000 residents"),
        Message("per 1,000 residents"),
        Message("per 1,000 residents and week"),
        Message("per 1,000 residents and year"),
    )
}
"""Units of metrics in both languages."""


class Target(Section):
    """One target. `by` is the week at whose end it is evaluated."""

    metric: str = Field(description="what is judged, see `sanzhi describe metrics`", json_schema_extra=_NOTE)
    by: Moment = Field(
        description="week by which it is due: a number, or such as 'week 60', 'year 3' (its first week) or '3 years' (have passed)",
        json_schema_extra={"unit": "week", "source": ASSUMPTION},
    )
    at_least: float | None = Field(default=None, description="the metric is to be no lower", json_schema_extra=_BOUND)
    at_most: float | None = Field(
        default=None, description="the metric is to be no higher; either this or at_least", json_schema_extra=_BOUND
    )
    responsible: str = Field(
        default=CITY,
        min_length=1,
        max_length=200,
        description=f"who answers for it: city, a district, or a kind of unit ({', '.join(UNITS)}), also as in 'office of Pudong'",
        json_schema_extra=_NOTE,
    )

    @property
    def district(self) -> str | None:
        """District for which the metric is evaluated; None for the whole city."""
        return district_of(self.responsible)

    @property
    def text(self) -> str:
        """Short description of the target, such as ``stability >= 0.7``."""
        return f"{self.metric} >= {self.at_least:g}" if self.at_least is not None else f"{self.metric} <= {self.at_most:g}"

    def met(self, value: Any) -> Any:
        """Whether a value, or each of several, meets the target."""
        return value >= self.at_least if self.at_least is not None else value <= self.at_most

    def as_data(self) -> dict[str, Any]:
        """The target as plain data, as in a file."""
        return self.model_dump(exclude_none=True)

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        bounds = [name for name in ("at_least", "at_most") if name in given and given[name] is not None]
        if len(bounds) != 1:
            got = Message("both at_least and at_most") if bounds else Message("neither at_least nor at_most")
            yield (), mistake(got, Message("one of them"))
        metric = given.get("metric")
        if isinstance(metric, str):
            yield from _metric(metric, {name: given[name] for name in bounds})


def _metric(name: str, bounds: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    """Report an unknown metric, or bounds that it cannot reach."""
    metric = METRICS.get(name)
    if metric is None:
        yield ("metric",), mistake(shown(name), Message("a metric, see `sanzhi describe metrics`"), nearest(name, METRICS))
        return
    for key, value in bounds.items():
        number = number_of(value)
        if number is not None and not metric.low <= number <= metric.high:
            fields = {"low": metric.low, "high": metric.high, "unit": _IN_WORDS.get(metric.unit, metric.unit)}
            expected = Message("a number from {low:g} to {high:g} ({unit})", **fields)
            if metric.high == float("inf"):
                expected = Message("a number of {low:g} or more ({unit})", **fields)
            yield (key,), mistake(shown(value), expected, meant_number(value, metric.low, metric.high))


def district_of(responsible: str) -> str | None:
    """District of a responsible unit; None for the city, and for a kind of unit in the whole city."""
    kind, of, district = responsible.partition(" of ")
    if kind in UNITS and of:
        return district
    return None if responsible in (CITY, *UNITS) else responsible


def settled(target: Target, horizon: int, names: Mapping[str, str]) -> Target:
    """The target with `by` limited to the last week, at whose end it is evaluated, and districts by the names in `names`."""
    responsible, district = target.responsible, target.district
    if district in names:
        responsible = responsible.removesuffix(str(district)) + names[str(district)]
    return target.model_copy(update={"by": min(target.by, horizon - 1), "responsible": responsible})


def mistakes(
    targets: Sequence[tuple[int, Target]], districts: Mapping[str, str] | None, horizon: int | None
) -> Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]:
    """Mistakes of valid targets in this city and horizon, each with its path below ``targets``.

    `districts` has every name of the districts, with their names in tables.
    """
    for index, target in targets:
        if horizon is not None and target.by > horizon:
            yield (
                (index, "by"),
                mistake(Message("week {week}", week=target.by), Message("a week up to the horizon of {horizon}", horizon=horizon)),
            )
        if districts is not None and target.district is not None:
            yield from _responsible(index, target, districts)


def _responsible(index: int, target: Target, districts: Mapping[str, str]) -> Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]:
    if target.district not in districts:
        names = list(dict.fromkeys(districts.values()))
        listed = Joined(names if len(names) <= 20 else [*names[:20], "..."])
        expected = Message("city, a district ({districts}), or one of {units}", districts=listed, units=Joined(UNITS))
        near = nearest(target.responsible, (CITY, *UNITS, *districts))
        yield (index, "responsible"), mistake(shown(target.responsible), expected, near)
    elif target.metric in CITY_ONLY:
        got = Message("a district for {metric}", metric=target.metric)
        yield (index, "responsible"), mistake(got, Message("the city: this metric is of the whole city only"), CITY)
