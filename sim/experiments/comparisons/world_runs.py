"""Runs of a comparison over worlds: in a pool of processes, each kept in a folder as soon as it is finished, if one is given."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sim.experiments.arguments import workers_of
from sim.experiments.runs.batch import compile_all, summarise
from sim.experiments.runs.jobs import Outcome, Progress, Tick, collect
from sim.experiments.runs.model_source import source_hash
from sim.experiments.worlds.kept_trials import KeptTrials, open_kept
from sim.metrics import metrics_of
from sim.scenario import Scenario
from sim.scenario.schema.canonical import digest
from sim.version import MODEL_VERSION

Job: TypeAlias = tuple[Scenario, int, int]
"""Scenario in a world, seed, and weeks at the end whose mean is the outcome."""


def finished(
    jobs: Sequence[Job], names: Sequence[str], keep: str | Path | None, workers: int | None, progress: Progress | None
) -> tuple[list[Outcome], bool]:
    """Outcomes of jobs in order, those that are kept included, and whether Ctrl-C ended the work early.

    Parameters
    ----------
    jobs : sequence of (Scenario, int, int)
        Scenario, seed, and weeks at the end whose mean is the outcome.
    names : sequence of str
        Of the jobs, for messages about their input.
    keep : path, optional
        Folder in which every outcome is kept.
    workers, progress
        As in `sim.experiments.runs.jobs.collect`.
    """
    if keep is None:
        return _simulated(jobs, names, None, workers, progress)
    with open_kept(Path(keep), {"model": MODEL_VERSION, "source": source_hash(), "kind": "compare_over_worlds"}) as kept:
        return _simulated(jobs, names, kept, workers, progress)


def _simulated(jobs, names, kept: KeptTrials | None, workers, progress) -> tuple[list[Outcome], bool]:
    keys = [key_of(job) for job in jobs] if kept else []
    found, places = kept.get(keys) if kept else {}, range(len(jobs))
    before = [
        Outcome(place, dict(zip(columns_of(jobs[place][0]), found[keys[place]]))) for place in places if kept and keys[place] in found
    ]
    missing = [place for place in places if not kept or keys[place] not in found]

    def keep_it(outcome: Outcome) -> None:
        if kept and outcome.value is not None:
            place = missing[outcome.job]
            kept.put(keys[place], [outcome.value[name] for name in columns_of(jobs[place][0])])
            kept.flush()

    todo = [jobs[place] for place in missing]
    prepare, name_of = partial(compile_all, [job[0] for job in todo]), lambda job: names[missing[job]]
    weeks = [job[0].horizon for job in todo]
    done, interrupted = collect(_in_world, todo, weeks, workers_of(workers), progress, prepare, name_of, keep_it)
    now = [Outcome(missing[one.job], one.value, one.error, one.details, one.mistake) for one in done]
    return sorted([*before, *now], key=lambda one: one.job), interrupted


def key_of(job: Job) -> str:
    """Hash by which a run is kept."""
    scenario, seed, window = job
    return digest([scenario.hash, seed, window, columns_of(scenario)], 16)


def columns_of(scenario: Scenario) -> list[str]:
    """Names of the values of a run, in the order in which they are kept."""
    return [*metrics_of(scenario), "residents"]


def _in_world(job: Job, tick: Tick) -> dict[str, float]:
    scenario, seed, window = job
    found = summarise(scenario, seed, window, tick)
    return {name: found[name] for name in columns_of(scenario)}
