"""Show in a few seconds what the program is for: four mixes of one budget in a small city."""

from typing import Any

import click

from sim.commands import options
from sim.commands.experiments import ExperimentRequest
from sim.console.tables import print_table
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.experiments.comparisons import compare
    from sim.report.compare import page as compare_page
    from sim.report.parts import leading

MIXES = ("balanced", "lean_self_governance", "lean_rule_of_law", "lean_moral_education")
"""Shipped scenarios of the same budget; the first is what the others are compared with."""
SETTINGS = ("city.scale=0.001", "horizon=104")
SEEDS = 10
UNCLEAR = "≈"
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
    """Compare four mixes of one budget in a small city: a first look, in some seconds once the model is compiled."""
    request = ExperimentRequest(SEEDS, None, SETTINGS, None, workers, out, lang, False, False, no_report, quiet)
    loaded = request.load(*MIXES)
    if not quiet:
        about = {"mixes": len(MIXES), "seeds": SEEDS, "residents": loaded[0].city.population}
        intro = Message(
            "{mixes} ways to spend the same budget in a city like Shanghai, two years, {seeds} seeds, {residents:,} residents each",
            **about,
        )
        click.echo(f"{intro}\n", err=True)
    request.experiment("compare", loaded, {}, lambda seed, progress: _compared(loaded, seed, workers, progress), _print, _page)


def _compared(loaded: list[Any], seed: int, workers: int | None, progress: Any) -> Any:
    return compare.compare(loaded, SEEDS, seed=seed, workers=workers, progress=progress)


def _page(*arguments: Any) -> Any:
    return compare_page.write_comparison(*arguments)


def _print(result: Any) -> None:
    """Print differences of every mix in numbers of the whole city, what they mean, and what may be typed next."""
    first, *others = result.batch.labels
    cells: dict[str, list[str]] = {}
    for label in others:
        table = result.natural[result.natural["scenario"] == label]
        clear = (table["low"] > 0) | (table["high"] < 0)
        for row, known in zip(leading.difference_rows(table, language()), clear, strict=True):
            cells.setdefault(row["title"], [row["base"]]).append(row["mean"] if known else UNCLEAR)
    head = [Message("result"), first, *others]
    print_table(
        Message("difference from {base}, in numbers of the whole city", base=first), head, [[name, *row] for name, row in cells.items()]
    )
    for note in (
        Message("{sign}: the 95 % interval of the difference includes 0. A small city tells large effects only.", sign=UNCLEAR),
        Message("No mix is best by itself: each has benefits and costs, and many effect sizes are assumptions."),
    ):
        click.echo(str(note))
    click.echo(f"\n{Message('next')}")
    width = max(len(typed) for typed, _ in NEXT) + 2
    for typed, shows in NEXT:
        click.echo(f"  {typed:<{width}}{shows}")
    click.echo()
