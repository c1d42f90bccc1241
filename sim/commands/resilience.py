"""Say what the shocks of a scenario take away, and how fast it comes back."""

from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import load_all


@click.command()
@click.argument("scenario")
@options.changing
@options.computing
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write every replicate's figures to this file, too.")
def command(scenario, seed, replicates, settings, workers, threads, quiet, table) -> None:
    """Compare a scenario with itself without its shocks, on the same luck: area lost, deepest loss, half-recovery."""
    from sim.console import Progress, print_resilience
    from sim.experiments.resilience import resilience
    from sim.explain import share_out
    from sim.files import told, write_whole
    from sim.spreadsheets import csv_of_table

    (loaded,) = load_all([scenario], settings, seed, replicates)
    n_workers, _ = share_out(loaded, workers, threads)
    with Progress(loaded.name, quiet) as progress:
        found = resilience(loaded, workers=n_workers, progress=progress)
    if table is not None:
        with told(f"cannot write {table}"):
            write_whole(table, csv_of_table(found))
    print_resilience(found, len(loaded.shocks))
