"""A jump in support where service passes a threshold: regression discontinuity with a line on each side.

Local linear regression with a triangular kernel: only areas whose service lies within a bandwidth of the threshold are used, with weights
that decrease with distance. The bandwidth is stated with every result; by default it is the distance within which half of the areas lie.
The null model: one straight line without a jump, its residuals shuffled.

References
----------
- Imbens & Lemieux (2008), Regression discontinuity designs: a guide to practice, doi:10.1016/j.jeconom.2007.05.001
"""

import numpy as np

FEWEST = 5
"""Minimum number of areas within the bandwidth on either side."""


def bandwidth_of(service: np.ndarray, threshold: float) -> float:
    """Distance from the threshold within which half of the areas lie."""
    return float(np.median(np.abs(service - threshold)))


def jump(support: np.ndarray, service: np.ndarray, threshold: float, bandwidth: float | None = None) -> float:
    """Support just above the threshold minus support just below it; NaN if either side has fewer than `FEWEST` areas."""
    weights = _weights(service, threshold, bandwidth)
    return float("nan") if weights is None else float(weights @ support)


def shuffled(
    support: np.ndarray, service: np.ndarray, threshold: float, bandwidth: float | None = None, draws: int = 999, seed: int = 0
) -> np.ndarray:
    """Jumps of a straight line without one, its residuals shuffled, shape (draws,)."""
    weights = _weights(service, threshold, bandwidth)
    if weights is None:
        return np.full(draws, np.nan)
    slope, level = np.polyfit(service, support, 1)
    line = level + slope * service
    residuals = np.random.default_rng(seed).permuted(np.tile(support - line, (draws, 1)), axis=1)
    return (line + residuals) @ weights


def _weights(service: np.ndarray, threshold: float, bandwidth: float | None) -> np.ndarray | None:
    """Weight of each area's support in the jump, which is linear in it."""
    width = bandwidth_of(service, threshold) if bandwidth is None else bandwidth
    kernel = np.maximum(0.0, 1.0 - np.abs(service - threshold) / width) if width > 0 else np.zeros(len(service))
    found = np.zeros(len(service))
    for side, sign in ((service >= threshold, 1.0), (service < threshold, -1.0)):
        inside = np.flatnonzero(side & (kernel > 0))
        if len(inside) < FEWEST or np.ptp(service[inside]) <= 0:
            return None
        x = np.column_stack([np.ones(len(inside)), service[inside] - threshold])
        weighted = x * kernel[inside, None]
        found[inside] += sign * np.linalg.solve(weighted.T @ x, weighted.T)[0]
    return found
