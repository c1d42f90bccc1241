"""Compare a run with your own data."""

import os
import shlex
import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, Workbook, failure_as_error, load_all
from sim.console.progress import Progress, announce_compiling
from sim.console.tables import print_table
from sim.errors import UserError
from sim.files import checksum, os_errors_as, whole_folder
from sim.lazy import lazily
from sim.messages import Message, language
from sim.text import labelled

with lazily():
    from sim import results
    from sim.experiments import experiment_result
    from sim.experiments.runs import simulate
    from sim.experiments.validation import known_data, validate_against
    from sim.explain import cost
    from sim.report.parts import numbers
    from sim.report.text import catalogue
    from sim.report.validation import page as validation_page
    from sim.report.workbook import book as books
    from sim.results import earlier_versions


@click.command()
@click.argument("data")
@click.argument("run", default="baseline", metavar="[RUN_FOLDER or SCENARIO]")
@options.changing
@click.option(
    "--threshold",
    type=options.Number(0, 1, min_open=True, max_open=True),
    help="Level of service at which support may jump (for a table of areas).",
)
@options.out("<name>/against-<data>/<key>")
@options.computing
@options.lang("Language of the page.")
@options.no_report
@options.xlsx
def command(data, run, seed, replicates, settings, threshold, out, workers, threads, quiet, lang, no_report, xlsx) -> None:
    """Compare a run with your own data: a table of areas, or one of known numbers (see docs/how_to/validate_against.md).

    Takes the folder of a finished run, or a scenario, which is run first (the baseline by default). Prints every pattern in the data, in
    the simulation and in a null model, and a verdict: a pattern agrees if the 95 % intervals of data and simulation overlap. Exit code 0
    if all patterns agree, 1 if one disagrees or is undecided, 2 for bad input.
    """
    known = known_data.read_data(data)
    scenario, finished = _scenario_and_run(run, seed, replicates, settings)
    base = Path(out) / scenario.name / f"against-{Path(data).stem}"
    results.check_writable(base)
    count = len(finished.seeds) if finished else scenario.replicates
    n_workers, n_threads = cost.workers_and_threads(scenario, workers, threads, count)
    if finished is None:
        announce_compiling(quiet)
        with Progress(scenario.name, quiet) as progress:
            finished = _run(scenario, n_workers, n_threads, progress)
    with Progress(Message("{name}: paired runs", name=scenario.name), quiet) as progress:
        found = validate_against.validate_against(finished, known, threshold, n_workers, progress)
    folder = experiment_result.keyed(base, finished.content_hash, finished.seeds, checksum(Path(data)), threshold)
    typed = shlex.join(["sanzhi", *sys.argv[1:]])
    with os_errors_as("cannot write into {folder}", folder=folder), whole_folder(folder, results.MADE_FROM_RESULTS) as partial:
        if no_report:
            validation_page.write_validation(found, partial, lang, typed, page=False)
        write = None if no_report else lambda: folder / validation_page.write_validation(found, partial, lang, typed).name
        page = Page(scenario.name, folder, write, quiet)
        book = Workbook(scenario.name, partial, (lambda: books.of_validation(found, lang)) if xlsx else None, lang, quiet)
    if quiet:
        click.echo(str(folder))
    else:
        _print(found)
        for sentence in validation_page.findings(found, language()):
            click.echo(sentence)
        click.echo(labelled(Message("results"), folder, 8))
        if page.path:
            click.echo(labelled(Message("report"), page.path, 8))
        if book.path:
            click.echo(labelled(Message("workbook"), folder / book.path.name, 8))
    sys.exit(0 if found.agree and not page.failed and not book.failed else FAILED)


def _scenario_and_run(run, seed, replicates, settings):
    """The scenario, and its run if that is finished."""
    if os.path.exists(os.path.join(run, results.MANIFEST)):
        if settings or seed is not None or replicates is not None:
            raise UserError("{run} is a finished run: --seed, --replicates and --set change a scenario", run=run)
        finished = results.read_run(run)
        if note := earlier_versions.version_note(run, finished.manifest["versions"]["model"]):
            click.echo(str(note), err=True)
        return finished.scenario, finished
    (scenario,) = load_all([run], settings, seed, replicates)
    return scenario, None


def _run(scenario, workers, threads, progress):
    with failure_as_error(scenario.name):
        return simulate.simulate(scenario, scenario.seed, scenario.replicates, workers, threads, progress)


def _print(found) -> None:
    """Print a row per pattern, and a row per kind of event in single areas."""
    rows = []
    for row in found.table.to_dict("records"):
        sides = [_estimate(row, side) for side in ("data", "simulated")]
        verdict = catalogue.say(f"verdict_{row['verdict'].replace(' ', '_')}", language())
        star = " *" if row["verdict"] == validate_against.AGREES and row["null_agrees"] else ""
        rows.append([row["pattern"], *sides, _interval(row, "null"), f"{verdict}{star}"])
    head = [Message("pattern"), Message("data (95 %)"), Message("simulation (95 %)"), Message("null model"), Message("verdict")]
    about = {"name": found.run.scenario.name, "data": found.label, "count": len(found.run.seeds)}
    print_table(Message("{name} against {data}, {count} replicates", **about), head, rows)
    if any(row[-1].endswith("*") for row in rows):
        click.echo(str(Message("* the null model also agrees")))
    if len(found.areas):
        areas = validation_page.area_table(found, language())
        print_table(catalogue.say("areas_title", language()), areas.head, areas.rows)


def _estimate(row, side) -> str:
    """A value with its interval."""
    value, low, high = numbers.together([row[side], row[f"{side}_low"], row[f"{side}_high"]])
    return value if low == high else f"{value} ({low}…{high})"


def _interval(row, side) -> str:
    """An interval; a single value if both ends are equal."""
    low, high = numbers.together([row[f"{side}_low"], row[f"{side}_high"]])
    return low if low == high else f"{low}…{high}"
