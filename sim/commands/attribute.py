"""Shapley shares of the levers that differ."""

import click

from sim.commands import options
from sim.commands.experiments import experimenting, print_table
from sim.messages import Message, language


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--together", multiple=True, metavar="KEY", help="Count what differs below this key as one lever, as in --together policy.")
@options.metrics("Only these metrics (repeatable); all by default.")
@experimenting(replicates=30)
def command(first, second, together, metrics, asked) -> None:
    """Divide the difference between scenarios A and B exactly among the levers that differ, on the same seeds.

    Runs every combination of old and new settings; with more than eight levers, put some --together.
    """
    from sim.errors import UserError
    from sim.experiments.comparisons.attribute import attribute

    loaded = asked.load(first, second)
    if len(loaded) < 2:
        raise UserError("attribute: {first} and {second} are the same scenario; expected two that differ", first=first, second=second)

    def call(seed, progress):
        return attribute(*loaded, together, metrics or None, asked.replicates, seed, asked.workers, asked.window, progress)

    asked.experiment("attribute", loaded, {"together": together, "metric": metrics}, call, _print, _page)


def _page(*arguments):
    from sim.report.attribute.page import write_attribution

    return write_attribution(*arguments)


def _print(result) -> None:
    """Shares of the levers in the two indices, or in what was asked for."""
    from sim.console import metric_label
    from sim.report.attribute.page import effect_table, shown_metrics

    names = list(dict.fromkeys(result.effects["metric"]))
    for metric in names if len(names) <= 5 else shown_metrics(result):
        table = effect_table(result, [metric], language())
        rows = [[row[1], *row[3:]] for row in table.rows]
        about = {"metric": metric_label(metric), "first": result.named[0].name, "second": result.named[1].name}
        title = Message("{metric}: {first} to {second}, {seeds} seeds", **about, seeds=len(result.batch.seeds))
        print_table(title, [Message("effect"), Message("value"), Message("95 % interval")], rows)
    told = Message("Shapley shares sum to the total difference; so do the levers alone, the pairs and three or more together.")
    click.echo(f"{told}\n")
    if result.factors:
        told = Message(
            "{count} combinations spend beyond the budget: each lever keeps the money of its own scenario.", count=len(result.factors)
        )
        click.echo(f"{told}\n")
