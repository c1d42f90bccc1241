"""Figures of a comparison: differences with intervals, and the ranking under varied weights."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiments.comparisons.compare import ALONE, SETTLED
from sim.report.parts import style
from sim.report.parts.experiments import COLOURS, LONGEST, LONGEST_IN_TWO, MARKERS, shortened, titles
from sim.report.parts.key import Entry, explain, line, patch
from sim.report.parts.key import height as key_height
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, metric_title, metric_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.compare import Comparison
    from sim.experiments.experiment_result import ExperimentResult


def draw_differences(result: "Comparison", names: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """Differences from the first scenario in metrics of one scale: a row per metric with a line per scenario."""
    with style.look():
        others, row = result.batch.labels[1:], 0.2
        height = (row * len(others) + 0.16) * len(names)
        size = 1.1 + 0.24 * (len(others) if narrow else 1) + height + key_height(dot_key(lang), narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        axes = figure.subplots()
        places = np.arange(len(names))[::-1].astype(float)
        step = 0.8 / len(others)
        for i, label in enumerate(others):
            rows = _rows(result, label, names)
            for place, (_, found) in zip(places, rows.iterrows(), strict=True):
                dot(axes, found, place + 0.4 - step * (i + 0.5), i)
        rules(axes, [metric_title(name, lang) for name in names])
        words = say("difference_axis", lang, base=_title(result, result.batch.labels[0], lang))
        axes.set_xlabel(say("with_unit", lang, name=words, unit=metric_unit(names[0], lang)), loc="right", fontsize=8.5)
        legend(axes, result, lang, 1 if narrow else 2)
        explain(figure, dot_key(lang), narrow)
        return figure


def dot_key(lang: str, filled: str = "key_settled", hollow: str = "key_open", ends: str = "key_difference_interval") -> list[Entry]:
    """The key of dots and their lines."""
    looks = {"marker": "o", "mew": 1.4, "color": style.GREY}
    return [
        (line(linewidth=2, color=style.GREY, alpha=0.6), say(ends, lang)),
        (line(**looks), say(filled, lang)),
        (line(**looks, mfc="white"), say(hollow, lang)),
    ]


def rules(axes: "Axes", words: Sequence[str]) -> None:
    """Named rows, the first on top, with a line between them and one at zero."""
    places = np.arange(len(words))[::-1]
    axes.axvline(0, color=style.INK, linewidth=0.9)
    axes.set_yticks(places, words)
    axes.set_ylim(-0.6, len(words) - 0.4)
    axes.hlines(places[:-1] - 0.5, 0, 1, transform=axes.get_yaxis_transform(), color=style.RULE, linewidth=0.7)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")


def draw_panels(result: "Comparison", names: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """Differences from the first scenario in metrics of different units, a panel per metric."""
    with style.look():
        others, columns = result.batch.labels[1:], 2 if narrow else 3
        rows = -(-len(names) // columns)
        height = (0.95 + 0.17 * len(others)) * rows + 0.25 * (len(others) if narrow else -(-len(others) // 2))
        height += key_height(dot_key(lang), narrow) + 0.15
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, height)
        grid = list(figure.subplots(rows, columns, squeeze=False).flat)
        for unused in grid[len(names) :]:
            unused.remove()
        for axes, name in zip(grid, names, strict=False):
            for i, label in enumerate(others):
                dot(axes, _rows(result, label, [name]).iloc[0], len(others) - i, i)
            _panel(axes, name, len(others), lang)
        legend_of(figure, result, lang, narrow)
        words = say("difference_axis", lang, base=_title(result, result.batch.labels[0], lang))
        figure.supxlabel(words, fontsize=8.5, color=style.SOFT, x=0.99, ha="right")
        explain(figure, dot_key(lang), narrow)
        return figure


def _panel(axes: "Axes", name: str, count: int, lang: str) -> None:
    axes.axvline(0, color=style.INK, linewidth=0.9)
    axes.set(ylim=(0.3, count + 0.7), yticks=[])
    title = metric_title(name, lang)
    cut = title.rfind(" ", 0, 26) if lang == "en" and len(title) > 26 else -1
    axes.set_title(title if cut < 0 else f"{title[:cut]}\n{title[cut + 1 :]}", fontsize=9)
    axes.set_xlabel(metric_unit(name, lang), fontsize=7.5)
    axes.grid(True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(3))
    if in_per_cent(name):
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g}"))
    axes.tick_params(axis="x", labelsize=8)
    low, high = axes.get_xlim()
    air = 0.06 * (high - low)
    axes.set_xlim(min(low, 0) - air, max(high, 0) + air)


def draw_ranking(result: "Comparison", lang: str = "en", narrow: bool = False) -> "Figure":
    """Share of the weightings under which each scenario ranks first, a panel per index."""
    with style.look():
        table, labels = result.ranking, result.batch.labels
        indices = list(dict.fromkeys(table["ranked_by"]))
        shape = (len(indices), 1) if narrow else (1, len(indices))
        entries = [
            (patch(color=style.GREY), say("key_first", lang)),
            (line(marker="|", mew=1.6, ms=10), say("key_first_with_luck", lang)),
        ]
        height = (0.55 + 0.26 * len(labels)) * shape[0] + 0.35 + key_height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, height)
        grid = list(figure.subplots(*shape, sharey=True, sharex=True, squeeze=False).flat)
        places = np.arange(len(labels))[::-1]
        for axes, index in zip(grid, indices, strict=True):
            rows = table[table["ranked_by"] == index].set_index("scenario").loc[list(labels)]
            axes.barh(places, rows["first"], height=0.62, color=[colour_of(i - 1) for i in range(len(labels))])
            axes.vlines(rows["first_with_luck"], places - 0.4, places + 0.4, color=style.INK, linewidth=1.6)
            for place, share in zip(places, rows["first"], strict=True):
                axes.annotate(f"{100 * share:.0f} %", (share, place), (5, 0), textcoords="offset points", va="center", fontsize=8.5)
            axes.set_title(say("both", lang) if index == "both" else metric_title(index, lang))
            axes.grid(False)
            axes.set(xlim=(0, 1.18), xticks=[0, 0.5, 1])
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f} %"))
        grid[0].set_yticks(places, [_title(result, label, lang) for label in labels])
        grid[-1].set_xlabel(say("share_axis", lang), loc="right", fontsize=8.5)
        explain(figure, entries, narrow)
        return figure


def _rows(result: "Comparison", label: str, names: Sequence[str]):
    table = result.differences
    return table[table["scenario"] == label].set_index("metric").loc[list(names)]


def dot(axes: "Axes", found, place: float, i: int) -> None:
    """A difference with its interval, if any: filled if significant, half filled if individually only, hollow otherwise."""
    colour = colour_of(i)
    axes.hlines(place, found["low"], found["high"], color=colour, linewidth=2, alpha=0.6)
    fill = {SETTLED: "full", ALONE: "left"}.get(found["verdict"], "none")
    looks: dict[str, Any] = {"fillstyle": fill, "markerfacecoloralt": "white"} if fill != "none" else {"mfc": "white"}
    axes.plot(found["mean"], place, MARKERS[i % len(MARKERS)], color=colour, mew=1.4, ms=5.5, **looks)


def _title(result: "ExperimentResult", label: str, lang: str) -> str:
    return shortened(titles(result.batch, lang)[label])


def colour_of(i: int) -> str:
    """Colour of a scenario by its index; the first, the base of the comparison, is grey."""
    return style.GREY if i < 0 else COLOURS[i % (len(COLOURS) - 1)]


def _handles(result: "ExperimentResult", lang: str, most: int) -> tuple[list[Line2D], list[str]]:
    others = result.batch.labels[1:]
    handles = [Line2D([], [], color=colour_of(i), marker=MARKERS[i % len(MARKERS)], ms=5.5, linewidth=2) for i in range(len(others))]
    shown = titles(result.batch, lang)
    return handles, [shortened(shown[label], most) for label in others]


def legend_of(figure: "Figure", result: "ExperimentResult", lang: str, narrow: bool) -> None:
    """One legend above all panels for all scenarios of a comparison."""
    handles, entries = _handles(result, lang, LONGEST_IN_TWO)
    figure.legend(handles, entries, loc="outside upper left", ncols=1 if narrow else 2, frameon=False)


def legend(axes: "Axes", result: "Comparison", lang: str, columns: int) -> None:
    """One legend above the axes for all scenarios of a comparison."""
    handles, entries = _handles(result, lang, LONGEST)
    axes.legend(handles, entries, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, frameon=False, borderaxespad=0.2)
