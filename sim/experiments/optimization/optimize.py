"""Search for policies: NSGA-II over levers, every policy on the same seeds and futures, every run a row of a store.

Each generation is a study of its own (a list of points) in ``generations/``, run by `sim.sweep`. An interrupted search resumes on the same
path: finished generations are read from their stores, the current one is resumed, and the next ones depend only on the search's seed and on
the results. Over plausible worlds, see `sim.experiments.optimization.world_search`.
"""

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval
from sim.analysis.robustness import meets, satisficing, shortfall
from sim.errors import UserError
from sim.experiments.arguments import DEFAULT, Unset, processors, workers_of
from sim.experiments.comparisons.index_parts import INDICES, Parts, effective_weights, own_weights, part_names, ranks
from sim.experiments.comparisons.world_batch import Chosen, Given, asked_worlds, fitting
from sim.experiments.optimization.evolution import evolve, require_extra, with_front
from sim.experiments.optimization.search import Search, load_search, make_search
from sim.experiments.optimization.world_search import (
    KEPT,
    WORLDS,
    WorldSearchResult,
    parted,
    plan_of_worlds,
    refuse_few,
    refuse_unsuited,
    search_worlds,
)
from sim.experiments.runs.dask_cluster import cluster
from sim.experiments.runs.model_source import source_hash
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import RUN_STORE
from sim.experiments.studies.sessions import refuse_other_sources
from sim.experiments.studies.study import SHARED, Design, Factor, Study
from sim.experiments.studies.study_result import sessions_inside
from sim.experiments.studies.sweep import TIME_LIMIT, processes, sweep
from sim.files import folder_of, os_errors_as, write_whole
from sim.messages import Joined, Message
from sim.regular_files import read_regular

PLAN, GENERATIONS = "search.json", "generations"
MOST_PLAN = 64 * 1024 * 1024
"""Maximum size of a plan, whose scenario may contain a user's city."""

Progress = Callable[[int, int], None]
"""Called with the generations done and their total, in hundredths."""


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Result of a search.

    Parameters
    ----------
    search : Search
    tried : DataFrame
        A row per policy evaluated: ``generation``, the factors, per objective its mean over futures, or over runs without futures, with
        ``low_X`` and ``high_X`` (95 %, see `sim.analysis.intervals`), ``share, low, high`` of runs that meet the targets, ``miss`` (how far
        that falls short), ``runs``, ``front``.
    progress : DataFrame
        ``generation`` and ``hypervolume`` of the best policies so far, 0 to 1.
    ranking, effective : DataFrame
        Of the indices among the outcomes: ranks of the policies of the front (``scenario``: row in `tried`) under varied weights, and
        what moves the indices between them; see `ranks` and `effective_weights` in `sim.experiments.comparisons.index_parts`.
    folder : Path
    """

    search: Search
    tried: pd.DataFrame
    progress: pd.DataFrame
    ranking: pd.DataFrame
    effective: pd.DataFrame
    folder: Path

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        found = {"front": self.front, "tried": self.tried, "progress": self.progress}
        return found | {"effective": self.effective, "ranking": self.ranking}

    @property
    def front(self) -> pd.DataFrame:
        """Policies that meet the constraint and are not dominated by another that does."""
        return self.tried[self.tried["front"]]


@overload
def optimize(  # type: ignore[overload-overlap]
    search: "Search | str | Path | Mapping[str, Any]",
    out: str | Path = "results",
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    other_sources: bool = False,
    *,
    worlds: Literal[1],
    residents: int | Unset | None = DEFAULT,
) -> SearchResult: ...


@overload  # a file with futures gives the first
def optimize(
    search: "Search | str | Path | Mapping[str, Any]",
    out: str | Path = "results",
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    other_sources: bool = False,
    worlds: Given | None = None,
    residents: int | Unset | None = DEFAULT,
) -> SearchResult | WorldSearchResult: ...


def optimize(
    search: "Search | str | Path | Mapping[str, Any]",
    out: str | Path = "results",
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    other_sources: bool = False,
    worlds: Given | None = None,
    residents: int | Unset | None = DEFAULT,
) -> SearchResult | WorldSearchResult:
    """Search for policies in some plausible worlds and judge them in others, or search in the default world; or resume a search.

    Parameters
    ----------
    search : Search, path or mapping
    out : path
        The search's folder is ``out/<name of the search>``.
    workers, dask, time_limit, other_sources
        As in `sim.sweep`; runs in plausible worlds are of one version of the sources.
    progress : callable, optional
        Called with hundredths of generations done and planned.
    worlds : WorldSet, path, int or str, optional
        Plausible worlds, as in `sim.compare`: two in seven of them for the search, the others for judging. By default 84 (all if the
        package has fewer); 1 is the default world alone, and so is a search with futures, or without a set for this version of the model.
    residents : int, optional
        Over worlds, larger cities are scaled down to this size: by default to 2,000 in the search and 5,000 for judging; None leaves them
        as they are.

    Returns
    -------
    WorldSearchResult or SearchResult
        Over worlds, or in the default world.

    Raises
    ------
    UserError
        When the search is invalid, pymoo is missing, the folder contains a different search, or worlds are asked for beside futures.
    KeyboardInterrupt
        Finished runs are kept; the same call resumes from there.
    """
    check_first(worlds)
    if not isinstance(search, Search):
        search = make_search(search) if isinstance(search, Mapping) else load_search(search)
    out = folder_of(out, "out")
    workers = None if workers is None else workers_of(workers)
    folder = Path(out) / search.name
    chosen = worlds_asked(search, worlds, other_sources)
    if chosen is not None:
        refuse_unsuited(search)
        _refuse_another(folder, _plan_of(search), whole=False)
        chosen = fitting(chosen, search.base.scenario, workers, keep=folder / KEPT)
        apart = parted(chosen, search.seed)
        _claim(folder, search, plan_of_worlds(search, apart, residents))
        return search_worlds(search, apart, folder, workers, dask, time_limit, progress, residents)
    _claim(folder, search)
    tables: list[pd.DataFrame] = []
    runs: list[pd.DataFrame] = []
    with contextlib.ExitStack() as stack:
        pool = _pool(stack, workers, dask, time_limit, None if other_sources else folder / GENERATIONS)

        def tried(points: np.ndarray) -> pd.DataFrame:
            number = len(tables)
            mine = (lambda done, all_: progress(100 * number + 100 * done // max(1, all_), 100 * search.generations)) if progress else None
            runs.append(_generation(search, points, number, folder, pool, time_limit, mine, other_sources))
            tables.append(judged(search, runs[-1]).assign(generation=number))
            return tables[-1]

        evolve(search, tried)
    return _result(search, pd.concat(tables, ignore_index=True), runs, folder)


def check_first(worlds: Given | None) -> None:
    """Refuse what can be refused before anything is read: a search without pymoo, or in too few worlds.

    Raises
    ------
    UserError
    """
    require_extra()
    if isinstance(worlds, int) and worlds > 1:  # 1 is the default world
        refuse_few(worlds)


def worlds_asked(search: Search, worlds: Given | None, other_sources: bool = False) -> Chosen | None:
    """The worlds of a search; None for the default world alone. Arguments as of `optimize`.

    Raises
    ------
    UserError
        If worlds are asked for beside runs of other sources, or as `sim.experiments.comparisons.world_batch.asked_worlds`.
    """
    alone = worlds is None and (search.futures is not None or other_sources)
    chosen = None if alone else asked_worlds(worlds, False, WORLDS)
    if chosen is not None and other_sources:
        raise UserError("worlds: expected no other_sources beside them; runs in plausible worlds are of one version of the sources")
    return chosen


def _claim(folder: Path, search: Search, more: Mapping[str, Any] | None = None) -> None:
    """Record the search in the folder, unless that is refused."""
    plan, path = _plan_of(search, more), folder / PLAN
    _refuse_another(folder, plan)
    with os_errors_as("cannot write into {folder}", folder=folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.path.exists(path):
            write_whole(path, json.dumps(plan, ensure_ascii=False, indent=1).encode())


def _plan_of(search: Search, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return json.loads(json.dumps(search.as_data() | dict(more or {})))


def _refuse_another(folder: Path, plan: Mapping[str, Any], whole: bool = True) -> None:
    """Refuse a folder with a search of another plan, with the differences, or with a study; `whole` is whether the plan says all."""
    path = folder / PLAN
    if os.path.exists(path):
        before = _plan_before(path)
        different = [key for key in dict.fromkeys((*before, *plan) if whole else plan) if before.get(key) != plan.get(key)]
        if different:
            values = [[json.dumps(made.get(key))[:200] for made in (before, plan)] for key in different]
            lines = [Message("  {key}: was {before}, now {now}", key=key, before=b, now=n) for key, (b, n) in zip(different, values)]
            raise UserError(
                "{folder} contains a different search of the same name:\n{differences}\nchoose another name or --out for the new one",
                folder=folder,
                differences=Joined(lines, "\n"),
            )
    elif (folder / RUN_STORE).exists():
        raise UserError("{folder} contains a study; choose another name or --out for the search", folder=folder)


def _plan_before(path: Path) -> dict[str, Any]:
    """The plan already in a folder."""
    try:
        before = json.loads(read_regular(path, MOST_PLAN))
    except (ValueError, RecursionError):
        before = None
    if not isinstance(before, dict):
        raise UserError("{path} is damaged; expected the settings of a search: remove the folder, or choose another with --out", path=path)
    return before


def _pool(stack: contextlib.ExitStack, workers: int | None, dask: str | None, limit: float, earlier: Path | None) -> Callable[[], Any]:
    """Workers for all generations, started when first needed; rejected if other sources made the `earlier` ones."""
    running: list[Any] = []

    def started() -> Any:
        if not running:
            for store in sorted(earlier.glob(f"*/{RUN_STORE}")) if earlier else ():
                refuse_other_sources(store.parent, sessions_inside(store.parent), source_hash())
            kind = cluster(dask, source_hash()) if dask is not None else processes(workers or processors(), limit)
            running.append(stack.enter_context(kind))
        return running[0]

    return started


def _generation(search: Search, points: np.ndarray, number: int, folder: Path, pool, limit, progress, mixed) -> pd.DataFrame:
    """Runs of the policies of one generation."""
    study = generation_study(search, points, number)
    return sweep(study, folder / GENERATIONS, time_limit=limit, progress=progress, executor=pool, other_sources=mixed).runs


def generation_study(search: Search, points: np.ndarray, number: int) -> Study:
    """The list of runs of one generation: every policy in every future.

    Every policy of every generation has the seeds of the search (common random numbers).
    """
    policies = search.space.values(points)
    if search.futures is None:
        table, varied = policies, search.base.factors
    else:
        table = policies.merge(designs.points(search.futures), how="cross")
        varied = (*search.base.factors, *search.futures.factors)
    whole = {factor.key: factor.whole for factor in varied}
    columns = [(key, tuple(value.item() if hasattr(value, "item") else value for value in table[key])) for key in table]
    factors = tuple(Factor(key, 0, len(values) - 1, values, whole.get(key, False)) for key, values in columns)
    # A list is checked value by value against the scenario, where the shares of other levers would exceed the budget.
    lowest = {key: group.low for group in search.base.groups for key in group.shares}
    scenario = search.base.scenario.with_changes(lowest) if lowest else search.base.scenario
    name = f"generation-{number:04d}"
    return replace(search.base, name=name, scenario=scenario, design=Design("list"), factors=factors, groups=(), luck=SHARED)


def judged(search: Search, runs: pd.DataFrame) -> pd.DataFrame:
    """A row per policy of a generation, in its order: objectives with intervals, and the share of runs that meet the targets."""
    keys, futures = search.space.keys, search.futures.design.samples if search.futures else 1
    runs = runs.assign(policy=runs["point"] // futures)
    grouped = runs.groupby("policy")
    # Seeds of one future are not independent of each other: what counts is the mean of each future.
    of_one = runs["point"] % futures if search.futures else grouped.cumcount()
    runs = runs.assign(_of_one=of_one)

    def unit(some: pd.DataFrame, column: str) -> pd.DataFrame:
        """A row per policy, a column per future, or per run without futures."""
        return some.groupby(["policy", "_of_one"])[column].mean().unstack().reindex(table.index)

    table = grouped[keys].first()
    done = runs[runs["state"] == "done"]
    table["runs"] = done.groupby("policy").size().reindex(table.index, fill_value=0)
    for name in search.objectives:
        mean, low, high = mean_interval(unit(done, name).to_numpy(float), axis=1)[:3]
        table = table.assign(**{f"low_{name}": low, f"high_{name}": high}) if name not in keys else table
        table[name] = mean
    met = unit(runs.assign(_met=meets(runs, search.targets, runs["state"] == "done")), "_met")
    table[["share", "low", "high"]] = satisficing(met)[["share", "low", "high"]]
    table["miss"] = shortfall(table["share"], search.met_in) if search.targets else 0.0
    return table.reset_index(drop=True)


def _result(search: Search, table: pd.DataFrame, runs: Sequence[pd.DataFrame], folder: Path) -> SearchResult:
    table, progress = with_front(search, table)
    indices = parts_of_front(search, table, runs)
    weighed = effective_weights(indices)
    ranked = ranks(indices, [str(row) for row in table.index[table["front"]]], search.seed, weighed)
    return SearchResult(search, table, progress, ranked, weighed, folder)


def parts_of_front(search: Search, table: pd.DataFrame, runs: Sequence[pd.DataFrame]) -> dict[str, Parts]:
    """Parts of the indices among the outcomes, of the policies of the front in the order of `table`, in the runs that all of them finished.

    Parameters
    ----------
    table : DataFrame
        A row per policy of every generation, with ``front``.
    runs : sequence of DataFrame
        Of every generation.
    """
    futures, scenario = search.futures.design.samples if search.futures else 1, search.base.scenario
    first, whole = 0, []
    for generation in runs:
        whole.append(generation.assign(policy=first + generation["point"] // futures, future=generation["point"] % futures))
        first += int(generation["point"].max()) // futures + 1
    every = pd.concat(whole, ignore_index=True) if whole else pd.DataFrame(columns=["policy", "state"])
    every = every[every["policy"].isin(table.index[table["front"]]) & (every["state"] == "done")]
    found = {}
    for index in INDICES:
        names = [name for name in part_names(index) if name in every]
        if index not in every or not names or every.empty:
            continue
        wide = every.pivot(index=["future", "replicate"], columns="policy", values=names).dropna()
        values = wide.to_numpy(float).reshape(len(wide), len(names), -1).transpose(0, 2, 1)
        if len(values):
            found[index] = Parts(names, own_weights(scenario, index, names), values)
    return found
