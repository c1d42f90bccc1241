"""Mixes of the three governances: their joint budget divided over a grid of the simplex, in the same worlds and with the same luck.

In the one default world each objective has a peak, with the mixes that cannot be distinguished from it by luck; over plausible worlds, see
`sim.experiments.comparisons.mix_worlds`. No mix is called the best.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Unpack, overload

import numpy as np

from sim.analysis.intervals import mean_interval
from sim.analysis.paired import rivals_of_best
from sim.analysis.pareto import efficient, resampled, share_efficient
from sim.errors import UserError
from sim.experiments.arguments import DEFAULT, Unset, names_of, whole
from sim.experiments.comparisons.index_parts import WEIGHTINGS, effective_weights, of_batch, ranks
from sim.experiments.comparisons.mix_grid import (
    MOST_STEPS,
    OBJECTIVES,
    OWN,
    GridResult,
    Mix,
    has_direction,
    label_of,
    mixes_of,
    own_mix,
    table_of,
    with_mix,
)
from sim.experiments.comparisons.mix_worlds import WORLDS, WorldMixResult, mix_over_worlds
from sim.experiments.comparisons.natural_units import natural_units
from sim.experiments.comparisons.world_batch import Given, RunArguments, asked_worlds
from sim.experiments.runs.batch import Batch, direction, known_metrics, run_batch, shrunk
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.scenario import Scenario
from sim.scenario.costs import real_residents
from sim.scenario.given import scenario_of

with lazily():
    import pandas as pd

STEPS, REPLICATES, RESIDENTS = 10, 10, 5_000
"""Steps along an edge of the simplex, seeds, and maximum residents: some 20 seconds on two processors."""
DRAWS = 2000
"""Bootstrap samples of the seeds."""


@dataclass(frozen=True, eq=False)
class MixResult(GridResult):
    """Outcomes over the simplex in the default world, on several seeds.

    Parameters
    ----------
    mixes : DataFrame
        A row per mix: ``mix`` (label), the share of every lever, ``efficient`` (no mix has more of one objective and not less of
        another), ``share_efficient`` (of bootstrap samples of the seeds), and for every objective its mean, ``<metric>_low``,
        ``<metric>_high`` (95 % interval), ``<metric>_near`` (cannot be distinguished from the best mix).
    peaks : DataFrame
        A row per objective: its peak, the value there, ``same_peak`` (share of bootstrap samples that peak there), ``near``
        (mixes that cannot be distinguished from it), ``near_share``, and ``<lever>_low``, ``<lever>_high`` over those.
    ranking, effective : DataFrame
        Ranks of the mixes under varied weights, and what moves the indices: see `ranks` and `effective_weights` in
        `sim.experiments.comparisons.index_parts`.
    natural : DataFrame
        Leading results of the peaks against the scenario's own mix, for the real size of the city, with the cost per effect: columns as of
        `sim.experiments.comparisons.natural_units.natural_units`.
    """

    peaks: "pd.DataFrame"
    ranking: "pd.DataFrame"
    effective: "pd.DataFrame"
    natural: "pd.DataFrame"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        found = {"mixes": self.mixes, "peaks": self.peaks, "natural_units": self.natural, "ranking": self.ranking}
        return found | {"effective": self.effective, "outcomes": self.batch.outcomes}

    @property
    def settings(self) -> dict[str, Any]:
        return {"steps": self.steps, "objectives": list(self.objectives), "draws": DRAWS, "weightings": WEIGHTINGS}


class _Others(RunArguments, total=False):
    steps: int
    metrics: Sequence[str]
    services: Sequence[float]
    residents: int | None


@overload  # see `sim.compare`
def mix(  # type: ignore[overload-overlap]
    scenario: Scenario | str | os.PathLike, *, worlds: Literal[1], replicates: int | Unset | None = DEFAULT, **rest: Unpack[_Others]
) -> MixResult: ...


@overload
def mix(scenario: Scenario | str | os.PathLike, *, replicates: int | None, worlds: None = None, **rest: Unpack[_Others]) -> MixResult: ...


@overload
def mix(
    scenario: Scenario | str | os.PathLike, *, replicates: Unset = DEFAULT, worlds: Given | None = None, **rest: Unpack[_Others]
) -> WorldMixResult: ...


def mix(
    scenario: Scenario | str | os.PathLike,
    steps: int = STEPS,
    metrics: Sequence[str] = (),
    services: Sequence[float] = (),
    residents: int | None = RESIDENTS,
    replicates: int | Unset | None = DEFAULT,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    worlds: Given | None = None,
    keep: str | Path | None = None,
) -> MixResult | WorldMixResult:
    """Run every mix of the three governances on a grid over the simplex.

    Parameters
    ----------
    scenario : Scenario, path or str
        Its joint share of the three is divided.
    steps : int
        Steps along an edge: 10 give 66 mixes.
    metrics : str or sequence of str
        Objectives in addition to stability and satisfaction.
    services : sequence of float
        Shares of public services to try, traded against the three; by default unchanged.
    residents : int, optional
        Larger cities are scaled down to this size; None leaves the city as it is.
    replicates : int, optional
        Number of seeds in the default world; `REPLICATES` by default, None is the scenario's own number. Whoever gives it asks for luck
        alone, as with ``worlds=1``.
    seed, workers, window, progress
        As in `sim.compare`.
    worlds : WorldSet, path, int or str, optional
        Plausible worlds, as in `sim.compare`. By default `sim.experiments.comparisons.mix_worlds.WORLDS` of the package's set (all if there
        are fewer), or the default world if the package has none for this version of the model.
    keep : path, optional
        As in `sim.compare`.

    Returns
    -------
    WorldMixResult or MixResult
        Over worlds, or by luck alone: with ``worlds=1`` or `replicates`. Type checkers tell the two apart by these arguments.

    Raises
    ------
    UserError
        For a scenario without a share to divide, or whose timeline sets the shares; for worlds beside replicates.
    """
    named = scenario_of(scenario)
    objectives = tuple(known_metrics([*OBJECTIVES, *names_of("metrics", metrics)], [named]))
    steps = whole("steps", steps, 2, MOST_STEPS)
    grid = mixes_of(named, services, steps)
    city = named if residents is None else shrunk(named, residents)
    chosen = asked_worlds(worlds, alone=replicates is not DEFAULT, usual=WORLDS)
    if chosen is not None:
        return mix_over_worlds(named, city, grid, objectives, steps, chosen, seed, workers, window, progress, keep)
    if keep is not None:
        raise UserError("keep: expected plausible worlds beside it; runs in the default world are not kept")
    scenarios = [*(with_mix(city, one) for one in grid), city]
    labels = [*map(label_of, grid), OWN]
    count = REPLICATES if replicates is DEFAULT else replicates
    batch = run_batch(scenarios, labels, seed, count, workers, window, progress)
    mixes, peaks = judged(batch, [*grid, own_mix(named)], objectives)
    better = [label for label in dict.fromkeys(peaks["mix"]) if label != OWN]
    natural = natural_units(batch, OWN, better, real_residents(named))
    indices = of_batch(batch)
    weighed = effective_weights(indices)
    ranked = ranks(indices, batch.labels, batch.seeds[0], weighed)
    return MixResult(batch, (named,), objectives, steps, mixes, peaks, ranked, weighed, natural)


def judged(batch: Batch, grid: Sequence[Mix], objectives: Sequence[str]) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Tables of mixes and of peaks, see `MixResult`."""
    values = batch.cube(objectives)
    mixes = table_of(batch.labels, grid)
    decide = [place for place, name in enumerate(objectives) if has_direction(name)]
    better = [direction(objectives[place]) for place in decide]
    mixes["efficient"] = efficient(values[:, :, decide].mean(axis=0), better)
    mixes["share_efficient"] = share_efficient(values[:, :, decide], better, DRAWS, batch.seeds[0])
    peaks = []
    for place, name in enumerate(objectives):
        mixes[name], mixes[f"{name}_low"], mixes[f"{name}_high"] = mean_interval(values[:, :, place])[:3]
        near = rivals_of_best(values[:, :, place], direction(name) == "more")
        mixes[f"{name}_near"] = near
        peaks.append(_peak(mixes, values[:, :, place], name, near, batch.seeds[0]))
    return mixes, pd.DataFrame(peaks)


def _peak(mixes: "pd.DataFrame", values: "np.ndarray", name: str, near: "np.ndarray", seed: int) -> dict[str, Any]:
    """The peak of an objective, and its robustness."""
    sign = 1.0 if direction(name) == "more" else -1.0
    best = int(np.nanargmax(sign * mixes[name]))
    known = np.isfinite(values).all(axis=0)
    drawn = np.where(known, sign * (resampled(len(values), DRAWS, seed) @ np.where(known, values, 0.0)), -np.inf)
    row = mixes.iloc[best]
    found = {"metric": name, "better": direction(name), "mix": row["mix"], **{lever: row[lever] for lever in Mix._fields}}
    found |= {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]}
    found |= {"same_peak": float((drawn.argmax(axis=1) == best).mean()), "near": int(near.sum()), "near_share": float(near.mean())}
    for lever in Mix._fields:
        found[f"{lever}_low"], found[f"{lever}_high"] = mixes.loc[near, lever].min(), mixes.loc[near, lever].max()
    return found
