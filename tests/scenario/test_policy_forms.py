"""A lever or an instrument as a share of the budget, as money, or as staff: the same money, and what is refused where."""

import itertools
import json
import pickle

import numpy as np
import pytest
from cities import baseline, shares
from hypothesis import given, settings
from hypothesis import strategies as st
from test_preset_folder import CITY, DISTRICTS

from sim.errors import ScenarioError
from sim.levers import DEFAULT_SPLITS, INSTRUMENTS, LEVERS, REFERENCE_SHARES, instrument
from sim.scenario import load_scenario, read_scenario
from sim.scenario.costs import budget_of, costs
from sim.scenario.schema.today import _today

MEDIATION, POLICING = instrument("self_governance.mediation"), instrument("rule_of_law.policing")
LEVER = {lever: [place for place, name in enumerate(INSTRUMENTS) if name.startswith(f"{lever}.")] for lever in LEVERS}


def read(policy, **more):
    return read_scenario({"name": "mine", "horizon": 20, "policy": policy, **more})


def loaded(folder, text: str):
    (folder / "mine.yaml").write_text(text)
    return load_scenario(folder / "mine.yaml")


def refused(folder, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, text)
    return [line.removeprefix(f"{folder}/mine.yaml:") for line in str(caught.value).split("\n")]


def test_money_is_what_it_says_and_staff_what_it_costs():
    scenario = read({"rule_of_law": {"yuan": 600}, "self_governance": {"staff": 18}, "moral_education": 0.05})
    week = scenario.lever_table()[0]
    assert week["money"][LEVER["rule_of_law"]].sum() == pytest.approx(600)
    assert week["staff"][LEVER["self_governance"]].sum() == pytest.approx(18)
    assert week["money"][LEVER["moral_education"]].sum() == pytest.approx(150)
    money = week["money"][LEVER["self_governance"]]
    usual = baseline().lever_table()["money"][0][LEVER["self_governance"]]
    assert money / money.sum() == pytest.approx(usual / usual.sum())


def test_an_instrument_by_itself_leaves_the_others_what_they_had():
    usual = baseline().lever_table()[0]["money"]
    for amount, money in (({"staff": 4.9}, 4.9 * 130_000 / 0.9 / 1e4), ({"yuan": 60}, 60.0), (0.02, 60.0), ({"share": 0.02}, 60.0)):
        found = baseline().with_changes({"policy.self_governance.mediation": amount}).lever_table()[0]["money"]
        assert found[MEDIATION] == pytest.approx(money)
        others = np.arange(len(INSTRUMENTS)) != MEDIATION
        assert (found[others] == usual[others]).all()


def test_the_form_that_was_typed_is_kept_and_reads_back():
    scenario = read({"rule_of_law": {"yuan": 600, "courts": {"staff": 0.7}}, "self_governance": {"staff": 18}})
    policy = scenario.as_data()["policy"]
    assert {key: value for key, value in policy["rule_of_law"].items() if key != "split"} == {"yuan": 600.0, "courts": {"staff": 0.7}}
    assert set(policy["self_governance"]) == {"staff", "split"}
    assert read_scenario(json.loads(json.dumps(scenario.canonical()))).hash == scenario.hash
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert scenario.with_changes({}).hash == scenario.hash


def test_money_for_all_levers_is_independent_of_the_static_defaults(monkeypatch):
    """No reference policy is hidden in a policy that is given in yuan."""
    policy = {
        "self_governance": {"yuan": 400},
        "rule_of_law": {"yuan": 900},
        "moral_education": {"staff": 9},
        "public_services": {"yuan": 1200},
    }
    before = read(policy)
    monkeypatch.setattr("sim.scenario.schema.today.REFERENCE_SHARES", dict.fromkeys(REFERENCE_SHARES, 0.2))
    monkeypatch.setattr("sim.scenario.schema.policy.REFERENCE_SHARES", dict.fromkeys(REFERENCE_SHARES, 0.2))
    moved = {lever: dict.fromkeys(split, 1.0) for lever, split in DEFAULT_SPLITS.items()}
    monkeypatch.setattr("sim.scenario.schema.today.DEFAULT_SPLITS", moved)
    monkeypatch.setattr("sim.scenario.schema.policy.DEFAULT_SPLITS", moved)
    _today.cache_clear()
    try:
        assert read(policy).lever_table().tobytes() == before.lever_table().tobytes()
    finally:
        _today.cache_clear()


def test_forms_replace_each_other_and_a_split_the_instruments_by_themselves(tmp_path):
    data = read({"rule_of_law": {"yuan": 600, "courts": {"staff": 0.7}}})
    law = data.with_changes({"policy.rule_of_law": 0.2}).policy.rule_of_law
    assert (law.share, law.money, set(law.alone)) == (0.2, None, {"courts"})
    law = data.with_changes({"policy.rule_of_law.staff": 20}).policy.rule_of_law
    assert (law.share, law.money, law.staff) == (None, None, 20.0)
    law = data.with_changes({"policy.rule_of_law.courts.yuan": 40}).policy.rule_of_law
    assert (law.money, law.alone["courts"].as_data()) == (600.0, {"yuan": 40.0})
    assert not data.with_changes({"policy.rule_of_law.split": {"policing": 1}}).policy.rule_of_law.alone
    assert not data.with_changes({"policy.rule_of_law.split.courts": 3}).policy.rule_of_law.alone
    assert data.with_changes({"policy.rule_of_law.split.policing": 3}).policy.rule_of_law.alone
    scenario = loaded(tmp_path, "extends: baseline\npolicy: {rule_of_law: {yuan: 850}, self_governance: {councils: 0.05}}\n")
    changes = {"policy.rule_of_law.yuan": 850, "policy.self_governance.councils": 0.05}
    assert scenario.hash == baseline().with_changes(changes).hash
    one = baseline().with_changes({"policy.self_governance.mediation.staff": 5})
    assert one.hash == baseline().with_changes({"policy.self_governance.mediation": {"staff": 5}}).hash


def test_a_timeline_moves_linearly_in_money_from_one_form_to_another():
    entry = {"at": 4, "over": 8, "set": {"policy.rule_of_law": {"yuan": 660}, "policy.self_governance.mediation": {"staff": 5}}}
    scenario = read({}, timeline=[entry])
    table = scenario.lever_table()
    law, start = table["money"][:, LEVER["rule_of_law"]].sum(axis=1), 900.0
    assert law == pytest.approx([start] * 4 + [start + k / 8 * (660 - start) for k in range(8)] + [660.0] * 8)
    first = table["money"][0, MEDIATION]
    last = 5 * 130_000 / 0.9 / 1e4
    assert table["money"][:, MEDIATION] == pytest.approx([first] * 4 + [first + k / 8 * (last - first) for k in range(8)] + [last] * 8)
    same = {"at": 4, "over": 8, "set": {"policy.rule_of_law.yuan": 660, "policy.self_governance.mediation.staff": 5}}
    assert read({}, timeline=[same]).hash == scenario.hash
    assert scenario.canonical()["timeline"] == [same]
    assert read_scenario(scenario.canonical()).hash == scenario.hash


def test_an_instrument_goes_back_to_its_split():
    entries = [
        {"at": 2, "set": {"policy.rule_of_law.policing": {"staff": 12}}},
        {"at": 10, "set": {"policy.rule_of_law.split.policing": 765}},
    ]
    table = read({}, timeline=entries).lever_table()
    assert table["staff"][[0, 5, 15], POLICING] == pytest.approx([24, 12, 24], rel=1e-3)
    assert table["money"][15] == pytest.approx(table["money"][0])


def test_shares_follow_the_budget_and_money_does_not():
    table = read({"rule_of_law": {"yuan": 300}}, timeline=[{"at": 5, "set": {"budget": 0.5}}]).lever_table()
    assert table["money"][[0, 10]][:, LEVER["rule_of_law"]].sum(axis=1) == pytest.approx([300, 300])
    assert table["money"][[0, 10]][:, LEVER["moral_education"]].sum(axis=1) == pytest.approx([300, 150])


amounts = st.one_of(
    st.floats(0, 0.2, allow_subnormal=False),
    st.floats(0, 500, allow_subnormal=False).map(lambda value: {"yuan": value}),
    st.floats(0, 12, allow_subnormal=False).map(lambda value: {"staff": value}),
)
keys = st.sampled_from([f"policy.{name}" for name in (*LEVERS, *INSTRUMENTS)])


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(keys, amounts, max_size=5), st.lists(st.tuples(st.integers(0, 19), st.integers(0, 6), keys, amounts), max_size=3))
def test_whatever_is_accepted_is_paid_for_and_survives_a_round_trip(policy, changes):
    """Never more money than the budget, whatever forms are mixed, and the same money in shares."""
    timeline = [{"at": at, "over": over, "set": {key: amount}} for at, over, key, amount in changes]
    try:
        scenario = read({}).with_changes({**policy, **({"timeline": timeline} if timeline else {})})
    except ScenarioError as error:
        assert any(words in str(error) for words in ("above the budget", "at most the budget", "sum to", "while it"))  # noqa: PT017
        return
    table = scenario.lever_table()
    assert (shares(table).sum(axis=1) <= 1 + 1e-5).all()
    assert table["staff"] == pytest.approx(scenario.staffing.staff_for(table["money"]), rel=1e-5)
    assert read_scenario(json.loads(json.dumps(scenario.canonical()))).hash == scenario.hash
    plain = scenario.with_changes({"timeline": [], "policy": scenario.in_shares})
    start = scenario.with_changes({"timeline": []}).lever_table()[0]["money"]
    assert plain.lever_table()[0]["money"] == pytest.approx(start, rel=1e-5, abs=1e-4)
    assert all(section.in_share for _, section in plain.policy)


def test_a_city_with_its_own_table_spends_by_default_what_its_staff_costs(tmp_path):
    (tmp_path / "mycity").mkdir()
    rows = "instrument,figure,value,low,high,source\nself_governance.mediation,staff,6,,,count of 2023\n"
    (tmp_path / "mycity" / "staffing.csv").write_text(rows)
    (tmp_path / "mycity" / "districts.csv").write_text(DISTRICTS)
    (tmp_path / "mycity" / "city.yaml").write_text(CITY + "staffing: staffing.csv\n")
    scenario = loaded(tmp_path, "city: {preset: ./mycity, scale: 0.1}\npolicy: {moral_education: 0.05}\n")
    staffing, table = scenario.staffing, scenario.lever_table()
    given = LEVER["moral_education"]
    others = [place for place in range(len(INSTRUMENTS)) if place not in given]
    assert table["staff"][0, others] == pytest.approx(staffing.staff[others], rel=2e-3)
    assert table["staff"][0, POLICING] == pytest.approx(19.0, rel=2e-3)
    assert shares(table)[0, given].sum() == pytest.approx(0.05)
    assert read_scenario(scenario.canonical()).hash == scenario.hash


def test_a_city_has_the_key_of_its_own_currency(tmp_path):
    (tmp_path / "mycity").mkdir()
    rows = "instrument,figure,value,low,high,source\n" + "".join(f"{name},cost,50000,,,assumption\n" for name in INSTRUMENTS)
    (tmp_path / "mycity" / "staffing.csv").write_text(rows)
    (tmp_path / "mycity" / "districts.csv").write_text(DISTRICTS)
    (tmp_path / "mycity" / "city.yaml").write_text(CITY + "staffing: staffing.csv\ncurrency: USD\n")
    city = "city: {preset: ./mycity, scale: 0.1}\nhorizon: 20\n"
    text = city + "policy: {rule_of_law: {usd: 90}}\ntimeline: [{at: 3, set: {policy.rule_of_law.policing: {usd: 40}}}]\n"
    scenario = loaded(tmp_path, text)
    assert scenario.as_data()["policy"]["rule_of_law"]["usd"] == 90.0
    assert scenario.as_data()["timeline"] == [{"at": 3, "set": {"policy.rule_of_law.policing.usd": 40.0}}]
    assert read_scenario(scenario.canonical()).hash == scenario.hash
    assert scenario.with_changes({"policy.rule_of_law.usd": 80}).policy.rule_of_law.money == 80.0
    assert scenario.lever_table()["money"][0, LEVER["rule_of_law"]].sum() == pytest.approx(90)
    (line,) = refused(tmp_path, city + "policy: {rule_of_law: {yuan: 90}}\n")
    assert line.startswith("3:24: policy.rule_of_law.yuan: got an amount in CNY ('yuan'); expected usd")
    (line,) = refused(tmp_path, city + "policy: {rule_of_law: {usd: 900}}\n")
    assert line.startswith("3:29: policy.rule_of_law.usd: got 900 USD per resident and year; expected at most the budget of")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "policy: {rule_of_law: {yuan: 1e12}}",
            "1:30: policy.rule_of_law.yuan: got 1000000000000.0; expected a number from 0 to 1e+09",
        ),
        (
            "policy: {rule_of_law: {yuan: 4000}}",
            "1:30: policy.rule_of_law.yuan: got 4,000 yuan per resident and year; expected at most",
        ),
        ("policy: {rule_of_law: {yuan: -1}}", "1:30: policy.rule_of_law.yuan: got -1; expected a number from 0"),
        ("policy: {rule_of_law: {staff: -1}}", "1:31: policy.rule_of_law.staff: got -1; expected a number from 0"),
        (
            "policy: {rule_of_law: {yuan: 3, staff: 2}}",
            "1:40: policy.rule_of_law.staff: got yuan and staff together; expected one of them",
        ),
        (
            "policy: {rule_of_law: {share: 0.3, yuan: 3}}",
            "1:42: policy.rule_of_law.yuan: got share and yuan together; expected one of",
        ),
        (
            "policy: {rule_of_law: {courts: {yuan: 3, staff: 2}}}",
            "1:49: policy.rule_of_law.courts.staff: got yuan and staff together",
        ),
        (
            "policy: {rule_of_law: {courts: {}}}",
            "1:32: policy.rule_of_law.courts: got an empty mapping; expected one of share, yuan, staff",
        ),
        ("policy: {rule_of_law: {usd: 3}}", "1:24: policy.rule_of_law.usd: got an amount in USD ('usd'); expected yuan"),
        (
            "policy: {rule_of_law: {courts: {eur: 3}}}",
            "1:33: policy.rule_of_law.courts.eur: got an amount in EUR ('eur'); expected yuan",
        ),
        ("policy: {rule_of_law: {cny: 3}}", "1:24: policy.rule_of_law.cny: got the key 'cny'; expected yuan"),
        ("policy: {rule_of_law: {money: 3}}", "1:24: policy.rule_of_law.money: got the key 'money'; expected yuan"),
        ("policy: {rule_of_law: {police: {staff: 3}}}", "1:24: policy.rule_of_law.police: got the unknown key 'police'"),
        ("policy: {rule_of_law: {courts: {staf: 3}}}", "1:33: policy.rule_of_law.courts.staf: got the unknown key 'staf'"),
        (
            "policy: {rule_of_law: {courts: 1.5}}",
            "1:32: policy.rule_of_law.courts: got 1.5; expected a number from 0 to 1; did you mean {staff: 1.5}?",
        ),
        (
            "policy: {rule_of_law: {courts: 25}}",
            "1:32: policy.rule_of_law.courts: got 25; expected a number from 0 to 1; did you mean {staff: 25}?",
        ),
        ("policy: {rule_of_law: 900}", "1:23: policy.rule_of_law: got 900; expected a number from 0 to 1; did you mean {yuan: 900}?"),
        ("policy: {rule_of_law: 30}", "1:23: policy.rule_of_law: got 30; expected a number from 0 to 1; did you mean 0.3?"),
        ("policy: {rule_of_law: {staff: 5000}}", "1:31: policy.rule_of_law.staff: got 5000; expected a number from 0 to 4250"),
        (
            "policy: {rule_of_law: {staff: 4000}}",
            "1:31: policy.rule_of_law.staff: got staff of 4,000 per 10,000 residents, who cost",
        ),
        (
            "policy: {rule_of_law: {yuan: 1100}}",
            "1:9: policy: got a policy that costs 3,050 yuan per resident and year (self_governance 450, rule_of_law 1,100, "
            "moral_education 300, public_services 1,200), 50 yuan per resident and year above the budget; expected at most the budget",
        ),
        (
            "timeline: [{at: 6, over: 4, set: {policy.rule_of_law: {yuan: 1140}}}]",
            "1:34: timeline.0.set: got a policy that costs 3,030 yuan per resident and year in week 9",
        ),
        (
            "policy: {rule_of_law: {yuan: 900}}\ntimeline: [{at: 8, set: {budget: 0.5}}]",
            "2:25: timeline.0.set: got a policy that costs 1,875 yuan per resident and year in week 8",
        ),
        (
            "timeline: [{at: 6, set: {policy.rule_of_law: {yuan: 9, staff: 2}}}]",
            "1:63: timeline.0.set.policy.rule_of_law.staff: got a second",
        ),
        (
            "timeline: [{at: 6, set: {policy.rule_of_law.courts: {usd: 9}}}]",
            "1:54: timeline.0.set.policy.rule_of_law.courts.usd: got an amount",
        ),
        (
            "timeline: [{at: 6, set: {policy.rule_of_law.courts: {staff: -9}}}]",
            "1:61: timeline.0.set.policy.rule_of_law.courts.staff: got -9",
        ),
        (
            "timeline: [{at: 6, set: {policy.rule_of_law.court: {staff: 9}}}]",
            "1:53: timeline.0.set.policy.rule_of_law.court.staff: got the unk",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(tmp_path, text, line):
    (found,) = refused(tmp_path, f"{text}\n")
    assert found.startswith(line)


def test_more_staff_than_adults_is_refused_where_the_money_would_do(tmp_path):
    cheap = ", ".join(f"{part}: {{cost: 1}}" for part in LEVERS["rule_of_law"])
    text = f"city: {{staffing: {{rule_of_law: {{{cheap}}}}}}}\npolicy: {{self_governance: {{staff: 100}}, rule_of_law: {{staff: 4200}}}}\n"
    (line,) = refused(tmp_path, text)
    assert line.startswith("2:9: policy: got 4,345 staff in all per 10,000 residents; expected at most 4,250, half of the adults of a city")


def test_other_changes_of_an_instrument_wait_for_the_first_to_end():
    first = {"at": 2, "over": 6, "set": {"policy.rule_of_law.policing": {"staff": 12}}}
    for later in ({"policy.rule_of_law.policing": {"yuan": 400}}, {"policy.rule_of_law.split.policing": 5.0}):
        with pytest.raises(ScenarioError, match="while it is changing until week 8"):
            read({}, timeline=[first, {"at": 5, "set": later}])
        assert read({}, timeline=[first, {"at": 8, "set": later}]).timeline


def test_costs_are_those_of_the_whole_city():
    scenario = load_scenario("more_mediators")
    found, usual = costs(scenario), costs(baseline())
    more = found["self_governance.mediation"].people - usual["self_governance.mediation"].people
    assert more == pytest.approx(20 * 24_870_895 / 100_000, rel=2e-3)
    spent = found["self_governance.mediation"].millions - usual["self_governance.mediation"].millions
    assert spent == pytest.approx(more * 130_000 / 0.9 / 1e6, rel=1e-3)
    assert budget_of(scenario) == 3000.0
    for lever, parts in LEVERS.items():
        for what in ("share", "money", "millions", "staff", "people", "now"):
            whole = sum(getattr(found[f"{lever}.{part}"], what) for part in parts)
            assert getattr(found[lever], what) == pytest.approx(whole, rel=1e-5)


def test_all_forms_of_the_same_amount_cost_the_same():
    usual = costs(baseline())
    for name in (*LEVERS, *INSTRUMENTS):
        forms = [{"share": usual[name].share}, {"yuan": usual[name].money}, {"staff": usual[name].staff}]
        tables = [baseline().with_changes({f"policy.{name}": form}).lever_table()["money"][0] for form in forms]
        for left, right in itertools.pairwise(tables):
            assert left == pytest.approx(right, rel=1e-5)
