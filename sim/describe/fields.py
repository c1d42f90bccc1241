"""Lines of an entry that several kinds of things have: labels, ranges and sources."""

from typing import Any

from sim.messages import Message, Words
from sim.spec import ASSUMPTION, bounds, extra_of

LABELS = {
    "key": Message("key"),
    "unit": Message("unit"),
    "range": Message("range"),
    "default": Message("default"),
    "source": Message("source"),
    "reference": Message("reference"),
    "staff": Message("staff"),
    "work": Message("work"),
    "instruments": Message("instruments"),
    "acts through": Message("acts through"),
    "brings": Message("brings"),
    "costs": Message("costs"),
    "group": Message("group"),
    "better": Message("better"),
}
RESIDENTS = {"en": "residents", "zh": "居民"}
"""As a label; Chinese uses another word after a number."""


def field_row(label: str, value: Words) -> tuple[Words, ...]:
    """A row of an entry; `label` is a key of `LABELS`."""
    return f"  {LABELS[label]}", value


def range_of(field: Any) -> str:
    """Range of a pydantic field: its choices, or its bounds."""
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return " | ".join(choices)
    return str(range_text(*bounds(field)))


def value_text(value: float | str) -> str:
    """A number, or the name of a choice."""
    return value if isinstance(value, str) else f"{value:g}"


def range_text(low: float | None, high: float | None) -> Message:
    """A range; None is no bound."""
    return Message("{low} to {high}", low=_bound(low), high=_bound(high))


def source_of(field: Any) -> str:
    """Where the default of a pydantic field comes from."""
    found = extra_of(field).get("source", ASSUMPTION)
    return str(Message("assumption")) if found == ASSUMPTION else found


def _bound(value: float | None) -> Words:
    return Message("any") if value is None else f"{value:g}"
