"""Paired statistics: differences between two scenarios with common random numbers.

Two scenarios under one seed are one pair, so that variation common to both cancels in the difference. The interval of the mean
difference is that of `sim.analysis.intervals`, or a symmetric studentised bootstrap (Hall 1988, doi:10.1214/aos/1176350933). If many
differences are tested at once, p is corrected after Holm (1979, Scandinavian Journal of Statistics 6:65-70), which is valid for any
dependence between the metrics.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.analysis.intervals import CONFIDENCE, FEWEST, ROUNDING, mean_interval, sign_test

POWER = 0.8
"""Power: probability that a difference of the estimated size is significant with `needed` replicates."""
RESAMPLES = 9999
SINGLE = 1e-5
"""A difference that is the same in every pair and below this share of the values is due to the single precision of levers, and counts as
none."""
INTERVALS = ("t", "bootstrap")


class Paired(NamedTuple):
    """Mean difference of pairs with its interval and test.

    Parameters
    ----------
    mean, low, high : float
        Mean of the differences and its 95 % interval; NaN if none can be given (see `sim.analysis.intervals`).
    p : float
        Two-sided p-value for a mean difference of 0: below 0.05 exactly if the interval excludes 0. That of the sign test if no interval
        can be given; NaN for fewer than five pairs.
    n : int
        Number of pairs with both values.
    share_won : float
        Share of the pairs in which the second is better; ties count half.
    deviation : float
        Standard deviation of the differences.
    variance_ratio : float
        Replicates that unpaired runs would need for the same interval, relative to paired ones: (Var a + Var b) / Var (b - a).
    """

    mean: float
    low: float
    high: float
    p: float
    n: int
    share_won: float
    deviation: float
    variance_ratio: float


def paired(
    a: np.ndarray, b: np.ndarray, less_is_better: bool = False, interval: str = "t", seed: int = 0, resolution: float = 0.0
) -> Paired:
    """Compare `b` with `a`, pair by pair.

    Parameters
    ----------
    a, b : array_like of float, shape (pairs,)
        Outcomes of the two scenarios; pairs with NaN are left out.
    less_is_better : bool
        Whether the lower outcome of a pair is better.
    interval : str
        "t" or "bootstrap".
    seed : int
        Seed of the bootstrap.
    resolution : float
        Precision of the outcomes: if no pair differs by more, there is no difference.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    n, nan = len(a), math.nan
    if n and np.abs(b - a).max() <= resolution:
        b = a
    if n == 0:
        return Paired(nan, nan, nan, nan, 0, nan, nan, nan)
    difference, size = b - a, float(np.abs([a, b]).max())
    if np.ptp(difference) <= ROUNDING * size and abs(difference.mean()) <= SINGLE * size:
        difference = np.zeros(n)
    mean, low, high, p = (float(value) for value in mean_interval(difference, size=size)[:4])
    if interval == "bootstrap" and math.isfinite(low):
        low, high, p = _bootstrap(difference, seed)
    deviation = float(difference.std(ddof=1)) if n > 1 else nan
    deviation = 0.0 if deviation <= ROUNDING * size else deviation
    ratio = float((a.var(ddof=1) + b.var(ddof=1)) / deviation**2) if deviation > 0 else nan
    won = _share_won(-difference if less_is_better else difference)
    return Paired(mean, low, high, p, n, won, deviation, ratio)


def _share_won(gain: np.ndarray) -> float:
    return float((gain > 0).mean() + 0.5 * (gain == 0).mean())


def _bootstrap(values: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Symmetric studentised interval of the mean and the matching p-value; NaN if too many samples have no spread."""
    n, mean = len(values), values.mean()
    drawn = values[np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))]
    error, errors = (sample.std(axis=-1, ddof=1) / math.sqrt(n) for sample in (values, drawn))
    away = np.abs(drawn.mean(axis=1) - mean)
    scores = np.divide(away, errors, out=np.full(RESAMPLES, np.inf), where=errors > ROUNDING * np.abs(values).max())
    reach = error * np.sort(scores)[math.ceil(CONFIDENCE * (RESAMPLES + 1))]
    if not math.isfinite(reach):
        return math.nan, math.nan, float(sign_test((values > 0).sum(), (values < 0).sum()))
    p = (1 + (scores >= abs(mean) / error).sum()) / (RESAMPLES + 1)
    return float(mean - reach), float(mean + reach), float(p)


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's corrected p-values: the probability of any true null hypothesis below 0.05 is at most 5 %. NaN stays NaN and is not
    counted."""
    p = np.asarray(p, float)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    corrected = np.full(p.shape, np.nan)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return corrected


def needed(mean: float, deviation: float, level: float) -> float:
    """Number of pairs with which a difference of this size would be significant in 8 of 10 experiments.

    Parameters
    ----------
    mean, deviation : float
        Of the differences observed so far; the result is as uncertain as they are.
    level : float
        Two-sided level of the test, such as 0.05 divided by the number of tests.

    Returns
    -------
    float
        A whole number; infinite if no difference is observed. Normal approximation with the correction of Guenther (1981,
        The American Statistician 35:243, doi:10.1080/00031305.1981.10479363) for Student's t.
    """
    if not math.isfinite(mean) or not math.isfinite(deviation):
        return math.nan
    if mean == 0:
        return math.inf
    if deviation == 0:
        return max(float(FEWEST), math.ceil(1 - math.log2(level)))  # the sign test's p is 2 ** (1 - n)
    z = -float(ndtri(level / 2))
    return max(float(FEWEST), float(math.ceil(((z + ndtri(POWER)) * deviation / mean) ** 2 + z * z / 2)))


class PairMeans(NamedTuple):
    """Means of pairs: of the base, and of what is compared with it."""

    base: np.ndarray
    value: np.ndarray


def pair_means(base: np.ndarray, other: np.ndarray) -> PairMeans:
    """Means of both over the pairs in which both have a value, so that their difference is the mean difference; NaN without one.

    Parameters
    ----------
    base, other : ndarray of float, shape (pairs, ...)
    """
    both = np.isfinite(base) & np.isfinite(other)
    with np.errstate(invalid="ignore"):
        return PairMeans(*(np.where(both, values, 0.0).sum(axis=0) / both.sum(axis=0) for values in (base, other)))


def rivals_of_best(values: np.ndarray, more_is_better: bool = True, level: float = 1 - CONFIDENCE) -> np.ndarray:
    """Options that cannot be distinguished from the best one.

    Parameters
    ----------
    values : ndarray of float, shape (pairs, options)
        Outcome of every option for every seed.
    more_is_better : bool
    level : float
        Maximum probability that the truly best option is missing from the result (one-sided paired t-tests against the best of the sample,
        each at ``level / (options - 1)``, which corrects for the selection of the best; as in subset selection, Gupta 1965,
        doi:10.1080/00401706.1965.10490251).

    Returns
    -------
    ndarray of bool, shape (options,)
        True for the best itself, False for options with fewer than two values. With fewer than five pairs, no options can be distinguished.
    """
    values = np.asarray(values, float) * (1 if more_is_better else -1)
    enough = np.isfinite(values).sum(axis=0) >= 2
    if not enough.any():
        return enough
    means = np.full(values.shape[1], -np.inf)
    means[enough] = np.nanmean(values[:, enough], axis=0)
    best = int(means.argmax())
    limit = level / max(1, int(enough.sum()) - 1)
    open_ = np.zeros(len(means), bool)
    for option in np.flatnonzero(enough):
        test = paired(values[:, option], values[:, best])
        open_[option] = option == best or not (test.mean > 0 and test.p / 2 < limit)
    return open_
