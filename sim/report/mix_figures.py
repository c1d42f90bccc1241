"""The picture of a mix: ternary maps of every objective, uncertain regions hatched, and the trade-off between the two indices."""

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import mpltern  # noqa: F401  (gives Matplotlib its ternary axes)
import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiments.mix import GOVERNANCES, OWN, SERVICES
from sim.report import style
from sim.report.experiment_words import say
from sim.report.labels import SHARES, lever_title, metric_title, metric_unit, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiments.mix import MixResult

LEVELS = 12
MAP = "cividis"
"""Colours that everybody tells apart and that print well in grey."""
RING = {"marker": "o", "mfc": "none", "mec": "white", "ms": 11, "mew": 1.6, "ls": "none", "clip_on": False, "zorder": 6}
PEAK = {"marker": "X", "mfc": style.VERMILLION, "mec": "white", "ms": 9, "mew": 1.0, "ls": "none", "clip_on": False, "zorder": 7}


def draw_maps(result: "MixResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """A ternary map per objective and share of public services, and the trade-off between the two indices."""
    levels = services_of(result)
    places: list[tuple[str, float] | None] = [(name, level) for level in levels for name in result.objectives]
    places.append(None)
    columns = 1 if narrow else min(2 if len(levels) == 1 else len(result.objectives), len(places))
    rows = -(-len(places) // columns)
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (3.5 if narrow else 4.1 if columns == 2 else 3.4) * rows)
        for number, place in enumerate(places, start=1):
            if place is None:
                _draw_tradeoff(figure.add_subplot(rows, columns, number), result, lang)
            else:
                with mpl.rc_context({"axes.grid.axis": "both"}):  # ternary axes know no other
                    axes = figure.add_subplot(rows, columns, number, projection="ternary")
                _draw_map(axes, result, *place, lang, len(levels) > 1)
        return figure


def services_of(result: "MixResult") -> list[float]:
    """Shares of public services that were tried."""
    return list(dict.fromkeys(result.mixes.loc[result.mixes["mix"] != OWN, SERVICES]))


def _draw_map(axes: Any, result: "MixResult", name: str, level: float, lang: str, several: bool) -> None:
    """One map: colour for the outcome, hatching where a mix cannot be told apart from the best, ring and cross."""
    table = result.mixes
    part = table[(table["mix"] != OWN) & (table[SERVICES] == level)]
    shares = [part[lever].to_numpy() for lever in GOVERNANCES]
    values = part[name].to_numpy(float)
    whole = table[name]
    steps = MaxNLocator(LEVELS).tick_values(float(whole.min()), float(whole.max()))
    axes.set_ternary_min(0, 0, 0)
    filled = axes.tricontourf(*shares, values, levels=steps, cmap=MAP)
    near = part[f"{name}_near"].to_numpy()
    if near.any():
        with mpl.rc_context({"hatch.linewidth": 0.8, "hatch.color": "white"}):
            axes.tricontourf(*shares, near.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
        axes.plot(*(share[near] for share in shares), ".", color="white", ms=3, clip_on=False, zorder=5)
    own = table[table["mix"] == OWN].iloc[0]
    if np.isclose(own[SERVICES], level):
        axes.plot(*([own[lever]] for lever in GOVERNANCES), linestyle="none", **{k: v for k, v in RING.items() if k != "ls"})
    peak = result.peaks[result.peaks["metric"] == name].iloc[0]
    if np.isclose(peak[SERVICES], level):
        axes.plot(*([peak[lever]] for lever in GOVERNANCES), linestyle="none", **{k: v for k, v in PEAK.items() if k != "ls"})
    _label(axes, lang)
    title = metric_title(name, lang)
    axes.set_title(f"{title}, {say('services_level', lang, share=percent(level))}" if several else title, pad=22)
    bar = axes.figure.colorbar(filled, ax=axes, shrink=0.62, pad=0.13, aspect=18)
    bar.outline.set_visible(False)
    bar.ax.set_title(metric_unit(name, lang), fontsize=7.5, fontweight="normal", color=style.SOFT, loc="center", pad=6)
    if name in SHARES:
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    bar.ax.tick_params(labelsize=8)


def _label(axes: Any, lang: str) -> None:
    """Corners named, sides in shares of the budget."""
    names = [lever_title(lever, lang) for lever in GOVERNANCES]
    first = names[0] if lang == "zh" else names[0].split(" (")[0]
    rest = [name if lang == "zh" else name.split(" (")[0].replace(" ", "\n", 1) for name in names[1:]]
    for setter, text in zip((axes.set_tlabel, axes.set_llabel, axes.set_rlabel), (first, *rest), strict=True):
        setter(text, fontsize=8.5, color=style.INK)
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        axis.set_label_position("corner")
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}%"))
        axis.set_tick_params(labelsize=7)
    axes.grid(False)


def _draw_tradeoff(axes: Any, result: "MixResult", lang: str) -> None:
    """Every mix as a dot in the plane of the two indices; the efficient ones ringed."""
    table: pd.DataFrame = result.mixes
    first, second = result.objectives[:2]
    often = table["share_efficient"].to_numpy()
    shares = table[list(GOVERNANCES)].to_numpy()
    main = shares.argmax(axis=1)
    colours = np.array([style.GREEN, style.BLUE, style.PURPLE])
    for place, lever in enumerate(GOVERNANCES):
        of = main == place
        label = lever_title(lever, lang) if lang == "zh" else lever_title(lever, lang).split(" (")[0]
        size = 12 + 90 * often[of]
        axes.scatter(table.loc[of, first], table.loc[of, second], s=size, color=colours[place], alpha=0.75, linewidth=0, label=label)
    chosen = table[table["efficient"]]
    axes.plot(chosen[first], chosen[second], "o", mfc="none", mec=style.INK, ms=12, mew=1.2)
    own = table[table["mix"] == OWN].iloc[0]
    axes.plot(own[first], own[second], "o", mfc="none", mec=style.GREY, ms=9, mew=1.5)
    axes.annotate(say("own_mix", lang), (own[first], own[second]), (-8, -14), textcoords="offset points", fontsize=8, ha="right")
    axes.set_title(say("tradeoff", lang))
    axes.set_xlabel(metric_title(first, lang), loc="right")
    axes.set_ylabel(metric_title(second, lang), loc="top")
    axes.grid(True, axis="both")
    axes.legend(loc="lower right", frameon=False, fontsize=8, title=None, markerscale=1.0)
