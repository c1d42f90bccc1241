"""Work in the background of a page: watched, and cancelled when nobody waits any more."""

import threading
from collections.abc import Callable
from typing import Any

from sim.errors import UserError

Tick = Callable[[int, int], None]


class Cancelled(Exception):
    """Raised inside a task that was cancelled."""


class Task:
    """A computation in the background that a page can watch and cancel.

    Parameters
    ----------
    work : callable
        Called with ``tick(done, total)``, which raises `Cancelled` once nobody waits any more; returns the result.
    changed : callable
        Called whenever there is something new to show.
    """

    def __init__(self, work: Callable[[Tick], Any], changed: Callable[[], None]):
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error = ""
        self._cancelled = False
        self._changed = changed
        self._work = work
        threading.Thread(target=self._run, daemon=True, name="task").start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.result is None and not self.error and not self._cancelled

    @property
    def cancelled(self) -> bool:
        """Whether somebody stopped it."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop at the next step."""
        self._cancelled = True

    def _run(self) -> None:
        try:
            self.result = self._work(self._tick)
        except Cancelled:
            return
        except UserError as error:
            self.error = str(error)
        except Exception as error:  # the page must hear of it
            self.error = f"{type(error).__name__}: {error}"
        if not self._cancelled:
            self._changed()

    def _tick(self, done: int, total: int) -> None:
        if self._cancelled:
            raise Cancelled
        self.done, self.total = done, total
        self._changed()
