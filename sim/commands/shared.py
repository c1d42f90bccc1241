"""What several commands share: options, loading scenarios, writing a report."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.results import Run
    from sim.scenario import Scenario

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
"""Exit codes: some runs failed; bad input; interrupted."""


def computing(command: Any) -> Any:
    """Options of every command that simulates."""
    command = allowing(command)
    command = click.option("--quiet", "-q", is_flag=True, help="Print the folder of results and nothing else.")(command)
    command = click.option("--threads", type=click.IntRange(1, 1024), help="Threads of a replicate, where there is one process.")(command)
    return click.option("--workers", type=click.IntRange(1, 1024), help="Processes; as many as replicates and processors by default.")(
        command
    )


def allowing(command: Any) -> Any:
    """Option of every command that may meet rules of a scenario."""
    what = "Run the Python rules that a scenario names: they are code, so allow only files that you trust."
    return click.option("--allow-rules", is_flag=True, expose_value=False, callback=_allow, help=what)(command)


def _allow(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Allow rules, here and in workers, until the command ends."""
    if not wanted:
        return
    from sim.rules import CONSENT

    if os.environ.get(CONSENT) != "1":
        os.environ[CONSENT] = "1"
        context.call_on_close(lambda: os.environ.pop(CONSENT, None))


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


def load_all(sources, settings, seed, replicates) -> "list[Scenario]":
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


def write_page(result: "Run", folder: Path, lang: str) -> Path:
    """Write the report of a run; a page that cannot be written is no loss of the run."""
    from sim.errors import UserError
    from sim.report.html import write_report

    try:
        return write_report(result, folder, lang=lang)
    except OSError as error:
        raise UserError(f"the tables are in {folder}, but no report could be written: {error.strerror or error}") from error
