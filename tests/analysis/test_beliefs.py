"""What one would have to believe: the rule that was put in is found, and none where there is none."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_assumptions import worlds

from sim.analysis.beliefs import ALARM, Condition, Rule, rounded_between, rule
from sim.experiments.comparisons.world_sentences import rule_said


@pytest.mark.parametrize("more", [0.0, 0.43])
def test_luck_finds_no_rule_but_at_the_stated_rate(more):
    """Whether both sides win equally often, or one in a third of the worlds."""
    rng, sets = np.random.default_rng(1), 150
    found = sum(rule(worlds(rng, 60, 30), rng.normal(size=60) + more, seed=number) is not None for number in range(sets))
    assert stats.binomtest(found, sets, ALARM, alternative="greater").pvalue > 1e-4


def test_a_threshold_that_flips_the_sign_is_found():
    """A third of 60 worlds go the other way, and luck turns one in twenty: power .8 at least."""
    rng, hits = np.random.default_rng(2), 0
    for number in range(15):
        table = worlds(rng)
        gain = np.where(table["c3"] > 2 / 3, -1.0, 1.0) * np.where(rng.random(60) < 0.05, -1, 1)
        found = rule(table, gain, seed=number)
        hits += (
            found is not None
            and found.conditions[0][0] == "c3"
            and not found.positive
            and abs(found.conditions[0].threshold - 2 / 3) < 0.15
        )
    assert hits >= 12


def test_two_conditions_where_both_are_needed():
    rng = np.random.default_rng(3)
    table = worlds(rng, 120)
    found = rule(table, np.where((table["c1"] > 0.4) & (table["form0"] == "a"), 1.0, -1.0))
    assert {one.name for one in found.conditions} == {"c1", "form0"}
    assert (found.positive, found.against, found.missed) == (True, 0, 0)
    assert found.p <= ALARM / 2


def test_one_condition_is_not_followed_by_a_needless_second():
    rng = np.random.default_rng(4)
    needless = 0
    for number in range(12):
        table = worlds(rng, 60, 30)
        found = rule(table, np.where(table["c2"] > 0.6, 1.0, -1.0) * np.where(rng.random(60) < 0.05, -1, 1), seed=number)
        needless += found is not None and len(found.conditions) == 2
    assert stats.binomtest(needless, 12, ALARM, alternative="greater").pvalue > 1e-3


def test_counts_are_those_of_its_conditions():
    rng = np.random.default_rng(5)
    table = worlds(rng)
    gain = np.where(table["c0"] > 0.6, 1.0, -1.0)
    gain[:4] *= -1
    gain[4], gain[5] = 0.0, np.nan
    found = rule(table, gain)
    met = np.logical_and.reduce([one.met(table) for one in found.conditions])
    counted = np.isfinite(gain) & (gain != 0)
    assert found.worlds == 58
    assert found.inside == (met & counted).sum()
    assert found.against == (met & (gain < 0)).sum()
    assert found.missed == (~met & (gain > 0)).sum()


def test_thresholds_are_rounded_within_the_gap():
    assert rounded_between(0.612, 0.694) == 0.65
    assert rounded_between(0.96, 1.3) == 1.0
    assert rounded_between(1.2345e-5, 1.2349e-5) == 1.2347e-5
    assert rounded_between(-3.1, -2.2) == -3.0
    close = np.nextafter(1.0, 2.0)
    assert 1.0 <= rounded_between(1.0, close) < close


@pytest.mark.parametrize(
    "gain", [np.zeros(60), np.ones(60), np.full(60, np.nan), np.array([1.0] * 57 + [-1.0] * 3), np.array([1.0, -1.0] * 4)]
)
def test_no_rule_without_two_sides(gain):
    table = pd.DataFrame({"c": np.arange(len(gain), dtype=float)})
    assert rule(table, gain) is None


def test_the_sentence_in_both_languages():
    found = Rule((Condition("offending.base", "", 0.02, True), Condition("form", "b", float("nan"), False)), False, 14, 2, 3, 60, 0.005)
    said = rule_said(found, "law", "base")
    english = said.text("en")
    assert english.startswith("base does better in 12 of the 14 worlds where offending.base (")
    assert english.endswith("is above 0.02 and form is not b, and in 3 of the other 46")
    assert "offending.base（" in said.text("zh")
    assert "高于0.02和form不为b" in said.text("zh")
    assert "luck" in rule_said(None, "law", "base").text("en")
