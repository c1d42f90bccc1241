"""Elasticities: the change of an outcome in per cent for one per cent more of a factor, as slopes between logarithms.

Three cases: over areas (association, not causation), over the points of a study (the factors were set, so this is their effect), and over
paired runs of one scenario with the same seed that differ in one factor. The null model: the factor shuffled over the areas or points; in
paired runs, a factor without effect.
"""

from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import student_reach
from sim.lazy import lazily

with lazily():
    import pandas as pd

MOST_ZEROS = 0.1
"""Maximum share of areas with a 0 in outcome or factor, which have no logarithm."""


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def elasticity(outcome: np.ndarray, factor: np.ndarray) -> float:
    """Slope of the logarithm of the outcome over that of the factor.

    Areas with a 0 in either are left out; NaN if their share exceeds `MOST_ZEROS`, or if the factor is constant.
    """
    both = (outcome > 0) & (factor > 0)
    if len(both) < 3 or both.mean() < 1.0 - MOST_ZEROS:
        return float("nan")
    x, y = np.log(factor[both]), np.log(outcome[both])
    x = x - x.mean()
    spread = (x * x).sum()
    return float((x * y).sum() / spread) if spread > 1e-12 else float("nan")


def shuffled(outcome: np.ndarray, factor: np.ndarray, draws: int = 999, seed: int = 0) -> np.ndarray:
    """Elasticities with the factor shuffled, shape (draws,)."""
    rng = np.random.default_rng(seed)
    return np.array([elasticity(outcome, rng.permutation(factor)) for _ in range(draws)])


def paired(lower: np.ndarray, upper: np.ndarray, ratio: float) -> np.ndarray:
    """Elasticity in each pair of runs: outcomes with the factor at a lower and at an upper value, `ratio` times the lower one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(np.asarray(upper, float) / np.asarray(lower, float)) / np.log(ratio)
    return np.where(np.isfinite(found), found, np.nan)


def over_study(runs: "pd.DataFrame", outcome: str, factors: list[str]) -> dict[str, Interval]:
    """Elasticities of an outcome to all factors of a study, estimated jointly by least squares between logarithms.

    Parameters
    ----------
    runs : DataFrame
        ``point``, the outcome and the factors, as in ``sim.read_study(folder).runs``; all above 0 (others are left out).
    outcome : str
    factors : list of str
        Columns of numbers.

    Returns
    -------
    dict of str to Interval
        Student's 95 % interval with a point of the study as one unit, however many replicates it has.

    Raises
    ------
    ValueError
        If the number of points is not larger than that of factors plus 1.
    """
    means = runs[["point", outcome, *factors]].dropna().groupby("point").mean()
    means = means[(means > 0).all(axis=1)]
    count, width = len(means), len(factors) + 1
    if count <= width:
        raise ValueError(f"{count} points with everything above 0; expected more than {width}")
    y, x = np.log(means[outcome].to_numpy()), np.column_stack([np.ones(count), np.log(means[factors].to_numpy())])
    slope, _, full, _ = np.linalg.lstsq(x, y, rcond=None)
    if full < width:
        raise ValueError("factors that move together have no elasticities of their own")
    variance = ((y - x @ slope) ** 2).sum() / (count - width)
    half = student_reach(count - width) * np.sqrt(variance * np.diag(np.linalg.inv(x.T @ x)))
    return {name: Interval(float(s), float(s - h), float(s + h)) for name, s, h in zip(factors, slope[1:], half[1:], strict=True)}
