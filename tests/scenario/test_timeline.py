"""Levers over time: steps, ramps, what they start from, and one canonical form however they were written."""

import json
import pickle

import numpy as np
import pytest
from cities import baseline, shares
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.levers import INSTRUMENTS, LEVERS, STANCES
from sim.scenario import load_scenario, read_scenario
from sim.scenario.schema.policy import Stance
from sim.scenario.schema.timeline import course, moves
from sim.spec import bounds

PATROL_TARGETING = tuple(STANCES["patrol_targeting"].choices)


def over_time(*entries, **changes):
    return baseline().with_changes({"horizon": 20, "timeline": list(entries), **changes})


def share_of(lever: str, table: np.ndarray) -> np.ndarray:
    columns = [place for place, name in enumerate(INSTRUMENTS) if name.startswith(f"{lever}.")]
    return shares(table)[:, columns].sum(axis=1)


def budget_of(table: np.ndarray) -> np.ndarray:
    """Budget in budgets of the city as it is."""
    return (table["budget"].astype(np.float64) / baseline().staffing.budget).astype(np.float32)


def test_a_step_holds_from_its_week_on():
    table = over_time({"at": 7, "set": {"budget": 1.5, "stance.transparency": 0.1}}).lever_table()
    assert budget_of(table).tolist() == [1.0] * 7 + [1.5] * 13
    assert table["transparency"].tolist() == [np.float32(0.6)] * 7 + [np.float32(0.1)] * 13


def test_a_ramp_leaves_what_held_and_arrives_when_it_is_over():
    table = over_time({"at": 4, "over": 8, "set": {"budget": 3}}).lever_table()
    assert budget_of(table).tolist() == [1] * 4 + [1 + k / 4 for k in range(8)] + [3] * 8


def test_a_ramp_beyond_the_horizon_stops_under_way():
    table = over_time({"at": 18, "over": 10, "set": {"budget": 2}}).lever_table()
    assert budget_of(table).tolist()[-2:] == [1.0, np.float32(1.1)]


def test_later_changes_start_from_whatever_holds_then_however_they_are_ordered():
    later, earlier = {"at": 10, "over": 4, "set": {"budget": 0}}, {"at": 2, "over": 8, "set": {"budget": 3}}
    table = budget_of(over_time(later, earlier).lever_table())
    assert table[2:11].tolist() == [1 + k / 4 for k in range(8)] + [3]
    assert table[10:15].tolist() == [3, 2.25, 1.5, 0.75, 0]


def test_shares_and_splits():
    table = over_time(
        {"at": 5, "set": {"policy.rule_of_law": 0.2, "policy.moral_education.split": {"media": 1, "school": 3}}},
        {"at": 8, "over": 4, "set": {"policy.moral_education.split.media": 3, "policy.self_governance.share": 0.25}},
    ).lever_table()
    assert share_of("rule_of_law", table)[[0, 4, 5, 19]] == pytest.approx([0.3, 0.3, 0.2, 0.2])
    assert share_of("self_governance", table)[[7, 8, 10, 12]] == pytest.approx([0.15, 0.15, 0.2, 0.25])
    media, school, family = (shares(table)[:, INSTRUMENTS.index(f"moral_education.{part}")] for part in ("media", "school", "family"))
    usual = baseline().policy.moral_education.split
    start = {part: 0.1 * weight / sum(usual.values()) for part, weight in usual.items()}
    assert media[[4, 5, 8, 10, 12]] == pytest.approx([start["media"], 0.025, 0.025, 0.04, 0.05])
    assert school[12] == pytest.approx(0.05)
    assert family[[4, 5]] == pytest.approx([start["family"], 0.0])


def test_choices_change_at_once():
    table = over_time(
        {"at": 3, "set": {"stance.patrol_targeting": "reported"}}, {"at": 9, "set": {"stance.patrol_targeting": "even"}}
    ).lever_table()
    assert [PATROL_TARGETING[code] for code in table["patrol_targeting"]] == ["even"] * 3 + ["reported"] * 6 + ["even"] * 11


def test_every_number_of_the_policy_can_change():
    ranges = {name: bounds(field) for name, field in Stance.model_fields.items() if field.annotation is float}
    keys = {"budget": 2.0, **{f"stance.{name}": 0.75 * low + 0.25 * high for name, (low, high) in ranges.items()}}
    keys |= {f"policy.{lever}": 0.05 for lever in LEVERS}
    keys |= {f"policy.{lever}.split.{part}": 7.0 for lever, parts in LEVERS.items() for part in parts}
    for key, value in keys.items():
        table = over_time({"at": 10, "over": 4, "set": {key: value}}).lever_table()
        assert (table[:11] == table[0]).all(), key
        assert (table[14:] == table[19]).all(), key
        assert table[0] != table[12], key
        assert table[12] != table[19], key


def test_without_a_timeline_nothing_is_different():
    table = baseline().lever_table()
    assert (table == table[0]).all()
    law = baseline().policy.rule_of_law
    share = law.share * law.split["courts"] / sum(law.split.values())
    assert shares(table)[0, INSTRUMENTS.index("rule_of_law.courts")] == pytest.approx(share)


def test_times_in_words():
    scenario = baseline().with_changes({"timeline": [{"at": "year 2", "over": "13 weeks", "set": {"budget": 2}}]})
    assert (scenario.timeline[0].at, scenario.timeline[0].over, scenario.timeline[0].end) == (52, 13, 65)


def test_the_same_changes_have_the_same_hash_however_they_are_written():
    one = over_time({"at": "week 5", "set": {"budget": 2, "policy.rule_of_law.share": 0.2}}, {"at": 9, "set": {"budget": 1.0}})
    other = over_time(
        {"at": 9, "over": 0, "set": {"budget": 1}},
        {"at": 5, "set": {"policy.rule_of_law": 0.2}},
        {"at": 5, "over": "0 weeks", "set": {"budget": 2.0}},
    )
    assert one.hash == other.hash
    assert one.canonical() == other.canonical()
    assert one.canonical()["timeline"] == [{"at": 5, "set": {"budget": 2.0, "policy.rule_of_law": 0.2}}, {"at": 9, "set": {"budget": 1.0}}]
    split = {"courts": 1, "policing": 2}
    parts = {f"policy.rule_of_law.split.{part}": split.get(part, 0) for part in LEVERS["rule_of_law"]}
    assert over_time({"at": 5, "set": {"policy.rule_of_law.split": split}}).hash == over_time({"at": 5, "set": parts}).hash
    assert one.hash != over_time({"at": 6, "set": {"budget": 2}}).hash


def test_entries_can_be_changed_by_their_number():
    scenario = over_time({"at": 5, "set": {"budget": 2, "policy.rule_of_law": 0.2}}, {"at": 9, "set": {"budget": 1.0}})
    changed = scenario.with_changes({"timeline.0.over": 3, "timeline.0.set.policy.rule_of_law": 0.1, "timeline.1.at": 12})
    assert changed.canonical()["timeline"] == [
        {"at": 5, "over": 3, "set": {"budget": 2.0, "policy.rule_of_law": 0.1}},
        {"at": 12, "set": {"budget": 1.0}},
    ]
    with pytest.raises(ScenarioError, match=r"timeline: got a mapping; expected a list of entries"):
        scenario.with_changes({"timeline.5.at": 3})
    with pytest.raises(ScenarioError, match=r"timeline\.0\.set\.policy\.rule_of_lw: got the unknown lever"):
        scenario.with_changes({"timeline.0.set.policy.rule_of_lw": 0.1})


def test_a_shorter_horizon_refuses_changes_beyond_it():
    scenario = over_time({"at": 15, "set": {"budget": 2}})
    with pytest.raises(ScenarioError, match=r"timeline\.0\.at: got week 15; expected a week before the horizon, 0 to 9"):
        scenario.with_changes({"horizon": 10})


def test_overlapping_changes_name_both_places(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "timeline:\n  - {at: year 2, over: 13 weeks, set: {policy.rule_of_law: 0.32}}\n  - {at: week 60, set: {policy.rule_of_law: 0.2}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (3, "timeline.1.set.policy.rule_of_law")
    assert f"while it is changing until week 65 ({file}:2:60: timeline.0.set.policy.rule_of_law)" in str(problem)


def test_a_change_that_begins_where_another_ends_is_fine():
    table = budget_of(over_time({"at": 2, "over": 4, "set": {"budget": 2}}, {"at": 6, "over": 2, "set": {"budget": 0}}).lever_table())
    assert table[[5, 6, 7, 8]].tolist() == [1.75, 2.0, 1.0, 0.0]


def test_shares_are_added_up_in_every_week():
    cross = [{"at": 2, "over": 10, "set": {"policy.rule_of_law": 0.1}}, {"at": 2, "over": 5, "set": {"policy.self_governance": 0.35}}]
    with pytest.raises(ScenarioError, match=r"timeline\.\d\.set: got shares that sum to 1\.\d+ in week \d"):
        over_time(*cross)
    cross[1]["over"] = 10
    assert share_of("rule_of_law", over_time(*cross).lever_table())[-1] == pytest.approx(0.1)


def test_moves_say_from_where_to_where():
    scenario = over_time({"at": 5, "over": 4, "set": {"budget": 2, "policy.rule_of_law": 0.2}}, {"at": 9, "set": {"budget": 1.0}})
    assert [tuple(move)[:5] for move in moves(scenario)] == [
        ("budget", 5, 9, 1.0, 2.0),
        ("policy.rule_of_law", 5, 9, 0.3, 0.2),
        ("budget", 9, 9, 2.0, 1.0),
    ]


def test_a_child_replaces_the_timeline(tmp_path):
    (tmp_path / "base.yaml").write_text("timeline: [{at: 3, set: {budget: 2}}, {at: 4, set: {budget: x}}]\n")
    (tmp_path / "over.yaml").write_text("extends: base.yaml\ntimeline: [{at: 5, set: {budget: 3}}]\n")
    assert [change.at for change in load_scenario(tmp_path / "over.yaml").timeline] == [5]


changes = st.lists(
    st.tuples(
        st.integers(0, 19), st.integers(0, 8), st.floats(0, 10, allow_nan=False, allow_subnormal=False).map(lambda target: round(target, 9))
    ),
    max_size=5,
    unique_by=lambda change: change[0],
)


def reached(change, week, value):
    """Where a change has come by a week."""
    if change is None:
        return value
    at, over, target, start = change
    return target if week >= at + over else start + (target - start) * ((week - at) / over)


@settings(max_examples=200, deadline=None)
@given(changes, st.integers(1, 24))
def test_courses_are_what_a_plain_reading_gives(wanted, weeks):
    spans, busy = [], -1
    for at, over, target in sorted(wanted):
        if at > busy and at < weeks:
            spans.append((at, over, target))
            busy = max(at, at + over - 1)
    value, expected, under_way = 1.0, [], None
    for week in range(weeks):
        value = reached(under_way, week, value)
        for at, over, target in spans:
            if at == week:
                under_way = (at, over, target, value)
        value = reached(under_way, week, value)
        expected.append(value)
    assert course(1.0, spans, weeks).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(changes, st.randoms())
def test_generated_timelines_survive_every_round_trip(wanted, random):
    entries = [{"at": at, "over": over, "set": {"budget": target, "stance.transparency": target / 10}} for at, over, target in wanted]
    try:
        scenario = over_time(*entries)
    except ScenarioError as error:
        assert "one change at a time" in str(error)  # noqa: PT017
        return
    random.shuffle(entries)
    assert over_time(*entries).hash == scenario.hash
    again = read_scenario(json.loads(json.dumps(scenario.canonical())))
    assert again.hash == scenario.hash
    assert (again.lever_table() == scenario.lever_table()).all()
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_default_splits_are_what_a_change_starts_from():
    table = over_time({"at": 4, "over": 4, "set": {"policy.rule_of_law.split.courts": 1.0}}).lever_table()
    split = baseline().policy.rule_of_law.split
    weight = (split["courts"] + 1.0) / 2
    wanted = 0.3 * weight / (sum(split.values()) - split["courts"] + weight)
    assert shares(table)[6, INSTRUMENTS.index("rule_of_law.courts")] == pytest.approx(wanted)
