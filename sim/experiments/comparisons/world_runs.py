"""Runs of a comparison over worlds: in a pool of processes, each kept in a folder as soon as it is finished, if one is given."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sim.errors import UserError
from sim.experiments.arguments import workers_of
from sim.experiments.runs.batch import compile_all, district_key, summarise
from sim.experiments.runs.jobs import Collected, Outcome, Progress, Tick, collect, outcomes_at
from sim.experiments.runs.model_source import source_hash
from sim.experiments.worlds.kept_trials import KeptTrials, open_kept
from sim.metrics import metrics_of
from sim.scenario import Scenario
from sim.scenario.schema.canonical import digest
from sim.version import MODEL_VERSION

Job: TypeAlias = tuple[Scenario, int, int, tuple[str, ...]]
"""Scenario in a world, seed, weeks at the end whose mean is the outcome, and metrics that are also kept by district."""
Shared: TypeAlias = Callable[[], Any]
"""Gives workers that several calls share, a `ProcessPool` or the workers of a Dask cluster; called only if something is to be simulated."""
FLUSH_SECONDS = 0.5


def finished(
    jobs: Sequence[Job],
    names: Sequence[str],
    keep: str | Path | None,
    workers: int | None,
    progress: Progress | None,
    place: Shared | None = None,
) -> tuple[list[Outcome], bool]:
    """Outcomes of jobs in order, those that are kept included, and whether Ctrl-C ended the work early.

    Parameters
    ----------
    jobs : sequence of Job
    names : sequence of str
        Of the jobs, for messages about their input.
    keep : path, optional
        Folder in which every outcome is kept.
    workers, progress
        As in `sim.experiments.runs.jobs.collect`.
    place : callable, optional
        Shared workers to use instead of own ones.
    """
    if keep is None:
        return _simulated(jobs, names, None, workers, progress, place)
    with open_kept(Path(keep), {"model": MODEL_VERSION, "source": source_hash(), "kind": "compare_over_worlds"}) as kept:
        return _simulated(jobs, names, kept, workers, progress, place)


def _simulated(jobs, names, kept: KeptTrials | None, workers, progress, place: Shared | None) -> tuple[list[Outcome], bool]:
    keys = [key_of(job) for job in jobs] if kept else []
    found, numbers = kept.get(keys) if kept else {}, range(len(jobs))
    before = [
        Outcome(number, dict(zip(_columns(jobs[number]), found[keys[number]]))) for number in numbers if kept and keys[number] in found
    ]
    missing = [number for number in numbers if not kept or keys[number] not in found]
    flushed = time.monotonic()

    def keep_it(outcome: Outcome) -> None:
        nonlocal flushed
        if kept and outcome.value is not None:
            number = missing[outcome.job]
            kept.put(keys[number], [outcome.value[name] for name in _columns(jobs[number])])
            if time.monotonic() - flushed > FLUSH_SECONDS:
                kept.flush()
                flushed = time.monotonic()

    todo = [jobs[number] for number in missing]
    prepare, name_of = partial(compile_all, [job[0] for job in todo]), lambda job: names[missing[job]]
    weeks = [job[0].horizon for job in todo]
    if place is None:
        done, interrupted = collect(_in_world, todo, weeks, workers_of(workers), progress, prepare, name_of, keep_it)
    else:
        done, interrupted = _at(place, todo, weeks, progress, name_of, keep_it)
    now = [Outcome(missing[one.job], one.value, one.error, one.details, one.mistake) for one in done]
    return sorted([*before, *now], key=lambda one: one.job), interrupted


def _at(place: Shared, todo: Sequence[Job], weeks: Sequence[int], progress: Progress | None, name_of, keep_it) -> Collected:
    """Outcomes of jobs at shared workers, as `collect` gives them."""
    done: list[Outcome] = []
    spent = 0
    try:
        for outcome in outcomes_at(place(), _in_world, todo) if todo else ():
            if outcome.mistake:
                raise UserError("{name}: {why}", name=name_of(outcome.job), why=outcome.error)
            done.append(outcome)
            keep_it(outcome)
            spent += weeks[outcome.job]
            if progress:
                progress(spent, sum(weeks))
    except KeyboardInterrupt:
        return Collected(done, True)
    return Collected(done, False)


def key_of(job: Job) -> str:
    """Hash by which a run is kept."""
    scenario, seed, window, _ = job
    return digest([scenario.hash, seed, window, _columns(job)], 16)


def columns_of(scenario: Scenario, by_district: Sequence[str] = ()) -> list[str]:
    """Names of the values of a run, in the order in which they are kept; those of districts last."""
    return [*metrics_of(scenario), "residents", *(district_key(name, place) for name in by_district for place in scenario.residents)]


def _columns(job: Job) -> list[str]:
    return columns_of(job[0], job[3])


def _in_world(job: Job, tick: Tick | None) -> dict[str, float]:
    scenario, seed, window, by_district = job
    found = summarise(scenario, seed, window, tick, None, by_district) if by_district else summarise(scenario, seed, window, tick)
    return {name: found[name] for name in _columns(job)}
