"""Where the runs of a sweep are done: processes of this machine, or an existing Dask cluster. Both are `concurrent.futures` executors.

A `ProcessPoolExecutor` fails as a whole when one of its workers dies. Here every worker is a pool of its own, so that a death costs
only what that worker was doing; another takes its place.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.runs import pool
from sim.experiments.runs.process_start import NotStarted, close, end_now, make_room, starting, stuck

GRACE = 5.0
"""Seconds that a run may go on beyond its limit, to end by itself, before its worker is killed."""
QUEUED = 2
"""Calls that a worker has at a time: one that it works on, and one so that it need not wait for the next."""
PID, BEATS, STOP = 0, 1, 2  # places in the array that a worker shares; the last is the pool's own

_state: Any = None


@dataclass
class _Worker:
    """One process, what it was given to do, in order, and when it last gave a sign of life."""

    executor: ProcessPoolExecutor
    state: Any
    futures: list[Future] = field(default_factory=list)
    beats: int = -1
    since: float = 0.0
    killed: bool = False

    @property
    def load(self) -> int:
        return sum(not future.done() for future in self.futures)

    @property
    def lost(self) -> bool:
        return self.killed or stuck(self.executor) or any(map(_broken, self.futures))

    def give_up(self) -> None:
        """End a worker that nobody looks after any more; its calls are lost, as those of one that died."""
        end_now(self.executor)
        for future in self.futures:
            if not future.done():
                future.set_exception(BrokenProcessPool("nobody looks after the worker any more"))

    def kill(self) -> None:
        if self.state[PID]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.state[PID], signal.SIGKILL)


class Processes(Executor):
    """Worker processes, each replaced when it dies or when it has been silent for too long.

    Parameters
    ----------
    workers : int
    limit : float
        Seconds between two calls of `beat` in a worker, after which it is killed (plus `GRACE`). Looked at in `watch`.
    """

    tries = 3
    """Workers that a call may take with it before it is given up."""

    def __init__(self, workers: int, limit: float):
        self.limit, self.capacity = limit, QUEUED * workers
        self._context = multiprocessing.get_context("spawn")
        make_room(workers)
        self._workers = [self._start() for _ in range(workers)]

    @property
    def idle(self) -> int:
        """Workers that have nothing to do."""
        return sum(worker.load == 0 for worker in self._workers)

    def submit(self, function: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Have the worker with the least to do call a function; its future fails with `BrokenProcessPool` where that worker dies.

        Raises
        ------
        NotStarted
            When the machine refuses to start a process.
        """
        worker = min(self._workers, key=lambda worker: worker.load)
        if worker.lost:
            worker = self._replace(worker)
        worker.futures = [future for future in worker.futures if not future.done()]
        if not worker.futures:
            worker.since = time.monotonic()
        try:
            future = self._handed(worker, function, *args, **kwargs)
        except BrokenProcessPool:  # it died while it had nothing to do
            worker = self._replace(worker)
            future = self._handed(worker, function, *args, **kwargs)
        worker.futures.append(future)
        return future

    def watch(self) -> None:
        """Kill workers that have been silent for too long."""
        now = time.monotonic()
        for worker in self._workers:
            if stuck(worker.executor):
                worker.give_up()
            if worker.load == 0 or worker.lost or not worker.state[BEATS]:  # a worker that gets ready is left alone
                worker.since = now
            elif worker.state[BEATS] != worker.beats:
                worker.beats, worker.since = worker.state[BEATS], now
            elif now - worker.since > self.limit + GRACE:
                worker.killed = True
                worker.kill()

    def blame(self, future: Future) -> str:
        """What became of the worker of a call that was lost: "died", "silent" or "unstarted"; empty where the call had not begun."""
        for worker in self._workers:
            lost = [other for other in worker.futures if not other.done() or _broken(other)]
            if lost and lost[0] is future:
                return "silent" if worker.killed else "died" if worker.state[PID] else "unstarted"
        return ""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all workers; what they are doing is given up."""
        for worker in self._workers:
            if stuck(worker.executor):
                worker.give_up()
            elif worker.load:
                worker.kill()
            close(worker.executor, wait)

    def _handed(self, worker: _Worker, function: Callable, *args: Any, **kwargs: Any) -> Future:
        """The future of a call that is given to a worker, which is started for its first one."""
        try:
            with pool.starting_workers(), starting():
                return worker.executor.submit(function, *args, **kwargs)
        except NotStarted:
            end_now(worker.executor)
            raise

    def _replace(self, worker: _Worker) -> _Worker:
        close(worker.executor, wait=False)
        place = self._workers.index(worker)
        self._workers[place] = self._start()
        return self._workers[place]

    def _start(self) -> _Worker:
        with starting():
            state = self._context.RawArray("q", 3)
            executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_prepare, initargs=(state,))
        return _Worker(executor, state)


def beat() -> None:
    """Say that work goes on. Does nothing outside of `Processes`."""
    if _state is not None:
        _state[BEATS] += 1


def _prepare(state: Any) -> None:
    global _state
    pool.start_worker(state)
    _state = state
    state[PID] = os.getpid()


def _broken(future: Future) -> bool:
    return future.done() and not future.cancelled() and isinstance(future.exception(), BrokenProcessPool)
