"""Figures of a mix: ternary maps with uncertain regions hatched, and the trade-off between the two indices.

What is drawn over plausible worlds, and what by luck alone, are lists of `Surface`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import mpltern  # noqa: F401  (gives Matplotlib its ternary axes)
import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from sim.experiments.comparisons.mix_grid import GOVERNANCES, OWN, SERVICES
from sim.report.parts import style
from sim.report.parts.key import Entry, line, patch
from sim.report.parts.key import height as key_height
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, lever_title, metric_title, metric_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.mix import MixResult
    from sim.experiments.comparisons.mix_grid import GridResult

LEVELS = 12
MAP = "cividis"
"""Colour maps that are colour-blind safe and print well in grey."""
RING = {"marker": "o", "mfc": "none", "mec": "white", "ms": 11, "mew": 1.6, "clip_on": False, "zorder": 6}
PEAK = {"marker": "X", "mfc": style.VERMILLION, "mec": "white", "ms": 9, "mew": 1.0, "clip_on": False, "zorder": 7}


class Surface(NamedTuple):
    """A ternary map.

    Parameters
    ----------
    title, unit : str
    values, hatched : ndarray, shape (mixes,)
        A value for every mix, the scenario's own last, and whether it is hatched.
    marks : sequence of (mapping, dict)
        The shares of a mix, and how it is marked.
    per_cent : bool
        Whether values are shares.
    """

    title: str
    unit: str
    values: np.ndarray
    hatched: np.ndarray
    marks: Sequence[tuple[Any, dict[str, Any]]]
    per_cent: bool


class Plane(NamedTuple):
    """The trade-off between two objectives: their values for every mix, and the names of the axes."""

    x: np.ndarray
    y: np.ndarray
    names: tuple[str, str]


def draw_grid(
    result: "GridResult", surfaces: Sequence[Surface], plane: Plane, entries: Sequence[Entry], lang: str, narrow: bool, last: bool = True
) -> "Figure":
    """A ternary map per surface and share of public services, and the trade-off between the two indices.

    Parameters
    ----------
    entries : sequence of Entry
        The key.
    last : bool
        Whether the trade-off comes last, and not after the maps of the objectives.
    """
    levels = services_of(result)
    places: list[tuple[Surface, float] | None] = [(surface, level) for level in levels for surface in surfaces]
    places.insert(len(places) if last else len(result.objectives), None)
    wide = 2 if len(places) <= 4 else min(3, len(result.objectives)) if len(levels) > 1 and last else 3
    columns = 1 if narrow else wide
    rows = -(-len(places) // columns)
    width, height = (style.NARROW, 3.7) if narrow else (style.WIDE, 4.3 if columns == 2 else 3.1)
    with style.look():
        whole = height * rows + key_height(entries, narrow, 2) + 0.1
        share = height * rows / whole  # share of the figure for the maps; the key is below
        figure = style.new_figure(width, whole)
        figure.set_layout_engine("none")  # fixed positions: automatic layout takes seconds for ternary axes
        for number, place in enumerate(places):
            below = 1 - share * (number // columns + 1) / rows
            cell = Bbox.from_bounds(number % columns / columns, below, 1 / columns, share / rows)
            if place is None:
                _draw_tradeoff(
                    figure.add_axes(_within(cell, 0.17 if columns < 3 else 0.24, 0.15, 0.76 if columns < 3 else 0.7, 0.74)),
                    result.mixes,
                    plane,
                    lang,
                    columns == 3,
                )
            else:
                _draw_map(figure, cell, result.mixes, *place, lang, len(levels) > 1)
        handles, words = zip(*entries, strict=True)
        looks: dict[str, Any] = {"frameon": False, "fontsize": 7.5, "labelcolor": style.SOFT, "labelspacing": 0.25}
        figure.legend(handles, words, loc="lower left", ncols=1 if narrow else 2, **looks)
        return figure


def draw_maps(result: "MixResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """A map of every objective in the default world, hatched where luck does not let a mix be told from the peak."""
    table = result.mixes
    own = table[table["mix"] == OWN].iloc[0]
    surfaces = []
    for name in result.objectives:
        marks = [(own, RING), (result.peaks[result.peaks["metric"] == name].iloc[0], PEAK)]
        values = table[name].to_numpy(float), table[f"{name}_near"].to_numpy()
        surfaces.append(Surface(metric_title(name, lang), metric_unit(name, lang), *values, marks, in_per_cent(name)))
    first, second = result.objectives[:2]
    names = tuple(say("with_unit", lang, name=metric_title(name, lang), unit=metric_unit(name, lang)) for name in (first, second))
    plane = Plane(table[first].to_numpy(float), table[second].to_numpy(float), names)  # type: ignore[arg-type]
    entries = [mark_entry(PEAK, say("key_peak", lang)), hatch_entry(say("key_near", lang))]
    return draw_grid(result, surfaces, plane, key_of(entries, lang), lang, narrow)


def mark_entry(looks: dict[str, Any], words: str) -> Entry:
    """An entry of the key for a mark."""
    return line(**{name: value for name, value in looks.items() if name not in ("clip_on", "zorder")}), words


def hatch_entry(words: str) -> Entry:
    """An entry of the key for hatching."""
    return patch(facecolor=style.GREY, edgecolor="white", hatch="////"), words


def key_of(entries: Sequence[Entry], lang: str) -> list[Entry]:
    """The key of marks, hatching, scales and sizes."""
    dot = {"marker": "o", "color": style.GREY}
    return [
        mark_entry(RING | {"mec": style.INK, "ms": 8}, say("key_own", lang)),
        *entries,
        (line(), say("key_sides", lang)),
        (line(**dot, ms=7), say("key_dots", lang)),
        (line(marker="o", mfc="none", mec=style.INK, ms=8), say("key_efficient", lang)),
    ]


def _within(cell: Bbox, left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
    """Part of a cell, in fractions of the figure."""
    return cell.x0 + left * cell.width, cell.y0 + bottom * cell.height, width * cell.width, height * cell.height


def services_of(result: "GridResult") -> list[float]:
    """Shares of public services that were simulated."""
    return list(dict.fromkeys(result.mixes.loc[result.mixes["mix"] != OWN, SERVICES]))


def _draw_map(figure: "Figure", cell: Bbox, table: "pd.DataFrame", surface: Surface, level: float, lang: str, several: bool) -> None:
    """One map: colour for values, hatching, and marks."""
    there = ((table["mix"] != OWN) & (table[SERVICES] == level)).to_numpy()
    shares, values = [table.loc[there, lever].to_numpy() for lever in GOVERNANCES], surface.values[there]
    with mpl.rc_context({"axes.grid.axis": "both"}):  # the only units of ternary axes
        axes: Any = figure.add_axes(_within(cell, 0.14, 0.25, 0.72, 0.58), projection="ternary")
    steps = MaxNLocator(LEVELS).tick_values(float(np.nanmin(surface.values)), float(np.nanmax(surface.values)))
    within = np.minimum(values, steps[-1] - 1e-9 * (steps[-1] - steps[0]))  # a plateau at the highest level would have no colour
    filled = axes.tricontourf(*shares, within, levels=steps, cmap=MAP)
    hatched = surface.hatched[there]
    if hatched.any():
        with mpl.rc_context({"hatch.linewidth": 0.8, "hatch.color": "white"}):
            axes.tricontourf(*shares, hatched.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
        axes.plot(*(share[hatched] for share in shares), ".", color="white", ms=3, clip_on=False, zorder=5)
    for row, looks in surface.marks:
        if np.isclose(row[SERVICES], level):
            axes.plot(*([row[lever]] for lever in GOVERNANCES), linestyle="none", **looks)
    _label(axes, lang)
    title = f"{surface.title}, {say('services_level', lang, share=percent(level))}" if several else surface.title
    figure.text(
        cell.x0 + 0.06 * cell.width,
        cell.y1 - 0.03 * cell.height,
        title,
        fontweight="bold",
        fontsize=9 if several else 10,
        va="top",
        color=style.INK,
    )
    bar = figure.colorbar(filled, cax=figure.add_axes(_within(cell, 0.2, 0.1, 0.6, 0.025)), orientation="horizontal")
    bar.outline.set_visible(False)
    bar.ax.xaxis.set_major_locator(MaxNLocator(5 if surface.values.min() >= 0 else 4))  # a minus takes room
    bar.ax.set_xlabel(surface.unit, fontsize=7.5, labelpad=2)
    if surface.per_cent:
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    bar.ax.tick_params(labelsize=7.5)


def _label(axes: Any, lang: str) -> None:
    """Named corners, sides labelled in shares of the joint budget of the three."""
    names = [short_title(lever, lang) for lever in GOVERNANCES]
    looks = {"transform": axes.transAxes, "fontsize": 8.5, "color": style.INK, "fontweight": "bold"}
    axes.text(0.5, 1.03, names[0], ha="center", va="bottom", **looks)
    axes.text(-0.15, -0.15, names[1], ha="left", va="top", **looks)
    axes.text(1.15, -0.15, names[2], ha="right", va="top", **looks)
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        axis.set_major_locator(FixedLocator([0.25, 0.5, 0.75]))
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}%"))
        axis.set_tick_params(labelsize=7)
    axes.grid(False)


def short_title(lever: str, lang: str) -> str:
    """Title of a lever without the part in brackets."""
    return lever_title(lever, lang).split(" (")[0]


def _draw_tradeoff(axes: Any, table: "pd.DataFrame", plane: Plane, lang: str, short: bool) -> None:
    """Every mix as a dot in the plane of the two indices; the efficient ones ringed."""
    often = table["share_efficient"].to_numpy()
    shares = table[list(GOVERNANCES)].to_numpy()
    main = shares.argmax(axis=1)
    colours = np.array([style.GREEN, style.BLUE, style.PURPLE])
    for place, lever in enumerate(GOVERNANCES):
        of = main == place
        looks: dict[str, Any] = {"color": colours[place], "alpha": 0.75, "linewidth": 0, "label": short_title(lever, lang)}
        axes.scatter(plane.x[of], plane.y[of], s=12 + 70 * often[of], **looks)
    chosen, own = table["efficient"].to_numpy(bool), (table["mix"] == OWN).to_numpy()
    axes.plot(plane.x[chosen], plane.y[chosen], "o", mfc="none", mec=style.INK, ms=11, mew=1.2, label=say("efficient", lang))
    axes.plot(plane.x[own], plane.y[own], "P", mfc="white", mec=style.INK, ms=8, mew=1.2, label=say("own_mix", lang))
    axes.set_title(say("tradeoff_short" if short else "tradeoff", lang))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_xlabel(plane.names[0], loc="right")
    axes.set_ylabel(plane.names[1], loc="top")
    axes.grid(True, axis="both")
    axes.legend(loc="best", frameon=False, fontsize=8)
