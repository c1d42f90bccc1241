"""The three governances over the simplex."""

import click

from sim.commands.experiments import experimenting, finish, options_of, print_table, run_experiment
from sim.commands.shared import load_all


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--steps", type=click.IntRange(2, 40), default=10, show_default=True, help="Steps along an edge; 10 make 66 mixes.")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="One more map beside stability and satisfaction (repeatable).")
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
def command(
    scenario, steps, metrics, services, residents, replicates, seed, settings, window, workers, out, lang, csv, no_report, quiet
) -> None:
    """Divide what self-governance, rule of law and moral education have together in every way, on the same seeds.

    Draws ternary maps of stability and satisfaction, where each peaks and how sure that is, and the efficient mixes.
    """
    from sim.experiments.mix import mix
    from sim.experiments.written import experiment_folder

    (loaded,) = load_all([scenario], settings, None, None)
    first = loaded.seed if seed is None else seed
    folder = experiment_folder("mix", [loaded], first, replicates, (steps, metrics, services, residents, window), out)
    result = run_experiment(
        "mix",
        lambda progress: mix(loaded, steps, metrics, services, residents, replicates, first, workers, window, progress),
        folder,
        quiet,
        csv,
    )
    if not quiet:
        _print(result)
    page = None
    if not no_report:
        from sim.report.mix_page import write_mix

        given = {
            "steps": steps,
            "residents": residents,
            "metric": metrics,
            "services": services,
            "window": window,
        }
        page = write_mix(result, folder, lang, options_of(settings, **given))
    finish(result, folder, page, quiet)


def _print(result) -> None:
    """Where each objective peaks and how sure that is."""
    from sim.experiments.mix import Mix
    from sim.report.labels import number
    from sim.report.mix_page import share_of

    rows = []
    for row in result.peaks.to_dict("records"):
        name, shares = row["metric"], [share_of(row[lever]) for lever in Mix._fields]
        interval = f"{number(row['low'], name)}–{number(row['high'], name)}"
        rows.append([name, number(row["value"], name), interval, *shares, f"{row['near']}/{len(result.mixes)}", f"{row['same_peak']:.0%}"])
    head = ["metric", "peak", "95 % interval", "self-gov.", "law", "moral ed.", "services", "not told apart", "same peak"]
    print_table(f"{len(result.mixes)} mixes, {len(result.batch.seeds)} seeds: where each objective peaks", head, rows)
    count = int(result.mixes["efficient"].sum())
    click.echo(f"{count} of {len(result.mixes)} mixes are efficient. A peak is where the model's assumptions lead, not advice.\n")
