"""What is printed of a comparison over plausible worlds."""

from collections.abc import Iterable, Sequence

import click

from sim.console.tables import interval_text, print_table, wrapped_lines
from sim.lazy import lazily
from sim.messages import Message, Words, language

with lazily():
    from sim.report.compare import worlds
    from sim.report.parts import experiments, files, indices, numbers
    from sim.report.text import catalogue

FINDINGS, PRICES = (0, 6, 1, 2, 3, 5), (0, 1, 2, 5)
"""Columns of a table of verdicts that are printed. A narrow terminal leaves out the second of the first, luck's share."""


def print_over_worlds(result) -> None:
    """Print in how many worlds each scenario does better, by how much, what the spread consists of, and what one would have to believe.

    Parameters
    ----------
    result : WorldComparison
    """
    lang, shown = language(), experiments.titles(result.batch, language())
    wrapped_lines(experiments.unlike(result.batch, lang))
    base, *others = result.batch.labels
    unpriced = (files.NOTHING, catalogue.say("cost_no_effect", lang))
    costs = {block["title"]: block["rows"] for block in worlds.natural_blocks(result, lang)}
    for label, lead in zip(others, worlds.leads(result, lang), strict=True):
        wrapped_lines([lead])
        click.echo()
        table = worlds.verdict_table(result, label, lang, worlds.shown_metrics(result))
        title = Message("{label} against {base}, {worlds} plausible worlds", label=label, base=base, worlds=result.batch.finished)
        _print_columns(title, table, FINDINGS)
        money = worlds.verdict_table(result, label, lang, worlds.priced_metrics(result, label))
        if money.rows:
            _print_columns(Message("hours, money and staff"), money, PRICES)
        colon = catalogue.say("colon", lang)
        priced = [f"{row['title']}{colon}{row['cost']}" for row in costs.get(shown[label], ()) if row["cost"] not in unpriced]
        _print_part(Message("cost per effect"), priced)
        _print_part(catalogue.say("worlds_carriers", lang), worlds.carriers_lines(result, label, lang))
        _print_part(catalogue.say("h_worlds_beliefs", lang), worlds.beliefs(result, label, lang))
    ranked = indices.world_first_table(result.ranks, {label: label for label in result.batch.labels}, lang)
    print_table(Message("ranks first: share of weightings (worlds)"), ranked.head, ranked.rows)
    wrapped_lines([worlds.words_said(result.batch.finished, lang), worlds.method_said(result, lang)])
    wrapped_lines([catalogue.say("worlds_no_chance", lang)])
    click.echo()


def print_fit(fit) -> None:
    """Print how the rates of a user's own city come out over worlds, and how many worlds fit.

    Parameters
    ----------
    fit : Fit
    """
    head = [Message("rate"), Message("range"), Message("median over worlds"), Message("luck"), Message("worlds inside")]
    rows = []
    for row in fit.rates.to_dict("records"):
        known = interval_text(*(numbers.number(row[edge], row["rate"]) for edge in ("low", "high")))
        shown = [numbers.number(row[one], row["rate"]) for one in ("median", "luck")]
        rows.append([row["rate"], str(known), *shown, f"{row['fits']}/{fit.of}"])
    print_table(Message("rates of the city in every world"), head, rows)
    wrapped_lines(map(str, fit.said))


def _print_columns(title: Words, table: "files.Table", columns: Sequence[int]) -> None:
    print_table(title, [table.head[place] for place in columns], [[row[place] for place in columns] for row in table.rows])


def _print_part(title, lines: Iterable[str]) -> None:
    """A heading with indented lines below it, if there are any."""
    if lines := list(lines):
        click.echo(str(title))
        wrapped_lines(lines, "  ")
        click.echo()
