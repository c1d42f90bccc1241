"""Staff and costs of a city: the shipped table, those of a preset's folder and of a scenario, and what is refused where."""

import pickle

import numpy as np
import pytest
import yaml
from test_preset_folder import CITY, load, reported

from sim.city.staffing import FIGURES
from sim.errors import ScenarioError
from sim.levers import DEFAULT_SPLITS, INSTRUMENTS, REFERENCE_SHARES, instrument
from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.presets import list_presets, load_preset
from sim.scenario.cities.staffing import rows_of, shipped_rows, staffing_of

HEAD = "instrument,figure,value,low,high,source\n"
OWN = CITY.replace("1.9", "2.4") + "staffing: staffing.csv\n"
MEDIATION = instrument("self_governance.mediation")


def with_table(folder, rows: str, city: str = OWN, head: str = HEAD):
    (folder / "mycity").mkdir(exist_ok=True)
    (folder / "mycity" / "staffing.csv").write_text(head + rows)
    return load(folder, city)


def refused(folder, rows: str, city: str = OWN, head: str = HEAD) -> list[str]:
    (folder / "mycity").mkdir(exist_ok=True)
    (folder / "mycity" / "staffing.csv").write_text(head + rows)
    return reported(folder, city)


@pytest.mark.parametrize("name", list_presets())
def test_every_figure_of_a_preset_is_there_with_its_source(name):
    rows = rows_of(load_preset(name))
    assert list(rows) == [(one, figure) for one in INSTRUMENTS for figure in FIGURES]
    assert all(row.source for row in rows.values())


@pytest.mark.parametrize("name", ["beijing_2020", "shanghai_2020", "synthetic"])
def test_a_city_with_the_shipped_figures_agrees_with_the_static_defaults(name):
    assert rows_of(load_preset(name)) == shipped_rows()
    staffing = staffing_of(load_preset(name))
    assert (staffing.currency, staffing.price_year, staffing.budget) == ("CNY", 2020, 3000.0)
    money = staffing.money_for(staffing.staff)
    for place, one in enumerate(INSTRUMENTS):
        lever, part = one.split(".")
        static = REFERENCE_SHARES[lever] * DEFAULT_SPLITS[lever][part] / sum(DEFAULT_SPLITS[lever].values())
        assert money[place] / staffing.budget == pytest.approx(static, rel=1e-3)


def test_money_and_staff_are_inverse_and_the_whole_is_what_the_budget_pays_for():
    staffing = load_scenario("baseline").staffing
    assert staffing.staff_for(staffing.money_for(staffing.staff)) == pytest.approx(staffing.staff)
    assert staffing.staff[instrument("rule_of_law.policing")] == 24.0


def test_a_folder_brings_its_own_rows_and_the_shipped_ones_stand_for_the_rest(tmp_path):
    scenario = with_table(tmp_path, "self_governance.mediation,cost,90000,,,assumption\n")
    usual = load_scenario("baseline").staffing
    assert scenario.staffing.cost[MEDIATION] == 90_000.0
    others = np.arange(len(INSTRUMENTS)) != MEDIATION
    assert (scenario.staffing.cost[others] == usual.cost[others]).all()
    again = read_scenario(scenario.canonical())
    assert again.hash == scenario.hash
    assert again.staffing.cost[MEDIATION] == 90_000.0
    assert pickle.loads(pickle.dumps(scenario)).staffing.cost[MEDIATION] == 90_000.0
    assert with_table(tmp_path, "self_governance.mediation,cost,90001,,,assumption\n").hash != scenario.hash


def test_police_of_a_preset_are_its_staff_of_policing(tmp_path):
    assert load(tmp_path).staffing.staff[instrument("rule_of_law.policing")] == pytest.approx(19.0)
    lines = refused(tmp_path, "rule_of_law.policing,staff,20,,,assumption\n")
    assert lines == ["mycity/staffing.csv:2:28: value: got 20"]


def test_without_a_budget_the_staff_of_the_city_costs_95_percent_of_it(tmp_path):
    staffing = load(tmp_path).staffing
    assert staffing.money_for(staffing.staff).sum() == pytest.approx(0.95 * staffing.budget)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("self_governance.mediation,cost,0,,,x", ":2:32: value: got 0"),
        ("self_governance.mediation,cost,-5,,,x", ":2:32: value: got -5"),
        ("self_governance.mediation,staff,-1,,,x", ":2:33: value: got -1"),
        ("self_governance.mediation,staff_share,0,,,x", ":2:39: value: got 0"),
        ("self_governance.mediation,staff_share,1.01,,,x", ":2:39: value: got 1.01"),
        ("self_governance.mediation,throughput,0,,,x", ":2:38: value: got 0"),
        ("self_governance.mediation,weeks,0,,,x", ":2:33: value: got 0"),
        ("self_governance.mediation,weeks,521,,,x", ":2:33: value: got 521"),
        ("self_governance.mediation,returns,1.5,,,x", ":2:35: value: got 1.5"),
        ("self_governance.mediation,cost,many,,,x", ":2:32: value: got 'many'"),
        ("self_governance.mediation,cost,,,,x", ":2:32: value: got nothing"),
        ("self_governance.mediation,cost,10,11,20,x", ":2:35: low: got 11"),
        ("self_governance.mediation,cost,10,5,9,x", ":2:37: high: got 9"),
        ("self_governance.mediation,cost,10,0,20,x", ":2:35: low: got 0"),
        ("self_governance.mediation,cost,10,5,20,", ":2:40: source: got nothing"),
        ("self_governance.mediators,cost,10,,,x", ":2:1: instrument: got the unknown instrument 'self_governance.mediators'"),
        ("self_governance.mediation,price,10,,,x", ":2:27: figure: got the unknown figure 'price'"),
        ("self_governance.mediation,staff,4251,,,x", ":2:33: value: got 4251"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_place(tmp_path, row, line):
    assert refused(tmp_path, f"{row}\n") == [f"mycity/staffing.csv{line}"]


def test_a_figure_stands_once_and_suggestions_are_made(tmp_path):
    row = "self_governance.mediation,cost,90000,,,x\n"
    assert refused(tmp_path, row + row) == [
        "mycity/staffing.csv:3:27: figure: got cost of self_governance.mediation again (first in line 2)"
    ]
    with pytest.raises(ScenarioError, match=r"did you mean self_governance\.mediation"):
        with_table(tmp_path, "self_governance.mediations,cost,10,,,x\n")
    assert refused(tmp_path, "x,1\n", head="instrument,value\n")[0].startswith("mycity/staffing.csv:1:1: (header): got no column figure")


def test_all_staff_together_need_enough_adults(tmp_path):
    lines = refused(tmp_path, "self_governance.mediation,staff,4000,,,x\nself_governance.councils,staff,4100,,,x\n")
    assert lines == ["mycity/staffing.csv:3:32: value: got 8,184 staff in all per 10,000 residents"]


@pytest.mark.parametrize(
    ("city", "line"),
    [
        ("currency: YUAN\n", "mycity/city.yaml:10:11: currency: got the unknown currency 'YUAN'"),
        ("currency: 元\n", "mycity/city.yaml:10:11: currency: got the unknown currency '元'"),
        ("currency: USDD\n", "mycity/city.yaml:10:11: currency: got the unknown currency 'USDD'"),
        ("price_year: 20\n", "mycity/city.yaml:10:13: price_year: got 20"),
        ("budget_per_resident: 0\n", "mycity/city.yaml:10:22: budget_per_resident: got 0"),
        ("budget_per_resident: 2000\n", "mycity/city.yaml:10:22: budget_per_resident: got 2,000"),
        ("staffing: 3\n", "mycity/city.yaml:10:11: staffing: got 3"),
        ("staffing: none.csv\n", "mycity/city.yaml:10:11: staffing: got 'none.csv', which does not exist"),
    ],
)
def test_a_mistake_in_the_figures_of_a_folder_is_told_with_its_place(tmp_path, city, line):
    assert reported(tmp_path, CITY + city) == [line]


def test_a_currency_that_was_meant_is_suggested(tmp_path):
    for word, meant in (("YUAN", "CNY"), ("元", "CNY"), ("USDD", "USD"), ("dollar", "USD")):
        with pytest.raises(ScenarioError, match=f"did you mean {meant}"):
            load(tmp_path, f"{CITY}currency: {word}\n")


def test_another_currency_needs_all_costs_in_it(tmp_path):
    (line,) = reported(tmp_path, f"{CITY}currency: USD\n")
    assert line.startswith("mycity/city.yaml:10:11: currency: got USD, without costs in it of self_governance.councils")
    rows = "".join(f"{name},cost,50000,,,assumption\n" for name in INSTRUMENTS)
    scenario = with_table(tmp_path, rows, OWN + "currency: USD\nprice_year: 2024\n")
    assert (scenario.staffing.currency, scenario.staffing.price_year) == ("USD", 2024)


def test_a_scenario_gives_single_figures_and_says_nothing_about_the_others(tmp_path):
    usual = load_scenario("baseline")
    changed = usual.with_changes({"city.staffing.self_governance.mediation.cost": 90_000})
    assert changed.staffing.cost[MEDIATION] == 90_000.0
    assert changed.as_data()["city"]["staffing"] == {"self_governance": {"mediation": {"cost": 90_000.0}}}
    assert "staffing" not in usual.as_data()["city"]
    assert changed.hash != usual.hash
    assert changed.staffing.budget == usual.staffing.budget
    assert read_scenario(changed.canonical()).hash == changed.hash
    file = tmp_path / "mine.yaml"
    data = {"extends": "baseline", "city": {"staffing": {"self_governance": {"mediation": {"cost": 90_000}}}}}
    file.write_text(yaml.safe_dump(data))
    assert load_scenario(file).hash == changed.hash
    money, staff = changed.lever_table()["money"], changed.lever_table()["staff"]
    assert (money == usual.lever_table()["money"]).all()
    assert staff[0, MEDIATION] == pytest.approx(usual.lever_table()["staff"][0, MEDIATION] * 130 / 90)


@pytest.mark.parametrize(
    ("figures", "place"),
    [
        ("{self_governance: {mediation: {cost: 0}}}", "1:55: city.staffing.self_governance.mediation.cost: got 0"),
        ("{self_governance: {mediation: {staff: -1}}}", "1:56: city.staffing.self_governance.mediation.staff: got -1"),
        ("{self_governance: {mediation: {price: 3}}}", "1:49: city.staffing.self_governance.mediation.price: got the unknown key 'price'"),
        ("{self_governance: {mediators: {cost: 3}}}", "1:37: city.staffing.self_governance.mediators: got the unknown key 'mediators'"),
        ("{self_governance: {mediation: {staff: 4200}}}", "1:18: city.staffing: got 4,302 staff in all per 10,000 residents"),
    ],
)
def test_a_figure_that_a_scenario_may_not_give_is_refused_at_its_place(tmp_path, figures, place):
    file = tmp_path / "mine.yaml"
    file.write_text(f"city: {{staffing: {figures}}}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert str(caught.value).removeprefix(f"{file}:").split("; expected")[0] == place
