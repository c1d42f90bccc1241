"""What was understood of the data of a user's own city, in words and numbers."""

from typing import Any, NamedTuple

import numpy as np

from sim.messages import Message
from sim.scenario.cities import extent
from sim.scenario.cities.own_communities import Borders, Communities

STEPS = (1, 2, 2.5, 5)
"""Widths of the classes of a histogram, times a power of ten."""
CLASSES = 8
"""Approximate number of classes."""
BAR = 40
"""Columns of the longest bar on a terminal."""


class Understood(NamedTuple):
    """Communities of a file, its name, and borders where the file has them."""

    file: str
    communities: Communities
    borders: Borders | None = None


def headline(found: Understood) -> Message:
    """Numbers of communities, districts and residents."""
    city = found.communities
    fields = {"file": found.file, "communities": len(city.rows), "districts": len(city.districts), "residents": city.population}
    if len(city.districts) == 1:
        return Message("{file}: {communities:,} communities in one district, {residents:,} residents", **fields)
    return Message("{file}: {communities:,} communities, {districts} districts, {residents:,} residents", **fields)


def facts(found: Understood) -> list[Message]:
    """Extent and density, sizes of communities, distances, and borders."""
    city = found.communities
    sizes = np.sort([one.population for one in city.rows])
    lines = [
        extent.described(city),
        Message(
            "residents of a community: {least:,} to {most:,}, median {middle:,.0f}",
            least=int(sizes[0]),
            most=int(sizes[-1]),
            middle=float(np.median(sizes)),
        ),
    ]
    if len(city.rows) > 1:
        lines.append(Message("from a community to the nearest other: {apart} km (median)", apart=f"{extent.apart(city):,.3g}"))
    if found.borders is not None:
        lines.append(Message("{count:,} pairs of communities share a border", count=len(found.borders.pairs)))
    return lines


def without_file(message: Message) -> str:
    """A notice without the name of its file, which stands above it."""
    text, file = str(message), str(message.values.get("file", ""))
    return text.removeprefix(file).lstrip(":： ") if file and text.startswith(file) else text


def as_read(found: Understood) -> list[str]:
    """How the file was read, without the questions."""
    asked = set(found.communities.questions)
    return [without_file(message) for message in found.communities.notes if message not in asked]


def histogram(found: Understood) -> list[tuple[int, int, int]]:
    """Communities by residents: lower end, upper end and number of each class of round and equal width."""
    sizes = np.array([one.population for one in found.communities.rows], float)
    span = max(float(np.ptp(sizes)), 1.0)
    scale = 10.0 ** np.floor(np.log10(span / CLASSES))
    width = next((step * scale for step in STEPS if step * scale * CLASSES >= span), 10 * scale)
    width = max(1.0, width)
    edges = np.arange(np.floor(sizes.min() / width), np.floor(sizes.max() / width) + 2) * width
    counts, _ = np.histogram(sizes, edges)
    return [(int(low), int(high), int(count)) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)]


def bars(found: Understood) -> list[str]:
    """The histogram for a terminal."""
    rows = histogram(found)
    most = max(count for *_, count in rows)
    labels = [f"{low:,}–{high:,}" for low, high, _ in rows]
    wide = max(map(len, labels))
    return [
        f"{label:>{wide}}  {'█' * round(BAR * count / most)} {count:,}".rstrip() for label, (*_, count) in zip(labels, rows, strict=True)
    ]


def districts(found: Understood) -> list[dict[str, Any]]:
    """A row for each district: ``district, communities, residents``, and means over residents of ``hardship`` and ``nonlocal_share``."""
    rows = []
    for name in found.communities.districts:
        own = [one for one in found.communities.rows if one.district == name]
        people = sum(one.population for one in own)
        shares = [(one.nonlocal_share, one.population) for one in own if one.nonlocal_share is not None]
        known = sum(n for _, n in shares)
        rows.append(
            {
                "district": name,
                "communities": len(own),
                "residents": people,
                "hardship": sum(one.hardship * one.population for one in own) / people,
                "nonlocal_share": sum(share * n for share, n in shares) / known if known else None,
            }
        )
    return rows
