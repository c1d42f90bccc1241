"""Robustness: the same policies compared over many futures, without probabilities of futures.

A *policy* is set by the government; a *future* is outside its control: uncertain parameters, or random numbers alone. Two measures that
need no probabilities of futures:

- satisficing: the share of futures in which every target is met (Simon, H. (1956), doi:10.1037/h0042769; as a "domain criterion",
  Starr, M. (1963), Product Design and Decision Theory),
- regret: the loss in a future relative to the best policy there (Savage, L. (1951), doi:10.1080/01621459.1951.10500768).

Overview: McPhail, C., et al. (2018), doi:10.1002/2017EF000649.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.analysis.intervals import CONFIDENCE
from sim.analysis.paired import rivals_of_best

FEWEST_FUTURES = 2


def regret(table: pd.DataFrame, better: str) -> pd.DataFrame:
    """Loss of every policy in every future relative to the best policy there.

    Parameters
    ----------
    table : DataFrame
        Outcomes, a row per policy and a column per future; NaN if unknown.
    better : str
        ``"more"`` or ``"less"``.

    Returns
    -------
    DataFrame
        Of the futures in which every policy was simulated; 0 for the best policy of a future.
    """
    shared = table.dropna(axis="columns")
    if better == "less":
        return shared - shared.min()
    return shared.max() - shared


def satisficing(met: pd.DataFrame) -> pd.DataFrame:
    """Share of futures in which a policy meets the targets, with Wilson's 95 % interval.

    Parameters
    ----------
    met : DataFrame
        A row per policy, a column per future: 1 met, 0 not met, between them the share of its runs, NaN unknown.

    Returns
    -------
    DataFrame
        By policy: ``futures, share, low, high``; the interval is too wide rather than too narrow where some shares lie between 0 and 1.
    """
    count, share, z = met.notna().sum(axis=1), met.mean(axis=1), ndtri(0.5 + CONFIDENCE / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
        half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    # At the ends only rounding keeps the bound from 0 and 1.
    low, high = (middle - half).where(share != 0, 0.0), (middle + half).where(share != 1, 1.0)
    return pd.DataFrame({"futures": count, "share": share, "low": low, "high": high})


def shortfall(share: pd.Series, wanted: float) -> pd.Series:
    """How far a share falls short of the wanted one; an unknown share falls short by all of it."""
    return (wanted - share.fillna(0.0)).clip(lower=0.0)


def robust_columns(policy: Sequence[str], outcomes: Sequence[str] | Mapping[str, str], targets: bool) -> list[str]:
    """Columns of the table of `robustness`, also if it is empty."""
    measures = [f"{what}_{name}" for name in outcomes for what in ("mean", "worst", "regret_mean", "regret_max")]
    return [*policy, "futures", *measures, *(("share", "low", "high", "rival") if targets else ())]


def robustness(
    runs: pd.DataFrame,
    policy: Sequence[str],
    future: Sequence[str],
    outcomes: Mapping[str, str],
    bounds: Mapping[str, tuple[str, float]] | None = None,
) -> pd.DataFrame:
    """Policies compared over futures.

    Parameters
    ----------
    runs : DataFrame
        A row per run: columns of the factors and the outcomes. Runs of the same policy and future (replicates) are averaged for regret.
    policy, future : sequence of str
        Columns that identify policies and futures.
    outcomes : mapping
        Outcomes to compare by regret, each with ``"more"`` or ``"less"``: which is better.
    bounds : mapping, optional
        Targets by outcome, as in ``{"stability": ("at_least", 0.6)}``. What counts of a future is the share of its runs that meet them all.

    Returns
    -------
    DataFrame
        A row per policy: the columns `policy`; ``futures`` (their number); for every outcome ``mean_X, worst_X, regret_mean_X,
        regret_max_X`` (regret NaN unless two futures are shared by all policies and there are two policies); with targets ``share, low,
        high, rival`` (whether it cannot be distinguished from the policy with the largest share, by what both reach in the same futures).
        Sorted by share, then by the first outcome's greatest regret. Empty where no policy met two futures.
    """
    keyed = runs.assign(_policy=runs.groupby(list(policy), sort=False).ngroup(), _future=runs.groupby(list(future), sort=False).ngroup())
    result = keyed.groupby("_policy")[list(policy)].first()
    result["futures"] = keyed.groupby("_policy")["_future"].nunique()
    if result["futures"].max() < FEWEST_FUTURES:
        return pd.DataFrame(columns=robust_columns(policy, outcomes, bool(bounds)))
    for name, better in outcomes.items():
        table = keyed.pivot_table(index="_policy", columns="_future", values=name, aggfunc="mean")
        lost = regret(table, better).reindex(result.index)
        compared = len(table) > 1 and lost.shape[1] >= FEWEST_FUTURES
        result[f"mean_{name}"] = table.mean(axis=1)
        result[f"worst_{name}"] = table.max(axis=1) if better == "less" else table.min(axis=1)
        result[f"regret_mean_{name}"] = lost.mean(axis=1) if compared else np.nan
        result[f"regret_max_{name}"] = lost.max(axis=1) if compared else np.nan
    order, rising = [f"regret_max_{name}" for name in list(outcomes)[:1]], [True]
    if bounds:
        met = keyed.assign(_met=meets(keyed, bounds))
        by_future = met.groupby(["_policy", "_future"])["_met"].mean().unstack().reindex(result.index)
        result = result.join(satisficing(by_future).drop(columns="futures"))
        result["rival"] = rivals_of_best(by_future.to_numpy(float).T)
        order, rising = ["share", *order], [False, True][: 1 + len(order)]
    return result.sort_values(order, ascending=rising[: len(order)], kind="stable").reset_index(drop=True) if order else result


def meets(runs: pd.DataFrame, bounds: Mapping[str, tuple[str, float]], finished: pd.Series | None = None) -> pd.Series:
    """Whether each run meets every target: 1, 0, or NaN if an outcome is unknown; a run that is not `finished` meets none."""
    good, known = pd.Series(1.0, runs.index), pd.Series(True, runs.index)
    for name, (side, bound) in bounds.items():
        values = runs[name]
        good *= (values >= bound if side == "at_least" else values <= bound).astype(float)
        known &= values.notna()
    met = good.where(known)
    return met if finished is None else met.where(finished, 0.0)
