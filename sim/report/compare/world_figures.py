"""Differences over plausible worlds: every world as a dot, the middle 90 % as a band, the median as a line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.real_size import LEADING, total_factor
from sim.analysis.world_verdict import MIDDLE
from sim.metrics import METRICS
from sim.report.compare.figures import colour_of, legend_of
from sim.report.parts import leading, style
from sim.report.parts.figures import is_narrow
from sim.report.parts.files import Table
from sim.report.parts.key import explain, line, patch
from sim.report.parts.key import height as key_height
from sim.report.parts.numbers import amounts
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, metric_title
from sim.scenario.costs import real_residents

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.over_worlds import WorldComparison

COLUMNS, NARROW_COLUMNS = 4, 2
GOLDEN = 0.6180339887
"""Steps between heights of dots, so that neighbours lie apart."""


def natural_differences(result: "WorldComparison", label: str, metric: str) -> np.ndarray:
    """Differences over worlds in natural units, shape (worlds,): totals of the real city where there are some."""
    factor = total_factor(metric, real_residents(result.named[0])) if metric in LEADING else np.nan
    return result.over_worlds(label, metric) * (factor if np.isfinite(factor) else 1.0)


def draw_worlds(result: "WorldComparison", metrics: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """Distributions over worlds of the differences from the first scenario, a panel per metric with a row per scenario."""
    with style.look():
        others, columns = result.batch.labels[1:], min(NARROW_COLUMNS if narrow else COLUMNS, len(metrics))
        rows = -(-len(metrics) // columns)
        entries = [
            (line(marker="o", ms=3, color=style.GREY), say("key_world", lang)),
            (patch(color=style.GREY, alpha=0.25), say("key_world_range", lang)),
            (line(linewidth=2), say("key_world_median", lang)),
        ]
        legends = 0.22 * (len(others) if narrow else -(-len(others) // 2)) if len(others) > 1 else 0.0
        height = (0.62 + 0.3 * len(others)) * rows + key_height(entries, narrow) + legends
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, height)
        grid = list(figure.subplots(rows, columns, squeeze=False).flat)
        for unused in grid[len(metrics) :]:
            unused.remove()
        for axes, metric in zip(grid, metrics, strict=False):
            for i, label in enumerate(others):
                _row(axes, natural_differences(result, label, metric), len(others) - i, colour_of(i))
            _panel(axes, metric, len(others), lang)
        if len(others) > 1:
            legend_of(figure, result, lang, narrow)
        explain(figure, entries, narrow)
        return figure


def _row(axes: "Axes", values: np.ndarray, place: float, colour: str) -> None:
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return
    low, median, high = np.quantile(values, (MIDDLE[0], 0.5, MIDDLE[1]))
    axes.fill_between([low, high], place - 0.42, place + 0.42, color=colour, alpha=0.2, linewidth=0)
    heights = place + 0.7 * ((np.arange(len(values)) * GOLDEN) % 1.0 - 0.5)
    axes.plot(values, heights, "o", color=colour, ms=2.4, mew=0, alpha=0.75)
    axes.vlines(median, place - 0.45, place + 0.45, color=style.INK, linewidth=2)


def _panel(axes: "Axes", metric: str, count: int, lang: str) -> None:
    axes.axvline(0, color=style.INK, linewidth=0.9)
    axes.set(ylim=(0.45, count + 0.55), yticks=[])
    title = leading.title(metric, lang) if metric in LEADING else metric_title(metric, lang)
    axes.set_title(title, fontsize=7 if is_narrow(axes) else 8.5)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    low, high = axes.get_xlim()
    air = 0.04 * (high - low)
    axes.set_xlim(min(low, 0) - air, max(high, 0) + air)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.tick_params(axis="x", labelsize=7.5, pad=2)
    if in_per_cent(metric):
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    elif metric in LEADING and np.isfinite(total_factor(metric, 1.0)):
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: amounts([v], lang)[0]))
    better = METRICS[metric].better if metric in METRICS else ""
    if better in ("more", "less"):
        more = better == "more"
        axes.set_xlabel(say("better_right" if more else "better_left", lang), loc="right" if more else "left", fontsize=7, labelpad=1)


def world_rows(result: "WorldComparison", metrics: Sequence[str], lang: str) -> Table:
    """The dots as numbers: a row per scenario and world."""
    head = [say("scenario", lang), say("worlds_world", lang)]
    head += [leading.title(name, lang) if name in LEADING else metric_title(name, lang) for name in metrics]
    rows = []
    for label in result.batch.labels[1:]:
        columns = [natural_differences(result, label, metric) for metric in metrics]
        for place, number in enumerate(result.assumptions["world"].tolist()):
            rows.append([label, str(number), *(f"{column[place]:.6g}" for column in columns)])
    return Table(head, rows)
