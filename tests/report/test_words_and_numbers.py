"""Words agree with the numbers beside them: bounds, intervals, targets, maps, and the city beside its districts."""

import re

import numpy as np
import pytest
from fake import make_run

from sim.analysis.targets import judge
from sim.console.run_summary import target_text
from sim.report.parts.estimates import estimate
from sim.report.parts.numbers import together
from sim.report.parts.places import places
from sim.report.run.answer import answer
from sim.report.run.figures.city import draw_districts, plot_map
from sim.report.run.targets import beside, split, targets


def value_of(shown: str) -> float:
    return float(shown.replace("−", "-").replace(",", "").replace("\u202f%", ""))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ((0.0104, 0.0098, 0.0112), "stability"),
        ((0.003, 0.0001, 0.005), "stability"),
        ((0.251, 0.2497, 0.2521), "volunteers"),
        ((260.0, 259.6, 260.4), "rate_contacts"),
        ((3.94e-5, 1e-5, 9e-5), ""),
        ((-0.0021, -0.0040, -0.0002), "gap_service"),
    ],
)
def test_the_ends_of_an_interval_are_distinguished_from_each_other_and_from_zero(values, name):
    for sign in (False, True):
        mean, low, high = (value_of(shown) for shown in together(values, name, sign))
        assert low < mean < high
        assert not sign or (low > 0 or high < 0)
    places_of = {len(re.sub(r"[^\d.]", "", shown).partition(".")[2]) for shown in together(values, name)}
    assert len(places_of) == 1


def test_a_tiny_value_beside_large_ones_and_a_tiny_share_have_no_digits_of_their_own():
    assert together((-0.00047, -0.07119, 0.15082), "", sign=True) == ["0.000", "−0.071", "+0.151"]
    assert max(map(len, together((-4e-7, -1.7e-5, 7e-6), "gap_service", sign=True))) <= len("−0.0000")


def test_what_has_no_interval_is_a_dash():
    assert together((0.5, np.nan, np.nan), "stability") == ["0.50", "–", "–"]
    assert together((np.nan,) * 3) == ["–"] * 3


@pytest.mark.parametrize(
    ("bound", "value", "metric"), [(0.32, 0.3249, "rate_cleared_share"), (0.5, 0.4996, "stability"), (80.0, 80.3, "rate_office")]
)
def test_a_value_beyond_a_bound_does_not_look_like_the_bound(bound, value, metric):
    asked, shown = (value_of(text) for text in beside(bound, value, metric))
    assert (shown > asked) == (value > bound)
    assert shown != asked
    assert len(set(beside(bound, bound, metric))) == 1


def test_a_target_that_some_runs_miss_is_met_by_the_mean_alone():
    asked = [{"metric": "stability", "by": 15, "at_least": 0.0, "responsible": "city"}]
    run = make_run(10, 20, 2, targets=asked)
    at_date = run.weekly.loc[run.weekly["week"] == 15, "stability"]
    for bound, divided in ((0.0, False), (float(at_date.median()), True)):
        run = make_run(10, 20, 2, targets=[asked[0] | {"at_least": bound}])
        (row,) = judge(run.scenario.targets, run.weekly).to_dict("records")
        assert split(row) == divided
        states = {lang: targets(run, lang)[0]["state"] for lang in ("en", "zh")}
        plain = {lang: targets(make_run(10, 20, 2, targets=asked), lang)[0]["state"] for lang in ("en", "zh")}
        assert all((states[lang] != plain[lang]) == divided for lang in states)


def test_the_terminal_says_in_which_week_a_target_was_judged_and_what_was_found():
    run = make_run(10, 20, 2, targets=[{"metric": "stability", "by": 15, "at_least": 0.3, "responsible": "city"}])
    (row,) = judge(run.scenario.targets, run.weekly).to_dict("records")
    said = target_text(run.scenario.targets[0], row)
    assert "week 15" in said
    assert f"{row['at_date']:.2f} in week 15" in said


def test_a_run_of_one_year_has_no_change_on_its_map():
    for years, moved in ((1, False), (2, True)):
        run = make_run(2, 52 * years, 2)
        assert np.isfinite(places(run)["start"]).any() == moved
        axes = plot_map(run, change=True)
        assert (len(axes.collections) > 1) == moved  # one cloud of dots, or triangles up and down


def test_only_the_index_that_adds_up_has_the_city_beside_its_districts():
    run = make_run(2, 20, 16)
    panels = draw_districts(run).axes
    assert len(panels) == 2
    lines = [[line for line in axes.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2] for axes in panels]
    assert [len(found) for found in lines] == [1, 0]
    city = run.weekly[run.weekly["week"] >= 15]["satisfaction"].mean()
    assert lines[0][0].get_xdata()[0] == pytest.approx(city, abs=0.01)


def test_few_runs_are_not_distinguished_from_chance():
    for runs, known in ((1, False), (4, False), (5, True)):
        assert np.isfinite(estimate(np.linspace(0.1, 0.2, runs)).low) == known
        for lang in ("en", "zh"):
            said = " ".join(answer(make_run(runs, 20, 2), lang))
            assert ("95" in said) == known
            assert "nan" not in said.lower()
            assert "–至" not in said
