"""What the commands that run experiments share: options, running with a progress bar, writing results, reporting where they are."""

import functools
import shlex
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sim.commands import options
from sim.commands.shared import FAILED, STOPPED, Page, Workbook, Written, has_more_seeds, load_all
from sim.console.progress import Progress, announce_compiling
from sim.console.run_summary import seconds_text
from sim.lazy import lazily
from sim.messages import Message
from sim.text import labelled

with lazily():
    from sim import results
    from sim.experiments import experiment_result
    from sim.experiments.comparisons import world_batch
    from sim.report.workbook import book as books

if TYPE_CHECKING:
    from sim.experiments.comparisons.world_batch import Chosen
    from sim.experiments.experiment_result import ExperimentResult
    from sim.scenario import Scenario


@dataclass(frozen=True)
class ExperimentRequest:
    """Values of the options that `experiment_command` adds; ``replicates`` is None where it was left to the experiment."""

    replicates: int | None
    seed: int | None
    settings: tuple[str, ...]
    window: int | None
    workers: int | None
    out: str
    lang: str
    csv: bool
    xlsx: bool
    no_report: bool
    quiet: bool

    def load(self, *sources: str) -> "list[Scenario]":
        """Load scenarios, with the changes of the command line."""
        return load_all(sources, self.settings, None, None)

    def experiment(
        self,
        kind: str,
        loaded: "list[Scenario]",
        own: dict[str, Any],
        call: Callable[..., Any],
        print_result: Callable[[Any], None],
        page: Callable[[Any, Path, str, str], Written],
        worlds: "Chosen | None" = None,
    ) -> NoReturn:
        """Run an experiment: check its folder, run, print, write the page, and exit with its exit code.

        Parameters
        ----------
        own : dict
            The command's own options as typed, by name; None for options that need not be repeated.
        call : callable
            Returns the result for a first seed and a `progress` callback.
        print_result : callable
            Prints the result.
        page : callable
            Writes the page of a result into a folder, in a language, with the options that reproduce it.
        worlds : Chosen, optional
            Plausible worlds in which the scenarios are run, which tell the folder from others.
        """
        given = {**own, "window": self.window}
        first = loaded[0].seed if self.seed is None else self.seed
        asked = tuple(given.values()) if worlds is None else (*given.values(), [world.number for world in worlds.worlds], worlds.about)
        runs = self.replicates or (REPLICATES if worlds is None else len(worlds.worlds))
        folder = experiment_result.experiment_folder(kind, loaded, first, runs, asked, self.out)
        start = time.perf_counter()
        pages = () if self.no_report else results.PAGES
        result = _run(kind, lambda progress: call(first, progress), folder, self.quiet, self.csv, pages)
        if not self.quiet:
            print_result(result)
        repeat = options_of(self.settings, **given)
        written = Page(kind, folder, None if self.no_report else lambda: page(result, folder, self.lang, repeat), self.quiet)
        content = (lambda: replace(books.of_experiment(result, self.lang), command=kind)) if self.xlsx else None
        book = Workbook(kind, folder, content, self.lang, self.quiet)
        finish(result, folder, written, book, self.quiet, time.perf_counter() - start)


REPLICATES = 30
"""Seeds of experiments that do not say otherwise."""
over_worlds = options.options(
    options.worlds("60 by default."),
    click.option(
        "--residents",
        type=options.WholeNumber(256, 25_000_000),
        help="Scale the city down to this size; over worlds to 5,000 by default, to be quick.",
    ),
    options.keep,
)
"""Options of every command that runs over plausible worlds."""


def chosen_worlds(worlds: int | str | Path | None, alone: bool, quiet: bool, usual: int | None = None) -> "Chosen | None":
    """The worlds that ``--worlds`` asks for; None for the default world alone. Where the package has none, that is said in one line.

    Parameters
    ----------
    worlds : int, str or Path, optional
        As of `sim.commands.options.worlds`.
    alone : bool
        Whether something was asked for that exists in the default world only.
    quiet : bool
    usual : int, optional
        Worlds by default, if not as many as usual.
    """
    found = world_batch.asked_worlds(worlds, alone, usual or world_batch.WORLDS)
    if found is None and worlds is None and not alone and not quiet:
        message = Message("no plausible worlds are shipped for this version: one world, whose intervals show luck alone")
        click.echo(str(message), err=True)
    return found


def experiment_command(replicates: int | None = None, alone: int = REPLICATES, in_worlds_only: bool = False) -> Callable[[Any], Any]:
    """Add the options of every command that runs an experiment, passed to it as `request`.

    Parameters
    ----------
    replicates : int, optional
        Default number of seeds; None for experiments over plausible worlds, which have one seed in each.
    alone : int
        Default number of seeds of those in the default world alone.
    in_worlds_only : bool
        Whether the experiment exists over plausible worlds only, and always has a page: without ``--replicates`` and ``--no-report``.
    """
    in_one_world = f"Number of seeds in the default world alone, the same for all scenarios; {alone} by default."
    seeds = click.option(
        "--replicates",
        type=options.WholeNumber(2, 10_000),
        default=replicates,
        show_default=replicates is not None,
        help="Number of seeds, the same for all scenarios." if replicates else in_one_world,
    )
    shared = options.options(
        *([] if in_worlds_only else [seeds]),
        options.seed("First seed; that of the first scenario by default."),
        options.settings("Change a key of every scenario, as in --set city.scale=0.001"),
        click.option(
            "--window", type=options.WholeNumber(1), metavar="WEEKS", help="Number of final weeks that are averaged; 52 by default."
        ),
        options.workers(),
        options.allow_rules,
        options.out("<command>/<key>"),
        options.lang("Language of the page."),
        options.csv,
        options.xlsx,
        *([] if in_worlds_only else [options.no_report]),
        options.quiet(),
    )
    left_out: dict[str, Any] = {"replicates": None, "no_report": False} if in_worlds_only else {}
    names = [field.name for field in fields(ExperimentRequest)]

    def add(command: Any) -> Any:
        @functools.wraps(command)
        def called(**given: Any) -> None:
            request = ExperimentRequest(**left_out, **{name: given.pop(name) for name in names if name not in left_out})
            command(request=request, **given)

        return shared(called)

    return add


def _run(name: str, run: Callable[..., Any], folder: Path, quiet: bool, csv: bool, carried: Iterable[str]) -> Any:
    """Run an experiment with a progress bar and write its tables; a folder that cannot be written is reported before the run."""
    results.check_writable(folder)
    announce_compiling(quiet)
    with Progress(name, quiet) as progress:
        result = run(progress)
    if has_more_seeds(folder, len(result.batch.seeds)):
        click.echo(str(Message("{folder} contains more seeds of the same experiment and is kept", folder=folder)), err=True)
        sys.exit(STOPPED if result.batch.interrupted else FAILED)
    result.write(folder, csv=csv, carried=carried)
    return result


def finish(result: "ExperimentResult", folder: Path, page: Page, book: Workbook, quiet: bool, seconds: float) -> NoReturn:
    """Print where the results are and what failed, and exit with the matching exit code."""
    batch = result.batch
    if quiet:
        click.echo(str(folder))
    else:
        about: dict[str, Any] = {"scenarios": len(batch.labels), "count": batch.finished, "residents": batch.residents}
        about |= {"seconds": seconds_text(seconds, page.seconds)}
        in_worlds = Message("{scenarios} scenarios x {count} plausible worlds, {residents:,} residents, {seconds}", **about)
        on_seeds = Message("{scenarios} scenarios x {count} seeds, {residents:,} residents, {seconds}", **about)
        click.echo(str(in_worlds if batch.counts == "worlds" else on_seeds))
        click.echo(f"  {labelled(Message('results'), folder, 8)}")
        if page.path is not None:
            click.echo(f"  {labelled(Message('report'), page.path, 8)}")
            if (printed := page.path.with_suffix(".pdf")).is_file():
                click.echo(f"  {labelled(Message('PDF'), printed, 8)}")
        book.say(indent="  ")
    for message in page.told:
        click.echo(str(message), err=True)
    if batch.failures:
        _print_failures(batch.failures)
    if batch.interrupted:
        done = {"done": batch.finished, "wanted": batch.wanted}
        in_worlds = Message("interrupted; {done} of {wanted} worlds are kept", **done)
        on_seeds = Message("interrupted; {done} of {wanted} seeds are kept", **done)
        click.echo(str(in_worlds if batch.counts == "worlds" else on_seeds), err=True)
        sys.exit(STOPPED)
    sys.exit(FAILED if batch.failures or page.failed or book.failed else 0)


def _print_failures(failures: list[dict[str, Any]]) -> None:
    """Print which runs failed, with scenario, seed and reason."""
    click.echo(str(Message("{count} runs failed; their seeds are left out for all scenarios:", count=len(failures))), err=True)
    for failure in failures[:20]:
        in_world = Message("  {scenario}, world {world}: {error}", **failure) if "world" in failure else None
        click.echo(str(in_world or Message("  {scenario}, seed {seed}: {error}", **failure)), err=True)


def options_of(settings: Iterable[str], **given: Any) -> str:
    """Options as typed, for the section of the page on how to reproduce it; those not given are None or False."""
    parts = [f"--set {shlex.quote(setting)}" for setting in settings]
    for name, value in given.items():
        flag = f"--{name.replace('_', '-')}"
        for one in value if isinstance(value, (tuple, list)) else [value]:
            if one is not None and one is not False:
                parts.append(flag if one is True else f"{flag} {shlex.quote(str(one))}")
    return "".join(f" {part}" for part in parts)
