"""Simulate replicates of one scenario, and return them as one `Run`.

Replicates differ only in their seed: ``seed, seed + 1, ...``. A failed replicate is recorded with its seed and its error, and the others
are kept. Results are bit-identical for any number of workers and threads.
"""

import datetime
import hashlib
import importlib.metadata
import os
import platform
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from sim.experiments.arguments import MOST_WORKERS, replicates_of, seed_of, whole, workers_of
from sim.experiments.runs.jobs import Progress, Tick, collect
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.replicate import Replicate, run_once
from sim.messages import Joined, Message
from sim.results import Run
from sim.scenario import Scenario
from sim.scenario.given import scenario_of
from sim.simulation import compile_kernels
from sim.version import MODEL_VERSION, VERSION


class RunsFailed(Exception):
    """Raised when no replicate finished; `failures` holds ``{"seed", "error"}`` of each."""

    def __init__(self, failures: list[dict[str, Any]]):
        self.failures = failures
        super().__init__(Joined((Message("seed {seed}: {error}", seed=f["seed"], error=f["error"]) for f in failures), "; "))


class Interrupted(KeyboardInterrupt):
    """Raised after Ctrl-C; `run` holds the replicates that had finished, or None."""

    def __init__(self, run: Run | None):
        self.run = run
        super().__init__("interrupted")


def simulate(
    scenario: Scenario | str | os.PathLike,
    seed: int | None = None,
    replicates: int | None = 1,
    workers: int | None = 1,
    threads: int = 1,
    progress: Progress | None = None,
    attribution: bool = False,
) -> Run:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario, path or str
        A str is a file or the name of a shipped scenario.
    seed : int, optional
        Seed of the first replicate; the scenario's own by default.
    replicates : int, optional
        Number of replicates, with seeds ``seed, seed + 1, ...``; None is the scenario's own number.
    workers : int, optional
        Processes; 1 stays in this process, None uses all processors.
    threads : int
        Threads of a replicate when there is one process.
    progress : callable, optional
        Called with weeks done and weeks in total.
    attribution : bool
        Also record the change in each quantity by mechanism, in ``run.attribution``. All other results stay bit-identical.

    Returns
    -------
    Run
        Not yet written: see `sim.write_run`. ``run.manifest["failures"]`` lists the replicates that failed.

    Raises
    ------
    UserError
        When the scenario cannot be built, or an argument is invalid.
    RunsFailed
        When no replicate finished.
    Interrupted
        A `KeyboardInterrupt` that carries the replicates that had finished.
    """
    loaded = scenario_of(scenario)
    count = replicates_of(loaded, replicates)
    first, threads = seed_of(loaded, seed, count), whole("threads", threads, 1, MOST_WORKERS)
    return simulate_seeds(loaded, range(first, first + count), workers_of(workers), threads, progress, attribution)


def simulate_seeds(
    scenario: Scenario,
    seeds: Sequence[int],
    workers: int | None = 1,
    threads: int = 1,
    progress: Progress | None = None,
    attribution: bool = False,
) -> Run:
    """Like `simulate`, for exactly these seeds (ascending)."""
    scenario, workers = scenario_of(scenario), workers_of(workers)
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    in_processes = workers > 1 and len(seeds) > 1
    jobs = [(scenario, seed, 1 if in_processes else threads, attribution) for seed in seeds]
    weeks = [scenario.horizon] * len(seeds)
    done, interrupted = collect(_replicate, jobs, weeks, workers, progress, partial(compile_kernels, scenario))
    finished = sorted((outcome.value for outcome in done if outcome.value is not None), key=lambda replicate: replicate.seed)
    failures = [{"seed": seeds[outcome.job], "error": outcome.error} for outcome in done if outcome.error]
    run = None
    if finished:
        run = _gather(scenario, seeds, finished)
        run.manifest.update(_manifest(scenario, seeds, finished, failures, interrupted))
        run.manifest["timings"] |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - clock, 3)}
    if interrupted:
        raise Interrupted(run)
    if run is None:
        details = next((o.details for o in done if o.details), "")
        raise RunsFailed(failures) from (RuntimeError(details) if details else None)
    return run


def _replicate(job: tuple[Scenario, int, int, bool], tick: Tick) -> Replicate:
    scenario, seed, threads, attribution = job
    return run_once(scenario, seed, threads, tick, attribution)


def _gather(scenario: Scenario, seeds: Sequence[int], finished: list[Replicate]) -> Run:
    """The run of some replicates, in the order of their seeds."""
    tables: dict[str, Any] = {}
    for name in finished[0].tables:
        parts = [replicate.tables[name] for replicate in finished]
        rows = [len(next(iter(part.values()))) for part in parts]
        columns = {"replicate": np.repeat([seeds.index(replicate.seed) for replicate in finished], rows)}
        if name == "weekly":
            columns["seed"] = np.repeat([replicate.seed for replicate in finished], rows)
        tables[name] = columns | {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}
    digest = hashlib.blake2b(digest_size=16)
    for replicate in finished:
        digest.update(f"{replicate.seed}:{replicate.content_hash}\n".encode())
    return Run(scenario, tuple(r.seed for r in finished), **tables, manifest={}, content_hash=digest.hexdigest())


def _manifest(scenario, seeds, finished, failures, interrupted) -> dict[str, Any]:
    """Everything needed to repeat the run. No host names, no paths."""
    versions = {"sanzhi": VERSION, "model": MODEL_VERSION, "source": source_hash(), "python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in ("numpy", "numba", "mesa")}
    return {
        "name": scenario.name,
        "description": f"Simulation of the scenario {scenario.name}, {len(finished)} of {len(seeds)} replicates",
        "run_key": scenario.run_key(seeds[0], len(seeds)),
        "scenario": scenario.canonical(),
        "title": dict(scenario.title),
        "question": scenario.described("en"),
        **({} if isinstance(scenario.description, str) else {"questions": dict(scenario.description)}),
        "seed": seeds[0],
        "replicates": len(seeds),
        "seeds": [replicate.seed for replicate in finished],
        "failures": failures,
        "interrupted": interrupted,
        "content_hashes": {str(replicate.seed): replicate.content_hash for replicate in finished},
        "residents": finished[0].residents,
        "versions": versions,
        "machine": {"processors": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()},
        "timings": {"replicates": [round(replicate.seconds, 3) for replicate in finished]},
    }
