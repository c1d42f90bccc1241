"""Who lives in a city: households, columns within their bounds, and the same people however the city is laid out in memory."""

import numpy as np
import pytest
from cities import KINDS, small

from sim.city.build import build_city
from sim.city.population import LENIENCY, MOOD, PRONE
from sim.simulation import Simulation

WEEKS = 30


def same_people(a, b):
    return all((a.tables[kind].values(name) == b.tables[kind].values(name)).all() for kind in KINDS for name in a.tables[kind].columns)


@pytest.fixture(scope="module")
def lived():
    """A small city after some weeks."""
    simulation = Simulation(small(weeks=WEEKS), seed=5)
    simulation.advance(WEEKS)
    return simulation.city


@pytest.fixture(scope="module")
def city():
    return build_city(small(residents=3000).city_plan, seed=5)


def test_households_are_contiguous_and_whole(city):
    place, size, community = (city.residents.values(name).astype(int) for name in ("household_place", "household_size", "community"))
    start = 0
    while start < len(place):
        n = size[start]
        home = slice(start, start + n)
        assert place[home].tolist() == list(range(n))
        assert (size[home] == n).all()
        assert (community[home] == community[start]).all()
        start += n
    assert start == len(place)


def test_a_household_is_registered_in_one_place(city):
    first = np.arange(3000) - city.residents.values("household_place")
    local = city.residents.values("local")
    assert (local == local[first]).all()


def test_the_first_two_of_a_household_are_adults(city):
    ages, places = city.residents.values("age_group"), city.residents.values("household_place")
    assert (ages[places < 2] > 0).all()
    assert (ages == 0).any()


def test_people_are_prone_to_disputes_in_unlike_degrees(city):
    logs = np.log(city.residents.values("proneness").astype(float))
    assert logs.std() == pytest.approx(PRONE, rel=4.5 / np.sqrt(2 * len(logs)))
    assert logs.mean() == pytest.approx(-(PRONE**2) / 2, abs=4.5 * PRONE / np.sqrt(len(logs)))


@pytest.mark.parametrize(("name", "spread"), [("mood", float(MOOD)), ("leniency", float(LENIENCY))])
def test_lasting_dispositions_have_the_stated_spread_and_no_bias(city, name, spread):
    values = city.residents.values(name).astype(float)
    assert values.std() == pytest.approx(spread, rel=4.5 / np.sqrt(2 * len(values)))
    assert abs(values.mean()) < 4.5 * spread / np.sqrt(len(values))
    other = city.residents.values("leniency" if name == "mood" else "mood")
    assert abs(np.corrcoef(values, other)[0, 1]) < 4.5 / np.sqrt(len(values))


def test_lasting_dispositions_last(lived):
    built = build_city(small(weeks=WEEKS).city_plan, seed=5).residents
    for name in ("mood", "leniency"):
        assert np.array_equal(built.values(name), lived.residents.values(name))


def test_communities_count_the_people_who_live_in_them(city):
    communities, table = city.world.communities, city.residents
    adults, local, community = table.values("age_group") > 0, table.values("local") == 1, table.values("community")
    assert (np.bincount(community) == communities["residents"]).all()
    assert (np.bincount(community[adults]) == communities["adults"]).all()
    assert (np.bincount(community[adults & ~local], minlength=len(communities)) == communities["nonlocals"]).all()


def test_units_cover_the_city(city):
    for kind in ("DistrictGovernment", "SubdistrictOffice", "Court"):
        assert city.tables[kind].values("residents").sum() == 3000
    for kind in ("DistrictGovernment", "SubdistrictOffice"):
        first, last = city.tables[kind].values("first_community"), city.tables[kind].values("last_community")
        assert first[0] == 0
        assert (first[1:] == last[:-1]).all()
        assert last[-1] == len(city.world.communities)
    assert len(city.tables["ResidentsCommittee"]) == len(city.world.communities)
    assert len(city.tables["PoliceStation"]) == len(city.tables["SubdistrictOffice"]) == len(city.tables["WorkplaceUnion"])


@pytest.mark.parametrize("when", ["city", "lived"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_within_its_declared_bounds(kind, when, request):
    table = request.getfixturevalue(when).tables[kind]
    for name, column in table.columns.items():
        values = table.values(name)
        assert np.isfinite(values).all(), name
        assert column.low is None or (values >= column.low).all(), (name, values.min())
        assert column.high is None or (values <= column.high).all(), (name, values.max())
        assert not column.choices or values.max() < len(column.choices), name


def test_fixed_columns_are_as_they_were_at_the_start(lived):
    before = build_city(small(weeks=WEEKS).city_plan, seed=5)
    for kind in KINDS:
        for name, column in before.tables[kind].columns.items():
            if column.fixed:
                assert (before.tables[kind].values(name) == lived.tables[kind].values(name)).all(), (kind, name)


def test_ids_are_unique_across_kinds_and_without_gaps(city):
    ids = np.concatenate([np.arange(table.first_id, table.first_id + len(table)) for table in city.tables.values()])
    assert sorted(ids) == list(range(1, len(ids) + 1))


def test_another_seed_is_another_city():
    assert not same_people(build_city(small().city_plan, seed=1), build_city(small().city_plan, seed=2))


def test_the_same_seed_is_the_same_city_whatever_the_policy():
    changed = small(policy={"rule_of_law": 0.1}, budget=0.7, weights={"satisfaction": {"security": 5}})
    assert same_people(build_city(small().city_plan, seed=1), build_city(changed.city_plan, seed=1))


@pytest.mark.soak  # compiles every kernel anew; tests/reliability/test_determinism.py tries other sizes, on the hash of all
def test_the_size_of_a_tile_changes_nothing():
    wide, narrow = Simulation(small(), seed=3), Simulation(small(), seed=3, tile=128)
    assert same_people(wide.city, narrow.city)
    wide.advance(8)
    narrow.advance(8)
    assert same_people(wide.city, narrow.city)
    assert wide.content_hash() == narrow.content_hash()


def test_the_number_of_threads_changes_nothing(monkeypatch):
    monkeypatch.setattr("sim.simulation.SMALL", 0)
    scenario = small(residents=3000)
    one, two = Simulation(scenario, seed=3), Simulation(scenario, seed=3, threads=2)
    assert two.threads == 2
    assert same_people(one.city, two.city)
    one.advance(8)
    two.advance(8)
    assert same_people(one.city, two.city)
    assert one.content_hash() == two.content_hash()
