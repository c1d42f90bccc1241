"""Scenarios run in the same plausible worlds, under the same luck in each.

A world has seeds of its own, so that luck differs from world to world, and counts once. Some worlds are simulated under a
second seed, which tells how much of the spread over worlds is luck.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from sim.errors import UserError
from sim.experiments.arguments import DEFAULT, Unset, seed_of, whole
from sim.experiments.comparisons.world_runs import Shared, finished
from sim.experiments.runs.batch import YEAR, Batch, district_key, shrunk
from sim.experiments.runs.jobs import Progress
from sim.experiments.worlds.own_rates import AGAIN, SEEDS, fit_to_rates, spread_out
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.scenario import Scenario
from sim.scenario.schema.city import FEWEST_RESIDENTS, MOST_RESIDENTS
from sim.worlds.world import World
from sim.worlds.world_set import WorldSet, read_worlds, shipped_set

with lazily():
    import pandas as pd

WORLDS = 60
"""Worlds of the package's set that are taken by default; all if it has fewer."""
ALL = "all"
"""All worlds of the package's set."""
RESIDENTS = 5_000
"""Residents to which larger cities are scaled down over worlds, by default."""
FEWEST_WORLDS, MOST_WORLDS = 2, 1_000_000


class Chosen(NamedTuple):
    """Worlds in which scenarios are run.

    Parameters
    ----------
    worlds : list of World
    about : dict
        Model and evidence of their set, and how many worlds it has.
    asked : str
        A number of worlds of the package's set, all, or the file of a set; for the command that repeats the experiment.
    found : WorldSet
        The set that they were drawn from.
    """

    worlds: list[World]
    about: dict[str, Any]
    asked: str
    found: WorldSet


Given = WorldSet | Chosen | str | os.PathLike | int
"""A set or its file, all of it; a number of worlds drawn from the package's set, or `ALL` of that; or worlds chosen before."""


class RunArguments(TypedDict, total=False):
    """What experiments take over worlds and by luck alone, for the types of their calls; explained at `sim.compare`."""

    seed: int | None
    workers: int | None
    window: int | None
    progress: Progress | None
    keep: str | Path | None


class Place(NamedTuple):
    """One run: which scenario, in which world, under which seed."""

    label: int
    world: World
    seed: int


@dataclass(frozen=True, eq=False)
class WorldBatch(Batch):
    """Outcomes of every scenario in every world.

    Its outcomes have a column ``world``, and rows for the second seed of some worlds; its seeds are all of these. `wanted` is the number
    of worlds.

    Parameters
    ----------
    worlds : tuple of World
        Those in which every scenario finished.
    about : dict
        Of the set, see `Chosen`.
    first : int
        Seed of the experiment.
    asked : str
        How the worlds were asked for, see `Chosen`.
    districts : DataFrame, optional
        The outcomes of districts, if they were asked for: a row for each of `outcomes` and district, with ``scenario, world, seed,
        district`` and the metrics.
    """

    worlds: tuple[World, ...] = field(default=(), repr=False)
    about: dict[str, Any] = field(default_factory=dict, repr=False)
    first: int = 0
    asked: str = ""
    districts: "pd.DataFrame | None" = field(default=None, repr=False)
    counts = "worlds"

    @cached_property
    def once(self) -> "WorldBatch":
        """The same with one seed for each world, the one that counts."""
        rows = self.outcomes[self.outcomes["seed"] == self.first + SEEDS * self.outcomes["world"]]
        return replace(self, outcomes=rows, seeds=tuple(dict.fromkeys(rows["seed"].tolist())))

    @property
    def finished(self) -> int:
        return len(self.worlds)


def asked_worlds(given: Given | None, alone: bool, usual: int = WORLDS) -> Chosen | None:
    """The worlds that are meant; None for the one default world.

    Parameters
    ----------
    given : Given, optional
        1 is the default world; None is `usual` of the package's set, or the default world if it has none for this version of the model.
    alone : bool
        Whether something was asked for that exists in the default world only, such as a number of seeds.
    usual : int
        Worlds that are taken by default; all if the set has fewer.

    Raises
    ------
    UserError
        If worlds are asked for beside it, there is no such set, or it has fewer than two worlds.
    """
    if isinstance(given, str) and given.isdecimal():
        given = int(given)
    if given is None:
        found = None if alone else shipped_set()
        return None if found is None else worlds_of(min(usual, len(found)))
    if given == 1 and not isinstance(given, bool):
        return None
    if alone:
        raise UserError("worlds: expected no replicates and no interval beside them; every world is one run of each scenario")
    return worlds_of(given)


def worlds_of(given: Given) -> Chosen:
    """The worlds that are meant.

    Parameters
    ----------
    given : Given

    Raises
    ------
    UserError
        Without a set, or with fewer than two worlds.
    """
    if isinstance(given, Chosen):
        return given
    if isinstance(given, WorldSet):
        found, asked = given, str(given.path or "FILE")
    elif isinstance(given, (str, os.PathLike)):
        found, asked = read_worlds(None if given == ALL else Path(given)), str(given)
    else:
        count = whole("worlds", given, FEWEST_WORLDS, MOST_WORLDS)
        found, asked = read_worlds(), str(count)
    chosen = found.sample(int(asked)) if asked.isdecimal() else list(found)
    return _enough(Chosen(chosen, {"count": len(found), **{key: found.about[key] for key in ("model", "evidence")}}, asked, found))


def fitting(
    chosen: Chosen,
    scenario: Scenario,
    workers: int | None = None,
    progress: Progress | None = None,
    keep: str | os.PathLike | None = None,
) -> Chosen:
    """As many worlds of the set as fit the known rates of a scenario's own city, if it names any; the same ones if it does not.

    Parameters
    ----------
    chosen : Chosen
    scenario, workers, progress, keep
        As in `sim.experiments.worlds.own_rates.fit_to_rates`.

    Raises
    ------
    UserError
        If fewer than two worlds are left.
    """
    fit = fit_to_rates(scenario, chosen.found, workers, progress, keep, len(chosen.worlds))
    if fit is None:
        return chosen
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
    worlds = fit.kept.sample(min(len(chosen.worlds), len(fit.kept)))
    return _enough(Chosen(worlds, {**chosen.about, "own_rates": fit.told}, chosen.asked, fit.kept))


def _enough(chosen: Chosen) -> Chosen:
    if len(chosen.worlds) < FEWEST_WORLDS:
        raise UserError("worlds: got {count}; expected at least two", count=len(chosen.worlds))
    return chosen


def sized(scenarios: Sequence[Scenario], residents: int | Unset | None, usual: int | None) -> list[Scenario]:
    """Scenarios in cities of at most `residents`; None leaves them as they are, and `usual` is the default.

    Raises
    ------
    UserError
        For anything but a whole number of residents.
    """
    size = usual if residents is DEFAULT else residents
    if size is None:
        return list(scenarios)
    size = whole("residents", size, FEWEST_RESIDENTS, MOST_RESIDENTS)
    return [shrunk(scenario, size) for scenario in scenarios]


def refuse_keeping(keep: str | os.PathLike | None) -> None:
    """Refuse a folder for finished runs where there are no worlds."""
    if keep is not None:
        raise UserError("keep: expected plausible worlds beside it; runs in the default world are not kept")


def run_in_worlds(
    scenarios: Sequence[Scenario],
    labels: Sequence[str],
    chosen: Chosen,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    again: int = AGAIN,
    keep: str | Path | None = None,
    in_world: Callable[[World], Sequence[Scenario]] | None = None,
    place: Shared | None = None,
    by_district: Sequence[str] = (),
) -> WorldBatch:
    """Run every scenario in every world, and keep the mean of the last weeks of every metric.

    Parameters
    ----------
    scenarios, labels
        As in `sim.experiments.runs.batch.run_batch`.
    chosen : Chosen
    seed : int, optional
        World number w has the seeds ``seed + 2 w`` and ``seed + 2 w + 1``; the first scenario's own by default.
    workers, window, progress
        As in `sim.experiments.runs.batch.run_batch`.
    again : int
        Worlds that are simulated under their second seed, too, spread over the set; all if it has fewer.
    keep : path, optional
        Folder in which every finished run is kept, so that the same call resumes after an interrupt.
    in_world : callable, optional
        Gives the scenarios in a world, where there is a faster way than to apply it to each of them.
    place : callable, optional
        Shared workers to use instead of own ones.
    by_district : sequence of str
        Metrics that are also kept for every district.

    Raises
    ------
    UserError
        When a scenario cannot be built, or fewer than two worlds were completed for all scenarios.
    KeyboardInterrupt
        When interrupted before two worlds were completed; later, complete worlds are kept and `Batch.interrupted` is set.
    """
    chosen, clock = fitting(chosen, scenarios[0], workers, progress, keep), time.perf_counter()
    worlds = chosen.worlds
    shortest = min(scenario.horizon for scenario in scenarios)
    window = whole("window", min(YEAR, shortest) if window is None else window, 1, shortest)
    first = seed_of(scenarios[0], seed, SEEDS * (max(world.number for world in worlds) + 1))
    twice = spread_out(worlds, whole("again", again, 0, MOST_WORLDS))
    runs = [(world, second) for second in range(SEEDS) for world in (twice if second else worlds)]
    places = [Place(number, world, first + SEEDS * world.number + second) for world, second in runs for number in range(len(scenarios))]
    there = {world.number: in_world(world) if in_world else [world.apply(scenario) for scenario in scenarios] for world in worlds}
    jobs = [(there[one.world.number][one.label], one.seed, window, tuple(by_district)) for one in places]
    done, interrupted = finished(jobs, [f"{labels[one.label]}, {one.world.number}" for one in places], keep, workers, progress, place)
    rows, failures = [], []
    for outcome in done:
        run = places[outcome.job]
        known = {"scenario": labels[run.label], "world": run.world.number, "seed": run.seed}
        if outcome.value is not None:
            rows.append({**known, **outcome.value})
        else:
            failures.append({**known, "error": outcome.error})
    outcomes = _complete(rows, failures, len(scenarios), interrupted)
    residents = int(outcomes.pop("residents").iloc[0])
    outcomes, districts = _apart(outcomes, list(scenarios[0].residents), by_district) if by_district else (outcomes, None)
    seeds = tuple(dict.fromkeys(outcomes["seed"].tolist()))
    counts = window, len(worlds), residents, interrupted, time.perf_counter() - clock
    complete = set(outcomes.loc[outcomes["seed"] == first + SEEDS * outcomes["world"], "world"])
    kept = tuple(world for world in worlds if world.number in complete)
    told = chosen.about, first, chosen.asked, districts
    return WorldBatch(tuple(labels), seeds, outcomes, failures, *counts, tuple(scenarios), None, kept, *told)


def _apart(outcomes: "pd.DataFrame", districts: Sequence[str], metrics: Sequence[str]) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Outcomes of whole cities, and of districts; scenarios may share only some of the districts."""
    parts = []
    for district in districts:
        own = {key: name for name in metrics if (key := district_key(name, district)) in outcomes}
        parts.append(outcomes[["scenario", "world", "seed", *own]].rename(columns=own).assign(district=district))
    found = pd.concat(parts, ignore_index=True)
    order = ["scenario", "world", "seed", "district", *(name for name in metrics if name in found)]
    whole_cities = [name for name in outcomes if not any(name.startswith(district_key(metric, "")) for metric in metrics)]
    return outcomes[whole_cities], found[order]


def _complete(rows: list[dict], failures: list[dict], scenarios: int, interrupted: bool) -> "pd.DataFrame":
    """Outcomes of the worlds and seeds that every scenario completed."""
    table = pd.DataFrame(rows)
    if len(table):
        table = table[table.groupby(["world", "seed"])["seed"].transform("size") == scenarios].reset_index(drop=True)
    if not len(table) or table["world"].nunique() < FEWEST_WORLDS:
        if interrupted:
            raise KeyboardInterrupt
        errors = Joined((Message("  {scenario}, world {world}: {error}", **failure) for failure in failures[:10]), "\n")
        raise UserError("fewer than two worlds were completed for every scenario:\n{errors}", errors=errors)
    return table
