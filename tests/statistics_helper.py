"""Statistical assertions with a stated false-alarm rate instead of a tolerance.

`alarm` is the chance that an assertion fails although the claim holds, for luck drawn afresh. With a fixed seed the outcome
is always the same; the rate says how surprising a failure after a change of the luck would be.
"""

import numpy as np
from scipy import stats

ALARM = 1e-6


def assert_frequencies(counts, expected, alarm: float = ALARM) -> None:
    """Fail unless counts fit the expected shares (chi-square; classes expected fewer than 5 times are put together)."""
    counts = np.asarray(counts, dtype=np.float64).ravel()
    expected = np.asarray(expected, dtype=np.float64).ravel()
    expected = expected * (counts.sum() / expected.sum())
    rare = expected < 5
    if rare.any():
        counts = np.append(counts[~rare], counts[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    p = stats.chisquare(counts, expected).pvalue
    assert p > alarm, f"the frequencies do not fit: p = {p:.2g} is below the false-alarm rate of {alarm:g}"


def assert_uniform(sample, alarm: float = ALARM, bins: int = 256) -> None:
    """Fail unless the sample looks uniform on [0, 1)."""
    sample = np.asarray(sample, dtype=np.float64).ravel()
    assert sample.min() >= 0.0, "a value below 0"
    assert sample.max() < 1.0, "a value of 1 or more"
    assert_frequencies(np.bincount((sample * bins).astype(np.int64), minlength=bins), np.ones(bins), alarm)


def assert_independent(a, b, alarm: float = ALARM, bins: int = 16) -> None:
    """Fail unless two uniform samples look independent of each other, pair by pair."""
    cells = (np.asarray(a) * bins).astype(np.int64) * bins + (np.asarray(b) * bins).astype(np.int64)
    assert_frequencies(np.bincount(cells, minlength=bins * bins), np.ones(bins * bins), alarm)


def assert_mean(sample, expected: float, deviation: float, alarm: float = ALARM) -> None:
    """Fail unless the mean of independent values with a known standard deviation is where it should be."""
    sample = np.asarray(sample, dtype=np.float64)
    z = abs(sample.mean() - expected) / (deviation / np.sqrt(sample.size))
    p = 2 * stats.norm.sf(z)
    assert p > alarm, f"mean {sample.mean():.6g}, expected {expected:.6g}: p = {p:.2g} is below the false-alarm rate of {alarm:g}"
