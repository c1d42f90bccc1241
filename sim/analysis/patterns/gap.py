"""Gaps between reported and true values.

Counts (offences recorded, of those committed): reported as a share of the true number. Shares and indices (reported performance): reported
minus true, mean over residents. The null model: reports are true, so a share of 1 or a gap of 0.
"""

import numpy as np


def reported_share(reported: np.ndarray, true: np.ndarray) -> float:
    """Reported events of all areas as a share of the true ones; NaN without events."""
    total = float(np.sum(true))
    return float(np.sum(reported)) / total if total > 0 else float("nan")


def overstated(reported: np.ndarray, true: np.ndarray, residents: np.ndarray) -> float:
    """Reported minus true, mean over residents."""
    return float(np.average(np.asarray(reported, float) - true, weights=residents))
