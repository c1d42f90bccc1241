"""Worlds that also fit what is known of a scenario's own city: those in which its rates (``city.rates``) come out wrong are left out.

A set keeps the rates of the reference city in every world. Another city has other people, another budget and perhaps coefficients of its
own, so that its rates differ (decision 34 has how much); they are therefore simulated anew, in that city and under its own policy. Luck is
known from some worlds under a second seed, and a world is left out only if luck does not explain the miss.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.experiments.arguments import workers_of
from sim.experiments.runs.jobs import collect
from sim.experiments.worlds.evidence import RATES, WEEKS, Trial, measured, plain
from sim.lazy import lazily
from sim.messages import Message
from sim.scenario import Scenario
from sim.scenario.schema.canonical import digest, in_order
from sim.simulation import compile_kernels
from sim.worlds.world import World
from sim.worlds.world_set import WorldSet

with lazily():
    import pandas as pd

RESIDENTS = 20_000
"""Residents to which a larger city is scaled down for this."""
AGAIN = 10
"""Worlds that are simulated under a second seed."""
SEEDS = 2
"""Seeds set aside for each world."""
FEWEST = 20
"""Worlds below which a share of worlds says little, and more should be made."""
LUCK = 2.0
"""Standard errors by which a rate may lie outside its range."""
FITTED = "fitted"
"""Key under which a set says to which city's rates it was fitted."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Which worlds of a set fit the rates of a scenario's own city.

    Parameters
    ----------
    kept : WorldSet
        The worlds that fit all of them.
    of : int
        Worlds that were judged.
    name : str
        Of the scenario.
    table : DataFrame
        A row per world and rate: ``world, rate, value`` (NaN if there is none), ``low, high``, ``luck`` (standard error of the value) and
        ``fits``.
    """

    kept: WorldSet
    of: int
    name: str
    table: "pd.DataFrame" = field(repr=False)

    @property
    def rates(self) -> "pd.DataFrame":
        """A row per rate: ``rate, low, high, median`` (over all worlds), ``luck`` and ``fits`` (worlds)."""
        known = self.table.groupby("rate", sort=False)
        same = {name: (name, "first") for name in ("low", "high", "luck")}
        return known.agg(**same, median=("value", "median"), fits=("fits", "sum")).reset_index()

    @property
    def said(self) -> list[Message]:
        """How many worlds fit, and what to do if these are few."""
        return fit_said(len(self.kept), self.of, self.name)


def fit_said(kept: int, of: int, name: str) -> list[Message]:
    """How many worlds fit the known rates of a scenario's city, and what to do if these are few.

    Parameters
    ----------
    kept, of : int
        Worlds that fit, and that were judged; as in ``own_rates`` of a comparison's settings.
    name : str
        Of the scenario.
    """
    count = Message("{kept} of {of} plausible worlds also fit the known rates of {name}", kept=kept, of=of, name=name)
    few = Message(
        "Fewer than {fewest} worlds say little: make worlds for this city with `sanzhi worlds make FOLDER --scenario FILE`, and give "
        "their file with --worlds",
        fewest=FEWEST,
    )
    return [count, few] if kept < FEWEST else [count]


def fit_to_rates(
    scenario: Scenario, found: WorldSet, workers: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Fit | None:
    """Judge every world of a set by the known rates of a scenario's own city.

    Parameters
    ----------
    scenario : Scenario
        Its city as it is today; its timeline, shocks and targets are left out.
    found : WorldSet
    workers : int, optional
        Processes; as many as processors by default.
    progress : callable, optional
        Called with weeks done and planned.

    Returns
    -------
    Fit or None
        None if the scenario names no rates, or the set was fitted to them already.

    Raises
    ------
    UserError
        If the city cannot be simulated.
    """
    base, city = plain(scenario), _city(scenario)
    if scenario.city.rates is None or found.about.get(FITTED) == city:
        return None
    rows = scenario.city.rates.rows
    worlds, names = list(found), tuple(one.rate for one in rows)
    twice = set(range(0, len(worlds), -(-len(worlds) // AGAIN)))
    asked = [(number, 0) for number in range(len(worlds))] + [(number, 1) for number in sorted(twice)]
    jobs = [(base, _trial(worlds[number], scenario.seed + second), names) for number, second in asked]
    done, interrupted = collect(measured, jobs, [WEEKS] * len(jobs), workers_of(workers), progress, partial(compile_kernels, scenario))
    if interrupted:
        raise KeyboardInterrupt
    values = np.array([one.value if one.error is None else (np.nan,) * len(names) for one in done])
    first, second = values[: len(worlds)], values[len(worlds) :]
    luck = _luck(first[sorted(twice)], second)
    low, high = (np.array([getattr(one, edge) for one in rows]) for edge in ("low", "high"))
    fits = (first >= low - LUCK * luck) & (first <= high + LUCK * luck)
    parts = {
        "world": np.repeat([world.number for world in worlds], len(rows)),
        "rate": np.tile(names, len(worlds)),
        "value": first.ravel(),
        **{key: np.tile(one, len(worlds)) for key, one in {"low": low, "high": high, "luck": luck}.items()},
        "fits": fits.ravel(),
    }
    kept = found.table[fits.all(axis=1)].reset_index(drop=True)
    return Fit(WorldSet(kept, {**found.about, FITTED: city}, found.path), len(worlds), scenario.name, pd.DataFrame(parts))


def _city(scenario: Scenario) -> str:
    """Hash of a scenario's city with its rates, at any size."""
    about = {key: value for key, value in scenario.city.as_data().items() if key not in ("scale", "residents")}
    return digest(in_order(about), 16)


def _trial(world: World, seed: int) -> Trial:
    return Trial(dict(world.coefficients), dict(world.choices), RATES, seed + SEEDS * world.number, RESIDENTS)


def worlds_that_fit(
    scenario: Scenario, found: WorldSet, workers: int | None = None, progress: Callable[[int, int], None] | None = None
) -> tuple[WorldSet, dict[str, Any]]:
    """The worlds of a set that fit a scenario's own rates, and what a manifest says of that: all and nothing if it names no rates.

    Parameters
    ----------
    scenario, found, workers, progress
        As in `fit_to_rates`.

    Raises
    ------
    UserError
        If no world is left.
    """
    fit = fit_to_rates(scenario, found, workers, progress)
    if fit is None:
        return found, {}
    if not len(fit.kept):
        worst = fit.rates.sort_values("fits", kind="stable").iloc[0]
        raise UserError(
            "none of the {of} plausible worlds fits the known rates of {name} ({rate} fits in {fits}): make worlds for this city with "
            "`sanzhi worlds make FOLDER --scenario FILE`, and give their file with --worlds",
            of=fit.of,
            name=fit.name,
            rate=worst["rate"],
            fits=int(worst["fits"]),
        )
    return fit.kept, {"own_rates": {"kept": len(fit.kept), "of": fit.of}}


def _luck(once: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Standard error of one value of every rate, from values under two seeds in the same worlds, shape (worlds, rates); 0 if unknown."""
    with np.errstate(invalid="ignore"):
        pairs = np.isfinite(once - again)
        squares = np.where(pairs, (once - again) ** 2, 0.0).sum(axis=0)
    return np.sqrt(squares / (2.0 * np.maximum(pairs.sum(axis=0), 1)))
