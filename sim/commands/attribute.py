"""Shapley shares of the levers that differ."""

import click

from sim.commands import options
from sim.commands.experiments import experiment_command
from sim.console.tables import metric_label, print_natural, print_table
from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.experiments.comparisons import attribute
    from sim.report.attribute import page as attribute_page


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--together", multiple=True, metavar="KEY", help="Treat all differences below this key as one lever, as in --together policy."
)
@options.metrics("Only these metrics (repeatable); all by default.")
@experiment_command(replicates=30)
def command(first, second, together, metrics, request) -> None:
    """Divide the difference between scenarios A and B exactly among the levers that differ, on the same seeds.

    Runs every combination of old and new settings; with more than eight levers, group some with --together.
    """
    loaded = request.load(first, second)
    if len(loaded) < 2:
        raise UserError("attribute: {first} and {second} are the same scenario; expected two that differ", first=first, second=second)

    def call(seed, progress):
        return attribute.attribute(*loaded, together, metrics or None, request.replicates, seed, request.workers, request.window, progress)

    request.experiment("attribute", loaded, {"together": together, "metric": metrics}, call, _print, _page)


def _page(*arguments):

    return attribute_page.write_attribution(*arguments)


def _print(result) -> None:
    """Print the shares of the levers in the two indices, or in the metrics requested."""
    names = list(dict.fromkeys(result.effects["metric"]))
    for metric in names if len(names) <= 5 else attribute_page.shown_metrics(result):
        table = attribute_page.effect_table(result, [metric], language())
        rows = [[row[1], *row[3:]] for row in table.rows]
        about = {"metric": metric_label(metric), "first": result.named[0].name, "second": result.named[1].name}
        title = Message("{metric}: {first} to {second}, {seeds} seeds", **about, seeds=len(result.batch.seeds))
        print_table(title, [Message("effect"), Message("value"), Message("95 % interval")], rows)
    for label, rows in result.natural.groupby("scenario", sort=False):
        about = {"label": label or result.named[1].name, "base": result.named[0].name}
        print_natural(Message("{label} against {base}, in numbers of the real city", **about), rows, result.named[0].name)
    note = Message("Shapley shares add up to the total difference; so do single effects, pairs, and effects of three or more levers.")
    click.echo(f"{note}\n")
    if result.factors:
        note = Message("{count} combinations exceed the budget: each lever keeps the money of its own scenario.", count=len(result.factors))
        click.echo(f"{note}\n")
