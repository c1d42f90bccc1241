"""Verdict of a difference over plausible worlds: in how many of them is B better than A, and what may be said of that.

Worlds are counted, not weighted: a share of worlds is no probability. The words are *holds* (at least 95 % of the worlds one way), *leans*
(at least 80 %) and *open*. With few worlds a share alone says little, so a word also needs as many worlds as these two rules ask for:

- any word: if B is as likely to be better as worse in every world (a policy against itself under another name), it is said with a
  probability of `FALSE_ALARM` at most;
- *holds*: if B is better in `LEANS` of all possible worlds, it is said with a probability of `OVERSTATED` at most.

Both are exact binomial tails. Worlds without any difference count for neither side, which makes every word rarer.
"""

import itertools
import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import bdtrc

HOLDING, LEANING, OPEN = "holds", "leans", "open"
WORDS = (HOLDING, LEANING, OPEN)
HOLDS, LEANS = 0.95, 0.80
"""Least share of worlds one way for a word."""
FALSE_ALARM = 0.01
"""Most often that a word other than *open* is said of a difference that is as likely to be above as below zero; for each difference."""
OVERSTATED = 0.05
"""Most often that *holds* is said where the share in all possible worlds is `LEANS`."""
MIDDLE = (0.05, 0.95)
"""Quantiles of the range over worlds."""


class WorldVerdict(NamedTuple):
    """What worlds say of the differences B - A of one metric.

    Parameters
    ----------
    n : int
        Worlds in which the metric has a value.
    better, worse, same : int
        Worlds in which B is better, worse, or no different; more and less where a metric has no better direction.
    median, low, high : float
        Of the differences over worlds: median and 90 % range; NaN without any.
    word : str
        One of `WORDS`.
    side : str
        "better" or "worse", whichever is in more worlds; empty if none is.
    """

    n: int
    better: int
    worse: int
    same: int
    median: float
    low: float
    high: float
    word: str
    side: str


def world_verdict(differences: np.ndarray, less_is_better: bool = False, resolution: np.ndarray | float = 0.0) -> WorldVerdict:
    """Count worlds.

    Parameters
    ----------
    differences : array_like of float, shape (worlds,)
        B - A in each world under one seed; worlds with NaN are left out.
    less_is_better : bool
        Whether B is better where it is lower.
    resolution : float or array_like of float, shape (worlds,)
        A difference up to this counts as none.
    """
    values = np.asarray(differences, float)
    known = np.isfinite(values)
    values, moved = values[known], (np.abs(values) > resolution)[known]
    above, below = int((moved & (values > 0)).sum()), int((moved & (values < 0)).sum())
    better, worse = (below, above) if less_is_better else (above, below)
    n = len(values)
    median, low, high = np.quantile(values, (0.5, *MIDDLE)).tolist() if n else (math.nan,) * 3
    side = "better" if better > worse else "worse" if worse > better else ""
    return WorldVerdict(n, better, worse, n - better - worse, median, low, high, word(max(better, worse), n), side)


def word(count: int, n: int) -> str:
    """The word for `count` of `n` worlds one way."""
    return HOLDING if count >= fewest(n, HOLDING) else LEANING if count >= fewest(n, LEANING) else OPEN


@lru_cache(maxsize=4096)
def fewest(n: int, wanted: str) -> int:
    """Fewest of `n` worlds one way for which *holds* or *leans* is said; more than `n` if it cannot be said of so few worlds."""
    least = math.ceil((HOLDS if wanted == HOLDING else LEANS) * n - 1e-9)
    counts = range(max(least, n // 2 + 1), n + 1)
    return next((count for count in counts if false_alarm(count, n) <= FALSE_ALARM and _not_overstated(count, n, wanted)), n + 1)


@lru_cache(maxsize=4)
def least_worlds(wanted: str) -> int:
    """Fewest worlds of which *holds* or *leans* can be said at all."""
    return next(n for n in itertools.count(1) if can_be_said(n, wanted))


def can_be_said(n: int, wanted: str) -> bool:
    """Whether *holds* or *leans* can be said of so few worlds at all."""
    return fewest(n, wanted) <= n


def needed(n: int) -> dict[str, int]:
    """What *holds* and *leans* take, by the names under which texts ask for it: ``fewest_holds`` and ``fewest_leans`` of `n` worlds, and
    ``holds_needs`` and ``leans_needs`` worlds in all."""
    return {
        "fewest_holds": fewest(n, HOLDING),
        "fewest_leans": fewest(n, LEANING),
        "holds_needs": least_worlds(HOLDING),
        "leans_needs": least_worlds(LEANING),
    }


def false_alarm(count: int, n: int) -> float:
    """Probability that at least `count` of `n` worlds, more than half, go the same way if both ways are equally likely."""
    return min(1.0, 2.0 * _tail(count, n, 0.5))


def _not_overstated(count: int, n: int, wanted: str) -> bool:
    return wanted != HOLDING or _tail(count, n, LEANS) <= OVERSTATED


def _tail(count: int, n: int, share: float) -> float:
    """Probability of `count` or more of `n`."""
    return float(bdtrc(count - 1, n, share)) if count > 0 else 1.0
