"""Rule out values of the free coefficients for which the model cannot match the rates of a real city."""

import sys
from functools import partial
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page, Workbook, load_all
from sim.console.progress import Progress
from sim.console.tables import interval_text, print_origins, print_table
from sim.files import write_whole
from sim.lazy import lazily
from sim.messages import Message, language
from sim.text import labelled

with lazily():
    from sim import results
    from sim.experiments.calibration import calibrate, history_match
    from sim.report.history import figures as history_figures
    from sim.report.history import sentences as history_sentences
    from sim.report.parts import style
    from sim.report.workbook import book as books

MOST_NAMED = 3
"""Rates listed for each coefficient; the table in the folder has all."""


@click.command()
@click.argument("scenario")
@options.changing
@click.option(
    "--residents", type=options.WholeNumber(2000, 1_000_000), default=30_000, show_default=True, help="Number of residents of the city."
)
@options.measured_weeks
@click.option("--points", type=options.WholeNumber(10, 10_000), default=80, show_default=True, help="Points simulated per wave.")
@click.option("--waves", type=options.WholeNumber(1, 20), default=2, show_default=True, help="Maximum number of waves.")
@click.option(
    "--highest",
    type=options.WholeNumber(1, 3),
    default=2,
    show_default=True,
    help="Rule out by the highest, second or third highest implausibility.",
)
@click.option(
    "--discrepancy",
    type=options.Number(0, 1),
    default=0.05,
    show_default=True,
    help="Discrepancy of the best possible model, as a share of a rate.",
)
@click.option("--only", multiple=True, metavar="MECHANISM.KEY", help="Vary these coefficients only (repeatable).")
@options.rates
@options.out("<name>/history-match/<key>")
@options.xlsx
@options.quiet("the folder")
@options.allow_rules
def command(
    scenario, seed, replicates, settings, residents, weeks, points, waves, highest, discrepancy, only, rates, only_rates, out, xlsx, quiet
) -> None:
    """Rule out values of the free coefficients of a scenario for which it cannot match the rates of its city.

    Every wave simulates points in the space that earlier waves have left, fits an emulator, and rules out implausible points: those more
    than three standard deviations from a rate, counting all uncertainties. Prints how much of the space is left, which rates bound which
    coefficients, and for which rates the present values are implausible (exit code 1 if there are any, or if nothing is left).
    """
    (loaded,) = load_all([scenario], settings, seed, None)
    results.check_writable(Path(out) / loaded.name / "history-match")
    free = {name: calibrate.FREE.get(name, ()) for name in only} if only else calibrate.FREE
    with Progress(loaded.name, quiet, unit=Message("points")) as progress:
        numbers = {"points": points, "waves": waves, "discrepancy": discrepancy, "highest": highest}
        known = {"rates": rates, "reference": not only_rates}
        found = history_match.history_match(loaded, residents, weeks, replicates or 4, free=free, progress=progress, **numbers, **known)
    folder = history_match.write_history(found, loaded, out)
    page = Page(loaded.name, folder, partial(_draw, found, folder) if len(found.pairs) else None, quiet)
    lang = language()
    book = Workbook(loaded.name, folder, (lambda: books.of_history(found, loaded, lang)) if xlsx else None, lang, quiet)
    if quiet:
        click.echo(str(folder))
    else:
        _print(found)
        print_origins(found.rates)
        for line in history_sentences.lines(found.waves, found.coefficients, found.rates, found.settings):
            click.echo(line)
        click.echo(labelled(Message("results"), folder, 8))
        book.say()
    sys.exit(FAILED if found.implausible or found.left == 0 or page.failed or book.failed else 0)


def _draw(found, folder):
    """Draw the pairs of values that are left."""
    figure = history_figures.draw_pairs(
        found.pairs, dict(zip(found.coefficients["coefficient"], found.coefficients["present"], strict=True))
    )
    write_whole(folder / "pairs.png", style.to_png(figure), flushed=False)
    return folder / "pairs.png"


def _print(found) -> None:
    """Print a table of waves, one of coefficients, and one of rates."""
    waves = [
        [
            str(row["wave"]),
            str(row["points"]),
            history_sentences.share(row["hold"]),
            *(history_sentences.share(row[f"left_{name}"]) for name in ("first", "second", "third")),
            row["distrusted"] or "-",
        ]
        for row in found.waves.to_dict("records")
    ]
    head = [Message("wave"), Message("points"), Message("hold"), Message("1st"), Message("2nd"), Message("3rd"), Message("not trusted")]
    print_table(Message("left of the whole space, by the highest implausibility"), head, waves)
    rows = []
    for row in found.coefficients.to_dict("records"):
        left, bounds = interval_text(f"{row['left_low']:.3g}", f"{row['left_high']:.3g}"), row["bounded_by"].split()
        named = ", ".join(bounds[:MOST_NAMED]) + (" ..." if len(bounds) > MOST_NAMED else "")
        rows.append([row["coefficient"], f"{row['present']:.3g}", str(left), named or "-"])
    head = [Message("coefficient"), Message("now"), Message("left"), Message("bounded by")]
    print_table(Message("coefficients, and the middle 95 % of what is left"), head, rows)
    rows = []
    for row in found.rates.to_dict("records"):
        known = str(interval_text(f"{row['low']:g}", f"{row['high']:g}"))
        rows.append(
            [
                row["rate"],
                known,
                f"{row['present']:.3g}",
                f"{row['implausibility']:.2f}",
                f"{row['explained']:.2f}",
                history_sentences.share(row["ruled_out"]),
            ]
        )
    head = [Message("rate"), Message("range"), Message("now")]
    head += [Message("implausibility now"), Message("emulator explains"), Message("rules out alone")]
    print_table(Message("rates"), head, rows)
