"""Say what a study says."""

import re
from pathlib import Path
from typing import Any

import click

from sim.commands import options

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
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="Luck of bootstraps.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the report goes; FOLDER/analysis by default.")
@options.lang()
@options.quiet("the page")
def command(folder, targets, uncertain, outcomes, ways, seed, out, lang, quiet) -> None:
    """Say what a study says, finished or not: which factors matter, where it goes wrong, what is efficient, what holds up."""
    from sim.analysis.study import analyze
    from sim.errors import UserError
    from sim.experiments.own_outcomes import read_outcomes
    from sim.experiments.studied import read_study
    from sim.files import told, whole_folder
    from sim.report.study import sentences
    from sim.report.study.page import write_analysis

    bounds = _bounds(targets)
    result = read_study(folder)
    if outcomes:
        result = result.with_outcomes(read_outcomes(outcomes), dict(way.partition("=")[::2] for way in ways))
    elif ways:
        raise UserError("--better: got it without --outcomes; expected a table of outcomes of your own")
    analysis = analyze(result, bounds, list(uncertain) or None, seed)
    usual = folder / "analysis"
    if out is None:  # a folder of its own: no table of an earlier analysis stays beside those of this one
        with told(f"cannot write into {usual}"), whole_folder(usual) as partial:
            page = usual / write_analysis(analysis, partial, lang, result.content_hash).name
    else:
        page = write_analysis(analysis, out, lang, result.content_hash)
    if quiet:
        click.echo(str(page))
        return
    for sentence in [sentences.lead(analysis, lang), *sentences.notices(analysis, lang), *sentences.findings(analysis, lang)]:
        click.echo(sentence)
    click.echo(f"report  {page}")


def _bounds(targets: tuple[str, ...]) -> dict[str, tuple[str, float]] | None:
    """Targets by outcome; None where none were given."""
    from sim.errors import UserError

    found: dict[str, Any] = {}
    for text in targets:
        match = TARGET.fullmatch(text)
        try:
            name, sign, bound = match.groups() if match else ("", "", "")
            found[name] = ("at_least" if sign == ">=" else "at_most", float(bound))
        except ValueError:
            raise UserError(f'--target: got {text!r}; expected an outcome, >= or <=, and a number, as in "stability >= 0.6"') from None
    return found or None
