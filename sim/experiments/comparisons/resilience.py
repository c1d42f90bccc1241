"""Resilience: what the shocks of a scenario did, where, and how long half of it took to come back.

Every seed is lived twice, with the shocks of the scenario and without them. What the shocks did is the difference of the two, pair by
pair, so nothing else can be mistaken for a loss or for recovery. After some weeks the two lives of a pair differ by luck as well: only
an interval over many pairs tells the one from the other.
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
from sim.analysis.paired import paired
from sim.errors import UserError
from sim.experiments.arguments import names_of, replicates_of, seed_of, whole, workers_of
from sim.experiments.comparisons.shock_pairs import Lives, live_pairs
from sim.experiments.experiment_result import Result
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
SIDES = ("struck", "spared")


@dataclass(frozen=True, eq=False)
class Resilience(Result):
    """What shocks did to a city.

    Parameters
    ----------
    batch : Batch
        The scenario and the same without its shocks; outcomes are means of the last `Batch.window` weeks.
    named : tuple of Scenario
        The scenario.
    effects : DataFrame
        A row per metric and period (``during``: from the first week of the first shock to the last of the last; ``end``: the last weeks):
        ``metric, period, base, value`` (means without and with the shocks), ``mean, low, high`` (paired difference, 95 % interval) and
        ``n``.
    districts : DataFrame
        The same by ``district``, and ``struck``: whether a shock names it, or a community of it. Metrics of the city only are left out.
    losses : DataFrame
        A row per metric and seed: ``area_lost`` (sum over weeks since the first shock of how much worse the metric is than without
        shocks, in metric-weeks; what is better does not count against it, so luck alone makes it more than nothing); ``deepest``
        (largest loss of a four-week mean); ``deepest_week``; ``half_recovery`` (weeks from there until the loss stays at or below half
        of it), NaN where ``censored``: not seen before the horizon, which is never a recovery of 0 weeks.
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
        return {"during": list(struck_weeks(self.named[0])), "smooth": SMOOTH}


def resilience(
    scenario: Scenario | str | os.PathLike,
    metrics: Sequence[str] = USUAL,
    replicates: int | None = REPLICATES,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
) -> Resilience:
    """What the shocks of a scenario did to each metric, in which districts, and how fast it comes back.

    Parameters
    ----------
    scenario : Scenario, path or str
        With at least one shock.
    metrics : str or sequence of str
        Metrics of which more or less is better.
    replicates, seed, workers, progress
        As in `sim.compare`.
    window : int, optional
        Weeks at the end that are averaged: a year by default, less where the last shock ends later.

    Raises
    ------
    UserError
        If the scenario has no shock, or a metric has no better direction; as `sim.compare`.
    KeyboardInterrupt
        When interrupted before two pairs were lived; later, what is done is kept and `Batch.interrupted` is set.
    """
    named = scenario_of(scenario)
    names = _checked(named, names_of("metrics", metrics))
    weeks, replicates = _window(named, window), replicates_of(named, replicates, 2)
    spared = named.with_changes({"shocks": []})
    clock = time.perf_counter()
    lived = live_pairs(named, spared, names, seed_of(named, seed, replicates), replicates, workers_of(workers), progress)
    lives = lived.pairs
    labels = (named.name, f"{named.name} {WITHOUT}")
    counts = weeks, replicates, next(iter(lives.values())).residents, lived.interrupted, time.perf_counter() - clock
    table = _outcome_table(lives, labels, weeks)
    batch = Batch(labels, tuple(lives), table, lived.failures, *counts, (named, spared))
    start, _ = struck_weeks(named)
    return Resilience(
        batch,
        (named,),
        _effects(named, lives, weeks),
        _district_effects(named, lives, weeks),
        pd.DataFrame(list(_losses(lives, start))),
        pd.DataFrame(list(_weekly(lives))),
    )


def struck_weeks(scenario: Scenario) -> tuple[int, int]:
    """First week of the first shock, and the week after the last one, at most the horizon."""
    ends = max(shock.at + shock.lasts for shock in scenario.shocks)
    return min(shock.at for shock in scenario.shocks), min(ends, scenario.horizon)


def judge(loss: np.ndarray, first: int) -> dict[str, float | bool]:
    """Area lost, deepest loss and half-recovery of a series of losses, from week `first` on."""
    recent = pd.Series(np.nan_to_num(loss[first:])).rolling(SMOOTH, min_periods=1).mean().to_numpy()
    at = int(recent.argmax())
    deepest = float(recent[at])
    found: dict[str, float | bool] = {
        "area_lost": float(np.clip(np.nan_to_num(loss[first:]), 0.0, None).sum()),
        "deepest": max(deepest, 0.0),
    }
    if deepest <= 0.0:
        return found | {"deepest_week": float("nan"), "half_recovery": float("nan"), "censored": False}
    above = np.flatnonzero(recent[at:] > 0.5 * deepest)
    back = int(above[-1]) + 1
    censored = at + back >= len(recent)
    return found | {"deepest_week": float(first + at), "half_recovery": float("nan") if censored else float(back), "censored": censored}


def _checked(scenario: Scenario, metrics: Sequence[str]) -> list[str]:
    if not scenario.shocks:
        raise UserError(
            "{name} has no shocks; resilience is what becomes of one (see `sanzhi describe shocks`), as in"
            " --set 'shocks=[{{kind: service_outage, at: year 2, lasts: 8 weeks}}]'",
            name=scenario.name,
        )
    for name in known_metrics(metrics):
        if METRICS[name].better == "neither":
            raise UserError("metric: got {name}; expected one of which more or less is better (see `sanzhi describe metrics`)", name=name)
    return known_metrics(metrics)


def _window(scenario: Scenario, window: int | None) -> int:
    _, after = struck_weeks(scenario)
    if window is None:
        return min(YEAR, max(1, scenario.horizon - after))
    return whole("window", window, 1, scenario.horizon)


def _mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Mean of what is known; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(values, axis=axis)


def _outcome_table(lives: dict[int, Lives], labels: Sequence[str], weeks: int) -> pd.DataFrame:
    rows = []
    for seed, pair in lives.items():
        for label, one in zip(labels, (pair.struck, pair.spared), strict=True):
            rows.append({"scenario": label, "seed": seed, **{name: float(_mean(values[-weeks:, 0])) for name, values in one.items()}})
    return pd.DataFrame(rows)


def _periods(scenario: Scenario, weeks: int) -> dict[str, slice]:
    return {DURING: slice(*struck_weeks(scenario)), END: slice(scenario.horizon - weeks, scenario.horizon)}


def _paired_rows(lives: dict[int, Lives], name: str, periods: dict[str, slice], column: int) -> Generator[dict[str, Any], None, None]:
    for period, weeks in periods.items():
        struck, spared = (np.array([float(_mean(getattr(p, which)[name][weeks, column])) for p in lives.values()]) for which in SIDES)
        found = paired(spared, struck, direction(name) == "less")
        means = {"base": float(_mean(spared)), "value": float(_mean(struck))}
        yield {"metric": name, "period": period, **means, "mean": found.mean, "low": found.low, "high": found.high, "n": found.n}


def _effects(scenario: Scenario, lives: dict[int, Lives], weeks: int) -> pd.DataFrame:
    names, periods = next(iter(lives.values())).struck, _periods(scenario, weeks)
    return pd.DataFrame([row for name in names for row in _paired_rows(lives, name, periods, 0)])


def _district_effects(scenario: Scenario, lives: dict[int, Lives], weeks: int) -> pd.DataFrame:
    first = next(iter(lives.values()))
    rows = []
    if len(first.districts) > 1:
        for name, values in first.struck.items():
            for place in range(values.shape[1] - 1):
                where = {"district": first.districts[place], "struck": first.districts[place] in first.named}
                rows += [{**where, **row} for row in _paired_rows(lives, name, _periods(scenario, weeks), place + 1)]
    return pd.DataFrame(rows)


def _losses(lives: dict[int, Lives], first: int) -> Generator[dict[str, Any], None, None]:
    for name in next(iter(lives.values())).struck:
        sign = -1.0 if direction(name) == "less" else 1.0
        for seed, pair in lives.items():
            yield {"metric": name, "seed": seed, **judge(sign * (pair.spared[name][:, 0] - pair.struck[name][:, 0]), first)}


def _weekly(lives: dict[int, Lives]) -> Generator[dict[str, Any], None, None]:
    for name in next(iter(lives.values())).struck:
        struck, spared = (np.array([getattr(pair, which)[name][:, 0] for pair in lives.values()]) for which in SIDES)
        mean, low, high, *_ = mean_interval(struck - spared)
        columns = zip(_mean(spared), _mean(struck), mean, low, high, strict=True)
        for week, values in enumerate(columns):
            yield {"metric": name, "week": week, **dict(zip(("base", "value", "mean", "low", "high"), map(float, values), strict=True))}
