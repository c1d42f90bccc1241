"""Small pieces of HTML that several parts of the page use. All values are escaped."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup


def table(caption: str, head: Iterable[str], rows: Iterable[Markup], kind: str = "") -> Markup:
    """A table of numbers that scrolls horizontally on narrow screens."""
    heads = Markup("").join(Markup("<th>{}</th>").format(words) for words in head)
    parts = (kind, caption, Markup("<thead><tr>{}</tr></thead>").format(heads) if heads else "", Markup("").join(rows))
    return Markup('<div class="wide-table"><table class="numbers {}"><caption>{}</caption>{}<tbody>{}</tbody></table></div>').format(*parts)


def row(title: Any, *cells: Any) -> Markup:
    """A row of a table: its title, and cells given as text or markup."""
    made = (cell if isinstance(cell, Markup) else Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(title, Markup("").join(made))


def choice(pick: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """A list to choose from."""
    items = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", words)
        for value, words in options
    )
    return Markup('<label>{} <select data-pick="{}">{}</select></label>').format(label, pick, items)


def ramp(low: str, high: str, stops: Iterable[tuple[int, int, int]], words: str) -> Markup:
    """The key of a scale of colours."""
    colours = ",".join(f"rgb{stop}" for stop in stops)
    bar = Markup('<i style="background:linear-gradient(90deg,{})"></i>').format(colours)
    return Markup('<p class="scale"><span>{}</span>{}<span>{}</span> <span>{}</span></p>').format(low, bar, high, words)
