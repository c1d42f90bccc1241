"""The 95 % interval of a mean over replicates or pairs: one rule for every page, table and line on the terminal.

Student's interval assumes a symmetric distribution. Outcomes of a city are often skewed (people in jail) or mostly equal (calm), and then
its coverage is far below the nominal level. Here it is combined with the interval of Hall's transformation, which accounts for skewness
(Hall 1992, JRSS B 54:221-228, doi:10.1111/j.2517-6161.1992.tb01876.x): from the lower of both lower ends to the higher of both upper ends.
If nearly all values are equal, or there are fewer than `FEWEST`, no interval can be given, because the error of the mean depends on values
not observed; only the exact sign test remains. docs/validation.md reports the coverage of these intervals.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, stdtr, stdtrit

CONFIDENCE = 0.95
MIDDLE = (0.025, 0.975)
"""Quantiles between which the middle 95 % of draws lie."""
FEWEST = 5
"""Minimum number of values for an interval and a verdict."""
FEWEST_APART = 6
"""Minimum number of values that must differ from the one that more than half of them share."""
ROUNDING = 1e-12
"""Values that differ by less than this share of their size are equal."""


class Interval(NamedTuple):
    """Mean of values with its interval and test; each has the shape of the values without the axis.

    Parameters
    ----------
    mean : ndarray of float
        NaN without values.
    low, high : ndarray of float
        95 % interval of the mean; NaN if none can be given.
    p : ndarray of float
        Two-sided p-value for a mean of 0: below 0.05 exactly if the interval excludes 0. Without an interval, that of the sign test (as
        many values above 0 as below); NaN for fewer than `FEWEST` values.
    n : ndarray of int
        Number of values that are not NaN.
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    n: np.ndarray


def mean_interval(values: np.ndarray, axis: int = 0, size: float | None = None) -> Interval:
    """Mean and 95 % interval along an axis, without NaN.

    Parameters
    ----------
    values : array_like of float
        One per replicate, or the difference of each pair.
    axis : int
        Axis of the replicates.
    size : float, optional
        Magnitude of the quantities behind the values, which sets the tolerance for rounding; by default the largest value.
    """
    values = np.moveaxis(np.asarray(values, float), axis, -1)
    known = np.isfinite(values)
    n, values = known.sum(-1), np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values.sum(-1) / n
        apart = np.where(known, values - mean[..., None], 0.0)
        deviation = np.sqrt((apart**2).sum(-1) / (n - 1))
        skew = (apart**3).sum(-1) * n / ((n - 1) * (n - 2) * deviation**3)
        low, high, p = _joined(mean, deviation, skew, n)
        none = (n < FEWEST) | _mostly_the_same(np.where(known, values, np.nan), n, size)
        above, below = (values > 0).sum(-1), (values < 0).sum(-1)
        agrees = (above - below) * np.sign(mean) >= 0  # few large values may turn the mean against the signs: then neither is shown
        signs = np.where(agrees, sign_test(above, below), 1.0)
        p = np.where(n < FEWEST, np.nan, np.where(none, signs, p))
    return Interval(mean, np.where(none, np.nan, low), np.where(none, np.nan, high), p, n)


def student_reach(freedom: np.ndarray | int) -> np.ndarray:
    """Half-width of Student's 95 % interval in standard errors, by degrees of freedom."""
    return stdtrit(freedom, 0.5 + CONFIDENCE / 2)


def _joined(mean, deviation, skew, n) -> tuple[np.ndarray, ...]:
    """Ends of the combined interval of Student and Hall, and the matching p-value."""
    reach = student_reach(n - 1) / np.sqrt(n)
    up, down = _back(reach, skew, n), _back(-reach, skew, n)
    low, high = mean - deviation * np.fmax(reach, up), mean - deviation * np.fmin(-reach, down)
    student = mean / deviation
    hall = student + skew * student**2 / 3 + skew**2 * student**3 / 27 + skew / (6 * n)
    scores = np.sqrt(n) * np.stack([student, hall])
    joined = 2 * np.minimum(stdtr(n - 1, scores).max(0), stdtr(n - 1, -scores).max(0))
    return low, high, np.minimum(joined, 1.0)


def _back(score: np.ndarray, skew: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Inverse of Hall's transformation, an increasing cubic."""
    steep = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
    return 3 / steep * (np.cbrt(1 + steep * (score - steep / (6 * n))) - 1)


def _mostly_the_same(values: np.ndarray, n: np.ndarray, size: float | None) -> np.ndarray:
    """Whether more than half of the values are equal, and fewer than `FEWEST_APART` differ from them."""
    if values.shape[-1] == 0:
        return np.ones(n.shape, bool)
    scale = np.fmax.reduce(np.abs(values), axis=-1, keepdims=True) if size is None else size
    grain = np.maximum(ROUNDING * scale, np.finfo(float).tiny)
    ranked = np.sort(np.rint(values / grain), axis=-1)  # NaN last
    step = np.maximum(n // 2, n - FEWEST_APART)[..., None]
    last = np.arange(values.shape[-1]) + step
    same = ranked == np.take_along_axis(ranked, np.minimum(last, values.shape[-1] - 1), axis=-1)
    return (same & (last < n[..., None])).any(-1)


def sign_test(above: np.ndarray | int, below: np.ndarray | int) -> np.ndarray:
    """Exact two-sided p-value of the hypothesis that values above and below 0 are equally likely; zeros are ignored."""
    moved = above + below
    return np.where(moved == 0, 1.0, np.minimum(1.0, 2 * bdtr(np.minimum(above, below).astype(float), moved, 0.5)))
