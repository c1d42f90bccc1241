"""Fit free coefficients to the rates of a real city."""

import sys

import click

from sim.commands.shared import FAILED, changing, load_all


@click.command()
@click.argument("scenario")
@changing
@click.option(
    "--residents", type=click.IntRange(2000, 1_000_000), default=60_000, show_default=True, help="Size of the city that is fitted."
)
@click.option("--weeks", type=click.IntRange(52, 2600), default=208, show_default=True, help="Weeks lived; rates are of the later half.")
@click.option("--steps", type=click.IntRange(1, 100), default=5, show_default=True, help="Steps of the fit at most.")
@click.option("--only", multiple=True, metavar="MECHANISM.KEY", help="Fit these coefficients only (repeatable).")
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where the outcome goes: DIR/<name>/calibration.")
@click.option("--quiet", "-q", is_flag=True, help="Print the folder and nothing else.")
def command(scenario, seed, replicates, settings, residents, weeks, steps, only, out, quiet) -> None:
    """Fit the free coefficients of a scenario to the reference rates of its city.

    Writes which coefficients were fitted, to what and with which misfit, and a scenario with the fitted values. Exit code 1 when a rate
    stays outside its range.
    """
    from sim.console import Progress, print_calibration
    from sim.experiments.calibrate import FREE, calibrate, write_calibration

    (loaded,) = load_all([scenario], settings, seed, None)
    free = {name: FREE.get(name, ()) for name in only} if only else FREE
    with Progress(loaded.name, quiet, unit="evaluations") as progress:
        found = calibrate(loaded, residents, weeks, replicates or 3, steps, free, progress)
    folder = write_calibration(found, loaded, out)
    print_calibration(found, folder, quiet)
    sys.exit(FAILED if found.missed else 0)
