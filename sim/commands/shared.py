"""What several commands share: exit codes, loading scenarios, writing a report."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import UserError
from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario import Scenario

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
"""Exit codes: something failed, of the runs or the page; bad input; interrupted."""
LINE = 200
"""Characters of an error that is told in one line."""


def load_all(sources, settings, seed, replicates) -> "list[Scenario]":
    """Scenarios with the changes of the command line; the mistakes of all of them at once."""
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
            mistakes.append(error.message)
    if mistakes:
        raise UserError(Joined(dict.fromkeys(mistakes), "\n"))
    return list(loaded.values())


class Page:
    """The page of a command: written as a stage of its own, which is told and timed. One that cannot be written is no loss of the tables.

    Parameters
    ----------
    name : str
        What the page is of.
    folder : Path
        Where the tables are.
    write : callable or None
        Writes the page and gives its path; None where none is wanted.
    quiet : bool
    """

    def __init__(self, name: str, folder: Path, write: Callable[[], Path] | None, quiet: bool):
        self.path: Path | None = None
        self.failed = False
        start = time.perf_counter()
        if write is not None:
            self._write(name, folder, write, quiet)
        self.seconds = time.perf_counter() - start

    def _write(self, name: str, folder: Path, write: Callable[[], Path], quiet: bool) -> None:
        from sim.console import stage

        try:
            with stage(name, Message("writing the report"), quiet):
                self.path = write()
        except Exception as error:
            if "SANZHI_DEBUG" in os.environ:
                raise
            self.failed = True
            about = {"name": name, "folder": folder, "why": _why(error)}
            told = Message("{name}: no report could be written ({why}); the tables that are done are in {folder}", **about)
            click.echo(str(told), err=True)


def _why(error: Exception) -> str:
    """An error in one line of a length to be read."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    text = " ".join(str(error).split())
    text = text if len(text) <= LINE else f"{text[:LINE]} ..."
    return text if isinstance(error, UserError) else f"{type(error).__name__}: {text}".rstrip(": ")


@contextlib.contextmanager
def going_on(name: str, folder: Path) -> Iterator[None]:
    """Work that the same command takes up again: interrupted, it says so and leaves with that exit code."""
    try:
        yield
    except KeyboardInterrupt:
        told = Message("{name}: interrupted; what is done is kept in {folder}, and the same command goes on", name=name, folder=folder)
        click.echo(str(told), err=True)
        sys.exit(STOPPED)


def holds_more(folder: Path, seeds: int) -> bool:
    """Whether a folder holds the same with more seeds than one that was interrupted or failed in part."""
    from sim.results import read_manifest

    try:
        return len(read_manifest(folder)["seeds"]) > seeds
    except UserError:
        return False
