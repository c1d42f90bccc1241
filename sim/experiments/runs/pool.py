"""Run many jobs in worker processes and lose none of them to a bad one.

A worker that dies (killed, out of memory) breaks a process pool: every job in it comes back with the same error,
whoever was at fault. So the pool is rebuilt for the jobs that had not begun, and each job that was under way is tried once
more, alone, which tells the guilty from the innocent.

Progress travels through a small shared array, a number per job: no manager process, no queue, no lock that a
dying worker could keep. This module imports nothing heavy, since every worker imports it first.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from sim.experiments.runs.process_start import NotStarted, close, end_now, make_room, starting, stuck
from sim.messages import Message

POLL_SECONDS = 0.1
WAITING = -1
"""Value of a job in the shared array before a worker takes it."""

NO_START = Message(
    'worker processes do not start (no room for them, or a script that uses them lacks `if __name__ == "__main__":`);'
    " workers=1 does without"
)
Tick = Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one job.

    Parameters
    ----------
    job : int
        Index of the job.
    value : object
        What the function returned; None where it failed.
    error : str or None
        The failure in one line.
    details : str
        The traceback, where there is one.
    mistake : bool
        True when the error is a `UserError`: the input is at fault, not the run.
    """

    job: int
    value: Any = None
    error: str | None = None
    details: str = ""
    mistake: bool = False


class Stopped(Exception):
    """Raised inside a job when the coordinator asked to stop."""


def failure(job: int, error: BaseException) -> Outcome:
    """Outcome of a job that raised `error`."""
    from sim.errors import UserError

    mistake = isinstance(error, UserError)
    text = str(error) if mistake else f"{type(error).__name__}: {error}".rstrip(": ")
    return Outcome(job, error=text, details="".join(traceback.format_exception(error)), mistake=mistake)


def run_jobs(
    function: Callable[[Any, Tick], Any], jobs: Sequence[Any], workers: int, progress: Callable[[list[int]], None] | None = None
) -> Iterator[Outcome]:
    """Call ``function(job, tick)`` for every job in worker processes, and yield outcomes as they come.

    Parameters
    ----------
    function : callable
        Importable by name. It calls ``tick(done)`` now and then with how far it is, a growing whole number.
    jobs : sequence
        Arguments; must be picklable.
    workers : int
        Processes at a time, one thread each.
    progress : callable, optional
        Called about ten times a second with the last `tick` of every job (`WAITING` before it began).

    Yields
    ------
    Outcome
        One per job, in order of completion. A job whose worker died twice is a failure; the others are not touched.

    Raises
    ------
    NotStarted
        When the machine refuses to start worker processes, and no job is done yet; those that are left are failures otherwise.

    Notes
    -----
    When the caller stops iterating (or is interrupted), workers leave at their next tick.
    """
    make_room(workers)
    context = multiprocessing.get_context("spawn")
    with starting():
        state = context.RawArray("i", [WAITING] * len(jobs) + [0])
    report = (lambda: progress(list(state[:-1]))) if progress else (lambda: None)
    suspects: list[int] = []
    try:
        yield from _rounds(context, function, jobs, list(range(len(jobs))), workers, state, report, suspects)
        for job in suspects:
            alone: list[int] = []
            state[job] = WAITING
            yield from _rounds(context, function, jobs, [job], 1, state, report, alone)
            if alone:
                yield Outcome(job, error=str(Message("the worker process died twice (killed, or out of memory)")))
    finally:
        state[len(jobs)] = 1


def _rounds(context, function, jobs, todo, workers, state, report, suspects) -> Iterator[Outcome]:
    """One pool after another until every job in `todo` is done or among the `suspects`."""
    while todo:
        done: set[int] = set()
        refused: NotStarted | None = None
        try:
            for outcome in _one_pool(context, function, jobs, todo, min(workers, len(todo)), state, report):
                done.add(outcome.job)
                yield outcome
        except NotStarted as error:
            refused = error
        left = [job for job in todo if job not in done]
        if refused is not None:
            if len(left) == len(jobs):
                raise refused
            for job in left:
                yield Outcome(job, error=str(refused))
            return
        begun = [job for job in left if state[job] != WAITING]
        if left and not begun and not done:
            for job in left:
                yield Outcome(job, error=str(NO_START))
            return
        suspects += begun
        todo = [job for job in left if job not in begun]


def _one_pool(context, function, jobs, todo, workers, state, report) -> Iterator[Outcome]:
    """Outcomes of one pool; ends early, without an outcome for the jobs left, when a worker dies."""
    with starting():
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=(state,))
    try:
        waiting = _handed_out(pool, function, jobs, todo)
        while waiting and not stuck(pool):
            finished, _ = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            report()
            for future in finished:
                job = waiting.pop(future)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    continue
                yield failure(job, error) if error else future.result()
    except BaseException:
        state[len(state) - 1] = 1
        raise
    finally:
        if stuck(pool):
            end_now(pool)
        close(pool)


def _handed_out(pool, function, jobs, todo) -> dict[Future, int]:
    """The future of every job; of those only that were taken where a worker dies meanwhile."""
    waiting: dict[Future, int] = {}
    try:
        with starting_workers(), starting(), contextlib.suppress(BrokenProcessPool):
            for job in todo:
                waiting[pool.submit(_work, function, jobs[job], job)] = job
    except NotStarted:
        end_now(pool)
        raise
    return waiting


@contextlib.contextmanager
def starting_workers() -> Iterator[None]:
    """Where workers are started. Ctrl-C is held back: they inherit that, and so cannot be struck before they are ready.

    A worker imports the script that was started, which it cannot where that came from standard input or ``-c``: none is named then.
    """
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        if script is not None and not os.path.exists(script):
            main.__file__ = None
        yield
    finally:
        if script is not None:
            main.__file__ = script
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_state: Any = None


def start_worker(state) -> None:
    """Prepare a worker: one thread, deaf to Ctrl-C (the coordinator hears it), gone when the coordinator is."""
    global _state
    _state = state
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with contextlib.suppress(RuntimeError):  # no more threads here: it leaves after its job
        threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(function, argument, job: int) -> Outcome:
    def tick(done: int) -> None:
        if _state[len(_state) - 1]:
            raise Stopped
        _state[job] = done

    try:
        tick(0)
        return Outcome(job, function(argument, tick))
    except Exception as error:
        return failure(job, error)
