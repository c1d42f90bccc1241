"""Targets as they stand in a scenario."""

import pytest
from cities import baseline

from sim.errors import ScenarioError
from sim.scenario import read_scenario


def with_targets(*targets, **changes):
    return baseline().with_changes({"targets": list(targets), **changes})


def target(**changes):
    return {"metric": "stability", "by": "year 3", "at_least": 0.7, **changes}


def test_a_target():
    (found,) = with_targets(target()).targets
    assert (found.metric, found.by, found.at_least, found.at_most, found.responsible) == ("stability", 104, 0.7, None, "city")
    assert (found.district, found.text) == (None, "stability >= 0.7")
    assert found.met(0.7)
    assert not found.met(0.69)


def test_at_most():
    (found,) = with_targets({"metric": "offences", "by": 10, "at_most": 0.3}).targets
    assert found.text == "offences <= 0.3"
    assert found.met(0.3)
    assert not found.met(0.31)


@pytest.mark.parametrize(
    ("responsible", "kept", "district"),
    [
        ("city", "city", None),
        ("office", "office", None),
        ("Pudong", "Pudong", "Pudong"),
        ("浦东新区", "Pudong", "Pudong"),
        ("court of Pudong", "court of Pudong", "Pudong"),
        ("court of 浦东新区", "court of Pudong", "Pudong"),
    ],
)
def test_who_is_responsible(responsible, kept, district):
    (found,) = with_targets(target(responsible=responsible)).targets
    assert (found.responsible, found.district) == (kept, district)


@pytest.mark.parametrize(("by", "week"), [("5 years", 259), (260, 259), (259, 259), ("year 5", 208)])
def test_the_end_of_the_horizon_is_its_last_week(by, week):
    assert with_targets(target(by=by)).targets[0].by == week


def test_districts_of_ones_own_city():
    own = "community,district,population\nA,North,900\nB,South,900\n"
    scenario = with_targets(target(responsible="South"), city={"communities": own})
    assert scenario.targets[0].district == "South"
    with pytest.raises(ScenarioError, match=r"targets\.0\.responsible: got 'West'; expected city, a district \(North, South\)"):
        with_targets(target(responsible="West"), city={"communities": own})


def test_another_city_has_other_districts():
    with pytest.raises(ScenarioError, match=r"targets\.0\.responsible: got 'Pudong'"):
        with_targets(target(responsible="Pudong")).with_changes({"city.preset": "beijing_2020"})


def test_targets_are_part_of_the_canonical_form_and_of_the_hash():
    scenario = with_targets(target(), target(metric="order"))
    assert scenario.canonical()["targets"][0] == {"at_least": 0.7, "by": 104, "metric": "stability", "responsible": "city"}
    assert read_scenario(scenario.canonical()).hash == scenario.hash
    assert scenario.with_changes({"targets.1.at_least": 0.8}).targets[1].at_least == 0.8
    assert len({scenario.hash, baseline().hash, scenario.with_changes({"targets.1.at_least": 0.8}).hash}) == 3
