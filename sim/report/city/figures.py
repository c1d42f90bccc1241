"""Figures of the data of a user's own city: a map, and how many communities have which size."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.describe.own_city import Understood, histogram
from sim.report.parts import style
from sim.report.parts.key import explain, height, line
from sim.report.parts.maps import bare, name_districts, scale_bar
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST = 160
"""Area of the marker of the largest community."""
COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.ORANGE, style.SKY, style.PURPLE)
MARKERS = "osD^vP"


def draw_communities(found: Understood, lang: str = "en", narrow: bool = False) -> "Figure":
    """Communities where they lie, with an area in proportion to their residents, and a colour and a shape for each district."""
    rows = [(one.district, one.x, one.y, one.population) for one in found.communities.rows]
    table = pd.DataFrame(rows, columns=["district", "x", "y", "residents"])
    largest = float(table["residents"].max())
    with style.look():
        entries = [(line(marker="o", color=style.GREY, linestyle="none"), say("city_key", lang, most=f"{largest:,.0f}"))]
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (4.2 if narrow else 5.4) + height(entries, narrow))
        axes = figure.subplots()
        for number, (_, own) in enumerate(table.groupby("district", sort=False)):
            colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
            sizes = np.maximum(4.0, LARGEST * (0.4 if narrow else 1.0) * own["residents"] / largest)
            axes.scatter(own["x"], own["y"], s=sizes, color=colour, marker=marker, alpha=0.75, edgecolor=style.INK, linewidth=0.4)
        bare(axes)
        name_districts(axes, table, str)
        scale_bar(axes)
        explain(figure, entries, narrow)
        return figure


def draw_sizes(found: Understood, lang: str = "en", narrow: bool = False) -> "Figure":
    """Number of communities by residents."""
    rows = histogram(found)
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 2.6)
        axes = figure.subplots()
        lows, widths = [low for low, *_ in rows], [high - low for low, high, _ in rows]
        axes.bar(lows, [count for *_, count in rows], widths, align="edge", color=style.BLUE, edgecolor="white")
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlabel(say("city_residents", lang), loc="right", fontsize=8.5)
        axes.set_title(say("city_count", lang), loc="left")
        if narrow:
            axes.locator_params("x", nbins=4)
        return figure
