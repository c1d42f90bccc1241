"""Progress on the terminal: a bar or a clock while a command works."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import click

from sim.lazy import lazily
from sim.messages import Message, Words

with lazily():
    from rich import console as rich_console
    from rich import progress as rich_progress

    from sim import kernel

WEEKS = Message("weeks")


def announce_compiling(quiet: bool = False) -> None:
    """Print that the model must be compiled first, if so, and where the compiled code is kept if not in the usual folder."""
    if quiet or kernel.numba.config.DISABLE_JIT or kernel.compiled():  # type: ignore[attr-defined]
        return
    cache = kernel.CACHE
    about: dict[str, Any] = {"folder": cache.path, "refused": cache.refused or "~/.cache"}
    if cache.path is None:
        message = Message(
            "compiling the model, about a minute, at every start: neither {refused} nor /tmp can keep the compiled code", **about
        )
    elif not cache.usual:
        message = Message(
            "compiling the model, once for this version: about a minute; kept in {folder}, since {refused} cannot be used", **about
        )
    else:
        message = Message("compiling the model, once for this version: about a minute")
    click.echo(str(message), err=True)


@contextlib.contextmanager
def stage(name: str, what: Words, quiet: bool) -> Iterator[None]:
    """Show what is being done until the block ends: with a clock on a terminal, as a line elsewhere, not at all when `quiet`."""
    message = Message("{name}: {what}", name=name, what=what)
    if quiet or not sys.stderr.isatty():
        if not quiet:
            click.echo(str(message), err=True)
        yield
        return
    parts = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*parts, console=rich_console.Console(stderr=True), transient=True) as bar:
        bar.add_task(str(message), total=None)
        yield


class Progress:
    """A progress bar on a terminal, a line for every tenth of the work elsewhere, nothing when `quiet`.

    Inside its `with` block, Ctrl-C and SIGTERM stop the work at its next step rather than in the middle of one, where a compiler would
    swallow the interrupt. A second Ctrl-C stops at once.

    Parameters
    ----------
    name : str or Message
        What is being done.
    quiet : bool
    unit : str or Message
        What is counted.
    """

    def __init__(self, name: Words, quiet: bool, unit: Words = WEEKS):
        self.name, self.quiet, self.unit = name, quiet, unit
        self.bar: Any = None
        self.task: Any = None
        self.tenths = 0
        self.told: tuple[float, int] | None = None  # when a line was last due, and how much was done then
        self.stopping = False
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> "Progress":
        if threading.current_thread() is threading.main_thread():
            for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
                if signal.getsignal(number) is usual:
                    self.handlers[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        if self.quiet:
            return
        if sys.stderr.isatty():
            self._draw(done, total)
        elif total and 10 * done // total > self.tenths:  # nothing is left to do where all runs were kept
            self.tenths = 10 * done // total
            about = {"name": self.name, "percent": 10 * self.tenths, "done": done, "total": total, "unit": self.unit}
            message = Message("{name}: {percent} %, {done} of {total} {unit}", **about)
            click.echo(str(self._with_time_left(message, done, total)), err=True)
            self.told = time.monotonic(), done
        elif self.told is None:
            self.told = time.monotonic(), done  # the time before was spent on compiling

    def _with_time_left(self, message: Message, done: int, total: int) -> Message:
        """The line with the time left at the pace since the line before: what was kept from an earlier run took none."""
        if self.told is None or done >= total:
            return message
        when, before = self.told
        left = (time.monotonic() - when) * (total - done) / (done - before)
        if left < 600:
            return Message("{progress}, {left:.0f} s left", progress=message, left=left)
        return Message("{progress}, {left:.0f} min left", progress=message, left=left / 60)

    def _stop(self, *_: object) -> None:
        if self.stopping:
            raise KeyboardInterrupt
        self.stopping = True
        click.echo(str(Message("{name}: stopping; Ctrl-C again to stop at once", name=self.name)), err=True)

    def _draw(self, done: int, total: int) -> None:
        if self.bar is None:
            parts = (rich_progress.TextColumn("{task.description}"), rich_progress.BarColumn(), rich_progress.TaskProgressColumn())
            times = (rich_progress.TimeElapsedColumn(), rich_progress.TextColumn(str(Message("left"))), rich_progress.TimeRemainingColumn())
            self.bar = rich_progress.Progress(*parts, *times, console=rich_console.Console(stderr=True), transient=True)
            self.task = self.bar.add_task(str(self.name), total=total)
            self.bar.start()
        self.bar.update(self.task, completed=done)
