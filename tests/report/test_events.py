"""Changes of policy and shocks: found, described in both languages, and marked on the curves."""

from types import SimpleNamespace

import pytest
from fake import make_run

from sim.report.parts import events, style
from sim.report.run.figures import plot_indices, plot_metric, plot_policy
from sim.report.run.figures.policy import lever_money
from sim.scenario import read_scenario

TIMELINE = [
    {"at": 20, "over": 10, "set": {"policy.rule_of_law": 0.2, "policy.moral_education": 0.15}},
    {"at": 40, "set": {"stance.patrol_targeting": "reported"}},
    {"at": 50, "set": {"policy.rule_of_law.split.courts": 3}},
]


def scenario(shocks=(), **fields):
    made = read_scenario({"name": "eventful", "horizon": 60, "timeline": TIMELINE, **fields})
    made.__dict__["shocks"] = shocks
    return made


def shock(**fields):
    return SimpleNamespace(**{"kind": "layoffs", "at": 30, "lasts": 4, "strength": 0.5, "where": None, **fields})


def test_events_are_numbered_by_week_and_end_with_the_horizon():
    found = events.events(scenario([shock(), shock(at=99), shock(at=5, kind="something_new")]))
    assert [(e.number, e.kind, e.at) for e in found] == [
        (1, "shock", 5),
        (2, "policy", 20),
        (3, "shock", 30),
        (4, "policy", 40),
        (5, "policy", 50),
    ]
    assert (found[1].end, found[2].end) == (30, 34)


def test_a_quiet_scenario_has_none():
    assert events.events(read_scenario({"name": "quiet"})) == []
    assert events.event_rows(read_scenario({"name": "quiet"}), "en") == []


def test_events_are_described_in_words():
    rows = events.event_rows(scenario([shock(where={"district": "Pudong"}), shock(at=5, kind="something_new", strength=None)]), "en")
    said = [" ".join(row) for row in rows]
    assert said[0] == "1 weeks 5 to 8 something new"
    assert "2 weeks 20 to 30 " in said[1]
    assert "Rule of law (法治) from 30\u202f% to 20\u202f%" in said[1]
    assert said[2] == "3 weeks 30 to 33 Layoffs, Pudong, strength 0.5"
    assert said[3] == "4 week 40 Allocation of police patrols from evenly by residents to where offences were reported"
    assert "courts" in said[4]
    chinese = events.event_rows(scenario([shock(where={"district": "Pudong"})]), "zh")
    assert chinese[1][2] == "裁员，浦东新区，强度0.5"


@pytest.mark.parametrize("where", [None, "city", "Pudong", {"district": "Pudong"}, {"community": 7}])
def test_any_place_can_be_described(where):
    row = events.event_rows(scenario([shock(where=where)]), "en")[1]
    assert ("Pudong" in row[2]) == ("Pudong" in str(where))


def test_every_curve_carries_the_marks():
    run = make_run(2, 60, 3, timeline=TIMELINE)
    run.scenario.__dict__["shocks"] = [shock()]
    for axes in (plot_indices(run), plot_metric(run, "calm"), plot_policy(run.scenario)):
        dashed = [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
        assert {20, 40, 50} <= set(dashed)
        assert any(patch.get_hatch() for patch in axes.patches)
        assert "1" in [text.get_text() for text in axes.texts]


def test_numbers_do_not_cover_each_other():
    crowded = [{"at": week, "set": {"policy.rule_of_law": 0.2 + week / 1000}} for week in range(10, 14)]
    with style.look():
        axes = plot_policy(scenario(timeline=crowded, horizon=260))
    assert [text.get_text() for text in axes.texts] == ["1"]


def test_money_of_levers_follows_the_timeline_and_the_budget():
    made = read_scenario({"name": "money", "horizon": 10, "timeline": [{"at": 5, "set": {"budget": 0.5}}]})
    for lever, values in lever_money(made).items():
        money = made.shares[lever] * made.staffing.budget
        assert values[:5] == pytest.approx(money)
        assert values[5:] == pytest.approx(money / 2)
