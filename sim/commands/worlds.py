"""Make, show and check sets of plausible worlds."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, load_all, resumable
from sim.console.progress import Progress, announce_compiling
from sim.console.tables import interval_text, print_table
from sim.console.worlds import print_fit
from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message, language
from sim.text import labelled

with lazily():
    from sim import spreadsheets
    from sim.describe import worlds as describe_worlds
    from sim.experiments.worlds import check as checking
    from sim.experiments.worlds import honesty as honest
    from sim.experiments.worlds import make as making
    from sim.experiments.worlds import own_rates
    from sim.experiments.worlds import settings as matching
    from sim.report.workbook import book as books
    from sim.report.workbook import write as workbooks
    from sim.worlds import world_set

MRW = Message("million resident-weeks")
dask = click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler, as in tcp://127.0.0.1:8786.")


@click.group()
def command() -> None:
    """Plausible worlds: sets of coefficients under which the city lives within what is known.

    Start with: sanzhi worlds show
    """


def _matching(function):
    """Options that determine a matching."""
    return options.options(
        click.option("--explored", type=options.WholeNumber(20, 100_000), default=600, show_default=True, help="Points over the prior."),
        click.option("--batch", type=options.WholeNumber(2, 10_000), default=200, show_default=True, help="Candidates judged together."),
        click.option("--residents", type=options.WholeNumber(2000, 2_000_000), default=60_000, show_default=True, help="Where judged."),
        click.option(
            "--small", type=options.WholeNumber(2000, 2_000_000), default=20_000, show_default=True, help="Where effects are steered."
        ),
        click.option("--luck", type=options.Number(0, min_open=True), default=1 / 3, help="Luck (two standard errors) over range; 1/3."),
        click.option("--discrepancy", type=options.Number(0, 10), default=0.25, show_default=True, help="Of effects, over half-width."),
        options.seed("Seed of designs and simulations; 1 by default."),
        options.workers(),
        dask,
        options.quiet("the file"),
    )(function)


@command.command("make")
@click.argument("folder", default="results/worlds")
@click.option("--scenario", default="baseline", show_default=True, help="Its city is that of which rates and effects are known.")
@click.option("--count", type=options.WholeNumber(1, 100_000), default=400, show_default=True, help="Worlds wanted, at least.")
@click.option("--enlarge", metavar="FILE", help="Go on from a set that was made with the same settings.")
@_matching
def make(folder, scenario, count, enlarge, seed, workers, dask, quiet, **numbers) -> None:
    """Make a set of worlds, judged by simulation; hours. After an interrupt or a kill the same command resumes.

    Writes FOLDER/worlds.parquet; finished simulations are kept in FOLDER/trials.sqlite.
    """
    settings = matching.Settings(count=count, seed=1 if seed is None else seed, **numbers)
    begun = world_set.read_worlds(enlarge) if enlarge else None
    announce_compiling(quiet or dask is not None)
    with resumable("worlds", Path(folder)), Progress("worlds", quiet, MRW) as progress:
        found = making.make_worlds(folder, scenario, settings, workers, dask, progress, enlarged=begun, explored=world_set.shipped_set())
    if quiet:
        click.echo(str(found.path))
        return
    about = {"count": len(found), "judged": found.about["judged"], "share": found.about["accepted"] / found.about["judged"]}
    click.echo(str(Message("{count} worlds; of {judged} candidates {share:.0%} fit", **about)))
    click.echo(labelled(Message("results"), found.path, 8))


@command.command("show")
@click.argument("file", required=False)
@click.option("--csv", "csv_folder", metavar="DIR", help="Also write the tables as CSV.")
@click.option("--xlsx", "workbook", metavar="FILE", help="Also write the tables as one Excel workbook, which explains every column.")
def show(file, csv_folder, workbook) -> None:
    """Show what is in a set: acceptance, which targets bind, and how far coefficients moved from their prior."""
    found = world_set.read_worlds(file, any_model=True)
    click.echo(str(describe_worlds.summary(found)))
    tables = describe_worlds.tables(found)
    for title, head, rows in describe_worlds.shown(tables):
        print_table(title, head, rows)
    if csv_folder:
        Path(csv_folder).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            spreadsheets.write_table(table, Path(csv_folder) / f"{name}.csv")
    if workbook:
        book = books.of_worlds(str(describe_worlds.summary(found)), found.about["model"], tables)
        written = workbooks.write_workbook(book, workbook, language(), lambda line: click.echo(line, err=True))
        click.echo(labelled(Message("workbook"), written, 8))


@command.command("fit")
@click.argument("scenario")
@click.argument("file", required=False)
@click.option("--out", metavar="FILE", help="Write the worlds that fit as a set of their own, for --worlds.")
@options.settings("Change a key of the scenario")
@options.workers()
@options.quiet("the number of worlds that fit")
def fit(scenario, file, out, settings, workers, quiet) -> None:
    """Show which worlds of a set fit the known rates of SCENARIO's own city (city.rates), each by simulating that city."""
    (loaded,), found = load_all([scenario], settings, None, None), world_set.read_worlds(file)
    if loaded.city.rates is None:
        raise UserError("{name} names no rates of its city; expected a table under city.rates, see docs/how_to/own_rates.md", name=scenario)
    announce_compiling(quiet)
    with Progress(Message("worlds"), quiet) as progress:
        result = own_rates.fit_to_rates(loaded, found, workers, progress)
    if result is None:
        known = Message("the set was fitted to these rates already: {count} worlds", count=len(found))
        click.echo(str(len(found) if quiet else known))
        return
    if out:
        world_set.write_worlds(result.kept.table, result.kept.about, out)
    if quiet:
        click.echo(str(len(result.kept)))
        return
    print_fit(result)
    if out:
        click.echo(labelled(Message("results"), out, 8))


@command.command("priors")
def priors() -> None:
    """List the prior of every uncertain coefficient, and which coefficients have none, and why."""
    click.echo(describe_worlds.priors_text())


@command.command("check")
@click.argument("file", required=False)
@click.option("--count", type=options.WholeNumber(1, 100_000), default=3, show_default=True, help="Worlds to simulate again.")
@click.option(
    "--honesty", metavar="FOLDER", help="Also match sets without a third of the effects each, in FOLDER, and see if they cover them."
)
@click.option("--worlds", type=options.WholeNumber(2, 100_000), default=60, show_default=True, help="Worlds of each of those sets.")
@_matching
def check(file, count, honesty, worlds, seed, workers, dask, quiet, **numbers) -> None:
    """Simulate some worlds of a set again: they must still fit, to the last bit. Exit code 1 if not."""
    with Progress(Message("worlds"), quiet) as progress:
        result = checking.check_worlds(file, count, 0 if seed is None else seed, workers, progress)
    if not quiet:
        _print_check(result)
    holds = result.holds
    if honesty:
        settings = matching.Settings(count=worlds, seed=1 if seed is None else seed, **numbers)
        with resumable("worlds", Path(honesty)), Progress("worlds", quiet, MRW) as progress:
            explored = world_set.read_worlds(file)
            told = honest.honesty(honesty, settings, workers=workers, dask=dask, progress=progress, explored=explored)
        _print_honesty(told)
        holds = holds and told.holds
    sys.exit(0 if holds else FAILED)


def _print_check(result) -> None:
    table = result.table
    wrong = table[~(table["fits"] & table["same"])]
    for row in wrong.to_dict("records"):
        known = interval_text(f"{row['low']:g}", f"{row['high']:g}")
        about = {"world": row["world"], "target": row["target"], "kept": f"{row['kept']:.4g}", "now": f"{row['now']:.4g}", "known": known}
        click.echo(str(Message("world {world}: {target} was {kept}, is {now}; known {known}", **about)))
    if not result.evidence:
        click.echo(str(Message("the set was matched to other evidence than that of this version: make a new set")))
    about = {"worlds": table["world"].nunique(), "targets": table["target"].nunique(), "wrong": len(wrong)}
    click.echo(str(Message("{worlds} worlds simulated again, {targets} targets each: {wrong} differ", **about)))


def _print_honesty(told) -> None:
    rows = []
    for row in told.table.to_dict("records"):
        known = interval_text(f"{row['known_low']:g}", f"{row['known_high']:g}")
        said = interval_text(f"{row['low']:.3g}", f"{row['high']:.3g}")
        rows.append([str(row["fold"]), row["effect"], str(known), str(said), str(Message("yes") if row["covered"] else Message("no"))])
    head = [Message("fold"), Message("effect"), Message("studies"), Message("90 % of worlds not told"), Message("covered")]
    print_table(Message("effects left out"), head, rows)
    about = {"share": told.coverage, "wanted": honest.ENOUGH}
    click.echo(str(Message("{share:.0%} of the effects left out are covered; wanted {wanted:.0%}", **about)))
