"""Fit free coefficients to the rates of a real city."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.experiments import chosen_worlds
from sim.commands.shared import FAILED, Page, Workbook, load_all
from sim.console.progress import Progress
from sim.console.tables import interval_text, metric_label, print_origins, print_table
from sim.console.worlds import print_fit
from sim.lazy import lazily
from sim.messages import Joined, Message, Words
from sim.text import labelled

with lazily():
    from rich import console as rich_console
    from rich import table as rich_table

    from sim import results
    from sim.experiments.calibration import calibrate, known_effects
    from sim.experiments.worlds import own_rates, refit
    from sim.report.calibration import page as calibration_page
    from sim.report.parts import numbers
    from sim.report.workbook import book as books

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.experiments.calibration.calibrate import Calibration
    from sim.experiments.comparisons.world_batch import Chosen
    from sim.experiments.worlds.own_rates import Fit
    from sim.scenario import Scenario

WORLDS = 120
"""Worlds that are fitted by default: of those that are left, a comparison takes 60."""


@click.command()
@click.argument("scenario")
@options.changing
@click.option(
    "--residents",
    type=options.WholeNumber(2000, 1_000_000),
    default=60_000,
    show_default=True,
    help="Number of residents of the fitted city.",
)
@options.measured_weeks
@click.option("--steps", type=options.WholeNumber(1, 100), default=5, show_default=True, help="Maximum number of steps.")
@click.option("--only", multiple=True, metavar="MECHANISM.KEY", help="Fit these coefficients only (repeatable).")
@click.option("--no-effects", is_flag=True, help="Skip the check against known effects of levers, which are never fitted.")
@options.rates
@options.figures
@options.worlds(f"With --figures: worlds in which they are fitted, too; {WORLDS} of the package's set by default, 1 skips this.")
@options.out("<name>/calibration/<key>")
@options.xlsx
@options.quiet("the folder")
@options.allow_rules
@options.lang("Language in which the page of figures opens, and of messages.")
def command(
    scenario,
    seed,
    replicates,
    settings,
    residents,
    weeks,
    steps,
    only,
    no_effects,
    rates,
    only_rates,
    figures,
    worlds,
    out,
    xlsx,
    quiet,
    lang,
) -> None:
    """Fit the free coefficients of a scenario to the rates of its city: the reference, or your own.

    Writes the fitted coefficients, the rates they were fitted to and the misfit, known effects that the fitted model reproduces without
    having been fitted to them, and a scenario with the fitted values; with figures also the misfit of every district, a page with maps,
    and the plausible worlds that fit these figures, as worlds.parquet. Exit code 1 if a rate stays outside its range.
    """
    (loaded,) = load_all([scenario], settings, seed, None)
    results.check_writable(Path(out) / loaded.name / "calibration")
    free = {name: calibrate.FREE.get(name, ()) for name in only} if only else calibrate.FREE
    with Progress(loaded.name, quiet, unit=Message("evaluations")) as progress:
        found = calibrate.calibrate(
            loaded, residents, weeks, replicates or 3, steps, free, progress, rates, not only_rates, figures=figures
        )
    effects = None
    if not no_effects:
        with Progress(Message("{name}: effects", name=loaded.name), quiet, unit=Message("effects")) as progress:
            effects = known_effects.check_effects(loaded.with_changes(found.changes), progress=progress)
    chosen = None if figures is None else chosen_worlds(worlds, False, quiet, WORLDS)
    try:
        fit = None if chosen is None else _fit_worlds(found.fitted(loaded), chosen, quiet)
    except KeyboardInterrupt:
        calibrate.write_calibration(found, loaded, out, effects)  # the fit itself is done
        raise
    folder = calibrate.write_calibration(found, loaded, out, effects, None if fit is None else fit.kept)
    typed = shlex.join(["sanzhi", *sys.argv[1:]])
    write = None if figures is None else lambda: calibration_page.write_calibration_page(found, loaded, figures, folder, lang, typed, fit)
    page = Page(loaded.name, folder, write, quiet)
    tables = found.tables(effects)
    book = Workbook(loaded.name, folder, (lambda: books.of_calibration(found, tables, loaded, lang)) if xlsx else None, lang, quiet)
    _print(found, effects, fit, folder, quiet)
    if page.path and not quiet:
        click.echo(labelled(Message("report"), page.path, 8))
    if not quiet:
        book.say()
    sys.exit(FAILED if found.missed or page.failed or book.failed else 0)


def _fit_worlds(fitted: "Scenario", chosen: "Chosen", quiet: bool) -> "Fit | None":
    """Fit the rates of a fitted scenario in every world, too; what it costs is said before."""
    worlds = chosen.found.only(chosen.worlds)
    if not quiet:
        about = {"count": len(worlds), "most": len(worlds) * (1 + refit.TRIES), "residents": own_rates.RESIDENTS}
        message = Message(
            "Now the same in each of {count} plausible worlds: at most {most} simulations of {residents:,} residents or fewer (--worlds 1 "
            "skips this, --worlds 60 takes fewer, --worlds all takes all)",
            **about,
        )
        click.echo(str(message), err=True)
    with Progress(Message("{name}: worlds", name=fitted.name), quiet) as progress:
        return own_rates.fit_to_rates(fitted, worlds, progress=progress)


def _print(found: "Calibration", effects: "pd.DataFrame | None", fit: "Fit | None", folder: Path, quiet: bool) -> None:
    """Print which coefficients were fitted, which rates are inside their range, and in how many worlds they are."""
    if quiet:
        click.echo(str(folder))
        return

    console = rich_console.Console()
    console.print(_fitted(found.coefficients, found.districts is not None))
    console.print(_fitted_to(found.rates))
    if found.districts is not None:
        _print_districts(found.districts)
        click.echo(str(Message("The figures say nothing about: {names}", names=Joined(found.untold))))
        for message in found.settings_told:
            click.echo(str(message))
    if effects is not None:
        console.print(_checked(effects))
    print_origins(found.rates)
    summary = Message(
        "{inside} of {count} rates inside; outside: {missed}",
        inside=len(found.rates) - len(found.missed),
        count=len(found.rates),
        missed=Joined(found.missed) if found.missed else Message("none"),
    )
    click.echo(str(summary))
    if fit is not None:
        print_fit(fit)
    click.echo(labelled(Message("results"), folder, 8))
    if fit is not None and len(fit.kept):
        click.echo(str(Message("Compare policies in these worlds with --worlds {path}", path=folder / calibrate.WORLDS)))


def _columns(title: Words, *heads: Words) -> "Table":
    """A table without rows. Where it is too wide, cells are broken into lines, never cut; names in the first column stay in one."""
    table = rich_table.Table(title=str(title), title_justify="left")
    for index, head in enumerate(heads):
        table.add_column(str(head), overflow="fold", no_wrap=not index)
    return table


def _fitted(coefficients: "pd.DataFrame", determined: bool) -> "Table":
    """Coefficients before and after; with how far the rates determine them, if only those that they identify were fitted."""
    heads = [Message("coefficient"), Message("before"), Message("after"), *([Message("determined")] if determined else [])]
    table = _columns(Message("Fitted"), *heads, Message("mostly moves"))
    for row in coefficients.to_dict("records"):
        share = [f"{row['determined']:.0%}"] if determined else []
        table.add_row(row["coefficient"], f"{row['before']:.4g}", f"{row['after']:.4g}", *share, row["moves"])
    return table


def _print_districts(districts: "pd.DataFrame") -> None:
    """Print the figures of every district against the fitted model."""
    head = [Message("district"), Message("rate"), Message("figure"), Message("range"), Message("simulation"), Message("misfit")]
    rows = []
    for row in districts.to_dict("records"):
        given, low, high, simulated = numbers.together([row[key] for key in ("given", "low", "high", "simulated")], row["rate"])
        misfit: Words = f"{row['misfit']:+.2f}"
        misfit = misfit if row["inside"] else Message("{misfit} outside", misfit=misfit)
        rows.append([row["district"], metric_label(row["rate"]), given, interval_text(low, high), simulated, misfit])
    print_table(Message("By district (not fitted; misfit 1 = edge of the range)"), head, rows)


def _fitted_to(rates: "pd.DataFrame") -> "Table":

    title = Message("To these rates (misfit 1 = edge of the range)")
    table = _columns(title, Message("rate"), Message("range"), Message("before"), Message("after"), Message("misfit"))
    for row in rates.to_dict("records"):
        misfit = f"{row['misfit']:+.2f}"
        table.add_row(
            row["rate"],
            str(interval_text(f"{row['low']:g}", f"{row['high']:g}")),
            numbers.number(row["before"], row["rate"]),
            numbers.number(row["after"], row["rate"]),
            misfit if row["inside"] else str(Message("{misfit} outside", misfit=misfit)),
        )
    return table


def _checked(effects: "pd.DataFrame") -> "Table":

    table = _columns(Message("Checked, not fitted"), Message("effect"), Message("change"), Message("95 % interval"), Message("studies"), "")
    for row in effects.to_dict("records"):
        known = interval_text(f"{row['known_low']:g}", f"{row['known_high']:g}")
        verdict = Message("agrees") if row["agrees"] else Message("misses")
        change, low, high = numbers.together([row[name] for name in ("change", "low", "high")], sign=True)
        table.add_row(row["effect"], change, str(interval_text(low, high)) if low != high else low, str(known), str(verdict))
    return table
