"""Steering draws from the prior to the targets, each as little as possible: randomised maximum likelihood with an ensemble.

A draw fits all targets once in many billions. But targets are few and coefficients many, so near every draw there is a point that fits.
Each draw z0 is moved to the z that minimises |z - z0|^2 + |(s(z) - goal) / tolerance|^2, where the goal is the nearest place within the
range: what lies inside is held where the prior put it. (Goals spread over the ranges would move what needs no move, and make worlds that
are spread over ranges as evidence does not say.)
Coordinates z are standard normal over the prior, so the first term keeps a draw where the prior put it, and a coefficient that no target
depends on does not move at all. Sensitivities of s to z are estimated by regression, with the coefficients that matter chosen one by one
(forward selection: of 400 coefficients, 5 to 20 matter for a target), over points that no step from their own outcome has moved: a loop
that is closed hides what it controls, and steps would be too long. Targets are compared by their normal scores over the first points,
which makes them nearly linear. What is found is a proposal only: whether it fits is judged by plain simulation.

References
----------
- Oliver, He & Reynolds (1996), Conditioning permeability fields to pressure data, doi:10.3997/2214-4609.201406884
- Chen & Oliver (2012), Ensemble randomized maximum likelihood, doi:10.1007/s11004-011-9376-z
- Zhou et al. (2011), An approach to handling non-Gaussianity in ensemble Kalman filtering, doi:10.1016/j.advwatres.2011.04.014
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

MOST_CHOSEN = 30
"""Coefficients of one target at most."""
ENOUGH = 10.0
"""F statistic below which no further coefficient is added: with 400 to choose from, one in two is added by luck alone."""
FEWEST = 10
"""Points with a value below which nothing is said about a target."""
TOLERANCE = 1.0 / 6.0
"""Standard deviation allowed around a goal, in widths of the range."""
DIGITS = 6
"""Decimals of a position: the last bits of a machine's linear algebra do not change worlds."""
FARTHEST = 3.0
"""Standard deviations from the middle of the prior at most."""


@dataclass(frozen=True)
class NormalScores:
    """Turns a target into its normal score over some first values, and beyond them by a straight line.

    Parameters
    ----------
    values, scores : ndarray, shape (points,)
        Sorted values, and their scores.
    """

    values: np.ndarray
    scores: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> "NormalScores":
        """From simulated values, shape (points,); those that are NaN are left out."""
        known = np.sort(values[np.isfinite(values)])
        scores = special.ndtri((np.arange(len(known)) + 0.5) / len(known))
        distinct, first, counts = np.unique(known, return_index=True, return_counts=True)
        return cls(distinct, np.add.reduceat(scores, first) / counts)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Scores of values; NaN stays NaN."""
        if len(self.values) < 2:
            return np.where(np.isfinite(values), 0.0, np.nan)
        found = np.interp(values, self.values, self.scores)
        middle = len(self.values) // 2
        for end in (0, -1):
            slope = (self.scores[end] - self.scores[middle]) / (self.values[end] - self.values[middle] or 1.0)
            beyond = values < self.values[0] if end == 0 else values > self.values[-1]
            found = np.where(beyond, self.scores[end] + (values - self.values[end]) * slope, found)
        return np.where(np.isfinite(values), found, np.nan)


class Linear(NamedTuple):
    """What a regression says of every target.

    Parameters
    ----------
    slopes : ndarray, shape (targets, coefficients)
        Linear effect of every coefficient; 0 for those that do not matter.
    intercepts, rest : ndarray, shape (targets,)
        Score at the middle of the prior, and variance that is left unexplained.
    """

    slopes: np.ndarray
    intercepts: np.ndarray
    rest: np.ndarray

    def predicted(self, at: np.ndarray) -> np.ndarray:
        """Scores at some points, shape (points, targets)."""
        return self.intercepts + at @ self.slopes.T


def sensitivities(positions: np.ndarray, scores: np.ndarray) -> Linear:
    """Effects of coefficients on targets.

    Parameters
    ----------
    positions : ndarray, shape (points, coefficients)
    scores : ndarray, shape (points, targets)
        NaN where a target was not measured, or has no value.
    """
    found = [_forward(positions, scores[:, j]) for j in range(scores.shape[1])]
    return Linear(*(np.array([one[part] for one in found]) for part in range(3)))


def _forward(positions: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, float, float]:
    known, slopes = np.flatnonzero(np.isfinite(score)), np.zeros(positions.shape[1])
    if len(known) < FEWEST:
        return slopes, 0.0, 0.0
    middle, level = positions[known].mean(axis=0), float(score[known].mean())
    inputs, output = positions[known] - middle, score[known] - level
    total = left = float(output @ output)
    sizes = np.sqrt((inputs**2).sum(axis=0)) + 1e-12
    chosen: list[int] = []
    rest = output
    while left > 1e-9 * max(total, 1.0) and len(chosen) < min(MOST_CHOSEN, len(output) // 5):
        pull = np.abs(inputs.T @ rest) / sizes
        pull[chosen] = 0.0
        tried = [*chosen, int(pull.argmax())]
        fit = np.linalg.lstsq(inputs[:, tried], output, rcond=None)[0]
        remains = output - inputs[:, tried] @ fit
        now = float(remains @ remains)
        if (left - now) * (len(output) - len(tried) - 1) < ENOUGH * now:
            break
        chosen, rest, left = tried, remains, now
        slopes[:] = 0.0
        slopes[chosen] = fit
    return slopes, level - float(middle @ slopes), left / len(output)


class Tried(NamedTuple):
    """What one try of a candidate said.

    Parameters
    ----------
    at : ndarray, shape (coefficients,)
    scores : ndarray, shape (targets,)
        NaN where a target was not measured.
    variance : ndarray, shape (targets,)
        Of their luck.
    """

    at: np.ndarray
    scores: np.ndarray
    variance: np.ndarray


def together(tries: Sequence[Tried], at: np.ndarray, linear: Linear, far: float) -> tuple[np.ndarray, np.ndarray]:
    """What all tries of a candidate say of its scores at a place, weighted by how sure each is, and the variance of that.

    The regression is one witness, with the variance that it leaves unexplained. A try says by how much the regression is wrong where it was
    made; the farther from there, the less it says.

    Parameters
    ----------
    tries : sequence of Tried
    at : ndarray, shape (coefficients,)
    linear : Linear
    far : float
        Squared distance at which a try says no more than the regression.
    """
    rest = np.maximum(linear.rest, 1e-9)
    weight, total = 1.0 / rest, np.zeros_like(rest)
    for one in tries:
        moved = min(1.0, float(((at - one.at) ** 2).sum()) / far)
        known = np.isfinite(one.scores) & np.isfinite(one.variance)
        sure = np.where(known, 1.0 / np.maximum(np.where(known, one.variance, 1.0) + moved * rest, 1e-9), 0.0)
        total += sure * np.where(known, one.scores - linear.predicted(one.at), 0.0)
        weight = weight + sure
    return linear.predicted(at) + total / weight, 1.0 / weight


def steered(
    at: np.ndarray, start: np.ndarray, scores: np.ndarray, goals: np.ndarray, slopes: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """One step (Gauss-Newton) of every candidate towards its goal, as near to its start as possible.

    Parameters
    ----------
    at, start : ndarray, shape (candidates, coefficients)
        Where candidates are, and where the prior put them.
    scores, goals : ndarray, shape (candidates, targets)
        As simulated or predicted, and as wanted.
    slopes : ndarray, shape (targets, coefficients)
    variance : ndarray, shape (targets,)
        Allowed around a goal: tolerance and luck.
    """
    misses = goals - scores + (at - start) @ slopes.T
    weights = np.linalg.solve(slopes @ slopes.T + np.diag(variance), misses.T).T
    return np.round(np.clip(start + weights @ slopes, -FARTHEST, FARTHEST), DIGITS)
