"""Tables of a comparison over worlds: differences, verdicts, and what differs between worlds."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.assumptions import Carrier
from sim.analysis.beliefs import Condition, Rule
from sim.analysis.cost_effectiveness import COSTS, DOMINATED, DOMINATES, FREE, NO_EFFECT, SAVES, WORSE
from sim.analysis.luck_share import luck_alone, luck_share, pooled
from sim.analysis.paired import SINGLE
from sim.analysis.real_size import EFFECTS, LEADING, total_factor
from sim.analysis.world_verdict import MIDDLE, OPEN, WorldVerdict, world_verdict
from sim.experiments.comparisons.natural_units import BUDGET, money_difference, money_resolution
from sim.experiments.comparisons.world_batch import SEEDS, WorldBatch
from sim.experiments.runs.batch import Batch
from sim.lazy import lazily
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.worlds.priors import shipped
from sim.worlds.world import World

with lazily():
    import pandas as pd

DIRECTIONS = ("more", "less")
NATURAL = "scenario metric base value n better worse same median low high word side directed luck_share".split()
"""Columns of verdicts that are kept in numbers of the real city."""
COST = ("cost_per_effect", "cost_low", "cost_high", "cost_verdict")


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
        within = _by_world(table["world"].to_numpy(), table["difference"].to_numpy(float))
        medians = {"base": _median(counted["a"]), "value": _median(counted["b"])}
        split = {"directed": better in DIRECTIONS, **_luck(found, values, within)}
        rows.append({"scenario": label, "metric": name, **medians, **found._asdict(), **split})
    return pd.DataFrame(rows)


def _by_world(worlds: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """Values of each world, in the order of worlds."""
    order = np.argsort(worlds, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(worlds[order])) + 1)


def district_verdicts(batch: WorldBatch) -> "pd.DataFrame":
    """Table of districts, see `WorldComparison.districts`; without what no scenario has there."""
    table, rows = batch.districts, []
    assert table is not None
    counted = table[table["seed"] == batch.first + SEEDS * table["world"]]
    metrics = [name for name in counted if name not in ("scenario", "world", "seed", "district")]
    for district, there in counted.groupby("district", sort=False):
        by_label = {label: own.set_index("world") for label, own in there.groupby("scenario", sort=False)}
        base = by_label[batch.labels[0]]
        for label in batch.labels[1:]:
            other = by_label[label].loc[base.index]
            for name in metrics:
                a, b = base[name].to_numpy(float), other[name].to_numpy(float)
                found = world_verdict(b - a, METRICS[name].better == "less", np.maximum(np.abs(a), np.abs(b)) * SINGLE)
                medians = {"base": _median(base[name]), "value": _median(other[name])}
                rows.append({"scenario": label, "district": district, "metric": name, **medians, **found._asdict()})
    return pd.DataFrame(rows)


def _median(values: "pd.Series") -> float:
    return float(values.median())


def natural_verdicts(verdicts: "pd.DataFrame", batch: WorldBatch, residents: float) -> "pd.DataFrame":
    """Leading results in numbers of the real city, and what they cost.

    Parameters
    ----------
    verdicts : DataFrame
        As of `world_verdicts`.
    batch : WorldBatch
    residents : float
        Of the real city.

    Returns
    -------
    DataFrame
        A row per scenario but the first and leading result with a value: the columns of `verdicts` up to ``directed``, of which ``base``,
        ``value``, ``median``, ``low`` and ``high`` are totals of the real city where there is one; ``luck_share``; ``cost_per_effect,
        cost_low, cost_high`` (currency for each unit of improvement: median and 90 % range over worlds, infinite where a world has no
        improvement), ``cost_verdict`` (see `sim.analysis.cost_effectiveness.VERDICTS`; of the verdict over worlds) and ``currency``.
    """
    currencies = {scenario.staffing.currency for scenario in batch.scenarios}
    currency = currencies.pop() if len(currencies) == 1 else ""
    once, base = batch.once, batch.labels[0]
    values = {label: {name: once.of(label, name) for name in LEADING if name in once.outcomes} for label in batch.labels}
    known = verdicts[verdicts["metric"].isin(LEADING) & (verdicts["n"] > 0)]
    rows = []
    for row in known.sort_values("metric", key=lambda names: names.map(LEADING.index), kind="stable").to_dict("records"):
        label, name = row["scenario"], row["metric"]
        factor = total_factor(name, residents)
        factor = 1.0 if math.isnan(factor) else factor
        money = money_difference(values[base], values[label]) if currency else None
        gain = (values[label][name] - values[base][name]) * factor * (-1.0 if METRICS[name].better == "less" else 1.0)
        totals = {key: row[key] * factor for key in ("base", "value", "median", "low", "high")}
        cost = _cost(row, gain, money * residents) if money is not None and name in EFFECTS else {}
        rows.append({**row, **totals, **dict.fromkeys(COST[:3], math.nan), "cost_verdict": "", **cost})
    table = pd.DataFrame(rows, columns=[*NATURAL, *COST])
    return table.assign(currency=currency).sort_values("scenario", key=lambda names: names.map(batch.labels.index), kind="stable")


def _cost(row: dict[str, Any], gain: np.ndarray, money: np.ndarray) -> dict[str, Any]:
    """The columns on money of a result over worlds: nothing is charged to a difference that is open."""
    if row["word"] == OPEN:
        return {"cost_verdict": NO_EFFECT}
    better, dearer = row["side"] == "better", float(np.sign(np.nanmedian(money)))
    if better != (dearer > 0) or not dearer:
        return {"cost_verdict": (FREE if better else WORSE) if not dearer else DOMINATES if better else DOMINATED}
    gain, money = (gain, money) if better else (-gain, -money)
    each = np.divide(money, gain, out=np.full(len(gain), np.inf), where=gain > 0)
    low, middle, high = np.quantile(each, (MIDDLE[0], 0.5, MIDDLE[1]), method="inverted_cdf").tolist()
    return {"cost_per_effect": middle, "cost_low": low, "cost_high": high, "cost_verdict": COSTS if better else SAVES}


def _luck(found: WorldVerdict, values: np.ndarray, within: list[np.ndarray]) -> dict[str, Any]:
    split = luck_share(values, within)
    variance, freedom = pooled(within)
    alone = luck_alone(found.median, found.n, variance, freedom) if freedom and found.n and found.median != 0 else (math.nan, math.nan)
    shares = {"luck_share": split.share, "luck_low": split.low, "luck_high": split.high, "truncated": split.truncated}
    return {"luck": split.luck, "assumptions": split.assumptions, **shares, "alone_low": alone[0], "alone_high": alone[1]}


def carriers_table(found: "Mapping[tuple[str, str], Sequence[Carrier]]") -> "pd.DataFrame":
    """A row per scenario, metric and assumption that carries most of its spread: ``scenario, metric``, and the fields of `Carrier`."""
    rows = [(*pair, *one) for pair, several in found.items() for one in several]
    return pd.DataFrame(rows, columns=["scenario", "metric", *Carrier._fields])


def beliefs_table(found: "Mapping[tuple[str, str], Rule | None]") -> "pd.DataFrame":
    """A row per condition of the rules under which the other side wins: ``scenario, metric``, the fields of `Condition`, and
    ``positive, inside, against, missed, worlds, p`` of the `Rule`."""
    of_rule = ("positive", "inside", "against", "missed", "worlds", "p")
    rows = [
        (*pair, *condition, *(getattr(rule, name) for name in of_rule))
        for pair, rule in found.items()
        for condition in (rule.conditions if rule else ())
    ]
    return pd.DataFrame(rows, columns=["scenario", "metric", *Condition._fields, *of_rule])


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
