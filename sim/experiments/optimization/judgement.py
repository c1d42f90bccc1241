"""What fresh worlds say of policies that a search found in other worlds (decision 41)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.among_best import among_best, by_chance, luck_between, regrets, word_beyond
from sim.analysis.pareto import efficient
from sim.analysis.robustness import meets, satisficing
from sim.analysis.world_verdict import world_verdict
from sim.experiments.comparisons.mix_worlds import moved_by_luck
from sim.experiments.comparisons.world_batch import Chosen, WorldBatch, run_in_worlds
from sim.experiments.comparisons.world_runs import Shared
from sim.experiments.comparisons.world_tables import world_differences
from sim.experiments.optimization.evolution import costs
from sim.experiments.optimization.search import Search
from sim.experiments.runs.jobs import Progress
from sim.experiments.studies.study_factors import scenario_value
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.worlds.world import World

MOST_JUDGED = 24
"""Policies of a front that are judged."""
OWN = "own"
"""Label of the scenario's own policy."""
REGRETTED = 0.9
"""Quantile over worlds of the regret that is told beside the largest."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """Policies of a front in fresh worlds.

    Parameters
    ----------
    batch : WorldBatch
        The scenario's own policy first (label ``own``), then the policies, each labelled with its row in the table of policies tried.
    policies : DataFrame
        A row per policy: ``policy`` (its label) and the factors. Per objective that is a metric: its median difference from the
        scenario's own policy, ``low_X, high_X`` (90 % range), ``share_better_X`` (of the worlds), ``verdict_X`` (holds, leans or open),
        ``search_X`` (the difference in the worlds of the search), ``regret_X`` (the largest) and ``regret_90_X``; per objective that is
        a factor its value. ``among`` (worlds in which it is among the best), ``share_among``, ``word_among``; ``share, low, high`` of the
        worlds in which it meets the targets; ``efficient`` (by the medians, among those that meet the targets often enough).
    verdicts : DataFrame
        A row per policy and objective that is a metric: ``policy, objective``, the fields of `sim.analysis.world_verdict.WorldVerdict`,
        of which better and worse are as the search asks, ``share_better`` and ``verdict``.
    among : DataFrame
        A row per policy and for the scenario's own: ``policy, n, among, share_among, word_among``.
    regrets : DataFrame
        A row per world, policy and objective that is a metric: ``world, policy, objective, regret, among``.
    """

    batch: WorldBatch
    policies: pd.DataFrame
    verdicts: pd.DataFrame
    among: pd.DataFrame
    regrets: pd.DataFrame = field(repr=False)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by the name of their file."""
        return {"verdicts": self.verdicts, "among_best": self.among, "regrets": self.regrets, "outcomes": self.batch.outcomes}


def spread_out_policies(search: Search, tried: pd.DataFrame, most: int = MOST_JUDGED) -> pd.DataFrame:
    """Policies of the front that are judged: the ends, and those furthest from the others by the objectives; in the order of the first.

    Parameters
    ----------
    search : Search
    tried : DataFrame
        With ``front``.
    most : int
    """
    front = tried[tried["front"]].drop_duplicates(search.space.keys)
    if len(front) > most:
        away = costs(search, front)
        away = (away - away.min(axis=0)) / np.where(np.ptp(away, axis=0) > 0, np.ptp(away, axis=0), 1.0)
        chosen = list(dict.fromkeys(away.argmin(axis=0).tolist()))
        while len(chosen) < most:
            distance = np.linalg.norm(away[:, None] - away[chosen], axis=2).min(axis=1)
            if not distance.max() > 0.0:  # all others have the outcomes of a chosen one
                break
            chosen.append(int(distance.argmax()))
        front = front.iloc[sorted(chosen)]
    first, way = next(iter(search.objectives.items()))
    return front.sort_values(first, ascending=way == "less", kind="stable")


def judge(
    search: Search,
    policies: pd.DataFrame,
    city: Scenario,
    chosen: Chosen,
    keep: Path,
    workers: int | None = None,
    progress: Progress | None = None,
    place: Shared | None = None,
) -> Judgement:
    """Run policies and the scenario's own in fresh worlds.

    Parameters
    ----------
    search : Search
    policies : DataFrame
        Rows of the table of policies tried.
    city : Scenario
        In the size that is simulated.
    chosen : Chosen
        The worlds.
    keep, workers, progress, place
        As in `sim.experiments.comparisons.world_batch.run_in_worlds`.

    Raises
    ------
    UserError
        As `run_in_worlds`.
    KeyboardInterrupt
        Finished runs are kept.
    """
    changes, labels = changes_of(policies[search.space.keys]), [OWN, *map(str, policies.index)]

    def in_world(world: World) -> list[Scenario]:
        there = world.apply(city)
        return [there, *map(there.with_changes, changes)]

    scenarios = [city, *map(city.with_changes, changes)]
    batch = run_in_worlds(scenarios, labels, chosen, search.base.seed, workers, None, progress, keep=keep, in_world=in_world, place=place)
    if batch.interrupted:
        raise KeyboardInterrupt
    return judgement_of(search, policies, batch, [scenario_value(city, key) for key in search.objectives])


def changes_of(policies: pd.DataFrame) -> list[dict[str, Any]]:
    """What every policy changes in the scenario, with plain values."""
    rows = policies.to_dict("records")
    return [{str(key): value.item() if hasattr(value, "item") else value for key, value in row.items()} for row in rows]


def judgement_of(search: Search, policies: pd.DataFrame, batch: WorldBatch, own: Sequence[Any]) -> Judgement:
    """The tables of a judgement; `own` are the values of the objectives in the scenario, of those that are factors."""
    metrics = [name for name in search.objectives if name in METRICS]
    verdicts = _verdicts(search, batch, metrics)
    inside, short = _in_worlds(search, policies, batch, metrics, own)
    chance, n = by_chance(inside), len(batch.worlds)
    counts = inside.sum(axis=0)
    among = pd.DataFrame({"policy": batch.labels, "n": n, "among": counts, "share_among": counts / n})
    among["word_among"] = [word_beyond(int(one), n, chance) for one in counts]
    table = _policies(search, policies, verdicts, short, metrics)
    table = table.merge(among.drop(columns="n"), on="policy", how="left")
    table = table.merge(_met(search, batch), on="policy", how="left")
    good = table["share"] >= search.met_in if search.targets else pd.Series(True, table.index)
    table["efficient"] = efficient(table[list(search.objectives)].where(good), list(search.objectives.values()))
    every = [
        pd.DataFrame(
            {
                "world": np.repeat([world.number for world in batch.worlds], len(batch.labels)),
                "policy": np.tile(batch.labels, n),
                "objective": name,
                "regret": short[name].ravel(),
                "among": inside.ravel(),
            }
        )
        for name in metrics
    ]
    return Judgement(batch, table, verdicts, among, pd.concat(every, ignore_index=True) if every else pd.DataFrame())


def _verdicts(search: Search, batch: WorldBatch, metrics: Sequence[str]) -> pd.DataFrame:
    rows = []
    differences = world_differences(batch, metrics, batch.first)
    for (label, name), table in differences[differences["counted"]].groupby(["scenario", "metric"], sort=False):
        resolution = np.where(table["same"], np.inf, 0.0)
        found = world_verdict(table["difference"].to_numpy(float), search.objectives[name] == "less", resolution)
        share = found.better / found.n if found.n else np.nan
        rows.append({"policy": label, "objective": name, **found._asdict(), "share_better": share, "verdict": found.word})
    return pd.DataFrame(rows).drop(columns="word")


def _in_worlds(search: Search, policies: pd.DataFrame, batch: WorldBatch, metrics: Sequence[str], own: Sequence[Any]) -> tuple[Any, dict]:
    """Whether each policy is among the best in each world, and its regret by every metric; shape (worlds, policies) each."""
    values, luck, n = [], [], len(batch.worlds)
    once = batch.once
    by_luck = luck_between(moved_by_luck(batch, metrics)) if metrics else np.empty(0)
    for place, name in enumerate(search.objectives):
        if name in metrics:
            values.append(once.cube([name])[:, :, 0])
            luck.append(by_luck[metrics.index(name)])
        else:
            at_home = own[place] if isinstance(own[place], (int, float)) else np.nan
            values.append(np.tile([float(at_home), *policies[name].astype(float)], (n, 1)))
            luck.append(0.0)
    ways = list(search.objectives.values())
    inside = among_best(np.stack(values, axis=2), luck, ways)
    both = zip(search.objectives.items(), values, strict=True)
    return inside, {name: regrets(one, way) for (name, way), one in both if name in metrics}


def _policies(search: Search, policies: pd.DataFrame, verdicts: pd.DataFrame, short: dict, metrics: Sequence[str]) -> pd.DataFrame:
    """Factors, and what was found of every objective."""
    table = policies[search.space.keys].reset_index(drop=True)
    table.insert(0, "policy", policies.index.astype(str))
    for name in metrics:
        found = verdicts[verdicts["objective"] == name].set_index("policy").reindex(table["policy"])
        columns = {"": "median", "low_": "low", "high_": "high", "share_better_": "share_better", "verdict_": "verdict"}
        table = table.assign(**{f"{head}{name}": found[column].to_numpy() for head, column in columns.items()})
        table[f"search_{name}"] = policies[name].to_numpy()
        table[f"regret_{name}"] = np.nanmax(short[name][:, 1:], axis=0)
        table[f"regret_90_{name}"] = np.nanquantile(short[name][:, 1:], REGRETTED, axis=0)
    return table


def _met(search: Search, batch: WorldBatch) -> pd.DataFrame:
    """Share of the worlds in which every policy meets the targets."""
    once = batch.once.outcomes
    wide = once.assign(met=meets(once, search.targets)).pivot(index="scenario", columns="world", values="met")
    return satisficing(wide)[["share", "low", "high"]].rename_axis("policy").reset_index()
