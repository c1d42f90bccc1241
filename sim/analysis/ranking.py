"""Dependence of the ranking of scenarios on the weights of an index's parts.

Weights are a judgement. Drawing them uniformly from all weightings (a flat Dirichlet distribution) shows for which share of them each
scenario ranks first; resampling the seeds as well shows how much of this is due to chance.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.composite import first
from sim.analysis.pareto import resampled


@dataclass(frozen=True)
class Ranking:
    """Per option, each of shape (options,).

    Parameters
    ----------
    first : ndarray
        Share of the weightings under which its mean ranks first; ties are shared.
    first_with_luck : ndarray
        The same with the seeds resampled for every weighting.
    mean_rank : ndarray
        Mean rank over the weightings; 1 is first.
    best_rank, worst_rank : ndarray
        Over the weightings.
    """

    first: np.ndarray
    first_with_luck: np.ndarray
    mean_rank: np.ndarray
    best_rank: np.ndarray
    worst_rank: np.ndarray


def weightings(groups: list[int], draws: int, seed: int) -> np.ndarray:
    """Weights of the parts of one or several indices, uniform over all weightings.

    Parameters
    ----------
    groups : list of int
        Number of parts of each index. The weights within an index are uniform, and so are the weights of several indices.

    Returns
    -------
    ndarray, shape (draws, sum of groups)
        Rows sum to 1.
    """
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(len(groups)), draws)
    return np.hstack([rng.dirichlet(np.ones(parts), draws) * shares[:, [i]] for i, parts in enumerate(groups)])


def ranking(values: np.ndarray, weights: np.ndarray, seed: int = 0) -> Ranking:
    """Rank options under many weightings.

    Parameters
    ----------
    values : ndarray, shape (pairs, options, parts)
        Parts of the index for every seed; more is better.
    weights : ndarray, shape (draws, parts)
    seed : int
        Seed of the bootstrap over seeds.
    """
    values = np.asarray(values, float)
    scores = weights @ values.mean(axis=0).T
    drawn = resampled(len(values), len(weights), seed) / len(values)
    resampled_scores = _resampled_scores(values, weights, drawn)
    ranks = pd.DataFrame(-scores).rank(method="min", axis=1).to_numpy()
    return Ranking(first(scores), first(resampled_scores), ranks.mean(axis=0), ranks.min(axis=0), ranks.max(axis=0))


def _resampled_scores(values: np.ndarray, weights: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Scores with the seeds resampled for every weighting, shape (draws, options)."""
    found = np.empty((len(weights), values.shape[1]))
    for start in range(0, len(weights), 250):  # in pieces: the means of hundreds of options under every weighting would fill the memory
        some = slice(start, start + 250)
        found[some] = np.einsum("dop,dp->do", np.tensordot(drawn[some], values, axes=1), weights[some])
    return found
