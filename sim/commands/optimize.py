"""Search for the best policies."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.experiments import chosen_worlds
from sim.commands.shared import FAILED, Page, Workbook, resumable
from sim.console.progress import Progress, announce_compiling
from sim.console.tables import print_table, wrapped_lines
from sim.lazy import lazily
from sim.messages import Message
from sim.text import labelled

with lazily():
    from sim.experiments import arguments
    from sim.experiments.optimization import optimize, world_search
    from sim.experiments.optimization import search as searches
    from sim.report.optimize import page as optimize_page
    from sim.report.optimize import worlds as optimized_worlds
    from sim.report.workbook import book as books


@click.command()
@click.argument("search", metavar="STUDY")
@options.worlds("84 by default: 24 for the search, 60 others to judge what it found.")
@click.option(
    "--residents",
    type=options.WholeNumber(256, 25_000_000),
    help="Over worlds, scale the city down to this size; by default to 2,000 in the search and 5,000 for judging.",
)
@options.sweeping
@options.xlsx
@options.lang()
@options.quiet("the page")
def command(search, worlds, residents, out, workers, dask, time_limit, other_sources, xlsx, lang, quiet) -> None:
    """Search for the best policies: a study file with `search` instead of `design`.

    Policies are tried in some plausible worlds and judged in others: in how many of these they do better than the scenario's own policy. In
    the default world alone (--worlds 1, or a file with `futures`) intervals show luck and these futures alone. The same command resumes an
    interrupted search, with the same result.
    """
    optimize.check_first(worlds)
    loaded = searches.load_search(search)
    alone = worlds is None and (loaded.futures is not None or other_sources)
    chosen = chosen_worlds(worlds, alone, quiet, world_search.WORLDS)
    folder = Path(out) / loaded.name
    announce_compiling(quiet or dask is not None)
    with resumable(loaded.name, folder), Progress(loaded.name, quiet, Message("hundredths of a generation")) as progress:
        size = residents or arguments.DEFAULT
        result = optimize.optimize(loaded, out, workers, dask, time_limit, progress, other_sources, chosen or 1, size)
    written = Page(loaded.name, folder, lambda: optimize_page.write_search(result, folder, lang), quiet)
    book = Workbook(loaded.name, folder, (lambda: books.of_search(result, lang)) if xlsx else None, lang, quiet)
    if quiet:
        click.echo(str(written.path or folder))
        sys.exit(FAILED if written.failed or book.failed else 0)
    if isinstance(result, world_search.WorldSearchResult):
        _print_over_worlds(result, lang)
    else:
        for sentence in [*optimize_page.sentences(result, lang), *optimize_page.cautions(result, lang)]:
            click.echo(sentence)
    click.echo(labelled(Message("report"), written.path, 7) if written.path else labelled(Message("tables"), folder, 7))
    book.say(7)
    sys.exit(FAILED if written.failed or book.failed else 0)


def _print_over_worlds(result, lang) -> None:
    """Print what was found, a table of the policies that were judged, and how."""
    wrapped_lines(optimized_worlds.sentences(result, lang))
    click.echo()
    if not result.front.empty:
        table = optimized_worlds.front_table(result, lang)
        worlds = result.batch.finished
        print_table(Message("policies of the front in {worlds} fresh plausible worlds", worlds=worlds), table.head, table.rows)
    wrapped_lines(optimized_worlds.method(result, lang))
    click.echo()
