"""The command `sanzhi`: parse, call, print. Whatever is heavy is imported by the command that needs it."""

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.version import MODEL_VERSION, VERSION

if TYPE_CHECKING:
    from sim.results import Run
    from sim.scenario import Scenario

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
LATER = {
    "compare": "scenarios on the same luck, with paired differences",
    "mix": "the three levers over the simplex",
    "sweep": "a study over many scenarios",
    "analyze": "sensitivity, scenario discovery, Pareto set",
    "attribute": "Shapley shares of the levers that differ",
    "calibrate": "fit coefficients to stated rates",
    "optimize": "multi-objective search over levers",
    "dashboard": "levers as sliders, in the browser",
}


class Commands(click.Group):
    """A group that shows people's mistakes as one line each, and answers Ctrl-C with exit code 130."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(STOPPED)
        except MemoryError:
            click.echo("not enough memory: a smaller city.scale or fewer --workers need less (see sanzhi explain)", err=True)
            ctx.exit(FAILED)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
                raise
            click.echo(f"cannot write: {error.strerror}", err=True)
            ctx.exit(BAD_INPUT)
        except Exception as error:
            from sim.errors import UserError

            if not isinstance(error, UserError):
                raise
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, message=f"sanzhi %(version)s, model {MODEL_VERSION}")
def cli() -> None:
    """Simulate what mixes of self-governance, rule of law and moral education do to a city over the years.

    Start with: sanzhi run baseline
    """


def computing(command: Any) -> Any:
    """Options of every command that simulates."""
    command = click.option("--quiet", "-q", is_flag=True, help="Print the folder of results and nothing else.")(command)
    command = click.option("--threads", type=click.IntRange(1, 1024), help="Threads of a replicate, where there is one process.")(command)
    return click.option("--workers", type=click.IntRange(1, 1024), help="Processes; as many as replicates and processors by default.")(
        command
    )


def changing(command: Any) -> Any:
    """Options that change a scenario."""
    what = "Change a key, as in --set policy.rule_of_law=0.4 (repeatable)."
    command = click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help=what)(command)
    command = click.option("--replicates", type=click.IntRange(1, 10_000), help="Runs with different luck; the scenario's by default.")(
        command
    )
    return click.option("--seed", type=click.IntRange(0, 2**63 - 10_001), help="Seed of the first replicate; the scenario's by default.")(
        command
    )


@cli.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@changing
@computing
@click.option("--out", default="results", show_default=True, metavar="DIR", help="Where results go: DIR/<name>/<run key>.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report.")
@click.option("--no-report", is_flag=True, help="Write the tables only.")
@click.option("--csv", is_flag=True, help="Write the tables as CSV, too.")
def run(scenarios, seed, replicates, settings, workers, threads, quiet, out, lang, no_report, csv) -> None:
    """Simulate scenarios: files, or names of shipped ones, as in `sanzhi run baseline`."""
    from sim.console import Progress, compiled, print_failures, print_summary
    from sim.experiments.simulate import Interrupted, RunsFailed, simulate
    from sim.explain import share_out
    from sim.results import check_writable, run_folder, write_run

    loaded = _load_all(scenarios, settings, seed, replicates)
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
                result = simulate(scenario, scenario.seed, scenario.replicates, n_workers, n_threads, progress)
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
            page = None if no_report or stopped else _report(result, folder, lang)
            print_summary(result, page, quiet)
        failures = result.manifest["failures"]
        if failures:
            failed = True
            print_failures(scenario.name, failures, scenario.replicates)
        if stopped:
            click.echo(f"{scenario.name}: interrupted; {len(result.seeds)} of {scenario.replicates} replicates are kept", err=True)
            sys.exit(STOPPED)
    sys.exit(FAILED if failed else 0)


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files) -> None:
    """Check scenario files and report every problem at once."""
    from sim.errors import UserError
    from sim.scenario import load_scenario

    bad = 0
    for file in files:
        try:
            load_scenario(file)
            click.echo(f"{file}: good")
        except UserError as error:
            bad += 1
            click.echo(str(error), err=True)
    sys.exit(BAD_INPUT if bad else 0)


@cli.command()
@click.argument("scenario")
@changing
def explain(scenario, seed, replicates, settings) -> None:
    """Say what will run before it runs: levers, cost, and levers that will do nothing."""
    from sim.explain import explain as text_of
    from sim.explain import share_out

    (loaded,) = _load_all([scenario], settings, seed, replicates)
    click.echo(text_of(loaded, loaded.replicates, *share_out(loaded, None, None)))


@cli.command()
@click.argument("kind", required=False, metavar="[levers|mechanisms|metrics|presets|shocks]")
@click.argument("name", required=False)
def describe(kind, name) -> None:
    """Say what there is: unit, range, default, source, what it brings and costs."""
    from sim.describe import describe as text_of

    click.echo(text_of(kind, name))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@computing
def rerun(folder, workers, threads, quiet) -> None:
    """Run a finished run again and say whether the content hash is the same (exit code 1 if not)."""
    from sim.console import Progress
    from sim.experiments.simulate import simulate_seeds
    from sim.explain import share_out
    from sim.results import read_run

    before = read_run(folder)
    model = before.manifest["versions"]["model"]
    if model != MODEL_VERSION:
        click.echo(f"{folder} was made by model {model}, this is model {MODEL_VERSION}: numbers may differ", err=True)
    n_workers, n_threads = share_out(before.scenario, workers, threads, len(before.seeds))
    with Progress(before.scenario.name, quiet) as progress:
        again = simulate_seeds(before.scenario, before.seeds, n_workers, n_threads, progress)
    same = again.content_hash == before.content_hash
    verdict = "the same" if same else f"different: {again.content_hash} now"
    click.echo(f"{before.scenario.name}: content hash {before.content_hash}, {verdict}")
    if not same and again.manifest["versions"] != before.manifest["versions"]:
        was = {name: version for name, version in before.manifest["versions"].items() if again.manifest["versions"].get(name) != version}
        click.echo("versions then: " + ", ".join(f"{name} {version}" for name, version in was.items()), err=True)
    sys.exit(0 if same else FAILED)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report.")
def report(folder, lang) -> None:
    """Make figures and report of a run again."""
    from sim.results import read_run

    click.echo(str(_report(read_run(folder), folder, lang)))


@cli.command()
@click.argument("name")
def new(name) -> None:
    """Write NAME.yaml, a commented scenario to start from. Never overwrites."""
    from sim.errors import UserError
    from sim.scenario.template import template

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    text = template(path.stem)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{path} exists and is left as it is; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error
    click.echo(f"{path}: edit it, then: sanzhi explain {path}")


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for completion in an editor."""
    import json

    from sim.scenario.json_schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _later(name: str, what: str) -> None:
    @cli.command(name, hidden=True, context_settings={"ignore_unknown_options": True}, short_help=what)
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def command(rest) -> None:
        click.echo(f"sanzhi {name} ({what}) is not available yet in version {VERSION}", err=True)
        sys.exit(BAD_INPUT)


for _name, _what in LATER.items():
    _later(_name, _what)


def _load_all(sources, settings, seed, replicates) -> "list[Scenario]":
    """Scenarios with the changes of the command line; the mistakes of all of them at once."""
    from sim.errors import UserError
    from sim.scenario import load_scenario, parse_setting

    changes = dict(parse_setting(setting) for setting in settings)
    changes |= {key: value for key, value in (("seed", seed), ("replicates", replicates)) if value is not None}
    loaded, mistakes = {}, []
    for source in sources:
        try:
            scenario = load_scenario(source)
            scenario = scenario.with_changes(changes) if changes else scenario
            loaded[scenario.name, scenario.run_key(scenario.seed, scenario.replicates)] = scenario
        except UserError as error:
            mistakes.append(str(error))
    if mistakes:
        raise UserError("\n".join(dict.fromkeys(mistakes)))
    return list(loaded.values())


def _keep_old(result: "Run", folder: Path) -> bool:
    """Whether `folder` holds the same run with more replicates than `result`, which was interrupted or failed in part."""
    from sim.errors import UserError
    from sim.results import read_manifest

    try:
        return len(read_manifest(folder)["seeds"]) > len(result.seeds)
    except UserError:
        return False


def _report(result: "Run", folder: Path, lang: str) -> Path:
    from sim.errors import UserError
    from sim.report.html import write_report

    try:
        return write_report(result, folder, lang=lang)
    except OSError as error:
        raise UserError(f"the tables are in {folder}, but no report could be written: {error.strerror or error}") from error


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese is no reason to fail
    cli(prog_name="sanzhi")


if __name__ == "__main__":
    main()
