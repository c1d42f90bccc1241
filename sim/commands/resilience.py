"""What the shocks of a scenario do, where, and what comes back."""

import click

from sim.commands import options
from sim.commands.experiments import experimenting, print_table
from sim.messages import Message, language


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@options.metrics("Judge these metrics, of which more or less is better (repeatable); the indices and their parts by default.")
@experimenting(replicates=30)
def command(scenario, metrics, asked) -> None:
    """What happens when something fails or closes: run SCENARIO with its shocks and without them, on the same seeds.

    Prints the differences that its shocks make while they last and at the end, with 95 % intervals, and how fast half of a loss comes
    back; the page shows them by district. Kinds of shocks: sanzhi describe shocks.
    """
    from sim.experiments.comparisons.resilience import USUAL, resilience

    (loaded,) = asked.load(scenario)

    def call(seed, progress):
        return resilience(loaded, metrics or USUAL, asked.replicates, seed, asked.workers, asked.window, progress)

    asked.experiment("resilience", [loaded], {"metric": metrics}, call, _print, _page)


def _page(*arguments):
    from sim.report.resilience.page import write_resilience

    return write_resilience(*arguments)


def _print(result) -> None:
    """A row per metric: both differences with their intervals, and half-recoveries where there was a loss beyond luck."""
    from sim.console import metric_label
    from sim.report.parts.experiments import difference_cells
    from sim.report.parts.numbers import number
    from sim.report.resilience.page import loss_cells, sure, worse

    rows = []
    for name, both in result.effects.groupby("metric", sort=False):
        during, end = both.to_dict("records")
        cells = [cell for row in (during, end) for cell in difference_cells(row, name)]
        lost = sure(during) and worse(during)
        half = loss_cells(result.losses[result.losses["metric"] == name], name, language())[2:] if lost else ["", ""]
        rows.append([metric_label(name), number(during["base"], name), *cells, *half])
    count, weeks = len(result.named[0].shocks), result.batch.window
    interval = Message("95 % interval")
    head = [
        *(Message("metric"), Message("without"), Message("while it lasts"), interval),
        *(Message("last {weeks} weeks", weeks=weeks), interval, Message("half back, weeks"), Message("not back")),
    ]
    shocks = Message("{count} shocks", count=count) if count > 1 else Message("1 shock")
    about = {"name": result.named[0].name, "shocks": shocks, "pairs": len(result.batch.seeds)}
    print_table(Message("{name}: what {shocks} made different, {pairs} pairs", **about), head, rows)
    told = Message("Differences: with the shocks minus without. An interval that holds 0: luck alone may make it.")
    click.echo(f"{told}\n")
