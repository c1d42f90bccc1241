"""Tables on the terminal, and the labels of their rows."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from sim.lazy import lazily
from sim.messages import Joined, Message, Words, language
from sim.text import WIDTH, wrapped_to

with lazily():
    from rich import console as rich_console
    from rich import table as rich_table
    from rich import text as rich_text

    from sim.report.parts import files, leading
    from sim.report.text import catalogue, labels
    from sim.scenario.cities import known_rates

if TYPE_CHECKING:
    import pandas as pd

WIDE, PIPED = 100, 120
"""Columns of a terminal that shows every column of a table, and of a table that is written to a file."""


def print_table(title: Words, head: Sequence[Words], rows: Sequence[Sequence[Words]]) -> None:
    """Print a table; all columns but the first are aligned right. A narrow terminal does not show the second column."""
    console = rich_console.Console(width=None if sys.stdout.isatty() else PIPED)
    columns = [index for index in range(len(head)) if index != 1 or console.width >= WIDE or len(head) < 6]
    heading = rich_text.Text(str(title), style="bold")
    table = rich_table.Table(title=heading, title_justify="left", box=None, padding=(0, 1, 0, 0), header_style="dim")
    for index in columns:
        table.add_column(str(head[index]), justify="right" if index else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(rich_text.Text(str(row[index])) for index in columns))
    console.print(table)
    console.print()


def metric_label(name: str) -> str:
    """A metric as terminals name it: by its key in English, by its title in Chinese."""
    return name if language() == "en" else labels.metric_title(name, language())


def print_natural(title: Words, table: "pd.DataFrame", base: Words, interval: Words | None = None) -> None:
    """Print differences of one scenario in numbers of the real city, and below them what each effect costs.

    Parameters
    ----------
    title : Words
    table : DataFrame
        Its rows of `sim.experiments.comparisons.natural_units.natural_units`.
    base : Words
        Heading of the column of the scenario compared with.
    interval : Words, optional
        Heading of the column of intervals; 95 % intervals by default.
    """
    rows = leading.difference_rows(table, language())
    head = [Message("result"), base, Message("difference"), interval or Message("95 % interval")]
    print_table(title, head, [[row[key] for key in ("title", "base", "mean", "interval")] for row in rows])
    costs = [f"  {row['title']}{catalogue.say('colon', language())}{row['cost']}\n" for row in rows if row["cost"] != files.NOTHING]
    if costs:
        click.echo(f"{Message('cost per effect')}\n{''.join(costs)}")


def wrapped_lines(lines: Iterable[str], indent: str = "") -> None:
    """Print texts, each broken into lines."""
    for line in lines:
        click.echo("\n".join(f"{indent}{part}" for part in wrapped_to(line, WIDTH - len(indent))))


def interval_text(low: str, high: str) -> Message:
    """From one number to another."""
    return Message("{low} to {high}", low=low, high=high)


def print_origins(rates: "pd.DataFrame") -> None:
    """Print where the ranges of the rates come from: how many were given, and how many are the preset's or the reference's."""
    origins = {
        "given": Message("given"),
        "preset": Message("of the preset"),
        "reference": Message("of the reference (docs/model/rates.md)"),
    }
    parts = (Message("{count} {origin}", count=count, origin=origins[origin]) for origin, count in known_rates.counted(rates).items())
    click.echo(str(Message("rates used: {parts}", parts=Joined(parts))))
