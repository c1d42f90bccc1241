"""Sweep: simulate all runs of a study; an interrupted sweep resumes without losing finished runs.

Plan -> pending runs -> chunks for idle workers -> run store. If a worker dies, its chunk is split and the runs are tried one by one; a run
during which a worker dies three times is recorded as failed.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, UserError
from sim.experiments.arguments import processors, workers_of
from sim.experiments.runs.dask_cluster import cluster
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.process_pool import DIED_UNSTARTED, SILENT, ProcessPool, ended
from sim.experiments.runs.start_processes import NO_START
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import RUN_STORE, SERIES, RunStore, open_run_store
from sim.experiments.studies.run_store_rows import DONE, RunRecord
from sim.experiments.studies.study import SERIES as RECORD_SERIES
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_file import load_study, make_study
from sim.experiments.studies.study_result import StudyResult, read_study, study_inside
from sim.experiments.studies.worker import Order, Task, failed, run_chunk
from sim.files import folder_of, os_errors_as, write_whole
from sim.lazy import lazily
from sim.messages import Message
from sim.scenario import Scenario
from sim.simulation import compile_kernels

with lazily():
    import pandas as pd

CHUNK_SECONDS = 0.5
"""Seconds of work in a chunk: much longer than its overhead, short enough to be repeated after an interruption."""
MOST_IN_CHUNK = 256
FLUSH_SECONDS = 0.5
BACK_UP_SECONDS = 60.0
POLL_SECONDS = 0.2
TIME_LIMIT = 3600.0
CHECKED_POINTS = 500
MOST_RUNS = 10_000_000

Progress = Callable[[int, int], None]
"""Called with the runs done in this session, and their total."""


def sweep(
    study: Study | str | Path | Mapping[str, Any],
    out: str | Path = "results",
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    executor: Callable[[], Any] | None = None,
    other_sources: bool = False,
) -> "StudyResult":
    """Simulate every pending run of a study.

    Parameters
    ----------
    study : Study, path, name or mapping
        A study, its file, the name of a shipped one, its data, or the folder of a study, which is resumed from the plan inside.
    out : path
        The study's folder is ``out/<name of the study>``, unless `study` is a folder.
    workers : int, optional
        Worker processes; all processors by default.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    time_limit : float
        Maximum seconds of one run.
    progress : callable, optional
        Called several times a second with the runs done and planned in this session.
    executor : callable, optional
        Returns workers that several sweeps share, such as those of `processes`; called only if there are pending runs. They are left
        running.
    other_sources : bool
        Resume although other sources of the same version of the model made some of the runs; the results state this.

    Returns
    -------
    StudyResult
        With a row for every planned run, including failed runs, which the next sweep retries.

    Raises
    ------
    UserError
        When study or folder are invalid, another sweep is running in the folder, or the folder contains a different plan or runs of other
        sources of the model.
    KeyboardInterrupt
        Finished runs are kept; the same call resumes from there.
    """
    workers = None if workers is None else workers_of(workers)
    if not isinstance(time_limit, (int, float)) or not time_limit > 0:
        raise UserError("time_limit: got {value}; expected seconds, above 0", value=repr(time_limit))
    study, folder = asked(study, folder_of(out, "out"))
    plan = planned(study)
    with contextlib.ExitStack() as stack:
        place: Any = stack.enter_context(cluster(dask, source_hash())) if dask is not None else None
        store = stack.enter_context(open_run_store(folder, study, plan, None if other_sources else source_hash()))
        session = _Sweep(store, plan, time_limit, progress)
        if session.pending:
            store.begin(source_hash(), other_sources)
            if place is None and executor is None:
                count = min(workers or processors(), session.total)
                place = stack.enter_context(processes(count, time_limit, study.scenario))
            session.run(place or executor())  # type: ignore[misc]
    return read_study(folder)


def asked(study: Study | str | Path | Mapping[str, Any], out: str | Path = "results") -> tuple[Study, Path]:
    """The study and its folder; for the folder of a study, the study inside it, even if the folder was moved.

    Raises
    ------
    UserError
        When there is no such study, or it cannot be read.
    """
    if isinstance(study, (str, Path)) and (Path(study) / RUN_STORE).is_file():
        return study_inside(study)[0], Path(study)
    if not isinstance(study, Study):
        study = make_study(study) if isinstance(study, Mapping) else load_study(study)
    return study, study_folder(study, out)


def study_folder(study: Study, out: str | Path = "results") -> Path:
    """Folder of a study."""
    return Path(out) / study.name


def planned(study: Study) -> "pd.DataFrame":
    """Points of a study, validated: all up to 500, otherwise 500 evenly spaced ones.

    Raises
    ------
    UserError
        When there are too many runs, or a point does not give a valid scenario.
    """
    runs = designs.count(study) * study.replicates
    if runs > MOST_RUNS:
        raise UserError("{name}: got {runs:,} runs; expected at most {most:,}", name=study.name, runs=runs, most=MOST_RUNS)
    plan = designs.points(study)
    step = max(1, -(-len(plan) // CHECKED_POINTS))
    for point in range(0, len(plan), step):
        values = _values(plan, point)
        try:
            study.scenario.with_changes(study.changes(values))
        except ScenarioError as error:
            where = ", ".join(f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in values.items())
            raise UserError(
                "{name}: point {point} ({values}) does not give a valid scenario: {error}",
                name=study.name,
                point=point,
                values=where,
                error=error.message,
            ) from error
    return plan


@contextlib.contextmanager
def processes(workers: int, limit: float, scenario: Scenario | None = None) -> Iterator[ProcessPool]:
    """Worker processes, after the kernels have been compiled, also those of the plug-ins of a `scenario`."""
    with contextlib.suppress(Exception):  # errors recur in the runs and are reported there
        compile_kernels(scenario)
    executor = ProcessPool(workers, limit)
    try:
        yield executor
    finally:
        executor.shutdown()


class _Sweep:
    """One session of a sweep."""

    def __init__(self, store: RunStore, plan: "pd.DataFrame", limit: float, progress: Progress | None):
        study = store.study
        self.store, self.plan, self.progress = store, plan, progress
        self.task = Task(study.scenario, dict(study.outcomes), study.record == RECORD_SERIES, limit, source_hash())
        self.pending = deque(store.pending())
        self.total, self.done = len(self.pending), 0
        self.suspects: deque[int] = deque()
        self.tries: dict[int, int] = {}
        self.under_way: dict[Future, list[Order]] = {}
        self.results: list[RunRecord] = []
        self.parts: list[Path] = []
        self.seconds_per_run = 0.0
        self.flushed = self.backed_up = time.monotonic()

    def run(self, executor: Any) -> None:
        """Simulate the pending runs."""
        try:
            while self.pending or self.suspects or self.under_way:
                self._hand_out(executor)
                self._take_in(executor)
        finally:
            self._flush()
            self.store.back_up()

    def _hand_out(self, executor: Any) -> None:
        """Submit chunks until all workers have enough; suspect runs only to idle workers."""
        while self.suspects and executor.idle:
            self._submit(executor, [self.suspects.popleft()])
        while not self.suspects and self.pending and len(self.under_way) < executor.capacity:
            size = min(self._chunk_size(executor.capacity), len(self.pending))
            self._submit(executor, [self.pending.popleft() for _ in range(size)])

    def _submit(self, executor: Any, runs: list[int]) -> None:
        orders = [self._order(run) for run in runs]
        self.under_way[executor.submit(run_chunk, self.task, orders)] = orders

    def _chunk_size(self, capacity: int) -> int:
        """Runs in a chunk: one until their duration is known; fewer towards the end, so that all workers finish together."""
        if not self.seconds_per_run:
            return 1
        fair = -(-len(self.pending) // (2 * capacity))
        return max(1, min(MOST_IN_CHUNK, fair, int(CHUNK_SECONDS / self.seconds_per_run)))

    def _order(self, run: int) -> Order:
        point, replicate = divmod(run, self.store.study.replicates)
        changes = self.store.study.changes(_values(self.plan, point))
        return Order(run, changes, self.store.study.seed_of(point, replicate))

    def _take_in(self, executor: Any) -> None:
        """Wait briefly for finished chunks and record them."""
        results, lost = ended(executor, self.under_way, POLL_SECONDS)
        for _, (done, series) in results:
            self._keep(done, series)  # write errors end the sweep; they are not failures of a worker
        for orders, blame, error in lost:
            self._worker_lost(orders, blame, error, executor.tries)
        if time.monotonic() - self.flushed > FLUSH_SECONDS:
            self._flush()
        if self.progress:
            self.progress(self.done, self.total)

    def _keep(self, results: list[RunRecord], series: bytes | None) -> None:
        part = None
        if series is not None:
            part = self.store.folder / SERIES / f"{results[0].run:08d}-{time.time_ns():x}.parquet"
            with os_errors_as("cannot write {path}", path=part):
                write_whole(part, series)
            self.parts.append(part)
            results = [RunRecord(**{**vars(r), "part": part.name}) if r.state == DONE else r for r in results]
        self.results += results
        self.done += len(results)
        took = sum(result.seconds for result in results) / len(results)
        self.seconds_per_run = took if not self.seconds_per_run else 0.5 * (took + self.seconds_per_run)

    def _worker_lost(self, orders: list[Order], blame: str, error: Exception, tries: int) -> None:
        """Split the chunk of a lost worker; a run that was alone in its chunk counts one more try."""
        if len(orders) > 1 or not blame:
            self.suspects += [order.run for order in orders]
            return
        (order,) = orders
        self.tries[order.run] = self.tries.get(order.run, 0) + 1
        text = f"{type(error).__name__}: {Message('its worker process died every time (killed, or out of memory)')}"
        if blame == SILENT:
            reason = Message(
                "not responding for more than {limit:g} s, and its worker was terminated (see --time-limit)", limit=self.task.limit
            )
            text = f"TooSlow: {reason}"
        elif self.tries[order.run] < tries:
            self.suspects.append(order.run)
            return
        elif blame == DIED_UNSTARTED:
            raise UserError(NO_START)
        self._keep([failed(self.task, order, text)], None)

    def _flush(self) -> None:
        results, self.results = self.results, []
        parts, self.parts = self.parts, []
        self.flushed = time.monotonic()
        if results:
            self.store.record(results, parts)
        if self.flushed - self.backed_up > BACK_UP_SECONDS:
            self.store.back_up()
            self.backed_up = time.monotonic()


def _values(plan: "pd.DataFrame", point: int) -> dict[str, Any]:
    row = {key: plan[key].iat[point] for key in plan.columns}
    return {key: value.item() if hasattr(value, "item") else value for key, value in row.items()}
