"""A search finds the best policies, keeps to the budget, meets its constraint, and resumes after a kill with the same results."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from processes import environment

from sim.cli import cli
from sim.errors import ScenarioError, UserError
from sim.experiments.optimization.evolution import evolve
from sim.experiments.optimization.optimize import _claim, _result, generation_study, judged, optimize, parts_of_front
from sim.experiments.optimization.search import load_search, make_search
from sim.experiments.optimization.search_space import within_budget
from sim.experiments.studies import designs
from sim.experiments.studies.study import Group

pytest.importorskip("pymoo", reason="the extra `analysis` is not installed")

SHARES = ["policy.self_governance", "policy.rule_of_law", "policy.public_services"]
CITY = {"preset": "synthetic", "residents": 512, "districts": 1}
DATA = {
    "name": "cheap",
    "scenario": {"name": "tiny", "city": CITY, "horizon": 4, "policy": {"moral_education": 0.0}},
    "factors": {"stance.transparency": {"low": 0.0, "high": 1.0}},
    "groups": {"mix": {"shares": SHARES, "at_most": 1}},
    "search": {"objectives": {"satisfaction": "more", "budget_spent": "less"}, "population": 4, "generations": 3},
    "replicates": 2,
}


def search(**more):
    parts = {**DATA["search"], **more.pop("search", {})}
    return make_search({**DATA, "search": parts, **more})


# --- the space ---


def test_shares_above_the_budget_go_to_the_nearest_that_keep_to_it():
    group = Group("mix", ("a", "b"), 1.0)
    found = within_budget(np.array([[0.8, 0.8], [1.2, 0.1], [0.3, 0.4]]), group)
    np.testing.assert_allclose(found, [[0.5, 0.5], [1.0, 0.0], [0.3, 0.4]], atol=2e-5)


def test_a_budget_to_be_used_whole_is_used_whole():
    found = within_budget(np.array([[0.1, 0.1, 0.0], [0.9, 0.9, 0.9]]), Group("mix", ("a", "b", "c"), 0.8, True, 0.1))
    np.testing.assert_allclose(found.sum(axis=1), 0.8, atol=1e-12)
    assert found.min() >= 0.1 - 1e-12


@given(st.lists(st.lists(st.floats(0, 3), min_size=3, max_size=3), min_size=1, max_size=4), st.booleans())
def test_every_repaired_policy_keeps_to_the_budget_and_to_the_least_share(shares, exact):
    found = within_budget(np.array(shares), Group("mix", ("a", "b", "c"), 0.9, exact, 0.05))
    assert (found.sum(axis=1) <= 0.9 + 1e-9).all()
    assert (found >= 0.05 - 1e-12).all()


def test_repairing_twice_changes_nothing_more():
    space = search(factors={"stance.transparency": {"low": 0, "high": 1}, "stance.patrol_targeting": ["even", "reported"]}).space
    once = space.repair(np.random.default_rng(1).random((50, len(space.keys))) * 1.5)
    np.testing.assert_allclose(space.repair(once), once, atol=2e-5)
    assert set(space.values(once)["stance.patrol_targeting"]) == {"even", "reported"}


def test_every_policy_of_a_generation_makes_a_valid_scenario_on_the_same_seeds():
    wanted = search(futures={"mechanisms.norms.bound": {"low": 0.1, "high": 0.5}}, search={"futures": 2})
    points = wanted.space.repair(wanted.space.start(wanted.base))
    study = generation_study(wanted, points, 3)
    table = designs.points(study)
    assert len(table) == 4 * 2
    assert table["mechanisms.norms.bound"].nunique() == 2
    for row in table.to_dict("records"):
        assert sum(study.scenario.with_changes(row).policy.model_dump()[key.split(".")[1]]["share"] for key in SHARES) <= 1 + 1e-9
    assert {study.seed_of(point, 1) for point in range(8)} == {wanted.base.seed + 1}


# --- the search itself, on outcomes that are made up ---


def made_up(wanted, benefit):
    """Tries policies without simulating: satisfaction is `benefit`, money is the sum of the shares."""
    tables = []

    def tried(points):
        policies = wanted.space.values(points)
        runs = policies.loc[policies.index.repeat(2)].reset_index(drop=True)
        runs = runs.assign(
            point=np.repeat(np.arange(len(policies)), 2), state="done", satisfaction=benefit(runs), budget_spent=runs[SHARES].sum(axis=1)
        )
        tables.append(judged(wanted, runs).assign(generation=len(tables)))
        return tables[-1]

    return tables, tried


def test_the_cheapest_mix_that_does_is_found():
    aim = {"objectives": {"budget_spent": "less"}, "targets": {"satisfaction": {"at_least": 0.5}}, "population": 30, "generations": 40}
    wanted = search(search=aim)
    # One lever gives twice as much as the others for the money: 0.25 of it alone is the cheapest that gives 0.5.
    tables, tried = made_up(wanted, lambda t: 2 * t[SHARES[1]] + t[SHARES[0]] + 0.5 * t[SHARES[2]])
    evolve(wanted, tried)
    result = _result(wanted, pd.concat(tables, ignore_index=True), [], Path())
    best = result.front.iloc[0]
    assert best["budget_spent"] == pytest.approx(0.25, abs=0.01)
    assert best[SHARES[1]] == pytest.approx(0.25, abs=0.01)
    assert (result.front["share"] >= 0.8).all()
    assert (result.tried[SHARES].sum(axis=1) <= 1 + 1e-9).all()
    assert result.progress["hypervolume"].is_monotonic_increasing


def test_two_objectives_give_a_front_along_the_trade_off():
    wanted = search(search={"population": 30, "generations": 25})
    tables, tried = made_up(wanted, lambda t: np.sqrt(t[SHARES[0]]))
    evolve(wanted, tried)
    front = _result(wanted, pd.concat(tables, ignore_index=True), [], Path()).front
    assert len(front) > 10
    assert front["budget_spent"].max() > 0.8
    assert front["budget_spent"].min() < 0.1
    np.testing.assert_allclose(front["satisfaction"], np.sqrt(front["budget_spent"]), atol=0.08)


def test_where_nothing_meets_the_constraint_the_front_is_empty():
    wanted = search(search={"targets": {"satisfaction": {"at_least": 0.9}}})
    tables, tried = made_up(wanted, lambda t: 0 * t[SHARES[0]])
    evolve(wanted, tried)
    result = _result(wanted, pd.concat(tables, ignore_index=True), [], Path())
    assert result.front.empty
    assert (result.progress["hypervolume"] == 0).all()


def test_indices_of_the_front_are_taken_apart_policy_by_policy_in_the_runs_that_all_of_them_finished():
    wanted = search(search={"objectives": {"satisfaction": "more", "budget_spent": "less"}})
    assert {"belonging", "happiness", "security"} <= set(wanted.base.outcomes)
    assert "order" not in wanted.base.outcomes
    run = {"replicate": [0, 1, 2] * 2, "state": "done", "satisfaction": 0.5, "happiness": 0.5, "security": 0.25}
    old = pd.DataFrame({"point": [0, 0, 0, 1, 1, 1], **run, "belonging": np.arange(6.0)})
    new = pd.DataFrame({"point": [0, 0, 0, 1, 1, 1], **run, "belonging": 10 + np.arange(6.0)})
    new.loc[5, "state"] = "failed"
    table = pd.DataFrame({"front": [True, False, False, True]})
    (found,) = parts_of_front(wanted, table, [old, new]).values()
    assert found.names == ["belonging", "happiness", "security"]
    assert found.weights == pytest.approx(1 / 3)
    assert found.values[:, :, 0].tolist() == [[0, 13], [1, 14]]  # seeds by policies; the third seed is not there for both
    assert (found.values[:, :, 1:] == [0.5, 0.25]).all()


def test_policies_are_judged_by_their_runs_and_a_failed_run_meets_nothing():
    wanted = search(search={"targets": {"satisfaction": {"at_least": 0.5}}, "met_in": 0.75})
    runs = pd.DataFrame(
        {"point": [0, 0, 1, 1], "state": ["done", "done", "done", "failed"], "satisfaction": [0.6, 0.4, 0.7, np.nan], "budget_spent": 1.0}
    )
    table = judged(wanted, runs.assign(**dict.fromkeys(wanted.space.keys, 0.1)))
    assert table["satisfaction"].tolist() == pytest.approx([0.5, 0.7])
    assert table["share"].tolist() == [0.5, 0.5]
    assert table["miss"].tolist() == [0.25, 0.25]
    assert table["low_satisfaction"].isna().all()  # two runs are too few for an interval
    assert table["runs"].tolist() == [2, 1]


# --- searches that are not sound ---

BAD = """scenario: baseline
factors: {stance.transparancy: {low: 0, high: 1}}
search:
  objectives: {stabilty: more, satisfaction: up}
  targets: {stability: {at_least: high}}
  population: 2
  generation: 3
design: {kind: lhs}
"""


def test_every_mistake_in_a_file_is_reported_at_once_with_its_place(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(BAD)
    with pytest.raises(ScenarioError) as error:
        load_search(file)
    told = str(error.value)
    for part in ("bad.yaml:2:", "bad.yaml:4:", "bad.yaml:5:", "bad.yaml:6:", "bad.yaml:7:", "did you mean generations?", "bad.yaml:8:"):
        assert part in told, part
    result = CliRunner().invoke(cli, ["optimize", str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_the_example_in_the_documentation_is_valid():
    example = load_search(Path(__file__).parents[2] / "docs" / "examples" / "cheapest_mix.yaml")
    assert example.targets == {"stability": ("at_least", 0.52)}
    assert example.futures is None  # so that it is searched over plausible worlds


def test_an_objective_that_is_neither_metric_nor_factor_is_refused():
    with pytest.raises(ScenarioError, match="did you mean"):
        search(search={"objectives": {"stabilty": "more"}})
    assert search(search={"objectives": {"stance.transparency": "less", "stability": "more"}}).objectives["stance.transparency"] == "less"


def test_a_future_that_is_searched_too_is_refused():
    with pytest.raises(UserError, match=r"futures: got stance\.transparency"):
        search(futures={"stance.transparency": {"low": 0, "high": 1}})


def test_a_folder_with_another_search_is_refused_with_the_difference(tmp_path):
    _claim(tmp_path / "cheap", search())
    _claim(tmp_path / "cheap", search(search={"generations": 9}))  # a longer search is the same one, going on
    with pytest.raises(UserError, match=r"met_in: was 0\.8, now 0\.9"):
        _claim(tmp_path / "cheap", search(search={"met_in": 0.9}))


# --- the real thing ---

REAL = """name: real
scenario: tiny.yaml
factors: {stance.transparency: {low: 0, high: 1}}
groups: {mix: {shares: [policy.self_governance, policy.rule_of_law, policy.public_services], at_most: 1}}
futures: {mechanisms.norms.bound: {low: 0.1, high: 0.5}}
search:
  objectives: {satisfaction: more, budget_spent: less}
  targets: {stability: {at_least: 0.1}}
  population: 4
  generations: 4
  futures: 2
replicates: 2
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    city = "{preset: synthetic, residents: 512, districts: 1}"
    (folder / "tiny.yaml").write_text(f"name: tiny\ncity: {city}\nhorizon: 6\npolicy: {{moral_education: 0}}\n")
    (folder / "real.yaml").write_text(REAL)
    return folder / "real.yaml"


AMOUNTS = {"policy.rule_of_law.yuan": (600, 1000), "policy.self_governance.mediation.staff": (2, 6)}


@pytest.mark.slow
def test_a_search_over_money_and_staff_keeps_to_their_ranges_and_pays_for_them(tmp_path):
    factors = {key: {"low": low, "high": high} for key, (low, high) in AMOUNTS.items()}
    scenario = {"name": "tiny", "city": CITY, "horizon": 4}
    wanted = make_search({**DATA, "name": "amounts", "scenario": scenario, "factors": factors, "groups": {}})
    found = optimize(wanted, tmp_path, workers=1).tried
    for key, (low, high) in AMOUNTS.items():
        assert found[key].between(low, high).all()
        assert found[key].nunique() > 1
    prices = np.array([1.0, 130_000 / 0.9 / 10_000])  # a mediator's cost over the share of money that pays for staff
    money = found[list(AMOUNTS)].to_numpy() @ prices
    assert np.polyfit(money, found["budget_spent"], 1)[0] == pytest.approx(0.89, abs=0.005)  # the rest leaks
    assert np.corrcoef(money, found["budget_spent"])[0, 1] > 0.9999


def test_amounts_may_share_a_sum_of_money():
    shares = ["policy.self_governance.yuan", "policy.rule_of_law.yuan"]
    wanted = search(groups={"law": {"shares": shares, "exactly": 1300, "low": 300}})
    table = designs.points(generation_study(wanted, wanted.space.repair(wanted.space.start(wanted.base)), 0))
    assert table[shares].sum(axis=1).to_numpy() == pytest.approx(1300)
    assert table[shares].to_numpy().min() >= 300


KILLED = """
import os, signal, sys
from sim.experiments.optimization.optimize import optimize

def progress(done, total):
    if done > 130:  # hundredths of generations: within the second
        os.killpg(0, signal.SIGKILL)

if __name__ == "__main__":
    optimize(sys.argv[1], sys.argv[2], workers=1, progress=progress)
"""


@pytest.mark.slow
def test_killed_and_started_again_it_ends_as_if_undisturbed(file, tmp_path):
    whole = optimize(str(file), tmp_path / "whole", workers=1)
    command = [sys.executable, "-c", KILLED, str(file), str(tmp_path / "killed")]
    killed = subprocess.run(command, env=environment(), start_new_session=True, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (tmp_path / "killed" / "real" / "generations" / "generation-0001" / "study.sqlite").exists()
    assert not (tmp_path / "killed" / "real" / "report.html").exists()
    again = optimize(str(file), tmp_path / "killed", workers=1)
    pd.testing.assert_frame_equal(again.tried, whole.tried)
    pd.testing.assert_frame_equal(again.effective, whole.effective)
    pd.testing.assert_frame_equal(again.ranking, whole.ranking)
    assert len(whole.tried) == 16
    assert (whole.tried["runs"] == 4).all()
    ledgers = sorted(path.name for path in (tmp_path / "killed" / "real" / "generations").iterdir())
    assert ledgers == [f"generation-{number:04d}" for number in range(4)]


@pytest.mark.slow
def test_the_command_writes_a_page_in_both_languages_with_the_front(file, tmp_path):
    result = CliRunner().invoke(cli, ["optimize", str(file), "--out", str(tmp_path), "--workers", "1", "--lang", "zh"])
    assert result.exit_code == 0, result.output
    folder = tmp_path / "real"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "16 policies were evaluated in 4 generations" in page
    assert "共4代，试验了16项政策" in page
    front = pd.read_csv(folder / "front.csv")
    assert len(front) == pd.read_csv(folder / "tried.csv")["front"].sum() > 0
    assert (folder / "figures" / "search.png").stat().st_size > 1000
