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

from sim.lazy import lazily

with lazily():
    from scipy import stats

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
        A row per policy, a column per future: 1 met, 0 not met, NaN unknown.

    Returns
    -------
    DataFrame
        By policy: ``futures, share, low, high``.
    """
    rows = []
    for _, row in met.iterrows():
        known = row.dropna()
        count, good = len(known), int(known.sum())
        bounds = stats.binomtest(good, count).proportion_ci(method="wilson") if count else (np.nan, np.nan)
        rows.append((count, good / count if count else np.nan, *bounds))
    return pd.DataFrame(rows, index=met.index, columns=["futures", "share", "low", "high"])


def robust_columns(policy: Sequence[str], outcomes: Sequence[str] | Mapping[str, str], targets: bool) -> list[str]:
    """Columns of the table of `robustness`, also if it is empty."""
    measures = [f"{what}_{name}" for name in outcomes for what in ("mean", "worst", "regret_mean", "regret_max")]
    return [*policy, "futures", *measures, *(("share", "low", "high") if targets else ())]


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
        Targets by outcome, as in ``{"stability": ("at_least", 0.6)}``. Each run counts separately.

    Returns
    -------
    DataFrame
        A row per policy: the columns `policy`; ``futures`` (their number); for every outcome ``mean_X, worst_X, regret_mean_X,
        regret_max_X`` (regret NaN unless two futures are shared by all policies and there are two policies); with targets ``share, low,
        high``. Sorted by share, then by the first outcome's greatest regret. Empty where no policy met two futures.
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
        met["_lived"] = met.groupby("_policy").cumcount()
        result = result.join(satisficing(met.pivot(index="_policy", columns="_lived", values="_met")).drop(columns="futures"))
        order, rising = ["share", *order], [False, True][: 1 + len(order)]
    return result.sort_values(order, ascending=rising[: len(order)], kind="stable").reset_index(drop=True) if order else result


def meets(runs: pd.DataFrame, bounds: Mapping[str, tuple[str, float]]) -> pd.Series:
    """Whether each run meets every target: 1, 0, or NaN if an outcome is unknown."""
    good, known = pd.Series(1.0, runs.index), pd.Series(True, runs.index)
    for name, (side, bound) in bounds.items():
        values = runs[name]
        good *= (values >= bound if side == "at_least" else values <= bound).astype(float)
        known &= values.notna()
    return good.where(known)
