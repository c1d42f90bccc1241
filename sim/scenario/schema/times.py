"""Times in scenarios: durations such as ``13 weeks`` or ``2 years``, and moments such as ``week 60`` or ``year 2``.

Weeks are counted from 0, years from 1: ``year 1`` is week 0, ``year 2`` is week 52. As a moment, ``2 years`` means after two years, which
is week 104, as is ``year 3``. A bare number is a number of weeks.
"""

import re
from typing import Any

from sim.messages import Message
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.section import mistake

WEEKS_A_YEAR = 52
LONGEST = 5200
"""Longest horizon in weeks: a hundred years."""
SPAN = r"^\s*[0-9]{1,4}\s*(weeks|week|years|year)\s*$"
MOMENT = r"^\s*((week|year)\s*[0-9]{1,4}|[0-9]{1,4}\s*(weeks|week|years|year))\s*$"

_SPAN = re.compile(r"\s*([0-9]{1,4})\s*(weeks|week|years|year)\s*")
_POINT = re.compile(r"\s*(week|year)\s*([0-9]{1,4})\s*")


def horizon(value: Any) -> int:
    """Weeks of a horizon given as a whole number of weeks, ``"N weeks"`` or ``"N years"``; at least 1."""
    return _span(value, 1, "5 years")


def duration(value: Any) -> int:
    """Weeks of a duration, given like a horizon; 0 for an immediate change."""
    return _span(value, 0, "13 weeks")


def moment(value: Any) -> int:
    """Number of a week, given as a number, or as ``"week N"``, ``"year N"``, ``"N weeks"`` or ``"N years"``."""
    expected = Message("a week such as 60, 'week 60' or 'year 2' (the first week of the second year, 52)")
    number = _week(value)
    if number is None or not 0 <= number <= LONGEST:
        raise mistake(shown(value), expected, _near_moment(value))
    return number


def _span(value: Any, least: int, example: str) -> int:
    number = _weeks(value)
    if number is None or not least <= number <= LONGEST:
        fields = {"least": least, "most": LONGEST, "example": example}
        expected = Message("a number of weeks from {least} to {most}, or such as '{example}'", **fields)
        raise mistake(shown(value), expected, _near_span(value))
    return number


def _weeks(value: Any) -> int | None:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found:
        return int(found[1]) * (WEEKS_A_YEAR if found[2].startswith("year") else 1)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _week(value: Any) -> int | None:
    found = _POINT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return _weeks(value)
    number = int(found[2])
    return number if found[1] == "week" else (number - 1) * WEEKS_A_YEAR


def _near_span(value: Any) -> str | None:
    """The text that was probably meant, if it is valid; otherwise None."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}" if value <= LONGEST else None
    found = re.match(r"\s*([0-9]{1,4})\s*([wy周年])", value.lower()) if isinstance(value, str) else None
    if not found or _SPAN.fullmatch(value):
        return None
    return f"{found[1]} {'years' if found[2] in 'y年' else 'weeks'}"


def _near_moment(value: Any) -> str | None:
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([wy])[a-z]*[\s.]*([0-9]{1,4})\s*", value.lower())
        if found and not _POINT.fullmatch(value):
            return f"{'year' if found[1] == 'y' else 'week'} {found[2]}"
        if re.fullmatch(r"\s*year\s*0+\s*", value):
            return "year 1"
    return _near_span(value)
