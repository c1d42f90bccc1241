"""Many scenarios on the same seeds in one pool of workers, as used by compare, mix and attribute.

A job is one scenario under one seed. Jobs are ordered by seed, so that an interrupted batch contains complete pairs. A failed job is
recorded with scenario and seed and does not affect the others.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from sim import metrics
from sim.errors import UserError
from sim.experiments.arguments import names_of, replicates_of, seed_of, whole, workers_of
from sim.experiments.runs.advance import advance_to
from sim.experiments.runs.jobs import Progress, Tick, collect
from sim.lazy import lazily
from sim.messages import Joined, Message, with_suggestion
from sim.metrics import METRICS, metrics_of
from sim.metrics.groups import THIRDS, AffectedArea, affected_areas, group_means, satisfaction_so_far
from sim.metrics.record import Record
from sim.metrics.tables import all_metrics
from sim.scenario import Scenario
from sim.simulation import Simulation, compile_kernels
from sim.suggestions import nearest

with lazily():
    import pandas as pd

YEAR = 52
Places: TypeAlias = Sequence[AffectedArea] | None
"""Places whose satisfaction is recorded in addition to the thirds; None records neither."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Outcomes of every scenario on every seed.

    Parameters
    ----------
    labels : tuple of str
        One per scenario, distinct.
    seeds : tuple of int
        Seeds on which every scenario finished: complete pairs only.
    outcomes : DataFrame
        A row per run that finished: ``scenario`` (its label), ``seed`` and every metric.
    failures : list of dict
        ``scenario``, ``seed`` and ``error`` of every run that failed.
    window : int
        Weeks at the end whose mean is the outcome; 1 is the last week.
    wanted : int
        Seeds, or worlds, that were asked for.
    residents : int
        Of the first scenario's city.
    groups : DataFrame, optional
        A row per run that finished: ``scenario``, ``seed``, and mean satisfaction over the same weeks as the outcomes in each third of the
        communities by hardship (`sim.metrics.groups.THIRDS`) and in every place affected by a shock of any scenario (such as ``district
        Pudong``), if requested; NaN if a city is too small for thirds, or has no such place.
    """

    labels: tuple[str, ...]
    seeds: tuple[int, ...]
    outcomes: "pd.DataFrame"
    failures: list[dict[str, Any]]
    window: int
    wanted: int
    residents: int
    interrupted: bool = False
    seconds: float = 0.0
    scenarios: tuple[Scenario, ...] = field(default=(), repr=False)
    groups: "pd.DataFrame | None" = field(default=None, repr=False)
    counts: ClassVar[str] = "replicates"
    """What `wanted` counts, as a key of manifests and an option of commands."""

    @property
    def finished(self) -> int:
        """How many of the `wanted` seeds, or worlds, every scenario finished."""
        return len(self.seeds)

    def of(self, label: str, metric: str) -> "np.ndarray":
        """A metric of one scenario on the paired seeds, shape (seeds,)."""
        return self._paired[label][metric].to_numpy(float)

    @cached_property
    def _paired(self) -> "dict[str, pd.DataFrame]":
        """Outcomes of each scenario, a row for each paired seed."""
        by_label = self.outcomes.groupby("scenario", sort=False)
        return {str(label): rows.set_index("seed").loc[list(self.seeds)] for label, rows in by_label}

    def cube(self, metrics: Sequence[str]) -> "np.ndarray":
        """Metrics of all scenarios on the paired seeds, shape (seeds, scenarios, metrics)."""
        table = self.outcomes.set_index(["seed", "scenario"])[list(metrics)]
        index = [(seed, label) for seed in self.seeds for label in self.labels]
        return table.loc[index].to_numpy(float).reshape(len(self.seeds), len(self.labels), len(metrics))


def run_batch(
    scenarios: Sequence[Scenario],
    labels: Sequence[str],
    seed: int | None,
    replicates: int | None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    groups: bool = False,
) -> Batch:
    """Run every scenario on seeds ``seed, seed + 1, ...`` and keep the mean of the last weeks of every metric.

    Parameters
    ----------
    workers : int, optional
        Processes; all processors by default, 1 stays in this process.
    window : int, optional
        Weeks at the end that are averaged, at most the shortest horizon; a year by default, or that horizon if it is shorter.
    progress : callable, optional
        Called with weeks done and weeks in total.
    groups : bool
        Whether to record satisfaction by groups of communities, too (`Batch.groups`).

    Raises
    ------
    UserError
        When a scenario cannot be built, or fewer than two seeds were completed for all scenarios.
    KeyboardInterrupt
        When interrupted before two seeds were completed for all; later, finished pairs are kept and `Batch.interrupted` is set.
    """
    shortest = min(scenario.horizon for scenario in scenarios)
    window = whole("window", min(YEAR, shortest) if window is None else window, 1, shortest)
    replicates = replicates_of(scenarios[0], replicates)
    if replicates < 2:
        raise UserError("replicates: got 1; expected at least 2: one pair has no interval")
    seed = seed_of(scenarios[0], seed, replicates)
    clock, pairs = time.perf_counter(), [(number, s) for s in range(seed, seed + replicates) for number in range(len(scenarios))]
    places = affected_areas(scenarios) if groups else None
    jobs = [(scenarios[number], s, window, places) for number, s in pairs]
    weeks = [scenarios[number].horizon for number, _ in pairs]
    prepare, name_of = partial(compile_all, scenarios), lambda job: labels[pairs[job][0]]
    done, interrupted = collect(_summary, jobs, weeks, workers_of(workers), progress, prepare, name_of)
    return _gathered(scenarios, labels, pairs, done, window, interrupted, time.perf_counter() - clock)


def compile_all(scenarios: Sequence[Scenario]) -> None:
    """Compile the kernels of every model among the scenarios; plug-ins add kernels."""
    for scenario in {one.model: one for one in scenarios}.values():
        compile_kernels(scenario)


def _summary(job: tuple[Scenario, int, int, Places], tick: Tick) -> dict[str, float]:
    scenario, seed, window, places = job
    return summarise(scenario, seed, window, tick, places)


def summarise(
    scenario: Scenario, seed: int, window: int, tick: Tick | None = None, places: Places = None, by_district: Sequence[str] = ()
) -> dict[str, float]:
    """Run one scenario under one seed; mean of every metric over the last `window` weeks, and ``residents``.

    Weeks in which a metric has no value are left out of its mean; a metric without any value is NaN. If `places` is given, even if empty,
    satisfaction by groups of communities (`sim.metrics.groups.group_means`) is included, over the same weeks; so are the metrics of
    `by_district` in every district, under the names of `district_key`.
    """
    simulation = Simulation(scenario, seed)
    before = None
    if places is not None:
        advance_to(simulation, scenario.horizon - window, tick)
        before = satisfaction_so_far(simulation)
    advance_to(simulation, scenario.horizon, tick)
    found = {name: _mean(values[-window:]) for name, values in metrics.series(simulation).items()}
    if not all(abs(found[name]) < float("inf") for name in ("stability", "satisfaction")):
        raise FloatingPointError(Message("stability or satisfaction is not a finite number"))
    by_group = group_means(simulation, before, window, places) if places is not None and before is not None else {}
    return found | {"residents": float(len(simulation.city.residents))} | by_group | _in_districts(simulation, by_district, window)


def district_key(metric: str, district: str) -> str:
    """Name under which a metric of a district is kept among the outcomes of a run."""
    return f"{metric} in {district}"


def _in_districts(simulation: Simulation, names: Sequence[str], window: int) -> dict[str, float]:
    """Means of some metrics over the last weeks in every district."""
    if not names:
        return {}
    districts = simulation.city.district_names
    values = all_metrics(simulation, Record(simulation), names)
    return {
        district_key(name, district): _mean(values[name][-window:, 1 + place]) for name in names for place, district in enumerate(districts)
    }


def _mean(values: "np.ndarray") -> float:
    """Mean of the values that are numbers; NaN if there are none."""
    known = values == values
    count = known.sum()
    return float(values.sum(where=known) / count) if count else math.nan


def _gathered(scenarios, labels, jobs, done, window, interrupted, seconds) -> Batch:
    """The batch of all outcomes, in the order of the jobs."""
    rows = [{"scenario": labels[jobs[o.job][0]], "seed": jobs[o.job][1], **o.value} for o in done if o.value is not None]
    failures = [{"scenario": labels[jobs[o.job][0]], "seed": jobs[o.job][1], "error": o.error} for o in done if o.error]
    finished: dict[int, int] = {}
    for row in rows:
        finished[row["seed"]] = finished.get(row["seed"], 0) + 1
    seeds = tuple(seed for seed, count in finished.items() if count == len(scenarios))
    if len(seeds) < 2:
        if interrupted:
            raise KeyboardInterrupt
        errors = Joined((Message("  {scenario}, seed {seed}: {error}", **failure) for failure in failures[:10]), "\n")
        raise UserError("fewer than two seeds were completed for every scenario:\n{errors}", errors=errors)
    outcomes = pd.DataFrame(rows)
    residents = int(outcomes.pop("residents").iloc[0])
    by_group = [outcomes.pop(name) for name in (*THIRDS, *(place.key for place in affected_areas(scenarios))) if name in outcomes]
    groups = pd.concat([outcomes[["scenario", "seed"]], *by_group], axis=1) if by_group else None
    wanted = len(jobs) // len(scenarios)
    counts = window, wanted, residents, interrupted, seconds
    return Batch(tuple(labels), seeds, outcomes, failures, *counts, tuple(scenarios), groups)


def labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Names of scenarios, numbered if several have the same."""
    labels: list[str] = []
    for scenario in scenarios:
        label, number = scenario.name, 1
        while label in labels:
            number += 1
            label = f"{scenario.name} ({number})"
        labels.append(label)
    return labels


def shrunk(scenario: Scenario, residents: int) -> Scenario:
    """The scenario with its city scaled down to about `residents`, if it is larger."""
    if scenario.city.population <= residents:
        return scenario
    if scenario.city.residents is not None:
        return scenario.with_changes({"city.residents": residents})
    return scenario.with_changes({"city.scale": scenario.city.scale * residents / scenario.city.population})


def direction(metric: str) -> str:
    """Direction of a metric, "more" or "less" is better; "more" if it has none."""
    return "less" if METRICS[metric].better == "less" else "more"


def known_metrics(names: Sequence[str] | str, scenarios: Sequence[Scenario] = ()) -> list[str]:
    """The metrics of these names (a single name is a list of one); `UserError` with a suggestion for unknown metrics, or those that a
    scenario lacks."""
    names = names_of("metrics", names)
    if not names:
        raise UserError("metrics: got none; expected at least one, or leave it out for all")
    known = metrics_of(*scenarios) if scenarios else list(METRICS)
    for name in names:
        if name not in known:
            message = Message("metric: got {name}; expected a name that `sanzhi describe metrics` lists", name=name)
            raise UserError(with_suggestion(message, nearest(name, known)))
    return list(dict.fromkeys(names))
