"""Intervals of patterns: leave out one block of neighbouring areas after another (delete-a-group jackknife).

Neighbouring areas are similar and therefore not independent; blocks of them nearly are. The interval is Student's with as many degrees
of freedom as there are blocks less one.

References
----------
- Kott (2001), The delete-a-group jackknife, Journal of Official Statistics 17:521-526
- Künsch (1989), The jackknife and the bootstrap for general stationary observations, doi:10.1214/aos/1176347265
"""

from collections.abc import Callable

import numpy as np

from sim.analysis.intervals import student_reach

MOST_BLOCKS = 20
FEWEST_AREAS = 8
"""Areas below which there is no interval."""


def blocks_of(x: np.ndarray | None, y: np.ndarray | None, count: int) -> list[np.ndarray]:
    """Indices of the areas of each block: strips along x, cut along y; consecutive areas if positions are unknown."""
    wanted = min(MOST_BLOCKS, count)
    if x is None or y is None:
        return np.array_split(np.arange(count), wanted)
    strips = max(1, round(wanted**0.5))
    sizes = [len(part) for part in np.array_split(np.arange(wanted), strips)]
    edges = np.round(np.cumsum([0, *sizes]) * count / wanted).astype(int)
    by_x = np.lexsort((y, x))
    found = []
    for size, low, high in zip(sizes, edges[:-1], edges[1:], strict=True):
        strip = by_x[low:high]
        found += np.array_split(strip[np.lexsort((x[strip], y[strip]))], size)
    return [block for block in found if len(block)]


def jackknife(statistic: Callable[[np.ndarray], float], blocks: list[np.ndarray]) -> tuple[float, float, float]:
    """A statistic of areas with its 95 % interval.

    Parameters
    ----------
    statistic : callable
        Function of the indices of the areas to use, in order.
    blocks : list of ndarray of int
        Every area in one of them.

    Returns
    -------
    value, low, high : float
        The interval is NaN for too few areas, or if the statistic has no value without some block.
    """
    count = sum(len(block) for block in blocks)
    everything, value = np.arange(count), statistic(np.arange(count))
    if count < FEWEST_AREAS or not np.isfinite(value):
        return float(value), float("nan"), float("nan")
    without = np.array([statistic(np.setdiff1d(everything, block, assume_unique=True)) for block in blocks])
    groups = len(blocks)
    variance = (groups - 1) / groups * ((without - without.mean()) ** 2).sum()
    half = student_reach(groups - 1) * np.sqrt(variance)
    return float(value), float(value - half), float(value + half)
