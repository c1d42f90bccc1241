"""Figures of a run validated against data."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.validation.validate_against import AGREES
from sim.report.parts import style
from sim.report.parts.figures import panels, wrapped
from sim.report.parts.numbers import together
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.validation.validate_against import Validation

MOST_ROWS = 40
"""Maximum patterns in the figure; the table has all."""
PLACES = {"data": 1, "simulated": -1}
COLOURS = {"data": style.BLUE, "simulated": style.VERMILLION}


def draw_patterns(found: "Validation", lang: str = "en", narrow: bool = False) -> "Figure":
    """Data, simulation and null model, a row per pattern, each with its own scale."""
    rows = found.table.head(MOST_ROWS).to_dict("records")
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (0.62 if narrow else 0.4) * len(rows) + 0.7)
        axes = figure.subplots()
        places = range(len(rows))[::-1]
        for place, row in zip(places, rows, strict=True):
            _row(axes, row, place, 0.28 if narrow else 0.42)
        names = [wrapped(row["pattern"], "en", 60 if narrow else 40) for row in rows]
        if narrow:  # too narrow for text beside the rows
            for place, name in zip(places, names, strict=True):
                axes.text(0, place + 0.4, name, ha="left", va="center", fontsize=8)
        axes.set_yticks([] if narrow else places, [] if narrow else names)
        axes.set(ylim=(-0.6, len(rows) - 0.4), xlim=(-0.04, 1.04), xticks=[])
        axes.grid(False)
        axes.hlines(
            np.arange(len(rows) - 1) + (0.6 if narrow else 0.5), 0, 1, transform=axes.get_yaxis_transform(), color=style.RULE, linewidth=0.7
        )
        _legend(figure, lang, narrow)
        return figure


def _row(axes: "Axes", row: dict[str, Any], place: int, half: float) -> None:
    """One pattern on a scale from the lowest to the highest value drawn, which are stated beside it."""
    drawn = [row[f"{side}{end}"] for side in ("data", "simulated", "null") for end in ("", "_low", "_high")]
    known = [value for value in drawn if np.isfinite(value)]
    if not known:
        return
    low, high = min(known), max(known)

    def at(value: float) -> float:
        return 0.5 if high <= low else 0.12 + 0.76 * (value - low) / (high - low)

    if np.isfinite(row["null_low"]):
        left, right = at(row["null_low"]), at(row["null_high"])
        axes.fill_betweenx([place - half, place + half], left - 0.003, right + 0.003, color=style.RULE, linewidth=0)
    for side, shift in ((side, sign * 0.52 * half) for side, sign in PLACES.items()):
        if np.isfinite(row[side]):
            if np.isfinite(row[f"{side}_low"]):
                axes.plot([at(row[f"{side}_low"]), at(row[f"{side}_high"])], [place + shift] * 2, color=COLOURS[side], linewidth=1.6)
            filled = COLOURS[side] if side == "data" or row["verdict"] == AGREES else "white"
            marker = "o" if side == "data" else "D"
            axes.plot(at(row[side]), place + shift, marker=marker, color=COLOURS[side], markerfacecolor=filled, markersize=5.5)
    for value, x, side in zip(together((low, high)), (0.1, 0.9), ("right", "left"), strict=True):
        axes.text(x, place, value, ha=side, va="center", fontsize=8, color=style.SOFT)


def _legend(figure: "Figure", lang: str, narrow: bool) -> None:
    handles: list[Any] = [
        Line2D([], [], color=COLOURS[side], marker=marker, markersize=5.5) for side, marker in (("data", "o"), ("simulated", "D"))
    ]
    handles.append(Patch(color=style.RULE))
    names = [say(key, lang) for key in ("data", "simulated", "null")]
    figure.legend(handles, names, loc="outside upper left", ncols=3, frameon=False, fontsize=8 if narrow else 9.5, columnspacing=1.2)


def draw_concentration(found: "Validation", lang: str = "en", narrow: bool = False) -> "Figure":
    """Share of events in the worst areas, a panel per kind of event: data, simulation over its replicates, and chance alone."""
    with style.look():
        figure, grid, lowest = panels(len(found.curves), 2 if narrow else 3, narrow)
        for axes, bottom, (what, curve) in zip(grid, lowest, found.curves.items(), strict=True):
            _curve(axes, curve)
            axes.set_title(what)
            if bottom and not narrow:  # too narrow: the text below the figure states it
                axes.set_xlabel(say("areas_axis", lang), loc="right", fontsize=8.5)
        if not narrow:
            grid[0].set_ylabel(say("events_axis", lang), fontsize=8.5)
        names = {"data": say("data", lang), "simulated": say("simulated", lang), "luck": say("luck", lang)}
        drawn = {line.get_label(): line for axes in grid for line in axes.lines}
        kept = [side for side in names if side in drawn]
        figure.legend([drawn[side] for side in kept], [names[side] for side in kept], loc="outside upper left", ncols=3, frameon=False)
        return figure


def _curve(axes: "Axes", curve: "pd.DataFrame") -> None:
    x = 100 * curve["areas"]
    if "simulated" in curve:
        axes.fill_between(
            x, 100 * curve["simulated_low"], 100 * curve["simulated_high"], color=COLOURS["simulated"], alpha=0.18, linewidth=0
        )
        axes.plot(x, 100 * curve["simulated"], color=COLOURS["simulated"], label="simulated")
    axes.plot(x, 100 * curve["data"], color=COLOURS["data"], label="data")
    axes.plot(x, 100 * curve["luck"], color=style.GREY, linestyle=(0, (4, 2)), label="luck")
    axes.set(xlim=(0, 100), ylim=(0, 100), xticks=[0, 50, 100], yticks=[0, 50, 100])
    axes.grid(True, axis="both")
