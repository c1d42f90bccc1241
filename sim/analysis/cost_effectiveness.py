"""Cost per effect of one policy against another, from paired runs, with an interval that is honest when there may be no effect.

The ratio of two means has no interval of the form "estimate plus or minus error": if the effect may be 0, any cost per effect is possible.
Fieller (1954, JRSS B 16:175-185, by way of Wikipedia, "Fieller's theorem") takes all ratios r for which the mean of cost - r * effect may
be 0. Here this test is that of `sim.analysis.intervals`, Student's widened for skewness, so that a cost per effect is bounded exactly if
the interval of the effect excludes 0. Cost and effect keep their pairing, and so their correlation.

Quadrants of the plane of cost and effect are as usual in health economics (Black 1990, Medical Decision Making 10:212-214,
doi:10.1177/0272989X9001000308). Nothing is discounted: costs and effects are those of the same weeks.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import CONFIDENCE, FEWEST, mean_interval

COSTS, OPEN, DOMINATES, DOMINATED, SAVES, LOSES, FREE, WORSE, NO_EFFECT, NONE = VERDICTS = (
    "costs",
    "cost open",
    "dominates",
    "dominated",
    "saves",
    "saving open",
    "same cost, better",
    "same cost, worse",
    "no effect",
    "none",
)
"""Of a difference: better and dearer; better, cost not shown to differ; better and cheaper; worse and dearer; worse and cheaper; worse,
cost not shown to differ; better or worse for the same money; no effect shown; no verdict, since there are too few pairs."""
POINTS, ROUNDS = 33, 6
"""Ratios tested at once, and how often the gap between two of them is divided again: 32 ** 6, about single precision."""


class CostPerEffect(NamedTuple):
    """Cost per unit of effect with its 95 % interval.

    Parameters
    ----------
    ratio : float
        Mean cost over mean effect: what a unit of improvement costs, or, if both are negative, what is saved for each unit lost. NaN for a
        mean effect of 0.
    low, high : float
        95 % interval; infinite if no effect is shown, NaN if none can be given.
    verdict : str
        One of `VERDICTS`.
    cost, effect : float
        Mean differences.
    """

    ratio: float
    low: float
    high: float
    verdict: str
    cost: float
    effect: float

    @property
    def bounded(self) -> bool:
        """Whether the interval has two ends."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def cost_per_effect(cost: np.ndarray, effect: np.ndarray) -> CostPerEffect:
    """What a unit of effect costs.

    Parameters
    ----------
    cost : array_like of float, shape (pairs,)
        Difference in money of each pair; above 0 is dearer.
    effect : array_like of float, shape (pairs,)
        Difference in the outcome of each pair; above 0 is better. Pairs with NaN are left out.
    """
    cost, effect = np.asarray(cost, float), np.asarray(effect, float)
    both = np.isfinite(cost) & np.isfinite(effect)
    cost, effect = cost[both], effect[both]
    if not len(cost):
        return CostPerEffect(math.nan, math.nan, math.nan, NONE, math.nan, math.nan)
    c, e = float(cost.mean()), float(effect.mean())
    ratio = c / e if e else math.nan
    verdict = _verdict(cost, effect)
    if verdict == NONE:
        return CostPerEffect(ratio, math.nan, math.nan, verdict, c, e)
    if verdict == NO_EFFECT:
        return CostPerEffect(ratio, -math.inf, math.inf, verdict, c, e)
    if verdict in (FREE, WORSE):
        return CostPerEffect(0.0, 0.0, 0.0, verdict, c, e)
    known = np.ptp(effect) == 0 or math.isfinite(mean_interval(effect).low)
    low, high = _interval(cost, effect) if known else (math.nan, math.nan)
    return CostPerEffect(ratio, low, high, verdict, c, e)


def _verdict(cost: np.ndarray, effect: np.ndarray) -> str:
    if len(effect) < FEWEST:
        return NONE
    better, dearer = _direction(effect), _direction(cost)
    if not better:
        return NO_EFFECT
    if not np.any(cost):
        return FREE if better > 0 else WORSE
    if better > 0:
        return {1: COSTS, 0: OPEN, -1: DOMINATES}[dearer]
    return {1: DOMINATED, 0: LOSES, -1: SAVES}[dearer]


def _direction(values: np.ndarray) -> int:
    """1 or -1 if the mean is shown to be above or below 0, else 0."""
    found = mean_interval(values)
    if np.ptp(values) == 0:  # the same in every pair, as money often is
        return int(np.sign(values[0]))
    return int(np.sign(found.mean)) if float(found.p) < 1 - CONFIDENCE else 0


def _interval(cost: np.ndarray, effect: np.ndarray) -> tuple[float, float]:
    """All ratios at which the mean of cost - ratio * effect may be 0.

    A ratio is written as the tangent of an angle, in units of the size of both, so that the search also covers steep ratios. At a right
    angle the test is that of the effect alone, which excludes 0.
    """
    sizes = [math.sqrt(float((values**2).mean())) or 1.0 for values in (cost, effect)]
    cost, effect = cost / sizes[0], effect / sizes[1]
    here = math.atan2(float(cost.mean()) * np.sign(effect.mean()), abs(float(effect.mean())))
    ends = [_last(cost, effect, here, side * math.pi / 2) for side in (-1, 1)]
    low, high = (math.tan(angle) * sizes[0] / sizes[1] for angle in ends)
    return low, high


def _last(cost: np.ndarray, effect: np.ndarray, inside: float, outside: float) -> float:
    """The angle between one that may be and one that may not at which this changes, nearest to the one that may not."""
    for _ in range(ROUNDS):
        angles = np.linspace(inside, outside, POINTS)
        found = mean_interval(cost[:, None] * np.cos(angles) - effect[:, None] * np.sin(angles))
        possible = np.flatnonzero(np.nan_to_num(found.p, nan=0.0) >= 1 - CONFIDENCE)
        last = int(possible.max()) if len(possible) else 0
        if last == POINTS - 1:
            return outside
        inside, outside = float(angles[last]), float(angles[last + 1])
    return (inside + outside) / 2
