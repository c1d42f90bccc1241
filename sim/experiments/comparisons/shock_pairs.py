"""One seed lived twice, with the shocks of a scenario and without them; many seeds in one pool of workers."""

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UserError
from sim.experiments.runs.batch import Progress
from sim.experiments.runs.pool import WAITING, Outcome, Stopped, Tick, failure, run_jobs
from sim.experiments.runs.simulate import live, source_hash, warm
from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
    scenario: "Scenario",
    spared: "Scenario",
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
    done: list[Outcome] = []
    interrupted = False
    jobs = [(scenario, spared, each, tuple(metrics), source_hash()) for each in range(seed, seed + replicates)]
    try:
        with contextlib.closing(_outcomes(jobs, 2 * scenario.horizon, workers, progress)) as outcomes:
            for outcome in outcomes:
                if outcome.mistake:
                    raise UserError(str(outcome.error))
                done.append(outcome)
    except KeyboardInterrupt:
        interrupted = True
    done.sort(key=lambda outcome: outcome.job)
    pairs = {seed + outcome.job: outcome.value for outcome in done if outcome.value is not None}
    failures = [{"scenario": scenario.name, "seed": seed + outcome.job, "error": outcome.error} for outcome in done if outcome.error]
    if len(pairs) < 2:
        if interrupted:
            raise KeyboardInterrupt
        told = Joined((Message("  seed {seed}: {error}", seed=f["seed"], error=f["error"]) for f in failures[:10]), "\n")
        raise UserError("fewer than two seeds were lived to their end:\n{told}", told=told)
    return Lived(pairs, failures, interrupted)


def _outcomes(jobs: list[tuple], weeks: int, workers: int, progress: Progress | None) -> Generator[Outcome, None, None]:
    total = weeks * len(jobs)

    def tell(done: int) -> None:
        if progress:
            progress(done, total)

    if workers > 1 and len(jobs) > 1:
        with contextlib.suppress(Exception):  # what fails here fails in the workers, and is told with its seed
            warm()
        yield from run_jobs(lived, jobs, min(workers, len(jobs)), lambda done: tell(sum(w for w in done if w != WAITING)))
    else:
        for job, argument in enumerate(jobs):
            try:
                yield Outcome(job, lived(argument, partial(_beyond, tell, weeks * job)))
            except Stopped:
                raise
            except Exception as error:
                yield failure(job, error)
    tell(total)


def _beyond(tell: Tick, before: int, done: int) -> None:
    tell(before + done)


def lived(argument: tuple, tick: Tick) -> Lives:
    """One seed under both scenarios: the job of a worker."""
    from sim.metrics.tables import all_metrics
    from sim.simulation import Simulation

    scenario, spared, seed, metrics, source = argument
    if source_hash() != source:
        raise RuntimeError(Message("files of the package changed while it was at work; run it again"))
    struck, other = Simulation(scenario, seed), Simulation(spared, seed)
    live(struck, tick)
    live(other, partial(_beyond, tick, scenario.horizon))
    values, city = [all_metrics(simulation, names=metrics) for simulation in (struck, other)], struck.city
    return Lives(values[0], values[1], len(city.residents), tuple(city.district_names), frozenset(_named_districts(scenario, city)))


def _named_districts(scenario: "Scenario", city: Any) -> Generator[str, None, None]:
    for shock in scenario.shocks:
        if shock.where.district is not None:
            yield shock.where.district
        elif shock.where.community is not None:
            names = list(city.layout.names or ())
            place = names.index(shock.where.community) if names else int(shock.where.community)
            yield city.district_names[city.world.communities["district"][place]]
