"""Spans and moments as people type them."""

import pytest
from pydantic_core import PydanticCustomError

from sim.scenario.schema.times import duration, horizon, moment


@pytest.mark.parametrize(
    ("text", "weeks"),
    [("5 years", 260), ("1 year", 52), ("1 week", 1), (" 60  weeks ", 60), ("100 years", 5200), (52, 52), ("2years", 104)],
)
def test_spans(text, weeks):
    assert horizon(text) == duration(text) == weeks


def test_only_durations_may_be_nothing():
    assert duration(0) == duration("0 weeks") == 0
    with pytest.raises(PydanticCustomError):
        horizon(0)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        *[(0, 0), (60, 60), ("week 60", 60), ("week 0", 0), ("60 weeks", 60), (5200, 5200)],
        *[("year 1", 0), ("year 2", 52), ("year 3", 104), ("2 years", 104), ("year2", 52), (" year  2 ", 52)],
    ],
)
def test_weeks_are_counted_from_0_and_years_from_1(text, week):
    assert moment(text) == week


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *[("y2", "year 2"), ("Year 2", "year 2"), ("WEEK 7", "week 7"), ("w7", "week 7"), ("wk. 7", "week 7"), ("year 0", "year 1")],
        *[("3y", "3 years"), ("3 Weeks", "3 weeks"), (52.0, "52"), (1e9, ""), ("soon", ""), ("6 months", ""), (True, ""), (None, "")],
        *[(-1, ""), (5201, ""), ("101 years", ""), ([1], ""), ("year two", ""), ("year 2 week 3", ""), ("1.5 years", "")],
    ],
)
def test_other_moments_are_refused_with_what_was_meant(value, meant):
    with pytest.raises(PydanticCustomError) as caught:
        moment(value)
    assert caught.value.context["suggestion"] == meant  # type: ignore[index]
    if meant:
        assert moment(int(meant) if meant.isdecimal() else meant) >= 0


@pytest.mark.parametrize(
    ("value", "meant"), [("5y", "5 years"), ("2年", "2 years"), (52.0, "52"), ("year 2", ""), ("-3 weeks", ""), ("13", ""), (0.5, "")]
)
def test_other_spans_are_refused_with_what_was_meant(value, meant):
    with pytest.raises(PydanticCustomError) as caught:
        duration(value)
    assert caught.value.context["suggestion"] == meant  # type: ignore[index]
