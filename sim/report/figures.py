"""Figures of one run, and the numbers under them. Each function returns a Matplotlib figure that a notebook can show or change.

Every figure is drawn by the same code for a page and, with ``narrow=True``, for a phone.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import style
from sim.report.labels import SHARES, metric_title, metric_unit, number, percent, text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run

INDICES = ("stability", "satisfaction")
STABILITY = ("order", "calm", "resolution", "steadiness")
SATISFACTION = ("belonging", "happiness", "security")
SPREAD = ("satisfaction_p10", "satisfaction_p50", "satisfaction_p90")
BUDGET = ("budget_spent", "budget_leaked", "budget_unspent")
HARM = ("wrongful_stops", "jailed", "volunteer_hours", "burn_out")
FAIRNESS = ("gap_satisfaction", "gap_service", "spread_satisfaction")
CLOSED = ("settled_negotiation", "closed_mediation", "closed_office", "closed_court", "withdrawn")
WAITING = {"closed_mediation": "waiting_mediation", "closed_office": "waiting_office", "closed_court": "waiting_court"}
FEW = 20
"""Replicates below which a band shows all of them instead of percentiles."""
MOST_POINTS = 520
EDGE = 13
"""Weeks whose mean stands for the start, and for the end."""


class Bands(NamedTuple):
    """A metric over time: mean over replicates and a band, each of shape (weeks,)."""

    weeks: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def by_week(table: "pd.DataFrame", name: str) -> np.ndarray:
    """A metric as an array of shape (weeks, replicates); all NaN where the table lacks it."""
    weeks, replicates = table["week"].nunique(), max(1, table["replicate"].nunique())
    if name not in table:
        return np.full((weeks, replicates), np.nan)
    if len(table) == weeks * replicates and (np.diff(table["week"].to_numpy().reshape(replicates, weeks), axis=1) == 1).all():
        return table[name].to_numpy(dtype=float, na_value=np.nan).reshape(replicates, weeks).T  # in order, as `simulate` makes it
    return table.pivot(index="week", columns="replicate", values=name).to_numpy(dtype=float, na_value=np.nan)


def bands(table: "pd.DataFrame", name: str) -> Bands:
    """Mean and band of a metric: 5th to 95th percentile from `FEW` replicates on, else lowest to highest.

    Parameters
    ----------
    table : DataFrame
        With ``replicate``, ``week`` and the metric, such as ``run.weekly``.
    name : str
        The metric. At most `MOST_POINTS` weeks are kept, the last among them.
    """
    values = by_week(table, name)
    step = max(1, len(values) // MOST_POINTS)
    kept = np.arange(len(values) - 1, -1, -step)[::-1]
    values = values[kept]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # weeks without a value stay NaN
        ends = (5, 95) if values.shape[1] >= FEW else (0, 100)
        low, high = (np.percentile if np.isfinite(values).all() else np.nanpercentile)(values, ends, axis=1)
        return Bands(kept, np.nanmean(values, axis=1), low, high)


def edges(table: "pd.DataFrame", name: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the first and of the last weeks of each replicate, each of shape (replicates,)."""
    values = by_week(table, name)
    weeks = edge(len(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values[:weeks], axis=0), np.nanmean(values[-weeks:], axis=0)


def edge(weeks: int) -> int:
    """Weeks at the start and at the end that are averaged: `EDGE`, fewer in a short run."""
    return max(1, min(EDGE, weeks // 4))


def has(table: "pd.DataFrame", names: Sequence[str]) -> list[str]:
    """Those of the metrics that the table has values of."""
    return [name for name in names if name in table and table[name].notna().any()]


def draw_band(axes: "Axes", data: Bands, colour: str, dash="-", label: str | None = None) -> "Axes":
    """Draw a mean line over its band."""
    axes.fill_between(data.weeks, data.low, data.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(data.weeks, data.mean, color=colour, linestyle=dash, label=label)
    return axes


def draw_indices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Stability and satisfaction over time on one axis, named at their right end."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 3.0 if narrow else 3.7)
        axes = figure.subplots()
        drawn = [(name, bands(run.weekly, name)) for name in has(run.weekly, INDICES)]
        for name, data in drawn:
            draw_band(axes, data, style.COLOUR[name], style.DASH[name])
        _room(axes, [data for _, data in drawn], 0.3)
        _name_ends(axes, [(_end(run, name), metric_title(name, lang), style.COLOUR[name]) for name, _ in drawn], narrow)
        _time(axes, run, lang)
        axes.set_ylabel(text("unit_index", lang), fontsize=8.5)
        return figure


def draw_parts(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Parts of both indices and the spread of satisfaction as small panels on one scale."""
    with style.look():
        panels = [(name, "stability") for name in has(run.weekly, STABILITY)]
        panels += [(name, "satisfaction") for name in has(run.weekly, SATISFACTION)]
        spread = has(run.weekly, SPREAD)
        count = len(panels) + bool(spread)
        figure, grid = _panels(count, 2 if narrow else 4, narrow, sharey=True)
        for axes, (name, index) in zip(grid, panels, strict=False):
            draw_band(axes, bands(run.weekly, name), style.COLOUR[index], style.DASH[index])
            axes.set_title(metric_title(name, lang))
            axes.set_title(f"{_end(run, name):.2f}", loc="right", fontweight="normal", color=style.SOFT)
            _time(axes, run, lang)
        if spread:
            _draw_spread(grid[-1], run, spread, lang)
        _room(grid[0], [bands(run.weekly, name) for name in [*(n for n, _ in panels), *spread]], 0.5)
        return figure


def _draw_spread(axes, run, names, lang) -> None:
    for name, dash in zip(names, [":", "-", "--"], strict=False):
        data, part = bands(run.weekly, name), name[-3:]
        draw_band(axes, data, style.SOFT, dash)
        if part != "p50":  # between the others, and named in the title
            place = {"textcoords": "offset points", "ha": "right", "va": "center", "fontsize": 8, "color": style.INK}
            axes.annotate(part, (data.weeks[-1], data.mean[-1]), (-1, 8 if part == "p90" else -8), **place)
    axes.set_title(text("spread", lang))
    _time(axes, run, lang)


def draw_prices(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """The budget as one bar and every other price over time."""
    with style.look():
        names, budget = has(run.weekly, HARM), has(run.weekly, BUDGET)
        columns = 2 if narrow else 4
        rows = -(-len(names) // columns)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 1.15 * bool(budget) + 1.75 * rows)
        heights = [0.62] * bool(budget) + [1.0] * rows
        grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
        if budget:
            _draw_budget(figure.add_subplot(grid[0, :]), run, budget, lang)
        for i, name in enumerate(names):
            _draw_panel(figure.add_subplot(grid[bool(budget) + i // columns, i % columns]), run, name, lang, style.SOFT, floor=True)
        return figure


def _draw_budget(axes, run, names, lang) -> None:
    """Shares of the budget over the whole run, each with its number; slivers are named below the bar."""
    amounts = [float(np.nanmean(by_week(run.weekly, name))) for name in names]
    total, left = sum(amounts) or 1.0, 0.0
    looks = {"budget_spent": (style.SKY, ""), "budget_leaked": (style.ORANGE, "////"), "budget_unspent": ("#F2F4F6", "")}
    for name, amount in zip(names, amounts, strict=True):
        share = amount / total
        colour, hatch = looks[name]
        axes.barh(0, share, left=left, height=0.5, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
        left += share
    entries = [f"{metric_title(n, lang)} {100 * a / total:.0f} %" for n, a in zip(names, amounts, strict=True)]
    handles = [Rectangle((0, 0), 1, 1, facecolor=looks[n][0], hatch=looks[n][1], edgecolor=style.GREY, linewidth=0.5) for n in names]
    narrow = axes.figure.get_figwidth() < 5
    axes.legend(handles, entries, loc="upper left", bbox_to_anchor=(-0.01, 0.16), ncols=1 if narrow else 3, frameon=False, fontsize=8.5)
    axes.set(xlim=(0, 1), ylim=(-0.9 if narrow else -0.6, 0.35), yticks=[], xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(text("budget", lang))


def draw_fairness(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Gaps between local and non-local residents, and the spread between communities."""
    with style.look():
        names = has(run.weekly, FAIRNESS)
        figure, grid = _panels(len(names), 1 if narrow else 3, narrow)
        for axes, name in zip(grid, names, strict=True):
            _draw_panel(axes, run, name, lang, style.PURPLE, floor=True)
            axes.axhline(0, color=style.GREY, linewidth=0.9)
        return figure


def _draw_panel(axes, run, name, lang, colour, floor=False) -> None:
    data = bands(run.weekly, name)
    draw_band(axes, data, colour)
    axes.set_title(_wrapped(metric_title(name, lang), lang), pad=16)
    axes.annotate(metric_unit(name, lang), (0, 1), (0, 4), "axes fraction", "offset points", fontsize=8, color=style.SOFT)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    if name in SHARES:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    if floor:
        bottom, top = min(0.0, float(np.nanmin(data.low))), max(0.0, float(np.nanmax(data.high)))
        axes.set_ylim(bottom * 1.1, top * 1.1 if top > 0 else (0.0 if bottom < 0 else 1.0))
    _time(axes, run, lang)


def district_table(run: "Run") -> "pd.DataFrame":
    """Both indices by district over the last weeks: mean, lowest and highest run; sorted by satisfaction, highest first."""
    import pandas as pd

    table = run.districts
    weeks = edge(int(table["week"].nunique()))
    last = table[table["week"] > table["week"].max() - weeks]
    means = last.groupby(["district", "replicate"], sort=False, observed=True)[list(has(table, INDICES))].mean()
    grouped = means.groupby(level="district", sort=False)
    parts = {f"{name}_{what}": getattr(grouped[name], what)() for name in means for what in ("mean", "min", "max")}
    out = pd.DataFrame(parts)
    key = "satisfaction_mean" if "satisfaction_mean" in out else out.columns[0]
    return out.sort_values(key, ascending=False, kind="stable")


def draw_districts(run: "Run", lang: str = "en", narrow: bool = False, names: Callable[[object], str] = str) -> "Figure":
    """Dot plot of both indices, a row per district."""
    with style.look():
        table = district_table(run)
        rows = np.arange(len(table))[::-1]
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 1.0 + (0.26 if narrow else 0.27) * len(table))
        axes = figure.subplots()
        for name in (n for n in INDICES if f"{n}_mean" in table):
            colour, shift = style.COLOUR[name], 0.11 if name == "stability" else -0.11
            axes.hlines(rows + shift, table[f"{name}_min"], table[f"{name}_max"], color=colour, alpha=0.45, linewidth=2)
            face = "white" if name == "satisfaction" else colour
            looks: dict[str, Any] = {"color": colour, "mfc": face, "mew": 1.4, "ms": 5.5, "label": metric_title(name, lang)}
            axes.plot(table[f"{name}_mean"], rows + shift, style.MARKER[name], **looks)
        axes.set_yticks(rows, [names(d) for d in table.index])
        axes.set_ylim(-0.7, len(table) - 0.3)
        axes.grid(True, axis="both")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_xlabel(text("unit_index", lang), loc="right", fontsize=8.5)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, borderaxespad=0.2)
        return figure


def ladder(run: "Run") -> dict[str, float]:
    """Where the disputes of the last year went, as shares of those that arose; ``open`` is what joined the stock.

    Returns
    -------
    dict of str to float
        Keys are metrics of `CLOSED` and ``open``, and ``opened``: disputes per 1,000 residents and year. Empty where none arose.
    """
    year = {name: float(np.nansum(by_week(run.weekly, name)[-52:])) for name in has(run.weekly, ("disputes_opened", *CLOSED))}
    opened = year.get("disputes_opened", 0.0)
    if opened <= 0:
        return {}
    runs = max(1, run.weekly["replicate"].nunique())
    shares = {name: year[name] / opened for name in CLOSED if name in year}
    # In a short run the sum stands for fewer weeks than a year.
    yearly = opened / runs * 52 / min(52, run.weekly["week"].nunique())
    return {"opened": yearly, **shares, "open": max(0.0, 1.0 - sum(shares.values()))}


def draw_flows(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Disputes of the last year from the left, by what became of them on the right; a rung per outcome."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 3.6 if narrow else 3.8)
        axes = figure.subplots()
        axes.axis("off")
        shares = ladder(run)
        waits = {n: float(np.nanmean(by_week(run.weekly, w)[-1])) for n, w in WAITING.items() if has(run.weekly, [w])}
        source = text("disputes", lang, value=number(shares.pop("opened", 0.0)))
        draw_ladder(axes, shares, {name: _rung(name, share, waits, lang) for name, share in shares.items()}, source)
        axes.set_xlim(0, 1.75 if narrow else 1.25)
        return figure


def _rung(name, share, waits, lang) -> tuple[str, str]:
    title = text("still_open", lang) if name == "open" else metric_title(name, lang)
    wait = text("waiting", lang, value=number(waits[name], WAITING[name])) if name in waits else ""
    return f"{title}  {percent(share)}", wait


def draw_ladder(axes: "Axes", shares: dict[str, float], words: dict[str, tuple[str, str]], source: str) -> "Axes":
    """Ribbons from one bar on the left to a rung per key of `shares` on the right, named and annotated by `words`."""
    colours = [style.GREEN, style.SKY, style.BLUE, style.PURPLE, style.GREY, style.ORANGE]
    gap, total = 0.075, sum(shares.values()) or 1.0
    top_left = top_right = 1.0 + gap * (len(shares) - 1)
    axes.add_patch(Rectangle((0, top_left - 1), 0.03, 1.0, facecolor=style.INK, linewidth=0))
    axes.annotate(source, (0, top_left), (0, 4), textcoords="offset points", fontsize=10, fontweight="bold")
    for colour, (name, share) in zip(colours * len(shares), shares.items(), strict=False):
        height = share / total
        axes.add_patch(_ribbon(0.03, top_left, 0.72, top_right, height, colour))
        axes.add_patch(Rectangle((0.72, top_right - height), 0.02, max(height, 0.004), facecolor=colour, linewidth=0))
        title, note = words[name]
        axes.text(0.765, top_right - height / 2, title + (f"\n{note}" if note else ""), va="center", fontsize=9.2, linespacing=1.25)
        top_left, top_right = top_left - height, top_right - height - gap
    axes.set_ylim(top_right - 0.02, 1.0 + gap * (len(shares) - 1) + 0.11)
    return axes


def _ribbon(x0, y0, x1, y1, height, colour) -> PathPatch:
    """A band of constant height between two points, as two cubic curves."""
    middle = (x0 + x1) / 2
    above = [(x0, y0), (middle, y0), (middle, y1), (x1, y1)]
    below = [(x, y - height) for x, y in reversed(above)]
    codes = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    return PathPatch(Outline([*above, *below, above[0]], codes), facecolor=colour, alpha=0.35, linewidth=0)


def _end(run, name) -> float:
    """Mean of the last weeks: the number that the page's sentences and tables give."""
    return float(np.nanmean(edges(run.weekly, name)[1]))


def _panels(count: int, columns: int, narrow: bool, sharey: bool = False) -> tuple["Figure", list["Axes"]]:
    columns = max(1, min(columns, count))
    rows = max(1, -(-count // columns))
    figure = style.new_figure(style.NARROW if narrow else style.WIDE, (1.6 if sharey else 1.95) * rows + 0.2)
    grid = list(figure.subplots(rows, columns, sharey=sharey, squeeze=False).flat)
    for unused in grid[count:]:
        unused.remove()
    return figure, grid[:count]


def _time(axes, run, lang) -> None:
    weeks = int(run.weekly["week"].max()) + 1
    style.time_axis(axes, weeks, text("year_axis" if weeks >= 104 else "week_axis", lang))


def _room(axes, drawn: list[Bands], least: float) -> None:
    """Vertical limits that show all bands with some air, never less than `least` of the scale, within 0 to 1."""
    if not drawn:
        return
    low, high = min(np.nanmin(d.low) for d in drawn), max(np.nanmax(d.high) for d in drawn)
    air = max(0.04, (least - (high - low)) / 2)
    axes.set_ylim(max(0.0, low - air), min(1.0, high + air))


def _name_ends(axes, ends: list[tuple[float, str, str]], narrow: bool) -> None:
    """Names at the right end of lines, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    least = (high - low) * 0.075
    ends = sorted(ends)
    places = [y for y, *_ in ends]
    if len(ends) == 2 and places[1] - places[0] < least:
        middle = sum(places) / 2
        places = [middle - least / 2, middle + least / 2]
    for y, (value, title, colour) in zip(places, ends, strict=True):
        label = f"{title}\n{value:.2f}" if narrow else f"{title} {value:.2f}"
        looks = {"va": "center", "color": colour, "fontweight": "bold", "fontsize": 9.5}
        axes.annotate(label, (1.01, y), xycoords=("axes fraction", "data"), annotation_clip=False, **looks)


def _wrapped(title: str, lang: str) -> str:
    """A long English title on two lines."""
    if lang == "zh" or len(title) <= 26:
        return title
    cut = title.rfind(" ", 0, 26)
    return f"{title[:cut]}\n{title[cut + 1 :]}"


FIGURES: dict[str, Callable[..., "Figure"]] = {
    "indices": draw_indices,
    "parts": draw_parts,
    "prices": draw_prices,
    "fairness": draw_fairness,
    "districts": draw_districts,
    "flows": draw_flows,
}
"""Figures of the report in its order."""
