"""The attribution recorder: which mechanism changed which outcome. Off by default; it reads the city and changes nothing."""

from sim.attribution.recorder import AttributionRecorder

__all__ = ["AttributionRecorder"]
