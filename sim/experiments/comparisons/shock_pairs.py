"""One seed lived twice, with the shocks of a scenario and without them; many seeds in one pool of workers."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.experiments.runs.advance import advance_to
from sim.experiments.runs.jobs import Progress, Tick, collect
from sim.experiments.runs.replicate import compile_kernels
from sim.messages import Joined, Message
from sim.metrics.tables import all_metrics
from sim.scenario import Scenario
from sim.simulation import Simulation


@dataclass(frozen=True, eq=False)
class Lives:
    """A seed with the shocks (`struck`) and without (`spared`): metrics by name, shape (weeks, 1 + districts), the city first.

    Metrics of the city only have one column. `named` are the districts that a shock names, or of which it names a community.
    """

    struck: dict[str, np.ndarray]
    spared: dict[str, np.ndarray]
    residents: int
    districts: tuple[str, ...]
    named: frozenset[str]


@dataclass(frozen=True, eq=False)
class Lived:
    """Pairs by seed, what failed, and whether it was interrupted."""

    pairs: dict[int, Lives]
    failures: list[dict[str, Any]]
    interrupted: bool


def live_pairs(
    scenario: Scenario,
    spared: Scenario,
    metrics: Sequence[str],
    seed: int,
    replicates: int,
    workers: int,
    progress: Progress | None = None,
) -> Lived:
    """Live ``seed, seed + 1, ...`` under both scenarios.

    Raises
    ------
    UserError
        When a scenario cannot be built, or fewer than two pairs were lived to their end.
    KeyboardInterrupt
        When interrupted before that.
    """
    jobs = [(scenario, spared, each, tuple(metrics)) for each in range(seed, seed + replicates)]
    weeks = [2 * scenario.horizon] * replicates
    done, interrupted = collect(lived, jobs, weeks, workers, progress, partial(compile_kernels, scenario))
    pairs = {seed + outcome.job: outcome.value for outcome in done if outcome.value is not None}
    failures = [{"scenario": scenario.name, "seed": seed + outcome.job, "error": outcome.error} for outcome in done if outcome.error]
    if len(pairs) < 2:
        if interrupted:
            raise KeyboardInterrupt
        told = Joined((Message("  seed {seed}: {error}", seed=f["seed"], error=f["error"]) for f in failures[:10]), "\n")
        raise UserError("fewer than two seeds were lived to their end:\n{told}", told=told)
    return Lived(pairs, failures, interrupted)


def _beyond(tell: Tick, before: int, done: int) -> None:
    tell(before + done)


def lived(argument: tuple, tick: Tick) -> Lives:
    """One seed under both scenarios: the job of a worker."""
    scenario, spared, seed, metrics = argument
    struck, other = Simulation(scenario, seed), Simulation(spared, seed)
    advance_to(struck, scenario.horizon, tick)
    advance_to(other, scenario.horizon, partial(_beyond, tick, scenario.horizon))
    values, city = [all_metrics(simulation, names=metrics) for simulation in (struck, other)], struck.city
    return Lives(values[0], values[1], len(city.residents), tuple(city.district_names), frozenset(_named_districts(scenario, city)))


def _named_districts(scenario: Scenario, city: Any) -> Generator[str, None, None]:
    for shock in scenario.shocks:
        if shock.where.district is not None:
            yield shock.where.district
        elif shock.where.community is not None:
            names = list(city.layout.names or ())
            place = names.index(shock.where.community) if names else int(shock.where.community)
            yield city.district_names[city.world.communities["district"][place]]
