"""Uncertainty: which assumptions matter most, each moved alone to either end of its prior (a tornado diagram)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import solara
from markupsafe import Markup

from sim.dashboard.markup import choice
from sim.dashboard.mix import levels
from sim.dashboard.parts import Fragment
from sim.dashboard.small_city import CurveCache
from sim.dashboard.summary import in_group
from sim.dashboard.task_progress import Progress, use_task
from sim.dashboard.tasks import Tick
from sim.errors import UserError
from sim.mechanisms import MECHANISMS
from sim.messages import Message
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.numbers import number
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title
from sim.spec import meaning
from sim.worlds.priors import Prior, shipped
from sim.worlds.world import World

STAGES = ((30, 4), (10, 20))
"""Assumptions kept at each stage, and runs of each."""
LOW, HIGH = "#E69F00", "#0072B2"


@dataclass(frozen=True)
class Assumption:
    """A coefficient that is an assumption, the ends of its prior, and the changes to the scenario that move it there."""

    name: str
    doc: Message
    value: float
    low: float
    high: float
    ends: tuple[dict[str, Any], dict[str, Any]]


def assumptions(scenario) -> list[Assumption]:
    """Every coefficient of an enabled mechanism that has a prior, unless the scenario or its city sets it; its followers move along."""
    return [_assumption(scenario, *one) for one in _movable(scenario)]


def _movable(scenario) -> Iterator[tuple[Prior, tuple[dict[str, Any], dict[str, Any]]]]:
    for name, prior in shipped().items():
        if prior.follows or not scenario.mechanisms[name.partition(".")[0]].enabled:
            continue
        group = [prior, *(one for one in shipped().values() if one.follows == name)]
        low, high = (World(0, {one.name: one.value(end) for one in group}).changes(scenario) for end in (0.0, 1.0))
        if name.partition(".")[2] in {**low, **high}.get("mechanisms", {}).get(name.partition(".")[0], {}):
            yield prior, (low, high)


def _assumption(scenario, prior: Prior, ends: tuple[dict[str, Any], dict[str, Any]]) -> Assumption:
    mechanism, _, key = prior.name.partition(".")
    doc = meaning(MECHANISMS[mechanism].parameters.model_fields[key])
    return Assumption(prior.name, doc, scenario.mechanisms[mechanism][key], prior.value(0.0), prior.value(1.0), ends)


def _changed(scenario, changes):
    try:
        return scenario.with_changes(changes)
    except UserError:
        return None  # a value that is not valid with the others


@dataclass(frozen=True)
class Bar:
    """Effect of one assumption on the measure at its low and at its high end."""

    assumption: Assumption
    low: Estimate
    high: Estimate

    @property
    def size(self) -> float:
        """The larger absolute effect of the two."""
        return max(abs(self.low.mean), abs(self.high.mean))


def tornado(cache: CurveCache, yours, baseline, metric: str, tick: Tick | None = None) -> tuple[list[Bar], int]:
    """The assumptions with the largest effects on a metric, largest first, and how many were tried.

    Each is moved alone, to either end of its prior, with common random numbers: all with one run under your policy, then those with the
    largest effects (`STAGES`) with more runs under both. The measure is the difference between the policies, or the level if they are the
    same.
    """
    every = assumptions(yours)
    bars = _bars(cache, yours, yours, metric, every, 1, _part_of(tick, 0.0, 0.45))
    for place, (kept, runs) in enumerate(STAGES):
        part = _part_of(tick, 0.45 + 0.3 * place, min(1.0, 0.75 + 0.3 * place))
        bars = _bars(cache, yours, baseline, metric, [bar.assumption for bar in bars[:kept]], runs, part)
    return bars, len(every)


def _bars(cache: CurveCache, yours, baseline, metric: str, chosen: list[Assumption], runs: int, tick: Tick | None) -> list[Bar]:
    changes = [end for each in chosen for end in each.ends]
    start, *ends = _measures(cache, yours, baseline, metric, [{}, *changes], runs, tick)
    bars = [
        Bar(each, estimate(low - start), estimate(high - start))
        for each, low, high in zip(chosen, ends[::2], ends[1::2])
        if low is not None and high is not None
    ]
    return sorted(bars, key=lambda bar: -bar.size)


def _part_of(tick: Tick | None, first: float, last: float) -> Tick | None:
    """A tick that covers the part of the progress bar between two shares."""
    return None if tick is None else lambda done, total: tick(round(1000 * (first + (last - first) * done / total)), 1000)


def _measures(
    cache: CurveCache, yours, baseline, metric: str, changes: list[dict], runs: int, tick: Tick | None
) -> list[np.ndarray | None]:
    """The measure in every run under each of the changes, or None if a change is not valid in the scenario."""
    pairs = [(_changed(yours, change), _changed(baseline, change)) for change in changes]
    whole = [pair for pair in pairs if None not in pair]
    found = iter(levels(cache, [scenario for pair in whole for scenario in pair], runs, metric, tick))
    level_only = yours.hash == baseline.hash
    values: list[np.ndarray | None] = []
    for pair in pairs:
        if None in pair:
            values.append(None)
            continue
        mine, reference = next(found), next(found)
        values.append(mine if level_only else mine - reference)
    return values


@solara.component
def Uncertainty(state):
    """The tornado diagram of the assumptions that matter most."""
    yours, baseline = state.view.value.small_pair
    lang = state.look.value.lang
    metric, set_metric = solara.use_state(in_group("headline")[0])
    control = use_task(
        state.tasks,
        "doubts",
        (yours.hash, baseline.hash, yours.seed, metric),
        lambda tick: tornado(state.cache, yours, baseline, metric, tick),
        auto=False,
    )
    names = [(name, metric_title(name, lang)) for name in in_group("headline")]
    head = Markup('<h3>{}</h3><div class="pills">{}</div>').format(
        say("doubt_title", lang), choice("metric", say("doubt_metric", lang), names, metric)
    )
    Fragment(html=head, event_picked=lambda data: set_metric(data["value"]))
    if control.result is None:
        Fragment(html=Markup('<p class="note">{}</p>').format(say("doubt_intro", lang)))
        Progress(control, lang, "doubt_go")
    else:
        title = metric_title(metric, lang)
        what = say("doubt_level" if yours.hash == baseline.hash else "doubt_difference", lang, name=title)
        Fragment(html=_tornado(*control.result, metric, what, lang))


def _tornado(bars: list[Bar], count: int, metric: str, what: str, lang: str) -> Markup:
    most = 1.05 * max([abs(edge) for bar in bars for end in (bar.low, bar.high) for edge in (*end.ends, end.mean)] + [1e-6])
    rows = []
    for bar in bars:
        assumption = bar.assumption
        ends = Markup("").join(
            _end(number(value), end, most, metric, ink)
            for value, end, ink in ((assumption.low, bar.low, LOW), (assumption.high, bar.high, HIGH))
        )
        rows.append(
            Markup("<li><p>{}<br><small>{} = {}</small></p><div>{}</div></li>").format(
                assumption.doc.text(lang), assumption.name, number(assumption.value), ends
            )
        )
    key = Markup('<p class="key"><i style="background:{}"></i>{} <i style="background:{}"></i>{}</p>').format(
        LOW, say("doubt_low", lang), HIGH, say("doubt_high", lang)
    )
    note = say("doubt_note", lang, what=what, count=count, runs=STAGES[-1][1])
    return Markup('<p class="note">{}</p>{}<ol class="tornado">{}</ol>').format(note, key, Markup("").join(rows))


def _end(value: str, end: Estimate, most: float, metric: str, ink: str) -> Markup:
    """The value of an assumption, its bar with the interval, and the effect."""
    share = 50 * end.mean / most
    low, high = (50 + 50 * min(max(edge / most, -1), 1) for edge in end.ends)
    left, width = (50, share) if share >= 0 else (50 + share, -share)
    return Markup(
        '<span class="end"><span>{}</span><span class="half"><i style="left:{:.2f}%;width:{:.2f}%;background:{}"></i>'
        '<b style="left:{:.2f}%;width:{:.2f}%"></b></span><span>{}</span></span>'
    ).format(value, left, max(width, 0.3), ink, low, max(high - low, 0), number(end.mean, metric, sign=True))
