"""Divide the budget among the three kinds of governance in every way."""

import click

from sim.commands import options
from sim.commands.experiments import experiment_command
from sim.console.tables import metric_label, print_natural, print_table
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim.experiments.comparisons import mix as mixes
    from sim.report.mix import page as mix_page
    from sim.report.parts import numbers


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--steps", type=options.WholeNumber(2, 40), default=10, show_default=True, help="Steps along an edge; 10 steps give 66 mixes."
)
@options.metrics("Another map besides stability and satisfaction (repeatable).")
@click.option(
    "--services",
    multiple=True,
    type=options.Number(0, 1),
    metavar="SHARE",
    help="Share of public services to try, at the expense of the three (repeatable); constant by default.",
)
@click.option(
    "--residents",
    type=options.WholeNumber(256, 25_000_000),
    default=5_000,
    show_default=True,
    help="Scale the city down to this size, to be quick.",
)
@experiment_command(replicates=10)
def command(scenario, steps, metrics, services, residents, request) -> None:
    """Divide the joint budget of self-governance, rule of law and moral education in every way, on the same seeds.

    Draws ternary maps of stability and satisfaction, with the peak of each and its uncertainty, and the efficient mixes.
    """
    (loaded,) = request.load(scenario)
    own = {"steps": steps, "metric": metrics, "services": services, "residents": residents}

    def call(seed, progress):
        return mixes.mix(loaded, steps, metrics, services, residents, request.replicates, seed, request.workers, request.window, progress)

    request.experiment("mix", [loaded], own, call, _print, _page)


def _page(*arguments):

    return mix_page.write_mix(*arguments)


def _print(result) -> None:
    """Print where each objective peaks, and how certain that is."""
    rows = []
    for row in result.peaks.to_dict("records"):
        name, shares = row["metric"], [mix_page.share_of(row[lever]) for lever in mixes.Mix._fields]
        value, low, high = numbers.together((row["value"], row["low"], row["high"]), name)
        rows.append(
            [
                metric_label(name),
                value,
                numbers.between(low, high) if low != high else low,
                *shares,
                f"{row['near']}/{len(result.mixes)}",
                f"{row['same_peak']:.0%}",
            ]
        )
    head = [
        *(Message("metric"), Message("peak"), Message("95 % interval"), Message("self-gov."), Message("law"), Message("moral ed.")),
        *(Message("services"), Message("not distinguishable"), Message("same peak")),
    ]
    about = {"mixes": len(result.mixes), "seeds": len(result.batch.seeds)}
    print_table(Message("{mixes} mixes, {seeds} seeds: where each objective peaks", **about), head, rows)
    for label, rows in result.natural.groupby("scenario", sort=False):
        title = Message("{label} against {base}, in numbers of the real city", label=label, base=mixes.OWN)
        print_natural(title, rows, mixes.OWN)
    note = Message(
        "{count} of {mixes} mixes are efficient. A peak is a result of the model's assumptions, not advice.",
        count=int(result.mixes["efficient"].sum()),
        mixes=len(result.mixes),
    )
    click.echo(f"{note}\n")
