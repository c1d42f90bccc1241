"""Shapley shares against games whose answer is known."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.analysis.shapley import dividends, shares

GAMES = st.integers(1, 5).flatmap(lambda n: arrays.arrays(float, (2**n, 2), elements=st.floats(-100, 100, width=32)))


def over_orders(values):
    """What a player adds, averaged over all orders: the definition."""
    players = len(values).bit_length() - 1
    found, orders = np.zeros((players, *values.shape[1:])), list(permutations(range(players)))
    for order in orders:
        coalition = 0
        for player in order:
            found[player] += values[coalition | 1 << player] - values[coalition]
            coalition |= 1 << player
    return found / len(orders)


def test_the_glove_game():
    # One left glove, two right gloves; a pair is worth 1. Shapley: 2/3, 1/6, 1/6.
    values = np.array([float(s & 1 and s & 6 != 0) for s in range(8)])
    assert shares(values).shapley == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_the_airport_game():
    # Runways of 1, 2 and 3; a coalition pays for its longest. The share of every stretch is divided among those who need it.
    values = np.array([max((i + 1 for i in range(3) if s >> i & 1), default=0) for s in range(8)], float)
    assert shares(values).shapley == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1])


def test_a_polynomial_is_decomposed():
    # v = 2 a + 3 b - c + 5 a b - 4 a b c, in players' presence: coefficients are the dividends.
    presence = [[s >> i & 1 for i in range(3)] for s in range(8)]
    values = np.array([2 * a + 3 * b - c + 5 * a * b - 4 * a * b * c for a, b, c in presence], float)
    found = shares(values)
    assert found.main == pytest.approx([2, 3, -1])
    assert {pair: float(value) for pair, value in found.pairs.items()} == {(0, 1): 5.0, (0, 2): 0.0, (1, 2): 0.0}
    assert found.remainder == pytest.approx(-4)
    assert found.shapley == pytest.approx([2 + 2.5 - 4 / 3, 3 + 2.5 - 4 / 3, -1 - 4 / 3])


@given(GAMES)
def test_everything_sums_to_the_total(values):
    found = shares(values)
    assert np.allclose(found.shapley.sum(axis=0), found.total, atol=1e-9)
    assert np.allclose(found.main.sum(axis=0) + sum(found.pairs.values()) + found.remainder, found.total, atol=1e-9)


@given(GAMES)
def test_the_same_as_averaging_over_all_orders(values):
    assert np.allclose(shares(values).shapley, over_orders(values), atol=1e-9)


@given(GAMES)
def test_dividends_sum_to_the_value_of_every_coalition(values):
    brought = dividends(values)
    for coalition in range(len(values)):
        inside = [s for s in range(len(values)) if s & coalition == s]
        assert np.allclose(brought[inside].sum(axis=0), values[coalition], atol=1e-9)


def test_a_player_who_changes_nothing_has_nothing_and_equals_have_equal_shares():
    # The second player never matters, the first and third always count the same.
    values = np.array([(s & 1) + (s >> 2 & 1) + 7.0 * (s & 5 == 5) for s in range(8)], float)
    first, second, third = shares(values).shapley
    assert second == 0
    assert first == pytest.approx(third)


def test_a_game_without_every_coalition_is_refused():
    with pytest.raises(ValueError, match="2 \\*\\* players"):
        shares(np.zeros(6))
