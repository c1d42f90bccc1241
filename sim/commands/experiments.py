"""What the commands that run experiments share: options, running with a progress bar, writing, saying where."""

import functools
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sim.commands import options
from sim.commands.shared import FAILED, STOPPED, Page, holds_more, load_all
from sim.messages import Message, Words
from sim.text import labelled

if TYPE_CHECKING:
    from sim.experiments.experiment_result import ExperimentResult
    from sim.scenario import Scenario

WIDE, PIPED = 100, 120
"""Characters of a terminal that shows every column, and of a table that goes into a file."""


@dataclass(frozen=True)
class Asked:
    """What the options of `experimenting` ask for."""

    replicates: int
    seed: int | None
    settings: tuple[str, ...]
    window: int | None
    workers: int | None
    out: str
    lang: str
    csv: bool
    no_report: bool
    quiet: bool

    def load(self, *sources: str) -> "list[Scenario]":
        """Scenarios with the changes of the command line."""
        return load_all(sources, self.settings, None, None)

    def experiment(
        self,
        kind: str,
        loaded: "list[Scenario]",
        own: dict[str, Any],
        call: Callable[..., Any],
        show: Callable[[Any], None],
        page: Callable[[Any, Path, str, str], Path],
    ) -> NoReturn:
        """Do an experiment from the check of its folder to the exit code.

        Parameters
        ----------
        own : dict
            The command's own options as they were typed, by name; None for what need not be repeated.
        call : callable
            Given the first seed and `progress`, gives the result.
        show : callable
            Prints the result.
        page : callable
            Writes the page of a result into a folder, in a language, with the options that reproduce it.
        """
        from sim.experiments.experiment_result import experiment_folder

        given = {**own, "window": self.window}
        first = loaded[0].seed if self.seed is None else self.seed
        folder = experiment_folder(kind, loaded, first, self.replicates, tuple(given.values()), self.out)
        start = time.perf_counter()
        result = _run(kind, lambda progress: call(first, progress), folder, self.quiet, self.csv)
        if not self.quiet:
            show(result)
        repeat = options_of(self.settings, **given)
        written = Page(kind, folder, None if self.no_report else lambda: page(result, folder, self.lang, repeat), self.quiet)
        finish(result, folder, written, self.quiet, time.perf_counter() - start)


def experimenting(replicates: int) -> Callable[[Any], Any]:
    """Options of every command that runs an experiment, which the command gets as `asked`; `replicates` is the default."""
    shared = options.options(
        click.option("--replicates", type=click.IntRange(2, 10_000), default=replicates, show_default=True, help="Seeds, shared by all."),
        options.seed("First seed; that of the first scenario by default."),
        options.settings("Change a key of every scenario, as in --set city.scale=0.001"),
        click.option("--window", type=click.IntRange(1), metavar="WEEKS", help="Weeks at the end that are averaged; 52 by default."),
        options.workers(),
        options.allow_rules,
        options.out("<command>/<key>"),
        options.lang("Language of the page."),
        options.csv,
        options.no_report,
        options.quiet(),
    )
    names = [field.name for field in fields(Asked)]

    def add(command: Any) -> Any:
        @functools.wraps(command)
        def called(**given: Any) -> None:
            asked = Asked(**{name: given.pop(name) for name in names})
            command(asked=asked, **given)

        return shared(called)

    return add


def _run(name: str, run: Callable[..., Any], folder: Path, quiet: bool, csv: bool) -> Any:
    """Run an experiment under a progress bar and write its tables; what cannot be written is told before it runs."""
    from sim.console import Progress, tell_compiling
    from sim.results import check_writable

    check_writable(folder)
    tell_compiling(quiet)
    with Progress(name, quiet) as progress:
        result = run(progress)
    if holds_more(folder, len(result.batch.seeds)):
        click.echo(str(Message("{folder} holds more seeds of the same experiment and is kept", folder=folder)), err=True)
        sys.exit(STOPPED if result.batch.interrupted else FAILED)
    result.write(folder, csv=csv)
    return result


def finish(result: "ExperimentResult", folder: Path, page: Page, quiet: bool, seconds: float) -> NoReturn:
    """Say where everything is and what failed, and leave with the exit code that says how it went."""
    from sim.console import spent

    batch = result.batch
    if quiet:
        click.echo(str(folder))
    else:
        about = {"scenarios": len(batch.labels), "seeds": len(batch.seeds), "residents": batch.residents}
        told = Message(
            "{scenarios} scenarios x {seeds} seeds, {residents:,} residents, {spent}", **about, spent=spent(seconds, page.seconds)
        )
        click.echo(str(told))
        click.echo(f"  {labelled(Message('results'), folder, 8)}")
        if page.path is not None:
            click.echo(f"  {labelled(Message('report'), page.path, 8)}")
    if batch.failures:
        _print_failures(batch.failures)
    if batch.interrupted:
        click.echo(str(Message("interrupted; {done} of {wanted} seeds are kept", done=len(batch.seeds), wanted=batch.wanted)), err=True)
        sys.exit(STOPPED)
    sys.exit(FAILED if batch.failures or page.failed else 0)


def _print_failures(failures: list[dict[str, Any]]) -> None:
    """Say which runs failed, with scenario, seed and reason."""
    click.echo(str(Message("{count} runs failed; their seeds are left out for all scenarios:", count=len(failures))), err=True)
    for failure in failures[:20]:
        about = {name: failure[name] for name in ("scenario", "seed", "error")}
        click.echo(str(Message("  {scenario}, seed {seed}: {error}", **about)), err=True)


def options_of(settings: Iterable[str], **given: Any) -> str:
    """Options as they were typed, for the page's section on how to reproduce it; those that were not given are None or False."""
    import shlex

    parts = [f"--set {shlex.quote(setting)}" for setting in settings]
    for name, value in given.items():
        flag = f"--{name.replace('_', '-')}"
        for one in value if isinstance(value, (tuple, list)) else [value]:
            if one is not None and one is not False:
                parts.append(flag if one is True else f"{flag} {shlex.quote(str(one))}")
    return "".join(f" {part}" for part in parts)


def print_table(title: Words, head: Sequence[Words], rows: Sequence[Sequence[Words]]) -> None:
    """A table on the terminal; cells of all columns but the first to the right. A narrow terminal goes without the second column."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPED)
    kept = [place for place in range(len(head)) if place != 1 or console.width >= WIDE or len(head) < 6]
    table = Table(title=Text(str(title), style="bold"), title_justify="left", box=None, padding=(0, 1, 0, 0), header_style="dim")
    for place in kept:
        table.add_column(str(head[place]), justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(str(row[place])) for place in kept))
    console.print(table)
    console.print()
