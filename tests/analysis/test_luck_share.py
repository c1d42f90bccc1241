"""Variance components: known truth is covered as often as stated."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.luck_share import luck_alone, luck_share, pooled

SETS = 300


@pytest.mark.parametrize("true", [0.2, 0.5, 0.9])
def test_the_interval_covers_the_share_of_luck(true):
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(SETS):
        middle = np.sqrt(1 - true) * rng.normal(size=60)
        first, second = (middle + np.sqrt(true) * rng.normal(size=60) for _ in range(2))
        found = luck_share(first, list(np.column_stack([first, second])[:10]))
        covered += found.low <= true <= found.high
    assert stats.binomtest(covered, SETS, 0.9, alternative="less").pvalue > 1e-4


def test_components_are_those_of_the_makers():
    rng = np.random.default_rng(4)
    middle = 3.0 * rng.normal(size=400)
    seeds = middle[:, None] + rng.normal(size=(400, 2))
    found = luck_share(seeds[:, 0], list(seeds))
    assert found.luck == pytest.approx(1.0, rel=0.15)  # four standard errors of 400 pairs
    assert found.assumptions == pytest.approx(3.0, rel=0.15)
    assert not found.truncated
    default = luck_share(seeds[:, 0], [rng.normal(size=40)])
    assert (default.freedom, default.share) == (39, pytest.approx(found.share, rel=1.0))


def test_an_estimate_below_zero_is_cut_and_said():
    found = luck_share(np.array([0.0, 0.1, -0.1, 0.05]), [np.array([5.0, -5.0]), np.array([3.0, -4.0])])
    assert (found.assumptions, found.share, found.truncated) == (0.0, 1.0, True)


def test_without_replicates_nothing_is_known():
    found = luck_share(np.arange(5.0), [np.array([1.0]), np.array([np.nan, 2.0])])
    assert found.freedom == 0
    assert np.isnan(found.share)
    assert pooled([np.array([1.0, 3.0, np.nan]), np.array([2.0])]) == (2.0, 1)


def test_equal_differences_have_no_share():
    assert np.isnan(luck_share(np.ones(10), [np.ones(2)]).share)


def test_luck_alone_covers_the_count_when_all_worlds_have_one_effect():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(SETS):
        values, again = (0.8 + rng.normal(size=60) for _ in range(2))
        variance, freedom = pooled(list(np.column_stack([values, again])[:10]))
        low, high = luck_alone(float(np.median(values)), 60, variance, freedom)
        covered += low <= (values > 0).sum() <= high
    assert stats.binomtest(covered, SETS, 0.9, alternative="less").pvalue > 1e-4


def test_luck_alone_at_its_ends():
    assert luck_alone(1.0, 60, 0.0, 10) == (60, 60)
    low, high = luck_alone(1e-9, 60, 1.0, 1000)
    assert low < 30 < high
    assert luck_alone(-2.0, 60, 1.0, 1000) == luck_alone(2.0, 60, 1.0, 1000)
    wide, narrow = luck_alone(1.0, 60, 1.0, 3), luck_alone(1.0, 60, 1.0, 1000)
    assert wide[0] < narrow[0]
