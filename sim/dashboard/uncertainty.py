"""Uncertainty: which assumptions matter most (a tornado diagram), and a band for all assumptions and random variation together."""

from dataclasses import dataclass

import numpy as np
import solara
from markupsafe import Markup
from scipy.stats import qmc

from sim.dashboard.levers import limits
from sim.dashboard.markup import choice
from sim.dashboard.mix import levels
from sim.dashboard.parts import Fragment
from sim.dashboard.small_city import NAMES, CurveCache
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
from sim.spec import ASSUMPTION, meaning

ASSUMED_RANGE = 0.5
"""Unmeasured coefficients may be wrong by half: an assumption ranges from half its value to one and a half, within its allowed range."""
STAGES = ((30, 4), (10, 20))
"""Assumptions kept at each stage, and runs of each."""
LOW, HIGH = "#E69F00", "#0072B2"
DRAWS = 60
"""Runs of the wider band, each with a draw of all assumptions together."""
DRAWS_SEED = 7_000_000
"""Seed of the draws of assumptions; independent of the seeds of runs."""


@dataclass(frozen=True)
class Assumption:
    """A coefficient that is an assumption, and its plausible range (`DOUBT`)."""

    key: str
    doc: Message
    value: float
    low: float
    high: float
    whole: bool


def assumptions(scenario) -> list[Assumption]:
    """Every coefficient of an enabled mechanism that is marked as an assumption and has a known range."""
    found = []
    for name in MECHANISMS:
        settings = scenario.mechanisms[name]
        for field_name, field in type(settings).model_fields.items() if settings.enabled else ():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            value = getattr(settings, field_name)
            if field.annotation not in (int, float) or not str(extra.get("source", "")).lower().startswith(ASSUMPTION):
                continue
            low, high = plausible(float(value), *limits(field))
            whole = field.annotation is int
            found.append(Assumption(f"mechanisms.{name}.{field_name}", meaning(field), value, low, high, whole))
    return found


def plausible(value: float, lowest: float, highest: float) -> tuple[float, float]:
    """Plausible range of an assumed value within its allowed range; half-way to the ends if it is zero."""
    if value == 0:
        return ASSUMED_RANGE * lowest, ASSUMED_RANGE * highest
    low, high = sorted(((1 - ASSUMED_RANGE) * value, (1 + ASSUMED_RANGE) * value))
    return max(low, lowest), min(high, highest)


def _set(assumption: Assumption, share: float) -> float | int:
    value = assumption.low + share * (assumption.high - assumption.low)
    return round(value) if assumption.whole else value


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

    Each is varied alone, to either end, with common random numbers: all with one run under your policy, then those with the largest effects
    (`STAGES`) with more runs under both. The measure is the difference between the policies, or the level if they are the same.
    """
    every = assumptions(yours)
    bars = _bars(cache, yours, yours, metric, every, 1, _part_of(tick, 0.0, 0.45))
    for place, (kept, runs) in enumerate(STAGES):
        part = _part_of(tick, 0.45 + 0.3 * place, min(1.0, 0.75 + 0.3 * place))
        bars = _bars(cache, yours, baseline, metric, [bar.assumption for bar in bars[:kept]], runs, part)
    return bars, len(every)


def _bars(cache: CurveCache, yours, baseline, metric: str, chosen: list[Assumption], runs: int, tick: Tick | None) -> list[Bar]:
    changes = [{each.key: _set(each, share)} for each in chosen for share in (0.0, 1.0)]
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


def _draws(yours, every: list[Assumption]) -> tuple[np.ndarray, list[dict]]:
    """Joint draws of all assumptions, each with its own seed: shares of their ranges, and changes to the scenario."""
    draws = qmc.LatinHypercube(len(every), rng=np.random.default_rng(DRAWS_SEED)).random(DRAWS)
    changes = [
        {each.key: _set(each, share) for each, share in zip(every, draw)} | {"seed": yours.seed + place} for place, draw in enumerate(draws)
    ]
    return draws, changes


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


def wide_band(cache: CurveCache, yours, tick: Tick | None = None) -> np.ndarray:
    """Runs under your policy, each with its own seed and its own assumptions, shape (metrics, weeks, runs)."""
    _, changes = _draws(yours, assumptions(yours))
    scenarios = [scenario for scenario in (_changed(yours, change) for change in changes) if scenario is not None]
    return np.concatenate([curves[:, :, :1] for curves in cache.curves(scenarios, 1, tick)], axis=2)


def wide_row(curves: np.ndarray, name: str) -> np.ndarray:
    """One metric of the wide band, shape (weeks, runs)."""
    return curves[NAMES.index(name)]


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
            for value, end, ink in ((_set(assumption, 0.0), bar.low, LOW), (_set(assumption, 1.0), bar.high, HIGH))
        )
        rows.append(
            Markup("<li><p>{}<br><small>{} = {}</small></p><div>{}</div></li>").format(
                assumption.doc.text(lang), assumption.key.removeprefix("mechanisms."), number(assumption.value), ends
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
