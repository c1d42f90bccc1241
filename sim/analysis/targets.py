"""Whether targets are met, missed, on track or off track.

The mean over replicates is judged, and given with its interval and the share of replicates that meet the target individually. Values are
the true ones of the model, beside the values reported by units, which exaggerate the metrics they are appraised by (see `as_reported`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval
from sim.metrics import METRICS

if TYPE_CHECKING:
    from sim.scenario.schema.targets import Target

RECENT = 26
"""Weeks through which a straight line is fitted, to extrapolate to the date of a target."""
MET, MISSED, ON_TRACK, OFF_TRACK, NOT_YET_DUE, NO_VALUE = "met", "missed", "on track", "off track", "not yet due", "no value"
STATES = (MET, MISSED, ON_TRACK, OFF_TRACK, NOT_YET_DUE, NO_VALUE)
COLUMNS = (
    *("target", "metric", "responsible", "at_least", "at_most", "by_week", "week", "now", "now_low", "now_high"),
    *("at_date", "at_date_low", "at_date_high", "expected", "state", "share_met"),
    *("reported", "reported_state"),
)


class _Value(NamedTuple):
    """Mean over replicates and its confidence interval; NaN if there is none."""

    mean: float
    low: float
    high: float


def judge(targets: "Sequence[Target]", weekly: pd.DataFrame, districts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Judge targets by the weeks simulated so far.

    Parameters
    ----------
    targets : sequence of Target
        Of the scenario, as in ``scenario.targets``.
    weekly : DataFrame
        A row per replicate and week, as in ``run.weekly``; or of one simulation, as returned by `sim.metrics.weekly`.
    districts : DataFrame, optional
        The same by district; needed if a district is responsible for a target.

    Returns
    -------
    DataFrame
        A row per target, in the order given:

        - ``target, metric, responsible, at_least, at_most, by_week``: the target; `by_week` is judged at its end
        - ``week``: the last week that every replicate has; ``now, now_low, now_high``: mean over replicates then, and its 95 % interval
          (see `sim.analysis.intervals`; NaN where none can be given)
        - ``at_date, at_date_low, at_date_high``: the same at the end of `by_week`; NaN until then
        - ``expected``: until then, the straight line through the last 26 weeks at `by_week`; NaN afterwards, and before 26 weeks
        - ``state``: met or missed once the date has come; before it on track or off track, as `expected` meets the target or not, or
          not yet due while there are too few weeks for a line; no value where the metric could not be judged (nothing happened)
        - ``share_met``: share of replicates that meet the target at the date, or now before it
        - ``reported, reported_state``: the value that units report then (mean over replicates), and the state by what they report

    Raises
    ------
    ValueError
        If a district is responsible for a target and its numbers are not given.
    """
    return pd.DataFrame([_judged(target, *_series(target, weekly, districts)) for target in targets], columns=list(COLUMNS))


def as_reported(metric: str, value: np.ndarray, performance: np.ndarray, reported: np.ndarray) -> np.ndarray:
    """What units report of a metric.

    Units exaggerate every metric they are appraised by in the same proportion as their overall performance (mechanism `appraisal`):
    ``g = (reported - performance) / (1 - performance)``. A metric of which more is better moves by g to its upper bound (by the
    factor 1 + g where it has none), one of which less is better by g to its lower bound.

    Parameters
    ----------
    metric : str
    value, performance, reported : ndarray
        The metric, and `performance` and `reported_performance`, of the same weeks.
    """
    about = METRICS[metric]
    dressed = (reported - performance) / np.maximum(1.0 - performance, 1e-9)
    if about.better == "less":
        return value - dressed * (value - about.low if np.isfinite(about.low) else value)
    if about.better == "more":
        return value + dressed * (about.high - value if np.isfinite(about.high) else value)
    return value


def _series(target: "Target", weekly: pd.DataFrame, districts: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The true and the reported metric: a row per week common to all replicates, a column per replicate."""
    frame = weekly
    if target.district is not None:
        if districts is None or not (districts["district"] == target.district).any():
            raise ValueError(f"{target.text}: no numbers of the district {target.district}")
        frame = districts[districts["district"] == target.district]
    weeks = frame["week"].to_numpy() if "week" in frame else frame.index.to_numpy()
    replicates = frame["replicate"].to_numpy() if "replicate" in frame else np.zeros(len(frame), int)
    true = frame[target.metric].to_numpy(float)
    claims = as_reported(target.metric, true, *(frame[name].to_numpy(float) for name in ("performance", "reported_performance")))
    table = pd.DataFrame({"week": weeks, "replicate": replicates, "true": true, "reported": claims})
    last = int(table.groupby("replicate")["week"].max().min())
    table = table[table["week"] <= last].pivot(index="week", columns="replicate", values=["true", "reported"])
    return table["true"], table["reported"]


def _judged(target: "Target", series: pd.DataFrame, claims: pd.DataFrame) -> dict[str, object]:
    last, due = int(series.index[-1]), int(series.index[-1]) >= target.by
    values = series.loc[min(last, target.by)].to_numpy()
    now, at_date = _mean(series.loc[last].to_numpy()), _mean(values) if due else _Value(np.nan, np.nan, np.nan)
    expected = np.nan if due else _line(series.mean(axis=1), target.by)
    known = values[np.isfinite(values)]
    reported = _mean(claims.loc[min(last, target.by)].to_numpy()).mean
    claimed = reported if due else _line(claims.mean(axis=1), target.by)
    return {
        **{name: getattr(target, name) for name in ("metric", "responsible")},
        **{name: np.nan if getattr(target, name) is None else getattr(target, name) for name in ("at_least", "at_most")},
        **{"target": target.text, "by_week": target.by, "week": last, "expected": expected},
        **{f"now{suffix}": value for suffix, value in zip(("", "_low", "_high"), now, strict=True)},
        **{f"at_date{suffix}": value for suffix, value in zip(("", "_low", "_high"), at_date, strict=True)},
        "state": _state(target, at_date.mean if due else expected, due, len(series)),
        "share_met": float(target.met(known).mean()) if len(known) else np.nan,
        "reported": reported,
        "reported_state": _state(target, claimed, due, len(series)),
    }


def _state(target: "Target", value: float, due: bool, weeks: int) -> str:
    if not due and weeks < RECENT:
        return NOT_YET_DUE
    if not np.isfinite(value):
        return NO_VALUE
    return (MET if due else ON_TRACK) if target.met(value) else (MISSED if due else OFF_TRACK)


def _mean(values: np.ndarray) -> _Value:
    return _Value(*(float(value) for value in mean_interval(values)[:3]))


def _line(mean: pd.Series, week: int) -> float:
    """Least-squares line through the last `RECENT` weeks, evaluated at a later week; NaN if there are too few."""
    recent = mean.iloc[-RECENT:].dropna()
    if len(mean) < RECENT or len(recent) < 2:
        return np.nan
    slope, level = np.polyfit(recent.index.to_numpy(float), recent.to_numpy(), 1)
    return float(level + slope * week)
