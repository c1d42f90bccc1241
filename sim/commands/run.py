"""Simulate scenarios and write what came out."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.shared import FAILED, STOPPED, changing, computing, load_all, write_page

if TYPE_CHECKING:
    from sim.results import Run


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@changing
@computing
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where results go: DIR/<name>/<run key>.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report.")
@click.option("--no-report", is_flag=True, help="Write the tables only.")
@click.option("--csv", is_flag=True, help="Write the tables as CSV, too.")
@click.option("--attribution", is_flag=True, help="Also book which mechanism moved what, week by week (attribution.parquet).")
def command(scenarios, seed, replicates, settings, workers, threads, quiet, out, lang, no_report, csv, attribution) -> None:
    """Simulate scenarios: files, or names of shipped ones, as in `sanzhi run baseline`."""
    from sim.console import Progress, compiled, print_failures, print_summary
    from sim.experiments.simulate import Interrupted, RunsFailed, simulate
    from sim.explain import share_out
    from sim.results import check_writable, run_folder, write_run

    loaded = load_all(scenarios, settings, seed, replicates)
    for scenario in loaded:
        check_writable(run_folder(scenario, scenario.seed, scenario.replicates, out))
    if not quiet and not compiled():
        click.echo("compiling the model, once for this version: about a minute", err=True)
    failed = False
    for scenario in loaded:
        n_workers, n_threads = share_out(scenario, workers, threads)
        folder = run_folder(scenario, scenario.seed, scenario.replicates, out)
        if folder.exists() and not quiet:
            click.echo(f"{scenario.name}: {folder} exists and will be replaced by the same run", err=True)
        stopped = False
        try:
            with Progress(scenario.name, quiet) as progress:
                result = simulate(scenario, scenario.seed, scenario.replicates, n_workers, n_threads, progress, attribution)
        except RunsFailed as error:
            failed = True
            print_failures(scenario.name, error.failures, scenario.replicates)
            if "SANZHI_DEBUG" in os.environ:
                click.echo(str(error.__cause__), err=True)
            continue
        except Interrupted as interruption:
            if interruption.run is None:
                raise KeyboardInterrupt from None
            result, stopped = interruption.run, True
        if _keep_old(result, folder):
            click.echo(f"{scenario.name}: {folder} holds more replicates of the same run and is kept", err=True)
        else:
            result = write_run(result, folder, csv=csv)
            page = None if no_report or stopped else write_page(result, folder, lang)
            print_summary(result, page, quiet)
        failures = result.manifest["failures"]
        if failures:
            failed = True
            print_failures(scenario.name, failures, scenario.replicates)
        if stopped:
            click.echo(f"{scenario.name}: interrupted; {len(result.seeds)} of {scenario.replicates} replicates are kept", err=True)
            sys.exit(STOPPED)
    sys.exit(FAILED if failed else 0)


def _keep_old(result: "Run", folder: Path) -> bool:
    """Whether `folder` holds the same run with more replicates than `result`, which was interrupted or failed in part."""
    from sim.errors import UserError
    from sim.results import read_manifest

    try:
        return len(read_manifest(folder)["seeds"]) > len(result.seeds)
    except UserError:
        return False
