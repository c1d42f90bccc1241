"""The tabs beside the curves, by name."""

from collections.abc import Callable
from typing import Any

from sim.dashboard.doubts import Doubts
from sim.dashboard.inspect import People
from sim.dashboard.map import Map
from sim.dashboard.mix import Mix
from sim.dashboard.share import Share
from sim.dashboard.wholecity import WholeCity
from sim.dashboard.whychanged import WhyChanged

PANELS: dict[str, Callable[[Any], Any]] = {
    "why": WhyChanged,
    "mix": Mix,
    "map": Map,
    "people": People,
    "doubts": Doubts,
    "city": WholeCity,
    "share": Share,
}
