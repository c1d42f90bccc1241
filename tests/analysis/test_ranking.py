"""Ranks under other weights."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.ranking import ranking, weightings

ALARM = 1e-6


def test_weightings_are_flat_over_the_simplex():
    weights = weightings([3], 4000, seed=1)
    assert np.allclose(weights.sum(axis=1), 1)
    # Each weight of a flat Dirichlet over three has the distribution Beta(1, 2).
    for column in weights.T:
        assert stats.kstest(column, stats.beta(1, 2).cdf).pvalue > ALARM


def test_several_indices_weigh_the_same_on_average_however_many_parts_they_have():
    weights = weightings([4, 3], 4000, seed=2)
    assert np.allclose(weights.sum(axis=1), 1)
    assert stats.kstest(weights[:, :4].sum(axis=1), "uniform").pvalue > ALARM


def test_an_option_that_is_better_in_every_part_ranks_first_under_every_weighting():
    values = np.tile([[0.5, 0.5], [0.6, 0.7], [0.1, 0.2]], (4, 1, 1))
    found = ranking(values, weightings([2], 500, seed=3))
    assert found.first.tolist() == found.first_with_luck.tolist() == [0.0, 1.0, 0.0]
    assert found.mean_rank.tolist() == [2.0, 1.0, 3.0]
    assert (found.best_rank == found.worst_rank).all()


def test_the_share_is_that_of_the_weightings():
    # The first option wins where w1 > 1/4 of the weight: three quarters of the weightings of two parts.
    values = np.tile([[0.3, 0.0], [0.0, 0.1]], (3, 1, 1))
    first = ranking(values, weightings([2], 4000, seed=4)).first[0]
    low, high = stats.binom.interval(1 - ALARM, 4000, 0.75)
    assert low <= 4000 * first <= high


def test_equal_options_share_and_noise_is_seen():
    rng = np.random.default_rng(5)
    same = np.repeat(rng.normal(0, 1, (6, 1, 2)), 2, axis=1)
    assert ranking(same, weightings([2], 200, seed=6)).first == pytest.approx([0.5, 0.5])
    noisy = rng.normal(0, 1, (6, 2, 2)) + [[[0.0], [0.3]]]
    assert 0 < ranking(noisy, weightings([2], 500, seed=7)).first_with_luck.min() < 1
