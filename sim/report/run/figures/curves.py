"""Curves over time: the two indices, their parts, the prices, the gaps."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from sim.report.parts import style
from sim.report.parts.figures import axes_of, draw_band, end, is_narrow, lowest, name_ends, panel, panels, room, time
from sim.report.parts.given import of_run
from sim.report.parts.key import ending, explain, height, over_time
from sim.report.parts.series import BUDGET, FAIRNESS, INDICES, SATISFACTION, SPREAD, STABILITY, bands, by_week, edge, has, paid
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run


@of_run
def plot_indices(run: "Run", ax: "Axes | None" = None, lang: str = "en", narrow: bool = False) -> "Axes":
    """Plot stability and satisfaction over time on one axis, named at their right end.

    Parameters
    ----------
    run, ax, lang, narrow
        As for every figure of a run, see `sim.report.run.figures`; the axes are returned.
    """
    with style.look():
        lang = style.figure_language(lang)
        axes = axes_of(ax, 8.6, 3.7)
        drawn = [(name, bands(run.weekly, name)) for name in has(run.weekly, INDICES)]
        for name, data in drawn:
            draw_band(axes, data, style.COLOUR[name], style.DASH[name])
            last = data.weeks[-1]
            axes.plot([last - edge(last + 1), last], [end(run, name)] * 2, color=style.COLOUR[name], linewidth=4, solid_capstyle="butt")
        room(axes, [data for _, data in drawn], 0.3)
        name_ends(axes, [(end(run, name), metric_title(name, lang), style.COLOUR[name]) for name, _ in drawn], narrow)
        time(axes, run, lang)
        axes.set_ylabel(say("unit_index", lang), fontsize=8.5)
        return axes


def draw_indices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Stability and satisfaction over time on one axis, named at their right end."""
    with style.look():
        entries = [*over_time(run, lang), ending(run, lang, linewidth=4, color=style.GREY, solid_capstyle="butt")]
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (3.0 if narrow else 3.7) + height(entries, narrow))
        plot_indices(run, figure.subplots(), lang, narrow)
        explain(figure, entries, narrow)
        return figure


def draw_parts(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Parts of both indices and the spread of satisfaction as small panels on one scale."""
    with style.look():
        shown = [(name, "stability") for name in has(run.weekly, STABILITY)]
        shown += [(name, "satisfaction") for name in has(run.weekly, SATISFACTION)]
        spread = has(run.weekly, SPREAD)
        count = len(shown) + bool(spread)
        entries = [*over_time(run, lang), ending(run, lang, "key_end_number")]
        figure, grid, lows = panels(count, 2 if narrow else 4, narrow, sharey=True, more=height(entries, narrow))
        for axes, low, (name, index) in zip(grid, lows, shown, strict=False):
            draw_band(axes, bands(run.weekly, name), style.COLOUR[index], style.DASH[index])
            axes.set_title(metric_title(name, lang))
            axes.set_title(f"{end(run, name):.2f}", loc="right", fontweight="normal", color=style.SOFT)
            time(axes, run, lang, low)
        if spread:
            _draw_spread(grid[-1], run, spread, lang)
        room(grid[0], [bands(run.weekly, name) for name in [*(n for n, _ in shown), *spread]], 0.5)
        figure.supylabel(say("unit_index", lang), fontsize=8.5, color=style.SOFT)
        explain(figure, entries, narrow)
        return figure


def _draw_spread(axes, run, names, lang) -> None:
    for name, dash in zip(names, [":", "-", "--"], strict=False):
        data, part = bands(run.weekly, name), name[-3:]
        draw_band(axes, data, style.SOFT, dash)
        if part != "p50":  # between the others, and named in the title
            place: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center", "fontsize": 8, "color": style.INK}
            axes.annotate(part, (data.weeks[-1], data.mean[-1]), (-1, 8 if part == "p90" else -8), **place)
    axes.set_title(say("spread", lang))
    time(axes, run, lang)


def draw_prices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """The budget as one bar and every other price over time."""
    with style.look():
        names, budget = paid(run), has(run.weekly, BUDGET)
        columns = 2 if narrow else 4
        rows = -(-len(names) // columns)
        entries = over_time(run, lang, style.SOFT) if names else []
        size = 1.15 * bool(budget) + 1.75 * rows + height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        heights = [0.62] * bool(budget) + [1.0] * rows
        grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
        if budget:
            plot_budget(run, figure.add_subplot(grid[0, :]), lang)
        for i, (name, low) in enumerate(zip(names, lowest(len(names), columns), strict=True)):
            axes = figure.add_subplot(grid[bool(budget) + i // columns, i % columns])
            panel(axes, run, name, lang, style.SOFT, floor=True, lowest=low)
        explain(figure, entries, narrow)
        return figure


@of_run
def plot_budget(run: "Run", ax: "Axes | None" = None, lang: str = "en") -> "Axes":
    """Plot what became of the budget over the whole run as one bar, each share with its number.

    Parameters
    ----------
    run, ax, lang
        As for every figure of a run, see `sim.report.run.figures`; the axes are returned.
    """
    with style.look():
        lang = style.figure_language(lang)
        axes, names = axes_of(ax, 8.6, 1.3), has(run.weekly, BUDGET)
        amounts = [float(np.nanmean(by_week(run.weekly, name))) for name in names]
        total, left = sum(amounts) or 1.0, 0.0
        looks = {"budget_spent": (style.SKY, ""), "budget_leaked": (style.ORANGE, "////"), "budget_unspent": ("#F2F4F6", "")}
        for name, amount in zip(names, amounts, strict=True):
            colour, hatch = looks[name]
            axes.barh(0, amount / total, left=left, height=0.5, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
            left += amount / total
        entries = [f"{metric_title(n, lang)} {100 * a / total:.0f} %" for n, a in zip(names, amounts, strict=True)]
        handles = [Rectangle((0, 0), 1, 1, facecolor=looks[n][0], hatch=looks[n][1], edgecolor=style.GREY, linewidth=0.5) for n in names]
        narrow = is_narrow(axes)
        axes.legend(handles, entries, loc="upper left", bbox_to_anchor=(-0.01, 0.16), ncols=1 if narrow else 3, frameon=False, fontsize=8.5)
        axes.set(xlim=(0, 1), ylim=(-0.9 if narrow else -0.6, 0.35), yticks=[], xticks=[])
        axes.spines["bottom"].set_visible(False)
        axes.set_title(say("budget_whole", lang))
        return axes


def draw_fairness(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Gaps between local and non-local residents, and the spread between communities."""
    with style.look():
        names = has(run.weekly, FAIRNESS)
        entries = over_time(run, lang, style.PURPLE)
        figure, grid, lows = panels(len(names), 2 if narrow else 4 if len(names) == 4 else 3, narrow, more=height(entries, narrow))
        for axes, low, name in zip(grid, lows, names, strict=True):
            panel(axes, run, name, lang, style.PURPLE, floor=True, lowest=low)
            axes.axhline(0, color=style.GREY, linewidth=0.9)
        explain(figure, entries, narrow)
        return figure
