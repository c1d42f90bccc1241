"""The work of a sweep's worker: a few runs, one after another, each of which may fail without affecting the others.

Metrics are computed for several runs at once, which takes a fraction of the time: NumPy's calls cost more than the numbers of one run.
"""

import contextlib
import dataclasses
import functools
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from sim import metrics
from sim.errors import UserError
from sim.experiments.runs.advance import advance_to
from sim.experiments.runs.jobs import failure
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.process_pool import beat
from sim.experiments.studies.run_store_rows import DONE, FAILED, RunRecord
from sim.experiments.studies.series_files import series_file
from sim.messages import Message
from sim.metrics.record import Record
from sim.scenario import Scenario
from sim.simulation import Simulation, compile_kernels

HEADLINES = ("stability", "satisfaction")
LAST_YEAR = 52
MOST_TOGETHER = 16
"""Runs whose metrics are computed together; more gained nothing in measurements."""
MOST_BYTES = 16_000_000
"""Memory of the records of runs from which no more are kept waiting for others."""


@dataclasses.dataclass(frozen=True)
class Task:
    """What all runs of a sweep have in common.

    Parameters
    ----------
    scenario : Scenario
        The scenario of all runs.
    outcomes : dict
        Metric to summary, see `sim.experiments.studies.study.SUMMARIES`.
    series : bool
        Whether every metric of every week is recorded.
    limit : float
        Maximum seconds of a run.
    source : str
        Hash of the sources of the model that all workers must have.
    """

    scenario: Scenario
    outcomes: dict[str, str]
    series: bool
    limit: float
    source: str


@dataclasses.dataclass(frozen=True)
class Order:
    """One run: its number in the plan, its changes to the scenario, its seed."""

    run: int
    changes: dict[str, Any]
    seed: int


class TooSlow(Exception):
    """Raised in a run that exceeds its time limit."""


def run_chunk(task: Task, orders: Sequence[Order]) -> tuple[list[RunRecord], bytes | None]:
    """Simulate some runs.

    Returns
    -------
    list of RunRecord
        One per order.
    bytes or None
        Parquet file with the series of successful runs, if series are recorded.
    """
    if source_hash() != task.source:
        reason = Message("this worker has other sources of the model than the sweep; use one version and start again")
        text = f"RuntimeError: {reason}"
        return [RunRecord(order.run, "", FAILED, text) for order in orders], None
    _get_ready(task.scenario if task.scenario.plugins else None)
    results: list[RunRecord] = []
    series: list[tuple[int, dict[str, np.ndarray]]] = []
    waiting: list[_Lived] = []
    scenario_of = _Changed(task.scenario)
    for number, order in enumerate(orders, 1):
        beat()
        waiting.append(_live(task, order, scenario_of))
        size = sum(one.record.size for one in waiting if one.record)
        if number == len(orders) or len(waiting) == MOST_TOGETHER or size > MOST_BYTES:
            for order, result, weeks in _measured(task, waiting):
                results.append(result)
                if weeks is not None and task.series:
                    series.append((order.run, weeks))
            waiting = []
    return results, series_file(series) if series else None


@functools.cache
def _get_ready(scenario: Scenario | None = None) -> None:
    """Load the kernels that a scenario needs, once per process, so that this does not count as time of the first run."""
    with contextlib.suppress(Exception):  # errors recur in the runs and are reported there
        compile_kernels(scenario)


def failed(task: Task, order: Order, error: str) -> RunRecord:
    """RunRecord of a failed run, with its key if its scenario is valid."""
    try:
        key = task.scenario.with_changes(order.changes).run_key(order.seed, 1)
    except UserError:
        key = ""
    return RunRecord(order.run, key, FAILED, error)


@dataclasses.dataclass(frozen=True)
class _Lived:
    """A run after its weeks: its result so far, and its record, which is None if it failed."""

    order: Order
    result: RunRecord
    record: Record | None = None


class _Changed:
    """A scenario under changes. The last is kept, since the replicates of a point follow each other."""

    def __init__(self, scenario: Scenario):
        self._scenario, self._changes, self._found = scenario, "", scenario

    def __call__(self, changes: dict[str, Any]) -> Scenario:
        written = repr(changes)  # 1, 1.0 and True are equal, but not the same to a scenario
        if written != self._changes:
            self._found, self._changes = self._scenario.with_changes(changes), written
        return self._found


def _live(task: Task, order: Order, scenario_of: Callable[[dict[str, Any]], Scenario]) -> _Lived:
    """Simulate a run. Its city is left behind: only its record and its hash are kept."""
    start = time.perf_counter()
    try:
        scenario = scenario_of(order.changes)
        simulation = Simulation(scenario, order.seed)
        advance_to(simulation, simulation.horizon, lambda _: _in_time(start, task.limit))
        key, content = scenario.run_key(order.seed, 1), simulation.content_hash()
        record = Record(simulation, districts=False)
        return _Lived(order, RunRecord(order.run, key, DONE, seconds=time.perf_counter() - start, content_hash=content), record)
    except Exception as error:
        return _Lived(order, _failure(task, order, error, time.perf_counter() - start))


def _measured(task: Task, lived: list[_Lived]) -> Iterator[tuple[Order, RunRecord, "dict[str, np.ndarray] | None"]]:
    """Result and metrics of every run, in order; a run that has no result keeps its failure."""
    start = time.perf_counter()
    records = [one.record for one in lived if one.record]
    names = None if task.series else task.outcomes
    try:
        found: Iterator[dict[str, np.ndarray] | None] = iter(metrics.series_of(records, names))
    except Exception:  # a metric of a plug-in fails in some run: each is asked for by itself below
        found = itertools.repeat(None)
    share = (time.perf_counter() - start) / len(lived)
    for one in lived:
        if one.record is None:
            yield one.order, one.result, None
            continue
        weeks, seconds = next(found), one.result.seconds + share
        try:
            weeks = weeks or metrics.series_of([one.record], names)[0]
            outcomes = tuple(_summary(weeks, name, how) for name, how in task.outcomes.items())
            yield one.order, dataclasses.replace(one.result, seconds=seconds, outcomes=outcomes), weeks
        except Exception as error:
            yield one.order, _failure(task, one.order, error, seconds), None


def _failure(task: Task, order: Order, error: Exception, seconds: float) -> RunRecord:
    return dataclasses.replace(failed(task, order, str(failure(0, error).error)), seconds=seconds)


def _in_time(start: float, limit: float) -> None:
    if time.perf_counter() - start > limit:
        raise TooSlow(Message("took longer than {limit:g} s (see --time-limit)", limit=limit))


def _summary(weeks: "dict[str, np.ndarray]", name: str, how: str) -> float | None:
    """Summary of a metric; None if it has no value in any of the weeks used.

    Raises
    ------
    FloatingPointError
        If a headline metric is not a number, or any metric is infinite.
    """
    values = weeks[name]
    wrong = ~np.isfinite(values) if name in HEADLINES else np.isinf(values)
    if wrong.any():
        raise FloatingPointError(Message("{name} is not a finite number from week {week} on", name=name, week=int(wrong.argmax())))
    counted = values[-1:] if how == "end" else values[-LAST_YEAR:] if how == "last_year" else values
    known = [value for value in counted.tolist() if not math.isnan(value)]
    if not known:
        return None
    if how in ("lowest", "highest"):
        return min(known) if how == "lowest" else max(known)
    return math.fsum(known) / len(known)
