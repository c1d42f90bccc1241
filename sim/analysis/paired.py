"""Paired statistics: what differs between two scenarios that met the same luck.

Two scenarios under one seed are one pair, so that the pair's difference is free of the luck that both share. The interval of the mean
difference is Student's, or a bootstrap one (BCa, Efron 1987, doi:10.1080/01621459.1987.10478410). Where many differences are tested at
once, p is corrected after Holm (1979, Scandinavian Journal of Statistics 6:65-70), which holds however the metrics hang together.
"""

import math
import warnings
from typing import NamedTuple

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
POWER = 0.8
"""Chance with which `needed` replicates would settle a difference that is as large as it looks."""
RESAMPLES = 4999
ROUNDING, SINGLE = 1e-12, 1e-5
"""A spread below the first share of the values is none: the difference is then the same in every pair. If it is also below the second,
it is the rounding of levers, which are held in single precision, and no difference."""
INTERVALS = ("t", "bootstrap")


class Paired(NamedTuple):
    """Mean difference of pairs and what is known about it.

    Parameters
    ----------
    mean, low, high : float
        Mean of the differences and its 95 % interval (NaN from fewer than two pairs).
    p : float
        Of Student's test that the mean difference is 0, two-sided.
    n : int
        Pairs in which both have a value.
    share_won : float
        Share of the pairs in which the second does better; equal ones count half.
    deviation : float
        Standard deviation of the differences.
    variance_ratio : float
        Replicates that unpaired runs would need for the same interval, as a multiple: (Var a + Var b) / Var (b - a).
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
        Outcomes of the two scenarios; a pair that lacks one (NaN) is left out.
    less_is_better : bool
        Which of a pair has won.
    interval : str
        "t" or "bootstrap"; p is Student's in both cases.
    seed : int
        Luck of the bootstrap.
    resolution : float
        What the outcomes are known to: where no pair differs by more, there is no difference.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    n, nan = len(a), math.nan
    if n and np.abs(b - a).max() <= resolution:
        b = a
    if n == 0:
        return Paired(nan, nan, nan, nan, 0, nan, nan, nan)
    difference = b - a
    mean, won = float(difference.mean()), _share_won(-difference if less_is_better else difference)
    if n == 1:
        return Paired(mean, nan, nan, nan, 1, won, nan, nan)
    deviation, size = float(difference.std(ddof=1)), float(np.abs([a, b]).max())
    if deviation <= ROUNDING * size:
        same = abs(mean) <= SINGLE * size
        mean = 0.0 if same else mean
        return Paired(mean, mean, mean, 1.0 if same else 0.0, n, 0.5 if same else won, 0.0, nan)
    half = deviation / math.sqrt(n)
    p = float(2 * stats.t.sf(abs(mean) / half, n - 1))
    low, high = _bootstrap(difference, seed) if interval == "bootstrap" else stats.t.interval(CONFIDENCE, n - 1, mean, half)
    ratio = float((a.var(ddof=1) + b.var(ddof=1)) / deviation**2)
    return Paired(mean, float(low), float(high), p, n, won, deviation, ratio)


def _share_won(gain: np.ndarray) -> float:
    return float((gain > 0).mean() + 0.5 * (gain == 0).mean())


def _bootstrap(values: np.ndarray, seed: int) -> tuple[float, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # BCa on almost equal values falls back to NaN, which is caught below
        rng = np.random.default_rng(seed)
        found = stats.bootstrap((values,), np.mean, confidence_level=CONFIDENCE, n_resamples=RESAMPLES, rng=rng).confidence_interval
    return (found.low, found.high) if math.isfinite(found.low + found.high) else (float(values.min()), float(values.max()))


def interval_of(values: np.ndarray, axis: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and Student's 95 % interval along an axis, without NaN; the interval is NaN from fewer than two values."""
    values = np.asarray(values, float)
    count = np.isfinite(values).sum(axis)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        mean, deviation = np.nanmean(values, axis), np.nanstd(values, axis, ddof=1)
        half = stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1) * deviation / np.sqrt(count)
    return mean, mean - half, mean + half


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's corrected p: at most 5 % of families have any true null below 0.05. NaN stays NaN and is not counted."""
    p = np.asarray(p, float)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    corrected = np.full(p.shape, np.nan)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return corrected


def needed(mean: float, deviation: float, level: float) -> float:
    """Pairs with which a difference of this size would be settled in 8 of 10 experiments.

    Parameters
    ----------
    mean, deviation : float
        Of the differences seen so far; the answer is as uncertain as they are.
    level : float
        Two-sided level of the test, such as 0.05 divided by the number of tests.

    Returns
    -------
    float
        A whole number; infinite where no difference is seen. Normal approximation with the correction of Guenther (1981,
        The American Statistician 35:243, doi:10.1080/00031305.1981.10479363) for Student's t.
    """
    if not math.isfinite(mean) or not math.isfinite(deviation):
        return math.nan
    if mean == 0:
        return math.inf
    z = float(stats.norm.isf(level / 2))
    return max(2.0, float(math.ceil(((z + stats.norm.ppf(POWER)) * deviation / mean) ** 2 + z * z / 2)))


def rivals_of_best(values: np.ndarray, more_is_better: bool = True, level: float = 1 - CONFIDENCE) -> np.ndarray:
    """Options that cannot be told apart from the best one.

    Parameters
    ----------
    values : ndarray of float, shape (pairs, options)
        Outcome of every option on every seed.
    more_is_better : bool
    level : float
        Chance that the option that is truly best is missing from the answer, at most (one-sided paired t-tests against the best of the
        sample, each at ``level / (options - 1)``, which pays for having looked which is best; as in subset selection, Gupta 1965,
        doi:10.1080/00401706.1965.10490251).

    Returns
    -------
    ndarray of bool, shape (options,)
        The best itself included; options without two values are not.
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
