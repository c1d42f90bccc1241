"""Data of the figures: metrics by week with their bands, by district, and the outcomes of disputes."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.lazy import lazily
from sim.metrics import METRICS

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    from sim.results import Run

INDICES = ("stability", "satisfaction")
STABILITY = tuple(name for name, metric in METRICS.items() if metric.group == "stability")
SATISFACTION = ("belonging", "happiness", "security")
SPREAD = ("satisfaction_p10", "satisfaction_p50", "satisfaction_p90")
BUDGET = ("budget_spent", "budget_leaked", "budget_unspent")
HARM = tuple(name for name, metric in METRICS.items() if metric.group == "price" and name not in BUDGET)
"""Costs other than the budget."""
FAIRNESS = tuple(name for name, metric in METRICS.items() if metric.group == "fairness")
CLOSED = ("settled_negotiation", "closed_mediation", "closed_office", "closed_court", "withdrawn")
WAITING = {"closed_mediation": "waiting_mediation", "closed_office": "waiting_office", "closed_court": "waiting_court"}
FEW = 20
"""Number of replicates below which a band shows the extremes instead of percentiles."""
MOST_POINTS = 520
EDGE = 13
"""Weeks at the start and at the end whose means are reported."""


class Bands(NamedTuple):
    """A metric over time: mean over replicates and a band, each of shape (weeks,)."""

    weeks: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def by_week(table: "pd.DataFrame", name: str) -> np.ndarray:
    """A metric as an array of shape (weeks, replicates); all NaN if the table lacks it."""
    weeks, replicates = table["week"].nunique(), max(1, table["replicate"].nunique())
    if name not in table:
        return np.full((weeks, replicates), np.nan)
    if len(table) == weeks * replicates and (np.diff(table["week"].to_numpy().reshape(replicates, weeks), axis=1) == 1).all():
        return table[name].to_numpy(dtype=float, na_value=np.nan).reshape(replicates, weeks).T  # in order, as `simulate` makes it
    return table.pivot(index="week", columns="replicate", values=name).to_numpy(dtype=float, na_value=np.nan)


def bands(table: "pd.DataFrame", name: str) -> Bands:
    """Mean and band of a metric: 5th to 95th percentile from `FEW` replicates on, else lowest to highest.

    Parameters
    ----------
    table : DataFrame
        With ``replicate``, ``week`` and the metric, such as ``run.weekly``.
    name : str
        The metric. At most `MOST_POINTS` weeks are kept, the last among them.
    """
    values = by_week(table, name)
    step = max(1, len(values) // MOST_POINTS)
    kept = np.arange(len(values) - 1, -1, -step)[::-1]
    values = values[kept]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # weeks without a value stay NaN
        ends = (5, 95) if values.shape[1] >= FEW else (0, 100)
        low, high = (np.percentile if np.isfinite(values).all() else np.nanpercentile)(values, ends, axis=1)
        return Bands(kept, np.nanmean(values, axis=1), low, high)


def thinned(data: Bands, most: int) -> Bands:
    """Reduce to about `most` points: mean of the means, lowest and highest of the band over a few weeks; the first and last week are
    kept."""
    size = len(data.weeks) // max(1, most)
    if size < 2:
        return data
    starts = np.arange(len(data.weeks) % size, len(data.weeks), size)
    starts = starts if starts[0] == 0 else np.concatenate([[0], starts])
    counts = np.diff(np.append(starts, len(data.weeks)))
    weeks = np.add.reduceat(data.weeks.astype(float), starts) / counts
    weeks[0], weeks[-1] = data.weeks[0], data.weeks[-1]
    low, high = np.minimum.reduceat(data.low, starts), np.maximum.reduceat(data.high, starts)
    return Bands(weeks, np.add.reduceat(data.mean, starts) / counts, low, high)


def edges(table: "pd.DataFrame", name: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the first and of the last weeks of each replicate, each of shape (replicates,)."""
    values = by_week(table, name)
    weeks = edge(len(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values[:weeks], axis=0), np.nanmean(values[-weeks:], axis=0)


def edge(weeks: int) -> int:
    """Weeks at the start and at the end that are averaged: `EDGE`, fewer in a short run."""
    return max(1, min(EDGE, weeks // 4))


def has(table: "pd.DataFrame", names: Sequence[str]) -> list[str]:
    """The metrics that have values in the table."""
    return [name for name in names if name in table and table[name].notna().any()]


def brought(run: "Run") -> list[str]:
    """Metrics added by the plug-ins of a run."""
    return list(run.scenario.METRICS_OUTSIDE)


def harm(run: "Run") -> tuple[str, ...]:
    """Costs other than the budget, including those added by plug-ins."""
    return (*HARM, *(name for name in brought(run) if METRICS[name].group == "price"))


def paid(run: "Run") -> list[str]:
    """Costs other than the budget that were ever above zero."""
    return [name for name in has(run.weekly, harm(run)) if (run.weekly[name].fillna(0) != 0).any()]


def unpaid(run: "Run") -> list[str]:
    """Costs other than the budget that were always zero."""
    return [name for name in has(run.weekly, harm(run)) if name not in paid(run)]


def district_table(run: "Run") -> "pd.DataFrame":
    """Both indices by district over the last weeks: mean, lowest and highest run; sorted by satisfaction, highest first."""
    table = run.districts
    weeks = edge(int(table["week"].nunique()))
    last = table[table["week"] > table["week"].max() - weeks]
    means = last.groupby(["district", "replicate"], sort=False, observed=True)[list(has(table, INDICES))].mean()
    grouped = means.groupby(level="district", sort=False)
    parts = {f"{name}_{what}": getattr(grouped[name], what)() for name in means for what in ("mean", "min", "max")}
    out = pd.DataFrame(parts)
    key = "satisfaction_mean" if "satisfaction_mean" in out else out.columns[0]
    return out.sort_values(key, ascending=False, kind="stable")


def ladder(run: "Run") -> dict[str, float]:
    """Outcomes of the disputes of the last year, as shares of those that arose; ``open`` is the increase of the stock.

    Returns
    -------
    dict of str to float
        Keys are metrics of `CLOSED` and ``open``, and ``opened``: disputes per 1,000 residents and year. Empty where none arose.
    """
    year = {name: float(np.nansum(by_week(run.weekly, name)[-52:])) for name in has(run.weekly, ("disputes_opened", *CLOSED))}
    opened = year.get("disputes_opened", 0.0)
    if opened <= 0:
        return {}
    runs = max(1, run.weekly["replicate"].nunique())
    shares = {name: year[name] / opened for name in CLOSED if name in year}
    # In a short run the sum covers less than a year.
    yearly = opened / runs * 52 / min(52, run.weekly["week"].nunique())
    return {"opened": yearly, **shares, "open": max(0.0, 1.0 - sum(shares.values()))}
