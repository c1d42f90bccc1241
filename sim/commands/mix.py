"""The three governances over the simplex."""

import click

from sim.commands import options
from sim.commands.experiments import experimenting, print_table
from sim.messages import Message


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--steps", type=click.IntRange(2, 40), default=10, show_default=True, help="Steps along an edge; 10 make 66 mixes.")
@options.metrics("One more map beside stability and satisfaction (repeatable).")
@click.option(
    "--services",
    multiple=True,
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Share of public services to try, traded against the three (repeatable); held by default.",
)
@click.option(
    "--residents",
    type=click.IntRange(256, 25_000_000),
    default=5_000,
    show_default=True,
    help="Make the city smaller where it has more, to be quick.",
)
@experimenting(replicates=10)
def command(scenario, steps, metrics, services, residents, asked) -> None:
    """Divide what self-governance, rule of law and moral education have together in every way, on the same seeds.

    Draws ternary maps of stability and satisfaction, where each peaks and how sure that is, and the efficient mixes.
    """
    from sim.experiments.comparisons.mix import mix

    (loaded,) = asked.load(scenario)
    own = {"steps": steps, "metric": metrics, "services": services, "residents": residents}

    def call(seed, progress):
        return mix(loaded, steps, metrics, services, residents, asked.replicates, seed, asked.workers, asked.window, progress)

    asked.experiment("mix", [loaded], own, call, _print, _page)


def _page(*arguments):
    from sim.report.mix.page import write_mix

    return write_mix(*arguments)


def _print(result) -> None:
    """Where each objective peaks and how sure that is."""
    from sim.console import metric_label
    from sim.experiments.comparisons.mix import Mix
    from sim.report.mix.page import share_of
    from sim.report.parts.numbers import between, together

    rows = []
    for row in result.peaks.to_dict("records"):
        name, shares = row["metric"], [share_of(row[lever]) for lever in Mix._fields]
        value, low, high = together((row["value"], row["low"], row["high"]), name)
        rows.append(
            [
                metric_label(name),
                value,
                between(low, high) if low != high else low,
                *shares,
                f"{row['near']}/{len(result.mixes)}",
                f"{row['same_peak']:.0%}",
            ]
        )
    head = [
        *(Message("metric"), Message("peak"), Message("95 % interval"), Message("self-gov."), Message("law"), Message("moral ed.")),
        *(Message("services"), Message("not told apart"), Message("same peak")),
    ]
    about = {"mixes": len(result.mixes), "seeds": len(result.batch.seeds)}
    print_table(Message("{mixes} mixes, {seeds} seeds: where each objective peaks", **about), head, rows)
    told = Message(
        "{count} of {mixes} mixes are efficient. A peak is where the model's assumptions lead, not advice.",
        count=int(result.mixes["efficient"].sum()),
        mixes=len(result.mixes),
    )
    click.echo(f"{told}\n")
