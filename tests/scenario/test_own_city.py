"""Communities of one's own: what is read, and what a missing column means."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_cities import SMALL, city, layout, rows

from sim.scenario.cities.own_communities import read_communities
from sim.scenario.parsing.sources import Source
from sim.simulation import Simulation


def test_communities_come_district_by_district(tmp_path):
    communities = city(tmp_path, SMALL).city.communities
    assert [place.community for place in communities.rows] == ["A", "C", "B"]
    assert communities.districts == ("North", "South")
    assert communities.population == 2400
    assert communities.rows[2] == ("B", "South", "S1", 800, 0.6, 0.1, 1.0, 0.0, None, None)


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("\n", "\r\n"),
        SMALL.replace("\n", "\r"),
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        SMALL.replace(",", " , "),
        f"\ufeff{SMALL}",
        f"\n\n{SMALL}\n,,,,,,,\n\n",
        SMALL.removesuffix("\n"),
        SMALL.replace("North", '"North"'),
        SMALL.replace("0.2", "2e-1").replace("800", "800.0"),
    ],
)
def test_dialects_are_the_same_city(text, tmp_path):
    assert city(tmp_path, text).hash == city(tmp_path, SMALL).hash


def test_names_in_any_script_and_in_quotes():
    found = rows('community,population\n陆家嘴,900\n"O\'Brien, ""Old"" St",800\n')
    assert [place.community for place in found] == ["陆家嘴", 'O\'Brien, "Old" St']


def test_without_a_district_there_is_one():
    assert {place.district for place in rows("community,population\nA,900\nB,800\n")} == {"City"}


def test_without_a_subdistrict_about_100000_share_one():
    text = "community,district,population\n" + "".join(f"c{n},{'NS'[n % 2]},10000\n" for n in range(60))
    found = rows(text)
    sizes = {}
    for place in found:
        sizes[place.district, place.subdistrict] = sizes.get((place.district, place.subdistrict), 0) + place.population
    assert list(sizes.values()) == [100_000] * 6
    assert [place.subdistrict for place in found] == sorted(place.subdistrict for place in found)


def test_without_hardship_it_is_that_of_the_presets():
    assert {place.hardship for place in rows("community,population\nA,900\nB,800\n")} == {0.4}
    assert [place.hardship for place in rows("community,population,hardship\nA,900,\nB,800,0\n")] == [0.4, 0.0]


def test_facilities_are_optional_and_a_blank_is_as_many_as_elsewhere(tmp_path):
    assert {place.facilities for place in rows("community,population\nA,900\nB,800\n")} == {None}
    text = "community,population,facilities\nA,1000,10\nB,500,5\nC,2000,\n"
    assert [place.facilities for place in rows(text)] == [10, 5, None]
    usual, none = (layout(city(tmp_path, one)).communities for one in (text, text.replace(",10\n", ",\n").replace(",5\n", ",\n")))
    assert usual["attraction"].tolist() == none["attraction"].tolist()  # as many per resident everywhere
    moved = layout(city(tmp_path, text.replace(",5\n", ",50\n"))).communities["attraction"]
    assert moved[1] > usual["attraction"][1]
    assert (moved[[0, 2]] < usual["attraction"][[0, 2]]).all()


def test_facilities_are_kept_with_a_scenario_and_change_no_city_without_them(tmp_path):
    text = "community,population,facilities\nA,1000,10\nB,500,\n"
    assert city(tmp_path, text).city.communities.text.splitlines()[0].endswith("x,y,facilities")
    assert city(tmp_path, text).hash != city(tmp_path, text.replace(",10", ",11")).hash
    assert "facilities" not in city(tmp_path, "community,population\nA,1000\nB,500\n").city.communities.text
    assert rows("社区,人口,设施数\n甲,1000,10\n乙,500,20\n")[1].facilities == 20


def test_incomes_are_ranks():
    lines = [f"c{n},1000,{income}" for n, income in enumerate([5, 50_000, 700, 700, 20, ""])]
    found = [place.hardship for place in rows("\n".join(["community,population,income", *lines]))]
    assert found[0] > found[4] > found[2] == found[3] > found[1]
    assert found[2] == pytest.approx(0.4 - 0.1 * 0.2533, abs=1e-4)  # 2 of 5 are poorer, 2 of 5 as poor: the 60th percentile of the normal
    assert found[5] == 0.4
    many = "".join(f"c{n},1000,{7**n % 1009}\n" for n in range(30))
    spread = [place.hardship for place in rows(f"community,population,income\n{many}")]
    assert np.mean(spread) == pytest.approx(0.4, abs=0.001)
    assert np.std(spread) == pytest.approx(0.1, abs=0.01)


def test_without_positions_communities_lie_apart_and_districts_together():
    found = rows("community,district,population\n" + "".join(f"c{n},{'NSW'[n % 3]},3000\n" for n in range(60)))
    at = np.array([(place.x, place.y) for place in found])
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + np.eye(60) * 9
    assert apart.min() > 0.2
    nearest = apart.argmin(axis=1)
    assert np.mean([found[k].district == found[n].district for k, n in enumerate(nearest)]) > 0.8
    assert np.ptp(at, axis=0).max() < 10


def test_blank_shares_are_those_of_the_preset(tmp_path):
    text = "community,population,nonlocal_share\nA,900,\nB,800,0.25\n"
    assert layout(city(tmp_path, text)).nonlocal_share == pytest.approx([0.4, 0.25])
    assert layout(city(tmp_path, text, more=", preset: shanghai_2020")).nonlocal_share == pytest.approx([0.421, 0.25])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from('A1,;\t "\n\r-.e%基\u00a0\x00'), max_size=8), max_size=30))
def test_any_text_is_a_table_or_problems_with_places(cells):
    text = "community,population,hardship\n" + ",".join(cells)
    communities, problems = read_communities(Source(text, "my.csv"), 1.0)
    assert (communities is None) == bool(problems)
    assert all(problem.line and problem.column for problem in problems)
    if communities is not None:
        assert read_communities(Source(communities.text, "my.csv")) == (communities, [])


def test_housing_is_taken_where_it_is_known_and_generated_elsewhere(tmp_path):
    scenario = city(tmp_path, "community,population,hardship,estates\nA,800,0.4,0.9\nB,800,0.4,\n")
    assert [place.estates for place in scenario.city.communities.rows] == [0.9, None]
    built = [Simulation(scenario, seed).city.world.communities["estates"] for seed in (1, 2)]
    assert built[0][0] == built[1][0] == np.float32(0.9)
    assert built[0][1] != built[1][1]
    assert all(0 <= estates[1] <= 1 for estates in built)
