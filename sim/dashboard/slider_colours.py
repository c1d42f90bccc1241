"""The effect of each setting of a slider, as the colour of its track."""

from collections.abc import Iterator

import numpy as np

from sim.dashboard import levers
from sim.dashboard.engine import DRAG, Frame
from sim.dashboard.session import View
from sim.dashboard.small_city import NAMES, CurveCache
from sim.dashboard.summary import last_year
from sim.dashboard.tasks import Tick
from sim.errors import UserError

PLACES = 5
"""Settings of a slider that are simulated."""
MEASURE = "stability"
PALE, DARK = (222, 235, 247), (8, 81, 156)
GROUPS = ("budget", "shares", "stances")


def colours(cache: CurveCache, frame: Frame, view: View, tick: Tick) -> Iterator[dict[str, str]]:
    """Backgrounds of sliders by key, in CSS: first for the main sliders, then for all.

    All sliders share one colour scale.
    """
    sliders = [c for c in levers.controls(view.yours, view.reference, view.lang) if c.kind == "slider" and c.group in GROUPS]
    levels: dict[str, np.ndarray] = {}
    for control, following in zip(sliders, [*sliders[1:], None]):
        levels[control.key] = _levels(cache, frame, control, tick)
        if following is None or (following.group != control.group and following.group == GROUPS[-1]):
            yield _painted(levels)


def _painted(levels: dict[str, np.ndarray]) -> dict[str, str]:
    known = np.concatenate(list(levels.values()))
    known = known[np.isfinite(known)]
    low, span = (known.min(), max(float(np.ptp(known)), 1e-9)) if len(known) else (0.0, 1.0)
    return {key: _gradient((found - low) / span) for key, found in levels.items() if np.isfinite(found).all()}


def _levels(cache: CurveCache, frame: Frame, control: levers.Control, tick: Tick) -> np.ndarray:
    """Mean of the measure in the last year at each setting of a slider; NaN if a setting is not possible."""
    scenarios, places = [], []
    for place, value in enumerate(np.linspace(control.low, control.high, PLACES)):
        try:
            scenarios.append(frame.request.yours.with_changes(levers.moved(frame.request.yours, control.key, float(value))))
            places.append(place)
        except UserError:
            continue
    found = np.full(PLACES, np.nan)
    if scenarios:
        row = NAMES.index(MEASURE)
        found[places] = [np.nanmean(last_year(curves[row, :, :DRAG])) for curves in cache.curves(scenarios, DRAG, tick)]
    return found


def _gradient(shares: np.ndarray) -> str:
    stops = [tuple(round(a + (b - a) * share) for a, b in zip(PALE, DARK)) for share in shares]
    return "linear-gradient(90deg, " + ", ".join(f"rgb({r},{g},{b})" for r, g, b in stops) + ")"
