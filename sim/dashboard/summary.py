"""The numbers beside the curves: both indices under both policies, and the costs, as means of the last year over the same seeds."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from sim.analysis.paired import SINGLE
from sim.analysis.world_verdict import OPEN, WorldVerdict, world_verdict
from sim.dashboard.charts import COLOUR, filling, spark
from sim.dashboard.engine import Frame
from sim.dashboard.markup import row, table
from sim.experiments.comparisons.world_sentences import SAID
from sim.metrics import METRICS
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.numbers import number, together
from sim.report.parts.style import BLUE
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit

YEAR = 52
GROUPS = {
    "parts": ("stability", "satisfaction"),
    **{
        group: (group,)
        for group in dict.fromkeys(m.group for m in METRICS.values())
        if group not in ("headline", "stability", "satisfaction")
    },
}
"""Groups of metrics that the page offers, each with the groups of the catalogue that it shows."""


def in_group(group: str) -> list[str]:
    """Metrics of one of `GROUPS`, or of a group of the catalogue."""
    wanted = GROUPS.get(group, (group,))
    return [name for name, metric in METRICS.items() if metric.group in wanted]


def last_year(values: np.ndarray) -> np.ndarray:
    """Mean over the last year of each run; `values` has the shape (weeks, runs)."""
    last = values[-YEAR:]
    counted = np.isfinite(last).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(counted > 0, np.nansum(last, axis=0) / np.maximum(counted, 1), np.nan)


def compared(frame: Frame, name: str) -> tuple[float, float, Estimate]:
    """Mean under your policy, under the baseline, and the paired difference with its interval."""
    mine, reference = (last_year(values.astype(np.float64)) for values in frame.of(name))
    return estimate(mine).mean, estimate(reference).mean, estimate(mine - reference)


def over_worlds(frame: Frame, name: str) -> WorldVerdict:
    """In how many worlds your policy is better than the baseline in the last year."""
    mine, reference = (last_year(values.astype(np.float64)) for values in frame.of(name))
    finest = np.fmax(np.abs(mine), np.abs(reference)) * SINGLE
    return world_verdict(mine - reference, METRICS[name].better == "less", finest)


def verdict_said(found: WorldVerdict, lang: str) -> str:
    """The count of worlds as a sentence."""
    what = f"worlds_{found.side or 'even'}"
    return say(what, lang, count=max(found.better, found.worse), n=found.n, word=SAID[found.word].text(lang))


def cards(frame: Frame, lang: str) -> Markup:
    """The two indices, large."""
    return Markup("").join(_card(frame, name, lang) for name in in_group("headline"))


def _card(frame: Frame, name: str, lang: str) -> Markup:
    mine, reference, change = compared(frame, name)
    verdict, about = "", say("paired", lang, runs=frame.done)
    if frame.request.yours.hash == frame.request.baseline.hash:
        said = say("same", lang)
    elif frame.request.worlds:
        found = over_worlds(frame, name)
        verdict, about = verdict_said(found, lang), say("paired_worlds", lang, worlds=found.n)
        said = say("median_difference", lang, **_parts((found.median, found.low, found.high), name))
    else:
        said = say("paired_difference" if np.isfinite(change.low) else "difference_one", lang, **_parts(change[:3], name))
    return Markup(
        '<div class="card" data-card="{}"><h3>{}</h3><p class="value"><b style="color:{}">{}</b> <span>{} {}</span></p>'
        '<p class="verdict">{}</p><p class="change" title="{}">{}</p><p class="filling" data-done="{}">{}</p>{}</div>'
    ).format(
        name,
        metric_title(name, lang),
        COLOUR.get(name, BLUE),
        number(mine, name),
        say("baseline", lang),
        number(reference, name),
        verdict,
        about,
        said,
        frame.done,
        filling(frame, lang),
        spark(name, frame),
    )


def _parts(change: Sequence[float], name: str) -> dict[str, str]:
    return dict(zip(("change", "low", "high"), together(change, name, sign=True), strict=True))


def numbers(frame: Frame, group: str, lang: str) -> Markup:
    """Metrics of a group under both policies, with their paired difference, or "unclear" if its interval contains zero."""
    first = say("h_prices", lang) if group == "price" else say("metric", lang)
    head = [first, say("baseline", lang), say("yours", lang), say("change", lang)]
    caption = say("last_year_worlds" if frame.request.worlds else "last_year", lang)
    return table(caption, head, [_row(frame, name, lang) for name in in_group(group)])


def _row(frame: Frame, name: str, lang: str) -> Markup:
    mine, reference, change = compared(frame, name)
    title = Markup("{} <small>{}</small>").format(metric_title(name, lang), metric_unit(name, lang))
    cell = verdict_cell(over_worlds(frame, name), name, lang) if frame.request.worlds else change_cell(change, name, lang)
    return row(title, number(reference, name), number(mine, name), cell)


def verdict_cell(found: WorldVerdict, name: str, lang: str) -> Markup:
    """A difference over worlds as a cell: its median, or "open" if worlds disagree; the count and the range as its title."""
    median, low, high = together((found.median, found.low, found.high), name, sign=True)
    what = "worlds" if METRICS[name].better in ("more", "less") else "worlds_more"
    counts = say(f"counts_{what}", lang, better=found.better, worse=found.worse, n=found.n)
    shown = SAID[OPEN].text(lang) if found.word == OPEN and found.same < found.n else median
    return Markup('<td title="{}">{}</td>').format(say("with_range", lang, counts=counts, low=low, high=high), shown)


def change_cell(change: Estimate, name: str, lang: str) -> Markup:
    """A paired difference as a cell: its mean, or "unclear" if its interval contains zero; the interval as its title."""
    known = np.isfinite(change.low)
    unclear = known and change.mean != 0 and change.low <= 0 <= change.high
    mean, low, high = together(change[:3], name, sign=True)
    return Markup('<td title="{}">{}</td>').format(f"{low} – {high}" if known else "", say("unclear", lang) if unclear else mean)
