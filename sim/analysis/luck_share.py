"""How much of a spread over worlds is luck: variance components of differences, and what luck alone would do to a count of worlds.

A difference in a world is its expected value there plus luck. Its variance over worlds, one seed each, is the sum of both variances
(one-way random effects; Searle, S., Casella, G., & McCulloch, C. (1992), Variance Components, doi:10.1002/9780470316856). Luck's is
estimated within worlds that were simulated under several seeds, and taken to be the same in all. Intervals assume normal luck.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, fdtri, gammaincinv, ndtr

MIDDLE = (0.05, 0.95)
"""Quantiles between which intervals lie."""
DRAWS = 200
"""Quantiles of luck's uncertain variance over which counts are averaged."""


class Luck(NamedTuple):
    """Split of the spread over worlds.

    Parameters
    ----------
    luck, assumptions : float
        Standard deviations of both components, in units of the metric.
    share, low, high : float
        Luck's share of the variance, 0 to 1, and its 90 % interval.
    freedom : int
        Degrees of freedom of luck's variance: seeds beyond the first, summed over worlds.
    truncated : bool
        Whether luck's variance was estimated above the whole, so that the assumptions' was set to 0.
    """

    luck: float
    assumptions: float
    share: float
    low: float
    high: float
    freedom: int
    truncated: bool


def luck_share(differences: np.ndarray, within: Sequence[np.ndarray]) -> Luck:
    """Split the spread of differences over worlds into luck and assumptions.

    Parameters
    ----------
    differences : array_like of float, shape (worlds,)
        One seed each; NaN is left out.
    within : sequence of array_like of float
        Differences of a world under several seeds, an array per world; of the default world alone, or of some of the worlds. NaN and
        arrays with fewer than two values are left out.

    Returns
    -------
    Luck
        NaN in all components without any replicate, or with fewer than two worlds.
    """
    values = np.asarray(differences, float)
    values = values[np.isfinite(values)]
    variance, freedom = pooled(within)
    if not freedom or len(values) < 2:
        return Luck(*(math.nan,) * 5, freedom, False)
    whole = float(values.var(ddof=1))
    if whole == 0.0:
        return Luck(math.sqrt(variance), 0.0, math.nan, math.nan, math.nan, freedom, variance > 0.0)
    ratio = variance / whole
    low, high = (min(1.0, float(ratio / fdtri(freedom, len(values) - 1, q))) for q in MIDDLE[::-1])
    return Luck(math.sqrt(variance), math.sqrt(max(0.0, whole - variance)), min(1.0, ratio), low, high, freedom, ratio > 1.0)


def pooled(within: Sequence[np.ndarray]) -> tuple[float, int]:
    """Variance within worlds and its degrees of freedom; NaN and 0 if no world has two values."""
    known = [one[np.isfinite(one)] for one in (np.asarray(values, float) for values in within)]
    freedom = sum(len(one) - 1 for one in known if len(one) > 1)
    squares = sum(float(((one - one.mean()) ** 2).sum()) for one in known if len(one) > 1)
    return (squares / freedom, freedom) if freedom else (math.nan, 0)


def luck_alone(median: float, n: int, variance: float, freedom: int) -> tuple[int, int]:
    """In how many of `n` worlds the sign is that of the median, if every world had the median effect: 90 % range.

    Parameters
    ----------
    median : float
        Of the differences; not 0.
    n : int
        Worlds.
    variance, freedom : float, int
        Of luck, as of `pooled`; the range allows for the error of a variance from few replicates.
    """
    if variance == 0.0:
        return n, n
    chi_square = 2 * gammaincinv(freedom / 2, (np.arange(DRAWS) + 0.5) / DRAWS)
    sizes = variance * freedom / chi_square
    agrees = ndtr(abs(median) / np.sqrt(sizes))
    reached = bdtr(np.arange(n + 1.0), n, agrees[:, None]).mean(axis=0)
    low, high = (int(np.searchsorted(reached, q - 1e-12)) for q in MIDDLE)
    return low, min(high, n)
