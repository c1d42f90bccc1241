"""Runs that raise, hang, give no number, ask for too much memory or are killed: the rest completes, failures carry key and seed."""

import subprocess
import sys

import pytest
import sweeping
from processes import PATIENCE, environment
from studies import TEXT, study

import sim.experiments.runs.process_pool as executors
import sim.experiments.studies.sweep as module
from sim.experiments.studies.sweep import sweep

SAYS = {
    3: "FloatingPointError: stability",
    5: "ZeroDivisionError: no luck",
    7: "TooSlow: ",
    9: "its worker process died",
    13: "MemoryError",
}
"""What is told of the runs that `sweeping.misbehaving` spoils for good; run 11 takes its worker with it only once."""


def test_bad_runs_keep_the_rest(tmp_path, monkeypatch, finding):
    monkeypatch.setenv(sweeping.MARKS, str(tmp_path))
    monkeypatch.setattr(executors, "GRACE", 0.5)
    monkeypatch.setattr(executors.ProcessPool, "tries", 2)
    monkeypatch.setattr(module, "run_chunk", sweeping.misbehaving)
    result = sweep(study(), tmp_path, workers=2, time_limit=12.0)
    failed = result.runs[result.runs["state"] == "failed"].set_index("run")
    assert set(failed.index) == set(SAYS)
    for run, text in SAYS.items():
        assert text in failed["error"][run]
    named = sum(len(failed["key"][run]) == 16 and failed["seed"][run] == 1 + run % 2 for run in SAYS)
    done = int((result.runs["state"] == "done").sum())
    assert len(list(tmp_path.glob("died-*"))) >= 2
    monkeypatch.undo()
    assert sweep(study(), tmp_path, workers=1).complete
    finding(
        "runs that raise, hang, give NaN, ask for a petabyte, kill their worker always or once",
        wanted="the rest completes; failures carry key, seed and error; the same command does them again",
        found=f"{done} of {len(result.runs) - len(SAYS)} others done; {named} of {len(SAYS)} failures with key, seed and error",
        reached=done == len(result.runs) - len(SAYS) and named == len(SAYS),
        part="Kills and failures",
        kind="promise",
    )


# --- scripts from which no worker can start ---

SWEEP = "from sim.experiments.studies.sweep import sweep; print(sweep('small.yaml', workers=2).complete)"


@pytest.fixture
def script(tmp_path):
    (tmp_path / "small.yaml").write_text(TEXT)

    def run(*arguments, text=None):
        command = [sys.executable, *arguments]
        return subprocess.run(command, input=text, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=PATIENCE)

    return run


@pytest.mark.parametrize("how", ["stdin", "-c"])
def test_a_script_that_is_no_file_has_workers(script, how):
    """Workers import the script that was started; one from standard input is not there for them, and not needed."""
    done = script("-", text=SWEEP) if how == "stdin" else script("-c", SWEEP)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_a_script_without_a_guard_is_told_what_it_lacks(script, tmp_path):
    (tmp_path / "script.py").write_text(SWEEP)
    done = script("script.py")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith('the script lacks `if __name__ == "__main__":`); workers=1 needs none')
