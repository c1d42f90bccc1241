"""The attribution recorder: which mechanism moved which judged quantity. Off unless asked for; it reads the city and changes nothing."""

from sim.attribution.recorder import AttributionRecorder

__all__ = ["AttributionRecorder"]
