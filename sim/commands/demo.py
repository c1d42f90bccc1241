"""Show in a few seconds what the program is for: four mixes of one budget in small plausible cities."""

from typing import Any

import click

from sim.commands import options
from sim.commands.compare import print_comparison
from sim.commands.experiments import ExperimentRequest, chosen_worlds
from sim.console.tables import print_table, wrapped_lines
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.analysis import world_verdict
    from sim.experiments.comparisons import compare, over_worlds
    from sim.report.compare import page as compare_page
    from sim.report.compare import worlds as compared
    from sim.report.parts import files

MIXES = ("balanced", "lean_self_governance", "lean_rule_of_law", "lean_moral_education")
"""Shipped scenarios of the same budget; the first is what the others are compared with."""
SETTINGS = ("horizon=104",)
WORLDS = 20
RESIDENTS = 5_000
NEXT = (
    ("sanzhi new my_city", Message("a scenario of your own")),
    ("sanzhi describe levers", Message("what each lever brings and costs, with sources")),
    ("sanzhi dashboard", Message("move the levers in the browser (pip install 'sanzhi[dashboard]')")),
    ("sanzhi run baseline", Message("the reference city over five years, with its report: some minutes")),
)
"""What may be typed next, and what it shows."""


@click.command()
@options.workers()
@options.out("compare/<key>")
@options.lang("Language of what is printed and of the page.")
@options.no_report
@options.quiet()
def command(workers, out, lang, no_report, quiet) -> None:
    """Compare four mixes of one budget in small cities: a first look, in some seconds once the model is compiled."""
    request = ExperimentRequest(None, None, SETTINGS, None, workers, out, lang, False, False, no_report, quiet)
    loaded = request.load(*MIXES)
    chosen = chosen_worlds(None, False, quiet, WORLDS)
    if not quiet and chosen is not None:
        about = {"mixes": len(MIXES), "worlds": len(chosen.worlds), "residents": RESIDENTS}
        intro = Message(
            "{mixes} ways to spend the same budget over two years, in {worlds} plausible cities like Shanghai of {residents:,} residents "
            "each: they fit what is known of it, and differ in what is assumed",
            **about,
        )
        click.echo(f"{intro}\n", err=True)

    def call(seed: int, progress: Any) -> Any:
        return compare.compare(loaded, seed=seed, workers=workers, progress=progress, worlds=chosen or 1, residents=RESIDENTS)

    request.experiment("compare", loaded, {"residents": RESIDENTS}, call, _print, _page, chosen)


def _page(*arguments: Any) -> Any:
    return compare_page.write_comparison(*arguments)


def _print(result: Any) -> None:
    """Print differences of every mix in numbers of the whole city, what their words mean, and what may be typed next."""
    if isinstance(result, over_worlds.WorldComparison):
        _print_over_worlds(result)
    else:
        print_comparison(result)
    click.echo(str(Message("next")))
    width = max(len(typed) for typed, _ in NEXT) + 2
    for typed, shows in NEXT:
        click.echo(f"  {typed:<{width}}{shows}")
    click.echo()


def _print_over_worlds(result: Any) -> None:
    first, *others = result.batch.labels
    shown = [*compared.shown_metrics(result), *compared.priced_metrics(result, others[0])]
    rows = [[compared.natural_title(name, language()), compared.base_of(result, name, language())] for name in shown]
    for row, name in zip(rows, shown, strict=True):
        row += [_cell(compared.row_of(result, label, name), compared.verdict_of(result, label, name, language())) for label in others]
    title = Message("difference from {base}, in numbers of the whole city: median of the worlds, and verdict", base=first)
    print_table(title, [Message("result"), first, *others], rows)
    wrapped_lines(
        [
            compared.words_said(result.batch.finished, language()),
            str(Message("No mix is best by itself: each has benefits and costs, and many effect sizes are assumptions.")),
        ]
    )
    click.echo()


def _cell(row: dict[str, Any], found: Any) -> str:
    """A difference with its verdict; of an open one the verdict alone, and no verdict of money and staff that a policy itself sets."""
    if found.word == files.NOTHING:
        return found.median
    return found.word if row["word"] == world_verdict.OPEN else f"{found.median} {found.word}"
