"""What holds in one district alone: policies of its own, a facility that closes, patrols around busy places."""

import numpy as np
import pytest
from cities import small

from sim.levers import INSTRUMENTS, instrument
from sim.metrics.tables import staff_columns
from sim.simulation import Simulation

HERE, THERE = 0, 1
HEALTH, MEDIATION = instrument("public_services.health"), instrument("self_governance.mediation")


def lived(weeks=12, **changes):
    simulation = Simulation(small(weeks).with_changes(changes), seed=4)
    simulation.advance(weeks)
    return simulation


def units(simulation, kind, column):
    return simulation.city.tables[kind].values(column)


@pytest.fixture(scope="module")
def usual():
    return lived()


def test_staff_are_hired_where_the_money_is(usual):
    more = {"at": 0, "where": {"district": "District 1"}, "times": {"policy.self_governance.mediation": 1.5}}
    staff = units(lived(timeline=[more]), "DistrictGovernment", "staff")
    before = units(usual, "DistrictGovernment", "staff")
    assert staff[HERE, MEDIATION] > 1.1 * before[HERE, MEDIATION]
    assert staff[THERE] == pytest.approx(before[THERE], rel=1e-3)  # both share the city's upheaval and corruption of their own
    assert np.delete(staff[HERE], MEDIATION) == pytest.approx(np.delete(before[HERE], MEDIATION), rel=1e-3)


def test_money_told_of_the_city_is_the_mean_over_residents(usual):
    more = {"at": 6, "where": {"district": "District 1"}, "times": {"policy.self_governance.mediation": 1.5}}
    simulation = lived(timeline=[more])
    share = simulation.city.world.districts["residents"][HERE] / len(simulation.city.residents)
    money, before = (staff_columns(one)["money"].reshape(12, len(INSTRUMENTS))[:, MEDIATION] for one in (simulation, usual))
    assert money == pytest.approx(before * np.where(np.arange(12) < 6, 1.0, 1.0 + 0.5 * share))
    allotted, *rest = simulation.city.world.history_money.T
    assert (sum(rest) == allotted).all()  # spent, leaked or left


@pytest.mark.parametrize(
    ("key", "value", "column"),
    [
        ("migrant_access", 0.9, "migrant_access"),
        ("transparency", 0.1, "transparency"),
        ("detection", 0.9, "cameras"),
        ("officials_visits", 1.0, "heard"),
        ("coordination", 1.0, "delay"),
        ("planning_horizon", 12.0, "restraint"),
        ("information_stance", "open", "candour"),
        ("appraisal_by", "residents", "measured_services"),
    ],
)
def test_a_stance_of_a_district_holds_there_alone(usual, key, value, column):
    simulation = lived(timeline=[{"at": 0, "where": {"district": "District 2"}, "set": {f"stance.{key}": value}}])
    communities, before = simulation.city.world.communities, usual.city.world.communities
    there = communities["district"] == THERE
    assert (communities[column][there] != before[column][there]).all()
    assert (communities[column][~there] == before[column][~there]).all()


def test_all_districts_with_one_policy_are_a_city_with_it():
    entry = {"at": 3, "until": 8, "set": {"stance.migrant_access": 0.9, "stance.patrol_targeting": "reported"}}
    everywhere = {**entry, "where": {"districts": ["District 1", "District 2"]}}
    assert lived(timeline=[everywhere]).content_hash() == lived(timeline=[entry]).content_hash()


def test_a_facility_that_closes_takes_a_share_of_one_service_of_its_district(usual):
    shock = {"kind": "closure", "service": "health", "at": 4, "lasts": 6, "strength": 0.4, "where": {"district": "District 1"}}
    simulation = Simulation(small(12).with_changes({"shocks": [shock]}), seed=4)
    simulation.advance(10)
    quality, before = units(simulation, "ServiceBureau", "quality"), units(usual, "ServiceBureau", "quality")
    place = HERE * 5 + 3
    assert quality[place] == pytest.approx(1 - (1 - before[place]) ** 0.6, rel=0.02)
    assert np.delete(quality, place) == pytest.approx(np.delete(before, place), rel=0.02)
    assert units(simulation, "DistrictGovernment", "used")[HERE, HEALTH] <= 0.6
    simulation.advance(2)  # it opens again
    assert units(simulation, "ServiceBureau", "closed").max() == 0
    assert units(simulation, "ServiceBureau", "quality")[place] == pytest.approx(before[place], rel=0.02)


def test_a_community_that_has_the_facility_closes_it_for_the_district():
    shock = {"kind": "closure", "service": "education", "at": 0, "lasts": 9, "strength": 0.5, "where": {"community": 0}}
    closed = units(lived(2, shocks=[shock]), "ServiceBureau", "closed")
    assert np.flatnonzero(closed).tolist() == [0]


def test_patrols_around_busy_places_go_where_opportunity_is():
    blocks = lived(3, **{"stance.patrol_targeting": "busy_places", "city.residents": 12_000}).city.world.blocks
    directed = blocks["hours"] > 1.0
    assert 0 < directed.mean() < 0.2
    assert blocks["attraction"][directed].min() > 2 * blocks["attraction"].mean()
