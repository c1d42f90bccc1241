"""Entries of a timeline that hold in some districts or for some time, add people, or multiply money."""

import numpy as np
import pytest
from cities import baseline

from sim.errors import ScenarioError
from sim.levers import instrument
from sim.scenario.schema.timeline import moves, policies

MEDIATION, HEALTH = instrument("self_governance.mediation"), instrument("public_services.health")
PUDONG = 5_681_512


def over_time(*entries, horizon=20, **changes):
    return baseline().with_changes({"horizon": horizon, "timeline": list(entries), **changes})


def of(scenario, district):
    """Policy of a district in every week."""
    names = list(scenario.residents)
    tables, followed = policies(scenario, names)
    return tables[:, followed[names.index(district)]]


def refused(*entries) -> str:
    with pytest.raises(ScenarioError) as caught:
        over_time(*entries)
    return str(caught.value)


def test_an_entry_holds_where_it_says():
    scenario = over_time({"at": 5, "where": {"districts": ["宝山区", "Pudong"]}, "set": {"stance.migrant_access": 0.9}})
    for name, after in (("Pudong", 0.9), ("Baoshan", 0.9), ("Minhang", 0.5)):
        assert of(scenario, name)["migrant_access"][[4, 5, 19]] == pytest.approx([0.5, after, after])
    assert (scenario.lever_table()["migrant_access"] == 0.5).all()
    assert scenario.timeline[0].as_data()["where"] == {"districts": ["Pudong", "Baoshan"]}


def test_districts_with_the_same_entries_share_a_policy():
    tables, followed = policies(over_time({"at": 5, "where": {"district": "Pudong"}, "set": {"budget": 0.99}}), list(baseline().residents))
    assert tables.shape == (20, 2)
    assert followed.tolist() == [1] + 15 * [0]


def test_what_ends_leaves_no_trace():
    plain = over_time({"at": 2, "over": 10, "set": {"stance.audit": 0.9}}).lever_table()
    both = over_time(
        {"at": 2, "over": 10, "set": {"stance.audit": 0.9}},
        {"at": 4, "until": 9, "set": {"stance.patrol_targeting": "reported", "policy.moral_education": 0.05}},
    ).lever_table()
    assert (both["audit"] == plain["audit"]).all()
    assert both["patrol_targeting"].tolist() == 4 * [0] + 5 * [1] + 11 * [0]
    assert (both["money"][[3, 9]] == plain["money"][[3, 9]]).all()
    assert (both["money"][4] != plain["money"][4]).any()


def test_people_are_added_to_whatever_there_is():
    usual = baseline().lever_table()["staff"][0, MEDIATION]
    scenario = over_time(
        {"at": 3, "over": 2, "until": 10, "where": {"district": "Pudong"}, "add": {"policy.self_governance.mediation": 20}},
        {"at": 8, "set": {"policy.self_governance.mediation.staff": 4.0}},
    )
    more = 20 / PUDONG * 10_000
    found = of(scenario, "Pudong")["staff"][:, MEDIATION]
    assert found[[2, 4, 5, 8, 10]] == pytest.approx([usual, usual + more / 2, usual + more, 4.0 + more, 4.0], rel=1e-6)
    assert scenario.lever_table()["staff"][8, MEDIATION] == pytest.approx(4.0)


def test_people_in_several_districts_are_as_many_in_all():
    entry = {"at": 0, "where": {"districts": ["Pudong", "Minhang"]}, "add": {"policy.self_governance.mediation": 20}}
    scenario, usual = over_time(entry), baseline().lever_table()["staff"][0, MEDIATION]
    people = sum((of(scenario, name)["staff"][0, MEDIATION] - usual) * scenario.residents[name] / 10_000 for name in ("Pudong", "Minhang"))
    assert people == pytest.approx(20, rel=1e-3)


def test_money_is_multiplied():
    usual = baseline().lever_table()["money"][0]
    table = over_time({"at": 4, "until": 6, "times": {"policy.public_services.health": 0.5}}).lever_table()["money"]
    assert table[[3, 4, 5, 6], HEALTH] == pytest.approx(usual[HEALTH] * np.array([1, 0.5, 0.5, 1]))
    assert (np.delete(table, HEALTH, axis=1) == np.delete(usual, HEALTH)).all()


def test_a_scenario_with_such_entries_is_written_and_read_again():
    scenario = over_time(
        {"at": 3, "until": 10, "where": {"district": "Pudong"}, "add": {"policy.self_governance.mediation": 20}},
        {"at": 3, "set": {"stance.audit": 0.5}},
        {"at": 4, "times": {"policy.public_services.health": 0.5}},
    )
    again = scenario.with_changes({"seed": 2}).with_changes({"seed": 1})
    assert again == scenario
    assert again.hash == scenario.hash != baseline().with_changes({"horizon": 20}).hash


def test_moves_name_places_and_ends():
    found = moves(over_time({"at": 3, "until": 9, "where": {"district": "Pudong"}, "add": {"policy.self_governance.mediation": 20}}))
    key = "policy.self_governance.mediation.people"
    assert [tuple(move) for move in found] == [(key, 3, 3, 0.0, 20.0, ("Pudong",)), (key, 9, 9, 20.0, 0.0, ("Pudong",))]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"where": {"district": "Pudnog"}, "set": {"budget": 0.99}}, "where.district: got 'Pudnog'"),
        ({"where": {"districts": ["Pudong", "Atlantis"]}, "set": {"budget": 0.99}}, "where.districts.1: got 'Atlantis'"),
        ({"where": {}, "set": {"budget": 0.99}}, "no district"),
        ({"where": {"district": "Pudong"}, "set": {"stance.campaign": 1.0}}, "the same in the whole city"),
        ({"until": 5, "set": {"budget": 0.99}}, "a week after week 5"),
        ({"until": 9}, "at least one of them"),
        ({"add": {"policy.self_governance.mediators": 5}}, "did you mean policy.self_governance.mediation?"),
        ({"add": {"policy.rule_of_law.policing": 9_000_000}}, "above the budget"),
        ({"add": {"policy.self_governance.mediation": -50_000}}, "fewer than 0 staff of self_governance.mediation"),
        ({"times": {"policy.public_services.health": -1}}, "a number from 0 to 100"),
        ({"where": {"district": "Pudong"}, "add": {"policy.rule_of_law.policing": 60_000}}, "above the budget"),
    ],
)
def test_mistakes_are_told_at_their_place(entry, words):
    assert words in refused({"at": 5, **entry})


def test_a_change_of_one_lever_in_one_place_at_a_time():
    here = {"at": 5, "where": {"district": "Pudong"}, "set": {"stance.audit": 0.9}}
    assert "while it is changing" in refused({"at": 2, "over": 9, "set": {"stance.audit": 0.5}}, here)
    over_time({"at": 2, "over": 9, "where": {"district": "Minhang"}, "set": {"stance.audit": 0.5}}, here)
