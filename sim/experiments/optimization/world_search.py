"""A search over plausible worlds: policies are tried in some worlds, and what was found is judged in others (decision 41).

What the search improves is the difference from the scenario's own policy, world by world under the same luck: the median over the worlds of
the search, or another quantile of the improvement. Every run is kept by hash in the search's folder; an interrupted search begins again and
finds them.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.robustness import meets, satisficing, shortfall
from sim.analysis.world_verdict import MIDDLE
from sim.errors import UserError
from sim.experiments.arguments import DEFAULT, Unset, processors
from sim.experiments.comparisons.world_batch import FEWEST_WORLDS, RESIDENTS, Chosen, WorldBatch, sized
from sim.experiments.comparisons.world_runs import Shared, finished
from sim.experiments.optimization.evolution import evolve, with_front
from sim.experiments.optimization.judgement import Judgement, changes_of, judge, spread_out_policies
from sim.experiments.optimization.search import Search
from sim.experiments.runs.dask_cluster import cluster
from sim.experiments.runs.jobs import Progress
from sim.experiments.runs.model_source import source_hash
from sim.experiments.studies.sweep import processes
from sim.experiments.worlds.own_rates import SEEDS
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.worlds.world import World

WORLDS = 84
"""Worlds by default, of which `SEARCHED` are for the search; all if the package's set has fewer."""
SEARCHED = 2 / 7
"""Share of the worlds that are for the search: 24 of 84."""
SMALL = 2_000
"""Residents to which larger cities are scaled down in the search by default; for judging it is `RESIDENTS`."""
KEPT = "worlds"
"""Folder of finished runs in that of the search."""
LAST_YEAR, YEAR = "last_year", 52
JUDGING = 3
"""Generations for which judging counts in the progress of a search."""


class Parted(NamedTuple):
    """The worlds of a search, none of which is in both."""

    searched: Chosen
    judging: Chosen


@dataclass(frozen=True, eq=False)
class WorldSearchResult:
    """Result of a search over plausible worlds.

    Parameters
    ----------
    search : Search
    tried : DataFrame
        A row per policy evaluated: ``generation``, the factors, per objective that is a metric the difference from the scenario's own
        policy over the worlds of the search (the median, or the quantile asked for) with ``low_X`` and ``high_X`` (90 % range);
        ``share, low, high`` of the worlds in which it meets the targets, ``miss`` (how far that falls short), ``runs`` (worlds it
        finished), ``front``.
    progress : DataFrame
        ``generation`` and ``hypervolume`` of the best policies so far, 0 to 1.
    parted : Parted
    judgement : Judgement or None
        What fresh worlds say of policies of the front; None if the front is empty.
    folder : Path
    """

    search: Search
    tried: pd.DataFrame
    progress: pd.DataFrame
    parted: Parted
    judgement: Judgement | None
    folder: Path = field(repr=False)

    @property
    def front(self) -> pd.DataFrame:
        """Policies of the front that were judged in fresh worlds, see `Judgement.policies`; empty without any."""
        return self.judgement.policies if self.judgement else self.tried[:0]

    @property
    def batch(self) -> WorldBatch | None:
        """Runs in fresh worlds; None if the front is empty."""
        return self.judgement.batch if self.judgement else None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by the name of their file."""
        found = {"front": self.front, "tried": self.tried, "progress": self.progress}
        return found | (self.judgement.tables if self.judgement else {})


def searched_of(count: int) -> int:
    """How many of so many worlds are for the search; the others are for judging."""
    return max(FEWEST_WORLDS, round(SEARCHED * count))


def parted(chosen: Chosen, seed: int) -> Parted:
    """Worlds for the search, and others for judging.

    Parameters
    ----------
    chosen : Chosen
    seed : int
        Of the search.

    Raises
    ------
    UserError
        If there are too few for both.
    """
    count = len(chosen.worlds)
    refuse_few(count)
    few = searched_of(count)
    drawn = set(np.random.default_rng(seed).permutation(count)[:few].tolist())
    search = [world for place, world in enumerate(chosen.worlds) if place in drawn]
    judging = [world for place, world in enumerate(chosen.worlds) if place not in drawn]
    return Parted(chosen._replace(worlds=search), chosen._replace(worlds=judging))


def refuse_few(count: int) -> None:
    """Refuse so many worlds if they are too few for the search and for judging.

    Raises
    ------
    UserError
    """
    if count - searched_of(count) < FEWEST_WORLDS:
        raise UserError(
            "worlds: got {count}; expected at least {least}: some for the search, and others to judge what it found",
            count=count,
            least=2 * FEWEST_WORLDS,
        )


def plan_of_worlds(search: Search, worlds: Parted, residents: int | Unset | None) -> dict[str, Any]:
    """What identifies a search over worlds besides `Search.as_data`."""
    numbers = {name: [world.number for world in part.worlds] for name, part in worlds._asdict().items()}
    size = {"residents": list(sizes(residents))}
    return {"worlds": {**numbers, "set": worlds.searched.about, "quantile": search.quantile, **size}}


def sizes(residents: int | Unset | None) -> tuple[int | None, int | None]:
    """Residents of the cities of the search, and of those for judging."""
    return (SMALL, RESIDENTS) if residents is DEFAULT else (residents, residents)  # type: ignore[return-value]


def refuse_unsuited(search: Search) -> None:
    """Refuse a search that worlds cannot answer: by another summary over weeks than the last year's mean, or beside futures.

    Raises
    ------
    UserError
    """
    if search.futures is not None:
        raise UserError(
            "worlds: got futures in the file beside them; expected one of the two: worlds are the uncertain quantities. Leave out "
            "`futures`, or take the default world with --worlds 1"
        )
    for name in dict.fromkeys((*search.objectives, *search.targets)):
        how = search.base.outcomes.get(name, LAST_YEAR)
        if how != LAST_YEAR:
            raise UserError(
                "outcomes: got {name}: {how}; over plausible worlds expected last_year for objectives and targets. Change it, or take the "
                "default world with --worlds 1",
                name=name,
                how=how,
            )


def search_worlds(
    search: Search,
    worlds: Parted,
    folder: Path,
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = float("inf"),
    progress: Progress | None = None,
    residents: int | Unset | None = DEFAULT,
) -> WorldSearchResult:
    """Search in some worlds and judge in others.

    Parameters
    ----------
    search : Search
    worlds : Parted
    folder : Path
        Of the search; runs are kept below it.
    workers, dask, time_limit
        As in `sim.sweep`.
    progress : callable, optional
        Called with hundredths of generations done and planned.
    residents : int, optional
        Larger cities are scaled down to this size, in the search and for judging; None leaves them as they are. By default `SMALL` in the
        search, and 5,000 for judging.

    Raises
    ------
    UserError
        If a policy cannot be simulated, pymoo is missing, or runs kept in the folder are of other sources of the model.
    KeyboardInterrupt
        Finished runs are kept; the same call resumes.
    """
    small, large = (sized([search.base.scenario], size, None)[0] for size in sizes(residents))
    whole = 100 * (search.generations + JUDGING)
    tables: list[pd.DataFrame] = []

    def part(of: int) -> Progress | None:
        before = 100 * len(tables)
        return (lambda done, all_: progress(before + of * done // max(1, all_), whole)) if progress else None

    with contextlib.ExitStack() as stack:
        place = _place(stack, workers, dask, time_limit, small)
        trials = Trials(search, small, worlds.searched.worlds, folder / KEPT, workers, place)

        def tried(points: np.ndarray) -> pd.DataFrame:
            tables.append(trials.judged(points, part(100)).assign(generation=len(tables)))
            return tables[-1]

        evolve(search, tried)
        table, grown = with_front(search, pd.concat(tables, ignore_index=True))
        chosen = spread_out_policies(search, table)
        found = None
        if len(chosen):
            found = judge(search, chosen, large, worlds.judging, folder / KEPT, workers, part(100 * JUDGING), place)
    return WorldSearchResult(search, table, grown, worlds, found, folder)


def _place(stack: contextlib.ExitStack, workers: int | None, dask: str | None, limit: float, scenario: Scenario) -> Shared | None:
    """Workers for the whole search, started when first needed; None for this process alone."""
    count = workers or processors()
    if dask is None and count == 1:
        return None
    running: list[Any] = []

    def started() -> Any:
        if not running:
            kind = cluster(dask, source_hash()) if dask is not None else processes(count, limit, scenario)
            running.append(stack.enter_context(kind))
        return running[0]

    return started


class Trials:
    """Policies tried in the worlds of a search.

    Parameters
    ----------
    search : Search
    city : Scenario
        In the size that is simulated.
    worlds : sequence of World
    keep : Path
        Folder of finished runs.
    workers, place
        As in `sim.experiments.comparisons.world_runs.finished`.
    """

    def __init__(self, search: Search, city: Scenario, worlds: Sequence[World], keep: Path, workers: int | None, place: Shared | None):
        self.search, self.keep, self.workers, self.place = search, keep, workers, place
        self.worlds = [(world, world.apply(city)) for world in worlds]
        self.names = list(dict.fromkeys(name for name in (*search.objectives, *search.targets) if name in METRICS))
        self.window = min(YEAR, city.horizon)
        self._own: np.ndarray | None = None

    def judged(self, points: np.ndarray, progress: Progress | None = None) -> pd.DataFrame:
        """A row per policy as of `judged_in_worlds`.

        Parameters
        ----------
        points : ndarray, shape (policies, keys)
            Coordinates of the search's space.
        progress : callable, optional
            Called with weeks done and in total.
        """
        policies = self.search.space.values(points)
        first = self._own is None
        changes = [*([{}] if first else []), *changes_of(policies)]
        values = self._simulated(changes, progress)
        if first:
            self._own, values = values[:, 0], values[:, 1:]
        return judged_in_worlds(self.search, policies, self.names, values, self._own)

    def _simulated(self, changes: Sequence[dict[str, Any]], progress: Progress | None) -> np.ndarray:
        """Values of every policy in every world, shape (worlds, policies, names); NaN where the run failed."""
        jobs, names = [], []
        for world, there in self.worlds:
            seed = self.search.base.seed + SEEDS * world.number
            jobs += [(there.with_changes(one) if one else there, seed, self.window, ()) for one in changes]
            names += [f"{self.search.name}, {world.number}"] * len(changes)
        done, interrupted = finished(jobs, names, self.keep, self.workers, progress, self.place)
        if interrupted:
            raise KeyboardInterrupt
        found = [[one.value[name] if one.value else np.nan for name in self.names] for one in done]
        return np.array(found, float).reshape(len(self.worlds), len(changes), len(self.names))


def judged_in_worlds(
    search: Search, policies: pd.DataFrame, names: Sequence[str], values: np.ndarray, own: np.ndarray | None
) -> pd.DataFrame:
    """A row per policy: factors, differences from the scenario's own policy, and targets met; columns as of `WorldSearchResult.tried`.

    Parameters
    ----------
    search : Search
    policies : DataFrame
        Factors.
    names : sequence of str
        Metrics.
    values : ndarray, shape (worlds, policies, metrics)
        NaN without a value.
    own : ndarray, shape (worlds, metrics)
        Of the scenario's own policy.
    """
    table = policies.copy()
    table["runs"] = np.isfinite(values).any(axis=2).sum(axis=0)
    moved = values - np.asarray(own, float)[:, None, :]
    for name, way in search.objectives.items():
        if name in names:
            wanted = search.quantile if way == "more" else 1.0 - search.quantile
            low, found, high = _over_worlds(moved[:, :, names.index(name)], (MIDDLE[0], wanted, MIDDLE[1]))
            table = table.assign(**{name: found, f"low_{name}": low, f"high_{name}": high})
    shares = met_in_worlds(search.targets, names, values)
    table[["share", "low", "high"]] = shares[["share", "low", "high"]].to_numpy()
    table["miss"] = shortfall(table["share"], search.met_in) if search.targets else 0.0
    return table


def met_in_worlds(targets: dict[str, tuple[str, float]], names: Sequence[str], values: np.ndarray) -> pd.DataFrame:
    """Share of worlds in which every policy meets all targets, as of `satisficing`; a failed run meets none."""
    flat = pd.DataFrame(values.reshape(-1, len(names)), columns=list(names))
    met = meets(flat, targets, flat.notna().any(axis=1)).to_numpy().reshape(values.shape[:2])
    return satisficing(pd.DataFrame(met.T))


def _over_worlds(values: np.ndarray, quantiles: Sequence[float]) -> np.ndarray:
    """Quantiles over worlds of every policy, shape (quantiles, policies); NaN for one without a value."""
    found = np.full((len(quantiles), values.shape[1]), np.nan)
    known = np.isfinite(values).any(axis=0)
    found[:, known] = np.nanquantile(values[:, known], quantiles, axis=0)
    return found
