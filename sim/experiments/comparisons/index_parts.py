"""The indices of many policies by their parts: what moves them, which parts luck covers, and ranks under other weights and aggregations.

Used alike by compare, mix and optimise. A part that varies less between the policies than luck moves its mean over the seeds is not
`told`: its differences are read in natural units, and it is left out of ranks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.composite import aggregations, arithmetic, effective, first
from sim.analysis.ranking import ranking, weightings
from sim.experiments.runs.batch import Batch
from sim.lazy import lazily
from sim.scenario import Scenario
from sim.scenario.schema.fields import SatisfactionWeights, StabilityWeights

with lazily():
    import pandas as pd

INDICES = ("stability", "satisfaction")
BOTH = "both"
WEIGHTINGS = 4000
TOLD = 1.0
"""Signal to noise of the means from which a part says something about a difference."""
_FIELDS: dict[str, Any] = {"stability": StabilityWeights, "satisfaction": SatisfactionWeights}
EFFECTIVE = ["ranked_by", "part", "weight", "policies", "seeds", "signal", "told"]
RANKS = ["first", "first_with_luck", "mean_rank", "best_rank", "worst_rank", "first_geometric", "rank", "rank_geometric"]


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of an index in every run.

    Parameters
    ----------
    names : list of str
    weights : ndarray, shape (parts,)
        Nominal weights as shares.
    values : ndarray, shape (seeds, policies, parts)
    """

    names: list[str]
    weights: np.ndarray
    values: np.ndarray


def parts_of(batch: Batch, index: str) -> list[str]:
    """Parts of an index with a value in every run."""
    known = [name for name in part_names(index) if name in batch.outcomes]
    whole = np.isfinite(batch.cube(known)).all(axis=(0, 1))
    return [name for name, sound in zip(known, whole, strict=True) if sound]


def part_names(index: str) -> list[str]:
    """Every part of an index."""
    return list(_FIELDS[index].model_fields)


def own_weights(scenario: Scenario, index: str, parts: Sequence[str]) -> np.ndarray:
    """Weights of some parts of an index in a scenario, as shares."""
    given = getattr(scenario.weights, index)
    weights = np.array([getattr(given, part) for part in parts], float)
    return weights / weights.sum() if weights.sum() > 0 else weights


def of_batch(batch: Batch) -> dict[str, Parts]:
    """Parts of both indices in a batch, with the weights of its first scenario."""
    names = {index: parts_of(batch, index) for index in INDICES}
    return {index: Parts(own, own_weights(batch.scenarios[0], index, own), batch.cube(own)) for index, own in names.items()}


def effective_weights(indices: Mapping[str, Parts]) -> "pd.DataFrame":
    """Table of the effective weights of the parts of the indices; empty for fewer than two seeds or policies.

    Returns
    -------
    DataFrame
        A row per index and part with a weight: ``ranked_by, part, weight`` (nominal, sums to 1), ``policies, seeds`` (share of the variance
        of the index between policies and between seeds), ``signal`` (signal to noise of one run), see `sim.analysis.composite`, and
        ``told`` (whether that of the means over the seeds is at least `TOLD`).
    """
    rows = []
    for index, own in indices.items():
        if not own.weights.any() or min(own.values.shape[:2]) < 2:
            continue
        found = effective(own.values, own.weights)
        for place, part in enumerate(own.names):
            values = {key: float(getattr(found, key)[place]) for key in ("policies", "seeds", "signal")}
            told = bool(values["signal"] * np.sqrt(len(own.values)) >= TOLD)
            rows.append({"ranked_by": index, "part": part, "weight": own.weights[place], **values, "told": told})
    return pd.DataFrame(rows, columns=EFFECTIVE)


def untold(table: "pd.DataFrame") -> dict[str, list[str]]:
    """Parts of every index that luck covers, from a table of effective weights; an index without one is left out."""
    hidden = table[~table["told"].astype(bool)]
    return {str(index): list(rows["part"]) for index, rows in hidden.groupby("ranked_by", sort=False)}


def ranks(indices: Mapping[str, Parts], labels: Sequence[str], seed: int, table: "pd.DataFrame") -> "pd.DataFrame":
    """Table of ranks of policies under varied weights of the parts, with arithmetic and geometric means.

    Parameters
    ----------
    indices : mapping of str to Parts
    labels : sequence of str
        Of the policies.
    seed : int
        Of the random weights and of the resampled seeds.
    table : DataFrame
        Effective weights: parts that luck covers are left out, unless none is left.

    Returns
    -------
    DataFrame
        A row per index in ``ranked_by`` (and ``both``, where there are two) and ``scenario``: ``first`` (share of weightings that put it
        first), ``first_with_luck`` (the same with seeds resampled), ``mean_rank, best_rank, worst_rank``, ``first_geometric`` (the same as
        ``first`` with geometric means), and under the nominal weights ``rank`` and ``rank_geometric``.
    """
    kept = {index: _told(own, untold(table).get(index, [])) for index, own in indices.items()}
    groups = {index: [own] for index, own in kept.items()} | ({BOTH: list(kept.values())} if len(kept) > 1 else {})
    rows = []
    for name, group in groups.items():
        weights = weightings([len(own.names) for own in group], WEIGHTINGS, seed=seed)
        values = np.concatenate([own.values for own in group], axis=2)
        own = np.concatenate([one.weights for one in group])
        varied, given = ranking(values, weights, seed=seed), aggregations(values.mean(axis=0), own, weights)
        for place, label in enumerate(labels):
            row = {key: float(getattr(varied if hasattr(varied, key) else given, key)[place]) for key in RANKS}
            rows.append({"ranked_by": name, "scenario": label, **row})
    return pd.DataFrame(rows, columns=["ranked_by", "scenario", *RANKS])


def world_ranks(indices: Mapping[str, Parts], labels: Sequence[str], seed: int) -> "pd.DataFrame":
    """Table of how often policies rank first over plausible worlds and weightings of the parts.

    Parameters
    ----------
    indices : mapping of str to Parts
        Their first axis are worlds, one run in each. No part is left out: what luck covers cannot be told from one run.
    labels : sequence of str
        Of the policies.
    seed : int
        Of the random weights.

    Returns
    -------
    DataFrame
        A row per index in ``ranked_by`` (and ``both``, where there are two) and ``scenario``: ``n`` (worlds), ``first`` (share of
        weightings that put it first, mean over the worlds; ties are shared), and ``most`` (worlds in which more weightings put it first
        than any other).
    """
    groups = {index: [own] for index, own in indices.items() if own.names}
    groups |= {BOTH: list(indices.values())} if len(groups) > 1 else {}
    rows = []
    for name, group in groups.items():
        weights = weightings([len(own.names) for own in group], WEIGHTINGS, seed=seed)
        values = np.concatenate([own.values for own in group], axis=2)
        shares = np.stack([first(arithmetic(world, weights)) for world in values])
        ahead = shares >= shares.max(axis=1, keepdims=True) - 1e-12
        most = (ahead & (ahead.sum(axis=1, keepdims=True) == 1)).sum(axis=0)
        for place, label in enumerate(labels):
            found = {"n": len(values), "first": float(shares[:, place].mean()), "most": int(most[place])}
            rows.append({"ranked_by": name, "scenario": label, **found})
    return pd.DataFrame(rows, columns=["ranked_by", "scenario", "n", "first", "most"])


def _told(own: Parts, hidden: Sequence[str]) -> Parts:
    """The parts of an index that luck does not cover; all of them where it covers every part that weighs something."""
    places = [place for place, name in enumerate(own.names) if name not in hidden]
    weights = own.weights[places]
    if not weights.any():
        return own
    return Parts([own.names[place] for place in places], weights / weights.sum(), own.values[:, :, places])
