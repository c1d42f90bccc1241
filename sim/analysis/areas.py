"""Areas with their columns, and the values of patterns over them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.analysis.patterns import blocks, concentration, elasticity, gap, gradient, jump, lag, neighbours, prediction
from sim.analysis.patterns.named import COUNTS, Pattern

FEWEST = 4
"""Areas below which no pattern has a value."""
DRAWS = 199
"""Draws of a null model."""
Statistic = Callable[[np.ndarray], float]
CONCENTRATED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "concentration": concentration.worst_share,
    "gini": concentration.adjusted_gini,
}
"""Patterns of concentration, as functions of counts; those of runs with different numbers of events are compared after thinning."""


@dataclass(frozen=True, eq=False)
class Areas:
    """Columns by name, all of the same length; NaN for unknown values.

    Parameters
    ----------
    columns : dict of str to ndarray, shape (areas,)
        ``residents``, and any of ``hardship, x, y``, counts of a year, means and shares.
    """

    columns: dict[str, np.ndarray]

    def has(self, pattern: Pattern) -> bool:
        """Whether all columns that a pattern needs are present."""
        return set(pattern.columns) <= set(self.columns)

    def whole(self, pattern: Pattern) -> "Areas":
        """The areas with known values in all columns that a pattern needs."""
        names = (*pattern.columns, "residents")
        known = np.all([np.isfinite(self.columns[name]) for name in names], axis=0)
        return Areas({name: self.columns[name][known] for name in self.columns})

    def __len__(self) -> int:
        return len(self.columns["residents"])

    def per_resident(self, name: str) -> np.ndarray:
        """Events per resident for a column of counts; other columns unchanged."""
        values = self.columns[name]
        return values / self.columns["residents"] if name in COUNTS else values

    def events(self, name: str) -> float:
        """Mean number of events per area."""
        return float(self.columns[name].mean()) if len(self) else float("nan")

    def blocks(self) -> list[np.ndarray]:
        """Blocks of neighbouring areas."""
        x, y = (self.columns.get(axis) for axis in ("x", "y"))
        known = x is not None and y is not None and np.isfinite(x).all() and np.isfinite(y).all()
        return blocks.blocks_of(x if known else None, y if known else None, len(self))


def value(pattern: Pattern, areas: Areas, thin: float = 1.0) -> tuple[float, float, float]:
    """A pattern's value and its 95 % interval; `thin` is the share of events kept when counts are compared with sparser ones."""
    areas = areas.whole(pattern)
    if len(areas) < (1 if pattern.kind == "gap" else FEWEST):
        return (float("nan"),) * 3
    return blocks.jackknife(statistic(pattern, areas, thin), areas.blocks())


def statistic(pattern: Pattern, areas: Areas, thin: float = 1.0) -> Statistic:
    """The value of a pattern over some of the areas."""
    column, residents = areas.columns, areas.columns["residents"]
    if pattern.kind in ("moran", *CONCENTRATED):
        counts = concentration.thinned(column[pattern.of], thin)
        if pattern.kind in CONCENTRATED:
            concentrated = CONCENTRATED[pattern.kind]
            return lambda rows: float(np.mean(concentrated(counts[:, rows])))
        rates, x, y = counts / residents, column["x"], column["y"]
        return lambda rows: float(np.mean(neighbours.moran(rates[:, rows], neighbours.nearest(x[rows], y[rows]))))
    if pattern.kind == "lag":
        logs, hardship, x, y = prediction.log_rates(column[pattern.of], residents), column["hardship"], column["x"], column["y"]
        return lambda rows: float(lag.spatial_lag(logs[rows], hardship[rows], neighbours.nearest(x[rows], y[rows])))
    of = areas.per_resident(pattern.of) if pattern.kind != "gap" else column[pattern.of]
    if pattern.kind == "gradient":
        hardship, relative = column["hardship"], pattern.of in COUNTS
        return lambda rows: _relative(gradient.slope_index(of[rows], hardship[rows], residents[rows]), of[rows], residents[rows], relative)
    by = areas.per_resident(pattern.by) if pattern.kind != "gap" else column[pattern.by]
    if pattern.kind == "elasticity":
        return lambda rows: elasticity.elasticity(of[rows], by[rows])
    if pattern.kind == "gap":
        if pattern.of in COUNTS:
            return lambda rows: gap.reported_share(of[rows], by[rows])
        return lambda rows: gap.overstated(of[rows], by[rows], residents[rows])
    width = jump.bandwidth_of(by, pattern.at or 0.0)
    return lambda rows: jump.jump(of[rows], by[rows], pattern.at or 0.0, width)


def _relative(slope: float, values: np.ndarray, residents: np.ndarray, relative: bool) -> float:
    """A slope, or the slope as a share of the mean."""
    mean = float(np.average(values, weights=residents))
    return slope if not relative else slope / mean if mean > 0 else float("nan")


def null(pattern: Pattern, areas: Areas, thin: float = 1.0, seed: int = 0) -> np.ndarray:
    """Values under the null model of a pattern, shape (draws,); a single exact value if it is not random."""
    areas = areas.whole(pattern)
    column, residents = areas.columns, areas.columns["residents"]
    if pattern.kind == "gap":
        return np.array([1.0 if pattern.of in COUNTS else 0.0])
    if len(areas) < FEWEST:
        return np.array([np.nan])
    if pattern.kind in CONCENTRATED:
        return CONCENTRATED[pattern.kind](concentration.by_chance(round(thin * column[pattern.of].sum()), residents, DRAWS, seed))
    if pattern.kind == "lag":
        logs = prediction.log_rates(column[pattern.of], residents)
        return lag.shuffled(logs, column["hardship"], neighbours.nearest(column["x"], column["y"]), DRAWS, seed)
    of = areas.per_resident(pattern.of)
    if pattern.kind == "moran":
        rates = concentration.thinned(column[pattern.of], thin, 1, seed)[0] / residents
        return neighbours.shuffled(rates, neighbours.nearest(column["x"], column["y"]), DRAWS, seed)
    if pattern.kind == "gradient":
        slopes = gradient.shuffled(of, column["hardship"], residents, DRAWS, seed)
        return slopes / np.average(of, weights=residents) if pattern.of in COUNTS else slopes
    by = areas.per_resident(pattern.by)
    if pattern.kind == "elasticity":
        return elasticity.shuffled(of, by, DRAWS, seed)
    return jump.shuffled(of, by, pattern.at or 0.0, jump.bandwidth_of(by, pattern.at or 0.0), DRAWS, seed)
