"""Coefficients that the rates of a city identify, fitted to these rates anew in every world, each as little as possible.

A value that was fitted with all other coefficients at their defaults does not fit with those of another world, and would be the same in all
of them, as if it were known. So each world keeps what its other coefficients are, and starts from its own value of these. Where a rate
misses its range, the world is moved to the nearest place within it by the steps by which sets of worlds are made
(`sim.experiments.worlds.steering`), and what lies inside is held. Slopes are those of the default world at first, and in each world are
corrected by what its own steps did (Broyden 1965, doi:10.1090/S0025-5718-1965-0198670-6). Rates count by their logarithm, since most are
proportional to a coefficient.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.experiments.worlds.steering import FARTHEST, TOLERANCE, steered
from sim.worlds.priors import shipped
from sim.worlds.world import World

TRIES = 3
"""Steps of a world at most."""
STEP = 0.3
"""Step, in standard deviations of the prior, from which slopes are known: large enough to stand out from random variation."""
INNER = 0.7
"""Half-widths from the middle of a range to which a rate is moved that lies outside; the same place as where sets are made."""
SMALLEST = 0.01
"""Smallest rate that counts, as a share of the upper end of its range: the logarithm of 0 says nothing."""

Simulate = Callable[[Sequence[tuple[World | None, Mapping[str, float]]]], np.ndarray]
"""Rates, shape (pairs, rates), of pairs of a world (None is the default one) and coefficients that replace its own; NaN without a value."""


@dataclass(frozen=True)
class Ranges:
    """Ranges of rates, in which they count as -1 to 1.

    Parameters
    ----------
    low, high : ndarray, shape (rates,)
    """

    low: np.ndarray
    high: np.ndarray

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Half-widths from the middle, by logarithm; NaN stays NaN."""
        low, high, at = (np.log(np.maximum(one, SMALLEST * self.high)) for one in (self.low, self.high, values))
        return (at - 0.5 * (low + high)) / (0.5 * (high - low))


def fitted_anew(
    worlds: Sequence[World],
    values: np.ndarray,
    ranges: Ranges,
    aimed: Sequence[int],
    coefficients: Sequence[str],
    simulate: Simulate,
) -> tuple[list[dict[str, float]], np.ndarray]:
    """Fit coefficients in worlds to rates.

    Parameters
    ----------
    worlds : sequence of World
    values : ndarray, shape (worlds, rates)
        All rates as they are.
    ranges : Ranges
        Of those that the coefficients move.
    aimed : sequence of int
        Which of all rates these are.
    coefficients : sequence of str
        Those that the rates identify; each has a prior.
    simulate : callable
        See `Simulate`.

    Returns
    -------
    list of dict, ndarray
        In every world, the coefficients that came nearest, and the rates with them, shape (worlds, rates).
    """
    priors = [shipped()[name] for name in coefficients]
    start = np.array([[_score(prior.position(world.coefficients[prior.name])) for prior in priors] for world in worlds])
    middle = np.array([_score(prior.position(prior.default)) for prior in priors])
    named = lambda at: {one.name: one.value(float(special.ndtr(z))) for one, z in zip(priors, at, strict=True)}  # noqa: E731
    steps = np.vstack([middle, middle + STEP * np.eye(len(priors))])
    around = ranges.scores(simulate([(None, named(one)) for one in steps])[:, aimed])
    slopes = np.repeat(np.nan_to_num((around[1:] - around[0]).T / STEP)[np.newaxis], len(worlds), axis=0)
    at, scores = start.copy(), ranges.scores(values[:, aimed])
    goals = np.where(np.abs(scores) <= 1.0, scores, np.clip(np.nan_to_num(scores), -INNER, INNER))
    best, found, allowed = at.copy(), values.copy(), np.full(scores.shape[1], (2.0 * TOLERANCE) ** 2)
    nearest = _miss(scores)
    for _ in range(TRIES):
        moving = np.flatnonzero(nearest > 1.0)
        if not len(moving):
            break
        known = np.where(np.isfinite(scores), scores, goals)
        moved = np.array([steered(at[[w]], start[[w]], known[[w]], goals[[w]], slopes[w], allowed)[0] for w in moving])
        now = simulate([(worlds[int(w)], named(one)) for w, one in zip(moving, moved, strict=True)])
        for w, to, rates in zip(moving, moved, now, strict=True):
            score, step = ranges.scores(rates[aimed]), to - at[w]
            surprise = np.nan_to_num(score - scores[w] - slopes[w] @ step)
            slopes[w] += np.outer(surprise, step) / max(float(step @ step), 1e-9)
            at[w], scores[w] = to, score
            if (miss := float(_miss(score))) < nearest[w]:
                best[w], found[w], nearest[w] = to, rates, miss
    moved_at_all = (best != start).any(axis=1)
    return [named(one) if moves else {} for one, moves in zip(best, moved_at_all, strict=True)], found


def _miss(scores: np.ndarray) -> np.ndarray:
    """Half-widths of the rate that misses most; up to 1 is inside. A rate without a value misses infinitely."""
    return np.where(np.isfinite(scores), np.abs(scores), np.inf).max(axis=-1)


def _score(position: float) -> float:
    """Normal score of a position in a prior."""
    return float(np.clip(special.ndtri(position), -FARTHEST, FARTHEST))
