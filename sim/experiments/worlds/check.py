"""Check a set of worlds: that it is of this model and this evidence, and that some of its worlds, simulated again, give the same bits."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import UserError
from sim.experiments.arguments import whole, workers_of
from sim.experiments.runs.jobs import collect
from sim.experiments.worlds.evidence import EFFECT, RATE, RATES, WEEKS, Target, Trial, evidence_hash, measured, measured_by, plain, targets
from sim.experiments.worlds.make import mean_and_error
from sim.experiments.worlds.settings import Settings
from sim.scenario import Scenario, load_scenario
from sim.worlds.world_set import OWN, WorldSet, read_worlds


@dataclass(frozen=True)
class Check:
    """Result of a check.

    Parameters
    ----------
    table : DataFrame
        A row per world and target simulated again: ``world, target, kept, now, low, high, fits, same``.
    evidence : bool
        Whether the set was matched to the evidence of this version.
    """

    table: pd.DataFrame
    evidence: bool

    @property
    def holds(self) -> bool:
        """Whether the evidence is the same, every world still fits, and no bit differs."""
        return self.evidence and bool(self.table["fits"].all() and self.table["same"].all())


def check_worlds(
    path: str | Path | None = None,
    count: int = 3,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Check:
    """Simulate some worlds of a set again, under the seeds under which they were accepted.

    Parameters
    ----------
    path : path, optional
        The set of the package by default.
    count : int
        Worlds to simulate.
    seed : int
        Of the draw of worlds.
    workers : int, optional
        Processes; as many as processors by default.
    progress : callable, optional
        Called with weeks done and planned.

    Raises
    ------
    UserError
        If the file is no set of worlds, of another model, or was fitted to the rates of a user's own city.
    """
    found = read_worlds(path)
    if OWN in found.about:
        raise UserError("{path} was fitted to the rates of a city of its own: check the set that it was fitted from", path=path)
    chosen = found.sample(min(whole("count", count, 1, 100_000), len(found)), seed)
    base = scenario_of_set(found)
    known = targets(base, found.about["settings"]["discrepancy"])
    rates = tuple(one.short for one in known if one.kind == RATE)
    settings = Settings.of(found.about["settings"])
    asked = [(world, what, seeds) for world in chosen for what, seeds in _seeds(found, world.number, known)]
    jobs = [
        (base, Trial(dict(world.coefficients), dict(world.choices), what, seed, settings.size(what)), rates)
        for world, what, seeds in asked
        for seed in seeds
    ]
    outcomes, interrupted = collect(measured, jobs, [WEEKS] * len(jobs), workers_of(workers), progress)
    if interrupted:
        raise KeyboardInterrupt
    values = iter([one.value if one.error is None else (math.nan,) * len(rates) for one in outcomes])
    rows = [
        row
        for world, what, seeds in asked
        for row in _compared(found, world.number, measured_by(known, what), np.array([next(values) for _ in seeds]))
    ]
    return Check(pd.DataFrame(rows), found.about["evidence"] == evidence_hash(known))


def scenario_of_set(found: WorldSet) -> Scenario:
    """The scenario that a set was matched to, without timeline, shocks and targets.

    Raises
    ------
    UserError
        If it is not the scenario of that name any more.
    """
    about = found.about["scenario"]
    base = plain(load_scenario(about["name"]))
    if base.hash != about["hash"]:
        raise UserError("{path} was matched to another scenario of the name {name}: make a new set", path=found.path, name=about["name"])
    return base


def _seeds(found: WorldSet, number: int, known: Sequence[Target]) -> list[tuple[str, range]]:
    """What was simulated of a world, and under which seeds."""
    row = found.table[found.table["world"] == number].iloc[0]
    first = int(row["first_seed"])
    counts = {RATES: int(row["seeds"]), **{one.short: int(row[f"seeds:{one.name}"]) for one in known if one.kind == EFFECT}}
    return [(what, range(first, first + count)) for what, count in counts.items()]


def _compared(found: WorldSet, number: int, mine: Sequence[Target], values: np.ndarray) -> list[dict[str, Any]]:
    """Kept and new means of some targets of a world; `values` has a row per seed."""
    row = found.table[found.table["world"] == number].iloc[0]
    rows = []
    for place, target in enumerate(mine):
        kept, (now, _) = float(row[target.name]), mean_and_error(values[:, place])
        fits = target.name in found.about["settings"]["leave_out"] or target.low <= now <= target.high
        known = {"kept": kept, "now": now, "low": target.low, "high": target.high}
        rows.append({"world": number, "target": target.name, **known, "fits": fits, "same": now == kept})
    return rows
