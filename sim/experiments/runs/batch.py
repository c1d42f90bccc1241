"""Many scenarios on the same seeds in one pool of workers: what compare, mix and attribute are made of.

A job is one scenario under one seed. Jobs go seed by seed, so that an interrupted batch holds whole pairs. A job that fails is
recorded with scenario and seed and never loses the others.
"""

import contextlib
import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.errors import UserError
from sim.experiments.arguments import names_of, replicates_of, seed_of, whole, workers_of
from sim.experiments.runs.pool import WAITING, Outcome, Stopped, Tick, failure, run_jobs
from sim.experiments.runs.simulate import CHUNK_SECONDS, source_hash, warm
from sim.messages import Joined, Message, or_near

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from sim.metrics.groups import Struck
    from sim.scenario import Scenario
    from sim.simulation import Simulation

YEAR = 52
STEP = 13
"""Weeks between the first looks at progress and Ctrl-C."""
MOST_CHUNKS = 512
"""Small runs go to a worker several at a time: a pool slows down with the number of its jobs."""
Progress = Callable[[int, int], None]
Places: TypeAlias = "Sequence[Struck] | None"
"""Places whose satisfaction is kept beside that of the thirds; None keeps neither."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Outcomes of every scenario on every seed.

    Parameters
    ----------
    labels : tuple of str
        One per scenario, all different.
    seeds : tuple of int
        Seeds on which every scenario finished: whole pairs only.
    outcomes : DataFrame
        A row per run that finished: ``scenario`` (its label), ``seed`` and every metric.
    failures : list of dict
        ``scenario``, ``seed`` and ``error`` of every run that failed.
    window : int
        Weeks at the end whose mean is the outcome; 1 is the last week.
    residents : int
        Of the first scenario's city.
    groups : DataFrame, optional
        A row per run that finished: ``scenario``, ``seed``, and mean satisfaction over the same weeks as the outcomes in each third of the
        communities by hardship (`sim.metrics.groups.THIRDS`) and in every place that a shock of any scenario strikes (such as ``district
        Pudong``), where asked for; NaN where a city is too small for thirds, or has no such place.
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
    scenarios: tuple["Scenario", ...] = field(default=(), repr=False)
    groups: "pd.DataFrame | None" = field(default=None, repr=False)

    def of(self, label: str, metric: str) -> "np.ndarray":
        """A metric of one scenario on the paired seeds, shape (seeds,)."""
        rows = self.outcomes[self.outcomes["scenario"] == label].set_index("seed")
        return rows.loc[list(self.seeds), metric].to_numpy(float)

    def cube(self, metrics: Sequence[str]) -> "np.ndarray":
        """Metrics of all scenarios on the paired seeds, shape (seeds, scenarios, metrics)."""
        table = self.outcomes.set_index(["seed", "scenario"])[list(metrics)]
        index = [(seed, label) for seed in self.seeds for label in self.labels]
        return table.loc[index].to_numpy(float).reshape(len(self.seeds), len(self.labels), len(metrics))


def run_batch(
    scenarios: Sequence["Scenario"],
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
        Processes; as many as processors by default, 1 stays in this one.
    window : int, optional
        Weeks at the end that are averaged, at most the shortest horizon; a year by default, or that horizon where it is shorter.
    progress : callable, optional
        Called with weeks done and weeks in all.
    groups : bool
        Whether to keep satisfaction by groups of communities, too (`Batch.groups`).

    Raises
    ------
    UserError
        When a scenario cannot be built, or fewer than two seeds were finished by all scenarios.
    KeyboardInterrupt
        When interrupted before two seeds were finished by all; later, what is done is kept and `Batch.interrupted` is set.
    """
    from sim.metrics.groups import struck

    shortest = min(scenario.horizon for scenario in scenarios)
    window = whole("window", min(YEAR, shortest) if window is None else window, 1, shortest)
    replicates = replicates_of(scenarios[0], replicates)
    if replicates < 2:
        raise UserError("replicates: got 1; expected at least 2: one pair has no interval")
    seed = seed_of(scenarios[0], seed, replicates)
    at_once = workers_of(workers)
    clock, jobs = time.perf_counter(), [(place, s) for s in range(seed, seed + replicates) for place in range(len(scenarios))]
    done: list[Outcome] = []
    interrupted = False
    places = struck(scenarios) if groups else None
    try:
        with contextlib.closing(_outcomes(scenarios, jobs, at_once, window, places, progress)) as outcomes:
            for outcome in outcomes:
                if outcome.mistake:
                    raise UserError("{name}: {why}", name=labels[jobs[outcome.job][0]], why=outcome.error)
                done.append(outcome)
    except KeyboardInterrupt:
        interrupted = True
    return _gathered(scenarios, labels, jobs, done, window, interrupted, time.perf_counter() - clock)


def _outcomes(scenarios, jobs, workers, window, places, progress) -> Generator[Outcome, None, None]:
    total = sum(scenarios[place].horizon for place, _ in jobs)
    size = -(-len(jobs) // MOST_CHUNKS)
    chunks = [range(start, min(start + size, len(jobs))) for start in range(0, len(jobs), size)]
    runs = [[(job, scenarios[jobs[job][0]], jobs[job][1]) for job in chunk] for chunk in chunks]
    if workers > 1 and len(chunks) > 1:
        with contextlib.suppress(Exception):  # what fails here fails in the workers, and is told with its seed
            for scenario in {one.model: one for one in scenarios}.values():
                warm(scenario)
        report = (lambda weeks: progress(sum(w for w in weeks if w != WAITING), total)) if progress else None
        arguments = [(chunk, window, places, source_hash()) for chunk in runs]
        for outcome in run_jobs(_chunk, arguments, min(workers, len(chunks)), report):
            whole = outcome.value or [replace(outcome, job=job) for job in chunks[outcome.job]]
            yield from whole
    else:
        before = 0
        for chunk in runs:
            yield from _runs(chunk, window, places, partial(_tell, progress, before, total) if progress else None)
            before += sum(scenario.horizon for _, scenario, _ in chunk)
    if progress:
        progress(total, total)


def _tell(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _chunk(argument: tuple[list[tuple[int, "Scenario", int]], int, Places, str], tick: Tick) -> list[Outcome]:
    runs, window, places, source = argument
    if source_hash() != source:
        raise RuntimeError(Message("files of the package changed while it was at work; run it again"))
    return list(_runs(runs, window, places, tick))


def _runs(runs: list[tuple[int, "Scenario", int]], window: int, places: Places, tick: Tick | None) -> Iterator[Outcome]:
    """Outcomes of some runs one after another; one that fails does not stop the others."""
    before = 0
    for job, scenario, seed in runs:
        mine = (lambda done, before=before: tick(before + done)) if tick else None
        try:
            yield Outcome(job, summarise(scenario, seed, window, mine, places))
        except Stopped:
            raise
        except Exception as error:
            yield failure(job, error)
        before += scenario.horizon


def summarise(scenario: "Scenario", seed: int, window: int, tick: Tick | None = None, places: Places = None) -> dict[str, float]:
    """Run one scenario under one seed; mean of every metric over the last `window` weeks, and ``residents``.

    Weeks in which a metric has nothing to judge are left out of its mean; a metric without any is NaN. Where `places` are given, and be
    they none, satisfaction by groups of communities is there, too (`sim.metrics.groups.group_means`), over the same weeks.
    """
    from sim import metrics
    from sim.metrics.groups import group_means, satisfaction_so_far
    from sim.simulation import Simulation

    simulation = Simulation(scenario, seed)
    before = None
    if places is not None:
        _advance(simulation, scenario.horizon - window, tick)
        before = satisfaction_so_far(simulation)
    _advance(simulation, scenario.horizon, tick)
    found = {name: _mean(values[-window:]) for name, values in metrics.series(simulation).items()}
    if not all(abs(found[name]) < float("inf") for name in ("stability", "satisfaction")):
        raise FloatingPointError(Message("stability or satisfaction is not a finite number"))
    by_group = group_means(simulation, before, window, places) if places is not None and before is not None else {}
    return found | {"residents": float(len(simulation.city.residents))} | by_group


def _advance(simulation: "Simulation", until: int, tick: Tick | None) -> None:
    """Live until a week, in steps that grow while they are quick."""
    step = STEP
    while simulation.week < until:
        before = time.perf_counter()
        simulation.advance(min(step, until - simulation.week))
        step = 2 * step if time.perf_counter() - before < CHUNK_SECONDS / 2 else step
        if tick:
            tick(simulation.week)


def _mean(values: "np.ndarray") -> float:
    """Mean of the values that are numbers; NaN where none is."""
    known = values == values
    count = known.sum()
    return float(values.sum(where=known) / count) if count else math.nan


def _gathered(scenarios, labels, jobs, done, window, interrupted, seconds) -> Batch:
    """The batch out of its outcomes, in the order of the jobs however they came in."""
    import pandas as pd

    from sim.metrics.groups import THIRDS, struck

    done = sorted(done, key=lambda outcome: outcome.job)
    rows = [{"scenario": labels[jobs[o.job][0]], "seed": jobs[o.job][1], **o.value} for o in done if o.value is not None]
    failures = [{"scenario": labels[jobs[o.job][0]], "seed": jobs[o.job][1], "error": o.error} for o in done if o.error]
    finished: dict[int, int] = {}
    for row in rows:
        finished[row["seed"]] = finished.get(row["seed"], 0) + 1
    seeds = tuple(seed for seed, count in finished.items() if count == len(scenarios))
    if len(seeds) < 2:
        if interrupted:
            raise KeyboardInterrupt
        told = Joined((Message("  {scenario}, seed {seed}: {error}", **failure) for failure in failures[:10]), "\n")
        raise UserError("fewer than two seeds were finished by every scenario:\n{told}", told=told)
    outcomes = pd.DataFrame(rows)
    residents = int(outcomes.pop("residents").iloc[0])
    by_group = [outcomes.pop(name) for name in (*THIRDS, *(place.key for place in struck(scenarios))) if name in outcomes]
    groups = pd.concat([outcomes[["scenario", "seed"]], *by_group], axis=1) if by_group else None
    wanted = len(jobs) // len(scenarios)
    counts = window, wanted, residents, interrupted, seconds
    return Batch(tuple(labels), seeds, outcomes, failures, *counts, tuple(scenarios), groups)


def labels_of(scenarios: Sequence["Scenario"]) -> list[str]:
    """Names of scenarios, with a number where several have the same."""
    labels: list[str] = []
    for scenario in scenarios:
        label, number = scenario.name, 1
        while label in labels:
            number += 1
            label = f"{scenario.name} ({number})"
        labels.append(label)
    return labels


def shrunk(scenario: "Scenario", residents: int) -> "Scenario":
    """The same scenario in a city of about `residents`, where it has more."""
    if scenario.city.population <= residents:
        return scenario
    if scenario.city.residents is not None:
        return scenario.with_changes({"city.residents": residents})
    return scenario.with_changes({"city.scale": scenario.city.scale * residents / scenario.city.population})


def direction(metric: str) -> str:
    """Direction of a metric, "more" or "less", as it is usually read; "more" where it has none."""
    from sim.metrics import METRICS

    return "less" if METRICS[metric].better == "less" else "more"


def known_metrics(names: Sequence[str] | str, scenarios: "Sequence[Scenario]" = ()) -> list[str]:
    """The metrics themselves (one by its name alone); `UserError` for one that is none or that a scenario lacks, with the nearest."""
    from sim.metrics import METRICS, metrics_of
    from sim.suggestions import nearest

    names = names_of("metrics", names)
    known = metrics_of(*scenarios) if scenarios else list(METRICS)
    for name in names:
        if name not in known:
            told = Message("metric: got {name}; expected a name that `sanzhi describe metrics` lists", name=name)
            raise UserError(or_near(told, nearest(name, known)))
    return list(dict.fromkeys(names))
