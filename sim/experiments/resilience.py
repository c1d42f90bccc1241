"""Resilience: how much of an index a shock takes away, and how long half of that takes to come back.

Every replicate lives twice under the same luck, with the shocks of the scenario and without them. What the shocks did is the difference of
the two, so nothing else can be mistaken for recovery.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.experiments.arguments import names_of
from sim.experiments.simulate import Progress, simulate

if TYPE_CHECKING:
    from sim.scenario import Scenario

SMOOTH = 4
"""Weeks over which differences are averaged before they are judged."""
USUAL = ("stability", "satisfaction", "order", "calm", "resolution", "belonging", "happiness", "security", "legitimacy", "cohesion")


def resilience(
    scenario: "Scenario | str | os.PathLike",
    metrics: Sequence[str] = USUAL,
    seed: int | None = None,
    replicates: int | None = None,
    workers: int | None = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """What the shocks of a scenario take from each metric, and how fast it comes back.

    Parameters
    ----------
    scenario : Scenario, path or str
        With at least one shock.
    metrics : str or sequence of str
        Metrics of which more or less is better.
    seed, replicates, workers
        As for `sim.simulate`; the scenario's own by default.
    progress : callable, optional
        Called with weeks done and weeks in all, for the runs with and then for those without the shocks.

    Returns
    -------
    DataFrame
        A row per metric and replicate: ``metric, seed``; ``area_lost`` (sum over weeks since the first shock of how much worse the metric
        is than without shocks, in metric-weeks; what is better does not count against it); ``deepest`` (largest loss of a four-week
        mean); ``deepest_week``; ``half_recovery`` (weeks from there until the loss stays at or below half of it), NaN where ``censored``:
        not seen before the horizon, which is never a recovery of 0 weeks.

    Raises
    ------
    UserError
        If the scenario has no shock, or a metric has no better direction.
    """
    from sim.errors import UserError
    from sim.metrics import METRICS
    from sim.scenario.given import scenario_of

    scenario, metrics = scenario_of(scenario), names_of("metrics", metrics)
    if not scenario.shocks:
        raise UserError(f"{scenario.name} has no shocks; resilience is what becomes of one (see `sanzhi describe shocks`)")
    for name in metrics:
        if name not in METRICS or METRICS[name].better == "neither":
            raise UserError(f"got the metric {name}; expected one of which more or less is better (see `sanzhi describe metrics`)")
    struck = simulate(scenario, seed, replicates, workers, progress=progress).weekly
    spared = simulate(scenario.with_changes({"shocks": []}), seed, replicates, workers, progress=progress).weekly
    first = min(shock.at for shock in scenario.shocks)
    rows = []
    for name in metrics:
        sign = 1.0 if METRICS[name].better == "more" else -1.0
        for lived, with_it, without in _pairs(struck, spared, name):
            rows.append({"metric": name, "seed": lived, **judge(sign * (without - with_it), first)})
    return pd.DataFrame(rows)


def judge(loss: np.ndarray, first: int) -> dict[str, float | bool]:
    """Area lost, deepest loss and half-recovery of a series of losses, from week `first` on."""
    recent = pd.Series(np.nan_to_num(loss[first:])).rolling(SMOOTH, min_periods=1).mean().to_numpy()
    at = int(recent.argmax())
    deepest = float(recent[at])
    found: dict[str, float | bool] = {"area_lost": float(np.clip(loss[first:], 0.0, None).sum()), "deepest": max(deepest, 0.0)}
    if deepest <= 0.0:
        return found | {"deepest_week": float("nan"), "half_recovery": float("nan"), "censored": False}
    above = np.flatnonzero(recent[at:] > 0.5 * deepest)
    back = int(above[-1]) + 1
    censored = at + back >= len(recent)
    return found | {"deepest_week": float(first + at), "half_recovery": float("nan") if censored else float(back), "censored": censored}


def _pairs(struck: pd.DataFrame, spared: pd.DataFrame, name: str):
    for seed in sorted(set(struck["seed"]) & set(spared["seed"])):
        with_it, without = (frame.loc[frame["seed"] == seed].sort_values("week")[name].to_numpy(float) for frame in (struck, spared))
        yield seed, with_it, without
