"""Pareto sets: options that are not dominated by another option, for any number of objectives."""

from collections.abc import Sequence

import numpy as np


def efficient(values: np.ndarray, better: Sequence[str]) -> np.ndarray:
    """Which options are Pareto-efficient.

    Parameters
    ----------
    values : ndarray of float, shape (options, objectives)
        An option with a missing value (NaN) is not efficient and dominates none.
    better : sequence of str
        "more" or "less" for every objective.

    Returns
    -------
    ndarray of bool, shape (options,)
        True if no other option is at least as good in every objective and better in one. Equal options are efficient together.
    """
    costs = np.asarray(values, float) * -signs(better)
    found = np.zeros(len(costs), bool)
    left = np.flatnonzero(~np.isnan(costs).any(axis=1))
    left = left[np.lexsort(costs[left].T[::-1])]  # nothing dominates what comes before it in this order
    while len(left):
        best, left = left[0], left[1:]
        found[best] = True
        dominated = (costs[best] <= costs[left]).all(axis=1) & (costs[best] < costs[left]).any(axis=1)
        left = left[~dominated]
    return found & np.isfinite(costs).all(axis=1)


def share_efficient(values: np.ndarray, better: Sequence[str], draws: int = 1000, seed: int = 0) -> np.ndarray:
    """How often each option stays Pareto-efficient when the seeds are resampled.

    Parameters
    ----------
    values : ndarray of float, shape (pairs, options, objectives)
        Outcomes for every seed; means over seeds are compared.
    draws : int
        Bootstrap samples of the seeds, the same seeds for all options.

    Returns
    -------
    ndarray of float, shape (options,)
        Share of the draws in which the option is efficient.
    """
    values = np.asarray(values, float)
    counts = resampled(len(values), draws, seed)
    means = np.tensordot(counts / len(values), values, axes=1)
    return np.mean([efficient(mean, better) for mean in means], axis=0)


def resampled(pairs: int, draws: int, seed: int) -> np.ndarray:
    """Count of each seed in each bootstrap sample, shape (draws, pairs); rows sum to `pairs`."""
    return np.random.default_rng(seed).multinomial(pairs, np.full(pairs, 1 / pairs), size=draws)


def signs(better: Sequence[str]) -> np.ndarray:
    """1 for "more" and -1 for "less"."""
    unknown = sorted(set(better) - {"more", "less"})
    if unknown:
        raise ValueError(f"directions: got {', '.join(map(repr, unknown))}; expected 'more' or 'less'")
    return np.array([1.0 if word == "more" else -1.0 for word in better])
