"""Many jobs, in worker processes or in this one: every outcome is kept, regardless of failures of other jobs.

A job that raises is recorded. A job whose worker dies (killed, out of memory) is tried once more, alone in its worker, so that a job that
kills its worker is distinguished from one that was only waiting there. Progress is reported through a small shared array with a number per
job: no manager process, no queue, no lock that a dying worker could hold.
"""

import contextlib
import multiprocessing
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sim.errors import UserError
from sim.experiments.runs import process_pool
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.process_pool import DIED_UNSTARTED, ProcessPool, ended
from sim.experiments.runs.start_processes import NO_START, NotStarted, starting_processes
from sim.messages import Message

POLL_SECONDS = 0.1
WAITING = -1
"""Value of a job in the shared array before a worker takes it."""
TRIES = 2
"""Workers that may die in a job before it counts as failed."""

Tick = Callable[[int], None]
"""Called by a job repeatedly with its progress, an increasing whole number: weeks simulated."""
Progress = Callable[[int, int], None]
"""Called with the weeks simulated so far, over all jobs, and their total."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one job.

    Parameters
    ----------
    job : int
        Index of the job.
    value : object
        Return value of the function; None if it failed.
    error : str or None
        The failure in one line.
    details : str
        The traceback, if there is one.
    mistake : bool
        True when the error is a `UserError`: the input is wrong, not the run.
    """

    job: int
    value: Any = None
    error: str | None = None
    details: str = ""
    mistake: bool = False


class Collected(NamedTuple):
    """Outcomes in the order of the jobs, and whether Ctrl-C ended the work early."""

    outcomes: list[Outcome]
    interrupted: bool


def failure(job: int, error: BaseException) -> Outcome:
    """Outcome of a job that raised `error`."""
    mistake = isinstance(error, UserError)
    text = str(error) if mistake else f"{type(error).__name__}: {error}".rstrip(": ")
    return Outcome(job, error=text, details="".join(traceback.format_exception(error)), mistake=mistake)


def collect(
    function: Callable[[Any, Tick], Any],
    jobs: Sequence[Any],
    weeks: Sequence[int],
    workers: int,
    progress: Progress | None = None,
    prepare: Callable[[], None] = lambda: None,
    name_of: Callable[[int], str] | None = None,
    each: Callable[[Outcome], None] = lambda outcome: None,
) -> Collected:
    """Run all jobs: in worker processes if there are several of both, else one after another in this process.

    Parameters
    ----------
    function, jobs
        See `run_jobs`.
    weeks : sequence of int
        Weeks that each job simulates.
    workers : int
        Processes; 1 stays in this process.
    progress : callable, optional
        Called with weeks done and in total.
    prepare : callable
        Called before workers start, to compile the kernels that they load; its errors are reported by the jobs.
    name_of : callable, optional
        Name of a job, for messages about its input.
    each : callable
        Called in this process with every outcome as soon as there is one, to keep it.

    Raises
    ------
    UserError
        As soon as one job reports that the input is wrong.
    """
    done: list[Outcome] = []
    interrupted = False
    try:
        with contextlib.closing(outcomes_of(function, jobs, weeks, workers, progress, prepare)) as outcomes:
            for outcome in outcomes:
                if outcome.mistake and name_of:
                    raise UserError("{name}: {why}", name=name_of(outcome.job), why=outcome.error)
                if outcome.mistake:
                    raise UserError(str(outcome.error))
                done.append(outcome)
                each(outcome)
    except KeyboardInterrupt:
        interrupted = True
    return Collected(sorted(done, key=lambda outcome: outcome.job), interrupted)


def outcomes_of(function, jobs, weeks, workers, progress=None, prepare=lambda: None) -> Generator[Outcome, None, None]:
    """Outcomes of jobs as they complete, with the arguments of `collect`, for a caller that keeps failures and stops as it likes."""
    total = sum(weeks)
    report = (lambda done: progress(done, total)) if progress else (lambda done: None)
    if workers > 1 and len(jobs) > 1:
        with contextlib.suppress(Exception):
            prepare()
        guarded = [(function, source_hash(), job) for job in jobs]
        yield from run_jobs(same_source, guarded, workers, lambda done: report(sum(w for w in done if w != WAITING)))
    else:
        before = 0
        for number, job in enumerate(jobs):
            try:
                yield Outcome(number, function(job, partial(_add, report, before)))
            except Exception as error:
                yield failure(number, error)
            before += weeks[number]
    report(total)


def outcomes_at(place: Any, function: Callable[[Any, Tick | None], Any], jobs: Sequence[Any]) -> Iterator[Outcome]:
    """Outcomes of jobs as they end, at workers that several calls share. A job whose worker dies is tried again, as often as it makes
    sense there.

    Parameters
    ----------
    place : ProcessPool or Cluster
    function : callable
        Importable by name; called with a job and without a tick.
    jobs : sequence
        Must be picklable.
    """
    source, pending, under_way, losses = source_hash(), deque(range(len(jobs))), dict[Future, int](), Counter[int]()
    while pending or under_way:
        while pending and len(under_way) < place.capacity:
            number = pending.popleft()
            under_way[place.submit(same_source, (function, source, jobs[number]), None)] = number
        results, lost = ended(place, under_way, POLL_SECONDS)
        for number, value in results:
            yield Outcome(number, value)
        for number, blame, error in lost:
            losses[number] += bool(blame)
            if isinstance(error, (BrokenProcessPool, CancelledError)) and losses[number] < place.tries:
                pending.append(number)
            else:
                yield failure(number, error)


def _add(report: Tick, before: int, done: int) -> None:
    report(before + done)


def same_source(argument: tuple[Callable[[Any, Any], Any], str, Any], tick: Tick | None) -> Any:
    """Run the job if this worker has the same sources of the model as the process that sent it."""
    function, source, job = argument
    if source_hash() != source:
        raise RuntimeError(Message("files of the package changed during the run; run it again"))
    return function(job, tick)


def run_jobs(
    function: Callable[[Any, Tick], Any], jobs: Sequence[Any], workers: int, progress: Callable[[list[int]], None] | None = None
) -> Iterator[Outcome]:
    """Call ``function(job, tick)`` for every job in worker processes, and yield outcomes as they complete.

    Parameters
    ----------
    function : callable
        Importable by name. It calls ``tick(done)`` repeatedly.
    jobs : sequence
        Arguments; must be picklable.
    workers : int
        Processes at a time, one thread each.
    progress : callable, optional
        Called about ten times a second with the last `tick` of every job (`WAITING` before it began).

    Yields
    ------
    Outcome
        One per job, in order of completion. A job whose worker died twice is a failure; the others are not affected.

    Raises
    ------
    NotStarted
        When worker processes cannot be started and no job is done yet; otherwise the remaining jobs are failures.

    Notes
    -----
    When the caller stops iterating (or is interrupted), workers are terminated immediately.
    """
    with starting_processes():
        ticks = multiprocessing.get_context("spawn").RawArray("i", [WAITING] * len(jobs))
    pool = ProcessPool(min(workers, len(jobs)), shared=ticks)
    try:
        yield from _Session(pool, function, jobs, ticks, progress).outcomes()
    finally:
        pool.shutdown()


class _Session:
    """The state of jobs in a pool: pending, lost with a worker, and running."""

    def __init__(self, pool: ProcessPool, function, jobs, ticks, progress):
        self.pool, self.function, self.jobs, self.ticks, self.progress = pool, function, jobs, ticks, progress
        self.pending, self.suspects = deque(range(len(jobs))), deque[int]()
        self.under_way: dict[Future, int] = {}
        self.losses: Counter[int] = Counter()
        self.done, self.reported = 0, time.monotonic()

    def outcomes(self) -> Iterator[Outcome]:
        """Outcome of every job, in order of completion."""
        while self.pending or self.suspects or self.under_way:
            try:
                self._hand_out()
            except NotStarted as refused:
                if not self.done:
                    raise
                yield from self._give_up(str(refused))
            results, lost = ended(self.pool, self.under_way, POLL_SECONDS)
            for _, outcome in results:
                self.done += 1
                yield outcome
            for loss in lost:
                yield from self._lost(*loss)
            self._report()

    def _hand_out(self) -> None:
        """Give every worker enough jobs; a suspect job only to an idle worker."""
        while self.suspects and self.pool.idle:
            self._submit(self.suspects[0])
            self.suspects.popleft()
        while not self.suspects and self.pending and len(self.under_way) < self.pool.capacity:
            self._submit(self.pending[0])
            self.pending.popleft()

    def _submit(self, job: int) -> None:
        self.ticks[job] = WAITING
        self.under_way[self.pool.submit(_work, self.function, self.jobs[job], job)] = job

    def _lost(self, job: int, blame: str, error: Exception) -> Iterator[Outcome]:
        """Handle a job whose call was lost: retry it, or yield its failure."""
        if not isinstance(error, (BrokenProcessPool, CancelledError)):
            self.done += 1
            yield failure(job, error)
            return
        begun = self.ticks[job] != WAITING
        self.losses[job] += bool(blame)
        if blame and not begun and not self.done and (blame == DIED_UNSTARTED or self.losses[job] == TRIES):
            self.suspects.append(job)
            yield from self._give_up(str(NO_START))
        elif self.losses[job] == TRIES:
            yield Outcome(job, error=str(Message("the worker process died twice (killed, or out of memory)")))
        else:
            self.suspects.append(job)

    def _give_up(self, why: str) -> Iterator[Outcome]:
        """Failures of all jobs that were not submitted."""
        for job in (*self.suspects, *self.pending):
            yield Outcome(job, error=why)
        self.suspects.clear()
        self.pending.clear()

    def _report(self) -> None:
        if self.progress and time.monotonic() - self.reported >= POLL_SECONDS:
            self.reported = time.monotonic()
            self.progress(list(self.ticks))


def _work(function: Callable[[Any, Tick], Any], argument: Any, job: int) -> Outcome:
    """One job in a worker."""
    ticks = process_pool.shared_with_coordinator()

    def tick(done: int) -> None:
        ticks[job] = done

    tick(0)
    try:
        return Outcome(job, function(argument, tick))
    except Exception as error:
        return failure(job, error)
