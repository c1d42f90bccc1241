"""Which of many options are among the best in each plausible world, as far as luck lets one tell, and what luck and chance would give.

Every option is simulated once in every world, under the luck of that world, and in a few worlds under a second seed. From these comes the
*luck* of an objective: the standard deviation that luck alone gives to the difference between two options in one world.

- An option is **among the best** in a world unless another is better by more than this luck in one objective, and in none worse. With one
  objective these are the options within luck of the best; with several, those that are efficient beyond luck; without luck, the Pareto set.
- A count of worlds is read against two others. *Luck alone*: what the option would reach if every world had the median differences between
  the options. *Chance*: what any option would reach if the best of one world said nothing about the best of another, given how many are
  among the best in each; noise without any difference between options is a case of that.
- The words are those of `sim.analysis.world_verdict`, *open* unless the count is also beyond chance: that some option reaches it has
  a probability of `FALSE_ALARM` at most (Poisson-binomial tail times the number of options, Bonferroni).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr

from sim.analysis.paired import SINGLE
from sim.analysis.pareto import signs
from sim.analysis.world_verdict import FALSE_ALARM, MIDDLE, OPEN, word

DRAWS = 400
"""Worlds drawn to find what luck alone would give."""


class Chance(NamedTuple):
    """What chance gives to the count of an option.

    Parameters
    ----------
    expected : float
        Worlds in which any option is among the best on average.
    fewest : int
        Fewest worlds that are beyond chance; more than there are if none can be.
    """

    expected: float
    fewest: int


def luck_of(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """What luck did to each option beside the others, in worlds that were simulated under two seeds.

    Parameters
    ----------
    first, second : array_like of float, shape (worlds, options, objectives)
        The same worlds under two seeds. What luck does to all options alike counts for nothing.

    Returns
    -------
    ndarray of float, shape (worlds, options, objectives)
        Differences between both seeds about their mean over the options, scaled to the luck of one run; NaN without both values.
    """
    moved = np.asarray(first, float) - np.asarray(second, float)
    known = np.isfinite(moved)
    shared = np.where(known, moved, 0.0).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    return (moved - shared) / np.sqrt(2.0)


def luck_between(moved: np.ndarray) -> np.ndarray:
    """Standard deviation that luck alone gives to the difference between two options in one world.

    Parameters
    ----------
    moved : ndarray of float, shape (worlds, options, objectives)
        As of `luck_of`.

    Returns
    -------
    ndarray of float, shape (objectives,)
        NaN without a world, or with fewer than two options.
    """
    freedom = np.maximum(np.isfinite(moved).sum(axis=1) - 1, 0).sum(axis=0)
    return np.sqrt(np.divide(2.0 * np.nansum(moved**2, axis=(0, 1)), freedom, out=np.full(len(freedom), np.nan), where=freedom > 0))


def among_best(values: np.ndarray, luck: Sequence[float] | np.ndarray, better: Sequence[str]) -> np.ndarray:
    """Whether each option is among the best in each world.

    Parameters
    ----------
    values : array_like of float, shape (worlds, options, objectives)
    luck : array_like of float, shape (objectives,)
        As of `luck_between`; NaN counts as none. At least the single precision of levers.
    better : sequence of str
        "more" or "less" for every objective.

    Returns
    -------
    ndarray of bool, shape (worlds, options)
        False for an option without a value in an objective, which none is compared with.
    """
    gains = np.asarray(values, float) * signs(better)
    finest = SINGLE * np.nanmax(np.abs(gains), axis=(0, 1), initial=0.0)
    margin = np.fmax(np.asarray(luck, float), finest)
    if gains.shape[2] == 1:
        top = np.nanmax(gains, axis=1, initial=-np.inf, keepdims=True)
        return (gains >= top - margin)[:, :, 0]
    return np.stack([~_beaten(one, margin, finest) for one in gains]) & np.isfinite(gains).all(axis=2)


def _beaten(gains: np.ndarray, margin: np.ndarray, finest: np.ndarray) -> np.ndarray:
    """Whether another option is better by more than the margin in one objective and in none worse; shape (options,)."""
    found = np.zeros(len(gains), bool)
    for other in gains[np.isfinite(gains).all(axis=1)]:
        ahead = other - gains
        found |= (ahead >= -finest).all(axis=1) & (ahead > margin).any(axis=1)
    return found


def regrets(values: np.ndarray, better: str) -> np.ndarray:
    """How far each option falls short of the best in each world; shape (worlds, options), NaN without a value.

    Parameters
    ----------
    values : array_like of float, shape (worlds, options)
        An objective.
    better : str
        "more" or "less".
    """
    gains = np.asarray(values, float) * signs([better])
    return np.nanmax(gains, axis=1, initial=-np.inf, keepdims=True) - gains


def by_chance(among: np.ndarray) -> Chance:
    """What chance gives to the count of an option, given how many are among the best in each world.

    Parameters
    ----------
    among : ndarray of bool, shape (worlds, options)
    """
    exactly = np.ones(1)
    for share in among.mean(axis=1):
        exactly = np.convolve(exactly, [1.0 - share, share])
    at_least = among.shape[1] * exactly[::-1].cumsum()[::-1]
    beyond = np.flatnonzero(at_least <= FALSE_ALARM)
    return Chance(float(among.mean(axis=1).sum()), int(beyond[0]) if len(beyond) else len(among) + 1)


def word_beyond(count: int, n: int, chance: Chance) -> str:
    """The word for an option among the best in `count` of `n` worlds."""
    return word(count, n) if count >= chance.fewest else OPEN


def luck_alone(values: np.ndarray, moved: np.ndarray, better: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """In how many worlds each option would be among the best if all worlds had the median differences between options: 90 % range.

    Luck is drawn as normal, with the covariance between options that second seeds show, since options that are alike are alike in luck. An
    option that luck made look good in the worlds at hand looks good here, too.

    Parameters
    ----------
    values, better
        As of `among_best`.
    moved : ndarray of float, shape (second seeds, options, objectives)
        As of `luck_of`.

    Returns
    -------
    low, high : ndarray of float, shape (options,)
        NaN where luck is not known.
    """
    values, luck = np.asarray(values, float), luck_between(moved)
    n, options = values.shape[:2]
    if not np.isfinite(luck).all():
        return np.full(options, np.nan), np.full(options, np.nan)
    median = np.nanmedian(values - np.nanmean(values, axis=1, keepdims=True), axis=0)
    weights = np.random.default_rng(0).standard_normal((DRAWS, len(moved))) / np.sqrt(len(moved))
    share = among_best(median + np.tensordot(weights, np.nan_to_num(moved), axes=1), luck, better).mean(axis=0)
    reached = bdtr(np.arange(n + 1.0), n, share[:, None])
    low, high = ((reached < quantile - 1e-12).sum(axis=1).astype(float) for quantile in MIDDLE)
    return low, np.minimum(high, n)
