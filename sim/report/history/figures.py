"""Figure of a history match: for pairs of coefficients, the least implausibility found, and the density of the remaining space."""

from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Normalize
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.report.parts import style
from sim.report.parts.key import explain, line
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = (0, 1, 2, 3, 4, 6, 8, 12)
"""Edges of the classes of implausibility; 3 is the cut."""


def draw_pairs(pairs: "pd.DataFrame", defaults: dict[str, float], lang: str = "en") -> "Figure":
    """A matrix of panels: least implausibility below the diagonal, density of the remaining space above it; crosses mark the current
    values.

    Parameters
    ----------
    pairs : DataFrame
        As in `sim.experiments.calibration.history_match.HistoryMatch`.
    defaults : dict of str to float
        Current values of the coefficients.
    """
    names = list(dict.fromkeys([*pairs["a"], *pairs["b"]]))
    lang = style.figure_language(lang)
    with style.look():
        figure = style.new_figure(style.WIDE, 0.96 * style.WIDE)
        grid = figure.subplots(len(names), len(names), squeeze=False)
        colours = style_map("viridis_r", BoundaryNorm(STEPS, 256, extend="max"))
        shares = style_map("Greys", None, float(pairs["share_left"].max()) or 1.0)
        for (a, b), part in pairs.groupby(["a", "b"], sort=False):
            i, j = names.index(a), names.index(b)
            _cells(grid[j][i], part, "a", "b", "least", colours, defaults)
            _cells(grid[i][j], part, "b", "a", "share_left", shares, defaults)
        for i, name in enumerate(names):
            grid[i][i].axis("off")
            grid[i][i].text(0.5, 0.5, name.replace(".", "\n.").replace("_", "_\n"), ha="center", va="center", fontsize=8, fontweight="bold")
            for j in range(len(names)):
                _edges(grid[i][j], i == len(names) - 1, j == 0)
        for mappable, word, place in ((colours, "least", grid[:, 0]), (shares, "left", grid[:, -1])):
            side = "left" if word == "least" else "right"
            bar = figure.colorbar(mappable, ax=list(place), location=side, shrink=0.5, fraction=0.1, pad=0.3)
            bar.set_label(say(word, lang), fontsize=8.5)
            bar.ax.tick_params(labelsize=7.5)
        explain(figure, [(line(marker="+", color=style.VERMILLION, ms=8, mew=1.6), say("present", lang))], narrow=False)
        return figure


def style_map(name: str, norm: BoundaryNorm | None, most: float = 1.0):
    """Colours for values."""
    return ScalarMappable(norm or Normalize(0.0, most), name)


def _cells(axes: "Axes", part: "pd.DataFrame", x: str, y: str, value: str, colours, defaults: dict[str, float]) -> None:
    table = part.pivot(index=f"{y}_value", columns=f"{x}_value", values=value)
    shown = np.ma.masked_invalid(table.to_numpy())
    axes.pcolormesh(table.columns, table.index, shown, cmap=colours.get_cmap(), norm=colours.norm, shading="nearest", rasterized=False)
    axes.set(xscale="log", yscale="log")
    axes.plot(defaults[part[x].iloc[0]], defaults[part[y].iloc[0]], marker="+", color=style.VERMILLION, markersize=8, markeredgewidth=1.6)
    axes.grid(False)


def _edges(axes: "Axes", bottom: bool, left: bool) -> None:
    """A few numbers at the outer edges only."""
    if axes.axison:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            axis.set_major_locator(FixedLocator(_round(*limits)))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    for axis, shown in ((axes.xaxis, bottom), (axes.yaxis, left)):
        axis.set_tick_params(labelbottom=shown, labelleft=shown, labelsize=7)


def _round(low: float, high: float) -> list[float]:
    """Two or three round numbers between two limits, spaced by their logarithms."""
    powers = range(floor(log10(low)), floor(log10(high)) + 1)
    found = [float(f"{m}e{power}") for power in powers for m in (1, 2, 3, 5)]
    inside = [value for value in found if low <= value <= high]
    if len(inside) > 2 and any(len(f"{value:g}") > 4 for value in inside):
        return [inside[0], inside[-1]]  # long numbers need room
    return inside if len(inside) <= 3 else [inside[0], inside[len(inside) // 2], inside[-1]]
