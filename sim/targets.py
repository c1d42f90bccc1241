"""Targets against what happened: met, missed, on track or off it.

Judged is the mean over replicates, with its interval beside it, and the share of replicates that meet the target on their own. Values are
true ones, as the model knows them; what units would report is another matter.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

if TYPE_CHECKING:
    from sim.scenario.targets import Target

RECENT = 26
"""Weeks whose straight line is drawn on to the date of a target."""
CONFIDENCE = 0.95
MET, MISSED, ON_TRACK, OFF_TRACK, NOT_YET_DUE, NO_VALUE = "met", "missed", "on track", "off track", "not yet due", "no value"
STATES = (MET, MISSED, ON_TRACK, OFF_TRACK, NOT_YET_DUE, NO_VALUE)
COLUMNS = (
    *("target", "metric", "responsible", "at_least", "at_most", "by_week", "week", "now", "now_low", "now_high"),
    *("at_date", "at_date_low", "at_date_high", "expected", "state", "share_met"),
)


class _Value(NamedTuple):
    """Mean over replicates and its confidence interval; NaN where it cannot be told."""

    mean: float
    low: float
    high: float


def judge(targets: "Sequence[Target]", weekly: pd.DataFrame, districts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Judge targets by the weeks that have been lived so far.

    Parameters
    ----------
    targets : sequence of Target
        Of the scenario, as in ``scenario.targets``.
    weekly : DataFrame
        A row per replicate and week, as in ``run.weekly``; or of one simulation, as `sim.metrics.weekly` gives it.
    districts : DataFrame, optional
        The same by district; needed where a district answers for a target.

    Returns
    -------
    DataFrame
        A row per target, in the order given:

        - ``target, metric, responsible, at_least, at_most, by_week``: what was asked for; `by_week` is judged at its end
        - ``week``: the last week lived in every replicate; ``now, now_low, now_high``: mean over replicates then, and its 95 % interval
          (Student's t; NaN for a single replicate)
        - ``at_date, at_date_low, at_date_high``: the same at the end of `by_week`; NaN until then
        - ``expected``: until then, the straight line through the last 26 weeks at `by_week`; NaN afterwards, and before 26 weeks
        - ``state``: met or missed once the date has come; before it on track or off track, as `expected` meets the target or not, or
          not yet due while there are too few weeks for a line; no value where the metric could not be judged (nothing happened)
        - ``share_met``: share of replicates that meet the target at the date, or now before it

    Raises
    ------
    ValueError
        If a district answers for a target and its numbers are not given.
    """
    return pd.DataFrame([_judged(target, _series(target, weekly, districts)) for target in targets], columns=list(COLUMNS))


def _series(target: "Target", weekly: pd.DataFrame, districts: pd.DataFrame | None) -> pd.DataFrame:
    """The metric, a row per week and a column per replicate, up to the last week that all replicates have lived."""
    frame = weekly
    if target.district is not None:
        if districts is None or not (districts["district"] == target.district).any():
            raise ValueError(f"{target.text}: no numbers of the district {target.district}")
        frame = districts[districts["district"] == target.district]
    weeks = frame["week"].to_numpy() if "week" in frame else frame.index.to_numpy()
    replicates = frame["replicate"].to_numpy() if "replicate" in frame else np.zeros(len(frame), int)
    table = pd.DataFrame({"week": weeks, "replicate": replicates, "value": frame[target.metric].to_numpy(float)})
    last = int(table.groupby("replicate")["week"].max().min())
    return table[table["week"] <= last].pivot(index="week", columns="replicate", values="value")


def _judged(target: "Target", series: pd.DataFrame) -> dict[str, object]:
    last, due = int(series.index[-1]), int(series.index[-1]) >= target.by
    shown = series.loc[min(last, target.by)].to_numpy()
    now, at_date = _mean(series.loc[last].to_numpy()), _mean(shown) if due else _Value(np.nan, np.nan, np.nan)
    expected = np.nan if due else _line(series.mean(axis=1), target.by)
    known = shown[np.isfinite(shown)]
    return {
        **{name: getattr(target, name) for name in ("metric", "responsible")},
        **{name: np.nan if getattr(target, name) is None else getattr(target, name) for name in ("at_least", "at_most")},
        **{"target": target.text, "by_week": target.by, "week": last, "expected": expected},
        **{f"now{suffix}": value for suffix, value in zip(("", "_low", "_high"), now, strict=True)},
        **{f"at_date{suffix}": value for suffix, value in zip(("", "_low", "_high"), at_date, strict=True)},
        "state": _state(target, at_date.mean if due else expected, due, len(series)),
        "share_met": float(target.met(known).mean()) if len(known) else np.nan,
    }


def _state(target: "Target", value: float, due: bool, weeks: int) -> str:
    if not due and weeks < RECENT:
        return NOT_YET_DUE
    if not np.isfinite(value):
        return NO_VALUE
    return (MET if due else ON_TRACK) if target.met(value) else (MISSED if due else OFF_TRACK)


def _mean(values: np.ndarray) -> _Value:
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return _Value(np.nan, np.nan, np.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return _Value(mean, np.nan, np.nan)
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return _Value(mean, mean - half, mean + half)


def _line(mean: pd.Series, week: int) -> float:
    """Straight line of least squares through the last `RECENT` weeks, at a later week; NaN where there are too few."""
    recent = mean.iloc[-RECENT:].dropna()
    if len(mean) < RECENT or len(recent) < 2:
        return np.nan
    slope, level = np.polyfit(recent.index.to_numpy(float), recent.to_numpy(), 1)
    return float(level + slope * week)
