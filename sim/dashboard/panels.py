"""The tabs beside the curves, by name."""

from collections.abc import Callable
from typing import Any

from sim.dashboard.inspect import People
from sim.dashboard.map import Map
from sim.dashboard.mix import Mix
from sim.dashboard.share import Share
from sim.dashboard.uncertainty import Uncertainty
from sim.dashboard.whole_city import WholeCity
from sim.dashboard.why_changed import WhyChanged

PANELS: dict[str, Callable[[Any], Any]] = {
    "why": WhyChanged,
    "mix": Mix,
    "map": Map,
    "people": People,
    "doubts": Uncertainty,
    "city": WholeCity,
    "share": Share,
}
