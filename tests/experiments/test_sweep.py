"""Sweeps finish with the same rows whatever happens on the way: workers, kills, failures, damage."""

import os
import signal
import subprocess
import sys

import pandas as pd
import pytest
import sweeping
from click.testing import CliRunner
from processes import PATIENCE, environment, heed_interrupts
from studies import CITY, SHARES, TEXT, Here, study

import sim.experiments.studies.sweep as module
from sim.cli import cli
from sim.errors import UserError
from sim.experiments.studies.run_store import LOCK, RUN_STORE, SERIES
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep
from sim.metrics import METRICS
from sim.scenario import load_scenario
from sim.simulation import Simulation

GROUPS = {"mix": {"shares": SHARES, "at_most": 0.6}}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A study swept at one go by two workers, with series."""
    return sweep(study(groups=GROUPS, record="series"), tmp_path_factory.mktemp("undisturbed"), workers=2)


def test_every_run_is_a_row_with_its_factors_seed_and_outcomes(undisturbed):
    runs = undisturbed.runs
    assert runs["run"].tolist() == list(range(24))
    assert set(runs["state"]) == {"done"}
    assert undisturbed.complete
    assert {"key", "error", "seconds", "stability", "satisfaction", *undisturbed.study.keys} <= set(runs.columns)
    assert runs["key"].is_unique
    assert runs["content_hash"].is_unique


def test_a_row_is_what_the_scenario_gives_on_its_own(undisturbed):
    row = undisturbed.runs.iloc[9]
    scenario = undisturbed.study.scenario.with_changes({key: row[key] for key in undisturbed.study.keys})
    simulation = Simulation(scenario, int(row["seed"]))
    simulation.advance(8)
    assert row["content_hash"] == simulation.content_hash()
    assert row["key"] == scenario.run_key(int(row["seed"]), 1)
    from sim import metrics

    weekly = metrics.weekly(simulation)
    assert row["stability"] == weekly["stability"].iloc[-1]
    kept = undisturbed.series([9])
    pd.testing.assert_frame_equal(kept[list(METRICS)], weekly[list(METRICS)])
    assert kept["week"].tolist() == list(range(8))


def test_replicates_of_all_points_have_the_same_seeds(undisturbed):
    assert undisturbed.runs.groupby("replicate")["seed"].unique().map(list).to_dict() == {0: [1], 1: [2]}


def test_summaries_are_of_the_weeks_they_name(tmp_path):
    ways = {"stability": "last_year", "satisfaction": "mean", "order": "lowest", "calm": "highest", "security": "end"}
    done = sweep(
        study(horizon=60, design={"kind": "lhs", "samples": 1}, replicates=1, outcomes=ways, record="series"), tmp_path, executor=Here
    )
    row, weeks = done.runs.iloc[0], done.series()
    assert row["stability"] == pytest.approx(weeks["stability"].iloc[-52:].mean(), rel=1e-12)
    assert row["satisfaction"] == pytest.approx(weeks["satisfaction"].mean(), rel=1e-12)
    assert (row["order"], row["calm"]) == (weeks["order"].min(), weeks["calm"].max())
    assert row["security"] == weeks["security"].iloc[-1]


def test_the_content_hash_depends_on_neither_workers_nor_recording_nor_interruption(undisturbed, tmp_path):
    def stop(done, total):
        if done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(study(groups=GROUPS), tmp_path, executor=Here, progress=stop)
    kept = (read_study(tmp_path / "small").runs["state"] == "done").sum()
    assert 5 <= kept < 24
    seen = []
    done = sweep(study(groups=GROUPS), tmp_path, executor=Here, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (24 - kept, 24 - kept)
    assert done.content_hash == undisturbed.content_hash


def test_a_finished_sweep_has_nothing_to_do(undisturbed, monkeypatch):
    monkeypatch.setattr(module, "ProcessPool", None)
    again = sweep(undisturbed.study, undisturbed.folder.parent)
    assert again.content_hash == undisturbed.content_hash


@pytest.mark.parametrize("record", ["outcomes", "series"])
def test_more_replicates_extend_a_study_to_what_it_is_at_once(tmp_path, record):
    longer = study(groups=GROUPS, record=record, replicates=3)
    before = sweep(study(groups=GROUPS, record=record), tmp_path / "extended", executor=Here)
    seen = []
    result = sweep(longer, tmp_path / "extended", executor=Here, progress=lambda done, total: seen.append(total))
    assert set(seen) == {12}
    at_once = sweep(longer, tmp_path / "at_once", executor=Here)
    assert result.content_hash == at_once.content_hash
    left_out = ["seconds", "part"]
    pd.testing.assert_frame_equal(result.runs.drop(columns=left_out), at_once.runs.drop(columns=left_out))
    old = result.runs[result.runs["replicate"] < 2]
    assert old["seconds"].tolist() == before.runs["seconds"].tolist()
    if record == "series":
        pd.testing.assert_frame_equal(result.series(), at_once.series())
        assert {path.name for path in (result.folder / SERIES).iterdir()} == set(result.runs["part"])
    with pytest.raises(UserError, match="replicates: was 3, now 2"):
        sweep(study(groups=GROUPS, record=record), tmp_path / "extended", executor=Here)


def test_what_failed_or_was_not_done_is_done_when_a_study_is_extended(tmp_path):
    def stop(done, total):
        if done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(study(groups=GROUPS, record="series"), tmp_path, executor=Here, progress=stop)
    longer = study(groups=GROUPS, record="series", replicates=3)
    os.truncate(sorted((tmp_path / "small" / SERIES).iterdir())[0], 50)
    result = sweep(longer, tmp_path, executor=Here)
    assert result.complete
    assert result.content_hash == sweep(longer, tmp_path / "at_once", executor=Here).content_hash


def test_an_extension_that_fails_half_way_loses_nothing(tmp_path, monkeypatch):
    before = sweep(study(groups=GROUPS, record="series"), tmp_path, executor=Here)

    def full(path, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.studies.more_replicates.write_whole", full)
        with pytest.raises(UserError, match="the disk is full"):
            sweep(study(groups=GROUPS, record="series", replicates=3), tmp_path, executor=Here)
    kept = read_study(tmp_path / "small")
    assert kept.content_hash == before.content_hash
    pd.testing.assert_frame_equal(kept.series(), before.series())


def test_a_run_that_takes_too_long_ends_by_itself(tmp_path):
    slow = study(horizon=5200, set={**CITY, "city.residents": 20_000}, design={"kind": "lhs", "samples": 1}, replicates=1)
    result = sweep(slow, tmp_path, workers=1, time_limit=0.05)
    assert "TooSlow: took longer than 0.05 s" in result.runs["error"][0]


def test_a_point_that_makes_no_scenario_is_reported_before_anything_runs(tmp_path):
    both = {"policy.rule_of_law": [0.2, 0.6], "policy.public_services": [0.3, 0.6]}
    with pytest.raises(UserError, match=r"point 1 \(policy\.rule_of_law 0\.6"):
        sweep(study(factors=both, design={"kind": "list"}), tmp_path)
    assert not list(tmp_path.iterdir())


# The command.


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(TEXT)
    return tmp_path


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="sanzhi")


def test_the_command_sweeps_says_where_and_resumes(here):
    result = sanzhi("sweep", "small.yaml", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "24 of 24 runs done" in result.output
    found = read_study("results/small")
    assert found.content_hash in result.output
    again = sanzhi("sweep", "small.yaml", "--quiet")
    assert (again.exit_code, again.output.strip()) == (0, "results/small")


def test_the_command_extends_by_more_replicates_and_says_so(here):
    assert sanzhi("sweep", "small.yaml", "--workers", 1).exit_code == 0
    (here / "small.yaml").write_text(TEXT.replace("replicates: 2", "replicates: 3"))
    result = sanzhi("sweep", "small.yaml", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "from 2 to 3 replicates; finished runs are kept" in result.output
    assert "36 of 36 runs done" in result.output


def test_the_command_answers_failures_with_1_and_lists_them(here, monkeypatch):
    monkeypatch.setenv(sweeping.MARKS, str(here))
    monkeypatch.setattr(module, "run_chunk", sweeping.misbehaving)
    (here / "small.yaml").write_text(TEXT.replace("samples: 12", "samples: 3"))  # run 3 gives no number, run 5 raises
    result = sanzhi("sweep", "small.yaml", "--workers", 1)
    assert result.exit_code == 1
    assert "2 of 6 runs failed" in result.output
    assert "run 5, key" in result.output


MISTAKES = {
    "no such file": ("none.yaml",),
    "no answer within": ("small.yaml", "--dask", "tcp://127.0.0.1:9"),
    "is not an address": ("small.yaml", "--dask", "nonsense://x"),
    "small.yaml:6:16: design.kind": ("bad.yaml",),
    "a file of that name is in the way": ("small.yaml", "--out", "small.yaml"),
}


@pytest.mark.parametrize("says", MISTAKES)
def test_mistakes_are_one_line_and_leave_nothing_behind(here, says):
    (here / "bad.yaml").write_text(TEXT.replace("kind: lhs", "kind: magic"))
    result = sanzhi("sweep", *MISTAKES[says])
    assert result.exit_code == 2
    assert says.replace("small.yaml:6", "bad.yaml:6") in result.output
    assert "Traceback" not in result.output
    assert sorted(path.name for path in here.iterdir()) == ["bad.yaml", "small.yaml"]


def test_ctrl_c_keeps_what_is_done_and_exits_with_130(here):
    (here / "small.yaml").write_text(sweeping.killable(2000))  # more than it can do until Ctrl-C comes
    command = [sys.executable, "-m", "sim.cli", "sweep", "small.yaml", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(), preexec_fn=heed_interrupts) as process:
        sweeping.wait_until_at_work(here / "results" / "small", process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told
    assert "the same command resumes" in told
    assert (read_study(here / "results" / "small").runs["state"] == "done").sum() > 0
    assert not (here / "results" / "small" / LOCK).exists()


def test_ready_studies_are_found_by_their_names(here):
    assert load_scenario("baseline")
    result = sanzhi("sweep", "levers_sobl")
    assert result.exit_code == 2
    assert "did you mean levers_sobol" in result.output
    assert not (here / "results").exists()
    assert RUN_STORE == "study.sqlite"
