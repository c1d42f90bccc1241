"""Borders between communities, and what is alike across them."""

import numpy as np

from sim.lazy import lazily

with lazily():
    from scipy import spatial

NEIGHBOURS = 6  # nearest communities that count as neighbours where no borders are given (assumption: about as many as cells of a map have)
SPARE = 8
"""Points looked at beyond those wanted, so that points at the same distance are seen and put in order."""
FEW = 64
"""Points that are all looked at: importing a tree takes longer than building and simulating a small city."""
LIKENESS = 0.6
"""Share of bordering communities in what decides a community's rank among the drawn values (assumption: Moran's I of about .4, between the
.3 and .6 that are usual for disadvantage in cities)."""


def bordering(x: np.ndarray, y: np.ndarray, given: tuple[tuple[int, int], ...] | None) -> tuple[np.ndarray, np.ndarray]:
    """Bordering communities as compressed sparse rows: first entry of each community, shape (count + 1,), and the entries, ascending.

    Parameters
    ----------
    x, y : ndarray, shape (count,)
        Positions of the communities (km).
    given : tuple of (int, int), optional
        Pairs of bordering communities; if None, a community borders on the `NEIGHBOURS` nearest, and they on it.
    """
    count = len(x)
    if given is None:
        found = nearest(x, y, min(NEIGHBOURS, count - 1))
        one, other = np.repeat(np.arange(count), found.shape[1]), found.reshape(-1)
    else:
        one, other = np.array(given, np.int64).reshape(-1, 2).T
    if count <= FEW:
        borders = np.zeros((count, count), bool)
        borders[one, other] = borders[other, one] = True
        owner, other = borders.nonzero()
    else:
        owner, other = np.divmod(np.unique(np.concatenate([one * count + other, other * count + one])), count)
    first = np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
    return first, other.astype(np.int32)


def nearest(x: np.ndarray, y: np.ndarray, wanted: int) -> np.ndarray:
    """The nearest other points of every point, nearest first, ties to the lower number, shape (count, wanted)."""
    count = len(x)
    places = np.stack([x, y], axis=1).astype(np.float64)
    if wanted == 0:
        return np.empty((count, 0), np.int64)
    if count <= FEW:
        return np.argsort(_squares(places, np.arange(count), np.arange(count)[None]), axis=1, kind="stable")[:, :wanted]
    seen = min(count, wanted + 1 + SPARE)
    _, near = spatial.cKDTree(places).query(places, k=seen)
    far, order = _sorted(places, np.arange(count), np.sort(near, axis=1))
    unsure = np.flatnonzero(far[:, wanted - 1] >= far[:, seen - 2] * (1 - 1e-9))
    for a in unsure:  # more points at one distance than were looked at: look at all
        order[a, :wanted] = _sorted(places, np.array([a]), np.arange(count)[None])[1][0, :wanted]
    return order[:, :wanted]


def _sorted(places: np.ndarray, own: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances from each own point to others (listed in ascending order), and these, nearest first and itself last."""
    square = _squares(places, own, others)
    order = np.argsort(square, axis=1, kind="stable")
    return np.take_along_axis(square, order, axis=1), np.take_along_axis(others, order, axis=1)


def _squares(places: np.ndarray, own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Squared distances from each own point to others; infinite to itself."""
    apart = places[others] - places[own][:, None]
    return np.where(others == own[:, None], np.inf, apart[..., 0] * apart[..., 0] + apart[..., 1] * apart[..., 1])


def clustered(values: np.ndarray, first: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Independently drawn values of communities, exchanged between them so that bordering communities are alike.

    A community gets the value of the rank of (1 - `LIKENESS`) * own + `LIKENESS` * mean of the bordering ones: mean, spread and shape of
    the distribution are those of the draws in every city, however small; only where the values lie follows from borders.

    Parameters
    ----------
    values : ndarray, shape (count,)
    first, neighbours : ndarray
        As from `bordering`.
    """
    values = np.asarray(values, np.float64)
    degree = np.diff(first)
    owner = np.repeat(np.arange(len(values)), degree)
    around = np.bincount(owner, values[neighbours], len(values)) / np.maximum(degree, 1)
    likely = np.where(degree > 0, (1.0 - LIKENESS) * values + LIKENESS * around, values)
    out = np.empty_like(values)
    out[np.argsort(likely, kind="stable")] = np.sort(values)
    return out
