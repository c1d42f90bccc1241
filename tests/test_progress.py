"""Lines of progress where there is no terminal."""

import re

import pytest

from sim.console import progress as console


@pytest.fixture
def clock(monkeypatch):
    """The time, which tests set."""
    now = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    return now


def _lines(capsys):
    return [re.search(r"(\d+) %.*?(?:, (\d+ (?:s|min)) left)?$", line).groups() for line in capsys.readouterr().err.splitlines()]


def test_time_left_is_that_at_the_present_pace(clock, capsys):
    report = console.Progress("a run", quiet=False)
    clock[0] = 90.0  # compiling
    for step, seconds in ((0, 0), (10, 5), (20, 5), (30, 20)):
        clock[0] += seconds
        report(step, 100)
    assert _lines(capsys) == [("10", "45 s"), ("20", "40 s"), ("30", "140 s")]


def test_work_kept_from_an_earlier_run_is_no_measure_of_pace(clock, capsys):
    report = console.Progress("a run", quiet=False)
    report(80, 100)
    clock[0] = 600.0
    report(90, 100)
    clock[0] = 1300.0
    report(100, 100)
    assert _lines(capsys) == [("80", None), ("90", "10 min"), ("100", None)]
