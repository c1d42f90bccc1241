"""The ladder of disputes as a figure: their sources and outcomes."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from sim.report.parts import style
from sim.report.parts.figures import axes_of
from sim.report.parts.given import of_run
from sim.report.parts.numbers import number, percent
from sim.report.parts.series import WAITING, by_week, has, ladder
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run


@of_run
def plot_flows(run: "Run", ax: "Axes | None" = None, lang: str = "en", narrow: bool = False) -> "Axes":
    """Plot the ladder of the last year's disputes: their sources and outcomes.

    Parameters
    ----------
    run, ax, lang, narrow
        As for every figure of a run, see `sim.report.run.figures`; the axes are returned.
    """
    with style.look():
        lang = style.figure_language(lang)
        axes = axes_of(ax, 8.6, 3.8)
        axes.axis("off")
        shares = ladder(run)
        waits = {n: float(np.nanmean(by_week(run.weekly, w)[-1])) for n, w in WAITING.items() if has(run.weekly, [w])}
        source = say("disputes", lang, value=number(shares.pop("opened", 0.0)))
        draw_ladder(axes, shares, {name: _rung(name, share, waits, lang) for name, share in shares.items()}, source)
        axes.set_xlim(0, 1.75 if narrow else 1.25)
        return axes


def draw_flows(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """Disputes of the last year from the left, by what became of them on the right; a rung per outcome."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 3.6 if narrow else 3.8)
        plot_flows(run, figure.subplots(), lang, narrow)
        return figure


def _rung(name, share, waits, lang) -> tuple[str, str]:
    title = say("still_open", lang) if name == "open" else metric_title(name, lang)
    wait = say("waiting", lang, value=number(waits[name], WAITING[name])) if name in waits else ""
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
