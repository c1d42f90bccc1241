"""What `sanzhi run` shows: progress while it works, a summary in the end."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.messages import Joined, Message, Words, language
from sim.text import labelled

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Run

LABEL = 13
"""Columns of the labels of a summary."""
WEEKS = Message("weeks")
STATE = {
    "met": Message("met"),
    "missed": Message("missed"),
    "on track": Message("on track"),
    "off track": Message("off track"),
    "not yet due": Message("not yet due"),
    "no value": Message("no value"),
}
"""What is told of a target, by its state (`sim.targets.STATES`)."""


def tell_compiling(quiet: bool = False) -> None:
    """Say that the first run will take a while, where it will, and where its code is kept when that is not the usual place."""
    from sim import kernel

    if quiet or kernel.numba.config.DISABLE_JIT or kernel.compiled():  # type: ignore[attr-defined]
        return
    place = kernel.CACHE
    about: dict[str, Any] = {"folder": place.path, "refused": place.refused or "~/.cache"}
    if place.path is None:
        told = Message(
            "compiling the model, about a minute, and at every start: neither {refused} nor /tmp can be used to keep it", **about
        )
    elif not place.usual:
        told = Message(
            "compiling the model, once for this version: about a minute; kept in {folder}, since {refused} cannot be used", **about
        )
    else:
        told = Message("compiling the model, once for this version: about a minute")
    click.echo(str(told), err=True)


@contextlib.contextmanager
def stage(name: str, what: Words, quiet: bool) -> Iterator[None]:
    """Say what is being done for as long as it takes: with a clock on a terminal, in a line elsewhere, not at all when `quiet`."""
    told = Message("{name}: {what}", name=name, what=what)
    if quiet or not sys.stderr.isatty():
        if not quiet:
            click.echo(str(told), err=True)
        yield
        return
    from rich import progress
    from rich.console import Console

    parts = (progress.SpinnerColumn(), progress.TextColumn("{task.description}", markup=False), progress.TimeElapsedColumn())
    with progress.Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(str(told), total=None)
        yield


def spent(seconds: float, page: float) -> Message:
    """Seconds in all, and those of the report where they are worth a word."""
    if page < 0.05:
        return Message("{seconds:.1f} s", seconds=seconds)
    return Message("{seconds:.1f} s, {page:.1f} s of them for the report", seconds=seconds, page=page)


def of_count(count: int) -> Message:
    """So many replicates."""
    return Message("{count} replicates", count=count) if count > 1 else Message("1 replicate")


def metric_label(name: str) -> str:
    """A metric as terminals name it: by its key in English, by its title in Chinese."""
    from sim.report.text.labels import metric_title

    return name if language() == "en" else metric_title(name, language())


def print_summary(result: "Run", page: Path | None, quiet: bool, seconds: float, page_seconds: float = 0.0) -> None:
    """Say how the run ended: the two indices with intervals, content hash, where results and report are, and seconds from first to last."""
    if quiet:
        click.echo(str(result.folder))
        return
    about = result.manifest
    weeks, count = result.scenario.horizon, len(result.seeds)
    told = Message(
        "{name}: {replicates} of {weeks} weeks, {residents:,} residents, {spent}",
        name=result.scenario.name,
        replicates=of_count(count),
        weeks=weeks,
        residents=about["residents"],
        spent=spent(seconds, page_seconds),
    )
    click.echo(str(told))
    last = result.column("weekly", "week") == weeks - 1
    for name in ("stability", "satisfaction"):
        print_line(metric_label(name), _interval(result.column("weekly", name)[last]))
    _print_targets(result)
    print_line(Message("content hash"), result.content_hash)
    print_line(Message("results"), result.folder)
    if page is not None:
        print_line(Message("report"), page)


def print_line(label: Words, value: object) -> None:
    """A line of a summary."""
    click.echo(f"  {labelled(label, value, LABEL)}")


def _print_targets(result: "Run") -> None:
    """A line for every target: what was asked for, whether it was met, and by which share of the replicates."""
    if not result.scenario.targets:
        return
    from sim.targets import judge

    for target, row in zip(
        result.scenario.targets, judge(result.scenario.targets, result.weekly, result.districts).to_dict("records"), strict=True
    ):
        print_line(Message("target"), _judged(target, row))


def _judged(target, row) -> Message:
    """A target with the week in which it is judged, the mean there, its state, and the share of replicates that meet it."""
    from sim.report.run.targets import beside, split

    due = row["at_date"] == row["at_date"]
    bound = target.at_least if target.at_least is not None else target.at_most
    value = beside(bound, row["at_date"] if due else row["now"], row["metric"])[1]
    state = STATE[row["state"]]
    told = Message(
        "{target} by week {by} ({responsible}): {state}, {value} in week {week}",
        target=row["target"],
        by=row["by_week"],
        responsible=row["responsible"],
        state=Message("{state} by the mean", state=state) if split(row) else state,
        value=value,
        week=row["by_week"] if due else row["week"],
    )
    if row["share_met"] != row["share_met"]:
        return told
    return Message("{told}; {share:.0%} of replicates meet it", told=told, share=row["share_met"])


def _interval(values) -> Message:
    """Mean over replicates in the last week, with the 95 % interval of that mean."""
    from sim.analysis.intervals import FEWEST, mean_interval
    from sim.report.parts.numbers import together

    mean, low, high = together([float(value) for value in mean_interval(values)[:3]], "stability", sign=True)
    about = {"mean": mean.lstrip("+")}
    if low != high:
        about |= {"low": low.lstrip("+"), "high": high.lstrip("+")}
        return Message("{mean} in the last week (95 % interval of the mean {low} to {high})", **about)
    if len(values) == 1:
        return Message("{mean} in the last week (one replicate: no interval)", **about)
    if len(values) < FEWEST:
        few = {"count": len(values), "fewest": FEWEST}
        return Message("{mean} in the last week ({count} replicates, fewer than {fewest}: no interval)", **about, **few)
    return Message("{mean} in the last week (all alike: no interval)", **about)


def print_failures(name: str, failures: list[dict[str, Any]], replicates: int) -> None:
    """Say which replicates failed, with seed and reason."""
    told = Message("{name}: {failed} of {count} replicates failed:", name=name, failed=len(failures), count=replicates)
    click.echo(str(told), err=True)
    for failure in failures:
        click.echo(str(Message("  seed {seed}: {error}", seed=failure["seed"], error=failure["error"])), err=True)


def span(low: str, high: str) -> Message:
    """From one number to another."""
    return Message("{low} to {high}", low=low, high=high)


def print_origins(rates: "pd.DataFrame") -> None:
    """Say which rates were used: of how many the range was given, of how many it is the preset's or the reference's."""
    from sim.scenario.cities.known_rates import counted

    words = {"given": Message("given"), "preset": Message("of the preset"), "reference": Message("of the reference (docs/model/rates.md)")}
    parts = (Message("{count} {origin}", count=count, origin=words[origin]) for origin, count in counted(rates).items())
    click.echo(str(Message("rates used: {parts}", parts=Joined(parts))))


class Progress:
    """A bar with the time left on a terminal, a line for every tenth elsewhere, nothing when `quiet`.

    While it is entered, Ctrl-C (and SIGTERM) stops the work at its next step, so that it never strikes in the middle of one (a
    compiler swallows it there); a second one strikes at once.
    """

    def __init__(self, name: Words, quiet: bool, unit: Words = WEEKS):
        self.name, self.quiet, self.unit = name, quiet, unit
        self.bar: Any = None
        self.task: Any = None
        self.told = 0
        self.start = time.monotonic()
        self.asked_to_stop = False
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> "Progress":
        if threading.current_thread() is threading.main_thread():
            for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
                if signal.getsignal(number) is usual:
                    self.handlers[number] = signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.asked_to_stop:
            raise KeyboardInterrupt
        if done == 0:
            self.start = time.monotonic()  # what came before was compiling
        if self.quiet:
            return
        if sys.stderr.isatty():
            self._draw(done, total)
        elif 10 * done // total > self.told:
            self.told = 10 * done // total
            left = (time.monotonic() - self.start) * (total - done) / done
            about = {"name": self.name, "told": 10 * self.told, "done": done, "total": total, "unit": self.unit}
            told = Message("{name}: {told} %, {done} of {total} {unit}", **about)
            if done < total:
                told = Message("{told}, {left:.0f} s left", told=told, left=left)
            click.echo(str(told), err=True)

    def _ask_to_stop(self, *_: object) -> None:
        if self.asked_to_stop:
            raise KeyboardInterrupt
        self.asked_to_stop = True
        click.echo(str(Message("{name}: stopping; Ctrl-C again to stop at once", name=self.name)), err=True)

    def _draw(self, done: int, total: int) -> None:
        if self.bar is None:
            from rich import progress
            from rich.console import Console

            parts = (progress.TextColumn("{task.description}"), progress.BarColumn(), progress.TaskProgressColumn())
            times = (progress.TimeElapsedColumn(), progress.TextColumn(str(Message("left"))), progress.TimeRemainingColumn())
            self.bar = progress.Progress(*parts, *times, console=Console(stderr=True), transient=True)
            self.task = self.bar.add_task(str(self.name), total=total)
            self.bar.start()
        self.bar.update(self.task, completed=done)
