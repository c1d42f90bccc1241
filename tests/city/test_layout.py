"""Where people live: sizes of places at every scale."""

from dataclasses import replace

import numpy as np
import pytest
from cities import small
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.city.layout import SIGHT_KM, apportion, household_shares, lay_out
from sim.scenario import load_scenario
from sim.scenario.cities.presets import load_preset

SCALES = (0.00002, 0.0003, 0.004, 0.05, 1.0)
REAL = ("shanghai_2020", "beijing_2020")


def layout(name, residents, community_size=3000, tile=512):
    city = load_scenario("baseline").with_changes({"city.preset": name}).city_plan
    places = city.places._replace(residents=residents, community_size=community_size)
    return lay_out(replace(city, places=places), tile, seed=1)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", REAL)
def test_every_district_exists_at_every_scale_and_nobody_is_lost(name, scale):
    preset = load_preset(name)
    residents = max(256, round(scale * preset.population))
    communities = layout(name, residents).communities
    assert communities["residents"].sum() == residents
    assert set(communities["district"]) == set(range(len(preset.districts)))
    by_district = np.bincount(communities["district"], communities["residents"])
    exact = np.array([d.population for d in preset.districts]) * (residents / sum(d.population for d in preset.districts))
    assert np.abs(by_district - exact).max() < 1


@pytest.mark.parametrize("scale", SCALES)
def test_places_lie_in_order_and_without_gaps(scale):
    communities = layout("shanghai_2020", max(256, round(scale * 24_870_895))).communities
    assert (communities["first"] == np.cumsum(communities["residents"]) - communities["residents"]).all()
    for inner, outer in (("subdistrict", "district"), ("district", None)):
        assert set(np.diff(communities[inner])) <= {0, 1}
        assert outer is None or (np.diff(communities[outer])[np.diff(communities[inner]) == 0] == 0).all()


@pytest.mark.parametrize("tile", [64, 512])
def test_communities_lie_on_whole_tiles(tile):
    communities = layout("shanghai_2020", 100_000, tile=tile).communities
    assert communities["first_tile"][0] == 0
    assert (communities["first_tile"][1:] == communities["last_tile"][:-1]).all()
    tiles = communities["last_tile"] - communities["first_tile"]
    assert (tiles * tile >= communities["residents"]).all()
    assert ((tiles - 1) * tile < communities["residents"]).all()


def test_communities_have_about_the_size_that_was_asked_for():
    residents = layout("shanghai_2020", 248_709, community_size=2000).communities["residents"]
    assert residents.mean() == pytest.approx(2000, rel=0.25)
    assert residents.min() > 600


@settings(deadline=None, max_examples=60)
@given(st.integers(256, 300_000), st.integers(1, 4), st.integers(200, 20_000))
def test_a_made_up_city_of_any_size_has_everybody_somewhere(residents, districts, community_size):
    scenario = small(residents=residents, districts=districts, community_size=community_size)
    communities = lay_out(scenario.city_plan, 512, seed=1).communities
    assert communities["residents"].sum() == residents
    assert communities["residents"].min() >= 1
    assert len(set(communities["district"])) == districts


def test_a_district_that_would_be_empty_is_refused():
    with pytest.raises(ValueError, match="no resident at this scale"):
        layout("shanghai_2020", 10)


weights = st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-3)


@given(st.integers(0, 10**8), weights)
def test_apportioned_numbers_sum_to_the_total_and_stay_within_one_of_their_share(total, weights):
    parts = apportion(total, weights)
    assert parts.sum() == total
    assert parts.min() >= 0
    exact = np.array(weights) * (total / sum(weights))
    assert np.abs(parts - exact).max() <= 1 + 1e-6 * total


@given(st.integers(0, 10**6), weights)
def test_who_weighs_more_gets_no_less(total, weights):
    parts = apportion(total, weights)
    order = np.argsort(weights, kind="stable")
    risen = np.diff(np.array(weights)[order]) > 1e-9 * sum(weights)
    assert (np.diff(parts[order])[risen] >= 0).all()


def test_equal_weights_give_the_rest_to_the_earlier():
    assert apportion(7, np.ones(3)).tolist() == [3, 2, 2]


@given(st.floats(1.0, 3.0))
def test_household_shares_are_a_distribution_with_about_the_mean_asked_for(mean):
    cumulative = household_shares(mean)
    assert cumulative[-1] == pytest.approx(1.0)
    assert (np.diff(cumulative) >= 0).all()
    average = (np.diff(cumulative, prepend=0.0) * np.arange(1, len(cumulative) + 1)).sum()
    assert average <= mean + 1e-9  # the cut at six members takes a little away
    assert average == pytest.approx(mean, rel=0.08)


def test_twenty_thousand_communities_are_laid_out_with_the_densities_of_a_comparison_of_all_pairs():
    laid = lay_out(small(residents=4_000_000).city_plan, 512, seed=1)
    found = laid.communities
    assert len(found) >= 20_000
    assert np.average(found["density"], weights=found["residents"]) == pytest.approx(1.0, abs=1e-6)
    some = [0, 255, 256, len(found) - 1]
    x, y = found["x"].astype(np.float64), found["y"].astype(np.float64)
    near = [float((found["residents"] / (1 + ((x - x[k]) ** 2 + (y - y[k]) ** 2) / SIGHT_KM**2)).sum()) for k in some]
    assert found["density"][some] / found["density"][0] == pytest.approx(np.array(near) / near[0], rel=1e-6)
    assert (np.diff(laid.first_neighbour) >= 6).all()
