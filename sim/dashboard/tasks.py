"""Background tasks of a page, with progress and cancellation."""

import threading
from collections.abc import Callable
from typing import Any

from sim.errors import UserError
from sim.messages import Words

Tick = Callable[[int, int], None]


class Cancelled(Exception):
    """Raised inside a task that was cancelled."""


class Task:
    """A computation in a background thread, with progress and cancellation.

    Parameters
    ----------
    work : callable
        Called with ``tick(done, total)``, which raises `Cancelled` once the task is cancelled; returns the result.
    changed : callable
        Called whenever progress or result change.
    after : float
        Seconds to wait before it begins.
    """

    def __init__(self, work: Callable[[Tick], Any], changed: Callable[[], None], after: float = 0.0):
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error: Words = ""
        self._cancelled = threading.Event()
        self._after = after
        self._changed = changed
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True, name="task")
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still running."""
        return self.result is None and not self.error and not self._cancelled.is_set()

    def join(self, timeout: float) -> None:
        """Wait until it has ended."""
        self._thread.join(timeout)

    def cancel(self) -> None:
        """Stop at the next step."""
        self._cancelled.set()

    def _run(self) -> None:
        if self._cancelled.wait(self._after):
            return
        try:
            self.result = self._work(self._tick)
        except Cancelled:
            return
        except UserError as error:
            self.error = error.message
        except Exception as error:  # shown on the page
            self.error = f"{type(error).__name__}: {error}"
        if not self._cancelled.is_set():
            self._changed()

    def _tick(self, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.done, self.total = done, total
        self._changed()


class TaskManager:
    """The tasks of one page, one per name. They outlive the tab that shows them, and end with the page."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, Task, bool]] = {}
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def latest(self, name: str) -> tuple[Any, Task | None]:
        """The key and the task that were last started under a name."""
        kept = self._kept.get(name)
        return (kept[0], kept[1]) if kept is not None else (None, None)

    def start(self, name: str, key: Any, work: Callable[[Tick], Any], lasting: bool = True, after: float = 0.0) -> None:
        """Start a task in place of the previous one.

        Parameters
        ----------
        lasting : bool
            Whether it continues when a lever moves.
        after : float
            Seconds to wait before it begins.
        """
        with self._lock:
            self._drop(name)
            if not self._closed:
                self._kept[name] = (key, Task(work, lambda: self._notify(name), after), lasting)
        self._notify(name)

    def stop(self, name: str) -> None:
        """Cancel a running task; a finished result is kept."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[1].running:
                self._drop(name)

    def moved(self) -> None:
        """Cancel the tasks of the previous policy after a lever was moved."""
        for name in [name for name, (_, _, lasting) in list(self._kept.items()) if not lasting]:
            self.stop(name)

    def listen(self, name: str, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever a task of this name reports progress; returns a function that ends this."""
        with self._lock:
            self._listeners.setdefault(name, []).append(listener)
        return lambda: self._listeners[name].remove(listener)

    def close(self) -> None:
        """Cancel all tasks; no new ones start."""
        with self._lock:
            self._closed = True
            for name in list(self._kept):
                self._drop(name)

    def _drop(self, name: str) -> None:
        kept = self._kept.pop(name, None)
        if kept is not None:
            kept[1].cancel()

    def _notify(self, name: str) -> None:
        for listener in list(self._listeners.get(name, ())):
            listener()
