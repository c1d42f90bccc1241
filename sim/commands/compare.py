"""Compare scenarios on the same luck."""

import click

from sim.commands import options
from sim.commands.experiments import experimenting, print_table
from sim.messages import Message, language

SHOWN = ("headline", "stability", "satisfaction", "price", "fairness")
"""Groups of metrics on the terminal; the tables hold all."""


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.metrics("Compare only these metrics (repeatable); all by default.")
@click.option(
    "--interval",
    type=click.Choice(["t", "bootstrap"]),
    default="t",
    show_default=True,
    help="Student's t widened for skew, or studentised bootstrap.",
)
@experimenting(replicates=30)
def command(scenarios, metrics, interval, asked) -> None:
    """Compare scenarios with the first of them, all on the same seeds.

    Prints paired differences with 95 % intervals, and who ranks first under which weights.
    """
    from sim.experiments.comparisons.compare import compare

    loaded = asked.load(*scenarios)
    asked.experiment(
        "compare",
        loaded,
        {"metric": metrics, "interval": None if interval == "t" else interval},
        lambda seed, progress: compare(loaded, asked.replicates, seed, asked.workers, metrics or None, asked.window, interval, progress),
        _print,
        _page,
    )


def _page(*arguments):
    from sim.report.compare.page import write_comparison

    return write_comparison(*arguments)


def _print(result) -> None:
    """A table per scenario, and who ranks first."""
    from sim.analysis.intervals import FEWEST
    from sim.console import metric_label
    from sim.metrics import METRICS
    from sim.report.compare.page import cells
    from sim.report.parts.numbers import number

    base, *others = result.batch.labels
    named = result.differences["metric"].nunique() < len(METRICS)
    head = [
        *(Message("metric"), base, Message("difference"), Message("95 % interval"), "p"),
        *(Message("verdict"), Message("won"), Message("needed"), Message("unpaired ×")),
    ]
    for label in others:
        rows = []
        for row in result.differences[result.differences["scenario"] == label].to_dict("records"):
            if named or METRICS[row["metric"]].group in SHOWN:
                rows.append([metric_label(row["metric"]), number(row["base"], row["metric"]), *cells(row, language())])
        print_table(Message("{label} against {base}, {pairs} pairs", label=label, base=base, pairs=len(result.batch.seeds)), head, rows)
    wide = result.ranking.pivot(index="scenario", columns="ranked_by", values="first").loc[list(result.batch.labels)]
    ranks = [[label, *(f"{wide.loc[label, index]:.0%}" for index in ("stability", "satisfaction", "both"))] for label in wide.index]
    head = [Message("scenario"), metric_label("stability"), metric_label("satisfaction"), Message("both")]
    print_table(Message("ranks first under this share of all weightings"), head, ranks)
    notes = (
        Message("p: Holm's correction over all differences. by itself only: the interval leaves out 0, which one in twenty does by luck."),
        Message(
            "–: fewer than {fewest} pairs, or nearly all differ by the same."
            " needed: runs of each that would settle what is open, if it is as large as it looks.",
            fewest=FEWEST,
        ),
        Message("unpaired: how many times as many runs would be needed without common seeds."),
    )
    click.echo("".join(f"{note}\n" for note in notes))
