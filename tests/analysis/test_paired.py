"""Paired statistics: intervals cover as often as they say, false alarms stay as rare as they say, and degenerate pairs are told apart."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.paired import holm, interval_of, needed, paired, rivals_of_best

ALARM = 1e-6
"""Chance that a test of a rate fails although the rate is what it should be (exact binomial bounds)."""


def within(count: int, trials: int, rate: float) -> bool:
    """Whether a count is one that a rate gives but for one time in a million."""
    low, high = stats.binom.interval(1 - ALARM, trials, rate)
    return low <= count <= high


def pairs(rng, n, shift=0.0, shared=3.0):
    """Two outcomes that share most of their luck."""
    luck = rng.normal(0, shared, n)
    return luck + rng.normal(0, 1, n), luck + shift + rng.normal(0, 1, n)


@pytest.mark.parametrize("n", [5, 30])
def test_student_intervals_cover_the_truth_95_times_in_100(n):
    rng = np.random.default_rng(1)
    found = [paired(*pairs(rng, n, shift=0.4)) for _ in range(2000)]
    assert within(sum(f.low <= 0.4 <= f.high for f in found), 2000, 0.95)


def test_bootstrap_intervals_cover_nearly_as_often():
    # BCa with 30 pairs is known to cover a little less than it says: the lower bound is that of 0.90.
    rng = np.random.default_rng(2)
    found = [paired(*pairs(rng, 30, shift=0.4), interval="bootstrap") for _ in range(150)]
    count = sum(f.low <= 0.4 <= f.high for f in found)
    assert stats.binom.ppf(ALARM, 150, 0.90) <= count


def test_where_nothing_differs_p_is_uniform():
    rng = np.random.default_rng(3)
    p = [paired(*pairs(rng, 10)).p for _ in range(2000)]
    assert stats.kstest(p, "uniform").pvalue > ALARM


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


def test_the_same_as_scipy():
    a, b = pairs(np.random.default_rng(6), 20, shift=1.0)
    found, theirs = paired(a, b), stats.ttest_rel(b, a)
    assert found.p == pytest.approx(theirs.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(theirs.confidence_interval()))


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


def test_a_difference_without_luck_is_settled_and_none_is_none():
    always = paired([0.5, 0.6, 0.7], [0.75, 0.85, 0.95])
    assert (always.low, always.high) == pytest.approx((0.25, 0.25))
    assert always.p == 0.0
    same = paired([0.5, 0.6, 0.7], [0.5, 0.6, 0.7])
    assert (same.mean, same.p, same.share_won) == (0.0, 1.0, 0.5)
    rounding = paired([0.05, 0.05, 0.05], [0.0500001] * 3)  # levers are held in single precision
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
    values = np.array([[1.0, 5.0, np.nan], [1.1, 5.1, np.nan], [0.9, 5.0, np.nan]])
    assert rivals_of_best(values, more_is_better=False).tolist() == [True, False, False]
    assert rivals_of_best(values).tolist() == [False, True, False]


def test_intervals_along_an_axis():
    values = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 4.0]])
    mean, low, high = interval_of(values)
    assert mean == pytest.approx([3.0, 3.0])
    assert (low[0], high[0]) == pytest.approx(stats.t.interval(0.95, 2, 3.0, 2 / np.sqrt(3)))
    assert np.isnan(interval_of(np.array([1.0]))[1])
