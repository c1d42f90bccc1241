"""How far is what is reported from what is true?

Counts (offences recorded, of those committed): reported as a share of what is true. Shares and indices (performance as reported): reported
minus true, mean over residents. The null model: what is reported is true, so a share of 1 or a gap of 0.
"""

import numpy as np


def reported_share(reported: np.ndarray, true: np.ndarray) -> float:
    """Reported events of all areas as a share of the true ones; NaN where nothing happened."""
    total = float(np.sum(true))
    return float(np.sum(reported)) / total if total > 0 else float("nan")


def overstated(reported: np.ndarray, true: np.ndarray, residents: np.ndarray) -> float:
    """Reported minus true, mean over residents."""
    return float(np.average(np.asarray(reported, float) - true, weights=residents))
