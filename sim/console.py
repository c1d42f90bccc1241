"""What `sanzhi run` shows: progress while it works, a summary in the end."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.calibrate import Calibration
    from sim.results import Run


def compiled() -> bool:
    """Whether this version of the model has been compiled on this machine."""
    import sim.kernel  # noqa: F401  (names the folder)

    return any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"))


def tell_compiling(quiet: bool = False) -> None:
    """Say that the first run will take a while, where it will."""
    if not quiet and not compiled():
        click.echo("compiling the model, once for this version: about a minute", err=True)


def print_summary(result: "Run", page: Path | None, quiet: bool) -> None:
    """Say how the run ended: the two indices with intervals, content hash, where results and report are."""
    if quiet:
        click.echo(str(result.folder))
        return
    about = result.manifest
    weeks, count = result.scenario.horizon, len(result.seeds)
    many = f"{count} replicates" if count > 1 else "1 replicate"
    click.echo(f"{result.scenario.name}: {many} of {weeks} weeks, {about['residents']:,} residents, {about['timings']['seconds']:.1f} s")
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

    for row in judge(result.scenario.targets, result.weekly, result.districts).to_dict("records"):
        share = "" if row["share_met"] != row["share_met"] else f"; {row['share_met']:.0%} of replicates meet it"
        click.echo(f"  target        {row['target']}: {row['state']}{share}")


def _interval(values) -> str:
    """Mean over replicates in the last week, with Student's 95 % interval of that mean."""
    mean = values.mean()
    if len(values) < 2:
        return f"{mean:.3f} in the last week (one replicate: no interval)"
    from scipy.special import stdtrit  # Student's quantile, as scipy.stats.t.ppf has it, without all the rest of scipy.stats

    half = stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / len(values) ** 0.5
    low, high = max(0.0, mean - half), min(1.0, mean + half)
    return f"{mean:.3f} in the last week (95 % interval of the mean {low:.3f} to {high:.3f})"


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

    coefficients = Table("coefficient", "before", "after", "mostly moves", title="Fitted", title_justify="left")
    for row in found.coefficients.to_dict("records"):
        coefficients.add_row(row["coefficient"], f"{row['before']:.4g}", f"{row['after']:.4g}", row["moves"])
    rates = Table("rate", "range", "before", "after", "misfit", title="To these rates (misfit 1 = edge of the range)", title_justify="left")
    for row in found.rates.to_dict("records"):
        edges = f"{row['low']:g} to {row['high']:g}"
        rates.add_row(
            row["rate"],
            edges,
            f"{row['before']:.4g}",
            f"{row['after']:.4g}",
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
            checked.add_row(row["effect"], f"{row['change']:+.3g}", f"{row['low']:+.3g} to {row['high']:+.3g}", studied, verdict)
        console.print(checked)
    click.echo(f"{len(found.rates) - len(found.missed)} of {len(found.rates)} rates inside; outside: {', '.join(found.missed) or 'none'}")
    click.echo(f"results  {folder}")


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
            click.echo(f"{self.name}: {10 * self.told} %, {done} of {total} {self.unit}, {left:.0f} s left", err=True)

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
