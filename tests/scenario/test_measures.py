"""Measures in words: each of the library, with place, time and numbers, and what is wrong with one."""

import json

import pytest
from cities import baseline

from sim.describe.describe import describe
from sim.describe.measures import example
from sim.errors import ScenarioError
from sim.scenario import load_scenario
from sim.scenario.export.json_schema import json_schema
from sim.scenario.export.template import template
from sim.scenario.loading.measures import library
from sim.scenario.parsing.document import read_value

CITYWIDE = {"crackdown"}


def with_measures(*measures, **changes):
    return baseline().with_changes({"horizon": 200, "measures": list(measures), **changes})


def refused(folder, line: str) -> str:
    (folder / "mine.yaml").write_text(f"extends: baseline\nmeasures:\n  - {line}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder / "mine.yaml")
    return str(caught.value)


def test_a_measure_is_its_entries():
    measure = {"more_mediators": {"district": "Pudong", "people": 20, "from": "year 2", "for": "1 year"}}
    entry = {"at": 52, "until": 104, "where": {"district": "Pudong"}, "add": {"policy.self_governance.mediation": 20}}
    assert with_measures(measure) == baseline().with_changes({"horizon": 200, "timeline": [entry]})
    assert with_measures(measure).as_data()["timeline"] == [entry]


@pytest.mark.parametrize("name", library())
def test_every_measure_can_be_used_in_a_district_in_several_and_in_the_city(name):
    measure = library()[name]
    assert set(measure.title) == set(measure.question) == {"en", "zh"}
    places = [({}, set())]
    if name not in CITYWIDE:
        places += [({"district": "Pudong"}, {"Pudong"}), ({"districts": ["黄浦区", "Minhang"]}, {"Huangpu", "Minhang"})]
    for place, wanted in places:
        scenario = with_measures({name: {**place, "from": 10, "for": 20}})
        named = {one for change in scenario.timeline if change.where for one in change.where.names}
        assert named | {shock.where.district for shock in scenario.shocks if shock.where.district} == wanted
        assert {change.at for change in scenario.timeline} | {shock.at for shock in scenario.shocks} == {10}
        assert {change.until for change in scenario.timeline} <= {30}
        assert {shock.lasts for shock in scenario.shocks} <= {20}
    assert with_measures(name).hash != baseline().with_changes({"horizon": 200}).hash
    with_measures(*read_value(f"[{example(name)}]"))
    assert measure.question["en"] in describe("measures", name)


def test_measures_come_beside_what_there_is():
    scenario = load_scenario("austerity").with_changes({"measures": ["hospital_closes", {"open_services": {"share": 0.7}}]})
    assert len(scenario.timeline) == len(load_scenario("austerity").timeline) + 1
    assert [shock.kind for shock in scenario.shocks] == ["closure"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("more_mediator: {people: 5}", "mine.yaml:3:5: measures.0.more_mediator: got the unknown measure 'more_mediator'"),
        ("more_mediators: {person: 5}", "3:22: measures.0.more_mediators.person: got the unknown key 'person'"),
        ("more_mediators: {people: many}", "3:30: measures.0.more_mediators.people: got 'many'; expected a number"),
        ("more_mediators: {from: never}", "3:28: measures.0.more_mediators.from: got 'never'"),
        ("more_mediators: {until: year 2, for: 1 year}", "one of the two"),
        ("more_mediators: {from: year 2, until: week 9}", "a week after week 52"),
        ("more_mediators: {district: Pudnog}", "mine.yaml:3:5: timeline.0.where.district: got 'Pudnog'"),
        ("crackdown: {district: Pudong}", "the same in the whole city"),
        ("hospital_closes: {share: 3}", "mine.yaml:3:5: shocks.0.strength: got 3"),
        ("7", "expected a measure with its place and time"),
    ],
)
def test_mistakes_are_told_where_the_measure_stands(tmp_path, line, words):
    assert words in refused(tmp_path, line)


def test_a_closure_names_a_service_and_nothing_else_does():
    closure = {"kind": "closure", "service": "education", "at": 5, "strength": 0.4, "where": {"district": "Pudong"}}
    scenario = baseline().with_changes({"shocks": [closure, {"kind": "rumour", "at": 3}]})
    assert "service" not in scenario.shocks[0].as_data()
    assert scenario.shocks[1].as_data()["service"] == "education"
    assert "closure (education)" in scenario.shocks[1].text
    with pytest.raises(ScenarioError, match="kind: closure"):
        baseline().with_changes({"shocks": [{"kind": "rumour", "at": 3, "service": "health"}]})


def test_the_schema_for_editors_knows_measures():
    known = json_schema()["properties"]["measures"]["items"]["anyOf"][0]["enum"]
    assert known == list(library())
    json.dumps(json_schema())


NIGHT = """\
title: {en: Patrols at markets, zh: 市场巡逻}
question: What do patrols at busy places and some officers more bring?
takes: {officers: 6}
timeline:
  - set: {stance.patrol_targeting: busy_places}
  - add: {policy.rule_of_law.policing: officers}
shocks:
  - {kind: closure, service: health, strength: 0.2}
"""


def own_measure(folder, text=NIGHT, entry="night.yaml: {district: Pudong, officers: 9, from: year 2, for: 1 year}"):
    (folder / "night.yaml").write_text(text, encoding="utf-8")
    (folder / "mine.yaml").write_text(f"extends: baseline\nmeasures:\n  - {entry}\n  - more_mediators\n", encoding="utf-8")
    return folder / "mine.yaml"


def test_a_measure_of_ones_own_is_its_entries(tmp_path):
    place = {"at": 52, "until": 104, "where": {"district": "Pudong"}}
    shock = {"kind": "closure", "service": "health", "strength": 0.2, "at": 52, "lasts": 52, "where": {"district": "Pudong"}}
    entries = [
        {**place, "set": {"stance.patrol_targeting": "busy_places"}},
        {**place, "add": {"policy.rule_of_law.policing": 9}},
        {"at": 0, "add": {"policy.self_governance.mediation": 20}},
    ]
    written_out = baseline().with_changes({"timeline": entries, "shocks": [shock]})
    found = load_scenario(own_measure(tmp_path))
    assert found.timeline == written_out.timeline
    assert found.shocks == written_out.shocks
    (tmp_path / "child.yaml").write_text("extends: mine.yaml\nbudget: 1.0\n")
    assert load_scenario(tmp_path / "child.yaml").timeline == found.timeline
    everywhere = load_scenario(own_measure(tmp_path, entry="night.yaml"))
    assert everywhere.timeline[1].as_data()["add"] == {"policy.rule_of_law.policing": 6}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("busy_places}", "busy_place}", r"night\.yaml:5:\d+: .*patrol_targeting: got 'busy_place'.*did you mean busy_places\?"),
        ("policy.rule_of_law.policing", "policy.rule_of_law.polcing", r"night\.yaml:6:\d+: .*did you mean"),
        ("strength: 0.2", "strength: 2", r"night\.yaml:8:\d+: .*strength: got 2"),
        ("takes: {", "take: {", r"night\.yaml:3:1: take: got the unknown key 'take'.*did you mean takes\?"),
        ("officers: 6", "officers: many", r"night\.yaml:3:\d+: takes\.officers: got 'many'; expected a number"),
        ("  - set:", "  - at: 3\n    set:", r"night\.yaml:5:\d+: timeline\.0\.at: .*the scenario gives them"),
        ("officers: 6", "until: 6", r"night\.yaml:3:\d+: takes\.until"),
        ("title: {", "title: [", r"night\.yaml:1:\d+: "),
    ],
)
def test_mistakes_in_a_measure_of_ones_own_are_told_at_their_line(tmp_path, old, new, message):
    assert old in NIGHT
    with pytest.raises(ScenarioError, match=message):
        load_scenario(own_measure(tmp_path, NIGHT.replace(old, new)))


def test_a_place_or_number_that_a_measure_of_ones_own_does_not_take_is_told_in_the_scenario(tmp_path):
    for entry, message in (
        ("night.yaml: {district: Podong}", r"mine\.yaml:3:\d+: .*did you mean Pudong"),
        ("night.yaml: {officer: 3}", r"mine\.yaml:3:\d+: .*the unknown key 'officer'.*did you mean officers"),
        ("nigt.yaml", r"mine\.yaml:3:\d+: .*which does not exist.*did you mean night\.yaml"),
    ):
        with pytest.raises(ScenarioError, match=message):
            load_scenario(own_measure(tmp_path, entry=entry))
    with pytest.raises(ScenarioError, match="of one's own only in the measures of a scenario's file"):
        with_measures("night.yaml")


def test_a_measure_of_ones_own_is_described(tmp_path):
    own_measure(tmp_path)
    text = describe("measures", str(tmp_path / "night.yaml"))
    assert "Patrols at markets" in text
    assert "officers: 6" in text


def test_the_full_template_has_measures_that_are_valid():
    text = template("mine").replace("# measures:\n#   - ", "measures:\n  - ").replace("#   - {hospital", "  - {hospital")
    assert read_value(text)["measures"][1] == {
        "hospital_closes": {"district": "Pudong", "share": 0.4, "from": "week 110", "for": "26 weeks"}
    }
