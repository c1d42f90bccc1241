"""The tabs beside the curves, by name."""

from collections.abc import Callable
from typing import Any

from sim.dashboard.share import Share

PANELS: dict[str, Callable[[Any], Any]] = {"share": Share}
