"""Effective weights and ways to put parts together, on constructed data."""

import numpy as np
import pytest

from sim.analysis.composite import aggregations, arithmetic, effective, geometric
from sim.analysis.ranking import weightings

SEEDS, POLICIES = 400, 12


def made(policies, seeds, shared=0.0, rng=None):
    """Parts with given standard deviations between policies and between seeds, independent of each other; `shared` luck of a seed."""
    rng = rng or np.random.default_rng(1)
    parts = len(policies)
    level = rng.standard_normal((POLICIES, parts))
    level = np.linalg.qr(level - level.mean(axis=0))[0] * np.sqrt(POLICIES - 1)  # unit variance, no correlation
    luck = rng.standard_normal((SEEDS, POLICIES, parts)) * seeds
    return 0.5 + level * policies + luck + shared * rng.standard_normal((SEEDS, 1, parts))


def test_shares_are_those_of_the_variances_put_in():
    found = effective(made(policies=[0.03, 0.01, 0.02], seeds=[0.01, 0.02, 0.02]), [1.0, 1.0, 1.0])
    assert found.policies == pytest.approx(np.array([9, 1, 4]) / 14, abs=0.03)
    assert found.seeds == pytest.approx(np.array([1, 4, 4]) / 9, abs=0.03)
    assert found.signal == pytest.approx([3.0, 0.5, 1.0], rel=0.1)
    assert found.correlation == pytest.approx(np.eye(3), abs=0.08)


def test_a_weight_counts_by_its_square():
    found = effective(made(policies=[0.02, 0.02], seeds=[0.01, 0.01]), [3.0, 1.0])
    assert found.policies == pytest.approx([0.9, 0.1], abs=0.02)
    assert effective(made(policies=[0.02, 0.02], seeds=[0.01, 0.01]), [6.0, 2.0]).policies == pytest.approx(found.policies)


def test_shares_sum_to_1_and_one_that_moves_against_the_index_is_negative():
    values = made(policies=[0.03, 0.0], seeds=[0.01, 0.01])
    values[:, :, 1] -= 0.4 * (values[:, :, 0].mean(axis=0) - 0.5)
    found = effective(values, [1.0, 1.0])
    assert found.policies.sum() == pytest.approx(1.0)
    assert found.policies[1] < 0 < found.policies[0]


def test_luck_alone_is_not_taken_for_a_difference_of_policies():
    """Without correction, the mean of few seeds differs between policies: half of the draws are above 0 here, and small."""
    rng = np.random.default_rng(3)
    signals = [effective(made(policies=[0.0, 0.0], seeds=[0.05, 0.05], rng=rng)[:8], [1.0, 1.0]).signal for _ in range(200)]
    assert 0.3 < np.mean(np.array(signals) == 0.0) < 0.7
    assert np.mean(np.square(signals)) < 0.05  # 1 / 8 without the correction


def test_luck_that_policies_share_does_not_blur_their_difference():
    apart = effective(made(policies=[0.02], seeds=[0.0], shared=0.2), [1.0])
    assert apart.signal * 0.2 == pytest.approx([0.02], rel=0.1)
    assert apart.policies == pytest.approx([1.0])


def test_parts_that_do_not_vary():
    found = effective(np.full((3, 2, 2), 0.5), [1.0, 1.0])
    assert np.isnan(found.policies).all()
    assert np.isnan(found.seeds).all()


@pytest.mark.parametrize("shape", [(1, 3, 2), (3, 1, 2)])
def test_one_seed_or_one_policy_says_nothing(shape):
    with pytest.raises(ValueError, match="at least two of each"):
        effective(np.ones(shape), [1.0, 1.0])


def test_means():
    parts, weights = np.array([[0.25, 1.0], [0.0, 0.8], [0.5, 0.5]]), np.array([[1.0, 1.0], [0.0, 2.0]])
    assert arithmetic(parts, weights) == pytest.approx(np.array([[0.625, 0.4, 0.5], [1.0, 0.8, 0.5]]))
    assert geometric(parts, weights) == pytest.approx(np.array([[0.5, 0.0, 0.5], [1.0, 0.8, 0.5]]))


def test_a_geometric_mean_prefers_the_even_option():
    """An uneven option with the higher mean is first by arithmetic, last by geometric aggregation."""
    parts = np.array([[0.95, 0.1], [0.5, 0.5]])
    found = aggregations(parts, np.array([1.0, 1.0]), weightings([2], 4000, seed=2))
    assert found.rank.tolist() == [1, 2]
    assert found.rank_geometric.tolist() == [2, 1]
    assert found.first[0] == pytest.approx(1 - 0.4 / 0.85, abs=0.04)  # where its weight is above .4 / .85
    assert found.first_geometric[0] < found.first[0]
    assert found.first.sum() == found.first_geometric.sum() == pytest.approx(1.0)


def test_ties_share_the_better_rank():
    found = aggregations(np.full((3, 2), 0.5), np.array([1.0, 2.0]), weightings([2], 10, seed=1))
    assert found.rank.tolist() == found.rank_geometric.tolist() == [1, 1, 1]
    assert found.first == pytest.approx([1 / 3] * 3)
