"""Indices: how counts become order, calm, resolution, steadiness, quantiles and gaps."""

import numpy as np

from sim.city.community import FIXED, HISTOGRAM_BINS
from sim.maths import exp2
from sim.metrics.catalogue import ACTIVE_REFERENCE, DURATION_REFERENCE, OFFENCES_REFERENCE, UNSTEADINESS_REFERENCE
from sim.metrics.record import BLOCK, QUARTER, YEAR, Record, ratio


def order(r: Record) -> np.ndarray:
    """2 to the minus offences of 13 weeks against the reference; shape (weeks, units), as all indices here."""
    offences = r.recent("offences", QUARTER, before=OFFENCES_REFERENCE / YEAR)
    return exp2(-offences * (YEAR / QUARTER) / (r.residents * OFFENCES_REFERENCE))


def calm(r: Record) -> np.ndarray:
    """2 to the minus person-weeks of protest of a year against the reference."""
    active = r.recent("active", YEAR, before=ACTIVE_REFERENCE / 1000.0 / YEAR)
    return exp2(-active * 1000.0 / (r.residents * ACTIVE_REFERENCE))


def resolution(r: Record) -> np.ndarray:
    """Age of closed formal cases, and the wait that the queue promises (Little's law), in equal parts."""
    closed = r.recent("formal_closed", QUARTER)
    seen = ratio(r.recent("formal_weeks", QUARTER), closed, empty=0.0)
    waiting = r["open_mediation"] + r["open_office"] + r["open_court"]
    expected = 1.0 + ratio(waiting * QUARTER, closed, empty=0.0)
    nothing_moves = (closed == 0) & (waiting > 0)
    return np.where(nothing_moves, 0.0, exp2(-0.5 * (seen + expected) / DURATION_REFERENCE))


def steadiness(r: Record) -> np.ndarray:
    """How far four-week counts over a year swing beyond pure chance.

    phi = (variance - mean) / (mean * mean per 100,000 residents): for bursts in single communities, the same at every size of city.
    Until a year has passed, the reference stands in for what is missing.
    """
    events = r["offences"] + r["active"]
    total = _cumulated(events)
    block = total[BLOCK:] - total[:-BLOCK]  # every run of four weeks, one starting each week: whole numbers, so sums are exact
    once, twice = _cumulated(block), _cumulated(block * block)
    blocks = YEAR - BLOCK + 1
    last = np.arange(YEAR // 4 - 1, r.weeks) + 2 - BLOCK  # blocks that have ended by each week
    count = np.minimum(last, blocks)
    first, count = last - count, count[:, None]
    mean = (once[last] - once[first]) / count
    variance = (twice[last] - twice[first]) / (count - 1) - mean * mean * count / (count - 1)
    seen = np.maximum(0.0, ratio(variance - mean, mean * mean * 100_000.0 / r.residents, empty=0.0))
    phi = np.full(events.shape, UNSTEADINESS_REFERENCE)
    phi[YEAR // 4 - 1 :] = (count * seen + (blocks - count) * UNSTEADINESS_REFERENCE) / blocks
    return 1.0 / (1.0 + phi / UNSTEADINESS_REFERENCE)


def _cumulated(rows: np.ndarray) -> np.ndarray:
    """Sums over the first 0, 1, 2, ... rows."""
    return np.vstack([np.zeros((1, rows.shape[1]), np.int64), np.cumsum(rows, axis=0)])


def quantile(r: Record, share: float) -> np.ndarray:
    """Quantile of satisfaction from its histogram, linear within a bin."""
    cumulative = np.cumsum(r.histogram, axis=2)
    target = share * cumulative[:, :, -1:]
    bin_ = np.minimum((cumulative < target).sum(axis=2), HISTOGRAM_BINS - 1)
    upto = np.take_along_axis(cumulative, bin_[:, :, None], axis=2)[:, :, 0]
    inside = np.take_along_axis(r.histogram, bin_[:, :, None], axis=2)[:, :, 0]
    return (bin_ + 1.0 - ratio(upto - target[:, :, 0], inside, empty=0.0)) / HISTOGRAM_BINS


def gap(r: Record, name: str) -> np.ndarray:
    """Mean of local minus mean of non-local adults."""
    outside = r[f"{name}_nonlocal"]
    local = ratio(r[name] - outside, float(FIXED) * (r.adults - r.nonlocals))
    return local - ratio(outside, float(FIXED) * r.nonlocals)


def weighted(parts: dict[str, np.ndarray], weights: dict[str, float]) -> np.ndarray:
    """Weighted mean of the parts that have a weight."""
    total = 0.0
    above = np.zeros(())
    for name, weight in weights.items():
        if name in parts:
            total += weight
            above = above + weight * parts[name]
    return above / total
