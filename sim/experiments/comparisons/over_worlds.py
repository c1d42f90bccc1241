"""Compare scenarios over plausible worlds: every scenario in the same worlds, under the same luck in each.

A world has seeds of its own, so that luck differs from world to world, and counts once. Some worlds are simulated under a
second seed, which tells how much of the spread over worlds is luck.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.assumptions import Carrier, carriers
from sim.analysis.beliefs import Rule, rule
from sim.analysis.world_verdict import HOLDS, LEANS
from sim.errors import UserError
from sim.experiments.arguments import seed_of, whole
from sim.experiments.comparisons.world_runs import finished
from sim.experiments.comparisons.world_tables import SEEDS, assumptions_of, world_differences, world_verdicts
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import YEAR, Batch, known_metrics, labels_of
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.metrics import metrics_of
from sim.scenario import Scenario
from sim.worlds.world import World
from sim.worlds.world_set import WorldSet, read_worlds

with lazily():
    import pandas as pd

AGAIN = 10
"""Worlds that are simulated under a second seed."""
FEWEST_WORLDS, MOST_WORLDS = 2, 1_000_000


class Place(NamedTuple):
    """One run: which scenario, in which world, under which seed."""

    label: int
    world: World
    seed: int


@dataclass(frozen=True, eq=False)
class WorldComparison(ExperimentResult):
    """Scenarios compared with the first over plausible worlds.

    Parameters
    ----------
    batch : Batch
        Its outcomes have a column ``world``, and a row for the second seed of some worlds.
    differences : DataFrame
        A row per scenario but the first, metric and world: ``scenario, metric, world, seed, a, b, difference`` (of the first and of this
        one; NaN without a value), ``counted`` (False for second seeds) and ``same`` (no difference beyond the precision of levers or of
        money).
    verdicts : DataFrame
        A row per scenario but the first and metric: ``scenario, metric``, all fields of `sim.analysis.world_verdict.WorldVerdict`,
        ``directed`` (whether the metric has a better direction; if not, better means more), ``luck, assumptions`` (standard deviations),
        ``luck_share, luck_low, luck_high`` (of the variance), ``truncated`` (the assumptions' was cut at 0), and ``alone_low, alone_high``
        (worlds on the median's side if all had the median effect; NaN without a median or without second seeds).
    assumptions : DataFrame
        A row per world: ``world``, and what it changes in the scenarios: coefficients and structural choices.
    about : dict
        Model and evidence of the set, and how many worlds it has.
    """

    batch: Batch
    differences: "pd.DataFrame"
    verdicts: "pd.DataFrame"
    assumptions: "pd.DataFrame" = field(repr=False)
    about: dict[str, Any] = field(repr=False)
    kind = "compare_over_worlds"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        return {
            "world_verdicts": self.verdicts,
            "world_differences": self.differences,
            "assumptions": self.assumptions,
            "outcomes": self.batch.outcomes,
        }

    @property
    def settings(self) -> dict[str, Any]:
        return {"worlds": self.assumptions["world"].tolist(), "holds": HOLDS, "leans": LEANS, "again": AGAIN, "set": self.about}

    def over_worlds(self, scenario: str, metric: str) -> np.ndarray:
        """Differences in the order of `assumptions`, shape (worlds,); 0 where there is none, NaN without a value."""
        rows = self.differences[self.differences["counted"]]
        rows = rows[(rows["scenario"] == scenario) & (rows["metric"] == metric)].set_index("world")
        return rows["difference"].where(~rows["same"], 0.0).reindex(self.assumptions["world"]).to_numpy(float)

    def carriers(self, scenario: str, metric: str) -> list[Carrier]:
        """Assumptions that carry most of the spread; an empty list if none stands out."""
        return carriers(self.assumptions.drop(columns="world"), self.over_worlds(scenario, metric))

    def rule(self, scenario: str, metric: str) -> Rule | None:
        """What one would have to believe for the other side to win; None if nothing is found that luck would not find. Some seconds."""
        return rule(self.assumptions.drop(columns="world"), self.over_worlds(scenario, metric))


def compare_over_worlds(
    scenarios: Sequence[Scenario],
    worlds: WorldSet | str | os.PathLike | int,
    seed: int | None = None,
    workers: int | None = None,
    metrics: Sequence[str] | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    again: int = AGAIN,
    keep: str | Path | None = None,
) -> WorldComparison:
    """Run scenarios in the same worlds and compare each with the first.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more.
    worlds : WorldSet, path or int
        A set or its file, all of it; or a number of worlds drawn from the package's set.
    seed : int, optional
        World number w has the seeds ``seed + 2 w`` and ``seed + 2 w + 1``; the first scenario's own by default.
    workers, metrics, window, progress
        As in `sim.experiments.comparisons.compare.compare`.
    again : int
        Worlds that are simulated under their second seed, too, spread over the set; all if it has fewer.
    keep : path, optional
        Folder in which every finished run is kept, so that the same call resumes after an interrupt.

    Raises
    ------
    UserError
        Without a set, if it has fewer than two worlds, for unknown metrics, or if fewer than two worlds were completed for all scenarios.
    KeyboardInterrupt
        When interrupted before two worlds were completed; later, complete worlds are kept and `Batch.interrupted` is set.
    """
    chosen, about = worlds_of(worlds)
    names = known_metrics(metrics, scenarios) if metrics is not None else metrics_of(*scenarios)
    shortest = min(scenario.horizon for scenario in scenarios)
    window = whole("window", min(YEAR, shortest) if window is None else window, 1, shortest)
    first = seed_of(scenarios[0], seed, SEEDS * (max(world.number for world in chosen) + 1))
    twice = spread_out(chosen, whole("again", again, 0, MOST_WORLDS))
    runs = [(world, second) for second in range(SEEDS) for world in (twice if second else chosen)]
    places = [Place(number, world, first + SEEDS * world.number + second) for world, second in runs for number in range(len(scenarios))]
    clock, labels = time.perf_counter(), tuple(labels_of(scenarios))
    there = {world.number: [world.apply(scenario) for scenario in scenarios] for world in chosen}
    jobs = [(there[place.world.number][place.label], place.seed, window) for place in places]
    done, interrupted = finished(jobs, [f"{labels[place.label]}, {place.world.number}" for place in places], keep, workers, progress)
    rows, failures = [], []
    for outcome in done:
        place = places[outcome.job]
        known = {"scenario": labels[place.label], "world": place.world.number, "seed": place.seed}
        if outcome.value is not None:
            rows.append({**known, **outcome.value})
        else:
            failures.append({**known, "error": outcome.error})
    outcomes = _complete(rows, failures, len(scenarios), interrupted)
    residents = int(outcomes.pop("residents").iloc[0])
    seeds = tuple(dict.fromkeys(outcomes["seed"].tolist()))
    counts = window, len(chosen), residents, interrupted, time.perf_counter() - clock
    batch = Batch(labels, seeds, outcomes, failures, *counts, tuple(scenarios))
    table = world_differences(batch, names, first)
    complete = [world for world in chosen if world.number in set(outcomes["world"])]
    return WorldComparison(batch, table, world_verdicts(table), assumptions_of(complete, scenarios), about)


def worlds_of(given: WorldSet | str | os.PathLike | int) -> tuple[list[World], dict[str, Any]]:
    """The worlds that are meant, and what the manifest says of their set.

    Raises
    ------
    UserError
        Without a set, or with fewer than two worlds.
    """
    count = None if isinstance(given, (WorldSet, str, os.PathLike)) else whole("worlds", given, FEWEST_WORLDS, MOST_WORLDS)
    found = given if isinstance(given, WorldSet) else read_worlds(given if count is None else None)  # type: ignore[arg-type]
    chosen = list(found) if count is None else found.sample(count)
    if len(chosen) < FEWEST_WORLDS:
        raise UserError("worlds: got {count}; expected at least two", count=len(chosen))
    return chosen, {"count": len(found), **{key: found.about[key] for key in ("model", "evidence")}}


def spread_out(worlds: Sequence[World], count: int) -> list[World]:
    """Some worlds, evenly spread over their order."""
    count = min(count, len(worlds))
    return [worlds[place * len(worlds) // count] for place in range(count)]


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
