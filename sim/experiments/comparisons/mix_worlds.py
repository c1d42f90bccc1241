"""Mixes of the three governances over plausible worlds: every mix in the same worlds, under the same luck in each.

For every mix and objective: the worlds in which it is among the best, as far as luck lets one tell (`sim.analysis.among_best`), its regret
in each world, and whether worlds agree that it does better or worse than the scenario's own mix.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.among_best import Chance, among_best, by_chance, luck_alone, luck_between, luck_of, regrets, word_beyond
from sim.analysis.pareto import efficient
from sim.analysis.real_size import LEADING
from sim.analysis.world_verdict import HOLDS, LEANS, MIDDLE, OPEN
from sim.experiments.comparisons.mix_grid import OWN, GridResult, Mix, has_direction, label_of, own_mix, table_of, with_mix
from sim.experiments.comparisons.world_batch import Chosen, WorldBatch, run_in_worlds
from sim.experiments.comparisons.world_tables import assumptions_of, natural_verdicts, world_differences, world_verdicts
from sim.experiments.runs.batch import direction
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.scenario import Scenario
from sim.scenario.costs import real_residents
from sim.worlds.world import World

with lazily():
    import pandas as pd

WORLDS, AGAIN = 20, 3
"""Worlds by default, and how many of them are simulated under a second seed, which tells luck."""
TOGETHER = "together"
"""In tables: all objectives that have a direction, at once. Among the best are then the efficient mixes."""


@dataclass(frozen=True, eq=False)
class WorldMixResult(GridResult):
    """Outcomes over the simplex in plausible worlds.

    Parameters
    ----------
    batch : WorldBatch
        A scenario per mix, the scenario's own mix last (label ``own``).
    mixes : DataFrame
        A row per mix: ``mix`` (label), the share of every lever, ``share_efficient`` (of the worlds in which it is efficient beyond luck),
        ``efficient`` (by the median differences from the scenario's own mix), and for every objective its median over worlds,
        ``<metric>_low``, ``<metric>_high`` (90 % range).
    among : DataFrame
        A row per objective (and `TOGETHER`) and mix: ``objective, mix, n`` (worlds with a value), ``among`` (of these, in which it is among
        the best), ``word`` (holds, leans or open), ``alone_low, alone_high`` (what luck alone would give: 90 % range), ``regret``,
        ``worst_regret`` (median over worlds, and largest; in the unit of the metric, NaN for `TOGETHER`).
    best : DataFrame
        A row per objective (and `TOGETHER`): ``objective, better``, the ``mix`` that is among the best in most worlds (of several the one
        of least median regret) with its columns of `among` and the share of every lever; ``as_many`` (mixes in as many worlds),
        ``everywhere`` (mixes in all), ``expected``, ``fewest`` (see `sim.analysis.among_best.Chance`), ``luck`` (in the unit of the
        metric); ``regret_mix`` (the mix of least worst regret), ``regret_worst``, ``regret_near`` (mixes whose worst regret exceeds it
        by no more than luck), ``regret_<lever>``; ``disagree`` (mixes for which worlds do not agree whether they do better or worse than
        the scenario's own).
    verdicts : DataFrame
        A row per mix and objective against the scenario's own mix: columns as of `sim.experiments.comparisons.world_tables.world_verdicts`.
    regrets : DataFrame
        A row per world, mix and objective: ``world, mix, objective, regret, among``.
    natural : DataFrame
        Leading results of the mixes that `best` names against the scenario's own, for the real size of the city: columns as of
        `sim.experiments.comparisons.world_tables.natural_verdicts`.
    assumptions : DataFrame
        A row per world: ``world``, and what it changes: coefficients and structural choices.
    """

    batch: WorldBatch
    among: "pd.DataFrame"
    best: "pd.DataFrame"
    verdicts: "pd.DataFrame"
    regrets: "pd.DataFrame" = field(repr=False)
    natural: "pd.DataFrame" = field(repr=False)
    assumptions: "pd.DataFrame" = field(repr=False)

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        found = {"mixes": self.mixes, "among_best": self.among, "best_mixes": self.best, "world_verdicts": self.verdicts}
        found |= {"regrets": self.regrets, "world_natural_units": self.natural, "assumptions": self.assumptions}
        return found | {"outcomes": self.batch.outcomes}

    @property
    def settings(self) -> dict[str, Any]:
        words = {"holds": HOLDS, "leans": LEANS}
        grid = {"steps": self.steps, "objectives": list(self.objectives)}
        return {**grid, "worlds": [world.number for world in self.batch.worlds], **words, "set": self.batch.about}


def mix_over_worlds(
    named: Scenario,
    city: Scenario,
    grid: Sequence[Mix],
    objectives: Sequence[str],
    steps: int,
    chosen: Chosen,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    keep: str | Path | None = None,
) -> WorldMixResult:
    """Run every mix in every world.

    Parameters
    ----------
    named, city : Scenario
        As it was given, and in the city that is simulated.
    grid : sequence of Mix
    objectives : sequence of str
        Metrics.
    steps : int
        Of the grid.
    chosen : Chosen
    seed, workers, window, progress, keep
        As in `sim.experiments.comparisons.world_batch.run_in_worlds`.

    Raises
    ------
    UserError, KeyboardInterrupt
        As `run_in_worlds`.
    """

    def in_world(world: World) -> list[Scenario]:
        there = world.apply(city)
        return [*(with_mix(there, one) for one in grid), there]

    labels = [*map(label_of, grid), OWN]
    scenarios = [*(with_mix(city, one) for one in grid), city]
    batch = run_in_worlds(scenarios, labels, chosen, seed, workers, window, progress, AGAIN, keep, in_world)
    verdicts = world_verdicts(world_differences(_against_own(batch, labels[:-1]), objectives, batch.first))
    mixes = table_of(labels, [*grid, own_mix(named)])
    among, best, every = judged(batch, mixes, objectives, verdicts)
    mixes = _with_outcomes(mixes, batch, objectives, verdicts, among)
    shown = [label for label in dict.fromkeys([*best["mix"], *best["regret_mix"]]) if label and label != OWN]
    few = _against_own(batch, shown)
    leading = world_verdicts(world_differences(few, [name for name in LEADING if name in batch.outcomes], batch.first)) if shown else None
    natural = natural_verdicts(verdicts[:0] if leading is None else leading, few, real_residents(named))
    tables = mixes, among, best, verdicts, every, natural, assumptions_of(batch.worlds, [city])
    return WorldMixResult(batch, (named,), tuple(objectives), steps, *tables)


def _against_own(batch: WorldBatch, labels: Sequence[str]) -> WorldBatch:
    """The batch of some mixes, the scenario's own first: that with which the others are compared."""
    by_label = dict(zip(batch.labels, batch.scenarios, strict=True))
    kept = (OWN, *labels)
    return replace(batch, labels=kept, scenarios=tuple(by_label[label] for label in kept))


def judged(
    batch: WorldBatch, mixes: "pd.DataFrame", objectives: Sequence[str], verdicts: "pd.DataFrame"
) -> "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]":
    """Tables `among`, `best` and `regrets`, see `WorldMixResult`."""
    values, moved = batch.once.cube(objectives), moved_by_luck(batch, objectives)
    luck = luck_between(moved)
    decide = [place for place, name in enumerate(objectives) if has_direction(name)]
    worlds = [world.number for world in batch.worlds]
    judged_by = [(name, [place]) for place, name in enumerate(objectives)] + [(TOGETHER, decide)]
    among, best, every = [], [], []
    for name, places in judged_by:
        better = [direction(objectives[place]) for place in places]
        inside = among_best(values[:, :, places], luck[places], better)
        short = regrets(values[:, :, places[0]], better[0]) if name != TOGETHER else np.full(inside.shape, np.nan)
        chance, alone = by_chance(inside), luck_alone(values[:, :, places], moved[:, :, places], better)
        rows = _rows(name, batch.labels, values[:, :, places], inside, short, alone, chance)
        among.append(rows)
        row = {"objective": name, "better": better[0] if name != TOGETHER else "", **_most_often(rows, mixes), **chance._asdict()}
        row |= {"luck": float(luck[places[0]]) if name != TOGETHER else np.nan, **_least_regret(rows, mixes, luck[places[0]])}
        row["disagree"] = int((verdicts.loc[verdicts["metric"] == name, "word"] == OPEN).sum())
        best.append(row)
        where = {"world": np.repeat(worlds, len(batch.labels)), "mix": np.tile(batch.labels, len(worlds)), "objective": name}
        every.append(pd.DataFrame({**where, "regret": short.ravel(), "among": inside.ravel()}))
    return pd.concat(among, ignore_index=True), pd.DataFrame(best), pd.concat(every, ignore_index=True)


def moved_by_luck(batch: WorldBatch, objectives: Sequence[str]) -> np.ndarray:
    """What luck did to every mix, from the worlds that were simulated under a second seed."""
    once = dict(zip(batch.once.outcomes["world"], batch.once.outcomes["seed"], strict=True))
    second = [seed for seed in batch.seeds if seed not in once.values()]
    pairs = [(seed - 1, seed) for seed in second if seed - 1 in once.values()]
    return luck_of(*(replace(batch, seeds=tuple(pair[place] for pair in pairs)).cube(objectives) for place in range(2)))


def _rows(name: str, labels: Sequence[str], values, inside, short, alone, chance: Chance) -> "pd.DataFrame":
    """Rows of the table `among` for one objective."""
    n, count = int(np.isfinite(values).all(axis=2).any(axis=1).sum()), inside.sum(axis=0)
    known = np.isfinite(short).any(axis=0)
    middle, worst = np.full(len(labels), np.nan), np.full(len(labels), np.nan)
    middle[known], worst[known] = np.nanmedian(short[:, known], axis=0), np.nanmax(short[:, known], axis=0)
    words = [word_beyond(int(one), n, chance) for one in count]
    columns = {"objective": name, "mix": labels, "n": n, "among": count, "word": words, "alone_low": alone[0], "alone_high": alone[1]}
    return pd.DataFrame({**columns, "regret": middle, "worst_regret": worst})


def _most_often(rows: "pd.DataFrame", mixes: "pd.DataFrame") -> dict[str, Any]:
    """The mix that is among the best in most worlds; of several the one of least median regret, or the first."""
    most = rows[rows["among"] == rows["among"].max()]
    place = most["regret"].fillna(np.inf).idxmin()
    found = rows.loc[place, ["mix", "n", "among", "word", "alone_low", "alone_high"]].to_dict()
    found |= mixes.loc[place, list(Mix._fields)].to_dict()
    return {**found, "as_many": len(most), "everywhere": int((rows["among"] == rows["n"]).sum())}


def _least_regret(rows: "pd.DataFrame", mixes: "pd.DataFrame", luck: float) -> dict[str, Any]:
    """The mix whose worst regret is least."""
    worst = rows["worst_regret"]
    if worst.isna().all():
        lacking = {"regret_mix": "", "regret_worst": np.nan, "regret_near": 0}
        return lacking | {f"regret_{lever}": np.nan for lever in Mix._fields}
    place = worst.idxmin()
    near = int((worst <= worst[place] + np.nan_to_num(luck)).sum())
    shares = {f"regret_{lever}": mixes.loc[place, lever] for lever in Mix._fields}
    return {"regret_mix": rows.loc[place, "mix"], "regret_worst": worst[place], "regret_near": near, **shares}


def _with_outcomes(mixes: "pd.DataFrame", batch: WorldBatch, objectives: Sequence[str], verdicts, among) -> "pd.DataFrame":
    """The table of mixes with the efficient ones, and with every objective over worlds."""
    decide = [name for name in objectives if has_direction(name)]
    wide = verdicts.pivot(index="scenario", columns="metric", values="median").reindex(mixes["mix"])
    wide = wide.reindex(columns=decide)
    wide.loc[OWN, [name for name in decide if wide[name].notna().any()]] = 0.0  # its difference from itself
    medians = wide.reindex(mixes["mix"]).to_numpy(float)
    together = among[among["objective"] == TOGETHER]
    found = mixes.assign(efficient=efficient(medians, [direction(name) for name in decide]))
    found["share_efficient"] = (together["among"] / together["n"]).to_numpy()
    values = batch.once.cube(objectives)
    for place, name in enumerate(objectives):
        known = np.isfinite(values[:, :, place]).any(axis=0)
        for column, quantile in ((name, 0.5), (f"{name}_low", MIDDLE[0]), (f"{name}_high", MIDDLE[1])):
            found[column] = np.nan
            found.loc[known, column] = np.nanquantile(values[:, known, place], quantile, axis=0)
    return found
