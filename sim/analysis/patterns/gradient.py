"""Gradients by hardship: means by thirds or tenths of the areas, and the slope index of inequality.

The slope index is the slope of a straight line, weighted by residents, through the values of areas over their rank: the share of residents
who live with less hardship (half of the area's own counted in). It is the difference along that line between the area with the most and the
one with the least hardship. The null model: hardship shuffled over the areas.

References
----------
- Wagstaff, Paci & van Doorslaer (1991), On the measurement of inequalities in health, doi:10.1016/0277-9536(91)90212-U
"""

import numpy as np


def rank(hardship: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Share of residents with less hardship, in 0 to 1; areas of equal hardship share their rank."""
    levels, of = np.unique(hardship, return_inverse=True)
    people = np.bincount(of, residents, minlength=len(levels))
    below = np.cumsum(people) - 0.5 * people
    return (below / people.sum())[of]


def slope_index(values: np.ndarray, hardship: np.ndarray, residents: np.ndarray) -> float:
    """Value at the greatest hardship minus value at the least, along a straight line; NaN if all hardship is equal."""
    return float(slopes(values, rank(hardship, residents), residents))


def slopes(values: np.ndarray, ranks: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Weighted slope of values, shape (areas,) or (draws, areas), over ranks."""
    weights = residents / residents.sum()
    centred = ranks - (weights * ranks).sum()
    spread = (weights * centred**2).sum()
    if spread < 1e-12:
        return np.full(values.shape[:-1], np.nan)[()]
    return ((weights * centred * values).sum(axis=-1) / spread)[()]


def shuffled(values: np.ndarray, hardship: np.ndarray, residents: np.ndarray, draws: int = 999, seed: int = 0) -> np.ndarray:
    """Slope indices with hardship shuffled over the areas, shape (draws,)."""
    rng = np.random.default_rng(seed)
    orders = rng.permuted(np.tile(np.arange(len(values)), (draws, 1)), axis=1)
    return np.array([slope_index(values, hardship[order], residents) for order in orders])


def by_parts(values: np.ndarray, hardship: np.ndarray, residents: np.ndarray, parts: int = 3) -> np.ndarray:
    """Mean over the residents of each third (or other part) of the areas, from least to most hardship, shape (parts,)."""
    part = np.empty(len(values), np.int64)
    part[np.argsort(hardship, kind="stable")] = (np.arange(1, len(values) + 1) * parts - 1) // len(values)
    people = np.bincount(part, residents, minlength=parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.bincount(part, values * residents, minlength=parts) / people
