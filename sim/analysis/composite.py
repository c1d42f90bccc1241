"""How an index is made of its parts: which part moves it, and whether a ranking depends on how the parts are put together.

The weights that are written down say how much a part could count; how much it does count depends on how far it varies. The *effective
weight* of a part is its share of the variance of the index, separately between policies (what a planner wants to see) and between seeds
(luck). These are two of the checks that the OECD and JRC handbook on composite indicators (2008) asks for, with its example of arithmetic
against geometric aggregation: in a geometric mean, a good part makes up less for a bad one.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Effective:
    """What moves an index, for each part; each of shape (parts,) unless said otherwise.

    Parameters
    ----------
    policies : ndarray
        Share of each part in the variance of the index between policies, without what luck adds to their means; the shares sum to 1, and
        one is negative where a part moves against the index. NaN where policies differ by no more than luck.
    seeds : ndarray
        The same between seeds of one policy.
    signal : ndarray
        Signal to noise: standard deviation between policies over that between seeds of one policy; infinite where seeds do not differ.
    correlation : ndarray, shape (parts, parts)
        Correlation of the parts between seeds of one policy; NaN for a part that does not vary.
    """

    policies: np.ndarray
    seeds: np.ndarray
    signal: np.ndarray
    correlation: np.ndarray


def effective(values: np.ndarray, weights: np.ndarray) -> Effective:
    """Effective weights of the parts of an index.

    Parameters
    ----------
    values : ndarray, shape (seeds, policies, parts)
        Parts of the index, at least two seeds and two policies.
    weights : ndarray, shape (parts,)
        Nominal weights; only their proportions matter.
    """
    values = np.asarray(values, float)
    seeds, policies, _ = values.shape
    if seeds < 2 or policies < 2:
        raise ValueError(f"effective weights: got {seeds} seeds and {policies} policies; expected at least two of each")
    means = values.mean(axis=0)
    luck = values - means
    within = _products(luck) / (policies * (seeds - 1))
    apart = luck - luck.mean(axis=1, keepdims=True)  # paired seeds: what they share moves no policy against another
    noise = _products(apart) / ((policies - 1) * (seeds - 1) * seeds)
    between = _products((means - means.mean(axis=0))[None]) / (policies - 1) - noise
    deviation = np.sqrt(np.diag(within))
    with np.errstate(divide="ignore", invalid="ignore"):
        signal = np.sqrt(np.maximum(np.diag(between), 0.0)) / deviation
        correlation = within / np.outer(deviation, deviation)
    return Effective(_shares(between, weights), _shares(within, weights), signal, correlation)


def _products(deviations: np.ndarray) -> np.ndarray:
    """Sums of products of deviations over all but the last axis, shape (parts, parts)."""
    flat = deviations.reshape(-1, deviations.shape[-1])
    return flat.T @ flat


def _shares(covariance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of each part in the variance of the weighted sum, NaN where that is not positive."""
    weights = np.asarray(weights, float)
    parts = weights * (covariance @ weights)
    total = parts.sum()
    return parts / total if total > 0.0 else np.full(len(weights), np.nan)


def arithmetic(parts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted arithmetic means: parts of shape (options, parts) and weights of shape (draws, parts) give shape (draws, options)."""
    weights = np.asarray(weights, float)
    return weights @ np.asarray(parts, float).T / weights.sum(axis=1, keepdims=True)


def geometric(parts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted geometric means of parts of 0 or more, as in `arithmetic`; 0 where a part with a weight is 0."""
    weights = np.asarray(weights, float)
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(parts, float))
    floor = np.where(np.isneginf(logs), -1e6, logs)  # so that a part of 0 without weight does not count
    return np.exp(weights @ floor.T / weights.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Aggregations:
    """Ranks of options under two ways to put parts together; each of shape (options,).

    Parameters
    ----------
    rank, rank_geometric : ndarray
        Rank under the weights as written down, 1 is first; ties share the better rank.
    first, first_geometric : ndarray
        Share of random weightings under which it ranks first; ties are shared.
    """

    rank: np.ndarray
    rank_geometric: np.ndarray
    first: np.ndarray
    first_geometric: np.ndarray


def aggregations(parts: np.ndarray, weights: np.ndarray, drawn: np.ndarray) -> Aggregations:
    """Rank options under arithmetic and geometric aggregation, with weights as written down and with random ones.

    Parameters
    ----------
    parts : ndarray, shape (options, parts)
        Means of the parts, from 0 to 1; more is better.
    weights : ndarray, shape (parts,)
    drawn : ndarray, shape (draws, parts)
        Random weights, such as those of `sim.analysis.ranking.weightings`.
    """
    own = np.asarray(weights, float)[None]
    ranks = [_ranks(way(parts, own)[0]) for way in (arithmetic, geometric)]
    firsts = [first(way(parts, drawn)) for way in (arithmetic, geometric)]
    return Aggregations(*ranks, *firsts)


def _ranks(scores: np.ndarray) -> np.ndarray:
    known = np.sort(scores[~np.isnan(scores)])
    return 1 + len(known) - np.searchsorted(known, scores, side="right")


def first(scores: np.ndarray) -> np.ndarray:
    """Share of rows in which each column is highest; ties are shared."""
    top = scores == scores.max(axis=1, keepdims=True)
    return (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
