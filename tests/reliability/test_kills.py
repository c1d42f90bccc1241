"""A sweep whose coordinator and workers are killed at random moments ends, by the same command again, as if nothing had been."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
import sweeping
from processes import PATIENCE, environment, wait_until

from sim.errors import UserError
from sim.experiments.studies.run_store import SERIES
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep

WORKERS = 2
ATTEMPTS = 20
"""Kills tried in one sweep before it may end in peace."""


def unkilled_sweep(folder, samples):
    (folder / "small.yaml").write_text(sweeping.killable(samples))
    return sweep(folder / "small.yaml", folder, workers=1)


def start(folder):
    command = [sys.executable, sweeping.__file__, str(folder / "small.yaml"), str(folder / "out"), str(WORKERS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())


def children(process):
    """Processes at work that a process started: its workers, and what looks after them."""
    command = ["ps", "-o", "pid=", "-o", "stat=", "--ppid", str(process.pid)]
    listed = [line.split() for line in subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()]
    return [int(pid) for pid, state in listed if state[0] != "Z"]


def strike(process, rng, coordinator):
    """Kill a process or what it started, one of it or all; how many were struck at work."""
    struck = 0
    victims = [process.pid] if coordinator else children(process)
    for victim in victims[:1] if rng.random() < 0.5 else victims:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                struck += 1
    return struck


def parts_of(series):
    """Files of series that are whole: a new one shows that workers are at work."""
    return {path.name for path in series.glob("[0-9]*.parquet")}


def killed_again_and_again(folder, text, attempts, rng):
    """Sweep into a folder through kills: how many struck coordinator and workers, and what the last command printed."""
    folder.mkdir()
    (folder / "small.yaml").write_text(text)
    struck, series = [0, 0], folder / "out" / "small" / SERIES
    for attempt in range(attempts):
        before = parts_of(series)
        process = start(folder)
        try:
            wait_until(lambda: process.poll() is not None or parts_of(series) - before)  # noqa: B023  called here and now
            time.sleep(rng.uniform(0, 0.4))  # a random moment, not a wait for anything
            if process.poll() is not None:
                break  # it is done
            struck[attempt % 2] += strike(process, rng, coordinator=attempt % 2 == 0)
            if attempt % 2:
                time.sleep(rng.uniform(0, 0.4))
        finally:
            process.kill()
            process.communicate()
    process = start(folder)
    text, trouble = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, trouble
    return struck, text.strip()


def harm(result, printed, unkilled):
    """What went wrong with a sweep: runs lost, runs done twice, parts torn or left over, another hash."""
    runs, there = result.runs, {path.name for path in (result.folder / SERIES).iterdir()}
    try:
        series = result.series()
        torn = int(not series.equals(unkilled.series())) + len(there ^ set(runs["part"]))
    except UserError:
        torn = 1
    done = runs[runs["state"] == "done"]
    return {
        "lost": len(unkilled.runs) - done["run"].nunique(),
        "double": int(done["run"].duplicated().sum() + done["key"].duplicated().sum()),
        "torn": torn,
        "other hashes": int({printed, result.content_hash} != {unkilled.content_hash}),
    }


def check(tmp_path, finding, kills, attempts, samples):
    """Sweep after sweep until so many kills struck, workers among them."""
    unkilled = unkilled_sweep(tmp_path, samples)
    struck, found, sweeps = [0, 0], pd.Series({"lost": 0, "double": 0, "torn": 0, "other hashes": 0}), 0
    while sum(struck) < kills or not all(struck):
        assert sweeps < kills, f"too few kills struck: {struck}"
        folder = tmp_path / str(sweeps)
        here, printed = killed_again_and_again(folder, sweeping.killable(samples), attempts, random.Random(sweeps))
        struck = [before + now for before, now in zip(struck, here, strict=True)]
        found += pd.Series(harm(read_study(folder / "out" / "small"), printed, unkilled))
        sweeps += 1
    finding(
        "SIGKILL of coordinator and workers at random moments of a sweep, then the same command again",
        wanted="0 runs lost, 0 double, 0 torn; the content hash of an uninterrupted sweep",
        found=f"{', '.join(f'{number} {what}' for what, number in found.items())} after {sum(struck)} kills"
        f" ({struck[0]} of coordinators, {struck[1]} of workers) in {sweeps} sweeps of {len(unkilled.runs)} runs",
        reached=not found.any(),
        part="Kills and failures",
        kind="promise",
    )


def test_killed_at_random_moments(tmp_path, finding):
    check(tmp_path, finding, kills=2, attempts=2, samples=80)


@pytest.mark.soak
def test_killed_two_hundred_times(tmp_path, finding):
    check(tmp_path, finding, kills=200, attempts=ATTEMPTS, samples=400)
