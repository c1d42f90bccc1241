"""Say what a study says."""

import re
from pathlib import Path
from typing import Any

import click

from sim.commands import options

TARGET = re.compile(r"\s*([A-Za-z_0-9]+)\s*(>=|<=)\s*([-+0-9.eE]+)\s*")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--target", "targets", multiple=True, metavar="TEXT", help='As in "stability >= 0.6" (repeatable).')
@click.option("--uncertain", multiple=True, metavar="KEY", help="Factor that nobody sets (repeatable).")
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="Luck of bootstraps.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the report goes; FOLDER/analysis by default.")
@options.lang()
@options.allow_rules
@options.quiet("the page")
def command(folder, targets, uncertain, seed, out, lang, quiet) -> None:
    """Say what a study says, finished or not: which factors matter, where it goes wrong, what is efficient, what holds up."""
    from sim.analysis.study import analyze
    from sim.experiments.studied import read_study
    from sim.report.study import sentences
    from sim.report.study.page import write_analysis

    bounds = _bounds(targets)
    result = read_study(folder)
    analysis = analyze(result, bounds, list(uncertain) or None, seed)
    page = write_analysis(analysis, out or folder / "analysis", lang, result.content_hash)
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
