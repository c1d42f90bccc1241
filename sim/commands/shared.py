"""What several commands share: exit codes, loading scenarios, writing a report."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.console.progress import stage
from sim.errors import UserError, reason
from sim.lazy import lazily
from sim.messages import Joined, Message, Words
from sim.text import labelled

with lazily():
    from sim import results
    from sim import scenario as scenario_files
    from sim.experiments.runs import simulate
    from sim.report.workbook import write as workbooks

if TYPE_CHECKING:
    from sim.scenario import Scenario

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
"""Exit codes: a run or the page failed; bad input; interrupted."""
LINE = 200
"""Maximum characters of an error that is printed in one line."""


def load_all(sources, settings, seed, replicates) -> "list[Scenario]":
    """Load scenarios with the changes of the command line; the problems of all of them are reported at once."""
    changes = dict(scenario_files.parse_setting(setting) for setting in settings)
    changes |= {key: value for key, value in (("seed", seed), ("replicates", replicates)) if value is not None}
    loaded, problems = {}, []
    for source in sources:
        try:
            scenario = scenario_files.load_scenario(source)
            scenario = (scenario.with_changes(changes) if changes else scenario).remember(source, settings)
            loaded[scenario.name, scenario.run_key(scenario.seed, scenario.replicates)] = scenario
        except UserError as error:
            problems.append(error.message)
    if problems:
        raise UserError(Joined(dict.fromkeys(problems), "\n"))
    return list(loaded.values())


Written = Path | tuple[Path, Sequence[Words]]
"""A page that was written, and what to know about it."""


@contextlib.contextmanager
def failure_as_error(name: str) -> Iterator[None]:
    """Turn the failure of all replicates into one `UserError`."""
    try:
        yield
    except simulate.RunsFailed as error:
        raise UserError("{name}: no replicate finished: {error}", name=name, error=error) from error


class Page:
    """The page of a command, written and timed as a separate step. If it cannot be written, the tables are kept.

    Parameters
    ----------
    name : str
        Name of what the page shows.
    folder : Path
        Where the tables are.
    write : callable or None
        Writes the page and returns its path, or its path and what to know about it; None if no page is wanted.
    quiet : bool
    """

    def __init__(self, name: str, folder: Path, write: "Callable[[], Written] | None", quiet: bool):
        self.path: Path | None = None
        self.told: Sequence[Words] = ()
        self.failed = False
        start = time.perf_counter()
        if write is not None:
            self._write(name, folder, write, quiet)
        self.seconds = time.perf_counter() - start

    def _write(self, name: str, folder: Path, write: "Callable[[], Written]", quiet: bool) -> None:

        try:
            with stage(name, self.doing(), quiet):
                written = write()
            self.path, self.told = written if isinstance(written, tuple) else (written, ())
        except Exception as error:
            if "SANZHI_DEBUG" in os.environ:
                raise
            self.failed = True
            about = {"name": name, "folder": folder, "why": _why(error)}
            click.echo(str(self.missing(about)), err=True)

    @staticmethod
    def doing() -> Message:
        """What is being done."""
        return Message("writing the report")

    @staticmethod
    def missing(about: dict[str, Any]) -> Message:
        """What is said where it could not be done."""
        return Message("{name}: the report could not be written ({why}); the tables are in {folder}", **about)


class Workbook(Page):
    """The workbook of a command, written like its page.

    Parameters
    ----------
    name : str
    folder : Path
        Where the tables are, and the workbook goes.
    result : callable or None
        Returns what `write_workbook` takes; None if no workbook is wanted.
    lang : str
    quiet : bool
    file : Path, optional
        Another place for the workbook.
    """

    def __init__(self, name: str, folder: Path, result: Callable[[], Any] | None, lang: str, quiet: bool, file: Path | None = None):
        place = file or folder / results.WORKBOOK

        def write() -> Path:
            return workbooks.write_workbook(result() if result else None, place, lang, lambda line: click.echo(line, err=True))

        super().__init__(name, folder, write if result else None, quiet)

    @staticmethod
    def doing() -> Message:
        """What is being done."""
        return Message("writing the workbook")

    @staticmethod
    def missing(about: dict[str, Any]) -> Message:
        """What is said where it could not be done."""
        return Message("{name}: the workbook could not be written ({why}); the tables are in {folder}", **about)

    def say(self, columns: int = 8, indent: str = "") -> None:
        """Print where it is, if there is one."""
        if self.path is not None:
            click.echo(f"{indent}{labelled(Message('workbook'), self.path, columns)}")


def _why(error: Exception) -> Words:
    """An error in one line of readable length."""
    if isinstance(error, OSError):
        return reason(error)
    text = " ".join(str(error).split())
    text = text if len(text) <= LINE else f"{text[:LINE]} ..."
    return text if isinstance(error, UserError) else f"{type(error).__name__}: {text}".rstrip(": ")


@contextlib.contextmanager
def resumable(name: str, folder: Path) -> Iterator[None]:
    """Work that the same command resumes: an interrupt is reported and ends the command with its exit code."""
    try:
        yield
    except KeyboardInterrupt:
        message = Message("{name}: interrupted; finished work is kept in {folder}, and the same command resumes", name=name, folder=folder)
        click.echo(str(message), err=True)
        sys.exit(STOPPED)


def has_more_seeds(folder: Path, seeds: int) -> bool:
    """Whether a folder contains the same results with more seeds than one that was interrupted or failed in part."""
    try:
        return len(results.read_manifest(folder)["seeds"]) > seeds
    except UserError:
        return False
