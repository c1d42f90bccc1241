"""The tabs beside the curves, by name."""

from collections.abc import Callable
from typing import Any

from sim.dashboard.inspect import People
from sim.dashboard.map import Map
from sim.dashboard.share import Share
from sim.dashboard.whychanged import WhyChanged

PANELS: dict[str, Callable[[Any], Any]] = {"why": WhyChanged, "map": Map, "people": People, "share": Share}
