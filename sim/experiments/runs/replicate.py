"""One replicate: a scenario simulated once under one seed, to its horizon, and its tables."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from sim import metrics
from sim.arrow import Columns
from sim.experiments.runs.advance import advance_to
from sim.messages import Message
from sim.results import ATTRIBUTION, STAFF
from sim.scenario import Scenario
from sim.simulation import Simulation


@dataclass(frozen=True, eq=False)
class Replicate:
    """One replicate: its tables, the hash of its history and final state, and its duration."""

    seed: int
    tables: dict[str, Columns]
    content_hash: str
    residents: int
    seconds: float


def run_once(
    scenario: Scenario, seed: int, threads: int = 1, progress: Callable[[int], None] | None = None, attribution: bool = False
) -> Replicate:
    """Simulate one replicate.

    Parameters
    ----------
    progress : callable, optional
        Called with the weeks done, several times a second.
    attribution : bool
        Also record the table ``attribution``.
    """
    start = time.perf_counter()
    simulation = Simulation(scenario, seed, threads, attribution=attribution)
    advance_to(simulation, simulation.horizon, progress)
    tables: dict[str, Columns] = {
        "weekly": metrics.weekly_columns(simulation),
        "districts": metrics.district_columns(simulation),
        "flows": metrics.flow_columns(simulation),
        "communities": metrics.community_columns(simulation),
        STAFF: metrics.staff_columns(simulation),
    }
    if moved := metrics.attribution_columns(simulation):
        tables[ATTRIBUTION] = moved
    _refuse_nonsense(tables["weekly"])
    return Replicate(seed, tables, simulation.content_hash(), len(simulation.city.residents), time.perf_counter() - start)


def _refuse_nonsense(weekly: Columns) -> None:
    for name in ("stability", "satisfaction"):
        bad = [week for week, value in zip(weekly["week"].tolist(), weekly[name].tolist(), strict=True) if not math.isfinite(value)]
        if bad:
            raise FloatingPointError(Message("{name} is not a finite number from week {week} on", name=name, week=bad[0]))
