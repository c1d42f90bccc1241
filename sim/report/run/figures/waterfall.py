"""Waterfall charts: from a value at one date to a value at another, step by step."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.report.parts import style
from sim.report.parts.figures import axes_of, is_narrow, wrapped
from sim.report.parts.key import Entry, explain, height, line, patch
from sim.report.parts.numbers import number
from sim.report.parts.series import INDICES, edge, edges, has
from sim.report.run.attribution import LEAST, index_steps, joined, ledger, moved, quantities
from sim.report.text.catalogue import say
from sim.report.text.labels import mechanism_title, metric_title, metric_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run


def plot_waterfall(
    frame: "pd.DataFrame",
    quantity: str,
    ax: "Axes | None" = None,
    lang: str = "en",
    start: float = 0.0,
    first: int | None = None,
    last: int | None = None,
    against: "pd.DataFrame | None" = None,
    end: float | None = None,
) -> "Axes":
    """Plot the contribution of each mechanism to a quantity between two weeks, or between two scenarios, as a waterfall chart.

    Parameters
    ----------
    frame : DataFrame
        An attribution table: ``week, mechanism, quantity, moved``.
    quantity : str
        One of ``frame["quantity"]``.
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : str
        ``"en"`` or ``"zh"``.
    start : float
        Start of the steps; 0 shows the changes alone.
    first, last : int, optional
        First and last week counted; all by default.
    against : DataFrame, optional
        The attribution table of another scenario, whose changes are subtracted.
    end : float, optional
        Value at the end; the unexplained remainder is a separate step.

    Returns
    -------
    Axes
        The axes drawn on.
    """
    with style.look():
        lang = style.figure_language(lang)
        moves = moved(frame, quantity, first, last, against)
        steps = joined([(mechanism_title(str(name), lang), float(value)) for name, value in moves.items()], lang)
        reached = start + float(moves.sum())
        if end is not None and abs(end - reached) > LEAST:
            steps, reached = [*steps, (say("step_unbooked", lang), end - reached)], end
        axes = plot_steps(axes_of(ax, 6.4, 0.8 + 0.34 * (len(steps) + 2)), start, steps, reached, lang)
        axes.set_title(metric_title(quantity, lang))
        return axes


def plot_steps(axes: "Axes", start: float, steps: list[tuple[str, float]], end: float, lang: str, digits: str = "stability") -> "Axes":
    """Plot bars from `start` to `end`, a row per step; decreases are hatched, and every bar has its number."""
    rows = len(steps) + 2
    low, high = _span(start, steps, end)
    at = start
    for row, (_, value) in enumerate(steps, start=1):
        looks: dict[str, Any] = {"facecolor": style.SKY} if value >= 0 else {"facecolor": "white", "hatch": "/////"}
        axes.barh(row, value, left=at, height=0.6, edgecolor=style.BLUE if value >= 0 else style.VERMILLION, linewidth=0.8, **looks)
        axes.plot([at + value] * 2, [row, row + 1], color=style.GREY, linewidth=0.7)
        right = max(at, at + value)
        axes.annotate(number(value, digits, sign=True), (right, row), (4, 0), textcoords="offset points", va="center", fontsize=8.5)
        at += value
    axes.plot([start] * 2, [0, 1], color=style.GREY, linewidth=0.7)
    for row, value in ((0, start), (rows - 1, end)):
        axes.plot(value, row, "D", color=style.INK, ms=6)
        axes.annotate(number(value, digits), (value, row), (8, 0), textcoords="offset points", va="center", fontsize=9, fontweight="bold")
    axes.set_yticks(range(rows), [say("start", lang), *(title for title, _ in steps), say("end", lang)])
    axes.set(ylim=(rows - 0.4, -0.6), xlim=(low, high))
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(3 if is_narrow(axes) else 5))
    return axes


def _span(start, steps, end) -> tuple[float, float]:
    """Horizontal limits with room for the numbers, never narrower than 0.02."""
    passed = [start, end, *(start + np.cumsum([value for _, value in steps]))]
    low, high = float(min(passed)), float(max(passed))
    air = max(0.02, high - low)
    return low - 0.08 * air, high + 0.26 * air


def draw_change(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """From the start to the end of both indices, by the contribution of each part."""
    with style.look():
        found = [(name, index_steps(run, name, lang)) for name in has(run.weekly, INDICES)]
        entries = _key(run, lang)
        figure, grid = _grid([len(steps) for _, (_, steps, _) in found], narrow, height(entries, narrow, 4))
        for axes, (name, (start, steps, end)) in zip(grid, found, strict=True):
            plot_steps(axes, start, steps, end, lang)
            axes.set_title(metric_title(name, lang))
            axes.set_xlabel(say("unit_index", lang), loc="right", fontsize=8.5)
        explain(figure, entries, narrow, 4)
        return figure


def draw_why(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Contribution of each mechanism to the main quantities over the run; for a run with an attribution table."""
    frame = ledger(run)
    names = quantities(frame) if frame is not None else []
    with style.look():
        sizes = [min(10, 1 + frame[frame["quantity"] == name]["mechanism"].nunique()) for name in names] if frame is not None else []
        entries = _key(run, lang) if names else []
        figure, grid = _grid(sizes, narrow, height(entries, narrow, 4))
        for axes, name in zip(grid, names, strict=True):
            if has(run.weekly, [name]):
                start, end = (float(np.nanmean(values)) for values in edges(run.weekly, name))
                plot_waterfall(frame, name, axes, lang, start=start, end=end)
            else:
                plot_waterfall(frame, name, axes, lang)
            axes.set_title(wrapped(metric_title(name, lang), lang))
            axes.set_xlabel(metric_unit(name, lang), loc="right", fontsize=8.5)
        explain(figure, entries, narrow, 4)
        return figure


def _key(run: "Run", lang: str) -> list[Entry]:
    weeks = edge(int(run.weekly["week"].nunique()))
    return [
        (patch(facecolor=style.SKY, edgecolor=style.BLUE), say("key_adds", lang)),
        (patch(facecolor="white", edgecolor=style.VERMILLION, hatch="/////"), say("key_takes", lang)),
        (line(marker="D"), say("key_start", lang, weeks=weeks)),
        (line(marker="D"), say("key_final", lang, weeks=weeks)),
    ]


def _grid(sizes: list[int], narrow: bool, more: float = 0.0) -> "tuple[Figure, list[Axes]]":
    """Panels for waterfall charts with these numbers of steps: one column on a phone, two on a page."""
    columns = 1 if narrow or len(sizes) < 2 else 2
    rows = [sizes[i : i + columns] for i in range(0, len(sizes), columns)] or [[1]]
    heights = [0.34 * (max(row) + 2) + 0.75 for row in rows]
    figure = style.new_figure(style.NARROW if narrow else style.WIDE, sum(heights) + more)
    grid = list(figure.subplots(len(rows), columns, squeeze=False, height_ratios=heights).flat)
    for unused in grid[len(sizes) :]:
        unused.remove()
    return figure, grid[: len(sizes)]
