"""A number over the replicates of a run: its mean, its interval, and its change."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.intervals import mean_interval
from sim.report.parts import series
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    from sim.results import Run

PARTS = (*series.STABILITY, *series.SATISFACTION)
"""The metrics that make up the two indices."""


class Estimate(NamedTuple):
    """Mean over replicates, its 95 % interval (NaN if none can be given), and the lowest and highest replicate."""

    mean: float
    low: float
    high: float
    min: float
    max: float

    @property
    def ends(self) -> tuple[float, float]:
        """The interval as drawn: the mean itself if none can be given."""
        return (self.low, self.high) if np.isfinite(self.low) else (self.mean, self.mean)


def estimate(values: np.ndarray) -> Estimate:
    """Mean, 95 % interval (see `sim.analysis.intervals`) and range of one number per replicate, shape (replicates,)."""
    values = values[np.isfinite(values)]
    if not len(values):
        return Estimate(*[float("nan")] * 5)
    mean, low, high = (float(value) for value in mean_interval(values)[:3])
    return Estimate(mean, low, high, float(values.min()), float(values.max()))


def change(run: "Run", name: str) -> tuple[Estimate, Estimate, Estimate]:
    """A metric at the start, at the end, and its change; the change is taken within each replicate."""
    start, end = series.edges(run.weekly, name)
    return estimate(start), estimate(end), estimate(end - start)


def runs_in_words(run: "Run", lang: str) -> str:
    """The number of runs, in words."""
    count = len(np.unique(run.column("weekly", "replicate")))
    return say("runs" if count > 1 else "runs_one", lang, count=count)
