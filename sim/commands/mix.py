"""Divide the budget among the three kinds of governance in every way."""

from dataclasses import replace

import click

from sim.commands import options
from sim.commands.experiments import chosen_worlds, experiment_command
from sim.console.tables import metric_label, print_natural, print_table, wrapped_lines
from sim.lazy import lazily
from sim.messages import Message, language

with lazily():
    from sim.experiments import arguments
    from sim.experiments.comparisons import mix as mixes
    from sim.experiments.comparisons import mix_grid, mix_worlds
    from sim.report.mix import page as mix_page
    from sim.report.mix import words as mix_words
    from sim.report.mix import worlds as mix_over_worlds
    from sim.report.parts import numbers
    from sim.report.text import catalogue

SEEDS = 10
"""Seeds in the default world alone."""


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
@options.worlds("20 by default.")
@click.option(
    "--residents",
    type=options.WholeNumber(256, 25_000_000),
    default=5_000,
    show_default=True,
    help="Scale the city down to this size, to be quick.",
)
@options.keep
@experiment_command(alone=SEEDS)
def command(scenario, steps, metrics, services, worlds, residents, keep, request) -> None:
    """Divide the joint budget of self-governance, rule of law and moral education in every way, in the same plausible worlds.

    Draws ternary maps of stability and satisfaction: where each mix does better, in how many worlds it is among the best, and in how many
    it is efficient. In the default world alone (--worlds 1, or with --replicates) it draws the peak of each with its uncertainty by luck.
    """
    (loaded,) = request.load(scenario)
    chosen = chosen_worlds(worlds, request.replicates is not None, request.quiet, mix_worlds.WORLDS)
    if chosen is None:
        request = replace(request, replicates=request.replicates or SEEDS)
    own = {"steps": steps, "metric": metrics, "services": services, "residents": residents}

    def call(seed, progress):
        replicates = arguments.DEFAULT if chosen else request.replicates
        given = replicates, seed, request.workers, request.window, progress, chosen or 1, keep
        return mixes.mix(loaded, steps, metrics, services, residents, *given)

    request.experiment("mix", [loaded], own, call, _print, _page, chosen)


def _page(*arguments):

    return mix_page.write_mix(*arguments)


def _print(result) -> None:
    """Print what was found, over worlds or by luck alone."""
    if isinstance(result, mix_worlds.WorldMixResult):
        _print_over_worlds(result)
    else:
        _print_luck_alone(result)


def _print_over_worlds(result) -> None:
    """Print which mixes are among the best, in how many worlds, and which has the least worst regret."""
    lang, worlds = language(), result.batch.finished
    wrapped_lines(mix_over_worlds.answers(result, lang))
    click.echo()
    table = mix_over_worlds.best_table(result, lang)
    head, *rows = ([row[0], *row[3:]] for row in (table.head, *table.rows))  # the sentences name the mixes
    print_table(Message("{mixes} mixes in {worlds} plausible worlds", mixes=len(result.mixes), worlds=worlds), head, rows)
    for label, rows in result.natural.groupby("scenario", sort=False):
        title = Message("{label} against {base}, in numbers of the real city", label=label, base=mix_grid.OWN)
        print_natural(title, rows.rename(columns={"median": "mean"}), mix_grid.OWN, Message("90 % range"))
    wrapped_lines(mix_over_worlds.method(result, lang))
    click.echo()


def _print_luck_alone(result) -> None:
    """Print where each objective peaks, and how certain that is."""
    rows = []
    for row in result.peaks.to_dict("records"):
        name, shares = row["metric"], [mix_words.share_of(row[lever]) for lever in mix_grid.Mix._fields]
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
        title = Message("{label} against {base}, in numbers of the real city", label=label, base=mix_grid.OWN)
        print_natural(title, rows, mix_grid.OWN)
    note = Message(
        "{count} of {mixes} mixes are efficient. A peak is a result of the model's assumptions, not advice.",
        count=int(result.mixes["efficient"].sum()),
        mixes=len(result.mixes),
    )
    wrapped_lines([str(note), catalogue.say("luck_only", language())])
    click.echo()
