"""Resilience: the effects of a scenario's shocks, by district, and the time to half-recovery.

Every seed is simulated twice, with the shocks of the scenario and without them. The effect of the shocks is the paired difference, so
nothing else can be mistaken for a loss or a recovery. After some weeks the two runs of a pair also differ by chance: only an interval over
many pairs separates effect and chance.
"""

import os
import time
import warnings
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval
from sim.analysis.paired import pair_means, paired
from sim.errors import UserError
from sim.experiments.arguments import names_of, replicates_of, seed_of, whole, workers_of
from sim.experiments.comparisons.shock_pairs import ShockPair, run_pairs
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import YEAR, Batch, direction, known_metrics
from sim.experiments.runs.jobs import Progress
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.given import scenario_of

SMOOTH = 4
"""Weeks over which differences are averaged before they are judged."""
REPLICATES = 30
USUAL = ("stability", "satisfaction", "order", "calm", "resolution", "belonging", "happiness", "security", "legitimacy", "cohesion")
DURING, END = "during", "end"
WITHOUT = "without its shocks"
SIDES = ("with_shocks", "without_shocks")


@dataclass(frozen=True, eq=False)
class Resilience(ExperimentResult):
    """Effects of shocks on a city.

    Parameters
    ----------
    batch : Batch
        The scenario with and without its shocks; outcomes are means of the last `Batch.window` weeks.
    named : tuple of Scenario
        The scenario.
    effects : DataFrame
        A row per metric and period (``during``: from the first week of the first shock to the last of the last; ``end``: the last weeks):
        ``metric, period, base, value`` (means without and with the shocks), ``mean, low, high`` (paired difference, 95 % interval) and
        ``n``.
    districts : DataFrame
        The same by ``district``, and ``struck``: whether a shock names it, or one of its communities. Metrics without districts are left
        out.
    losses : DataFrame
        A row per metric and seed: ``area_lost`` (sum over weeks since the first shock of the loss against the run without shocks, in
        metric-weeks; gains do not offset losses, so chance alone makes it larger than zero); ``deepest`` (largest loss of a four-week
        mean); ``deepest_week``; ``half_recovery`` (weeks from there until the loss stays at or below half of it), NaN where ``censored``:
        not seen before the horizon, which is never a recovery of 0 weeks.
    weekly : DataFrame
        A row per metric and week: ``base, value`` (means over pairs) and ``mean, low, high`` of their difference.
    """

    batch: Batch
    named: tuple[Scenario, ...]
    effects: pd.DataFrame
    districts: pd.DataFrame
    losses: pd.DataFrame
    weekly: pd.DataFrame
    kind = "resilience"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        found = {"effects": self.effects, "losses": self.losses, "weekly": self.weekly, "outcomes": self.batch.outcomes}
        return found | ({"districts": self.districts} if len(self.districts) else {})

    @property
    def settings(self) -> dict[str, Any]:
        return {"during": list(shock_weeks(self.named[0])), "smooth": SMOOTH}


def resilience(
    scenario: Scenario | str | os.PathLike,
    metrics: Sequence[str] = USUAL,
    replicates: int | None = REPLICATES,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
) -> Resilience:
    """Effects of a scenario's shocks on each metric, by district, and the speed of recovery.

    Parameters
    ----------
    scenario : Scenario, path or str
        With at least one shock.
    metrics : str or sequence of str
        Metrics with a direction.
    replicates, seed, workers, progress
        As in `sim.compare`.
    window : int, optional
        Weeks at the end that are averaged: a year by default, less where the last shock ends later.

    Raises
    ------
    UserError
        If the scenario has no shock, or a metric has no direction; as `sim.compare`.
    KeyboardInterrupt
        When interrupted before two pairs were finished; later, finished pairs are kept and `Batch.interrupted` is set.
    """
    named = scenario_of(scenario)
    names = _checked(named, names_of("metrics", metrics))
    weeks, replicates = _window(named, window), replicates_of(named, replicates, 2)
    without = named.with_changes({"shocks": []})
    clock = time.perf_counter()
    found = run_pairs(named, without, names, seed_of(named, seed, replicates), replicates, workers_of(workers), progress)
    pairs = found.pairs
    labels = (named.name, f"{named.name} {WITHOUT}")
    counts = weeks, replicates, next(iter(pairs.values())).residents, found.interrupted, time.perf_counter() - clock
    table = _outcome_table(pairs, labels, weeks)
    batch = Batch(labels, tuple(pairs), table, found.failures, *counts, (named, without))
    start, _ = shock_weeks(named)
    return Resilience(
        batch,
        (named,),
        _effects(named, pairs, weeks),
        _district_effects(named, pairs, weeks),
        pd.DataFrame(list(_losses(pairs, start))),
        pd.DataFrame(list(_weekly(pairs))),
    )


def shock_weeks(scenario: Scenario) -> tuple[int, int]:
    """First week of the first shock, and the week after the last one, at most the horizon."""
    ends = max(shock.at + shock.lasts for shock in scenario.shocks)
    return min(shock.at for shock in scenario.shocks), min(ends, scenario.horizon)


def judge(loss: np.ndarray, first: int) -> dict[str, float | bool]:
    """Area lost, deepest loss and half-recovery of a series of losses, from week `first` on; weeks without a value tell nothing."""
    weeks = pd.Series(loss[first:])
    recent = weeks.rolling(SMOOTH, min_periods=1).mean()[weeks.notna()]
    deepest = float(recent.max())  # NaN without any value
    found: dict[str, float | bool] = {"area_lost": float(weeks.clip(lower=0.0).sum(min_count=1)), "deepest": max(deepest, 0.0)}
    if not deepest > 0.0:
        return found | {"deepest_week": float("nan"), "half_recovery": float("nan"), "censored": False}
    at = int(recent.idxmax())
    last = recent.index[recent > 0.5 * deepest][-1]  # not before `at`
    after = recent.index[recent.index > last]
    back = float(after[0] - at) if len(after) else float("nan")
    return found | {"deepest_week": float(first + at), "half_recovery": back, "censored": not len(after)}


def _checked(scenario: Scenario, metrics: Sequence[str]) -> list[str]:
    if not scenario.shocks:
        raise UserError(
            "{name} has no shocks, whose effects resilience measures (see `sanzhi describe shocks`); add one, as in "
            "--set 'shocks=[{{kind: service_outage, at: year 2, lasts: 8 weeks}}]'",
            name=scenario.name,
        )
    for name in known_metrics(metrics):
        if METRICS[name].better == "neither":
            raise UserError(
                "metric: got {name}; expected a metric with a direction, of which more or less is better (see `sanzhi describe metrics`)",
                name=name,
            )
    return known_metrics(metrics)


def _window(scenario: Scenario, window: int | None) -> int:
    _, after = shock_weeks(scenario)
    if window is None:
        return min(YEAR, max(1, scenario.horizon - after))
    return whole("window", window, 1, scenario.horizon)


def _mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Mean of the known values; NaN if there are none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values, axis=axis)


def _outcome_table(pairs: dict[int, ShockPair], labels: Sequence[str], weeks: int) -> pd.DataFrame:
    rows = []
    for seed, pair in pairs.items():
        for label, one in zip(labels, (pair.with_shocks, pair.without_shocks), strict=True):
            rows.append({"scenario": label, "seed": seed, **{name: float(_mean(values[-weeks:, 0])) for name, values in one.items()}})
    return pd.DataFrame(rows)


def _periods(scenario: Scenario, weeks: int) -> dict[str, slice]:
    return {DURING: slice(*shock_weeks(scenario)), END: slice(scenario.horizon - weeks, scenario.horizon)}


def _paired_rows(pairs: dict[int, ShockPair], name: str, periods: dict[str, slice], column: int) -> Generator[dict[str, Any], None, None]:
    for period, weeks in periods.items():
        with_shocks, without = (np.array([float(_mean(getattr(p, which)[name][weeks, column])) for p in pairs.values()]) for which in SIDES)
        found = paired(without, with_shocks, direction(name) == "less")
        means = pair_means(without, with_shocks)._asdict()
        yield {"metric": name, "period": period, **means, "mean": found.mean, "low": found.low, "high": found.high, "n": found.n}


def _effects(scenario: Scenario, pairs: dict[int, ShockPair], weeks: int) -> pd.DataFrame:
    names, periods = next(iter(pairs.values())).with_shocks, _periods(scenario, weeks)
    return pd.DataFrame([row for name in names for row in _paired_rows(pairs, name, periods, 0)])


def _district_effects(scenario: Scenario, pairs: dict[int, ShockPair], weeks: int) -> pd.DataFrame:
    first = next(iter(pairs.values()))
    rows = []
    if len(first.districts) > 1:
        for name, values in first.with_shocks.items():
            for place in range(values.shape[1] - 1):
                where = {"district": first.districts[place], "struck": first.districts[place] in first.named_districts}
                rows += [{**where, **row} for row in _paired_rows(pairs, name, _periods(scenario, weeks), place + 1)]
    return pd.DataFrame(rows)


def _losses(pairs: dict[int, ShockPair], first: int) -> Generator[dict[str, Any], None, None]:
    for name in next(iter(pairs.values())).with_shocks:
        sign = -1.0 if direction(name) == "less" else 1.0
        for seed, pair in pairs.items():
            yield {"metric": name, "seed": seed, **judge(sign * (pair.without_shocks[name][:, 0] - pair.with_shocks[name][:, 0]), first)}


def _weekly(pairs: dict[int, ShockPair]) -> Generator[dict[str, Any], None, None]:
    for name in next(iter(pairs.values())).with_shocks:
        with_shocks, without = (np.array([getattr(pair, which)[name][:, 0] for pair in pairs.values()]) for which in SIDES)
        mean, low, high, *_ = mean_interval(with_shocks - without)
        columns = zip(*pair_means(without, with_shocks), mean, low, high, strict=True)
        for week, values in enumerate(columns):
            yield {"metric": name, "week": week, **dict(zip(("base", "value", "mean", "low", "high"), map(float, values), strict=True))}
