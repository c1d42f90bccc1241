"""Every seed simulated twice, with and without the shocks of a scenario, many seeds in one pool of workers."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.experiments.runs.advance import advance_to
from sim.experiments.runs.jobs import Progress, Tick, collect
from sim.messages import Joined, Message
from sim.metrics.tables import all_metrics
from sim.scenario import Scenario
from sim.simulation import Simulation, compile_kernels


@dataclass(frozen=True, eq=False)
class ShockPair:
    """A seed with the shocks (`with_shocks`) and without (`without_shocks`): metrics by name, shape (weeks, 1 + districts), the city first.

    Metrics without districts have one column. `named_districts` are those named by a shock, directly or by a community.
    """

    with_shocks: dict[str, np.ndarray]
    without_shocks: dict[str, np.ndarray]
    residents: int
    districts: tuple[str, ...]
    named_districts: frozenset[str]


@dataclass(frozen=True, eq=False)
class ShockPairs:
    """Pairs by seed, failures, and whether the work was interrupted."""

    pairs: dict[int, ShockPair]
    failures: list[dict[str, Any]]
    interrupted: bool


def run_pairs(
    scenario: Scenario,
    without: Scenario,
    metrics: Sequence[str],
    seed: int,
    replicates: int,
    workers: int,
    progress: Progress | None = None,
) -> ShockPairs:
    """Simulate ``seed, seed + 1, ...`` under both scenarios.

    Raises
    ------
    UserError
        When a scenario cannot be built, or fewer than two pairs were finished.
    KeyboardInterrupt
        When interrupted before that.
    """
    jobs = [(scenario, without, each, tuple(metrics)) for each in range(seed, seed + replicates)]
    weeks = [2 * scenario.horizon] * replicates
    done, interrupted = collect(run_pair, jobs, weeks, workers, progress, partial(compile_kernels, scenario))
    pairs = {seed + outcome.job: outcome.value for outcome in done if outcome.value is not None}
    failures = [{"scenario": scenario.name, "seed": seed + outcome.job, "error": outcome.error} for outcome in done if outcome.error]
    if len(pairs) < 2:
        if interrupted:
            raise KeyboardInterrupt
        errors = Joined((Message("  seed {seed}: {error}", seed=f["seed"], error=f["error"]) for f in failures[:10]), "\n")
        raise UserError("fewer than two seeds were completed:\n{errors}", errors=errors)
    return ShockPairs(pairs, failures, interrupted)


def _add(report: Tick, before: int, done: int) -> None:
    report(before + done)


def run_pair(argument: tuple, tick: Tick) -> ShockPair:
    """One seed under both scenarios: the job of a worker."""
    scenario, without, seed, metrics = argument
    with_shocks, other = Simulation(scenario, seed), Simulation(without, seed)
    advance_to(with_shocks, scenario.horizon, tick)
    advance_to(other, scenario.horizon, partial(_add, tick, scenario.horizon))
    values, city = [all_metrics(simulation, names=metrics) for simulation in (with_shocks, other)], with_shocks.city
    return ShockPair(values[0], values[1], len(city.residents), tuple(city.district_names), frozenset(_named_districts(scenario, city)))


def _named_districts(scenario: Scenario, city: Any) -> Generator[str, None, None]:
    for shock in scenario.shocks:
        if shock.where.district is not None:
            yield shock.where.district
        elif shock.where.community is not None:
            names = list(city.layout.names or ())
            number = names.index(shock.where.community) if names else int(shock.where.community)
            yield city.district_names[city.world.communities["district"][number]]
