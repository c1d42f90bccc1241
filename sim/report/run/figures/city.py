"""The city side by side: groups of residents, districts, and a map."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.report.parts import style
from sim.report.parts.figures import axes_of, is_narrow, known, wrapped
from sim.report.parts.given import of_run
from sim.report.parts.groups import Group, groups
from sim.report.parts.key import ending, explain, height, line
from sim.report.parts.maps import bare, name_districts, scale_bar
from sim.report.parts.numbers import number, together
from sim.report.parts.places import district_names, places
from sim.report.parts.series import INDICES, district_table, edges, has
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run

ADDS_UP = "satisfaction"
"""The index of which the city's value is the mean over the residents of its districts."""
CLASSES = 4
SIZES = (10, 26, 52, 90)
"""Areas of the markers of the map's classes, lowest first, so that they can be distinguished without colour."""
SHADES = ("#C6DBEF", "#74A9CF", "#2B7BBA", "#08386B")


@of_run
def plot_groups(run: "Run", ax: "Axes | None" = None, lang: str = "en") -> "Axes":
    """Plot satisfaction of every group from the start (hollow) to the end (arrow head), with the change in numbers.

    Parameters
    ----------
    run, ax, lang
        As for every figure of a run, see `sim.report.run.figures`; the axes are returned.
    """
    with style.look():
        lang = style.figure_language(lang)
        found = groups(run, lang)
        axes, rows = axes_of(ax, 7.0, 0.9 + 0.3 * len(found)), np.arange(len(found))[::-1]
        narrow = is_narrow(axes)
        for row, group in zip(rows, found, strict=True):
            _draw_group(axes, row, group)
        axes.set_yticks(rows, [wrapped(group.title, lang, 18) if narrow else group.title for group in found])
        axes.set_ylim(-0.7, len(found) - 0.3)
        axes.grid(True, axis="both")
        axes.xaxis.set_major_locator(MaxNLocator(2 if narrow else 5))
        axes.set_xlabel(
            say("with_unit", lang, name=metric_title("satisfaction", lang), unit=say("unit_index", lang)), loc="right", fontsize=8.5
        )
        axes.annotate(say("change", lang), (1.01, len(found) - 0.4), xycoords=("axes fraction", "data"), fontsize=8.5, color=style.SOFT)
        return axes


def _draw_group(axes, row: int, group: Group) -> None:
    """One line from the start to the end; dashed and pointing to the left where it fell."""
    rose = group.change.mean >= 0
    colour = style.BLUE if rose else style.VERMILLION
    axes.plot([group.start.mean, group.end.mean], [row, row], color=colour, linewidth=2, linestyle="-" if rose else (0, (3, 1.2)))
    axes.plot(group.start.mean, row, "o", color=colour, mfc="white", ms=5.5, mew=1.4)
    axes.plot(group.end.mean, row, ">" if rose else "<", color=colour, ms=6.5)
    axes.annotate(_moved(group), (1.01, row), xycoords=("axes fraction", "data"), va="center", fontsize=8.5, annotation_clip=False)


def _moved(group: Group) -> str:
    if not np.isfinite(group.change.low):
        return number(group.change.mean, ADDS_UP, sign=True)
    said, low, high = together(group.change[:3], ADDS_UP, sign=True)
    return f"{said} ({low}…{high})"


def draw_groups(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Satisfaction by group at the start and at the end."""
    with style.look():
        count = len(groups(run, lang))
        entries = [
            (line(color=style.GREY, marker="o", mfc="white", mew=1.4), say("start", lang)),
            (line(color=style.BLUE, marker=">", linewidth=2), f"{say('end', lang)}{say('colon', lang)}{say('key_rose', lang)}"),
            (
                line(color=style.VERMILLION, marker="<", linewidth=2, linestyle=(0, (3, 1.2))),
                f"{say('end', lang)}{say('colon', lang)}{say('key_fell', lang)}",
            ),
            (line(), say("key_interval", lang)),
        ]
        size = 0.9 + (0.38 if narrow else 0.3) * count + height(entries, narrow, 4)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        plot_groups(run, figure.subplots(), lang)
        explain(figure, entries, narrow, 4)
        return figure


@of_run
def plot_districts(
    run: "Run",
    ax: "Axes | None" = None,
    lang: str = "en",
    names: Callable[[object], str] | None = None,
    index: str = "satisfaction",
) -> "Axes":
    """Plot an index at the end, a row per district, with the range of the replicates; the highest in satisfaction on top.

    Parameters
    ----------
    run : Run
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : str
        ``"en"`` or ``"zh"``.
    names : callable, optional
        What to call a district; by default what the scenario calls it.
    index : str
        ``satisfaction``, with the city's own value as a line: it is the mean over residents. Or ``stability``, without one: its
        parts bend, and calm of a district is nearer to one half than that of the city, so that the city's is not the mean.

    Returns
    -------
    Axes
        The axes drawn on.
    """
    with style.look():
        lang = style.figure_language(lang)
        names, table = names or district_names(run.scenario, lang), district_table(run)
        axes, rows = axes_of(ax, 7.0, 1.0 + 0.27 * len(table)), np.arange(len(table))[::-1]
        if f"{index}_mean" in table:
            colour = style.COLOUR[index]
            axes.hlines(rows, table[f"{index}_min"], table[f"{index}_max"], color=colour, alpha=0.45, linewidth=2)
            axes.plot(table[f"{index}_mean"], rows, style.MARKER[index], color=colour, mew=1.4, ms=5.5)
        if index == ADDS_UP and has(run.weekly, [index]):
            axes.axvline(float(np.nanmean(edges(run.weekly, index)[1])), color=style.INK, linewidth=0.9, linestyle=(0, (3, 2)))
        axes.set_yticks(rows, [names(d) for d in table.index])
        axes.set_ylim(-0.7, len(table) - 0.3)
        axes.grid(True, axis="both")
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.set_xlabel(say("unit_index", lang), loc="right", fontsize=8.5)
        axes.set_title(metric_title(index, lang), loc="left")
        return axes


def draw_districts(run: "Run", lang: str = "en", narrow: bool = False, names: Callable[[object], str] | None = None) -> "Figure":
    """Dot plots of both indices, a panel each, a row per district."""
    with style.look():
        count = len(district_table(run))
        entries = [ending(run, lang, marker="o", color=style.GREY)]
        if run.weekly["replicate"].nunique() > 1:
            entries.append((line(linewidth=2, color=style.GREY, alpha=0.6), say("key_range", lang)))
        entries.append((line(linewidth=0.9, color=style.INK, linestyle=(0, (3, 2))), say("key_city", lang)))
        size = 1.0 + (0.26 if narrow else 0.27) * count + height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        for axes, index in zip(figure.subplots(1, len(INDICES), sharey=True), reversed(INDICES), strict=True):
            plot_districts(run, axes, lang, names, index)
        explain(figure, entries, narrow)
        return figure


@of_run
def plot_map(run: "Run", metric: str = "satisfaction", ax: "Axes | None" = None, lang: str = "en", change: bool = False) -> "Axes":
    """Plot a metric where people live.

    Parameters
    ----------
    run : Run
    metric : str
        A metric of the run's communities or districts.
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : str
        ``"en"`` or ``"zh"``.
    change : bool
        Show the change from the first to the last year instead of the last year.

    Returns
    -------
    Axes
        Classes are shown by the size of a marker, changes by triangles that point up or down, as well as by colour.
    """
    if metric not in run.communities:
        known(run, metric)
    with style.look():
        lang = style.figure_language(lang)
        axes, table = axes_of(ax, 5.4, 5.0), places(run, metric)
        (_draw_moves if change else _draw_levels)(axes, table, lang)
        name_districts(axes, table, district_names(run.scenario, lang))
        bare(axes)
        axes.set_title(say("map_change" if change else "map_level", lang, name=metric_title(metric, lang)))
        scale_bar(axes)
        looks: dict[str, Any] = {"ncols": 2, "frameon": False, "fontsize": 8, "handletextpad": 0.3, "columnspacing": 1.2}
        unit = metric_unit(metric, lang)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), title=unit, title_fontsize=8, **looks)
        return axes


def _draw_levels(axes, table: "pd.DataFrame", lang: str) -> None:
    """Places in classes of equal number, the lowest small and light, the highest large and dark."""
    values = table["end"].to_numpy(float)
    bounds = np.nanquantile(values, np.linspace(0, 1, CLASSES + 1)) if len(values) else np.zeros(CLASSES + 1)
    found = np.clip(np.searchsorted(bounds[1:-1], values, side="right"), 0, CLASSES - 1)
    for i in range(CLASSES):
        rows = table[found == i]
        if len(rows):
            label = f"{rows['end'].min():.3f}–{rows['end'].max():.3f}"
            axes.scatter(rows["x"], rows["y"], s=SIZES[i], c=SHADES[i], edgecolor=style.INK, linewidth=0.4, label=label)


def _draw_moves(axes, table: "pd.DataFrame", lang: str) -> None:
    """Triangles up and down, larger where more was moved; that there is nothing to compare where the run has one year only."""
    moves = (table["end"] - table["start"]).to_numpy(float)
    if not np.isfinite(moves).any():
        axes.scatter(table["x"], table["y"], s=8, marker=".", color=style.GREY, label=say("map_one_year", lang))
        return
    largest = float(np.nanmax(np.abs(moves)))
    still = moves == 0
    if still.any():
        label = say("map_same", lang, count=int(still.sum()))
        axes.scatter(table["x"][still], table["y"][still], s=8, marker=".", color=style.GREY, label=label)
    for chosen, key, marker, colour in ((moves > 0, "map_up", "^", style.BLUE), (moves < 0, "map_down", "v", style.VERMILLION)):
        if chosen.any():
            sizes = 8 + 80 * np.abs(moves[chosen]) / largest
            most = number(float(np.abs(moves[chosen]).max()), ADDS_UP, sign=True).lstrip("+")
            label = say(key, lang, count=int(chosen.sum()), most=most)
            face = colour if key == "map_up" else "white"
            axes.scatter(
                table["x"][chosen], table["y"][chosen], s=sizes, marker=marker, facecolor=face, edgecolor=colour, linewidth=0.8, label=label
            )


def draw_map(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Satisfaction where people live: in the last year, and its change since the first."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 8.2 if narrow else 4.7)
        grid = figure.subplots(2, 1) if narrow else figure.subplots(1, 2)
        for axes, change in zip(grid, (False, True), strict=True):
            plot_map(run, "satisfaction", axes, lang, change)
        return figure
