"""Figures of an attribution: a waterfall chart from one scenario to the other, and the effects of levers alone and together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.compare.figures import dot_key
from sim.report.parts import style
from sim.report.parts.experiments import shortened
from sim.report.parts.key import explain, line, patch
from sim.report.parts.key import height as key_height
from sim.report.parts.numbers import number
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, lever_title, metric_title, metric_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.attribute import Attribution

UP, DOWN = style.GREEN, style.VERMILLION
"""Colours of increases and decreases of a metric; they do not mean better and worse."""
MOST_PAIRS = 10


def player_title(name: str, lang: str) -> str:
    """Title of a player."""
    section, _, rest = name.partition(".")
    if section == "mechanisms" and rest:
        return say("group_mechanisms", lang, name=rest.replace("_", " "))
    if rest:
        return lever_title(rest, lang).split(" (")[0]
    return say(f"group_{section}", lang) if section in ("policy", "budget", "timeline", "shocks", "weights") else section


def rows_of(result: "Attribution", metric: str, effect: str) -> list[dict[str, Any]]:
    """Effects of one kind on a metric, largest first."""
    table = result.effects
    rows = table[(table["metric"] == metric) & (table["effect"] == effect)].to_dict("records")
    return sorted(rows, key=lambda row: -abs(row["mean"]))


def draw_waterfall(result: "Attribution", metrics: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """From the first scenario's value to the second's by Shapley shares, a panel per metric."""
    with style.look():
        count = len(result.players) + 2
        shape = (len(metrics), 1) if narrow else (1, len(metrics))
        entries = [
            (patch(color=UP, alpha=0.85), say("key_adds", lang)),
            (patch(color=DOWN, alpha=0.85), say("key_takes", lang)),
            (line(linewidth=1.4), say("worlds_range" if result.over_worlds else "interval", lang)),
            (line(marker="|", mew=2, ms=10), say("key_scenario", lang)),
        ]
        height = (0.9 + 0.36 * count) * shape[0] + key_height(entries, narrow, 4)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, height)
        for axes, metric in zip(figure.subplots(*shape, squeeze=False).flat, metrics, strict=True):
            _draw_steps(axes, result, metric, lang)
        explain(figure, entries, narrow, 4)
        return figure


def _draw_steps(axes: Any, result: "Attribution", metric: str, lang: str) -> None:
    """Steps from top to bottom, each starting at the end of the one above."""
    ends = [rows_of(result, metric, effect)[0]["mean"] for effect in ("first", "second")]
    steps = rows_of(result, metric, "shapley")
    value, names = ends[0], [_ends(result, 0, lang)]
    place = len(steps)
    axes.vlines(ends[0], place + 0.5, place + 1.5, color=style.INK, linewidth=2)
    reached = [value]
    for row in steps:
        colour = UP if row["mean"] >= 0 else DOWN
        axes.barh(place, row["mean"], left=value, height=0.56, color=colour, alpha=0.85)
        axes.hlines(place, value + row["low"], value + row["high"], color=style.INK, linewidth=1.4)
        axes.vlines(value, place - 0.28, place + 1.28, color=style.GREY, linewidth=0.8)
        value += row["mean"]
        reached += [value, *(value + end for end in _reach(row))]
        names.append(player_title(row["player"], lang))
        place -= 1
    axes.vlines(value, -0.5, 1.28, color=style.GREY, linewidth=0.8)
    axes.vlines(ends[1], -0.5, 0.5, color=style.INK, linewidth=2)
    names.append(_ends(result, 1, lang))
    rows = np.arange(len(names))[::-1]
    axes.set_yticks(rows, names)
    low, high = min(reached), max(reached)
    air = 0.3 * (high - low or abs(high) or 1.0)
    axes.set_xlim(low - air, high + air)
    for row_place, text, at in _texts(steps, ends, metric):
        axes.annotate(text, (at, row_place), (6, 0), textcoords="offset points", va="center", fontsize=8.5)
    axes.set_title(metric_title(metric, lang))
    _scale(axes, metric, lang)


def _reach(row: dict[str, Any]) -> tuple[float, float]:
    """Ends of the interval of a step; the step itself if it has none."""
    return (row["low"], row["high"]) if np.isfinite(row["low"]) else (row["mean"], row["mean"])


def _texts(steps: list[dict[str, Any]], ends: list[float], metric: str) -> list[tuple[int, str, float]]:
    """Number beside every step: its row, its text, and its start."""
    said: list[tuple[int, str, float]] = [(len(steps) + 1, number(ends[0], metric), ends[0]), (0, number(ends[1], metric), ends[1])]
    value = ends[0]
    for place, row in zip(range(len(steps), 0, -1), steps, strict=True):
        said.append((place, number(row["mean"], metric, sign=True), max(value, value + row["mean"], value + _reach(row)[1])))
        value += row["mean"]
    return said


def _ends(result: "Attribution", place: int, lang: str) -> str:
    scenario = result.named[place]
    return shortened(scenario.title.get("zh" if lang == "zh" else "en") or scenario.name, 26)


def draw_interactions(result: "Attribution", metrics: Sequence[str], lang: str = "en", narrow: bool = False) -> "Figure":
    """Main effect and Shapley share of every lever, then the interactions, a panel per metric."""
    with style.look():
        lines = _lines(result, metrics[0], lang)
        shape = (len(metrics), 1) if narrow else (1, len(metrics))
        entries = dot_key(lang, "w_filled", "w_hollow", "worlds_range") if result.over_worlds else dot_key(lang, "r_filled", "r_hollow")
        size = (0.95 + 0.3 * len(lines)) * shape[0] + 0.25 + key_height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        grid = list(figure.subplots(*shape, squeeze=False, sharey=not narrow).flat)
        for axes, metric in zip(grid, metrics, strict=True):
            rows = _lines(result, metric, lang, [name for name, *_ in lines])
            for place, (_, main, shared) in zip(np.arange(len(rows))[::-1], rows, strict=True):
                _draw_dot(axes, main, place + (0.14 if shared else 0), style.BLUE if shared else style.PURPLE, "o" if shared else "s")
                if shared:
                    _draw_dot(axes, shared, place - 0.14, style.ORANGE, "D")
            axes.axvline(0, color=style.INK, linewidth=0.9)
            axes.set_yticks(np.arange(len(rows))[::-1], [name for name, *_ in rows])
            axes.set_ylim(-0.5, len(rows) - 0.5)
            axes.set_title(metric_title(metric, lang))
            _scale(axes, metric, lang)
        _legend(figure, lang)
        explain(figure, entries, narrow)
        return figure


def _legend(figure: "Figure", lang: str) -> None:
    looks = ((style.BLUE, "o", say("alone", lang)), (style.ORANGE, "D", say("together", lang)), (style.PURPLE, "s", say("h_pairs", lang)))
    handles = [Line2D([], [], color=colour, marker=marker, linewidth=2, ms=5) for colour, marker, _ in looks]
    figure.legend(
        handles, [name for *_, name in looks], loc="outside upper left", ncols=1 if figure.get_figwidth() < 5 else 3, frameon=False
    )


def _lines(result: "Attribution", metric: str, lang: str, order: Sequence[str] = ()) -> list[tuple[str, dict, dict | None]]:
    """Rows of the figure of interactions: name, effect, and Shapley share if there is one; only the largest pairs."""
    shared = {row["player"]: row for row in rows_of(result, metric, "shapley")}
    lines: list[tuple[str, dict, dict | None]] = [
        (player_title(row["player"], lang), row, shared[row["player"]]) for row in rows_of(result, metric, "main")
    ]
    for row in rows_of(result, metric, "pair")[: None if order else MOST_PAIRS]:
        one, other = (player_title(row[key], lang) for key in ("player", "other"))
        lines.append((say("pair", lang, one=one, other=other), row, None))
    lines += [(say("remainder", lang), row, None) for row in rows_of(result, metric, "remainder")]
    by_name = {line[0]: line for line in lines}
    return [by_name[name] for name in order] if order else lines


def _draw_dot(axes: Any, row: dict[str, Any], place: float, colour: str, marker: str) -> None:
    axes.hlines(place, row["low"], row["high"], color=colour, linewidth=2, alpha=0.6)
    sure = row["low"] > 0 or row["high"] < 0
    axes.plot(row["mean"], place, marker, color=colour, mfc=colour if sure else "white", mew=1.4, ms=5)


def _scale(axes: Any, metric: str, lang: str) -> None:
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_xlabel(metric_unit(metric, lang), loc="right", fontsize=8)
    if in_per_cent(metric):
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
