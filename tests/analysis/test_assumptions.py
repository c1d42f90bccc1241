"""Assumptions that carry a spread: found where they are, and not where luck alone would name them."""

import numpy as np
import pandas as pd
from scipy import stats

from sim.analysis.assumptions import ALARM, FEWEST_WORLDS, carriers

SETS = 200


def worlds(rng, n=60, coefficients=80):
    """Assumptions made up."""
    table = pd.DataFrame(rng.random((n, coefficients)), columns=[f"c{i}" for i in range(coefficients)])
    for number in range(5):
        table[f"form{number}"] = rng.choice(["a", "b", "c"][: 2 + number % 2], n)
    return table


def test_luck_names_nothing_but_at_the_stated_rate():
    rng = np.random.default_rng(1)
    named = sum(bool(carriers(worlds(rng), rng.standard_t(2, 60), seed=number)) for number in range(SETS))
    assert stats.binomtest(named, SETS, ALARM, alternative="greater").pvalue > 1e-4


def test_an_assumption_with_half_of_the_variance_is_named_alone():
    """Power .9 at least, and something else beside it in about one of twenty."""
    rng = np.random.default_rng(2)
    hits = others = 0
    for number in range(60):
        table = worlds(rng)
        spread = table["c3"] + rng.normal(0.0, 0.288, 60)
        names = [one.name for one in carriers(table, spread, seed=number)]
        hits, others = hits + (names[:1] == ["c3"]), others + (len(names) > 1)
    assert hits >= 54
    assert stats.binomtest(others, 60, ALARM, alternative="greater").pvalue > 1e-4


def test_a_structural_choice_is_named_with_its_option_and_once():
    rng = np.random.default_rng(3)
    table = worlds(rng, 120)
    spread = table["form1"].map({"a": 0.0, "b": 3.0, "c": 6.0}) - 4 * table["c5"] + 0.5 * rng.normal(size=120)
    found = carriers(table, spread)
    assert {one.name for one in found} == {"form1", "c5"}
    assert next(one.correlation for one in found if one.name == "c5") < 0
    assert sum(one.share for one in found) <= 1.0


def test_what_only_goes_along_with_a_carrier_is_not_named():
    rng = np.random.default_rng(4)
    wrong = 0
    for number in range(40):
        table = worlds(rng, 200, 20)
        table["c1"] = table["c0"] + 0.3 * rng.normal(size=200)
        wrong += "c1" in {one.name for one in carriers(table, table["c0"] + 0.3 * rng.normal(size=200), seed=number)}
    assert stats.binomtest(wrong, 40, ALARM, alternative="greater").pvalue > 1e-4


def test_three_at_most():
    rng = np.random.default_rng(5)
    table = worlds(rng, 300, 20)
    assert len(carriers(table, sum(table[f"c{i}"] for i in range(5)))) == 3


def test_missing_values_few_worlds_and_equal_differences():
    rng = np.random.default_rng(6)
    table = worlds(rng)
    spread = table["c2"].to_numpy().copy()
    whole = carriers(table[:50], spread[:50])
    spread[50:] = np.nan
    assert carriers(table, spread) == whole
    assert whole[0].name == "c2"
    assert carriers(table[: FEWEST_WORLDS - 1], spread[: FEWEST_WORLDS - 1]) == []
    assert carriers(table, np.zeros(60)) == []
