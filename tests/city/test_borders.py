"""Borders: the nearest communities, and values that are alike across borders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.patterns import neighbours as pattern
from sim.city.borders import bordering, clustered, nearest

SEEDS = st.integers(0, 10**6)


def plain_nearest(x, y, wanted):
    """Compare every pair; a stable sort leaves ties to the lower number."""
    x, y, found = x.astype(np.float64), y.astype(np.float64), np.empty((len(x), wanted), np.int64)
    for a in range(len(x)):
        square = (x - x[a]) ** 2 + (y - y[a]) ** 2
        square[a] = np.inf
        found[a] = np.argsort(square, kind="stable")[:wanted]
    return found


@settings(deadline=None)
@given(SEEDS, st.integers(1, 60), st.sampled_from(["anywhere", "grid", "fine grid", "one point"]))
def test_the_nearest_are_those_of_a_comparison_of_all_pairs_ties_included(seed, count, kind):
    luck = np.random.default_rng(seed)
    made = {
        "anywhere": luck.normal(size=(2, count)),
        "grid": luck.integers(0, 4, (2, count)),
        "fine grid": luck.integers(0, 40, (2, count)) / 10,
    }
    x, y = made.get(kind, np.zeros((2, count))).astype(np.float32)
    wanted = min(6, count - 1)
    assert nearest(x, y, wanted).tolist() == plain_nearest(x, y, wanted).tolist()


def test_borders_are_mutual_and_ascending():
    luck = np.random.default_rng(1)
    first, others = bordering(*luck.normal(size=(2, 50)), None)
    pairs = {(k, int(n)) for k in range(50) for n in others[first[k] : first[k + 1]]}
    assert pairs == {(b, a) for a, b in pairs}
    assert all((np.diff(others[first[k] : first[k + 1]]) > 0).all() for k in range(50))
    assert (np.diff(first) >= 6).all()


def test_given_borders_are_taken_and_a_community_may_have_none():
    first, others = bordering(np.zeros(4), np.zeros(4), ((0, 2),))
    assert (first.tolist(), others.tolist()) == ([0, 1, 1, 2, 2], [2, 0])
    assert clustered(np.array([0.3, 0.1, 0.2, 0.4]), first, others)[[1, 3]].tolist() == [0.1, 0.4]


@given(SEEDS, st.integers(1, 40))
def test_values_are_exchanged_and_none_is_lost(seed, count):
    luck = np.random.default_rng(seed)
    values = luck.normal(size=count)
    found = clustered(values, *bordering(*luck.normal(size=(2, count)), None))
    assert np.sort(found).tolist() == np.sort(values).tolist()


@pytest.mark.parametrize("count", [60, 400])
def test_values_are_alike_across_borders(count):
    """Moran's I lies above that of the same values, shuffled, and near the stated .4."""
    found = []
    for seed in range(8):
        luck = np.random.default_rng(seed)
        x, y = luck.normal(size=(2, count))
        values = clustered(luck.normal(size=count), *bordering(x, y, None))
        around = pattern.nearest(x, y)
        found.append(pattern.moran(values, around))
        assert found[-1] > np.quantile(pattern.shuffled(values, around, 199, seed), 0.95)
    assert 0.25 < np.mean(found) < 0.6
