"""What the commands that run experiments share: options, running with a progress bar, writing, saying where."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.shared import FAILED, STOPPED, allowing

if TYPE_CHECKING:
    from sim.experiments.written import Result

WIDE, PIPED = 100, 120
"""Characters of a terminal that shows every column, and of a table that goes into a file."""


def experimenting(replicates: int) -> Callable[[Any], Any]:
    """Options of every command that runs an experiment; `replicates` is the default."""
    set_help = "Change a key of every scenario, as in --set city.scale=0.001 (repeatable)."
    options: list[Callable[[Any], Any]] = [
        click.option("--replicates", type=click.IntRange(2, 10_000), default=replicates, show_default=True, help="Seeds, shared by all."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 10_001), help="First seed; that of the first scenario by default."),
        click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help=set_help),
        click.option("--window", type=click.IntRange(1), metavar="WEEKS", help="Weeks at the end that are averaged; 52 by default."),
        click.option("--workers", type=click.IntRange(1, 1024), help="Processes; as many as processors by default."),
        allowing,
        click.option("--out", default="results", show_default=True, metavar="DIR", help="Where results go: DIR/<command>/<key>."),
        click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the page."),
        click.option("--csv", is_flag=True, help="Write the tables as CSV, too."),
        click.option("--no-report", is_flag=True, help="Write the tables only."),
        click.option("--quiet", "-q", is_flag=True, help="Print the folder of results and nothing else."),
    ]

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def run_experiment(name: str, run: Callable[..., Any], folder: Path, quiet: bool, csv: bool) -> Any:
    """Run an experiment under a progress bar and write its tables; what cannot be written is told before it runs."""
    from sim.console import Progress, compiled
    from sim.results import check_writable

    check_writable(folder)
    if not quiet and not compiled():
        click.echo("compiling the model, once for this version: about a minute", err=True)
    with Progress(name, quiet) as progress:
        result = run(progress)
    if _holds_more(folder, len(result.batch.seeds)):
        click.echo(f"{folder} holds more seeds of the same experiment and is kept", err=True)
        sys.exit(STOPPED if result.batch.interrupted else FAILED)
    result.write(folder, csv=csv)
    return result


def _holds_more(folder: Path, seeds: int) -> bool:
    """Whether a folder holds the same experiment with more seeds than one that was interrupted or failed in part."""
    from sim.errors import UserError
    from sim.results import read_manifest

    try:
        return len(read_manifest(folder)["seeds"]) > seeds
    except UserError:
        return False


def finish(result: "Result", folder: Path, page: Path | None, quiet: bool) -> None:
    """Say where everything is and what failed, and leave with the exit code that says how it went."""
    batch = result.batch
    if quiet:
        click.echo(str(folder))
    else:
        click.echo(f"{len(batch.labels)} scenarios x {len(batch.seeds)} seeds, {batch.residents:,} residents, {batch.seconds:.1f} s")
        click.echo(f"  results  {folder}")
        if page is not None:
            click.echo(f"  report   {page}")
    if batch.failures:
        click.echo(f"{len(batch.failures)} runs failed; their seeds are left out for all scenarios:", err=True)
        for failure in batch.failures[:20]:
            click.echo(f"  {failure['scenario']}, seed {failure['seed']}: {failure['error']}", err=True)
    if batch.interrupted:
        click.echo(f"interrupted; {len(batch.seeds)} of {batch.wanted} seeds are kept", err=True)
        sys.exit(STOPPED)
    sys.exit(FAILED if batch.failures else 0)


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


def print_table(title: str, head: list[str], rows: list[list[str]]) -> None:
    """A table on the terminal; cells of all columns but the first to the right. A narrow terminal goes without the second column."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPED)
    kept = [place for place in range(len(head)) if place != 1 or console.width >= WIDE or len(head) < 6]
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, padding=(0, 1, 0, 0), header_style="dim")
    for place in kept:
        table.add_column(head[place], justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(row[place]) for place in kept))
    console.print(table)
    console.print()
