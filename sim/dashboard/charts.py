"""Curves as inline SVG: your policy and the baseline with their bands, and the previous curve, dimmed."""

from collections.abc import Iterable

import numpy as np
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator

from sim.dashboard.engine import Frame
from sim.metrics import METRICS
from sim.report.parts.numbers import number
from sim.report.parts.series import FEW
from sim.report.parts.style import BLUE, GREY, VERMILLION
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit

POINTS = 104
"""Points of a curve; more are not visible."""
BIG, SMALL = (440, 226), (232, 132)
"""Width and height of a chart."""
ENDS, APART = 62, 30
"""Space beside a big chart for the final values, and between two of them."""
COLOUR = {"satisfaction": VERMILLION}


def band_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over runs, and the lower and upper edge of the band: percentiles from `FEW` runs on, else the extremes. Shape (weeks,)."""
    mean = values.mean(axis=1)
    if values.shape[1] < FEW:
        return mean, values.min(axis=1), values.max(axis=1)
    # By sorting: much faster than interpolating percentiles, with no visible difference.
    ranked = np.sort(values, axis=1)
    edge = round(0.05 * (values.shape[1] - 1))
    return mean, ranked[:, edge], ranked[:, -1 - edge]


class Scale:
    """Maps weeks and values into a chart's frame."""

    def __init__(self, size: tuple[int, int], weeks: int, low: float, high: float, margin: int | None = None):
        width, height = size
        left, top, right, below = (margin,) * 4 if margin is not None else (32, 8, 8, 18) if width < 300 else (40, 10, ENDS, 22)
        self.left, self.top, self.right, self.bottom = left, top, width - right, height - below
        self.weeks, self.low, self.high = weeks, low, high

    def x(self, week):
        """Horizontal position of weeks, from week 0 to the last."""
        return self.left + (self.right - self.left) * week / max(1, self.weeks - 1)

    def y(self, value):
        """Vertical position of values, from the lowest to the highest."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)

    def line(self, weeks: np.ndarray, values: np.ndarray) -> str:
        """Path through points, with gaps where values are missing."""
        sound = np.isfinite(values)
        return _path(self.x(weeks[sound]), self.y(values[sound]))

    def area(self, weeks: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
        """Closed path between two curves."""
        sound = np.isfinite(low) & np.isfinite(high)
        x = self.x(weeks[sound])
        return _path(np.concatenate([x, x[::-1]]), np.concatenate([self.y(high[sound]), self.y(low[sound])[::-1]])) + "Z"


def _path(x: np.ndarray, y: np.ndarray) -> str:
    if not len(x):
        return "M0 0"
    pairs = np.rint(np.column_stack([x, y]) * 10).astype(int).ravel().tolist()
    texts = [f"{number / 10:g}" for number in pairs]
    return "M" + "L".join(f"{a} {b}" for a, b in zip(texts[::2], texts[1::2]))


def chart(name: str, frame: Frame, previous: Frame | None, lang: str, big: bool = False) -> Markup:
    """One metric over time.

    Parameters
    ----------
    previous : Frame or None
        The frame shown before; its mean is drawn dimmed.
    """
    size = BIG if big else SMALL
    yours, baseline = frame.of(name)
    count = len(yours)
    weeks = np.unique(np.linspace(0, count - 1, min(count, POINTS if big else POINTS // 2)).astype(int))
    mine, reference = band_of(yours[weeks]), band_of(baseline[weeks])
    ticks = _ticks(name, [*mine, *reference], 5 if big else 3)
    scale = Scale(size, count, float(ticks[0]), float(ticks[-1]))
    colour = COLOUR.get(name, BLUE)
    parts = [*_shocks(scale, frame), *_axes(scale, ticks, lang, big), *_bands(scale, weeks, mine, reference, colour)]
    if previous is not None and len(previous.of(name)[0]) == count:
        before = previous.of(name)[0][weeks].mean(axis=1)
        parts.append(stroke(scale.line(weeks, before), colour, "before", 1.3, opacity=0.35))
    parts.append(stroke(scale.line(weeks, reference[0]), GREY, "baseline", 1.8, dash="5 3"))
    parts.append(stroke(scale.line(weeks, mine[0]), colour, "yours", 2.2))
    if big:
        parts += _ends(scale, mine[0], reference[0], name, lang, colour)
        parts += _counted(scale, weeks, mine, reference, frame, lang)
    ends = [(say(who, lang), number(float(curve[0][-1]), name)) for who, curve in (("yours", mine), ("baseline", reference))]
    said = f"{metric_title(name, lang)}: {', '.join(' '.join(end) for end in ends)}"
    svg = f'<svg class="chart" viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{Markup.escape(said)}">{"".join(parts)}</svg>'
    title, unit = Markup.escape(metric_title(name, lang)), Markup.escape(metric_unit(name, lang))
    return Markup(f'<figure data-metric="{name}"><figcaption><b>{title}</b> <span>{unit}</span></figcaption>{svg}</figure>')


def _shocks(scale: Scale, frame: Frame) -> Iterable[str]:
    for shock in frame.request.yours.shocks:
        x = scale.x(min(shock.at, scale.weeks - 1))
        width = max(1.5, scale.x(min(shock.at + shock.lasts, scale.weeks - 1)) - x)
        said = Markup.escape(shock.text)
        box = f'x="{x:.1f}" y="{scale.top}" width="{width:.1f}" height="{scale.bottom - scale.top}"'
        yield f'<rect class="shock" {box}><title>{said}</title></rect>'


def _bands(scale, weeks, mine, reference, colour) -> Iterable[str]:
    yield f'<path class="band" d="{scale.area(weeks, *reference[1:])}" fill="{GREY}" opacity=".16"/>'
    yield f'<path class="band yours" d="{scale.area(weeks, *mine[1:])}" fill="{colour}" opacity=".20"/>'


def stroke(path: str, colour: str, kind: str, width: float, dash: str = "", opacity: float = 1) -> str:
    """A curve as an SVG path; `kind` is its class in the style sheet."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path class="{kind}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" opacity="{opacity}"{dashed}/>'


def _ticks(name: str, curves: Iterable[np.ndarray], most: int) -> np.ndarray:
    """Round values for the vertical axis. They reach slightly beyond the data, so that the axis stays fixed while a lever moves."""
    values = np.concatenate(list(curves))
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    least = 0.1 if METRICS[name].high == 1 else 0.05 * max(abs(low), abs(high)) or 1.0
    grow = max(0.0, least - (high - low)) / 2
    low, high = max(low - grow, METRICS[name].low), min(high + grow, METRICS[name].high)
    return np.asarray(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))


def _axes(scale: Scale, ticks: np.ndarray, lang: str, big: bool) -> Iterable[str]:
    digits = max(len(f"{value:.10g}".partition(".")[2]) for value in np.round(ticks, 10).tolist())
    for value in ticks:
        y = f"{scale.y(value):.1f}"
        yield f'<line x1="{scale.left}" x2="{scale.right}" y1="{y}" y2="{y}" class="grid"/>'
        yield f'<text x="{scale.left - 5}" y="{y}" dy=".33em" text-anchor="end">{value:.{digits}f}</text>'
    years = scale.weeks // 52
    unit, length = ("after_years", 52) if years > 1 else ("after_weeks", 1)
    last = years if years > 1 else scale.weeks - 1
    step = max(1, -(-last // (5 if big else 3)))
    for mark in range(0, last + 1, step):
        final = mark + step > last
        anchor = "end" if final else "middle"
        words = say(unit, lang, number=mark) if final else str(mark)
        yield f'<text x="{scale.x(min(mark * length, scale.weeks - 1)):.1f}" y="{scale.bottom + 14}" text-anchor="{anchor}">{words}</text>'


def _ends(scale, mine, reference, name, lang, colour) -> Iterable[str]:
    """Final values beside the curves, moved apart where they would overlap."""
    values = [(float(mine[-1]), say("yours", lang), colour), (float(reference[-1]), say("baseline", lang), "#5B6470")]
    values = [entry for entry in values if np.isfinite(entry[0])]
    places = [scale.y(value) for value, _, _ in values]
    if len(places) == 2 and abs(places[0] - places[1]) < APART:
        middle = min(max(sum(places) / 2, scale.top + APART / 2 + 2), scale.bottom - APART / 2 - 6)
        sign = 1 if places[0] > places[1] else -1
        places = [middle + APART / 2 * sign, middle - APART / 2 * sign]
    for place, (value, words, ink) in zip(places, values):
        x, y = scale.right + 6, min(max(place, scale.top + 10), scale.bottom - 8)
        yield f'<text class="end" x="{x}" y="{y - 1:.1f}" style="fill:{ink}">{number(value, name)}</text>'
        yield f'<text x="{x}" y="{y + 11:.1f}" style="fill:{ink}">{words}</text>'


def _counted(scale, weeks, mine, reference, frame: Frame, lang: str) -> Iterable[str]:
    """How many worlds or runs the band is of: on its upper edge, where it is highest but for its ends."""
    upper = np.fmax(mine[2], reference[2])
    inner = upper[len(upper) // 5 : -len(upper) // 5 or None]
    if np.isfinite(inner).any():
        place = int(np.nanargmax(inner)) + len(upper) // 5
        x, y = scale.x(weeks[place]), max(scale.y(upper[place]) - 5, scale.top + 10)
        yield f'<text class="count" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{band_name(frame, lang)}</text>'


def spark(name: str, frame: Frame) -> Markup:
    """Both means without axes, for small screens."""
    yours, baseline = frame.of(name)
    weeks = np.unique(np.linspace(0, len(yours) - 1, 60).astype(int))
    mine, reference = yours[weeks].mean(axis=1), baseline[weeks].mean(axis=1)
    ticks = _ticks(name, [mine, reference], 2)
    scale = Scale((150, 44), len(yours), float(ticks[0]), float(ticks[-1]), margin=2)
    lines = [
        stroke(scale.line(weeks, reference), GREY, "baseline", 1.6, dash="5 3"),
        stroke(scale.line(weeks, mine), COLOUR.get(name, BLUE), "yours", 2),
    ]
    return Markup(f'<svg class="spark" viewBox="0 0 150 44" aria-hidden="true">{"".join(lines)}</svg>')


def legend(lang: str, before: bool, band: str = "") -> Markup:
    """The key of the lines, and of the band if it has a name."""
    kinds = [("yours", "yours"), ("usual", "baseline"), *([("earlier", "before")] if before else [])]
    words = [(kind, say(word, lang)) for kind, word in kinds] + ([("spread", band)] if band else [])
    spans = Markup("").join(Markup('<span class="{}">{}</span>').format(*one) for one in words)
    return Markup('<p class="legend">{}</p>').format(spans)


def band_name(frame: Frame, lang: str) -> str:
    """How many worlds the band is of, or how many runs of the one default world."""
    return say("band_worlds" if frame.request.worlds else "band_runs", lang, done=frame.done)


def band_note(frame: Frame, lang: str) -> str:
    """What the band shows, and what it leaves out."""
    edges = say("band_extremes" if frame.done < FEW else "band_percentiles", lang)
    return say("band_over_worlds" if frame.request.worlds else "band_over_luck", lang, done=frame.done, edges=edges)


def filling(frame: Frame, lang: str) -> str:
    """How many of the band's worlds or runs are done."""
    of = "worlds" if frame.request.worlds else "runs"
    if frame.done >= frame.request.goal:
        return say(f"{of}_full", lang, done=frame.done)
    return say(f"{of}_done", lang, done=frame.done, goal=frame.request.goal)
