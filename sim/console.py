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

from sim.messages import Joined, Message, Words

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.calibrate import Calibration
    from sim.results import Run


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


def spent(seconds: float, page: float) -> str:
    """Seconds in all, and those of the report where they are worth a word."""
    return f"{seconds:.1f} s" + (f", {page:.1f} s of them for the report" if page >= 0.05 else "")


def print_summary(result: "Run", page: Path | None, quiet: bool, seconds: float, page_seconds: float = 0.0) -> None:
    """Say how the run ended: the two indices with intervals, content hash, where results and report are, and seconds from first to last."""
    if quiet:
        click.echo(str(result.folder))
        return
    about = result.manifest
    weeks, count = result.scenario.horizon, len(result.seeds)
    many = f"{count} replicates" if count > 1 else "1 replicate"
    click.echo(f"{result.scenario.name}: {many} of {weeks} weeks, {about['residents']:,} residents, {spent(seconds, page_seconds)}")
    last = result.column("weekly", "week") == weeks - 1
    for name in ("stability", "satisfaction"):
        click.echo(f"  {name:<13} {_interval(result.column('weekly', name)[last])}")
    _print_targets(result)
    click.echo(f"  content hash  {result.content_hash}")
    click.echo(f"  results       {result.folder}")
    if page is not None:
        click.echo(f"  report        {page}")


def _print_targets(result: "Run") -> None:
    """A line for every target: what was asked for, whether it was met, and by which share of the replicates."""
    if not result.scenario.targets:
        return
    from sim.targets import judge

    for target, row in zip(
        result.scenario.targets, judge(result.scenario.targets, result.weekly, result.districts).to_dict("records"), strict=True
    ):
        click.echo(f"  target        {_judged(target, row)}")


def _judged(target, row) -> str:
    """A target with the week in which it is judged, the mean there, its state, and the share of replicates that meet it."""
    from sim.report.targets import beside, split

    due = row["at_date"] == row["at_date"]
    bound = target.at_least if target.at_least is not None else target.at_most
    value = beside(bound, row["at_date"] if due else row["now"], row["metric"])[1]
    said = f"{row['state']} by the mean" if split(row) else row["state"]
    share = "" if row["share_met"] != row["share_met"] else f"; {row['share_met']:.0%} of replicates meet it"
    when = f"week {row['by_week'] if due else row['week']}"
    return f"{row['target']} by week {row['by_week']} ({row['responsible']}): {said}, {value} in {when}{share}"


def _interval(values) -> str:
    """Mean over replicates in the last week, with the 95 % interval of that mean."""
    from sim.analysis.intervals import FEWEST, mean_interval
    from sim.report.labels import together

    mean, low, high = together([float(value) for value in mean_interval(values)[:3]], "stability", sign=True)
    if low == high:
        few = (
            "one replicate"
            if len(values) == 1
            else f"{len(values)} replicates, fewer than {FEWEST}"
            if len(values) < FEWEST
            else "all alike"
        )
        return f"{mean.lstrip('+')} in the last week ({few}: no interval)"
    return f"{mean.lstrip('+')} in the last week (95 % interval of the mean {low.lstrip('+')} to {high.lstrip('+')})"


def print_failures(name: str, failures: list[dict[str, Any]], replicates: int) -> None:
    """Say which replicates failed, with seed and reason."""
    click.echo(f"{name}: {len(failures)} of {replicates} replicates failed:", err=True)
    for failure in failures:
        click.echo(f"  seed {failure['seed']}: {failure['error']}", err=True)


def print_calibration(found: "Calibration", effects: "pd.DataFrame | None", folder: Path, quiet: bool) -> None:
    """Say which coefficients were fitted, and which rates lie inside their range and which do not."""
    if quiet:
        click.echo(str(folder))
        return
    from rich.console import Console
    from rich.table import Table

    from sim.report.labels import number, together

    coefficients = Table("coefficient", "before", "after", "mostly moves", title="Fitted", title_justify="left")
    for row in found.coefficients.to_dict("records"):
        coefficients.add_row(row["coefficient"], f"{row['before']:.4g}", f"{row['after']:.4g}", row["moves"])
    rates = Table("rate", "range", "before", "after", "misfit", title="To these rates (misfit 1 = edge of the range)", title_justify="left")
    for row in found.rates.to_dict("records"):
        edges = f"{row['low']:g} to {row['high']:g}"
        rates.add_row(
            row["rate"],
            edges,
            number(row["before"], row["rate"]),
            number(row["after"], row["rate"]),
            f"{row['misfit']:+.2f}" + ("" if row["inside"] else " outside"),
        )
    console = Console()
    console.print(coefficients)
    console.print(rates)
    if effects is not None:
        checked = Table("effect", "change", "95 % interval", "studies", "", title="Checked, never fitted", title_justify="left")
        for row in effects.to_dict("records"):
            studied = f"{row['known_low']:g} to {row['known_high']:g}"
            verdict = "agrees" if row["agrees"] else "misses"
            change, low, high = together([row[name] for name in ("change", "low", "high")], sign=True)
            checked.add_row(row["effect"], change, f"{low} to {high}" if low != high else low, studied, verdict)
        console.print(checked)
    print_origins(found.rates)
    click.echo(f"{len(found.rates) - len(found.missed)} of {len(found.rates)} rates inside; outside: {', '.join(found.missed) or 'none'}")
    click.echo(f"results  {folder}")


def print_origins(rates: "pd.DataFrame") -> None:
    """Say which rates were used: of how many the range was given, of how many it is the preset's or the reference's."""
    from sim.metrics.rates import counted

    words = {"given": Message("given"), "preset": Message("of the preset"), "reference": Message("of the reference (docs/model/rates.md)")}
    parts = (Message("{count} {origin}", count=count, origin=words[origin]) for origin, count in counted(rates).items())
    click.echo(Message("rates used: {parts}", parts=Joined(parts)))


class Progress:
    """A bar with the time left on a terminal, a line for every tenth elsewhere, nothing when `quiet`.

    While it is entered, Ctrl-C (and SIGTERM) stops the work at its next step, so that it never strikes in the middle of one (a
    compiler swallows it there); a second one strikes at once.
    """

    def __init__(self, name: str, quiet: bool, unit: str = "weeks"):
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
            more = f", {left:.0f} s left" if done < total else ""
            click.echo(f"{self.name}: {10 * self.told} %, {done} of {total} {self.unit}{more}", err=True)

    def _ask_to_stop(self, *_: object) -> None:
        if self.asked_to_stop:
            raise KeyboardInterrupt
        self.asked_to_stop = True
        click.echo(f"{self.name}: stopping; Ctrl-C again to stop at once", err=True)

    def _draw(self, done: int, total: int) -> None:
        if self.bar is None:
            from rich import progress
            from rich.console import Console

            parts = (progress.TextColumn("{task.description}"), progress.BarColumn(), progress.TaskProgressColumn())
            times = (progress.TimeElapsedColumn(), progress.TextColumn("left"), progress.TimeRemainingColumn())
            self.bar = progress.Progress(*parts, *times, console=Console(stderr=True), transient=True)
            self.task = self.bar.add_task(self.name, total=total)
            self.bar.start()
        self.bar.update(self.task, completed=done)
