"""Runs of a comparison over worlds: in a pool of processes, each kept in a folder as soon as it is finished, if one is given."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sim.errors import UserError
from sim.experiments.arguments import workers_of
from sim.experiments.runs.batch import compile_all, district_key, summarise
from sim.experiments.runs.jobs import Collected, Outcome, Progress, Tick, collect, outcomes_at
from sim.experiments.worlds.kept_runs import open_runs, with_kept
from sim.metrics import metrics_of
from sim.scenario import Scenario
from sim.scenario.schema.canonical import digest

Job: TypeAlias = tuple[Scenario, int, int, tuple[str, ...]]
"""Scenario in a world, seed, weeks at the end whose mean is the outcome, and metrics that are also kept by district."""
Shared: TypeAlias = Callable[[], Any]
"""Gives workers that several calls share, a `ProcessPool` or the workers of a Dask cluster; called only if something is to be simulated."""


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

    def simulated(missing: list[int], each: Callable[[Outcome], None]) -> Collected:
        todo = [jobs[number] for number in missing]
        prepare, name_of = partial(compile_all, [job[0] for job in todo]), lambda job: names[missing[job]]
        weeks = [job[0].horizon for job in todo]
        if place is None:
            return collect(_in_world, todo, weeks, workers_of(workers), progress, prepare, name_of, each)
        return _at(place, todo, weeks, progress, name_of, each)

    with open_runs(keep) as kept:
        done, interrupted = with_kept(jobs, key_of, kept, simulated)
    return [one if one.value is None else replace(one, value=_named(jobs[one.job], one.value)) for one in done], interrupted


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


def _named(job: Job, values: Sequence[float]) -> dict[str, float]:
    return dict(zip(_columns(job), values, strict=True))


def _in_world(job: Job, tick: Tick | None) -> tuple[float, ...]:
    scenario, seed, window, by_district = job
    found = summarise(scenario, seed, window, tick, None, by_district) if by_district else summarise(scenario, seed, window, tick)
    return tuple(found[name] for name in _columns(job))
