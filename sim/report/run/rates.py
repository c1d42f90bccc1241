"""Rates of the last year beside published rates of a large Chinese city."""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaincinv

from sim.report.parts import series
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.numbers import between, number, percent
from sim.report.run.targets import beside
from sim.report.text.labels import in_per_cent, metric_title, metric_unit, unit_of
from sim.scenario.cities.currencies import YUAN
from sim.scenario.cities.known_rates import known_rates
from sim.scenario.cities.presets import preset_of
from sim.scenario.cities.reference_rates import Range

if TYPE_CHECKING:
    from sim.results import Run

COUNTED = "per 1,000 residents and year"
"""Unit of rates of events, which vary like Poisson counts."""
FEW_EVENTS = 30


def rates(run: "Run", lang: str) -> list[dict[str, Any]]:
    """Each rate of the last year beside what is known of the city, or published of a large Chinese city around 2020 where it is one."""
    scenario = run.scenario
    if scenario.staffing.currency == YUAN:
        reference = known_rates(scenario)
    elif scenario.city.rates is not None or preset_of(scenario.city).rates:
        reference = known_rates(scenario, reference=False)
    else:
        reference = {}
    return [_rate(run, name, reference[name], lang) for name in reference if name in run.weekly]


def _rate(run, name, reference: Range, lang) -> dict[str, Any]:
    values = series.by_week(run.weekly, name)[-1]
    here, show = estimate(values), partial(number, name=name)
    verdict = _verdict(run, name, here.mean, reference)
    several = show(here.min) != show(here.max)
    bound = reference.high if verdict == "above" else reference.low
    value = beside(bound, here.mean, name)[1] if verdict in ("above", "below") else show(here.mean)
    return {
        "title": metric_title(name, lang),
        "unit": "" if in_per_cent(name) else metric_unit(name, lang),
        "here": value,
        "runs": between(show(here.min), show(here.max)) if several else "",
        "reference": between(*(percent(v) if in_per_cent(name) else f"{v:g}" for v in (reference.low, reference.high))),
        "note": {"en": reference.note_en, "zh": reference.note_zh}[lang],
        "verdict": verdict,
        "bar": bar(here, reference),
    }


def _verdict(run, name, mean: float, reference: Range) -> str:
    """Inside, below or above; for rare events only if their number, as a Poisson count, is conclusive."""
    if np.isnan(mean):
        return "missing"
    place = "below" if mean < reference.low else "above" if mean > reference.high else "inside"
    people = run.manifest.get("residents") or run.scenario.city.population
    lives = people * max(1, run.weekly["replicate"].nunique()) / 1000  # thousands of resident-years behind the rate
    events = mean * lives
    if events < FEW_EVENTS and unit_of(name) == COUNTED:
        low = float(gammaincinv(events, 0.025)) / lives if events > 0 else 0.0
        high = float(gammaincinv(events + 1, 0.975)) / lives
        certain = high < reference.low or low > reference.high or reference.low <= low <= high <= reference.high
        return place if certain else "rare"
    return place


def bar(here: Estimate, reference: Range) -> dict[str, float]:
    """Positions in per cent on a scale around the reference range; values far outside are placed at the end of the scale."""
    span = reference.high - reference.low
    first, last = max(0.0, reference.low - span), reference.high + span
    place = lambda value: 100 * min(1.0, max(0.0, (value - first) / (last - first)))  # noqa: E731
    low, high = place(reference.low), place(reference.high)
    if np.isnan(here.mean):
        return {"low": low, "high": high}
    return {"low": low, "high": high, "mean": place(here.mean), "min": place(here.min), "max": place(here.max)}
