"""Concentration of events in few areas: the curve of the share of events in the worst x % of areas.

If events are rare, chance alone concentrates them in few areas: the null model distributes the same number of events at random over the
areas, in proportion to their residents (Poisson, given the total). Curves of tables with more and fewer events are compared after
`thinned`: from counts that are Poisson around any mean, a share taken at random is Poisson around that share of the mean.

References
----------
- Weisburd (2015), The law of crime concentration, doi:10.1111/1745-9125.12070
- Bernasco & Steenbeek (2017), More places than crimes, doi:10.1007/s10940-016-9324-7
- Hipp & Kim (2017), Measuring crime concentration across cities, doi:10.1007/s10940-016-9332-7
"""

import numpy as np

WORST = 0.1
"""Share of the areas for which the share of events is reported."""


def curve(counts: np.ndarray) -> np.ndarray:
    """Share of all events in the worst areas.

    Parameters
    ----------
    counts : ndarray, shape (areas,) or (draws, areas)

    Returns
    -------
    ndarray, shape (areas + 1,) or (draws, areas + 1)
        In the worst 0, 1, 2, ... areas; NaN without events.
    """
    falling = -np.sort(-np.asarray(counts, float), axis=-1)
    total = falling.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.cumsum(falling, axis=-1) / total
    return np.concatenate([0.0 * total / np.where(total > 0, total, np.nan), shares], axis=-1)


def worst_share(counts: np.ndarray, worst: float = WORST) -> np.ndarray:
    """Share of all events in the worst `worst` of the areas, with linear interpolation between whole numbers of areas."""
    points = curve(counts)
    place = worst * (points.shape[-1] - 1)
    below = min(int(place), points.shape[-1] - 2)
    return (points[..., below] + (place - below) * (points[..., below + 1] - points[..., below]))[()]


def by_chance(total: int, residents: np.ndarray, draws: int = 999, seed: int = 0) -> np.ndarray:
    """Counts under the null model: the same number of events distributed at random over residents, shape (draws, areas)."""
    residents = np.asarray(residents, float)
    return np.random.default_rng(seed).multinomial(int(total), residents / residents.sum(), size=draws)


def thinned(counts: np.ndarray, share: float, draws: int = 100, seed: int = 0) -> np.ndarray:
    """Counts of which each event is kept with probability `share`, shape (draws, areas); for a share of 1, a single draw of the counts
    themselves."""
    counts = np.asarray(counts, np.int64)
    if share >= 1:
        return counts[None].astype(float)
    return np.random.default_rng(seed).binomial(counts, share, size=(draws, len(counts))).astype(float)
