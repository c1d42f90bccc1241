"""What the shocks of a scenario change, where, and how fast the city recovers."""

import click

from sim.commands import options
from sim.commands.experiments import experiment_command
from sim.console.tables import metric_label, print_table
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.experiments.comparisons import resilience
    from sim.report.parts import experiments as experiment_parts
    from sim.report.parts import numbers
    from sim.report.resilience import page as resilience_page


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@options.metrics("Metrics to judge, for which more or less is better (repeatable); the indices and their parts by default.")
@experiment_command(replicates=30)
def command(scenario, metrics, request) -> None:
    """Run SCENARIO with its shocks and without them, on the same seeds.

    Prints the effects of the shocks while they last and at the end, with 95 % intervals, and how fast half of a loss is recovered; the
    page shows them by district. Kinds of shocks: sanzhi describe shocks.
    """
    (loaded,) = request.load(scenario)

    def call(seed, progress):
        return resilience.resilience(
            loaded, metrics or resilience.USUAL, request.replicates, seed, request.workers, request.window, progress
        )

    request.experiment("resilience", [loaded], {"metric": metrics}, call, _print, _page)


def _page(*arguments):

    return resilience_page.write_resilience(*arguments)


def _print(result) -> None:
    """Print a row per metric: both differences with their intervals, and half-lives of clear losses."""
    rows = []
    for name, both in result.effects.groupby("metric", sort=False):
        during, end = both.to_dict("records")
        cells = [cell for row in (during, end) for cell in experiment_parts.difference_cells(row, name)]
        lost = resilience_page.sure(during) and resilience_page.worse(during)
        half = resilience_page.loss_cells(result.losses[result.losses["metric"] == name], name, language())[2:] if lost else ["", ""]
        rows.append([metric_label(name), numbers.number(during["base"], name), *cells, *half])
    count, weeks = len(result.named[0].shocks), result.batch.window
    interval = Message("95 % interval")
    head = [
        *(Message("metric"), Message("without"), Message("while it lasts"), interval),
        *(Message("last {weeks} weeks", weeks=weeks), interval, Message("half-life, weeks"), Message("censored")),
    ]
    shocks = Message("{count} shocks", count=count) if count > 1 else Message("1 shock")
    about = {"name": result.named[0].name, "shocks": shocks, "pairs": len(result.batch.seeds)}
    print_table(Message("{name}: effects of {shocks}, {pairs} pairs", **about), head, rows)
    note = Message("Differences: with the shocks minus without. If the interval contains 0, chance alone may explain it.")
    click.echo(f"{note}\n")
