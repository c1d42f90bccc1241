"""Search for policies."""

import sys
from pathlib import Path

import click

from sim.commands.shared import STOPPED, allowing


@click.command()
@click.argument("search", metavar="STUDY")
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where results go: DIR/<name of the study>.")
@allowing
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; as many as processors by default.")
@click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler, as in tcp://127.0.0.1:8786.")
@click.option(
    "--time-limit", type=click.FloatRange(0, min_open=True), default=3600.0, show_default=True, help="Seconds that a run may take."
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language in which the report opens.")
@click.option("--quiet", "-q", is_flag=True, help="Print the page and nothing else.")
def command(search, out, workers, dask, time_limit, lang, quiet) -> None:
    """Search for the policies that do best: a study file with `search` in the place of `design`.

    Interrupted or killed, the same command goes on from where it was, the same way.
    """
    from sim.console import Progress, compiled
    from sim.experiments.optimise import optimize
    from sim.experiments.search import load_search
    from sim.report.study import search as page

    loaded = load_search(search)
    folder = Path(out) / loaded.name
    if not quiet and not compiled() and dask is None:
        click.echo("compiling the model, once for this version: about a minute", err=True)
    try:
        with Progress(loaded.name, quiet, "hundredths of a generation") as progress:
            result = optimize(loaded, out, workers, dask, time_limit, progress)
    except KeyboardInterrupt:
        click.echo(f"{loaded.name}: interrupted; what is done is kept in {folder}, and the same command goes on", err=True)
        sys.exit(STOPPED)
    written = page.write_search(result, folder, lang)
    if quiet:
        click.echo(str(written))
        return
    for sentence in [*page.sentences(result, lang), *page.cautions(result, lang)]:
        click.echo(sentence)
    click.echo(f"report  {written}")
