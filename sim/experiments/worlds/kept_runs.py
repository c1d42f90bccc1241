"""Runs that a folder keeps as soon as they are finished, so that the same call resumes after an interrupt, a kill or a power cut."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from sim.experiments.runs.jobs import Collected, Outcome
from sim.experiments.runs.model_source import source_hash
from sim.experiments.worlds.kept_trials import KeptTrials, open_kept
from sim.version import MODEL_VERSION

Simulate: TypeAlias = Callable[[list[int], Callable[[Outcome], None]], Collected]
"""Runs the jobs with these places, and calls with every outcome as soon as there is one; its value is a sequence of numbers."""


@contextlib.contextmanager
def open_runs(keep: str | os.PathLike | None) -> Iterator[KeptTrials | None]:
    """Open the folder in which an experiment over worlds keeps its runs; nothing where none is kept.

    Parameters
    ----------
    keep : path, optional

    Raises
    ------
    UserError
        As `sim.experiments.worlds.kept_trials.open_kept`.
    """
    if keep is None:
        yield None
        return
    with open_kept(Path(keep), {"model": MODEL_VERSION, "source": source_hash(), "kind": "compare_over_worlds"}) as kept:
        yield kept


def with_kept(jobs: Sequence[Any], key_of: Callable[[Any], str], kept: KeptTrials | None, simulate: Simulate) -> Collected:
    """Outcomes of jobs in order: of those that are kept as they are, of the others as they are simulated, which keeps them.

    Parameters
    ----------
    jobs : sequence
    key_of : callable
        Hash by which the run of a job is kept.
    kept : KeptTrials, optional
    simulate : callable
        See `Simulate`.
    """
    keys = [key_of(job) for job in jobs] if kept else []
    found = kept.get(keys) if kept else {}
    missing = [number for number in range(len(jobs)) if not kept or keys[number] not in found]

    def keep_it(outcome: Outcome) -> None:
        if kept and outcome.value is not None:
            kept.put(keys[missing[outcome.job]], outcome.value)

    before = [Outcome(number, found[key]) for number, key in enumerate(keys) if key in found]
    done, interrupted = simulate(missing, keep_it)
    now = [replace(one, job=missing[one.job]) for one in done]
    return Collected(sorted([*before, *now], key=lambda one: one.job), interrupted)
