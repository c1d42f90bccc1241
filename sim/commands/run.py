"""Simulate scenarios and write the results."""

import os
import sys
import time
from functools import partial

import click

from sim.commands import options
from sim.commands.shared import FAILED, STOPPED, Page, Workbook, has_more_seeds, load_all
from sim.console.progress import Progress, announce_compiling
from sim.console.run_summary import print_failures, print_summary
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim import results
    from sim.experiments.runs import simulate
    from sim.explain import cost
    from sim.report.run import page as run_page


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.changing
@options.computing
@options.out("<name>/<run key>")
@options.lang("Language of the report.")
@options.no_report
@options.csv
@options.xlsx
@click.option("--attribution", is_flag=True, help="Also record which mechanism changed what, week by week (attribution.parquet).")
def command(scenarios, seed, replicates, settings, workers, threads, quiet, out, lang, no_report, csv, xlsx, attribution) -> None:
    """Simulate scenarios: files, or shipped ones by name, as in `sanzhi run baseline`."""
    loaded = load_all(scenarios, settings, seed, replicates)
    for scenario in loaded:
        results.check_writable(results.run_folder(scenario, scenario.seed, scenario.replicates, out))
    announce_compiling(quiet)
    failed = False
    for scenario in loaded:
        n_workers, n_threads = cost.workers_and_threads(scenario, workers, threads)
        folder = results.run_folder(scenario, scenario.seed, scenario.replicates, out)
        if folder.exists() and not quiet:
            about = {"name": scenario.name, "folder": folder}
            click.echo(str(Message("{name}: {folder} exists and will be replaced by the same run", **about)), err=True)
        stopped, start = False, time.perf_counter()
        try:
            with Progress(scenario.name, quiet) as progress:
                result = simulate.simulate(scenario, scenario.seed, scenario.replicates, n_workers, n_threads, progress, attribution)
        except simulate.RunsFailed as error:
            failed = True
            print_failures(scenario.name, error.failures, scenario.replicates)
            if "SANZHI_DEBUG" in os.environ:
                click.echo(str(error.__cause__), err=True)
            continue
        except simulate.Interrupted as interruption:
            if interruption.run is None:
                raise KeyboardInterrupt from None
            result, stopped = interruption.run, True
        if has_more_seeds(folder, len(result.seeds)):
            about = {"name": scenario.name, "folder": folder}
            click.echo(str(Message("{name}: {folder} contains more replicates of the same run and is kept", **about)), err=True)
        else:
            result = results.write_run(result, folder, csv=csv)
            page = Page(scenario.name, folder, None if no_report or stopped else partial(_report, result, folder, lang), quiet)
            print_summary(result, page.path, quiet, time.perf_counter() - start, page.seconds)
            book = Workbook(scenario.name, folder, partial(_itself, result) if xlsx else None, lang, quiet)
            if not quiet:
                book.say(indent="  ")
            failed = failed or page.failed or book.failed
        failures = result.manifest["failures"]
        if failures:
            failed = True
            print_failures(scenario.name, failures, scenario.replicates)
        if stopped:
            kept = {"done": len(result.seeds), "count": scenario.replicates}
            click.echo(str(Message("{name}: interrupted; {done} of {count} replicates are kept", name=scenario.name, **kept)), err=True)
            sys.exit(STOPPED)
    sys.exit(FAILED if failed else 0)


def _itself(result):

    return result


def _report(result, folder, lang):

    return run_page.write_report(result, folder, lang=lang)
