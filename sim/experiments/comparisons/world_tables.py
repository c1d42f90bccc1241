"""Tables of a comparison over worlds: differences, verdicts, and what differs between worlds."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.analysis.luck_share import luck_alone, luck_share, pooled
from sim.analysis.paired import SINGLE
from sim.analysis.world_verdict import WorldVerdict, world_verdict
from sim.experiments.comparisons.natural_units import BUDGET, money_resolution
from sim.experiments.runs.batch import Batch
from sim.lazy import lazily
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.worlds.priors import shipped
from sim.worlds.world import World

with lazily():
    import pandas as pd

SEEDS = 2
"""Seeds set aside for each world."""
DIRECTIONS = ("more", "less")


def world_differences(batch: Batch, metrics: Sequence[str], first: int) -> "pd.DataFrame":
    """Table of differences, see `WorldComparison`; `first` is the seed of the comparison."""
    base, *others = batch.labels
    by_label = {label: rows.set_index(["world", "seed"]) for label, rows in batch.outcomes.groupby("scenario", sort=False)}
    a, parts = by_label[base], []
    for label in others:
        b = by_label[label].loc[a.index]
        world, seed = (a.index.get_level_values(name) for name in ("world", "seed"))
        for name in metrics:
            columns = {"scenario": label, "metric": name, "world": world, "seed": seed, "a": a[name].to_numpy(), "b": b[name].to_numpy()}
            parts.append(pd.DataFrame(columns))
    table = pd.concat(parts, ignore_index=True)
    table["difference"] = table["b"] - table["a"]
    table["counted"] = table["seed"] == first + SEEDS * table["world"]
    rounding = money_resolution({name: a[name].to_numpy(float) for name in BUDGET if name in a})
    size = np.maximum(table["a"].abs(), table["b"].abs()) * SINGLE
    finest = np.where(table["metric"].isin(BUDGET), np.maximum(size, rounding), size)
    table["same"] = table["difference"].abs() <= finest
    return table


def world_verdicts(differences: "pd.DataFrame") -> "pd.DataFrame":
    """Table of verdicts, see `WorldComparison`."""
    rows = []
    for (label, name), table in differences.groupby(["scenario", "metric"], sort=False):
        counted = table[table["counted"]]
        values, resolution = counted["difference"].to_numpy(float), np.where(counted["same"], np.inf, 0.0)
        better = METRICS[name].better if name in METRICS else ""
        found = world_verdict(values, better == "less", resolution)
        within = [rows["difference"].to_numpy(float) for _, rows in table.groupby("world")]
        rows.append(
            {"scenario": label, "metric": name, **found._asdict(), "directed": better in DIRECTIONS, **_luck(found, values, within)}
        )
    return pd.DataFrame(rows)


def _luck(found: WorldVerdict, values: np.ndarray, within: list[np.ndarray]) -> dict[str, Any]:
    split = luck_share(values, within)
    variance, freedom = pooled(within)
    alone = luck_alone(found.median, found.n, variance, freedom) if freedom and found.n and found.median != 0 else (math.nan, math.nan)
    shares = {"luck_share": split.share, "luck_low": split.low, "luck_high": split.high, "truncated": split.truncated}
    return {"luck": split.luck, "assumptions": split.assumptions, **shares, "alone_low": alone[0], "alone_high": alone[1]}


def assumptions_of(worlds: Sequence[World], scenarios: Sequence[Scenario]) -> "pd.DataFrame":
    """What worlds change in the scenarios, a row per world: ``world``, coefficients and structural choices by name.

    Coefficients that follow another one say nothing of their own and are left out.
    """
    used = {name for scenario in scenarios for name in _changed(worlds[0], scenario)}
    rows = []
    for world in worlds:
        both = {**world.coefficients, **world.choices}
        rows.append({"world": world.number, **{name: value for name, value in both.items() if name in used}})
    return pd.DataFrame(rows)


def _changed(world: World, scenario: Scenario) -> list[str]:
    names = [f"{mechanism}.{key}" for mechanism, values in world.changes(scenario).get("mechanisms", {}).items() for key in values]
    coefficients = [name for name in names if name in shipped() and not shipped()[name].follows]
    return [*coefficients, *(f"mechanisms.{name}" for name in names if f"mechanisms.{name}" in world.choices)]
