"""Spatial autocorrelation: Moran's I over the nearest neighbours of every area.

    I = (n / S) * sum_ij w_ij z_i z_j / sum_i z_i^2

with z the distance from the mean, w_ij = 1/k for the k nearest neighbours j of i (so S = n). About -1/(n - 1) for randomly placed values,
above it if similar values are close together. The null model: the same values, shuffled over the positions.

References
----------
- Moran (1950), Notes on continuous stochastic phenomena, doi:10.1093/biomet/37.1-2.17
- Cliff & Ord (1981), Spatial Processes: Models and Applications
"""

import numpy as np
from scipy.spatial import cKDTree

NEAREST = 6
"""Number of neighbours of an area; fewer if there are few areas."""


def nearest(x: np.ndarray, y: np.ndarray, count: int = NEAREST) -> np.ndarray:
    """The nearest other areas of each.

    Parameters
    ----------
    x, y : ndarray, shape (areas,)
        Positions, in any unit of length.

    Returns
    -------
    ndarray of int, shape (areas, count)
        Fewer columns if there are fewer other areas.
    """
    places = np.stack([x, y], axis=1).astype(float)
    count = min(count, len(places) - 1)
    found = cKDTree(places).query(places, k=count + 1)[1].reshape(len(places), count + 1)
    own = np.arange(len(places))[:, None]
    order = np.argsort(found == own, axis=1, kind="stable")  # for areas at the same position, the area itself may not be the first
    return np.take_along_axis(found, order, axis=1)[:, :count]


def moran(values: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Moran's I.

    Parameters
    ----------
    values : ndarray, shape (areas,) or (draws, areas)
    neighbours : ndarray of int, shape (areas, count)
        As from `nearest`.

    Returns
    -------
    float or ndarray, shape (draws,)
        NaN if all values are equal.
    """
    z = values - values.mean(axis=-1, keepdims=True)
    around = z[..., neighbours].mean(axis=-1)
    squares = (z * z).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(squares > 1e-24 * np.square(values).sum(axis=-1), (z * around).sum(axis=-1) / squares, np.nan)[()]


def shuffled(values: np.ndarray, neighbours: np.ndarray, draws: int = 999, seed: int = 0) -> np.ndarray:
    """Moran's I of the same values at shuffled positions, shape (draws,)."""
    return moran(np.random.default_rng(seed).permuted(np.tile(values, (draws, 1)), axis=1), neighbours)


def p_of(value: float, null: np.ndarray) -> float:
    """p-value of a value under a null model: (1 + draws at least as large) / (1 + draws).

    Equal to the pseudo-p of esda and R; under the null model it is uniform on 1/(1 + draws), 2/(1 + draws), ..., 1.
    """
    return float((1 + (null >= value).sum()) / (1 + len(null)))
