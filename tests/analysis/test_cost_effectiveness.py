"""Cost per effect: its interval covers the truth as often as it says, has no ends where there may be no effect, and knows its quadrant."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.cost_effectiveness import (
    COSTS,
    DOMINATED,
    DOMINATES,
    FREE,
    LOSES,
    NO_EFFECT,
    NONE,
    OPEN,
    SAVES,
    WORSE,
    cost_per_effect,
)
from sim.analysis.intervals import FEWEST, mean_interval

ALARM = 1e-6
"""Chance that a test of a rate fails although the rate is what it should be (exact binomial bounds)."""
TRIALS = 1000


def pairs(rng, n, cost, effect, correlation=0.0):
    """Differences in cost and effect with a standard deviation of 1."""
    shared, own = rng.normal(size=(2, n))
    return cost + correlation * shared + math.sqrt(1 - correlation**2) * own, effect + shared


def fieller(cost, effect):
    """The closed form for Student's t."""
    n = len(cost)
    q = stats.t.ppf(0.975, n - 1) ** 2 / n
    a, c = (values.mean() ** 2 - q * values.var(ddof=1) for values in (effect, cost))
    b = cost.mean() * effect.mean() - q * np.cov(cost, effect)[0, 1]
    reach = math.sqrt(b * b - a * c)
    return (b - reach) / a, (b + reach) / a


@pytest.mark.parametrize(("cost", "effect", "correlation"), [(2.0, 1.0, 0.5), (0.0, 1.0, 0.0), (1.0, 0.5, -0.8), (-1.0, -1.5, 0.9)])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(cost, effect, correlation):
    rng = np.random.default_rng(1)
    missed = 0
    for _ in range(TRIALS):
        found = cost_per_effect(*pairs(rng, 20, cost, effect, correlation))
        missed += not found.low <= cost / effect <= found.high
    assert missed <= stats.binom.ppf(1 - ALARM, TRIALS, 0.05)


def test_without_an_effect_an_interval_with_ends_is_as_rare_as_a_false_alarm():
    rng = np.random.default_rng(2)
    found = [cost_per_effect(*pairs(rng, 15, 1.0, 0.0)) for _ in range(TRIALS)]
    assert sum(one.verdict != NO_EFFECT for one in found) <= stats.binom.ppf(1 - ALARM, TRIALS, 0.05)
    for one in found:
        assert one.bounded == (one.verdict != NO_EFFECT)


def test_it_contains_fiellers_interval_and_is_that_for_symmetric_differences():
    rng = np.random.default_rng(3)
    for _ in range(50):
        cost, effect = pairs(rng, 25, 3.0, 2.0, 0.4)
        found, theirs = cost_per_effect(cost, effect), fieller(cost, effect)
        assert found.low <= theirs[0] * (1 + 1e-6)
        assert found.high >= theirs[1] * (1 - 1e-6)
    even = np.concatenate([deviation := np.linspace(0.1, 1.5, 8), -deviation])
    found = cost_per_effect(5.0 + 0.5 * even, 3.0 + even)
    assert (found.low, found.high) == pytest.approx(fieller(5.0 + 0.5 * even, 3.0 + even), rel=1e-3)


def test_it_is_bounded_exactly_where_the_interval_of_the_effect_excludes_zero():
    rng = np.random.default_rng(4)
    for _ in range(300):
        effect = rng.exponential(1.0, 12) - rng.uniform(0, 1)  # skewed
        found = cost_per_effect(1.0 + rng.normal(size=12), effect)
        mean = mean_interval(effect)
        assert found.bounded == bool(mean.low > 0 or mean.high < 0)


QUADRANTS = [(9, 9, COSTS), (0, 9, OPEN), (-9, 9, DOMINATES), (9, -9, DOMINATED), (-9, -9, SAVES), (0, -9, LOSES), (9, 0, NO_EFFECT)]


@pytest.mark.parametrize(("cost", "effect", "verdict"), QUADRANTS)
def test_quadrants(cost, effect, verdict):
    noise = np.linspace(-1, 1, 9)
    found = cost_per_effect(cost + noise, effect + noise[[3, 0, 8, 5, 1, 7, 2, 6, 4]])
    assert found.verdict == verdict
    assert found.bounded == (verdict != NO_EFFECT)
    if cost * effect:
        assert math.copysign(1, found.low) == math.copysign(1, found.high) == math.copysign(1, cost * effect)


@pytest.mark.parametrize(("sign", "verdict"), [(1, FREE), (-1, WORSE)])
def test_the_same_money_costs_nothing_for_each_effect(sign, verdict):
    found = cost_per_effect(np.zeros(10), sign * np.linspace(1, 2, 10))
    assert (found.verdict, found.ratio, found.low, found.high) == (verdict, 0, 0, 0)


def test_money_that_is_the_same_in_every_pair_divides_the_ends_of_the_effect():
    effect = np.linspace(1, 2, 10)
    found, mean = cost_per_effect(np.full(10, 6.0), effect), mean_interval(effect)
    assert found.verdict == COSTS
    assert (found.low, found.high) == pytest.approx((6 / float(mean.high), 6 / float(mean.low)), rel=1e-5)


def test_no_difference_at_all_and_too_few_pairs():
    same = cost_per_effect(np.ones(8), np.zeros(8))
    assert same.verdict == NO_EFFECT
    assert math.isnan(same.ratio)
    for n in (1, FEWEST - 1):
        few = cost_per_effect(np.full(n, 2.0), np.full(n, 4.0))
        assert (few.verdict, few.ratio) == (NONE, 0.5)
        assert math.isnan(few.low)
    assert cost_per_effect([], []).verdict == NONE


def test_pairs_without_a_value_are_left_out_and_units_do_not_matter():
    rng = np.random.default_rng(5)
    cost, effect = pairs(rng, 12, 2.0, 3.0)
    found = cost_per_effect(cost, effect)
    with_gap = cost_per_effect(np.append(cost, np.nan), np.append(effect, 1.0))
    assert with_gap == found
    scaled = cost_per_effect(1e9 * cost, 1e-3 * effect)
    assert (scaled.low, scaled.high) == pytest.approx((1e12 * found.low, 1e12 * found.high), rel=1e-6)
