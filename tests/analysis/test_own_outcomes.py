"""User-defined outcomes are treated like metrics; indices of a known function equal SALib's; tables without rows keep their header."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from studies import Here, study

from sim.cli import cli
from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.analyze import analyze
from sim.experiments.studies.run_store import open_run_store
from sim.experiments.studies.run_store_rows import DONE, RunRecord
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep

pytest.importorskip("SALib", reason="the extra `analysis` is not installed")
ANGLES = ("stance.transparency", "stance.migrant_access", "stance.audit")


def made(tmp_path, of):
    """A finished study of made-up numbers."""
    with open_run_store(tmp_path / of.name, of, designs.points(of)) as store:
        store.begin("one")
        runs = store.pending()
        store.record([RunRecord(run, "key", DONE, None, 0.5, (0.5 + 0.001 * (run % 7),) * len(of.outcomes), "hash") for run in runs])
    return read_study(tmp_path / of.name)


def angles(design, tmp_path):
    """A study of three factors from 0 to 1 and, for every run, Ishigami's function of them stretched over -pi to pi."""
    result = made(tmp_path, study(design=design, factors={key: {"low": 0, "high": 1} for key in ANGLES}, replicates=1, horizon=2))
    x1, x2, x3 = ((2 * result.runs[key].to_numpy() - 1) * np.pi for key in ANGLES)
    return result, np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def index(table, name):
    return table[(table["outcome"] == "ishigami") & (table["measure"] == name) & (table["other"] == "")].set_index("factor")["value"]


def test_sobol_through_the_product_is_salibs_own_and_near_the_truth(tmp_path):
    from SALib.analyze import sobol

    result, y = angles({"kind": "sobol", "samples": 512, "second_order": True}, tmp_path)
    table = analyze(result.with_outcomes({"ishigami": y})).sensitivity
    theirs = sobol.analyze(result.design.problem, y, calc_second_order=True, num_resamples=10, seed=1)
    np.testing.assert_allclose(index(table, "first"), theirs["S1"], rtol=1e-12)
    np.testing.assert_allclose(index(table, "total"), theirs["ST"], rtol=1e-12)
    pairs = table[(table["outcome"] == "ishigami") & (table["measure"] == "second")].set_index(["factor", "other"])["value"]
    np.testing.assert_allclose(pairs[ANGLES[0], ANGLES[2]], theirs["S2"][0, 2], rtol=1e-12)
    # Truth for a = 7, b = 0.1; 512 base points err by about 0.03 (seeded, so it holds or it does not).
    np.testing.assert_allclose(index(table, "first"), [0.3139, 0.4424, 0.0], atol=0.08)
    np.testing.assert_allclose(index(table, "total"), [0.5576, 0.4424, 0.2437], atol=0.08)


def test_morris_through_the_product_is_salibs_own(tmp_path):
    from SALib.analyze import morris

    result, y = angles({"kind": "morris", "samples": 30, "levels": 4}, tmp_path)
    table = analyze(result.with_outcomes({"ishigami": y})).sensitivity
    theirs = morris.analyze(result.design.problem, result.design.sample, y, num_levels=result.design.levels, num_resamples=10, seed=1)
    for name in ("mu_star", "mu", "sigma"):
        np.testing.assert_allclose(index(table, name), np.asarray(theirs[name], float), rtol=1e-12)
    assert index(table, "mu_star").min() > 1  # all three move it


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A swept study of 40 points, and an outcome that jumps with one factor."""
    of = study(design={"kind": "lhs", "samples": 40}, factors={key: {"low": 0, "high": 1} for key in ANGLES}, replicates=1, horizon=1)
    result = sweep(of, tmp_path_factory.mktemp("swept"), executor=Here)
    return result, (result.runs[ANGLES[0]] > 0.6).astype(float) * 5


def test_an_outcome_of_the_user_has_targets_discovery_and_directions(swept):
    result, mine = swept
    found = analyze(result.with_outcomes({"mine": mine}, better={"mine": "less"}), {"mine": ("at_most", 1.0)})
    assert found.better["mine"] == "less"
    (question,) = found.questions
    assert question.share == pytest.approx((mine > 1).mean())
    bounds = question.peelings[0].restrictions(question.peelings[0].chosen)
    assert (bounds.iloc[0]["factor"], bounds.iloc[0]["side"]) == (ANGLES[0], "at_least")
    assert "mine" in found.front
    quarter = analyze(result.with_outcomes({"mine": mine}, better={"mine": "less"}))
    assert "mine" in [question.outcome for question in quarter.questions]
    assert "mine" not in analyze(result.with_outcomes({"mine": mine})).better


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_of_outcomes_reaches_the_page(swept, tmp_path, suffix):
    result, mine = swept
    table, path = pd.DataFrame({"run": result.runs["run"], "闹访": mine})[::-1], tmp_path / f"mine.{suffix}"
    table.to_csv(path, index=False) if suffix == "csv" else table.to_parquet(path)
    options = ["--outcomes", str(path), "--better", "闹访=less", "--target", "闹访 <= 1", "--out", str(tmp_path / "page"), "--lang", "zh"]
    told = CliRunner().invoke(cli, ["analyze", str(result.folder), *options])
    assert told.exit_code == 0, told.output
    assert "闹访" in (tmp_path / "page" / "report.html").read_text(encoding="utf-8")
    assert "闹访" in set(pd.read_csv(tmp_path / "page" / "sensitivity.csv")["outcome"])


WRONG = {
    "too few values": (lambda runs: {"mine": [1.0]}, {}, "one per run"),
    "a run twice": (lambda runs: {"run": [0, 0], "mine": [1, 2]}, {}, "a run twice"),
    "a run that there is not": (lambda runs: {"run": [999], "mine": [1]}, {}, "expected runs from 0 to 39"),
    "a name that is taken": (lambda runs: {"stability": runs["run"]}, {}, "not yet a column of the study"),
    "words": (lambda runs: {"mine": ["much"] * len(runs)}, {}, "expected numbers"),
    "no outcome": (lambda runs: {"run": runs["run"]}, {}, "no column except run"),
    "a way that is none": (lambda runs: {"mine": runs["run"]}, {"mine": "up"}, "mine=up; expected one of mine = more | less"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_table_that_does_not_fit_is_reported_in_one_line(swept, name):
    table, better, says = WRONG[name]
    with pytest.raises(UserError, match=says.replace("|", r"\|")):
        swept[0].with_outcomes(table(swept[0].runs), better)


def test_a_run_without_a_value_is_left_out_of_that_outcome_alone(swept):
    result, mine = swept
    found = analyze(result.with_outcomes({"run": range(30), "mine": mine[:30]}))
    assert found.points["mine"].isna().sum() == 10
    assert found.points["stability"].notna().all()


def test_tables_without_rows_keep_their_head(swept):
    found = analyze(swept[0], {"stability": ("at_least", 0.0)})
    tables = found.tables
    assert all(len(tables[name]) == 0 for name in ("robustness", "boxes"))
    assert list(tables["boxes"].columns) == ["question", "box", "coverage", "density", "mass", "factor", "side", "bound", "p"]
    head = list(tables["robustness"].columns)
    assert {*ANGLES, "futures", "regret_max_stability", "share", "low", "high"} <= set(head)
    unsure = analyze(swept[0], uncertain=list(ANGLES)).front
    assert list(unsure.columns) == ["stability", "satisfaction", "efficient", "sure"]
    assert unsure.empty
