"""Compare scenarios on the same seeds."""

import click

from sim.commands import options
from sim.commands.experiments import chosen_worlds, experiment_command, over_worlds
from sim.console.tables import metric_label, print_natural, print_table, wrapped_lines
from sim.console.worlds import print_over_worlds
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim import metrics
    from sim.analysis import intervals
    from sim.experiments import arguments
    from sim.experiments.comparisons import compare
    from sim.experiments.comparisons import over_worlds as world_comparisons
    from sim.report.compare import page as compare_page
    from sim.report.parts import experiments, numbers
    from sim.report.text import catalogue

SHOWN = ("headline", "stability", "satisfaction", "price", "fairness")
"""Groups of metrics printed on the terminal; the tables contain all."""


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.metrics("Compare only these metrics (repeatable); all by default.")
@click.option(
    "--interval",
    type=click.Choice(["t", "bootstrap"]),
    help="Of luck alone, in the default world: Student's t, widened for skewness (the default), or the studentised bootstrap.",
)
@over_worlds
@experiment_command()
def command(scenarios, metrics, interval, worlds, residents, keep, request) -> None:
    """Compare scenarios with the first of them, in the same plausible worlds and with the same luck.

    Prints in how many worlds each does better, by how much, and how much of the spread is luck. In the default world alone (--worlds 1, or
    with --replicates or --interval) it prints paired differences with 95 % intervals, which show luck alone.
    """
    loaded = request.load(*scenarios)
    chosen = chosen_worlds(worlds, bool(request.replicates or interval), request.quiet)

    def call(seed, progress):
        return compare.compare(
            loaded,
            request.replicates or arguments.DEFAULT,
            seed,
            request.workers,
            metrics or None,
            request.window,
            interval or arguments.DEFAULT,
            progress,
            chosen or 1,
            residents or arguments.DEFAULT,
            keep,
        )

    own = {"metric": metrics, "interval": interval, **({"residents": residents} if residents else {})}
    request.experiment("compare", loaded, own, call, print_comparison, _page, chosen)


def _page(*arguments):

    return compare_page.write_comparison(*arguments)


def print_comparison(result) -> None:
    """Print what was found, over worlds or by luck alone."""
    if isinstance(result, world_comparisons.WorldComparison):
        print_over_worlds(result)
    else:
        _print_luck_alone(result)


def _print_luck_alone(result) -> None:
    """Print a table per scenario, and how often each ranks first."""
    wrapped_lines(experiments.unlike(result.batch, language()))
    base, *others = result.batch.labels
    selected = result.differences["metric"].nunique() < len(metrics.METRICS)
    head = [
        *(Message("metric"), base, Message("difference"), Message("95 % interval"), "p"),
        *(Message("verdict"), Message("won"), Message("needed"), Message("unpaired ×")),
    ]
    for label in others:
        rows = []
        for row in result.differences[result.differences["scenario"] == label].to_dict("records"):
            if selected or metrics.METRICS[row["metric"]].group in SHOWN:
                rows.append([metric_label(row["metric"]), numbers.number(row["base"], row["metric"]), *compare_page.cells(row, language())])
        print_table(Message("{label} against {base}, {pairs} pairs", label=label, base=base, pairs=len(result.batch.seeds)), head, rows)
    for label in others:
        title = Message("{label} against {base}, in numbers of the real city", label=label, base=base)
        print_natural(title, result.natural[result.natural["scenario"] == label], base)
    wide = result.ranking.pivot(index="scenario", columns="ranked_by", values="first").loc[list(result.batch.labels)]
    ranks = [[label, *(f"{wide.loc[label, index]:.0%}" for index in ("stability", "satisfaction", "both"))] for label in wide.index]
    head = [Message("scenario"), metric_label("stability"), metric_label("satisfaction"), Message("both")]
    print_table(Message("ranks first under this share of all weightings"), head, ranks)
    notes = (
        catalogue.say("luck_only", language()),
        Message(
            "p: with Holm's correction over all differences. {alone}: the interval excludes 0, as one in twenty does by chance.",
            alone=catalogue.say("verdict_by_itself", language()),
        ),
        Message(
            "–: fewer than {fewest} pairs, or nearly all pairs differ by the same amount."
            " needed: runs of each scenario with which a difference of the estimated size would be significant.",
            fewest=intervals.FEWEST,
        ),
        Message("unpaired: how many times as many runs would be needed without common random numbers."),
    )
    click.echo("".join(f"{note}\n" for note in notes))
