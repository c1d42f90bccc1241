"""Formulas shared by several metrics: weighted means, quantiles and gaps."""

import numpy as np

from sim.city.community import FIXED, HISTOGRAM_BINS
from sim.metrics.record import YEAR, Record, ratio


def weighted_mean(parts: dict[str, np.ndarray], weights: dict[str, float]) -> np.ndarray:
    """Weighted mean of the parts that have a weight."""
    total = 0.0
    above = np.zeros(())
    for name, weight in weights.items():
        if name in parts:
            total += weight
            above = above + weight * parts[name]
    return above / total


def quantile(r: Record, share: float) -> np.ndarray:
    """Quantile of satisfaction from its histogram, linear within a bin; shape (weeks, units)."""
    cumulative = r.upto
    target = share * cumulative[:, :, -1:]
    bin_ = np.argmax(cumulative >= target, axis=2)  # the first, since they grow from bin to bin
    upto = np.take_along_axis(cumulative, bin_[:, :, None], axis=2)[:, :, 0]
    inside = np.take_along_axis(r.histogram, bin_[:, :, None], axis=2)[:, :, 0]
    return (bin_ + 1.0 - ratio(upto - target[:, :, 0], inside, empty=0.0)) / HISTOGRAM_BINS


def gap(r: Record, name: str) -> np.ndarray:
    """Mean of local minus mean of non-local adults; shape (weeks, units)."""
    nonlocal_sum = r[f"{name}_nonlocal"]
    local = ratio(r[name] - nonlocal_sum, float(FIXED) * (r.adults - r.nonlocals))
    return local - ratio(nonlocal_sum, float(FIXED) * r.nonlocals)


def sums(counts: np.ndarray, window: int) -> np.ndarray:
    """Sums of a count over the last `window` weeks, or over the weeks seen if they are fewer; shape (weeks, units)."""
    total = np.cumsum(counts, axis=0)
    total[window:] -= total[:-window].copy()
    return total


def years(r: Record, window: int) -> np.ndarray:
    """Person-years in the last `window` weeks, or in the weeks seen if they are fewer; shape (weeks, units)."""
    return np.minimum(np.arange(1, r.weeks + 1), window)[:, None] * (r.residents / YEAR)
