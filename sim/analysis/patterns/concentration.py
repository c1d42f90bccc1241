"""Concentration of events in few areas: the curve of the share of events in the worst x % of areas, and numbers that sum it up.

If events are rare, chance alone concentrates them in few areas: the null model distributes the same number of events at random over the
areas, in proportion to their residents (Poisson, given the total). Curves of tables with more and fewer events are compared after
`thinned`: from counts that are Poisson around any mean, a share taken at random is Poisson around that share of the mean.

With fewer events than places even the most even distribution leaves places without any: c events over n > c places have a Gini
coefficient of at least 1 - c/n, and half of them lie in c/2 places. Bernasco and Steenbeek therefore compare with the most even
distribution that the data allow. In their notation, y_i being the shares of the places in ascending order,

    G  = (2 sum_i i y_i - n - 1) / n
    G' = max(1/c, 1/n) (2 sum_i i y_i - n - 1) - max(n/c, 1) + 1 = max(n/c, 1) (G - 1) + 1

G' is 0 where no two of c <= n events share a place, and 1 - 1/min(c, n) where one place has all. `adjusted_gini` has the upper end at
1, and the lower at 0 also where c > n is no multiple of n; for c <= n it is G' c / (c - 1), the "unbiased" one of the authors' R package
lorenzgini. This corrects for few events, not for chance: events thrown at random are not evenly spread. For places that differ with a
Gini coefficient of .61 it is .41 at one event for five places and .73 at one for each place, so values are compared at equal density
(`thinned`) or with what chance gives (`by_chance`).

References
----------
- Weisburd (2015), The law of crime concentration, doi:10.1111/1745-9125.12070
- Bernasco & Steenbeek (2017), More places than crimes, doi:10.1007/s10940-016-9324-7
- Hipp & Kim (2017), Measuring crime concentration across cities, doi:10.1007/s10940-016-9328-3
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


def places_with(counts: np.ndarray, share: float = 0.5) -> np.ndarray:
    """Share of the areas that hold a `share` of all events, the worst first, with linear interpolation between whole numbers of areas.

    Parameters
    ----------
    counts : ndarray, shape (areas,) or (draws, areas)
    share : float
        Above 0, at most 1.

    Returns
    -------
    float or ndarray, shape (draws,)
        NaN without events.
    """
    points = curve(counts)
    areas = points.shape[-1] - 1
    after = np.minimum((points < share - 1e-12).sum(axis=-1), areas)[..., None]  # the first number of areas that holds as much
    reached, before = (np.take_along_axis(points, at, axis=-1) for at in (after, np.maximum(after - 1, 0)))
    with np.errstate(divide="ignore", invalid="ignore"):
        place = after - (reached - share) / (reached - before)
    return (place[..., 0] / areas)[()]


def evenest(total: int, areas: int) -> np.ndarray:
    """The most even distribution of a number of events over areas, shape (areas,)."""
    whole, rest = divmod(int(total), areas)
    return np.full(areas, whole) + (np.arange(areas) < rest)


def places_against_evenest(counts: np.ndarray, share: float = 0.5) -> np.ndarray:
    """`places_with` as a share of what it is in the most even distribution of as many events: 1 where they are as even as can be.

    Parameters and result as in `places_with`.
    """
    counts = np.asarray(counts)
    rows = np.atleast_2d(counts)
    even = np.array([places_with(evenest(row.sum(), len(row)), share) for row in rows])
    return (places_with(counts, share) / even.reshape(counts.shape[:-1]))[()]


def gini(counts: np.ndarray) -> np.ndarray:
    """Gini coefficient: 0 where all areas have as many events, 1 - 1/areas where one has all; NaN without events.

    Parameters
    ----------
    counts : ndarray, shape (areas,) or (draws, areas)
    """
    rising = np.sort(np.asarray(counts, float), axis=-1)
    areas, total = rising.shape[-1], rising.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ranks = (rising * np.arange(1, areas + 1)).sum(axis=-1) / total
    return ((2.0 * ranks - areas - 1.0) / areas)[()]


def generalised_gini(counts: np.ndarray) -> np.ndarray:
    """G' of Bernasco and Steenbeek, for comparison with published values; parameters as in `gini`."""
    counts = np.asarray(counts, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        sparse = np.maximum(counts.shape[-1] / counts.sum(axis=-1), 1.0)
        return (sparse * (gini(counts) - 1.0) + 1.0)[()]


def adjusted_gini(counts: np.ndarray) -> np.ndarray:
    """Gini coefficient between the most even distribution possible of as many events (0) and all events in one area (1).

    Parameters
    ----------
    counts : ndarray, shape (areas,) or (draws, areas)

    Returns
    -------
    float or ndarray, shape (draws,)
        NaN for fewer than two events or areas: then there is nothing between.
    """
    counts = np.asarray(counts, float)
    areas, total = counts.shape[-1], counts.sum(axis=-1)
    rest = total % areas
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest, highest = rest * (areas - rest) / (areas * total), 1.0 - 1.0 / areas
        found = (gini(counts) - lowest) / (highest - lowest)
    return np.where((total > 1) & (areas > 1), found, np.nan)[()]


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
