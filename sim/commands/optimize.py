"""Search for the best policies."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, resumable
from sim.console.progress import Progress, announce_compiling
from sim.lazy import lazily
from sim.messages import Message
from sim.text import labelled

with lazily():
    from sim.experiments.optimization import optimize
    from sim.experiments.optimization import search as searches
    from sim.report.optimize import page as optimize_page


@click.command()
@click.argument("search", metavar="STUDY")
@options.sweeping
@options.lang()
@options.quiet("the page")
def command(search, out, workers, dask, time_limit, other_sources, lang, quiet) -> None:
    """Search for the best policies: a study file with `search` instead of `design`.

    The same command resumes an interrupted search, with the same result.
    """
    loaded = searches.load_search(search)
    folder = Path(out) / loaded.name
    announce_compiling(quiet or dask is not None)
    with resumable(loaded.name, folder), Progress(loaded.name, quiet, Message("hundredths of a generation")) as progress:
        result = optimize.optimize(loaded, out, workers, dask, time_limit, progress, other_sources)
    written = Page(loaded.name, folder, lambda: optimize_page.write_search(result, folder, lang), quiet)
    if quiet:
        click.echo(str(written.path or folder))
        sys.exit(FAILED if written.failed else 0)
    for sentence in [*optimize_page.sentences(result, lang), *optimize_page.cautions(result, lang)]:
        click.echo(sentence)
    click.echo(labelled(Message("report"), written.path, 7) if written.path else labelled(Message("tables"), folder, 7))
    sys.exit(FAILED if written.failed else 0)
