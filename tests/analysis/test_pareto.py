"""Pareto sets against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.analysis.pareto import efficient, resampled, share_efficient

VALUES = st.one_of(st.integers(-3, 3).map(float), st.just(float("nan")))
TABLES = st.tuples(st.integers(1, 12), st.integers(1, 4)).flatmap(lambda shape: arrays.arrays(float, shape, elements=VALUES))


def by_hand(values, better):
    """Every option against every other, in words."""

    def beats(a, b):
        gains = [(x - y) if word == "more" else (y - x) for x, y, word in zip(a, b, better)]
        return all(gain >= 0 for gain in gains) and any(gain > 0 for gain in gains)

    known = [not any(np.isnan(x) for x in row) for row in values]
    return [known[i] and not any(known[j] and beats(values[j], values[i]) for j in range(len(values))) for i in range(len(values))]


@given(TABLES, st.data())
def test_the_same_as_comparing_every_option_with_every_other(values, data):
    better = data.draw(st.lists(st.sampled_from(["more", "less"]), min_size=values.shape[1], max_size=values.shape[1]))
    assert efficient(values, better).tolist() == by_hand(values.tolist(), better)


@given(TABLES)
def test_some_option_is_efficient_where_any_is_known(values):
    better = ["more"] * values.shape[1]
    assert efficient(values, better).any() == np.isfinite(values).all(axis=1).any()


def test_equal_options_are_efficient_together():
    assert efficient([[1.0, 2.0], [1.0, 2.0], [0.0, 3.0], [0.0, 2.0]], ["more", "more"]).tolist() == [True, True, True, False]


def test_without_noise_an_option_is_always_efficient_or_never():
    values = np.tile([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], (5, 1, 1))
    assert share_efficient(values, ["more", "more"], draws=50).tolist() == [1.0, 1.0, 0.0]


def test_noise_that_turns_the_order_is_seen():
    values = np.array([[[0.0], [1.0]], [[1.0], [0.0]], [[0.0], [0.2]]])
    share = share_efficient(values, ["more"], draws=500)
    assert 0 < share[0] < share[1] < 1


def test_resampled_seeds_are_as_many_as_there_were_and_the_same_again():
    counts = resampled(7, 20, seed=3)
    assert (counts.sum(axis=1) == 7).all()
    assert (counts == resampled(7, 20, seed=3)).all()


def test_a_direction_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'up'"):
        efficient([[1.0]], ["up"])
