"""A pool of local worker processes as a `concurrent.futures` executor that replaces workers which die or hang.

A `ProcessPoolExecutor` fails as a whole when one of its workers dies. Here every worker is a separate executor, so that only the calls of
the dead worker are lost; it is then replaced. `sim.experiments.runs.dask_cluster` has the same methods.
"""

import atexit
import contextlib
import gc
import multiprocessing
import os
import pkgutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.experiments.runs.start_processes import NotStarted, close, end_now, make_room, starting_processes, unattended

GRACE = 5.0
"""Seconds that a call may exceed its limit, to end by itself, before its worker is killed."""
QUEUED = 2
"""Calls of a worker at a time: a running one, and a queued one so that it does not have to wait."""
PID, BEATS = 0, 1
"""Indices in the array shared between a worker and this process."""
DIED, SILENT, DIED_UNSTARTED = "died", "silent", "unstarted"
"""How a worker ended: it died, was killed because it sent no heartbeat, or died before it was ready."""


class Lost(NamedTuple):
    """A lost call: its item, what happened to its worker (empty if the call had not started), and the error."""

    item: Any
    blame: str
    error: Exception


def ended(executor: Any, under_way: dict[Future, Any], seconds: float) -> tuple[list[tuple[Any, Any]], list[Lost]]:
    """Wait at most some seconds for calls to end, and remove those from `under_way`.

    Parameters
    ----------
    executor : ProcessPool or Cluster
    under_way : dict
        The item of each call, by its future.

    Returns
    -------
    list of (item, result)
    list of Lost
    """
    finished, _ = wait(under_way, timeout=seconds, return_when=FIRST_COMPLETED)
    results, lost = [], []
    for future in finished:
        item = under_way.pop(future)
        try:
            results.append((item, future.result()))
        except Exception as error:  # cancelled calls are lost, too
            lost.append(Lost(item, executor.blame(future), error))
    executor.watch()
    return results, lost


@dataclass
class _Worker:
    """One process, its calls in order, and the time of its last heartbeat."""

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
        return self.killed or unattended(self.executor) or any(map(_broken, self.futures))

    def give_up(self) -> None:
        """Terminate a worker whose manager thread has ended; its calls are lost, as for a dead worker."""
        end_now(self.executor)
        for future in self.futures:
            if not future.done():
                future.set_exception(BrokenProcessPool("the manager thread of the worker is gone"))

    def kill(self) -> None:
        if self.state[PID]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.state[PID], signal.SIGKILL)


class ProcessPool(Executor):
    """Worker processes, each replaced when it dies or sends no heartbeat for too long.

    Parameters
    ----------
    workers : int
    limit : float
        Seconds between two calls of `beat` in a worker, after which it is killed (plus `GRACE`). Checked in `watch`.
    shared : array of `multiprocessing`, optional
        Array shared between the workers and this process, see `shared_with_coordinator`.
    """

    tries = 3
    """Workers that may die in a call before it fails."""

    def __init__(self, workers: int, limit: float = float("inf"), shared: Any = None):
        self.limit, self.capacity, self.shared = limit, QUEUED * workers, shared
        self._context = multiprocessing.get_context("spawn")
        make_room(workers)
        self._workers = [self._start() for _ in range(workers)]

    @property
    def idle(self) -> int:
        """Number of idle workers."""
        return sum(worker.load == 0 for worker in self._workers)

    def submit(self, function: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Submit a call to the worker with the fewest calls; its future fails with `BrokenProcessPool` if that worker dies.

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
        except BrokenProcessPool:  # it died while idle
            worker = self._replace(worker)
            future = self._handed(worker, function, *args, **kwargs)
        worker.futures.append(future)
        return future

    def watch(self) -> None:
        """Kill workers without a heartbeat for too long."""
        now = time.monotonic()
        for worker in self._workers:
            if unattended(worker.executor):
                worker.give_up()
            if worker.load == 0 or worker.lost or not worker.state[BEATS]:  # workers that are starting are exempt
                worker.since = now
            elif worker.state[BEATS] != worker.beats:
                worker.beats, worker.since = worker.state[BEATS], now
            elif now - worker.since > self.limit + GRACE:
                worker.killed = True
                worker.kill()

    def blame(self, future: Future) -> str:
        """What happened to the worker of a lost call (`DIED`, `SILENT`, `DIED_UNSTARTED`); empty if the call had not started."""
        for worker in self._workers:
            lost = [other for other in worker.futures if not other.done() or _broken(other)]
            if lost and lost[0] is future:
                return SILENT if worker.killed else DIED if worker.state[PID] else DIED_UNSTARTED
        return ""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Terminate all workers and cancel their calls."""
        for worker in self._workers:
            if unattended(worker.executor):
                worker.give_up()
            elif worker.load:
                worker.kill()
            close(worker.executor, wait)

    def _handed(self, worker: _Worker, function: Callable, *args: Any, **kwargs: Any) -> Future:
        """The future of a call submitted to a worker, which is started for its first call."""
        try:
            with _interrupts_held_back(), starting_processes():
                return worker.executor.submit(function, *args, **kwargs)
        except NotStarted:
            end_now(worker.executor)
            raise

    def _replace(self, worker: _Worker) -> _Worker:
        close(worker.executor, wait=False)
        number = self._workers.index(worker)
        self._workers[number] = self._start()
        return self._workers[number]

    def _start(self) -> _Worker:
        with starting_processes():
            state = self._context.RawArray("q", 2)
            executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_InWorker(), initargs=(state, self.shared))
        return _Worker(executor, state)


class _InWorker:
    """`_start_worker`, pickled by the name ``sanzhi``: where a worker looks for modules, `sim` may be a script in the working directory."""

    def __call__(self, state: Any, shared: Any) -> None:
        _start_worker(state, shared)

    def __reduce__(self) -> tuple[Callable, tuple[str]]:
        return pkgutil.resolve_name, (f"sanzhi{__name__.removeprefix('sim')}:{_start_worker.__name__}",)


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Block Ctrl-C while workers start; they inherit this, so that they cannot be interrupted before they are ready.

    A worker imports the main script, which is impossible for standard input or ``-c``: no script is named then.
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


def _broken(future: Future) -> bool:
    return future.done() and not future.cancelled() and isinstance(future.exception(), BrokenProcessPool)


# The functions below run in the workers.

_state: Any = None
_shared: Any = None


def beat() -> None:
    """Send a heartbeat. Does nothing outside of a `ProcessPool`."""
    if _state is not None:
        _state[BEATS] += 1


def shared_with_coordinator() -> Any:
    """In a worker, the shared array of its pool."""
    return _shared


def _start_worker(state: Any, shared: Any) -> None:
    """Prepare a worker: one thread, ignoring Ctrl-C (the coordinator handles it), ended when the coordinator ends."""
    global _state, _shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(gc.freeze)  # its end is waited for: no last search for cycles
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    with contextlib.suppress(RuntimeError):  # no more threads can start: it exits after its job
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    _state, _shared = state, shared
    state[PID] = os.getpid()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
