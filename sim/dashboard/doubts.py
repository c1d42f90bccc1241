"""Doubts: which assumptions matter most, and a band that is as wide as all of them together with luck."""

from dataclasses import dataclass

import numpy as np
import solara
from markupsafe import Markup

from sim.dashboard.mix import levels
from sim.dashboard.parts import Fragment
from sim.dashboard.quick import NAMES, Library
from sim.dashboard.tasks import Tick
from sim.dashboard.watched import Progress, use_task
from sim.dashboard.words import say
from sim.errors import UserError
from sim.mechanisms import MECHANISMS
from sim.report.answer import Estimate, estimate
from sim.report.labels import number
from sim.spec import ASSUMPTION

METRIC = "stability"
FEW, RUNS, SHOWN = 4, 20, 10
WIDE_RUNS = 60
WIDE_SEED = 7_000_000
"""Of the quasi-random assumptions of the wider band; not of any run's luck."""


@dataclass(frozen=True)
class Assumption:
    """A coefficient that rests on assumption, half-way to either end of its allowed range."""

    key: str
    doc: str
    low: float
    high: float
    whole: bool


def assumptions(scenario) -> list[Assumption]:
    """Every coefficient of a mechanism that is switched on whose source says that it is an assumption, and whose range is known."""
    from sim.dashboard.levers import bounds

    found = []
    for name, mechanism in MECHANISMS.items():
        settings = scenario.mechanisms[name]
        for field_name, field in type(settings).model_fields.items() if settings.enabled else ():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            value = getattr(settings, field_name)
            if field.annotation not in (int, float) or not str(extra.get("source", "")).lower().startswith(ASSUMPTION):
                continue
            low, high = ((value + end) / 2 for end in bounds(field))
            whole = field.annotation is int
            found.append(Assumption(f"mechanisms.{name}.{field_name}", field.description or mechanism.title, low, high, whole))
    return found


def _set(assumption: Assumption, share: float) -> float | int:
    value = assumption.low + share * (assumption.high - assumption.low)
    return round(value) if assumption.whole else value


def _changed(scenario, changes):
    try:
        return scenario.with_changes(changes)
    except UserError:
        return None  # a setting that does not go with the others


@dataclass(frozen=True)
class Bar:
    """What one assumption does to the measure at its low and at its high end."""

    assumption: Assumption
    low: Estimate
    high: Estimate

    @property
    def size(self) -> float:
        """The larger of the two, without sign."""
        return max(abs(self.low.mean), abs(self.high.mean))


def tornado(library: Library, yours, baseline, tick: Tick | None = None) -> tuple[list[Bar], int]:
    """The assumptions that move the measure most, largest first, and how many were screened.

    The measure is the difference between the policies, or the level where they are the same.
    """
    every = assumptions(yours)

    def bars(chosen: list[Assumption], runs: int, done: int, total: int) -> list[Bar]:
        found = []
        start = _measure(library, yours, baseline, {}, runs)
        for place, each in enumerate(chosen):
            ends = [_measure(library, yours, baseline, {each.key: _set(each, share)}, runs) for share in (0.0, 1.0)]
            if all(end is not None for end in ends):
                found.append(Bar(each, *(estimate(end - start) for end in ends)))
            if tick:
                tick(done + place + 1, total)
        return sorted(found, key=lambda bar: -bar.size)

    total = len(every) + SHOWN * RUNS // FEW
    screened = bars(every, FEW, 0, total)
    return bars([bar.assumption for bar in screened[:SHOWN]], RUNS, len(every), total), len(every)


def _measure(library: Library, yours, baseline, changes, runs: int):
    pair = [_changed(scenario, changes) for scenario in (yours, baseline)]
    if None in pair:
        return None
    mine, usual = levels(library, pair, runs, METRIC)
    return mine if yours.hash == baseline.hash else mine - usual


def wide_band(library: Library, yours, tick: Tick | None = None) -> np.ndarray:
    """Runs under your policy, each with its own luck and its own assumptions, shape (metrics, weeks, runs)."""
    from scipy.stats import qmc

    every = assumptions(yours)
    draws = qmc.LatinHypercube(len(every), rng=np.random.default_rng(WIDE_SEED)).random(WIDE_RUNS)
    scenarios = []
    for place, draw in enumerate(draws):
        changes = {each.key: _set(each, share) for each, share in zip(every, draw)} | {"seed": yours.seed + place}
        scenario = _changed(yours, changes)
        if scenario is not None:
            scenarios.append(scenario)
    return np.concatenate([curves[:, :, :1] for curves in library.curves(scenarios, 1, tick)], axis=2)


def wide_row(curves: np.ndarray, name: str) -> np.ndarray:
    """One metric of the wide band, shape (weeks, runs)."""
    return curves[NAMES.index(name)]


@solara.component
def Doubts(state):
    """The tornado of the assumptions that matter most."""
    yours, baseline = state.view.value.quick_pair
    lang = state.look.value.lang
    watched = use_task((yours.hash, baseline.hash, yours.seed), lambda tick: tornado(state.library, yours, baseline, tick), auto=False)
    Fragment(html=Markup("<h3>{}</h3>").format(say("doubt_title", lang)))
    Progress(watched, lang, "doubt_go")
    if watched.result is not None:
        what = say("doubt_level" if yours.hash == baseline.hash else "doubt_difference", lang)
        Fragment(html=_tornado(*watched.result, what, lang))


def _tornado(bars: list[Bar], count: int, what: str, lang: str) -> Markup:
    most = max([bar.size for bar in bars] + [1e-6]) * 1.15
    rows = []
    for bar in bars:
        ends = Markup("").join(_end(end, most, ink) for end, ink in ((bar.low, "#E69F00"), (bar.high, "#0072B2")))
        shown = f"{number(bar.low.mean, METRIC, sign=True)} / {number(bar.high.mean, METRIC, sign=True)}"
        rows.append(
            Markup('<tr><th scope="row">{}<br><small>{} {:.3g}–{:.3g}</small></th><td class="bar">{}</td><td>{}</td></tr>').format(
                bar.assumption.doc, bar.assumption.key.removeprefix("mechanisms."), bar.assumption.low, bar.assumption.high, ends, shown
            )
        )
    key = Markup('<span class="key"><i style="background:#E69F00"></i>{} <i style="background:#0072B2"></i>{}</span>').format(
        say("doubt_low", lang), say("doubt_high", lang)
    )
    note = say("doubt_note", lang, what=what, count=count, few=FEW, runs=RUNS)
    return Markup('<p class="note">{}</p>{}<table class="numbers tornado"><tbody>{}</tbody></table>').format(
        note, key, Markup("").join(rows)
    )


def _end(end: Estimate, most: float, ink: str) -> Markup:
    """A bar from the middle, with its interval."""
    share = 50 * end.mean / most
    low, high = (50 + 50 * min(max(value / most, -1), 1) for value in (end.low, end.high))
    left, width = (50, share) if share >= 0 else (50 + share, -share)
    return Markup(
        '<span class="half"><i style="left:{:.2f}%;width:{:.2f}%;background:{}"></i><b style="left:{:.2f}%;width:{:.2f}%"></b></span>'
    ).format(left, max(width, 0.3), ink, low, max(high - low, 0))
