"""Figures of one run. Each function returns a Matplotlib figure that a notebook can show or change.

Every figure is drawn by the same code for a page and, with ``narrow=True``, for a phone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import style
from sim.report.flows import draw_flows, draw_ladder
from sim.report.labels import SHARES, metric_title, metric_unit
from sim.report.sentences import text
from sim.report.series import (
    BUDGET,
    CLOSED,
    EDGE,
    FAIRNESS,
    FEW,
    HARM,
    INDICES,
    MOST_POINTS,
    SATISFACTION,
    SPREAD,
    STABILITY,
    WAITING,
    Bands,
    bands,
    by_week,
    district_table,
    edge,
    edges,
    has,
    ladder,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run

__all__ = [
    "BUDGET",
    "CLOSED",
    "EDGE",
    "FAIRNESS",
    "FEW",
    "FIGURES",
    "HARM",
    "INDICES",
    "MOST_POINTS",
    "SATISFACTION",
    "SPREAD",
    "STABILITY",
    "WAITING",
    "Bands",
    "bands",
    "by_week",
    "district_table",
    "draw_band",
    "draw_districts",
    "draw_fairness",
    "draw_flows",
    "draw_indices",
    "draw_ladder",
    "draw_parts",
    "draw_prices",
    "edge",
    "edges",
    "has",
    "ladder",
]


def draw_band(axes: "Axes", data: Bands, colour: str, dash="-", label: str | None = None) -> "Axes":
    """Draw a mean line over its band."""
    axes.fill_between(data.weeks, data.low, data.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(data.weeks, data.mean, color=colour, linestyle=dash, label=label)
    return axes


def draw_indices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Stability and satisfaction over time on one axis, named at their right end."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 3.0 if narrow else 3.7)
        axes = figure.subplots()
        drawn = [(name, bands(run.weekly, name)) for name in has(run.weekly, INDICES)]
        for name, data in drawn:
            draw_band(axes, data, style.COLOUR[name], style.DASH[name])
        _room(axes, [data for _, data in drawn], 0.3)
        _name_ends(axes, [(_end(run, name), metric_title(name, lang), style.COLOUR[name]) for name, _ in drawn], narrow)
        _time(axes, run, lang)
        axes.set_ylabel(text("unit_index", lang), fontsize=8.5)
        return figure


def draw_parts(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Parts of both indices and the spread of satisfaction as small panels on one scale."""
    with style.look():
        panels = [(name, "stability") for name in has(run.weekly, STABILITY)]
        panels += [(name, "satisfaction") for name in has(run.weekly, SATISFACTION)]
        spread = has(run.weekly, SPREAD)
        count = len(panels) + bool(spread)
        figure, grid = _panels(count, 2 if narrow else 4, narrow, sharey=True)
        for axes, (name, index) in zip(grid, panels, strict=False):
            draw_band(axes, bands(run.weekly, name), style.COLOUR[index], style.DASH[index])
            axes.set_title(metric_title(name, lang))
            axes.set_title(f"{_end(run, name):.2f}", loc="right", fontweight="normal", color=style.SOFT)
            _time(axes, run, lang)
        if spread:
            _draw_spread(grid[-1], run, spread, lang)
        _room(grid[0], [bands(run.weekly, name) for name in [*(n for n, _ in panels), *spread]], 0.5)
        return figure


def _draw_spread(axes, run, names, lang) -> None:
    for name, dash in zip(names, [":", "-", "--"], strict=False):
        data, part = bands(run.weekly, name), name[-3:]
        draw_band(axes, data, style.SOFT, dash)
        if part != "p50":  # between the others, and named in the title
            place = {"textcoords": "offset points", "ha": "right", "va": "center", "fontsize": 8, "color": style.INK}
            axes.annotate(part, (data.weeks[-1], data.mean[-1]), (-1, 8 if part == "p90" else -8), **place)
    axes.set_title(text("spread", lang))
    _time(axes, run, lang)


def draw_prices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """The budget as one bar and every other price over time."""
    with style.look():
        names, budget = has(run.weekly, HARM), has(run.weekly, BUDGET)
        columns = 2 if narrow else 4
        rows = -(-len(names) // columns)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 1.15 * bool(budget) + 1.75 * rows)
        heights = [0.62] * bool(budget) + [1.0] * rows
        grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
        if budget:
            _draw_budget(figure.add_subplot(grid[0, :]), run, budget, lang)
        for i, name in enumerate(names):
            _draw_panel(figure.add_subplot(grid[bool(budget) + i // columns, i % columns]), run, name, lang, style.SOFT, floor=True)
        return figure


def _draw_budget(axes, run, names, lang) -> None:
    """Shares of the budget over the whole run, each with its number; slivers are named below the bar."""
    amounts = [float(np.nanmean(by_week(run.weekly, name))) for name in names]
    total, left = sum(amounts) or 1.0, 0.0
    looks = {"budget_spent": (style.SKY, ""), "budget_leaked": (style.ORANGE, "////"), "budget_unspent": ("#F2F4F6", "")}
    for name, amount in zip(names, amounts, strict=True):
        share = amount / total
        colour, hatch = looks[name]
        axes.barh(0, share, left=left, height=0.5, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
        left += share
    entries = [f"{metric_title(n, lang)} {100 * a / total:.0f} %" for n, a in zip(names, amounts, strict=True)]
    handles = [Rectangle((0, 0), 1, 1, facecolor=looks[n][0], hatch=looks[n][1], edgecolor=style.GREY, linewidth=0.5) for n in names]
    narrow = axes.figure.get_figwidth() < 5
    axes.legend(handles, entries, loc="upper left", bbox_to_anchor=(-0.01, 0.16), ncols=1 if narrow else 3, frameon=False, fontsize=8.5)
    axes.set(xlim=(0, 1), ylim=(-0.9 if narrow else -0.6, 0.35), yticks=[], xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(text("budget", lang))


def draw_fairness(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Gaps between local and non-local residents, and the spread between communities."""
    with style.look():
        names = has(run.weekly, FAIRNESS)
        figure, grid = _panels(len(names), 1 if narrow else 3, narrow)
        for axes, name in zip(grid, names, strict=True):
            _draw_panel(axes, run, name, lang, style.PURPLE, floor=True)
            axes.axhline(0, color=style.GREY, linewidth=0.9)
        return figure


def _draw_panel(axes, run, name, lang, colour, floor=False) -> None:
    data = bands(run.weekly, name)
    draw_band(axes, data, colour)
    axes.set_title(_wrapped(metric_title(name, lang), lang), pad=16)
    axes.annotate(metric_unit(name, lang), (0, 1), (0, 4), "axes fraction", "offset points", fontsize=8, color=style.SOFT)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    if name in SHARES:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    if floor:
        bottom, top = min(0.0, float(np.nanmin(data.low))), max(0.0, float(np.nanmax(data.high)))
        axes.set_ylim(bottom * 1.1, top * 1.1 if top > 0 else (0.0 if bottom < 0 else 1.0))
    _time(axes, run, lang)


def draw_districts(run: "Run", lang: str = "en", narrow: bool = False, names: Callable[[object], str] = str) -> "Figure":
    """Dot plot of both indices, a row per district."""
    with style.look():
        table = district_table(run)
        rows = np.arange(len(table))[::-1]
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 1.0 + (0.26 if narrow else 0.27) * len(table))
        axes = figure.subplots()
        for name in (n for n in INDICES if f"{n}_mean" in table):
            colour, shift = style.COLOUR[name], 0.11 if name == "stability" else -0.11
            axes.hlines(rows + shift, table[f"{name}_min"], table[f"{name}_max"], color=colour, alpha=0.45, linewidth=2)
            face = "white" if name == "satisfaction" else colour
            looks: dict[str, Any] = {"color": colour, "mfc": face, "mew": 1.4, "ms": 5.5, "label": metric_title(name, lang)}
            axes.plot(table[f"{name}_mean"], rows + shift, style.MARKER[name], **looks)
        axes.set_yticks(rows, [names(d) for d in table.index])
        axes.set_ylim(-0.7, len(table) - 0.3)
        axes.grid(True, axis="both")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_xlabel(text("unit_index", lang), loc="right", fontsize=8.5)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, borderaxespad=0.2)
        return figure


def _end(run, name) -> float:
    """Mean of the last weeks: the number that the page's sentences and tables give."""
    return float(np.nanmean(edges(run.weekly, name)[1]))


def _panels(count: int, columns: int, narrow: bool, sharey: bool = False) -> tuple["Figure", list["Axes"]]:
    columns = max(1, min(columns, count))
    rows = max(1, -(-count // columns))
    figure = style.new_figure(style.NARROW if narrow else style.WIDE, (1.6 if sharey else 1.95) * rows + 0.2)
    grid = list(figure.subplots(rows, columns, sharey=sharey, squeeze=False).flat)
    for unused in grid[count:]:
        unused.remove()
    return figure, grid[:count]


def _time(axes, run, lang) -> None:
    weeks = int(run.weekly["week"].max()) + 1
    style.time_axis(axes, weeks, text("year_axis" if weeks >= 104 else "week_axis", lang))


def _room(axes, drawn: list[Bands], least: float) -> None:
    """Vertical limits that show all bands with some air, never less than `least` of the scale, within 0 to 1."""
    if not drawn:
        return
    low, high = min(np.nanmin(d.low) for d in drawn), max(np.nanmax(d.high) for d in drawn)
    air = max(0.04, (least - (high - low)) / 2)
    axes.set_ylim(max(0.0, low - air), min(1.0, high + air))


def _name_ends(axes, ends: list[tuple[float, str, str]], narrow: bool) -> None:
    """Names at the right end of lines, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    least = (high - low) * 0.075
    ends = sorted(ends)
    places = [y for y, *_ in ends]
    if len(ends) == 2 and places[1] - places[0] < least:
        middle = sum(places) / 2
        places = [middle - least / 2, middle + least / 2]
    for y, (value, title, colour) in zip(places, ends, strict=True):
        label = f"{title}\n{value:.2f}" if narrow else f"{title} {value:.2f}"
        looks = {"va": "center", "color": colour, "fontweight": "bold", "fontsize": 9.5}
        axes.annotate(label, (1.01, y), xycoords=("axes fraction", "data"), annotation_clip=False, **looks)


def _wrapped(title: str, lang: str) -> str:
    """A long English title on two lines."""
    if lang == "zh" or len(title) <= 26:
        return title
    cut = title.rfind(" ", 0, 26)
    return f"{title[:cut]}\n{title[cut + 1 :]}"


FIGURES: dict[str, Callable[..., "Figure"]] = {
    "indices": draw_indices,
    "parts": draw_parts,
    "prices": draw_prices,
    "fairness": draw_fairness,
    "districts": draw_districts,
    "flows": draw_flows,
}
"""Figures of the report in its order."""
