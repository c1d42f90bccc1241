"""Who knows whom: near ties within the community, far ones by distance, nobody with oneself."""

import numpy as np
import pytest
from cities import small
from statistics_helper import assert_frequencies

from sim.city.build import DECAY_KM, build_city
from sim.city.resident import FAR, NEAR
from sim.city.ties import NEIGHBOURHOOD, NORM_LEVELS, decode_table, peers_active, peers_believing, peers_norm, peers_volunteering

LAST_NEIGHBOUR = 6
"""Near ties before this one lead to the household and next door; from it on, anywhere in the community."""


@pytest.fixture(scope="module")
def city():
    return build_city(small(residents=40_000, districts=6, community_size=2000).city_plan, seed=4)


def columns(city, *names):
    return [city.residents.values(name).astype(np.int64) for name in names]


def test_near_ties_stay_within_the_community(city):
    near, community = columns(city, "near", "community")
    assert near.shape == (40_000, NEAR)
    assert (near < city.world.communities["residents"][community][:, None]).all()


def test_far_ties_lead_to_somebody(city):
    (far,) = columns(city, "far")
    assert far.shape == (40_000, FAR)
    assert far.max() < 40_000


def test_household_and_neighbours_are_others(city):
    near, community = columns(city, "near", "community")
    me = np.arange(40_000) - city.world.communities["first"][community]
    assert (near[:, :LAST_NEIGHBOUR] != me[:, None]).all()


@pytest.mark.parametrize("which", ["near", "far"])
def test_nobody_is_tied_to_oneself(city, which):
    ties, community = columns(city, which, "community")
    me = np.arange(40_000) - (city.world.communities["first"][community] if which == "near" else 0)
    assert not (ties == me[:, None]).any()


def test_the_household_comes_first(city):
    near, community, place, size = columns(city, "near", "community", "household_place", "household_size")
    home = np.arange(40_000) - city.world.communities["first"][community] - place
    for person in np.flatnonzero(size > 1)[:2000]:
        others = [home[person] + k for k in range(size[person]) if k != place[person]]
        assert near[person, : len(others)].tolist() == others


def test_half_of_the_ties_within_a_community_are_next_door(city):
    near, community, size = columns(city, "near", "community", "household_size")
    me = np.arange(40_000) - city.world.communities["first"][community]
    people = city.world.communities["residents"][community]
    apart = np.abs(near - me[:, None])
    apart = np.minimum(apart, people[:, None] - apart)
    alone = size == 1
    assert apart[alone, :LAST_NEIGHBOUR].max() <= NEIGHBOURHOOD
    assert apart[alone, LAST_NEIGHBOUR:].max() > people.min() / 3


def test_far_ties_follow_gravity(city):
    """From every sub-district, far ties fall on the others as size over the square of one plus distance says."""
    far, community = columns(city, "far", "community")
    places = city.world.communities
    unit = places["subdistrict"]
    size = np.bincount(unit, places["residents"])
    x, y = (np.array([places[axis][unit == s].mean(dtype=np.float64) for s in range(unit.max() + 1)]) for axis in "xy")
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    weight = size / (1 + distance / DECAY_KM) ** 2
    met = np.zeros_like(weight)
    np.add.at(met, (np.repeat(unit[community], FAR), unit[community[far.ravel()]]), 1)
    for s in range(len(size)):
        assert_frequencies(met[s], weight[s], alarm=1e-6 / len(size))


def test_far_ties_thin_out_with_distance(city):
    """The reason for gravity: the closer half of the city gets more than its share."""
    far, community = columns(city, "far", "community")
    x, y = (city.world.communities[axis][community] for axis in "xy")
    strangers = np.random.default_rng(0).integers(0, 40_000, far.shape)
    apart, chance = (np.hypot(x[:, None] - x[who], y[:, None] - y[who]) for who in (far, strangers))
    assert np.median(apart) < 0.9 * np.median(chance)


def test_the_byte_that_others_see_adds_up():
    table = decode_table()
    signals = ((31, 0, 0), (0, 1, 1), (21, 0, 1), (14, 1, 2), (31, 0, 3), (1, 0, 0), (2, 1, 0), (3, 0, 1), (0, 1, 2), (7, 0, 0))
    shown = [(norm << 3) | (rumour << 2) | status for norm, rumour, status in signals]
    seen = np.uint32(sum(int(table[byte]) for byte in shown))
    assert peers_norm(seen) == pytest.approx(sum(norm for norm, _, _ in signals) / (10 * NORM_LEVELS), rel=1e-6)
    assert peers_volunteering(seen) == pytest.approx(0.3)
    assert peers_active(seen) == pytest.approx(0.2)
    assert peers_believing(seen) == 4


def test_ten_ties_that_all_show_the_most_do_not_spill_over():
    table = decode_table()
    for status, share in ((1, peers_volunteering), (2, peers_active)):
        seen = np.uint32(10 * int(table[(NORM_LEVELS << 3) | 4 | status]))
        assert peers_norm(seen) == pytest.approx(1.0)
        assert share(seen) == pytest.approx(1.0)
        assert peers_believing(seen) == 10
