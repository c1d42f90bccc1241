"""Parts that the figures share: a grid of panels, the time axis with its marks, bands, names at the ends of lines."""

import difflib
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message, with_suggestion
from sim.report.parts import style
from sim.report.parts.events import events, mark
from sim.report.parts.given import of_run
from sim.report.parts.series import Bands, bands, edges, thinned
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, metric_title, metric_unit

with lazily():
    from matplotlib import pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run

MOST_IN_A_PANEL = 100


def axes_of(ax: "Axes | None", width: float = 6.4, height: float = 3.6) -> "Axes":
    """The given axes, or new ones for a notebook (of the current pyplot figure, if it is empty)."""
    if ax is not None:
        return ax

    figure = pyplot.gcf()
    if figure.axes:
        figure = pyplot.figure()
    figure.set_size_inches(width, height)
    figure.set_layout_engine("constrained")
    return figure.add_subplot()


def is_narrow(axes: "Axes") -> bool:
    """Whether the figure has the width of a phone."""
    figure = axes.get_figure(root=True)
    return figure is not None and figure.get_figwidth() < 5


def _inches(axes: "Axes") -> float:
    """Approximate width of one panel, in inches."""
    figure, place = axes.get_figure(root=True), axes.get_subplotspec()
    width = figure.get_figwidth() if figure is not None else style.WIDE
    return width / (place.get_gridspec().ncols if place is not None else 1)


def draw_band(axes: "Axes", data: Bands, colour: str, dash: Any = "-", label: str | None = None) -> "Axes":
    """Draw a mean line over its band, at the resolution of the panel."""
    data = thinned(data, max(MOST_IN_A_PANEL, int(60 * _inches(axes))))
    axes.fill_between(data.weeks, data.low, data.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(data.weeks, data.mean, color=colour, linestyle=dash, label=label)
    return axes


@of_run
def plot_metric(run: "Run", name: str, ax: "Axes | None" = None, lang: str = "en") -> "Axes":
    """Plot one metric over time: mean over replicates, its band, and marks for changes of policy and shocks.

    Parameters
    ----------
    run : Run
    name : str
        A column of ``run.weekly``, see `sim.METRICS`.
    ax : Axes, optional
        Axes to draw on; new ones by default.
    lang : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    sim.errors.UserError
        When the run has no such metric.
    """
    known(run, name)
    with style.look():
        axes = axes_of(ax)
        panel(axes, run, name, style.figure_language(lang), style.COLOUR.get(name, style.BLUE))
        return axes


def known(run: "Run", name: str) -> None:
    """Raise `UserError` with a suggestion if the run has no such metric."""
    if name not in run.weekly:
        near = difflib.get_close_matches(name, list(run.weekly.columns), 1)
        told = Message("metric: got {name}; expected a column of run.weekly", name=repr(name))
        raise UserError(with_suggestion(told, repr(near[0]) if near else None))


def panel(axes: "Axes", run: "Run", name: str, lang: str, colour: str, floor: bool = False, lowest: bool = True) -> None:
    """One metric in a small panel with its title, unit and marks; the axis starts at zero if `floor` is set."""
    data = bands(run.weekly, name)
    draw_band(axes, data, colour)
    axes.set_title(wrapped(metric_title(name, lang), lang, int(9.3 * _inches(axes))), pad=16)
    axes.annotate(metric_unit(name, lang), (0, 1), (0, 4), "axes fraction", "offset points", fontsize=8, color=style.SOFT)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    if in_per_cent(name):
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    if floor:
        bottom, top = min(0.0, float(np.nanmin(data.low))), max(0.0, float(np.nanmax(data.high)))
        air = 1.3 if events(run.scenario) else 1.1  # the numbers of the marks are above the curve
        axes.set_ylim(bottom * 1.1, top * air if top > 0 else (0.0 if bottom < 0 else 1.0))
    time(axes, run, lang, lowest)


def end(run: "Run", name: str) -> float:
    """Mean of the last weeks, as stated in the page's sentences and tables."""
    return float(np.nanmean(edges(run.weekly, name)[1]))


def panels(count: int, columns: int, narrow: bool, sharey: bool = False, more: float = 0.0) -> "tuple[Figure, list[Axes], list[bool]]":
    """A figure with `count` small panels in rows of `columns` and `more` inches below; for each, whether it is the lowest of its column."""
    columns = max(1, min(columns, count))
    rows = max(1, -(-count // columns))
    figure = style.new_figure(style.NARROW if narrow else style.WIDE, (1.6 if sharey else 2.3 if narrow else 1.95) * rows + 0.2 + more)
    grid = list(figure.subplots(rows, columns, sharey=sharey, squeeze=False).flat)
    for unused in grid[count:]:
        unused.remove()
    return figure, grid[:count], lowest(count, columns)


def lowest(count: int, columns: int) -> list[bool]:
    """For each of `count` panels in rows of `columns`: whether there is none below it."""
    return [i + columns >= count for i in range(count)]


def time(axes: "Axes", run: "Run", lang: str, numbers: bool = True) -> None:
    """The time axis, with changes of policy and shocks marked; without labels if a panel below has them."""
    weeks = int(run.weekly["week"].max()) + 1
    style.time_axis(axes, weeks, say("year_axis" if weeks >= 104 else "week_axis", lang))
    if not numbers:
        axes.tick_params(axis="x", labelbottom=False)
        axes.set_xlabel("")
    mark(axes, events(run.scenario))


def room(axes: "Axes", drawn: list[Bands], least: float) -> None:
    """Vertical limits that show all bands with a margin, at least `least` of the scale, within 0 to 1."""
    if not drawn:
        return
    low, high = min(np.nanmin(d.low) for d in drawn), max(np.nanmax(d.high) for d in drawn)
    air = max(0.04, (least - (high - low)) / 2)
    axes.set_ylim(max(0.0, low - air), min(1.0, high + air))


def name_ends(axes: "Axes", ends: list[tuple[float, str, str]], narrow: bool) -> None:
    """Names at the right end of lines, moved apart where they would overlap; entries are (height, title, colour)."""
    low, high = axes.get_ylim()
    least = (high - low) * 0.075
    ends = sorted(ends)
    places = _apart([y for y, *_ in ends], least)
    for y, (value, title, colour) in zip(places, ends, strict=True):
        label = f"{title}\n{value:.2f}" if narrow else f"{title} {value:.2f}"
        looks: dict[str, Any] = {"va": "center", "color": colour, "fontweight": "bold", "fontsize": 9.5}
        axes.annotate(label, (1.01, y), xycoords=("axes fraction", "data"), annotation_clip=False, **looks)


def _apart(places: list[float], least: float) -> list[float]:
    """Increasing positions at least `least` apart, moved as a group around their middle."""
    moved = list(places)
    for _ in range(len(moved)):
        for i in range(len(moved) - 1):
            short = least - (moved[i + 1] - moved[i])
            if short > 0:
                moved[i], moved[i + 1] = moved[i] - short / 2, moved[i + 1] + short / 2
    return moved


def wrapped(title: str, lang: str, width: int = 26) -> str:
    """A long English title broken into lines of at most `width` letters, if its words allow."""
    return title if lang == "zh" else "\n".join(textwrap.wrap(title, width, break_long_words=False, break_on_hyphens=False) or [""])
