"""Search for policies."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, going_on
from sim.messages import Message
from sim.text import labelled


@click.command()
@click.argument("search", metavar="STUDY")
@options.sweeping
@options.lang()
@options.quiet("the page")
def command(search, out, workers, dask, time_limit, other_sources, lang, quiet) -> None:
    """Search for the policies that do best: a study file with `search` in the place of `design`.

    Interrupted or killed, the same command goes on from where it was, the same way.
    """
    from sim.console import Progress, tell_compiling
    from sim.experiments.optimization.optimize import optimize
    from sim.experiments.optimization.search import load_search
    from sim.report.optimize import page

    loaded = load_search(search)
    folder = Path(out) / loaded.name
    tell_compiling(quiet or dask is not None)
    with going_on(loaded.name, folder), Progress(loaded.name, quiet, Message("hundredths of a generation")) as progress:
        result = optimize(loaded, out, workers, dask, time_limit, progress, other_sources)
    written = Page(loaded.name, folder, lambda: page.write_search(result, folder, lang), quiet)
    if quiet:
        click.echo(str(written.path or folder))
        sys.exit(FAILED if written.failed else 0)
    for sentence in [*page.sentences(result, lang), *page.cautions(result, lang)]:
        click.echo(sentence)
    click.echo(labelled(Message("report"), written.path, 7) if written.path else labelled(Message("tables"), folder, 7))
    sys.exit(FAILED if written.failed else 0)
