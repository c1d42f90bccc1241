"""Shapley shares of the levers that differ."""

import click

from sim.commands import options
from sim.commands.experiments import chosen_worlds, experiment_command, over_worlds
from sim.console.tables import metric_label, print_natural, print_table
from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.experiments import arguments
    from sim.experiments.comparisons import attribute
    from sim.report.attribute import page as attribute_page
    from sim.report.text import catalogue


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--together", multiple=True, metavar="KEY", help="Treat all differences below this key as one lever, as in --together policy."
)
@options.metrics("Only these metrics (repeatable); all by default.")
@over_worlds
@experiment_command()
def command(first, second, together, metrics, worlds, residents, keep, request) -> None:
    """Divide the difference between scenarios A and B exactly among the levers that differ, in the same plausible worlds.

    Runs every combination of old and new settings; with more than eight levers, group some with --together. In the default world alone
    (--worlds 1, or with --replicates) intervals show luck alone.
    """
    loaded = request.load(first, second)
    if len(loaded) < 2:
        raise UserError("attribute: {first} and {second} are the same scenario; expected two that differ", first=first, second=second)

    chosen = chosen_worlds(worlds, bool(request.replicates), request.quiet)

    def call(seed, progress):
        return attribute.attribute(
            *loaded,
            together,
            metrics or None,
            request.replicates or arguments.DEFAULT,
            seed,
            request.workers,
            request.window,
            progress,
            chosen or 1,
            residents or arguments.DEFAULT,
            keep,
        )

    own = {"together": together, "metric": metrics, **({"residents": residents} if residents else {})}
    request.experiment("attribute", loaded, own, call, _print, _page, chosen)


def _page(*arguments):

    return attribute_page.write_attribution(*arguments)


def _print(result) -> None:
    """Print the shares of the levers in the two indices, or in the metrics requested."""
    names = list(dict.fromkeys(result.effects["metric"]))
    ends = {"first": result.named[0].name, "second": result.named[1].name}
    for metric in names if len(names) <= 5 else attribute_page.shown_metrics(result):
        table = attribute_page.effect_table(result, [metric], language())
        about = {"metric": metric_label(metric), **ends, "count": result.batch.finished}
        rows = [[row[1], *row[3:]] for row in table.rows]
        luck_head = [Message("effect"), Message("value"), Message("95 % interval")]
        head = [table.head[1], *table.head[3:]] if result.over_worlds else luck_head
        in_worlds = Message("{metric}: {first} to {second}, {count} plausible worlds", **about)
        on_seeds = Message("{metric}: {first} to {second}, {count} seeds", **about)
        print_table(in_worlds if result.over_worlds else on_seeds, head, rows)
    for label, rows in result.natural.groupby("scenario", sort=False):
        whole = Message("{second} against {first}, in numbers of the real city", **ends)
        share = Message("share of {label} in the difference of {second} from {first}, in numbers of the real city", label=label, **ends)
        if result.over_worlds:
            table = attribute_page.natural_table(rows, language())
            print_table(share if label else whole, table.head, table.rows)
        else:
            print_natural(share if label else whole, rows, result.named[0].name)
    note = Message("Shapley shares add up to the total difference; so do single effects, pairs, and effects of three or more levers.")
    click.echo(f"{note}\n")
    click.echo(f"{catalogue.say('worlds_no_chance' if result.over_worlds else 'luck_only', language())}\n")
    if result.factors:
        note = Message("{count} combinations exceed the budget: each lever keeps the money of its own scenario.", count=len(result.factors))
        click.echo(f"{note}\n")
