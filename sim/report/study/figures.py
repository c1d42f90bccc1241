"""Figures of an analysed study. Each returns a Matplotlib figure; ``narrow=True`` is for a phone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.analysis.sensitivity import MAIN
from sim.report.parts import style
from sim.report.parts.figures import is_narrow, wrapped
from sim.report.parts.key import Entry, explain, height, line
from sim.report.study.factors import factor_title, factor_value
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.studies.analyze import Analysis, Question

SECOND = {"sobol": "first", "morris": "sigma", "given": "pawn"}
MOST_OUTCOMES, MOST_FACTORS, MOST_POLICIES = 4, 16, 12
SURE = 0.95


def main_method(table: "pd.DataFrame") -> str:
    """Method whose main index ranks the factors of a table: that of the design, else given data."""
    return str(table["method"].iloc[0])


def shown_outcomes(analysis: "Analysis") -> list[str]:
    """Outcomes with indices, as many as a figure can show."""
    return list(dict.fromkeys(analysis.sensitivity["outcome"]))[:MOST_OUTCOMES]


def draw_sensitivity(analysis: "Analysis", lang: str = "en", narrow: bool = False) -> "Figure":
    """Indices of every factor with intervals, a panel per outcome, the factors in the order of the first."""
    table, outcomes = analysis.sensitivity, shown_outcomes(analysis)
    method = main_method(table)
    table = table[table["method"] == method]
    main = table[(table["outcome"] == outcomes[0]) & (table["measure"] == MAIN[method])]
    factors = list(main.sort_values("value")["factor"])[-MOST_FACTORS:]
    with style.look():
        columns = 1 if narrow else min(2, len(outcomes))
        rows = -(-len(outcomes) // columns)
        entries = _index_key(method, lang)
        size = (0.42 * len(factors) + 0.9) * rows + height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
        grid = figure.subplots(rows, columns, squeeze=False, sharey=not narrow).ravel()
        for axes, outcome in zip(grid, outcomes):
            part = table[(table["outcome"] == outcome) & (table["other"] == "")]
            _intervals(axes, part, factors, method)
            axes.set_title(metric_title(outcome, lang))
            axes.set_yticks(range(len(factors)), [wrapped(factor_title(name, lang), lang, 22) for name in factors])
        for axes in grid[len(outcomes) :]:
            axes.remove()
        explain(figure, entries, narrow)
        return figure


def _index_key(method: str, lang: str) -> list[Entry]:
    return [
        (line(marker="o", color=style.BLUE), say(f"index_{MAIN[method]}" if MAIN[method] != "total" else "index_total", lang)),
        (line(marker="o", color=style.VERMILLION, mfc="white"), say(f"index_{SECOND[method]}", lang)),
        (line(linewidth=1.4, color=style.GREY), say("interval", lang)),
        (line(linewidth=1.4, color=style.GREY, linestyle=(0, (2, 1.5))), say("key_more_runs", lang)),
        (line(marker="|", color=style.GREY, ms=10, mew=1.2), say("key_no_effect", lang)),
    ]


def _intervals(axes: "Axes", part: "pd.DataFrame", factors: list[str], method: str) -> None:
    axes.grid(True, axis="x")
    axes.grid(visible=False, axis="y")
    for index, colour, filled, shift in ((MAIN[method], style.BLUE, True, 0.12), (SECOND[method], style.VERMILLION, False, -0.16)):
        rows = part[part["measure"] == index].set_index("factor").reindex(factors)
        places = np.arange(len(factors)) + shift
        for place, row in zip(places, rows.itertuples()):
            dash = "-" if row.settled is True or row.settled == 1 else (0, (2, 1.5))
            axes.plot([row.low, row.high], [place, place], color=colour, linestyle=dash, linewidth=1.4)
        axes.plot(rows["value"], places, "o", color=colour, markersize=5.5, markerfacecolor=colour if filled else "white")
        if filled and np.isfinite(rows["floor"].astype(float)).any():
            axes.axvline(float(rows["floor"].max()), color=style.GREY, linewidth=1.2, zorder=0)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.xaxis.set_major_locator(MaxNLocator(3 if is_narrow(axes) else 5))


def draw_boxes(question: "Question", whole: "pd.DataFrame", lang: str = "en", narrow: bool = False) -> "Figure":
    """Coverage against density of every box of the first peeling, and the bounds of the chosen one; `whole` are all factors."""
    peeling = question.peelings[0]
    table, chosen = peeling.trajectory, peeling.chosen
    bounds = peeling.restrictions(chosen)
    names = list(dict.fromkeys(bounds.sort_values("p")["factor"]))[:8]
    with style.look():
        size = max(2.9, 0.5 * len(names) + 1.0)
        entries = [
            (line(marker="o", color=style.BLUE), say("key_box", lang)),
            (line(marker="o", color=style.VERMILLION, mfc="none", ms=9), say("key_box_chosen", lang)),
            (line(linewidth=5, color=style.RULE), say("key_range_studied", lang)),
            (line(linewidth=5, color=style.BLUE), say("key_bound", lang)),
            (line(linewidth=5, color=style.SKY), say("key_bound_weak", lang)),
        ]
        inches = (2.7 + size if narrow else size) + height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, inches)
        left, right = figure.subplots(2, 1) if narrow else figure.subplots(1, 2, width_ratios=[1, 1.25])
        left.plot(table["coverage"], table["density"], "-o", color=style.BLUE, markersize=3.5, linewidth=1)
        left.plot(table["coverage"][chosen], table["density"][chosen], "o", color=style.VERMILLION, markersize=11, markerfacecolor="none")
        left.set(xlim=(0, 1.05), ylim=(0, 1.05), xlabel=say("coverage", lang), ylabel=say("density", lang))
        _ranges(right, peeling, bounds, names, whole, lang)
        explain(figure, entries, narrow)
        return figure


def _ranges(axes: "Axes", peeling, bounds, names: list[str], whole: "pd.DataFrame", lang: str) -> None:
    """The chosen box within the range of each factor that bounds it."""
    axes.grid(visible=False)
    box = peeling.boxes[peeling.chosen]
    for place, name in enumerate(reversed(names)):
        limit, rows = box.limits[name], bounds[bounds["factor"] == name]
        axes.plot([0, 1], [place, place], color=style.RULE, linewidth=7, solid_capstyle="butt")
        p = ", ".join(f"{value:.2g}" if value >= 0.001 else "<0.001" for value in rows["p"])
        if isinstance(limit, frozenset):
            label, start, end = " / ".join(sorted(factor_value(name, v, lang) for v in limit)), 0.0, len(limit) / whole[name].nunique()
        else:
            low, span = float(whole[name].min()), float(whole[name].max() - whole[name].min()) or 1.0
            start, end = (limit[0] - low) / span, (limit[1] - low) / span
            label = f"{factor_value(name, limit[0], lang)} – {factor_value(name, limit[1], lang)}"
        strong = bool((rows["p"] < 0.05).all())
        axes.plot([start, end], [place, place], color=style.BLUE if strong else style.SKY, linewidth=7, solid_capstyle="butt")
        axes.annotate(f"{label}   p {p}", (0, place), (0, 7), textcoords="offset points", fontsize=8.5, color=style.SOFT)
    axes.set_yticks(range(len(names)), [wrapped(factor_title(name, lang), lang, 20) for name in reversed(names)])
    axes.set(xlim=(0, 1), ylim=(-0.5, len(names) - 0.3), xticks=[])


def draw_front(analysis: "Analysis", lang: str = "en", narrow: bool = False) -> "Figure":
    """Policies by their outcomes, two at a time against the first; efficient ones filled."""
    table, names = analysis.front, list(analysis.better)[: MOST_OUTCOMES + 1]
    with style.look():
        entries = [
            (line(marker="o", color=style.BLUE), say("key_front_sure", lang)),
            (line(marker="o", color=style.SKY), say("key_front", lang)),
            (line(marker="o", color=style.GREY, mfc="none", ms=3.5), say("key_dominated", lang)),
        ]
        columns = [(name, say("with_unit", lang, name=metric_title(name, lang), unit=metric_unit(name, lang))) for name in names]
        return scatter(table, columns, _front_points, narrow, entries)


def _front_points(axes: "Axes", table: "pd.DataFrame", x: str, y: str) -> None:
    good = table["efficient"].to_numpy(bool)
    sure = good & (table["sure"].to_numpy(float) >= SURE)
    axes.plot(table[x][~good], table[y][~good], "o", color=style.GREY, markersize=3.5, markerfacecolor="none", markeredgewidth=0.7)
    axes.plot(table[x][good & ~sure], table[y][good & ~sure], "o", color=style.SKY, markersize=6)
    axes.plot(table[x][sure], table[y][sure], "o", color=style.BLUE, markersize=6.5)


def scatter(table: "pd.DataFrame", columns: list[tuple[str, str]], points: Any, narrow: bool, entries: Sequence[Entry] = ()) -> "Figure":
    """The first column against each other one; ``points(axes, table, x, y)`` draws, and `entries` are the key."""
    pairs = [(other, columns[0]) for other in columns[1:]]
    across = 1 if narrow else min(2, len(pairs))
    rows = -(-len(pairs) // across)
    size = (3.3 if narrow or across > 1 else 4.0) * rows + height(entries, narrow)
    figure = style.new_figure(style.NARROW if narrow else style.WIDE, size)
    grid = figure.subplots(rows, across, squeeze=False).ravel()
    for axes, ((x, x_title), (y, y_title)) in zip(grid, pairs):
        axes.grid(True, axis="both")
        points(axes, table, x, y)
        axes.set(xlabel=x_title, ylabel=y_title)
        axes.xaxis.set_major_locator(MaxNLocator(5))
    for axes in grid[len(pairs) :]:
        axes.remove()
    explain(figure, entries, narrow)
    return figure


def draw_robust(analysis: "Analysis", lang: str = "en", narrow: bool = False) -> "Figure":
    """The best policies: share of runs that meet the targets, and greatest regret of the first outcome."""
    table, name = analysis.robust.head(MOST_POLICIES), next(iter(analysis.better), "")
    panels = ["share"] if "share" in table else []
    panels += [f"regret_max_{name}"] if table.get(f"regret_max_{name}") is not None and table[f"regret_max_{name}"].notna().any() else []
    with style.look():
        entries = [(line(linewidth=1.7, color=style.BLUE), say("interval", lang))] if "share" in panels else []
        size = (style.NARROW if narrow else style.WIDE, 0.27 * len(table) + 1.1)
        figure = style.new_figure(size[0], size[1] * (len(panels) if narrow else 1) + height(entries, narrow))
        grid = figure.subplots(*((len(panels), 1) if narrow else (1, len(panels))), squeeze=False).ravel()
        for axes, panel in zip(grid, panels):
            places = np.arange(len(table))[::-1]
            axes.grid(True, axis="x")
            axes.grid(visible=False, axis="y")
            if panel == "share":
                axes.hlines(places, table["low"], table["high"], color=style.BLUE)
                axes.set_xlim(0, 1.02)
                axes.set_title(say("share_met", lang))
            else:
                axes.hlines(places, 0, table[panel], color=style.BLUE, linewidth=1)
                axes.set_title(say("greatest_regret", lang, outcome=metric_title(name, lang)))
            axes.plot(table[panel], places, "o", color=style.BLUE, markersize=5.5)
            axes.set_yticks(places, [str(number) for number in range(1, len(table) + 1)])
            if panel == "share":
                axes.set_xlabel(say("share_of_runs_axis", lang), loc="right", fontsize=8.5)
            else:
                axes.set_xlabel(metric_unit(name, lang), loc="right", fontsize=8.5)
        grid[0].set_ylabel(say("policy_number", lang), loc="top", fontsize=8.5)
        explain(figure, entries, narrow)
        return figure
