"""What one would have to believe: the shortest rule on assumptions that separates worlds where A is better from those where B is.

The rule describes the side that wins in fewer worlds, by one condition (*x is above t*, *form is f*) or two that must both be met. It
must hold a majority for that side, with a majority for the other side elsewhere. Among all such rules it is the one with the highest
correlation (phi) between meeting the rule and the side, as in one step of a classification tree, or of the patient rule induction method
(Friedman, J., & Fisher, N. (1999), doi:10.1023/A:1008894516817) without peeling by small steps. So many rules are tried that one always
fits somehow. Hence a rule of one condition is offered only if the same search among worlds whose sides are permuted finds one as good with
a probability of `ALARM` / 2 at most, and likewise for two. Two are offered rather than one if sides permuted *within and outside* the one
condition give two as good with a probability of `ALARM` at most.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.assumptions import columns_of

ALARM = 0.05
"""Chance that a rule is offered where sides do not depend on assumptions."""
SHUFFLES = 199
FEWEST_INSIDE = 5
"""Worlds that must meet a rule, and that must not."""
FIRST_TRIED = 6
"""Best single conditions to which a second one is added."""
MOST_DIGITS = 9


class Condition(NamedTuple):
    """One condition.

    Parameters
    ----------
    name : str
        Assumption.
    option : str
        Of a structural choice; empty for a coefficient.
    threshold : float
        Of a coefficient, rounded within the gap between worlds; NaN for an option.
    above : bool
        Whether it must be above the threshold, or be that option; else below, or another option.
    """

    name: str
    option: str
    threshold: float
    above: bool

    def met(self, assumptions: pd.DataFrame) -> np.ndarray:
        """In which worlds it is met, shape (worlds,)."""
        column = assumptions[self.name]
        has = (column == self.option if self.option else column > self.threshold).to_numpy()
        return has if self.above else ~has


@dataclass(frozen=True)
class Rule:
    """Conditions under which one side wins.

    Parameters
    ----------
    conditions : tuple of Condition
        One or two; all must be met.
    positive : bool
        Whether differences are above 0 in its worlds.
    inside, against : int
        Worlds that meet it, and how many of them go the other way; both of the worlds with a difference.
    missed : int
        Worlds that go its way but do not meet it.
    worlds : int
        Worlds with a difference.
    p : float
        Share of permutations in which the same search finds a rule as good. Counts are of the worlds in which it was found, and somewhat
        too good for others.
    """

    conditions: tuple[Condition, ...]
    positive: bool
    inside: int
    against: int
    missed: int
    worlds: int
    p: float


class _Cuts:
    """All single conditions on some columns, with worlds sorted along each column once.

    Parameters
    ----------
    columns : ndarray of float, shape (all worlds, columns)
    order : ndarray of int, shape (worlds, columns)
        Worlds in the order of each column.
    """

    def __init__(self, columns: np.ndarray, order: np.ndarray):
        self.columns, self.order = columns, order
        ranked = columns[order, np.arange(columns.shape[1])]
        self.real = ranked[1:] > ranked[:-1]  # where a threshold fits between two worlds
        self.below = np.arange(1, len(order))[:, None]

    def among(self, worlds: np.ndarray) -> "_Cuts":
        """The conditions on some of the worlds."""
        chosen = np.zeros(len(self.columns), bool)
        chosen[worlds] = True
        return _Cuts(self.columns, self.order.T[chosen[self.order.T]].reshape(self.order.shape[1], len(worlds)).T)

    def scores(self, sides: np.ndarray, total: int, among: int, majority: bool) -> tuple[np.ndarray, np.ndarray]:
        """Phi of 'above' and of 'below' every cut, each of shape (cuts, columns), over all `among` worlds, `total` of them of the side;
        minus infinity where a rule is not admissible."""
        won = np.cumsum(sides[self.order], axis=0, dtype=np.int32)
        under, here = won[:-1], int(won[-1, 0])
        return tuple(
            _phi(hits, size, total, among, self.real, majority)
            for hits, size in ((here - under, len(self.order) - self.below), (under, self.below))
        )  # type: ignore[return-value]


def _phi(hits: np.ndarray, size: np.ndarray, total: int, among: int, real: np.ndarray, majority: bool) -> np.ndarray:
    outside = among - size
    phi = (hits * among - total * size) / np.sqrt(1.0 * size * np.maximum(outside, 1) * total * (among - total))
    fits = real & (size >= FEWEST_INSIDE) & (outside >= FEWEST_INSIDE)
    if majority:
        fits = fits & (2 * hits > size) & (2 * (total - hits) < outside)
    return np.where(fits, phi, -np.inf)


def _firsts(cuts: _Cuts, sides: np.ndarray) -> list[tuple[float, int, int, bool]]:
    """The best condition of each column and side, best first: phi, column, cut, above."""
    both = cuts.scores(sides, int(sides.sum()), len(sides), False)
    cut = np.concatenate([scores.argmax(axis=0) for scores in both])
    phi = np.concatenate([scores.max(axis=0) for scores in both])
    above, column = np.divmod(np.arange(len(phi)), len(phi) // 2)
    above = above == 0
    first = np.lexsort((above, cut, column, -phi))[:FIRST_TRIED]
    return [(float(phi[at]), int(column[at]), int(cut[at]), bool(above[at])) for at in first]


def _inside(cuts: _Cuts, column: int, cut: int, above: bool) -> np.ndarray:
    """Worlds that meet a condition, in their own order."""
    return np.sort(cuts.order[cut + 1 :, column] if above else cuts.order[: cut + 1, column])


def _best_pair(cuts: _Cuts, sides: np.ndarray) -> tuple[float, tuple | None, tuple | None]:
    """Highest phi of two conditions, and both as (worlds before it, column, cut, above)."""
    best: tuple[float, tuple | None, tuple | None] = (-np.inf, None, None)
    total, among = int(sides.sum()), len(sides)
    for phi, column, cut, above in _firsts(cuts, sides):
        worlds = _inside(cuts, column, cut, above) if phi > -np.inf else np.arange(0)
        if len(worlds) <= FEWEST_INSIDE:
            continue
        for way, scores in zip((True, False), cuts.among(worlds).scores(sides, total, among, True), strict=True):
            at = int(scores.argmax())
            if scores.flat[at] > best[0]:
                second = (worlds, at % scores.shape[1], at // scores.shape[1], way)
                best = float(scores.flat[at]), (np.arange(among), column, cut, above), second
    return best


def rule(assumptions: pd.DataFrame, differences: np.ndarray, seed: int = 0) -> Rule | None:
    """The shortest rule that luck would not have found, or None.

    Parameters
    ----------
    assumptions : DataFrame, shape (worlds, assumptions)
        Numbers, or options as text.
    differences : array_like of float, shape (worlds,)
        B - A; worlds with 0 or NaN are left out.
    seed : int
        Of the permutations.
    """
    values = np.nan_to_num(np.asarray(differences, float))
    table, values = assumptions[values != 0].reset_index(drop=True), values[values != 0]
    positive = bool(2 * (values > 0).sum() <= len(values))
    sides = (values > 0) == positive
    names, columns = columns_of(table)
    if not names or min(sides.sum(), (~sides).sum()) < FEWEST_INSIDE:
        return None
    cuts = _Cuts(columns, np.argsort(columns, axis=0, kind="stable"))
    (phi, one), (phi_of_two, *two) = _best_one(cuts, sides), _best_pair(cuts, sides)
    everywhere = (np.ones(len(sides), bool),)
    p_one = _p(phi, lambda dealt: _best_one(cuts, dealt)[0], sides, everywhere, ALARM / 2, seed)
    p_two = _p(phi_of_two, lambda dealt: _best_pair(cuts, dealt)[0], sides, everywhere, ALARM / 2, seed) if phi_of_two > phi else 1.0
    chosen: list = [one] if p_one <= ALARM / 2 else []
    if p_two <= ALARM / 2:
        inside = np.isin(np.arange(len(sides)), _inside(cuts, *one[1:]))
        p_added = _p(phi_of_two, lambda dealt: _best_pair(cuts, dealt)[0], sides, (inside, ~inside), ALARM, seed) if chosen else 0.0
        chosen = two if p_added <= ALARM else chosen
    if not chosen:
        return None
    conditions = tuple(_condition(names, columns, *part) for part in chosen)
    met = np.logical_and.reduce([condition.met(table) for condition in conditions])
    against, missed = int((met & ~sides).sum()), int((~met & sides).sum())
    return Rule(conditions, positive, int(met.sum()), against, missed, len(sides), p_one if len(chosen) == 1 else p_two)


def _best_one(cuts: _Cuts, sides: np.ndarray) -> tuple[float, tuple]:
    """Highest phi of one condition, and the condition as in `_best_pair`."""
    both = cuts.scores(sides, int(sides.sum()), len(sides), True)
    above = bool(both[0].max() >= both[1].max())
    scores = both[0] if above else both[1]
    at = int(scores.argmax())
    return float(scores.flat[at]), (np.arange(len(sides)), at % scores.shape[1], at // scores.shape[1], above)


def _p(reached: float, search, sides: np.ndarray, parts: tuple[np.ndarray, ...], level: float, seed: int) -> float:
    """Share of permutations of sides within parts in which a search finds as much; 1 as soon as it is sure to be above `level`."""
    rng, hits, dealt = np.random.default_rng(seed), 1, sides.copy()
    for _ in range(SHUFFLES if reached > -np.inf else 0):
        for part in parts:
            dealt[part] = rng.permutation(sides[part])
        hits += search(dealt) >= reached - 1e-12
        if hits > level * (1 + SHUFFLES):
            return 1.0
    return hits / (1 + SHUFFLES) if reached > -np.inf else 1.0


def _condition(names: list, columns: np.ndarray, worlds: np.ndarray, column: int, cut: int, above: bool) -> Condition:
    name, option = names[column]
    if option:
        return Condition(name, option, float("nan"), above)
    ranked = np.sort(columns[worlds, column])
    return Condition(name, "", rounded_between(float(ranked[cut]), float(ranked[cut + 1])), above)


def rounded_between(low: float, high: float) -> float:
    """The number with the fewest digits from `low` up to, but without, `high`, near their middle: what is above it starts at `high`."""
    middle = 0.5 * low + 0.5 * high
    for digits in range(1, MOST_DIGITS + 1):
        short = float(f"{middle:.{digits}g}")
        if low < short < high:
            return short
    return low
