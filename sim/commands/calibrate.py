"""Fit free coefficients to the rates of a real city."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.shared import FAILED, load_all
from sim.messages import Joined, Message, Words
from sim.text import labelled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.experiments.calibration.calibrate import Calibration


@click.command()
@click.argument("scenario")
@options.changing
@click.option(
    "--residents", type=click.IntRange(2000, 1_000_000), default=60_000, show_default=True, help="Size of the city that is fitted."
)
@click.option("--weeks", type=click.IntRange(52, 2600), default=208, show_default=True, help="Weeks lived; rates are of the later half.")
@click.option("--steps", type=click.IntRange(1, 100), default=5, show_default=True, help="Steps of the fit at most.")
@click.option("--only", multiple=True, metavar="MECHANISM.KEY", help="Fit these coefficients only (repeatable).")
@click.option("--no-effects", is_flag=True, help="Leave out the check of known effects of levers, which are never fitted.")
@options.rates
@options.out("<name>/calibration/<key>")
@options.quiet("the folder")
@options.allow_rules
def command(scenario, seed, replicates, settings, residents, weeks, steps, only, no_effects, rates, only_rates, out, quiet) -> None:
    """Fit the free coefficients of a scenario to the rates of its city: the reference, or your own.

    Writes which coefficients were fitted, to what and with which misfit, which known effects the fitted model shows without having
    been fitted to them, and a scenario with the fitted values. Exit code 1 when a rate stays outside its range.
    """
    from sim.console import Progress
    from sim.experiments.calibration.calibrate import FREE, calibrate, write_calibration
    from sim.experiments.calibration.known_effects import check_effects
    from sim.results import check_writable

    (loaded,) = load_all([scenario], settings, seed, None)
    check_writable(Path(out) / loaded.name / "calibration")
    free = {name: FREE.get(name, ()) for name in only} if only else FREE
    with Progress(loaded.name, quiet, unit=Message("evaluations")) as progress:
        found = calibrate(loaded, residents, weeks, replicates or 3, steps, free, progress, rates, not only_rates)
    effects = None
    if not no_effects:
        with Progress(Message("{name}: effects", name=loaded.name), quiet, unit=Message("effects")) as progress:
            effects = check_effects(loaded.with_changes(found.changes), progress=progress)
    folder = write_calibration(found, loaded, out, effects)
    _print(found, effects, folder, quiet)
    sys.exit(FAILED if found.missed else 0)


def _print(found: "Calibration", effects: "pd.DataFrame | None", folder: Path, quiet: bool) -> None:
    """Say which coefficients were fitted, and which rates lie inside their range and which do not."""
    if quiet:
        click.echo(str(folder))
        return
    from rich.console import Console

    from sim.console import print_origins

    console = Console()
    console.print(_fitted(found.coefficients))
    console.print(_fitted_to(found.rates))
    if effects is not None:
        console.print(_checked(effects))
    print_origins(found.rates)
    told = Message(
        "{inside} of {count} rates inside; outside: {missed}",
        inside=len(found.rates) - len(found.missed),
        count=len(found.rates),
        missed=Joined(found.missed) if found.missed else Message("none"),
    )
    click.echo(str(told))
    click.echo(labelled(Message("results"), folder, 8))


def _columns(title: Words, *heads: Words) -> "Table":
    """A table without rows."""
    from rich.table import Table

    return Table(*map(str, heads), title=str(title), title_justify="left")


def _fitted(coefficients: "pd.DataFrame") -> "Table":
    table = _columns(Message("Fitted"), Message("coefficient"), Message("before"), Message("after"), Message("mostly moves"))
    for row in coefficients.to_dict("records"):
        table.add_row(row["coefficient"], f"{row['before']:.4g}", f"{row['after']:.4g}", row["moves"])
    return table


def _fitted_to(rates: "pd.DataFrame") -> "Table":
    from sim.console import span
    from sim.report.parts.numbers import number

    title = Message("To these rates (misfit 1 = edge of the range)")
    table = _columns(title, Message("rate"), Message("range"), Message("before"), Message("after"), Message("misfit"))
    for row in rates.to_dict("records"):
        misfit = f"{row['misfit']:+.2f}"
        table.add_row(
            row["rate"],
            str(span(f"{row['low']:g}", f"{row['high']:g}")),
            number(row["before"], row["rate"]),
            number(row["after"], row["rate"]),
            misfit if row["inside"] else str(Message("{misfit} outside", misfit=misfit)),
        )
    return table


def _checked(effects: "pd.DataFrame") -> "Table":
    from sim.console import span
    from sim.report.parts.numbers import together

    table = _columns(
        Message("Checked, never fitted"), Message("effect"), Message("change"), Message("95 % interval"), Message("studies"), ""
    )
    for row in effects.to_dict("records"):
        studied = span(f"{row['known_low']:g}", f"{row['known_high']:g}")
        verdict = Message("agrees") if row["agrees"] else Message("misses")
        change, low, high = together([row[name] for name in ("change", "low", "high")], sign=True)
        table.add_row(row["effect"], change, str(span(low, high)) if low != high else low, str(studied), str(verdict))
    return table
