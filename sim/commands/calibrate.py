"""Fit free coefficients to the rates of a real city."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, load_all


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
    from sim.console import Progress, print_calibration
    from sim.experiments.calibrate import FREE, calibrate, write_calibration
    from sim.experiments.effects import check_effects
    from sim.results import check_writable

    (loaded,) = load_all([scenario], settings, seed, None)
    check_writable(Path(out) / loaded.name / "calibration")
    free = {name: FREE.get(name, ()) for name in only} if only else FREE
    with Progress(loaded.name, quiet, unit="evaluations") as progress:
        found = calibrate(loaded, residents, weeks, replicates or 3, steps, free, progress, rates, not only_rates)
    effects = None
    if not no_effects:
        with Progress(f"{loaded.name}: effects", quiet, unit="effects") as progress:
            effects = check_effects(loaded.with_changes(found.changes), progress=progress)
    folder = write_calibration(found, loaded, out, effects)
    print_calibration(found, effects, folder, quiet)
    sys.exit(FAILED if found.missed else 0)
