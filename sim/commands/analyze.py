"""Say what a study says."""

import contextlib
import re
import sys
from pathlib import Path
from typing import Any

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, Workbook
from sim.console.progress import stage
from sim.errors import UserError
from sim.files import os_errors_as, whole_folder
from sim.lazy import lazily
from sim.messages import Message
from sim.text import labelled

with lazily():
    from sim import results
    from sim.analysis import sensitivity
    from sim.experiments.studies import analyze, own_outcomes, study_result
    from sim.report.study import page as study_page
    from sim.report.study import sentences as study_sentences
    from sim.report.workbook import book as books

TARGET = re.compile(r"\s*(\w+)\s*(>=|<=)\s*([-+0-9.eE]+)\s*")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--target", "targets", multiple=True, metavar="TEXT", help='As in "stability >= 0.6" (repeatable).')
@click.option("--uncertain", multiple=True, metavar="KEY", help="Factor that nobody sets (repeatable).")
@click.option(
    "--outcomes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Outcomes of your own: a table (CSV or Parquet) with a column run and a column per outcome.",
)
@click.option("--better", "ways", multiple=True, metavar="NAME=more|less", help="Which way an outcome of your own is better (repeatable).")
@click.option("--seed", type=options.WholeNumber(0, 2**31), default=0, show_default=True, help="Seed of the bootstraps.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the report goes; FOLDER/analysis by default.")
@options.xlsx
@options.lang()
@options.allow_rules
@options.quiet("the page")
def command(folder, targets, uncertain, outcomes, ways, seed, out, xlsx, lang, quiet) -> None:
    """Say what a study says, finished or not: which factors matter, where it goes wrong, what is efficient, what holds up."""
    bounds = _bounds(targets)
    sensitivity.require_extra()  # before a large study is read
    result = study_result.read_study(folder)
    if outcomes:
        result = result.with_outcomes(own_outcomes.read_outcomes(outcomes), dict(way.partition("=")[::2] for way in ways))
    elif ways:
        raise UserError("--better: got it without --outcomes; expected a table of outcomes of your own")
    name, target = result.study.name, out or folder / "analysis"
    results.check_writable(target)
    with stage(name, Message("analysing the runs"), quiet):
        analysis = analyze.analyze(result, bounds, list(uncertain) or None, seed)
    with contextlib.ExitStack() as stack:
        place = target
        if out is None:
            stack.enter_context(os_errors_as("cannot write into {folder}", folder=target))
            place = stack.enter_context(whole_folder(target, results.MADE_FROM_RESULTS))
        book = Workbook(name, place, (lambda: books.of_study(analysis, result.content_hash, lang)) if xlsx else None, lang, quiet)
        page = Page(name, target, lambda: target / study_page.write_analysis(analysis, place, lang, result.content_hash).name, quiet)
    if quiet:
        click.echo(str(page.path or target))
        sys.exit(FAILED if page.failed or book.failed else 0)
    for sentence in [
        study_sentences.lead(analysis, lang),
        *study_sentences.notices(analysis, lang),
        *study_sentences.findings(analysis, lang),
    ]:
        click.echo(sentence)
    click.echo(labelled(Message("report"), page.path, 7) if page.path else labelled(Message("tables"), target, 7))
    if book.path:
        click.echo(labelled(Message("workbook"), target / book.path.name, 7))
    sys.exit(FAILED if page.failed or book.failed else 0)


def _bounds(targets: tuple[str, ...]) -> dict[str, tuple[str, float]] | None:
    """Targets by outcome; None where none were given."""
    found: dict[str, Any] = {}
    for text in targets:
        match = TARGET.fullmatch(text)
        try:
            name, sign, bound = match.groups() if match else ("", "", "")
            found[name] = ("at_least" if sign == ">=" else "at_most", float(bound))
        except ValueError:
            raise UserError(
                '--target: got {text!r}; expected an outcome, >= or <=, and a number, as in "stability >= 0.6"', text=text
            ) from None
    return found or None
