"""NSGA-II over policies, however they are evaluated: in seeds and futures, or in plausible worlds.

Deb, K., et al. (2002), A fast and elitist multiobjective genetic algorithm: NSGA-II, doi:10.1109/4235.996017; by pymoo, Blank, J., &
Deb, K. (2020), doi:10.1109/ACCESS.2020.2990567.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.pareto import efficient
from sim.errors import requires_extra
from sim.experiments.optimization.search import Search
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from pymoo.algorithms.moo import nsga2
    from pymoo.core import evaluator, problem, repair
    from pymoo.indicators import hv
    from pymoo.problems import static

FAILED = 1e6
"""Objective of a policy without finished runs: worse than any other."""


def require_extra() -> None:
    """Check that what a search needs is installed.

    Raises
    ------
    UserError
        If not; it says what to install.
    """
    with requires_extra("analysis", Message("a search needs pymoo")):
        nsga2.NSGA2, repair.Repair  # noqa: B018


def evolve(search: Search, tried: Callable[[np.ndarray], pd.DataFrame]) -> None:
    """NSGA-II, calling `tried` for every generation; after `require_extra`."""
    space = search.space

    class Budgets(repair.Repair):  # type: ignore[misc, valid-type]
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
        evaluator.Evaluator().eval(static.StaticProblem(policies, F=costs(search, table), G=short(table)), asked)
        algorithm.tell(infills=asked)


def costs(search: Search, table: pd.DataFrame) -> np.ndarray:
    """Objectives to minimise, shape (policies, objectives)."""
    signs = [1.0 if way == "less" else -1.0 for way in search.objectives.values()]
    return np.nan_to_num(table[list(search.objectives)].to_numpy(float) * signs, nan=FAILED)


def short(table: "pd.DataFrame") -> np.ndarray:
    """Constraint violation of each policy, above 0 if violated; shape (policies, 1)."""
    return np.where(table["runs"] > 0, table["miss"], 1.0 + FAILED)[:, None]


def with_front(search: Search, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All policies with a column ``front``, the generation and the factors first; and the hypervolume of every generation."""
    good = (table["miss"] <= 0) & (table["runs"] > 0)
    table["front"] = efficient(table[list(search.objectives)].where(good), list(search.objectives.values()))
    ahead = ["generation", *search.space.keys]
    table = table[[*ahead, *(name for name in table if name not in ahead)]]
    return table, hypervolumes(search, table, good.to_numpy())


def hypervolumes(search: Search, table: pd.DataFrame, good: np.ndarray) -> pd.DataFrame:
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
