"""Search for policies: NSGA-II over levers, every policy on the same seeds and futures, every run a row of a store.

Each generation is a study of its own (a list of points) in ``generations/``, run by `sim.sweep`. An interrupted search resumes on the same
path: finished generations are read from their stores, the current one is resumed, and the next ones depend only on the search's seed and on
the results.

Deb, K., et al. (2002), A fast and elitist multiobjective genetic algorithm: NSGA-II, doi:10.1109/4235.996017; by pymoo, Blank, J., &
Deb, K. (2020), doi:10.1109/ACCESS.2020.2990567.
"""

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval
from sim.analysis.pareto import efficient
from sim.analysis.robustness import meets, satisficing
from sim.errors import UserError, requires_extra
from sim.experiments.arguments import processors, workers_of
from sim.experiments.comparisons.index_parts import INDICES, Parts, effective_weights, own_weights, part_names, ranks
from sim.experiments.optimization.search import Search, load_search, make_search
from sim.experiments.runs.dask_cluster import cluster
from sim.experiments.runs.model_source import source_hash
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import RUN_STORE
from sim.experiments.studies.sessions import refuse_other_sources
from sim.experiments.studies.study import SHARED, Design, Factor, Study
from sim.experiments.studies.study_result import sessions_inside
from sim.experiments.studies.sweep import TIME_LIMIT, processes, sweep
from sim.files import folder_of, os_errors_as, write_whole
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.regular_files import read_regular

with lazily():
    from pymoo.algorithms.moo import nsga2
    from pymoo.core import evaluator, problem, repair
    from pymoo.indicators import hv
    from pymoo.problems import static

PLAN, GENERATIONS = "search.json", "generations"
MOST_PLAN = 64 * 1024 * 1024
"""Maximum size of a plan, whose scenario may contain a user's city."""
FAILED = 1e6
"""Objective of a policy without finished runs: worse than any other."""

Progress = Callable[[int, int], None]
"""Called with the generations done and their total, in hundredths."""


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Result of a search.

    Parameters
    ----------
    search : Search
    tried : DataFrame
        A row per policy evaluated: ``generation``, the factors, per objective its mean over runs with ``low_X`` and ``high_X`` (95 %,
        Student's t), ``share, low, high`` of runs that meet the targets, ``miss`` (how far that falls short), ``runs``, ``front``.
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
    def front(self) -> pd.DataFrame:
        """Policies that meet the constraint and are not dominated by another that does."""
        return self.tried[self.tried["front"]]


def optimize(
    search: "Search | str | Path | Mapping[str, Any]",
    out: str | Path = "results",
    workers: int | None = None,
    dask: str | None = None,
    time_limit: float = TIME_LIMIT,
    progress: Progress | None = None,
    other_sources: bool = False,
) -> SearchResult:
    """Search for policies, or resume a search.

    Parameters
    ----------
    search : Search, path or mapping
    out : path
        The search's folder is ``out/<name of the search>``.
    workers, dask, time_limit, progress, other_sources
        As in `sim.sweep`.

    Raises
    ------
    UserError
        When the search is invalid, pymoo is missing, or the folder contains a different search.
    KeyboardInterrupt
        Finished runs are kept; the same call resumes from there.
    """
    if not isinstance(search, Search):
        search = make_search(search) if isinstance(search, Mapping) else load_search(search)
    out = folder_of(out, "out")
    workers = None if workers is None else workers_of(workers)
    folder = Path(out) / search.name
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

        _evolve(search, tried)
    return _result(search, pd.concat(tables, ignore_index=True), runs, folder)


def _claim(folder: Path, search: Search) -> None:
    """Record the search in the folder; a folder with a different search is rejected with the differences."""
    plan, path = json.loads(json.dumps(search.as_data())), folder / PLAN
    with os_errors_as("cannot write into {folder}", folder=folder):
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.exists(path):
            before = _plan_before(path)
            different = [key for key in dict.fromkeys((*before, *plan)) if before.get(key) != plan.get(key)]
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
        else:
            write_whole(path, json.dumps(plan, ensure_ascii=False, indent=1).encode())


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
    table = grouped[keys].first()
    done = runs[runs["state"] == "done"]
    table["runs"] = done.groupby("policy").size().reindex(table.index, fill_value=0)
    for name in search.objectives:
        values = done.assign(_run=done.groupby("policy").cumcount()).pivot(index="policy", columns="_run", values=name)
        mean, low, high = mean_interval(values.reindex(table.index).to_numpy(float), axis=1)[:3]
        table = table.assign(**{f"low_{name}": low, f"high_{name}": high}) if name not in keys else table
        table[name] = mean
    met = runs.assign(_met=meets(runs, search.targets).where(runs["state"] == "done", 0.0), _run=grouped.cumcount())
    shares = satisficing(met.pivot(index="policy", columns="_run", values="_met"))[["share", "low", "high"]]
    table[["share", "low", "high"]] = shares
    table["miss"] = np.maximum(0.0, search.met_in - table["share"]) if search.targets else 0.0
    return table.reset_index(drop=True)


def _evolve(search: Search, tried: Callable[[np.ndarray], pd.DataFrame]) -> None:
    """NSGA-II, calling `tried` for every generation."""
    with requires_extra("analysis", Message("a search needs pymoo")):
        base = repair.Repair
    space = search.space

    class Budgets(base):  # type: ignore[misc, valid-type]
        def _do(self, _problem: Any, X: np.ndarray, **_: Any) -> np.ndarray:
            return space.repair(np.asarray(X, float))

    low, high = space.bounds
    policies = problem.Problem(n_var=len(low), n_obj=len(search.objectives), n_ieq_constr=1, xl=low, xu=high)
    algorithm = nsga2.NSGA2(pop_size=search.population, sampling=space.repair(space.start(search.base)), repair=Budgets())
    algorithm.setup(policies, termination=("n_gen", search.generations), seed=search.seed, verbose=False)
    while algorithm.has_next():
        asked = algorithm.ask()
        if asked is None or len(asked) == 0:  # every child was a duplicate
            return
        table = tried(asked.get("X"))
        evaluator.Evaluator().eval(static.StaticProblem(policies, F=costs(search, table), G=_short(table)), asked)
        algorithm.tell(infills=asked)


def costs(search: Search, table: pd.DataFrame) -> np.ndarray:
    """Objectives to minimise, shape (policies, objectives)."""
    signs = [1.0 if way == "less" else -1.0 for way in search.objectives.values()]
    return np.nan_to_num(table[list(search.objectives)].to_numpy(float) * signs, nan=FAILED)


def _short(table: pd.DataFrame) -> np.ndarray:
    """Constraint violation of each policy, above 0 if violated; shape (policies, 1)."""
    return np.where(table["runs"] > 0, table["miss"], 1.0 + FAILED)[:, None]


def _result(search: Search, table: pd.DataFrame, runs: Sequence[pd.DataFrame], folder: Path) -> SearchResult:
    good = (table["miss"] <= 0) & (table["runs"] > 0)
    names, ways = list(search.objectives), list(search.objectives.values())
    table["front"] = efficient(table[names].where(good), ways)
    ahead = ["generation", *search.space.keys]
    table = table[[*ahead, *(name for name in table if name not in ahead)]]
    indices = parts_of_front(search, table, runs)
    weighed = effective_weights(indices)
    ranked = ranks(indices, [str(row) for row in table.index[table["front"]]], search.seed, weighed)
    return SearchResult(search, table, _progress(search, table, good.to_numpy()), ranked, weighed, folder)


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


def _progress(search: Search, table: pd.DataFrame, good: np.ndarray) -> pd.DataFrame:
    """Hypervolume up to every generation, relative to the box between the best and the worst of all valid policies."""
    values, generations = costs(search, table), np.arange(int(table["generation"].max()) + 1)
    share = np.zeros(len(generations))
    if good.any():
        low, high = values[good].min(axis=0), values[good].max(axis=0)
        scaled = (values - low) / np.where(high > low, high - low, 1.0)
        measure = hv.HV(ref_point=np.full(values.shape[1], 1.0 + 1e-9))
        for number in generations:
            upto = good & (table["generation"].to_numpy() <= number)
            share[number] = measure(scaled[upto]) if upto.any() else 0.0
    return pd.DataFrame({"generation": generations, "hypervolume": share})
