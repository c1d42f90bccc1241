"""Shocks as they stand in a scenario, and what they strike in the city that is built from it."""

import numpy as np
import pytest
from cities import baseline

from sim.city.build import build_city
from sim.errors import ScenarioError, UserError
from sim.scenario import load_scenario, read_scenario
from sim.scenario.export.template import template
from sim.scenario.schema.shocks import Shock
from sim.shocks import SHOCK_KINDS

OWN = "community,district,population\nA,North,900\nB,South,900\nC,South,900\n"
SMALL = {"preset": "synthetic", "residents": 1200, "districts": 2, "community_size": 200}


def with_shocks(*shocks, **changes):
    return baseline().with_changes({"shocks": list(shocks), **changes})


def built(*shocks, city=SMALL):
    """The records of shocks in a city that is built, and its communities."""
    world = build_city(read_scenario({"name": "shocked", "horizon": 20, "city": city, "shocks": list(shocks)}).city_plan, seed=1).world
    return world.shocks, world.communities


def test_a_shock():
    (found,) = with_shocks(
        {"kind": "service_outage", "at": "year 2", "lasts": "8 weeks", "strength": 0.6, "where": {"district": "Pudong"}}
    ).shocks
    assert (found.kind, found.at, found.lasts, found.strength, found.where.district) == ("service_outage", 52, 8, 0.6, "Pudong")
    assert found.text == "service_outage of strength 0.6, weeks 52 to 59, Pudong"


def test_what_is_left_out():
    (found,) = with_shocks({"kind": "rumour", "at": 3}).shocks
    assert (found.strength, found.where.district, found.where.community) == (Shock.model_fields["strength"].default, None, None)
    assert found.lasts == Shock.model_fields["lasts"].default
    assert found.text.endswith("everywhere")


def test_the_kinds_are_those_that_the_model_knows():
    assert Shock.model_fields["kind"].annotation.__args__ == SHOCK_KINDS
    assert [shock.kind for shock in with_shocks(*({"kind": kind, "at": at} for at, kind in enumerate(SHOCK_KINDS))).shocks] == list(
        SHOCK_KINDS
    )


@pytest.mark.parametrize(
    ("entry", "key", "part"),
    [
        ("{kind: rumour, at: 3, where: {district: Pudng}}", "shocks.0.where.district", "did you mean Pudong?"),
        ("{kind: rumour, at: 3, where: {district: Atlantis}}", "shocks.0.where.district", "expected a district (Pudong"),
        ("{kind: rumour, at: 3, where: {district: Pudong, community: 1}}", "shocks.0.where", "got both a district and a community"),
        ("{kind: rumour, at: 3, where: {community: -1}}", "shocks.0.where.community", "the number of a community, from 0"),
        ("{kind: rumour, at: 3, where: {community: Center}}", "shocks.0.where.community", "the number of a community, from 0"),
        ("{kind: rumour, at: 3, where: {city: 1}}", "shocks.0.where.city", "expected one of district, community"),
        ("{kind: rumour, at: year 9}", "shocks.0.at", "a week before the horizon, 0 to 259"),
        ("{kind: rumour, at: 260}", "shocks.0.at", "a week before the horizon, 0 to 259"),
        ("{kind: rumour, at: -1}", "shocks.0.at", "got -1"),
        ("{kind: rumor, at: 3}", "shocks.0.kind", "did you mean rumour?"),
        ("{kind: rumour, at: 3, strength: 60}", "shocks.0.strength", "did you mean 0.6?"),
        ("{kind: rumour, at: 3, lasts: 0}", "shocks.0.lasts", "got 0"),
        ("{kind: rumour}", "shocks.0.at", "expected"),
        ("{at: 3}", "shocks.0.kind", "expected"),
        ("{kind: rumour, at: 3, size: 1}", "shocks.0.size", "expected"),
    ],
)
def test_a_mistake_is_said_with_its_position(entry, key, part, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(f"horizon: 260\nshocks:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == (key, 3)
    assert part in str(problem)


def test_each_of_several_mistakes_is_said(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("horizon: 10\nshocks:\n- {kind: rumour, at: 30, where: {district: X}}\n- {kind: war, at: 1}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert [(problem.key, problem.line) for problem in caught.value.problems] == [
        ("shocks.0.at", 3),
        ("shocks.0.where.district", 3),
        ("shocks.1.kind", 4),
    ]


def test_shocks_may_outlast_the_horizon_but_not_begin_after_it():
    shocks, _ = built({"kind": "influx", "at": 19, "lasts": 52})
    assert (shocks["at"][0], shocks["end"][0]) == (19, 71)
    with pytest.raises(ScenarioError, match=r"shocks\.0\.at: got week 19; expected a week before the horizon, 0 to 9"):
        with_shocks({"kind": "influx", "at": 19}).with_changes({"horizon": 10})


def test_a_district_goes_by_either_name_and_another_city_has_others():
    one, other = (with_shocks({"kind": "rumour", "at": 3, "where": {"district": name}}) for name in ("浦东新区", "Pudong"))
    assert one.shocks == other.shocks
    assert one.hash == other.hash
    with pytest.raises(ScenarioError, match=r"shocks\.0\.where\.district: got 'Pudong'"):
        one.with_changes({"city.preset": "beijing_2020"})


def test_shocks_are_kept_by_week_and_changed_by_their_number():
    scenario = with_shocks({"kind": "rumour", "at": 9}, {"kind": "layoffs", "at": 4, "strength": 1})
    assert [shock.kind for shock in scenario.shocks] == ["layoffs", "rumour"]
    changed = scenario.with_changes({"shocks.0.strength": 0.25, "shocks.1.where.district": "Pudong"})
    assert [shock.strength for shock in changed.shocks] == [0.25, 0.5]
    assert changed.shocks[1].where.district == "Pudong"
    with pytest.raises(ScenarioError, match=r"shocks\.1\.where\.district: got 'Pudng'"):
        scenario.with_changes({"shocks.1.where.district": "Pudng"})


def test_shocks_are_part_of_the_canonical_form_and_of_the_hash():
    scenario = with_shocks({"kind": "rumour", "at": 9}, {"kind": "layoffs", "at": 4, "where": {"community": 2}})
    assert scenario.canonical()["shocks"] == [
        {"at": 4, "kind": "layoffs", "lasts": 4, "strength": 0.5, "where": {"community": 2}},
        {"at": 9, "kind": "rumour", "lasts": 4, "strength": 0.5},
    ]
    assert read_scenario(scenario.canonical()).hash == scenario.hash
    assert (
        with_shocks({"kind": "layoffs", "at": 4, "where": {"community": 2}}, {"kind": "rumour", "at": 9, "lasts": 4}).hash == scenario.hash
    )
    stronger = scenario.with_changes({"shocks.1.strength": 0.6})
    assert len({scenario.hash, baseline().hash, stronger.hash, scenario.with_changes({"shocks.0.where.community": 3}).hash}) == 4
    assert with_shocks().hash == baseline().hash


def test_the_template_shows_shocks_that_hold():
    shown = template("fresh")
    lines = [line.removeprefix("# ") for line in shown.split("\n")]
    start = lines.index("shocks:")
    entries = "\n".join(lines[start : start + 3])
    assert all(kind in shown for kind in SHOCK_KINDS)
    assert len(load_text(entries).shocks) == 2


def load_text(text):
    import yaml

    return baseline().with_changes(yaml.safe_load(text))


def test_a_shock_strikes_its_district_its_community_or_everything():
    shocks, communities = built(
        {"kind": "layoffs", "at": 1, "where": {"district": "District 2"}},
        {"kind": "rumour", "at": 2, "where": {"community": 3}},
        {"kind": "disaster", "at": 3, "strength": 1, "lasts": 6},
    )
    affected = np.flatnonzero(communities["district"] == 1)
    assert (shocks["first_community"][0], shocks["last_community"][0]) == (affected[0], affected[-1] + 1)
    assert (shocks["first_community"][1], shocks["last_community"][1]) == (3, 4)
    assert (shocks["first_community"][2], shocks["last_community"][2]) == (0, len(communities))
    assert [SHOCK_KINDS[kind] for kind in shocks["kind"]] == ["layoffs", "rumour", "disaster"]
    assert (shocks["at"][2], shocks["end"][2], shocks["strength"][2]) == (3, 9, 1.0)


def test_a_community_of_ones_own_city_goes_by_its_name():
    shocks, _ = built({"kind": "rumour", "at": 2, "where": {"community": "C"}}, city={"communities": OWN})
    assert (shocks["first_community"][0], shocks["last_community"][0]) == (2, 3)
    for wrong in ("D", 1):
        with pytest.raises(
            ScenarioError, match=r"shocks\.0\.where\.community: got '?\w'?; expected the name of a community in the city's file"
        ):
            built({"kind": "rumour", "at": 2, "where": {"community": wrong}}, city={"communities": OWN})


def test_a_community_beyond_the_city_is_said_when_the_city_is_built():
    last = len(built()[1]) - 1
    assert built({"kind": "rumour", "at": 2, "where": {"community": last}})[0]["last_community"][0] == last + 1
    with pytest.raises(UserError, match=rf"shocks\.0\.where\.community: got community {last + 1}; expected 0 to {last}"):
        built({"kind": "rumour", "at": 2, "where": {"community": last + 1}})
