"""The search space: factors and shares of budgets as numbers, and back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.studies import designs
from sim.experiments.studies.study import Factor, Group, Study

STEPS = 100_000
"""Steps within the range of a value; policies that differ by less are the same."""


@dataclass(frozen=True)
class Space:
    """Coordinates are the values of ranges, the indices of choices, and the shares of groups.

    Parameters
    ----------
    factors : tuple of Factor
    groups : tuple of Group
    """

    factors: tuple[Factor, ...]
    groups: tuple[Group, ...]

    @property
    def keys(self) -> list[str]:
        """Names of the coordinates."""
        return [*(factor.key for factor in self.factors), *(key for group in self.groups for key in group.shares)]

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest value of every coordinate, each of shape (keys,)."""
        pairs = [(float(factor.low), float(factor.high)) for factor in self.factors]
        pairs += [(g.low, g.budget - g.low * (len(g.shares) - 1)) for g in self.groups for _ in g.shares]
        low, high = np.array(pairs).T
        return low, high

    def repair(self, points: np.ndarray) -> np.ndarray:
        """The nearest valid policies, shape (points, keys): choices and whole numbers rounded, budgets kept."""
        low, high = self.bounds
        found = np.clip(points, low, high)
        for place, factor in enumerate(self.factors):
            step = 1.0 if factor.values or factor.whole else (factor.high - factor.low) / STEPS
            found[:, place] = np.clip(factor.low + np.round((found[:, place] - factor.low) / step) * step, factor.low, factor.high)
        start = len(self.factors)
        for group in self.groups:
            stop = start + len(group.shares)
            found[:, start:stop] = within_budget(found[:, start:stop], group)
            start = stop
        return found

    def values(self, points: np.ndarray) -> pd.DataFrame:
        """Policies in the types of the scenario, a row per point and a column per key."""
        table: dict[str, Any] = {}
        for place, key in enumerate(self.keys):
            factor = self.factors[place] if place < len(self.factors) else None
            column = points[:, place]
            if factor and factor.values:
                table[key] = [factor.values[round(value)] for value in column]
            else:
                table[key] = np.round(column).astype(int) if factor and factor.whole else np.round(column, 9)
        return pd.DataFrame(table)

    def start(self, study: Study) -> np.ndarray:
        """The points of a sampled study as coordinates."""
        table, by_key = designs.points(study), {factor.key: factor for factor in self.factors}
        return np.column_stack([designs.numbers(by_key[k], table[k]) if k in by_key else table[k].to_numpy(float) for k in self.keys])


def within_budget(shares: np.ndarray, group: Group) -> np.ndarray:
    """The nearest shares that keep to the budget, by Euclidean distance, shape (points, shares).

    Projection onto the simplex: Duchi, J., et al. (2008), doi:10.1145/1390156.1390191. Rounded down, so that no sum exceeds the budget; if
    the whole budget must be used, the remainder goes to the largest share.
    """
    room, unit = group.budget - group.low * shares.shape[1], group.budget / STEPS
    above = np.maximum(shares - group.low, 0.0)
    over = np.ones(len(above), bool) if group.exact else above.sum(axis=1) > room
    falling = -np.sort(-above[over], axis=1)
    ranks = np.arange(1, shares.shape[1] + 1)
    spare = (np.cumsum(falling, axis=1) - room) / ranks
    count = np.maximum(1, (falling > spare).sum(axis=1))
    above[over] = np.maximum(above[over] - spare[np.arange(len(spare)), count - 1][:, None], 0.0)
    kept = np.floor(above / unit + 1e-6) * unit
    if group.exact:
        rows = np.arange(len(kept))
        kept[rows, kept.argmax(axis=1)] += room - kept.sum(axis=1)
    return kept + group.low
