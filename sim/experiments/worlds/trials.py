"""Trials of many candidates at once: those not kept yet are simulated by worker processes or a Dask cluster, and kept one by one."""

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim.experiments.runs.dask_cluster import Cluster, cluster
from sim.experiments.runs.jobs import Outcome, outcomes_at, outcomes_of
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.process_pool import ProcessPool
from sim.experiments.worlds.evidence import RATES, Trial, cost, measure
from sim.experiments.worlds.kept_trials import KeptTrials
from sim.scenario import Scenario
from sim.simulation import compile_kernels

Job = tuple[Scenario, list[Trial], tuple[str, ...]]
"""Trials of one candidate under one seed, whose cities have much in common."""


class Trials:
    """Gives the values of trials, simulating those that are not kept; a context manager, which ends its processes.

    Parameters
    ----------
    scenario : Scenario
    rates : sequence of str
        Rates that are measured, in order.
    kept : KeptTrials
    workers : int
        Processes; 1 stays in this process.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    progress : callable, optional
        Called with million resident-weeks done and planned.
    """

    def __init__(
        self,
        scenario: Scenario,
        rates: Sequence[str],
        kept: KeptTrials,
        workers: int,
        dask: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ):
        self.scenario, self.rates, self.kept, self.workers, self.dask = scenario, tuple(rates), kept, workers, dask
        self.progress, self.done, self.planned, self.failed, self.simulated = progress, 0.0, 0.0, 0, 0
        self.replayed = 0.0  # part of what was planned that had been kept: it takes no time, and counts as no progress
        self._stack = contextlib.ExitStack()
        self._opened: ProcessPool | Cluster | None = None

    def __enter__(self) -> "Trials":
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._stack.close()

    def values(self, trials: Sequence[Trial]) -> list[tuple[float, ...]]:
        """Values of trials in order; NaN of one that failed."""
        keys = [trial.key for trial in trials]
        found = self.kept.get(keys)
        self.replayed += sum(cost(trial) for trial, key in zip(trials, keys, strict=True) if key in found)
        missing = [place for place, key in enumerate(keys) if key not in found]
        together = _together(trials, missing)
        jobs = [(self.scenario, [trials[place] for place in places], self.rates) for places in together]
        self._report()
        for outcome in self._outcomes(jobs):
            places = together[outcome.job]
            for place, value in zip(places, outcome.value or [None] * len(places), strict=True):
                if value is not None:
                    found[keys[place]] = value
                    self.kept.put(keys[place], value)
                else:
                    self.failed += 1
                self.simulated += 1
                self.done += cost(trials[place])
            self._report()
        self.kept.flush()
        return [found.get(key, (math.nan,) * self._width(trial)) for key, trial in zip(keys, trials, strict=True)]

    def _width(self, trial: Trial) -> int:
        return len(self.rates) if trial.what == RATES else 1

    def _report(self) -> None:
        if self.progress:
            done = int(self.done / 1e6)
            self.progress(done, max(int((self.planned - self.replayed) / 1e6), done + 1))

    def _outcomes(self, jobs: list[Job]) -> Iterator[Outcome]:
        """Outcomes of jobs as they are finished."""
        if self.workers == 1 and self.dask is None:
            yield from outcomes_of(_tried, jobs, [int(sum(map(cost, some))) for _, some, _ in jobs], 1)
        elif jobs:
            yield from outcomes_at(self._place(), _tried, jobs)

    def _place(self) -> ProcessPool | Cluster:
        """Where trials are simulated: opened for the first of them, and kept, since a matching has many short rounds."""
        if self._opened is None:
            if self.dask is None:
                with contextlib.suppress(Exception):
                    compile_kernels(self.scenario)
                self._opened = ProcessPool(self.workers)
                self._stack.callback(self._opened.shutdown)
            else:
                self._opened = self._stack.enter_context(cluster(self.dask, source_hash()))
        return self._opened


def _together(trials: Sequence[Trial], places: Sequence[int]) -> list[list[int]]:
    """Places of trials of one candidate under one seed in cities of one size, which one process simulates after another."""
    found: dict[str, list[int]] = {}
    for place in places:
        found.setdefault(trials[place].city, []).append(place)
    return list(found.values())


def _tried(job: Job, _tick: Any = None) -> list[tuple[float, ...] | None]:
    """The values of every trial; None of one that failed, which says nothing about the others."""
    scenario, trials, rates = job
    return [_measured(scenario, trial, rates) for trial in trials]


def _measured(scenario: Scenario, trial: Trial, rates: tuple[str, ...]) -> tuple[float, ...] | None:
    try:
        return measure(scenario, trial, rates)
    except Exception:
        return None
