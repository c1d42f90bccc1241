"""Paired statistics: intervals have their nominal coverage, tests their nominal error rate, and degenerate pairs are recognised."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.intervals import FEWEST, mean_interval
from sim.analysis.paired import holm, needed, pair_means, paired, rivals_of_best

ALARM = 1e-6
"""Chance that a test of a rate fails although the rate is what it should be (exact binomial bounds)."""


def within(count: int, trials: int, rate: float) -> bool:
    """Whether a count is one that a rate gives but for one time in a million."""
    low, high = stats.binom.interval(1 - ALARM, trials, rate)
    return low <= count <= high


def pairs(rng, n, shift=0.0, shared=3.0):
    """Two strongly correlated outcomes."""
    luck = rng.normal(0, shared, n)
    return luck + rng.normal(0, 1, n), luck + shift + rng.normal(0, 1, n)


def test_where_nothing_differs_p_is_small_as_seldom_as_it_says():
    rng = np.random.default_rng(3)
    for n in (5, 10, 30):
        p = np.array([paired(*pairs(rng, n)).p for _ in range(2000)])
        for level in (0.05, 0.01, 0.001):
            assert (p < level).sum() <= stats.binom.ppf(1 - ALARM, 2000, level)


def test_holm_lets_one_family_in_twenty_through_at_most():
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(600):
        luck = rng.normal(0, 1, (12, 1))  # metrics that hang together
        p = [paired(np.zeros(12), column).p for column in (luck + rng.normal(0, 1, (12, 20))).T]
        alarms += holm(p).min() < 0.05
    assert alarms <= stats.binom.ppf(1 - ALARM, 600, 0.05)


def test_holm_by_hand_and_without_what_is_missing():
    assert holm([0.01, 0.04, 0.03, np.nan, 0.005]) == pytest.approx([0.03, 0.06, 0.06, np.nan, 0.02], nan_ok=True)
    assert np.isnan(holm([np.nan])).all()


def test_pairing_is_worth_what_the_variance_ratio_says():
    a, b = pairs(np.random.default_rng(5), 4000, shared=3.0)
    assert paired(a, b).variance_ratio == pytest.approx(20 / 2, rel=0.1)  # its standard error is about 2 %


def test_symmetric_noise_has_students_interval_and_skewed_noise_a_wider_one():
    even = np.array([-3.0, -1.0, -0.5, 0.5, 1.0, 3.0]) + 2.0
    found, theirs = paired(np.zeros(6), even), stats.ttest_1samp(even, 0)
    assert found.p == pytest.approx(theirs.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-6)
    skewed = np.array([0.1, 0.2, 0.4, 0.3, 0.2, 4.0])
    found, theirs = paired(np.zeros(6), skewed), stats.ttest_1samp(skewed, 0).confidence_interval()
    assert found.low == pytest.approx(theirs.low)
    assert found.high > theirs.high  # towards the long tail


@pytest.mark.parametrize("interval", ["t", "bootstrap"])
@pytest.mark.parametrize("n", [5, 8, 30])
def test_p_is_below_5_per_cent_exactly_where_the_interval_leaves_out_zero(interval, n):
    rng = np.random.default_rng(11)
    seen = set()
    for trial in range(60):
        difference = rng.exponential(1.0, n) * (rng.random(n) < 0.7) - rng.choice([0.0, 0.2, 0.5])
        found = paired(np.zeros(n), difference, interval=interval, seed=trial)
        if np.isfinite(found.low):
            seen.add(found.p < 0.05)
            assert (found.low > 0 or found.high < 0) == (found.p < 0.05)
    assert seen == {True, False} or n == 5


def test_fewer_than_five_pairs_have_numbers_but_neither_interval_nor_p():
    for n in range(2, FEWEST):
        for interval in ("t", "bootstrap"):
            found = paired(np.zeros(n), np.ones(n) + 0.01 * np.arange(n), interval=interval)
            assert found.mean == pytest.approx(1 + 0.005 * (n - 1))
            assert np.isnan([found.low, found.high, found.p]).all()


def test_pairs_that_nearly_all_agree_have_no_interval_and_the_sign_test():
    few = np.zeros(30)
    few[:4] = [0.1, 0.3, 0.2, 0.5]
    found = paired(np.zeros(30), few)
    assert np.isnan([found.low, found.high]).all()
    assert found.p == stats.binomtest(4, 4).pvalue
    few[:9] = np.arange(1, 10)
    assert np.isfinite(paired(np.zeros(30), few).low)


def test_who_won_depends_on_what_is_better_and_ties_count_half():
    a, b = [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 4.0, 3.0]
    assert paired(a, b).share_won == pytest.approx(0.625)
    assert paired(a, b, less_is_better=True).share_won == pytest.approx(0.375)


def test_pairs_that_lack_a_value_are_left_out():
    found = paired([1.0, np.nan, 3.0, 1.0], [2.0, 5.0, np.nan, 4.0])
    assert (found.n, found.mean) == (2, 2.0)
    assert paired([np.nan], [1.0]).n == 0
    one = paired([1.0], [2.0])
    assert one.mean == 1.0
    assert np.isnan(one.p)


def test_a_difference_that_never_varies_is_never_certain():
    for n in (5, 10, 30):
        base = 0.5 + 0.1 * np.arange(n)
        always = paired(base, base + 0.25)
        assert always.mean == pytest.approx(0.25)
        assert np.isnan([always.low, always.high]).all()
        assert always.p == pytest.approx(2.0 ** (1 - n))
        assert always.deviation == 0
        settling = needed(0.25, 0.0, 2.0 ** (1 - n))
        assert settling == max(5, n)


def test_no_difference_is_none_and_rounding_is_no_difference():
    same = paired(np.arange(6.0), np.arange(6.0))
    assert (same.mean, same.p, same.share_won) == (0.0, 1.0, 0.5)
    rounding = paired([0.05] * 6, [0.0500001] * 6)  # levers are held in single precision
    assert (rounding.mean, rounding.p) == (0.0, 1.0)


@pytest.mark.parametrize(("effect", "level"), [(0.5, 0.05), (1.0, 0.05), (0.5, 0.05 / 200)])
def test_so_many_pairs_settle_a_difference_in_eight_of_ten_experiments(effect, level):
    n, trials = int(needed(effect, 1.0, level)), 2000
    sample = np.random.default_rng(7).normal(effect, 1.0, (trials, n))
    settled = (stats.ttest_1samp(sample, 0, axis=1).pvalue < level).sum()
    # The formula is good to a pair or two: the power lies between 0.75 and 0.88.
    assert stats.binom.ppf(ALARM, trials, 0.75) <= settled <= stats.binom.ppf(1 - ALARM, trials, 0.88)


def test_what_makes_no_difference_is_never_settled():
    assert needed(0.0, 1.0, 0.05) == np.inf
    assert isinstance(needed(1e-14, 1.0, 0.05), float)  # more than a whole number of a table can hold
    assert np.isnan(needed(np.nan, 1.0, 0.05))


def test_the_truly_best_option_is_left_out_in_one_of_twenty_at_most():
    rng = np.random.default_rng(8)
    truth = np.array([0.0, 0.0, -0.2, -0.5, -3.0, *[-0.1] * 10])  # the first two are best: either may be looked for
    missing, told_apart = 0, 0
    for _ in range(400):
        found = rivals_of_best(rng.normal(0, 3, (8, 1)) + truth + rng.normal(0, 1, (8, len(truth))))
        missing += not found[0]
        told_apart += not found[4]
    assert missing <= stats.binom.ppf(1 - ALARM, 400, 0.05)
    assert told_apart > 100  # and it does tell apart what is far below


def test_the_best_may_be_the_least_and_options_without_values_are_none():
    values = np.array([[1.0, 5.0, np.nan], [1.1, 5.1, np.nan], [0.9, 5.0, np.nan]] * 2) + 0.01 * np.arange(6)[:, None] ** [1, 2, 1]
    assert rivals_of_best(values, more_is_better=False).tolist() == [True, False, False]
    assert rivals_of_best(values).tolist() == [False, True, False]


def test_too_few_pairs_tell_no_option_from_another():
    assert rivals_of_best(np.arange(8.0).reshape(4, 2) * [1, 100]).all()


def test_intervals_along_an_axis_are_those_of_every_row_without_what_is_missing():
    values = np.random.default_rng(9).exponential(1.0, (3, 12))
    values[1, :3] = np.nan
    values[2, 2:] = np.nan
    found = mean_interval(values, axis=1)
    for row in range(2):
        alone = mean_interval(values[row][np.isfinite(values[row])])
        assert [part[row] for part in found] == pytest.approx([float(part) for part in alone])
    assert found.n.tolist() == [12, 9, 2]
    assert np.isnan([found.low[2], found.p[2]]).all()
    assert mean_interval(np.full((2, 0), np.nan), axis=1).n.tolist() == [0, 0]


def test_a_mean_that_a_few_large_pairs_turn_against_the_others_is_never_shown():
    few = paired(np.zeros(30), np.r_[np.full(25, -0.01), np.ones(5)])
    assert few.mean > 0
    assert few.p == 1.0
    assert paired(np.zeros(30), np.r_[np.full(25, -0.01), np.full(5, -1.0)]).p < 1e-6


def test_means_of_pairs_differ_by_the_mean_difference():
    base, other = np.array([1.0, np.nan, 3.0, 4.0]), np.array([2.0, 5.0, np.nan, 9.0])
    first, second = pair_means(base, other)
    assert (first, second) == (2.5, 5.5)
    assert second - first == paired(base, other).mean
    assert np.isnan(pair_means(base[:2], np.array([np.nan, 1.0]))).all()
