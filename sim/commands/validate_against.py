"""Hold a run against one's own data."""

import os
import shlex
import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, load_all
from sim.messages import Message, language
from sim.text import labelled


@click.command()
@click.argument("data")
@click.argument("run", default="baseline", metavar="[RUN_FOLDER or SCENARIO]")
@options.changing
@click.option(
    "--threshold", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Service at which support may jump (a table of areas)."
)
@options.out("<name>/against-<data>/<key>")
@options.computing
@options.lang("Language of the page.")
@options.no_report
def command(data, run, seed, replicates, settings, threshold, out, workers, threads, quiet, lang, no_report) -> None:
    """Hold a run against one's own data: a table of areas, or one of known numbers (see docs/how_to/validate_against.md).

    Takes the folder of a finished run, or a scenario, which is run first (the baseline by default). Prints every pattern in the data, in
    the simulation and in a null model, and a verdict: a pattern agrees where the 95 % interval of the data meets that of the simulation.
    Exit code 0 when all agree, 1 when something misses or cannot be told, 2 for bad input.
    """
    from sim.console import Progress, tell_compiling
    from sim.experiments.experiment_result import keyed
    from sim.experiments.validation.known_data import read_data
    from sim.experiments.validation.validate_against import validate_against
    from sim.explain import share_out
    from sim.files import checksum, os_errors_as, whole_folder
    from sim.report.validation.page import findings, write_validation
    from sim.results import check_writable

    known = read_data(data)
    scenario, finished = _asked(run, seed, replicates, settings)
    base = Path(out) / scenario.name / f"against-{Path(data).stem}"
    check_writable(base)
    count = len(finished.seeds) if finished else scenario.replicates
    n_workers, n_threads = share_out(scenario, workers, threads, count)
    if finished is None:
        tell_compiling(quiet)
        with Progress(scenario.name, quiet) as progress:
            finished = _run(scenario, n_workers, n_threads, progress)
    with Progress(Message("{name}: paired runs", name=scenario.name), quiet) as progress:
        found = validate_against(finished, known, threshold, n_workers, progress)
    folder = keyed(base, finished.content_hash, finished.seeds, checksum(Path(data)), threshold)
    typed = shlex.join(["sanzhi", *sys.argv[1:]])
    with os_errors_as("cannot write into {folder}", folder=folder), whole_folder(folder) as partial:
        if no_report:
            write_validation(found, partial, lang, typed, page=False)
        write = None if no_report else lambda: folder / write_validation(found, partial, lang, typed).name
        page = Page(scenario.name, folder, write, quiet)
    if quiet:
        click.echo(str(folder))
    else:
        _print(found)
        click.echo(str(Message("* the null model agrees too")))
        for sentence in findings(found, language()):
            click.echo(sentence)
        click.echo(labelled(Message("results"), folder, 8))
        if page.path:
            click.echo(labelled(Message("report"), page.path, 8))
    sys.exit(0 if found.agree and not page.failed else FAILED)


def _asked(run, seed, replicates, settings):
    """The scenario, and its run where it is finished."""
    from sim.errors import UserError
    from sim.results import MANIFEST, read_run

    if os.path.exists(os.path.join(run, MANIFEST)):
        if settings or seed is not None or replicates is not None:
            raise UserError("{run} is a finished run: --seed, --replicates and --set change a scenario", run=run)
        finished = read_run(run)
        return finished.scenario, finished
    (scenario,) = load_all([run], settings, seed, replicates)
    return scenario, None


def _run(scenario, workers, threads, progress):
    from sim.errors import UserError
    from sim.experiments.runs.simulate import RunsFailed, simulate

    try:
        return simulate(scenario, scenario.seed, scenario.replicates, workers, threads, progress)
    except RunsFailed as error:
        raise UserError("{name}: no replicate finished: {error}", name=scenario.name, error=error) from error


def _print(found) -> None:
    """A row per pattern."""
    from sim.commands.experiments import print_table
    from sim.experiments.validation.validate_against import AGREES, MISSES, UNKNOWN

    verdicts = {AGREES: Message("agrees"), MISSES: Message("misses"), UNKNOWN: Message("cannot be told")}
    rows = []
    for row in found.table.to_dict("records"):
        sides = [_estimate(row, side) for side in ("data", "simulated")]
        star = " *" if row["verdict"] == AGREES and row["null_agrees"] else ""
        rows.append([row["pattern"], *sides, _interval(row, "null"), f"{verdicts[row['verdict']]}{star}"])
    head = [Message("pattern"), Message("data (95 %)"), Message("simulation (95 %)"), Message("null model"), Message("verdict")]
    about = {"name": found.run.scenario.name, "data": found.label, "count": len(found.run.seeds)}
    print_table(Message("{name} against {data}, {count} replicates", **about), head, rows)


def _estimate(row, side) -> str:
    """A value with its interval."""
    from sim.report.parts.numbers import together

    value, low, high = together([row[side], row[f"{side}_low"], row[f"{side}_high"]])
    return value if low == high else f"{value} ({low}…{high})"


def _interval(row, side) -> str:
    """An interval; a value where both ends are the same."""
    from sim.report.parts.numbers import together

    low, high = together([row[f"{side}_low"], row[f"{side}_high"]])
    return low if low == high else f"{low}…{high}"
