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
from dataclasses import dataclass, field
from typing import Any

from sim.experiments import pool

GRACE = 5.0
"""Seconds that a run may go on beyond its limit, to end by itself, before its worker is killed."""
PID, BEATS, STOP = 0, 1, 2

_state: Any = None


@dataclass
class _Worker:
    """One process, what it works on, and when it last gave a sign of life."""

    executor: ProcessPoolExecutor
    state: Any
    future: Future | None = None
    beats: int = -1
    since: float = field(default_factory=time.monotonic)
    killed: bool = False


class Processes(Executor):
    """Worker processes, each replaced when it dies or when it has been silent for too long.

    Parameters
    ----------
    workers : int
    limit : float
        Seconds between two calls of `beat` in a worker, after which it is killed (plus `GRACE`). Looked at in `watch`.
    """

    def __init__(self, workers: int, limit: float):
        self.capacity, self.limit = workers, limit
        self._context = multiprocessing.get_context("spawn")
        self._workers = [self._start() for _ in range(workers)]

    def submit(self, function: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Have an idle worker call a function; its future fails with `BrokenProcessPool` where the worker dies of it.

        Raises
        ------
        RuntimeError
            When all workers are busy: at most `capacity` calls at a time.
        """
        for place, worker in enumerate(self._workers):
            if worker.future is None or worker.future.done():
                if worker.killed or _broken(worker):
                    worker.executor.shutdown(wait=False)
                    worker = self._workers[place] = self._start()
                worker.since = time.monotonic()
                with pool.ctrl_c_held():
                    worker.future = worker.executor.submit(function, *args, **kwargs)
                return worker.future
        raise RuntimeError("all workers are busy")

    def watch(self) -> None:
        """Kill workers that have been silent for too long."""
        now = time.monotonic()
        for worker in self._workers:
            if worker.future is None or worker.future.done() or worker.killed:
                continue
            if worker.state[BEATS] != worker.beats:
                worker.beats, worker.since = worker.state[BEATS], now
            elif worker.state[PID] and now - worker.since > self.limit + GRACE:
                worker.killed = True
                _kill(worker)

    def too_slow(self, future: Future) -> bool:
        """Whether the worker of a call was killed for being silent."""
        return any(worker.future is future and worker.killed for worker in self._workers)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all workers; what they are doing is given up."""
        for worker in self._workers:
            if worker.future is not None and not worker.future.done():
                _kill(worker)
            worker.executor.shutdown(wait=wait, cancel_futures=True)

    def _start(self) -> _Worker:
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


def _broken(worker: _Worker) -> bool:
    from concurrent.futures.process import BrokenProcessPool

    return worker.future is not None and not worker.future.cancelled() and isinstance(worker.future.exception(), BrokenProcessPool)


def _kill(worker: _Worker) -> None:
    if worker.state[PID]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.state[PID], signal.SIGKILL)
