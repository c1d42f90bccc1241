"""Maps of the misfit of districts, a panel for each figure."""

import math
from typing import TYPE_CHECKING

import pandas as pd

from sim.report.parts import style
from sim.report.parts.key import explain, height, line
from sim.report.parts.maps import bare, name_districts, scale_bar
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABREAST = 3
MOST = 3.0
"""Misfit (half-widths) from which on a marker grows no more."""
LARGEST = 220


def panels_of(districts: pd.DataFrame) -> list[str]:
    """Rates of the table, in order, a panel each."""
    return list(dict.fromkeys(districts["rate"]))


def draw_misfit(districts: pd.DataFrame, scenario: Scenario, lang: str = "en", narrow: bool = False) -> "Figure":
    """Districts where they lie: a triangle up where the simulation is above the range, down where it is below, a dot where it is inside."""
    rates = panels_of(districts)
    rows = [(one.district, one.x, one.y, one.population) for one in scenario.city.communities.rows]
    places = pd.DataFrame(rows, columns=["district", "x", "y", "residents"])
    columns = 1 if narrow else min(ABREAST, len(rates))
    lines = math.ceil(len(rates) / columns)
    with style.look():
        lang = style.figure_language(lang)
        entries = [
            (line(marker="o", color=style.GREY, linestyle="none"), say("fit_key_inside", lang)),
            (line(marker="^", color=style.BLUE, linestyle="none"), say("fit_key_above", lang)),
            (line(marker="v", color=style.VERMILLION, linestyle="none"), say("fit_key_below", lang)),
        ]
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (3.2 if narrow else 2.9) * lines + height(entries, narrow))
        grid = figure.subplots(lines, columns, squeeze=False).ravel()
        for axes, rate in zip(grid, rates, strict=False):
            _draw_panel(axes, districts[districts["rate"] == rate], places)
            axes.set_title(metric_title(rate, lang), loc="left", fontsize=9)
        for axes in grid[len(rates) :]:
            axes.set_visible(False)
        explain(figure, entries, narrow)
        return figure


def _draw_panel(axes: "Axes", found: pd.DataFrame, places: pd.DataFrame) -> None:
    """Communities as points, and a marker with its misfit at the middle of each district."""
    axes.scatter(places["x"], places["y"], s=3, color=style.RULE)
    for row in found.to_dict("records"):
        own = places[places["district"] == row["district"]]
        weights = own["residents"] / own["residents"].sum()
        x, y = float((own["x"] * weights).sum()), float((own["y"] * weights).sum())
        size = 25 + (LARGEST - 25) * min(abs(row["misfit"]), MOST) / MOST
        colour, marker = (style.GREY, "o") if row["inside"] else (style.BLUE, "^") if row["misfit"] > 0 else (style.VERMILLION, "v")
        axes.scatter([x], [y], s=size, color=colour, marker=marker, alpha=0.85, edgecolor=style.INK, linewidth=0.5)
        axes.annotate(f"{row['misfit']:+.1f}", (x, y), (0, -13), textcoords="offset points", ha="center", fontsize=7.5, color=style.INK)
    bare(axes)
    name_districts(axes, places, str)
    scale_bar(axes)
