"""What several commands share: exit codes, loading scenarios, writing a report."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.results import Run
    from sim.scenario import Scenario

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
"""Exit codes: some runs failed; bad input; interrupted."""


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
            scenario = (scenario.with_changes(changes) if changes else scenario).remember(source, settings)
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


@contextlib.contextmanager
def going_on(name: str, folder: Path) -> Iterator[None]:
    """Work that the same command takes up again: interrupted, it says so and leaves with that exit code."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"{name}: interrupted; what is done is kept in {folder}, and the same command goes on", err=True)
        sys.exit(STOPPED)


def holds_more(folder: Path, seeds: int) -> bool:
    """Whether a folder holds the same with more seeds than one that was interrupted or failed in part."""
    from sim.errors import UserError
    from sim.results import read_manifest

    try:
        return len(read_manifest(folder)["seeds"]) > seeds
    except UserError:
        return False
