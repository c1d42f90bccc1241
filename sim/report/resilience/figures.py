"""Figures of resilience: the effect of shocks week by week, by metric, and by district."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.report.compare.figures import rules
from sim.report.parts import style
from sim.report.parts.events import events, mark
from sim.report.parts.figures import wrapped
from sim.report.parts.places import district_names
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.resilience import Resilience

PERIODS = {"during": (style.BLUE, "o"), "end": (style.ORANGE, "D")}


def draw_course(result: "Resilience", names: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """The difference week by week with its interval, a panel per metric, shocks hatched."""
    with style.look():
        shape = (len(names), 1) if narrow else (1, len(names))
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 2.5 * shape[0] + 0.4 + 0.5 * narrow)
        for axes, name in zip(figure.subplots(*shape, squeeze=False).flat, names, strict=True):
            table = result.weekly[result.weekly["metric"] == name]
            axes.fill_between(table["week"], table["low"], table["high"], color=style.BLUE, alpha=0.2, linewidth=0)
            axes.plot(table["week"], table["mean"], color=style.BLUE)
            axes.axhline(0, color=style.INK, linewidth=0.9)
            axes.set_title(metric_title(name, lang))
            axes.set_ylabel(say("r_axis", lang, unit=metric_unit(name, lang)), loc="top", fontsize=8.5)
            weeks = result.named[0].horizon
            style.time_axis(axes, weeks, say("year_axis" if weeks >= 104 else "week_axis", lang))
            axes.yaxis.set_major_locator(MaxNLocator(5))
            mark(axes, events(result.named[0]))
        handles: list[Any] = [Line2D([], [], color=style.BLUE), Patch(color=style.BLUE, alpha=0.2, linewidth=0)]
        handles.append(Patch(facecolor="none", edgecolor=style.GREY, hatch="////", linewidth=0))
        words = [say(key, lang) for key in ("r_difference", "interval", "r_shocks")]
        figure.legend(handles, words, loc="outside upper left", ncols=1 if narrow else 3, frameon=False)
        return figure


def draw_effects(result: "Resilience", names: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """Differences during the shocks and at the end, a row per metric of one scale."""
    return _dots(result, result.effects, "metric", names, lambda name: metric_title(name, lang), metric_unit(names[0], lang), lang, narrow)


def draw_districts(result: "Resilience", name: str, lang: str = "en", narrow: bool = False) -> "Figure":
    """Differences in one metric by district, largest loss on top."""
    table = result.districts[result.districts["metric"] == name]
    struck, titles = set(table.loc[table["struck"], "district"]), district_names(result.named[0], lang)
    return _dots(
        result,
        table,
        "district",
        district_order(table),
        lambda district: f"{titles(district)} *" if district in struck else titles(district),
        metric_unit(name, lang),
        lang,
        narrow,
        star=bool(struck),
    )


def district_order(table: "pd.DataFrame") -> list[str]:
    """Districts by their difference during the shocks, most negative first."""
    during = table[table["period"] == "during"]
    return during.sort_values("mean", kind="stable")["district"].tolist()


def _dots(
    result: "Resilience",
    table: "pd.DataFrame",
    key: str,
    order: Sequence[str],
    title: Callable[[str], str],
    unit: str,
    lang: str,
    narrow: bool,
    star: bool = False,
) -> "Figure":
    with style.look():
        height = 1.3 + 0.22 * (5 if narrow else 2) + 0.42 * len(order)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, height)
        axes = figure.subplots()
        for place, each in zip(np.arange(len(order))[::-1], order, strict=True):
            for (period, (colour, marker)), down in zip(PERIODS.items(), (0.16, -0.16), strict=True):
                row = table[(table[key] == each) & (table["period"] == period)].iloc[0]
                _dot(axes, row, place + down, colour, marker)
        rules(axes, [wrapped(title(each), lang, 18) if narrow else title(each) for each in order])
        axes.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6))
        axes.set_xlabel(say("r_axis", lang, unit=unit), loc="right", fontsize=8.5)
        _legend(figure, result, lang, narrow, star)
        return figure


def _dot(axes: "Axes", row: Any, place: float, colour: str, marker: str) -> None:
    axes.hlines(place, row["low"], row["high"], color=colour, linewidth=2, alpha=0.6)
    sure = row["low"] > 0 or row["high"] < 0
    axes.plot(row["mean"], place, marker, color=colour, mfc=colour if sure else "white", mew=1.4, ms=5.5)


def _legend(figure: "Figure", result: "Resilience", lang: str, narrow: bool, star: bool) -> None:
    words = [say("r_period_during", lang), say("r_period_end", lang, weeks=result.batch.window)]
    handles = [Line2D([], [], color=colour, marker=marker, ms=5.5, linewidth=2) for colour, marker in PERIODS.values()]
    for key, face in (("r_filled", style.INK), ("r_hollow", "white")):
        handles.append(Line2D([], [], color=style.INK, marker="o", mfc=face, ms=5.5, linewidth=0))
        words.append(say(key, lang))
    if star:
        handles.append(Line2D([], [], linewidth=0))
        words.append(say("r_star", lang))
    figure.legend(handles, words, loc="outside upper left", ncols=1 if narrow else 2, frameon=False)
