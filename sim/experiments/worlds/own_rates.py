"""Worlds that also fit what is known of a scenario's own city: those in which its rates (``city.rates``) come out wrong are left out.

Coefficients that these rates identify are first fitted to them anew in every world that misses (`sim.experiments.worlds.refit`, decision
39), also where the scenario has fitted values of them: these were fitted with all other coefficients at their defaults.

A set keeps the rates of the reference city in every world. Another city has other people, another budget and perhaps coefficients of its
own, so that its rates differ (decision 34 has how much); they are therefore simulated anew, in that city and under its own policy. Luck is
known from some worlds under a second seed, and a world is left out only if luck does not explain the miss.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np

from sim.experiments.arguments import workers_of
from sim.experiments.calibration.calibrate import FREE
from sim.experiments.calibration.told_by_figures import SETTINGS, identified
from sim.experiments.runs.jobs import Collected, Outcome, collect
from sim.experiments.worlds.evidence import RATES, WEEKS, Trial, measured, plain
from sim.experiments.worlds.kept_runs import open_runs, with_kept
from sim.experiments.worlds.refit import TRIES, Ranges, fitted_anew
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.scenario import Scenario
from sim.scenario.schema.canonical import digest, in_order
from sim.simulation import compile_kernels
from sim.worlds.priors import shipped
from sim.worlds.world import World
from sim.worlds.world_set import OWN, WorldSet

with lazily():
    import pandas as pd

RESIDENTS = 20_000
"""Residents to which a larger city is scaled down for this."""
AGAIN = 10
"""Worlds that are simulated under a second seed."""
SPARE = 1.2
"""Worlds that are judged for every one that is needed, at first."""
SEEDS = 2
"""Seeds set aside for each world."""
FEWEST = 20
"""Worlds below which a share of worlds says little, and more should be made."""
LUCK = 2.0
"""Standard errors by which a rate may lie outside its range."""
JUDGED = ("rate", "effect", "distance", "luck")
"""Columns of a set, before a colon, that say how a world came out in the city that the set was made for."""
FITTED = "fitted"
"""Key under which a set says to which city's rates it was fitted."""

T = TypeVar("T")


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
    before : int
        Worlds that fit as they were.
    coefficients : tuple of str
        Those that were fitted anew in the other worlds; none if no world needed it.
    """

    kept: WorldSet
    of: int
    name: str
    table: "pd.DataFrame" = field(repr=False)
    before: int = 0
    coefficients: tuple[str, ...] = ()

    @property
    def rates(self) -> "pd.DataFrame":
        """A row per rate: ``rate, low, high, median`` (over all worlds), ``luck`` and ``fits`` (worlds)."""
        known = self.table.groupby("rate", sort=False)
        same = {name: (name, "first") for name in ("low", "high", "luck")}
        return known.agg(**same, median=("value", "median"), fits=("fits", "sum")).reset_index()

    @property
    def said(self) -> list[Message]:
        """How many worlds fit, and what to do if these are few."""
        return fit_said(self.told, self.name)

    @property
    def told(self) -> dict[str, Any]:
        """What a manifest says of it: ``kept``, ``of`` and, where coefficients were fitted anew, ``before`` and ``coefficients``."""
        moved = {"before": self.before, "coefficients": list(self.coefficients)} if self.coefficients else {}
        return {"kept": len(self.kept), "of": self.of, **moved}


def fit_said(told: Mapping[str, Any], name: str, named: bool = True) -> list[Message]:
    """How many worlds fit the known rates of a scenario's city, and what to do if these are few.

    Parameters
    ----------
    told : mapping
        See `Fit.told`; ``own_rates`` of a comparison's settings.
    name : str
        Of the scenario.
    named : bool
        Whether coefficients are named, or counted.
    """
    kept, fields = told["kept"], {"kept": told["kept"], "of": told["of"], "name": name}
    if told.get("coefficients"):
        counted = Message("{count} coefficients", count=len(told["coefficients"]))
        more = {"before": told["before"], "coefficients": Joined(told["coefficients"]) if named else counted}
        count = Message(
            "{kept} of {of} plausible worlds fit the known rates of {name}: {before} as they are, the others once {coefficients} had been "
            "fitted to these rates in each",
            **fields,
            **more,
        )
    else:
        count = Message("{kept} of {of} plausible worlds also fit the known rates of {name}", **fields)
    few = Message(
        "Fewer than {fewest} worlds say little: make worlds for this city with `sanzhi worlds make FOLDER --scenario FILE`, and give "
        "their file with --worlds",
        fewest=FEWEST,
    )
    return [count, few] if kept < FEWEST else [count]


def fit_to_rates(
    scenario: Scenario,
    found: WorldSet,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: str | os.PathLike | None = None,
    enough: int | None = None,
) -> Fit | None:
    """Judge worlds of a set by the known rates of a scenario's own city, once coefficients that they identify were fitted to them.

    Parameters
    ----------
    scenario : Scenario
        Its city as it is today; its timeline, shocks and targets are left out.
    found : WorldSet
    workers : int, optional
        Processes; as many as processors by default.
    progress : callable, optional
        Called with weeks done and planned.
    keep : path, optional
        Folder in which every finished run is kept, so that the same call resumes after an interrupt.
    enough : int, optional
        Worlds that fit, after which no more of the set are judged, in the order in which samples draw them; all are judged by default.

    Returns
    -------
    Fit or None
        None if the scenario names no rates, or the set was fitted to them already.

    Raises
    ------
    UserError
        If the city cannot be simulated.
    KeyboardInterrupt
        When interrupted.
    """
    city = _city(scenario)
    rows = [] if scenario.city.rates is None else [one for one in scenario.city.rates.rows if one.rate not in SETTINGS]
    if not rows or found.about.get(FITTED) == city:
        return None
    with open_runs(keep) as kept:
        judge = _Judge(scenario, rows, found, kept, workers, progress)
        judge.more(len(found) if enough is None else min(len(found), math.ceil(SPARE * enough)))
        while enough is not None and judge.fitting < enough and judge.judged < len(found):
            missing = math.ceil(SPARE * (enough - judge.fitting) * judge.judged / max(judge.fitting, 1))
            judge.more(min(len(found) - judge.judged, missing))
    return judge.result(city)


class _Judge:
    """Judges worlds of a set by rates, some at a time, in the order in which samples draw them.

    Parameters
    ----------
    scenario : Scenario
    rows : sequence
        Rates with their ranges.
    found : WorldSet
    kept : KeptTrials or None
        Where finished runs are kept.
    workers, progress
        As in `fit_to_rates`.
    """

    def __init__(self, scenario, rows, found, kept, workers, progress):
        self.scenario, self.found, self.names = scenario, found, tuple(one.rate for one in rows)
        told = {name: rates for name, rates in identified(self.names, FREE).items() if name in shipped()}
        self.coefficients = tuple(told)
        self.aimed = [number for number, name in enumerate(self.names) if any(name in rates for rates in told.values())]
        self.low, self.high = (np.array([getattr(one, edge) for one in rows]) for edge in ("low", "high"))
        self.simulate = _Simulations(scenario, self.coefficients, self.names, kept, workers, progress)
        self.luck = np.zeros(len(rows))
        self.values, self.moved = dict[int, np.ndarray](), dict[int, Mapping[str, float]]()
        self.unmoved = 0

    @property
    def judged(self) -> int:
        """Worlds that were judged."""
        return len(self.values)

    @property
    def fitting(self) -> int:
        """Those of them that fit."""
        return int(self._inside(np.array(list(self.values.values()))).all(axis=1).sum())

    def more(self, count: int) -> None:
        """Judge so many more worlds; some of the first under a second seed, too, from which luck is known."""
        worlds = [world for world in self.found.sample(self.judged + count) if world.number not in self.values]
        twice = spread_out(range(count), AGAIN) if not self.values else []
        self.simulate.plan(count)
        values = self.simulate([(world, {}) for world in worlds], [worlds[number] for number in twice])
        first, second = values[:count], values[count:]
        if not self.values:
            self.luck = _luck(first[twice], second)
        inside = self._inside(first)
        self.unmoved += int(inside.all(axis=1).sum())
        missed = np.flatnonzero(~inside[:, self.aimed].all(axis=1)).tolist()
        if missed:
            ranges, there = Ranges(self.low[self.aimed], self.high[self.aimed]), [worlds[number] for number in missed]
            moved, first[missed] = fitted_anew(there, first[missed], ranges, self.aimed, self.coefficients, self.simulate)
            self.moved |= {world.number: coefficients for world, coefficients in zip(there, moved, strict=True)}
        self.values |= {world.number: rates for world, rates in zip(worlds, first, strict=True)}

    def result(self, city: str) -> Fit:
        """What was found; `city` tells whose rates they are."""
        numbers = sorted(self.values)
        values = np.array([self.values[number] for number in numbers])
        fits, count = self._inside(values), len(self.names)
        parts = {
            "world": np.repeat(numbers, count),
            "rate": np.tile(self.names, len(numbers)),
            "value": values.ravel(),
            **{key: np.tile(one, len(numbers)) for key, one in {"low": self.low, "high": self.high, "luck": self.luck}.items()},
            "fits": fits.ravel(),
        }
        own = {OWN: {name: _value(self.scenario, name) for name in self.coefficients}, "targets": []} if self.moved else {}
        table = _replaced(self.found.table, self.moved) if self.moved else self.found.table
        kept = table[table["world"].isin(np.array(numbers)[fits.all(axis=1)])].reset_index(drop=True)
        fitted = WorldSet(kept, {**self.found.about, **own, FITTED: city}, self.found.path)
        return Fit(fitted, len(numbers), self.scenario.name, pd.DataFrame(parts), self.unmoved, self.coefficients if own else ())

    def _inside(self, values: np.ndarray) -> np.ndarray:
        return (values >= self.low - LUCK * self.luck) & (values <= self.high + LUCK * self.luck)


def spread_out(these: Sequence[T], count: int) -> list[T]:
    """Some of these, evenly spread over their order."""
    count = min(count, len(these))
    return [these[place * len(these) // count] for place in range(count)]


class _Simulations:
    """Simulates a city in worlds, with the coefficients that its rates identify as the worlds have them.

    Parameters
    ----------
    scenario : Scenario
    identified, rates : tuple of str
        Coefficients, and rates that are measured.
    kept : KeptTrials or None
        Where finished runs are kept.
    workers, progress
        As in `fit_to_rates`.
    """

    def __init__(self, scenario, identified, rates, kept, workers, progress):
        self.base = plain(scenario).with_changes({f"mechanisms.{name}": shipped()[name].default for name in identified})
        self.rates, self.kept, self.workers, self.progress, self.done = rates, kept, workers_of(workers), progress, 0
        self.each, self.planned = (1 + (TRIES if identified else 0)) * WEEKS, 0

    def plan(self, worlds: int) -> None:
        """So many more worlds are to be simulated, at most: once, and once more for every step of what is fitted."""
        self.planned = self.done + worlds * self.each

    def __call__(self, asked: Sequence[tuple[World | None, Mapping[str, float]]], again: Sequence[World] = ()) -> np.ndarray:
        """Rates of worlds with some coefficients replaced, then of worlds under their second seed, shape (simulations, rates)."""
        trials = [_trial(world, replaced, self.base.seed) for world, replaced in asked]
        trials += [_trial(world, {}, self.base.seed + 1) for world in again]
        jobs, end = [(self.base, trial, self.rates) for trial in trials], self.done + WEEKS * len(trials)

        def simulated(missing: list[int], each: Callable[[Outcome], None]) -> Collected:
            before = end - WEEKS * len(missing)
            progress = None if self.progress is None else lambda done, total: self._tell(before + done, before + total)
            prepare, todo = partial(compile_kernels, self.base), [jobs[number] for number in missing]
            return collect(measured, todo, [WEEKS] * len(todo), self.workers, progress, prepare, each=each)

        done, interrupted = with_kept(jobs, self._key_of, self.kept, simulated)
        if interrupted:
            raise KeyboardInterrupt
        self.done = end
        return np.array([one.value if one.error is None else (np.nan,) * len(self.rates) for one in done])

    def _key_of(self, job: tuple[Scenario, Trial, tuple[str, ...]]) -> str:
        return digest([self.base.hash, job[1].key, list(self.rates)], 16)

    def _tell(self, done: int, least: int) -> None:
        self.progress(done, max(self.planned, least))


def _replaced(table: "pd.DataFrame", moved: Mapping[int, Mapping[str, float]]) -> "pd.DataFrame":
    """Worlds with other coefficients, by number; without what was simulated of them in the city that the set was made for, which holds no
    more."""
    table = table[[name for name in table if name.split(":")[0] not in JUDGED]].copy()
    for number, coefficients in moved.items():
        for name, value in coefficients.items():
            table.loc[table["world"] == number, name] = value
    return table


def _value(scenario: Scenario, name: str) -> float:
    mechanism, _, key = name.partition(".")
    return float(scenario.mechanisms[mechanism][key])


def _city(scenario: Scenario) -> str:
    """Hash of a scenario's city with its rates, at any size."""
    about = {key: value for key, value in scenario.city.as_data().items() if key not in ("scale", "residents")}
    return digest(in_order(about), 16)


def _trial(world: World | None, replaced: Mapping[str, float], seed: int) -> Trial:
    if world is None:
        return Trial(dict(replaced), {}, RATES, seed, RESIDENTS)
    return Trial({**world.coefficients, **replaced}, dict(world.choices), RATES, seed + SEEDS * world.number, RESIDENTS)


def _luck(once: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Standard error of one value of every rate, from values under two seeds in the same worlds, shape (worlds, rates); 0 if unknown."""
    with np.errstate(invalid="ignore"):
        pairs = np.isfinite(once - again)
        squares = np.where(pairs, (once - again) ** 2, 0.0).sum(axis=0)
    return np.sqrt(squares / (2.0 * np.maximum(pairs.sum(axis=0), 1)))
