"""Scenario discovery: the regions of the space of factors in which the cases of interest lie.

The patient rule induction method (PRIM): from the box of all points, repeatedly peel off the thin slice whose removal raises the density of
cases of interest most. Each step is a box with its *coverage* (share of all cases of interest inside), *density* (share of cases of
interest among the points inside) and *mass* (share of all points inside).

Sources: Friedman, J., & Fisher, N. (1999), doi:10.1023/A:1008894516817; as used here, Bryant, B., & Lempert, R. (2010),
doi:10.1016/j.techfore.2009.08.002, who also give the quasi-p-value of a restriction; gain per point removed, which also works for choices:
Kwakkel, J., & Jaxa-Rozen, M. (2016), doi:10.1016/j.envsoft.2015.11.020.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.lazy import lazily

with lazily():
    from scipy import stats

PEEL = 0.05
"""Share of the points inside that a slice removes."""
LEAST_MASS = 0.05
"""Minimum mass of a box, as a share of all points."""
SIGNIFICANT = 0.05
MOST_BOXES = 3
FEWEST_CASES = 10

Limit = tuple[float, float] | frozenset
"""Lowest and highest number, or the remaining choices."""


@dataclass(frozen=True, eq=False)
class Box:
    """A box: limits of every factor, and measures of how well it covers the cases of interest.

    Parameters
    ----------
    limits : dict
        By factor, lowest and highest number or the remaining choices.
    inside : ndarray of bool, shape (n,)
    coverage, density, mass : float
    """

    limits: dict[str, Limit]
    inside: np.ndarray = field(repr=False)
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, eq=False)
class Peeling:
    """Boxes from the whole space inwards.

    Parameters
    ----------
    factors : DataFrame, shape (n, k)
    interest : ndarray of bool, shape (n,)
        Cases of interest outside all earlier boxes.
    boxes : tuple of Box
        The first contains all remaining points.
    """

    factors: pd.DataFrame = field(repr=False)
    interest: np.ndarray = field(repr=False)
    boxes: tuple[Box, ...]

    @property
    def trajectory(self) -> pd.DataFrame:
        """A row per box: coverage, density, mass and the number of restricted factors."""
        whole = self.boxes[0].limits
        rows = [(b.coverage, b.density, b.mass, sum(b.limits[n] != whole[n] for n in whole)) for b in self.boxes]
        return pd.DataFrame(rows, columns=["coverage", "density", "mass", "restricted"])

    @property
    def chosen(self) -> int:
        """The box that balances coverage and density best, by their harmonic mean; the last of several."""
        table = self.trajectory
        balance = 2 * table["coverage"] * table["density"] / (table["coverage"] + table["density"]).replace(0, np.nan)
        best = balance.max()
        return int(np.flatnonzero(balance >= best - 1e-12)[-1]) if np.isfinite(best) else 0

    def restrictions(self, step: int) -> pd.DataFrame:
        """What bounds a box: ``factor, side, bound, p``.

        ``side`` is at_least, at_most or one_of. ``p`` is the quasi-p-value: the probability of this density, or a higher one, if the points
        were drawn from the box without this bound. Small values mean that the bound matters.
        """
        whole, box = self.boxes[0], self.boxes[step]
        rows: list[tuple[str, str, Any, float]] = []
        for name, limit in box.limits.items():
            outer = whole.limits[name]
            if isinstance(limit, frozenset):
                if limit != outer:
                    rows.append((name, "one_of", limit, self._quasi_p(box, name, outer)))
                continue
            for side, place in (("at_least", 0), ("at_most", 1)):
                if limit[place] != outer[place]:  # type: ignore[index]
                    without = (outer[0], limit[1]) if place == 0 else (limit[0], outer[1])  # type: ignore[index]
                    rows.append((name, side, limit[place], self._quasi_p(box, name, without)))
        return pd.DataFrame(rows, columns=["factor", "side", "bound", "p"])

    def _quasi_p(self, box: Box, name: str, limit: Limit) -> float:
        wider = inside(self.factors, box.limits | {name: limit}) & self.boxes[0].inside
        chance = self.interest[wider].mean()
        return float(stats.binomtest(int(self.interest[box.inside].sum()), int(box.inside.sum()), chance, alternative="greater").pvalue)


def inside(factors: pd.DataFrame, limits: dict[str, Limit]) -> np.ndarray:
    """Which points lie within limits, shape (n,)."""
    found = np.ones(len(factors), bool)
    for name, limit in limits.items():
        column = factors[name]
        within = column.isin(limit) if isinstance(limit, frozenset) else column.between(*limit)
        found &= within.to_numpy()
    return found


def peel(factors: pd.DataFrame, interest: np.ndarray, among: np.ndarray | None = None) -> Peeling:
    """Peel until no slice raises the density, or the mass would fall below `LEAST_MASS`.

    Parameters
    ----------
    factors : DataFrame, shape (n, k)
        Numbers, or choices as text.
    interest : ndarray of bool, shape (n,)
    among : ndarray of bool, shape (n,), optional
        Points to use; all by default. Coverage and mass always refer to all.
    """
    cases = np.asarray(interest, bool)
    start = np.ones(len(factors), bool) if among is None else np.asarray(among, bool)
    columns = {name: factors[name].to_numpy() for name in factors}
    boxes = [_box({name: _whole(column) for name, column in columns.items()}, start, cases)]
    while (smaller := _next(columns, cases, boxes[0], boxes[-1])) is not None:
        boxes.append(smaller)
    return Peeling(factors, cases & start, tuple(boxes))


def discover(factors: pd.DataFrame, interest: np.ndarray, most: int = MOST_BOXES) -> list[Peeling]:
    """Repeated peeling, each time without the points of the boxes chosen before.

    Stops after `most` peelings, when fewer than `FEWEST_CASES` cases are left, or when a box is not denser than all points.
    """
    cases = np.asarray(interest, bool)
    left = np.ones(len(factors), bool)
    found: list[Peeling] = []
    while len(found) < most and (cases & left).sum() >= FEWEST_CASES and not (cases | ~left).all():
        peeling = peel(factors, cases, left)
        box = peeling.boxes[peeling.chosen]
        if len(peeling.boxes) == 1 or box.density <= cases.mean():
            break
        found.append(peeling)
        left = left & ~box.inside
    return found


def _whole(column: np.ndarray) -> Limit:
    if column.dtype.kind in "OUSb":
        return frozenset(column.tolist())
    return float(column.min()), float(column.max())


def _box(limits: dict[str, Limit], within: np.ndarray, cases: np.ndarray) -> Box:
    held = int((cases & within).sum())
    return Box(limits, within, held / max(1, int(cases.sum())), held / max(1, int(within.sum())), float(within.mean()))


def _next(columns: dict[str, np.ndarray], cases: np.ndarray, whole: Box, box: Box) -> Box | None:
    """The box after the best peel, or None."""
    before, size = cases[box.inside].mean(), int(box.inside.sum())
    best: tuple[tuple[float, int], dict[str, Limit], np.ndarray] | None = None
    for name, limit, kept in _slices(columns, box):
        count = int(kept.sum())
        if not 0 < count < size:
            continue
        limits = box.limits | {name: limit}
        free = sum(limits[n] == whole.limits[n] for n in limits)
        score = (float((cases[kept].mean() - before) / (size - count)), free)
        if best is None or score > best[0]:
            best = (score, limits, kept)
    if best is None or best[0][0] <= 0 or best[2].mean() < LEAST_MASS:
        return None
    return _box(best[1], best[2], cases)


def _slices(columns: dict[str, np.ndarray], box: Box) -> Iterator[tuple[str, Limit, np.ndarray]]:
    """All possible peels: the factor, its new limit and the points kept."""
    for name, column in columns.items():
        limit = box.limits[name]
        if isinstance(limit, frozenset):
            for choice in sorted(limit, key=str) if len(limit) > 1 else ():
                yield name, limit - {choice}, box.inside & (column != choice)
            continue
        held = np.sort(column[box.inside])
        upper, lower = _cut(held, 1 - PEEL), _cut(held, PEEL)
        yield name, (limit[0], upper), box.inside & (column <= upper)
        yield name, (lower, limit[1]), box.inside & (column >= lower)


def _cut(held: np.ndarray, share: float) -> float:
    """Position of a cut in sorted values: halfway between two distinct ones, so that a level of a grid is peeled as a whole."""
    place = (len(held) - 1) * share
    low, high = int(np.floor(place)), int(np.ceil(place))
    if share > 0.5:
        while held[low] == held[high] and low > 0:
            low -= 1
    else:
        while held[low] == held[high] and high < len(held) - 1:
            high += 1
    return float(held[low] + held[high]) / 2
