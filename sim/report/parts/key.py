"""The key of marks, bands and hatching below a figure, so that figures can be used without the page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.parts import style
from sim.report.parts.events import events
from sim.report.parts.series import FEW, edge
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results import Run

Entry = tuple[Any, str]
"""A mark in a legend, and its meaning."""


def line(**looks: Any) -> Line2D:
    """An entry of the key drawn as a line or marker."""
    return Line2D([], [], **{"color": style.INK, "linewidth": 0, "ms": 5.5, **looks})


def patch(**looks: Any) -> Patch:
    """An entry of the key drawn as an area."""
    return Patch(**{"linewidth": 0, **looks})


def explain(figure: "Figure", entries: Sequence[Entry], narrow: bool, columns: int = 3) -> None:
    """Write the key below the figure, with two or three entries per line."""
    if entries:
        handles, words = zip(*entries, strict=True)
        looks: dict[str, Any] = {"ncols": 1 if narrow else columns, "frameon": False, "fontsize": 7.5, "labelcolor": style.SOFT}
        figure.legend(handles, words, loc="outside lower left", handlelength=1.8, columnspacing=1.4, labelspacing=0.25, **looks)


def height(entries: Sequence[Entry], narrow: bool, columns: int = 3) -> float:
    """Height of the key, in inches."""
    return 0.16 * -(-len(entries) // (1 if narrow else columns)) + 0.14 if entries else 0.0


def over_time(run: "Run", lang: str, colour: str = style.GREY) -> list[Entry]:
    """Key of curves over weeks: line and band, then the marks that the scenario has."""
    count = int(run.weekly["replicate"].nunique())
    found: list[Entry] = [(line(color=colour, linewidth=1.7), say("key_mean" if count > 1 else "key_run", lang, count=count))]
    if count > 1:
        found.append((patch(color=colour, alpha=0.3), say("key_band" if count >= FEW else "key_range", lang)))
    return [*found, *marks(run.scenario, lang)]


def marks(scenario: Any, lang: str) -> list[Entry]:
    """Key of the marks of this scenario's events."""
    found = events(scenario)
    entries: list[Entry] = []
    if any(event.kind == "policy" for event in found):
        entries.append((line(linewidth=0.8, linestyle=(0, (2, 2))), say("key_policy", lang)))
    if any(event.kind == "policy" and event.end > event.at for event in found):
        entries.append((patch(color=style.INK, alpha=0.1), say("key_ramp", lang)))
    if any(event.kind == "shock" for event in found):
        entries.append((patch(facecolor="none", edgecolor=style.GREY, hatch="////"), say("key_shock", lang)))
    return entries


def ending(run: "Run", lang: str, key: str = "key_end", **looks: Any) -> Entry:
    """Key of the mean of the last weeks."""
    return line(**looks), say(key, lang, weeks=edge(int(run.weekly["week"].nunique())))
