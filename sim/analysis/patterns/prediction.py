"""Rates of areas, each predicted without its own: by a simulation, by hardship alone, and by the areas around.

Rates are logarithms. Of every area the prediction uses only the other areas' rates (leave one out):

    simulation          m_i + mean over j != i of (y_j - m_j)        only the level comes from the data
    hardship alone      a + b h_i, a straight line through the y_j   level and slope come from the data
    neighbours' mean    mean of the y_j around i                     everything comes from the data

    R2 = 1 - sum_i (y_i - predicted_i)^2 / sum_i (y_i - mean of the others)^2

R2 is 0 for a prediction as good as the mean of the other areas, and negative for a worse one. A simulation that is fed with hardship has to
beat the straight line, which has one number more from the data: otherwise the line would do.

References
----------
- Stone (1974), Cross-validatory choice and assessment of statistical predictions, doi:10.1111/j.2517-6161.1974.tb00994.x
- Efron & Tibshirani (1993), An Introduction to the Bootstrap, doi:10.1201/9780429246593
"""

import numpy as np

DRAWS = 2000
"""Bootstrap draws of areas."""


def log_rates(counts: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Logarithms of events per resident; half an event is added, since an area may have none."""
    return np.log((counts + 0.5) / residents)


def by_level(real: np.ndarray, simulated: np.ndarray) -> np.ndarray:
    """Simulated values, shifted to the level of the other areas."""
    return simulated + others_mean(real - simulated)


def by_line(real: np.ndarray, *given: np.ndarray) -> np.ndarray:
    """Straight line (plane, ...) through the other areas by least squares."""
    design = np.column_stack([np.ones(len(real)), *given])
    hat = design @ np.linalg.pinv(design)
    own = np.diag(hat)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (hat @ real - own * real) / (1.0 - own)


def by_neighbours(real: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Mean over the areas around, as from `sim.analysis.patterns.neighbours.nearest`."""
    return real[neighbours].mean(axis=1)


def others_mean(values: np.ndarray) -> np.ndarray:
    """Mean of all other areas."""
    return (values.sum() - values) / (len(values) - 1)


def explained(real: np.ndarray, predicted: np.ndarray) -> float:
    """R2 out of sample; NaN if all areas are equal."""
    total = np.square(real - others_mean(real)).sum()
    return float(1.0 - np.square(real - predicted).sum() / total) if total > 1e-12 else float("nan")


def share_better(real: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int = 0) -> float:
    """Share of bootstrap draws of areas in which the first prediction has smaller squared errors than the second."""
    gain = np.square(real - second) - np.square(real - first)
    drawn = np.random.default_rng(seed).integers(0, len(real), (DRAWS, len(real)))
    return float((gain[drawn].sum(axis=1) > 0).mean())
