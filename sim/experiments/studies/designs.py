"""Designs: the points in the space of factors that a study simulates.

Samples are drawn in the unit cube and then turned into values. A group of k shares that sum to at most a budget takes k coordinates,
transformed one share after another (Rosenblatt's transformation), so that a uniform sample of the cube gives a uniform sample of the
simplex; shares that sum to exactly the budget take k - 1. The coordinates of a group are independent of all others, but its shares are not
independent of each other: Sobol's and Morris' methods therefore vary a group as one factor (SALib's ``groups``), and the effects of single
shares are estimated by given-data methods.

References
----------
- Saltelli et al. (2010), Variance based sensitivity analysis of model output, doi:10.1016/j.cpc.2009.09.018
- Morris (1991), Factorial sampling plans for preliminary computational experiments, doi:10.1080/00401706.1991.10484804
- Rosenblatt (1952), Remarks on a multivariate transformation, doi:10.1214/aoms/1177729394
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from sim.errors import UserError, requires_extra
from sim.experiments.studies.study import POLICIES, POLICY, Design, Factor, Group, Study
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    import pandas as pd
    from SALib.sample import morris, sobol
    from scipy.stats import qmc

MOST_NUMBERS = 50_000_000
"""Maximum of points times keys of a plan, limited by memory."""
DIGITS = 9
"""Digits of the position of a value within its range: values stay readable, and equal on machines whose powers differ in the last bit."""


def points(study: Study) -> "pd.DataFrame":
    """Points of a study in order, a column per key, in the types of the scenario.

    Returns
    -------
    DataFrame
        Index 0, 1, ...; columns as in ``study.keys``.

    Raises
    ------
    UserError
        When the sampler is not installed, or there are more points than can be handled.
    """
    kind, numbers_ = study.design.kind, count(study) * len(study.keys)
    if numbers_ > MOST_NUMBERS:
        raise UserError(
            "{name}: got {points} points of {keys} keys; expected at most {most} numbers: fewer samples, levels or factors",
            name=study.name,
            points=f"{count(study):,}",
            keys=len(study.keys),
            most=f"{MOST_NUMBERS:,}",
        )
    if kind == "list":
        return _table({factor.key: factor.values for factor in study.factors})
    found = _grid(study) if kind == "grid" else _values(study, sample(study))
    return _crossed(study, found) if kind == POLICIES else found


def _crossed(study: Study, futures: "pd.DataFrame") -> "pd.DataFrame":
    """Every policy in every future, ordered by future, so that partial results are comparable, too."""
    names = list(study.policies)
    table = futures.loc[futures.index.repeat(len(names))].reset_index(drop=True)
    table.insert(0, POLICY, names * len(futures))
    return table


def _table(columns: dict[str, Sequence[Any]]) -> "pd.DataFrame":
    """A table that keeps the types of its values: integers stay integers, mixed columns hold objects."""
    return pd.DataFrame({key: pd.Series(values, dtype=_type_of(values)) for key, values in columns.items()})


def _type_of(values: Sequence[Any]) -> Any:
    """Type of a column that keeps its values unchanged."""
    if isinstance(values, np.ndarray):
        return values.dtype
    kinds = {type(value) for value in values}
    return {int: np.int64, float: np.float64, bool: np.bool_}.get(kinds.pop(), object) if len(kinds) == 1 else object


def sample(study: Study) -> np.ndarray:
    """Points of a sampled design in the unit cube, shape (points, coordinates); of a study of policies, its futures.

    Raises
    ------
    ValueError
        For a grid and a list, which are not sampled.
    """
    design, width = study.design, len(coordinates(study))
    if design.kind in ("lhs", "simplex", POLICIES):
        return qmc.LatinHypercube(width, rng=design.seed).random(design.samples)
    cube = {"num_vars": width, "names": coordinates(study), "bounds": [[0.0, 1.0]] * width, "groups": grouping(study)}
    if design.kind == "sobol":
        with _needs_salib(design):
            draw = sobol.sample
        return draw(cube, design.samples, calc_second_order=design.second_order, seed=design.seed)
    if design.kind == "morris":
        with _needs_salib(design):
            draw = morris.sample
        return draw(cube, design.samples, num_levels=design.levels, seed=design.seed)
    raise ValueError(f"a {design.kind} is not sampled")


def problem(study: Study) -> dict[str, Any]:
    """The study in SALib's terms: one variable per coordinate of `sample`, with bounds and groups.

    Coordinates of a group lie between 0 and 1; choices are numbered 0, 1, 2, ...
    """
    bounds = [[float(factor.low), float(factor.high)] for factor in study.factors]
    bounds += [[0.0, 1.0]] * (len(coordinates(study)) - len(bounds))
    found = {"num_vars": len(bounds), "names": coordinates(study), "bounds": bounds}
    return found | ({"groups": grouping(study)} if study.groups else {})


def coordinates(study: Study) -> list[str]:
    """Names of the coordinates: keys of factors, and of the shares of groups (except the last, if they use the whole budget)."""
    free = [key for group in study.groups for key in group.shares[: len(group.shares) - group.exact]]
    return [factor.key for factor in study.factors] + free


def grouping(study: Study) -> list[str]:
    """The group of every coordinate: a factor is its own group."""
    members = [group.name for group in study.groups for _ in group.shares[: len(group.shares) - group.exact]]
    return [factor.key for factor in study.factors] + members


def count(study: Study) -> int:
    """Number of points, without computing them."""
    design, groups = study.design, len(set(grouping(study)))
    if design.kind == "sobol":
        return design.samples * ((2 * groups if design.second_order else groups) + 2)
    if design.kind == "morris":
        return design.samples * (groups + 1)
    if design.kind == "list":
        return len(study.factors[0].values)
    if design.kind == "grid":
        lattices = [math.comb(design.levels - 1 + len(group.shares) - group.exact, design.levels - 1) for group in study.groups]
        return math.prod([len(_levels(factor, design.levels)) for factor in study.factors] + lattices)
    return design.samples * max(1, len(study.policies))


def simplex(unit: np.ndarray, group: Group) -> np.ndarray:
    """Shares of a group from uniform coordinates.

    Parameters
    ----------
    unit : array, shape (points, shares) or, where the whole budget is used, (points, shares - 1)

    Returns
    -------
    array, shape (points, shares)
        Each at least ``group.low``; rounded down, so that no sum is above the budget.
    """
    free = unit.shape[1]
    left = np.full(len(unit), group.budget - group.low * len(group.shares))
    shares = []
    for column in range(free):
        part = left * (1.0 - (1.0 - unit[:, column]) ** (1.0 / (free - column)))
        shares.append(_rounded(part, group.budget, np.floor))
        left = left - part
    if group.exact:
        rest = group.budget - group.low * len(group.shares) - sum(shares)
        shares.append(_rounded(np.maximum(rest, 0.0), group.budget, np.round))
    return np.stack(shares, axis=1) + group.low


def numbers(factor: Factor, column: Any) -> np.ndarray:
    """Values of a factor as numbers: unchanged for a range, else their index in the list."""
    if not factor.values:
        return np.asarray(column, np.float64)
    return np.array([factor.values.index(value) for value in column], np.float64)


def _values(study: Study, unit: np.ndarray) -> "pd.DataFrame":
    found: dict[str, Any] = {factor.key: _native(factor, unit[:, place]) for place, factor in enumerate(study.factors)}
    place = len(study.factors)
    for group in study.groups:
        free = len(group.shares) - group.exact
        found |= dict(zip(group.shares, simplex(unit[:, place : place + free], group).T))
        place += free
    return _table(found)


def _native(factor: Factor, unit: np.ndarray) -> Any:
    """Values of a factor from coordinates between 0 and 1."""
    if factor.values or factor.whole:
        steps = int(factor.high - factor.low) + 1
        place = np.minimum((unit * steps).astype(np.int64), steps - 1)
        return [factor.values[k] for k in place] if factor.values else place + int(factor.low)
    span = factor.high - factor.low
    return np.clip(_rounded(factor.low + unit * span, span, np.round), factor.low, factor.high)


def _rounded(values: np.ndarray, span: float, how: Any) -> np.ndarray:
    step = 10.0 ** (math.ceil(math.log10(span)) - DIGITS)
    return how(values / step) * step if step >= 1.0 else how(values * round(1.0 / step)) / round(1.0 / step)


def _levels(factor: Factor, levels: int) -> list[Any]:
    if factor.values:
        return list(factor.values)
    if factor.whole:
        return sorted({round(level) for level in np.linspace(factor.low, factor.high, levels)})
    return _native(factor, np.linspace(0.0, 1.0, levels)).tolist()


def _grid(study: Study) -> "pd.DataFrame":
    """Every combination; the shares of a group form a lattice with steps of the budget."""
    axes: list[list[tuple]] = [[(level,) for level in _levels(factor, study.design.levels)] for factor in study.factors]
    axes += [_lattice(group, study.design.levels - 1) for group in study.groups]
    rows = [tuple(itertools.chain.from_iterable(row)) for row in itertools.product(*axes)]
    return _table(dict(zip(study.keys, zip(*rows))))


def _lattice(group: Group, steps: int) -> list[tuple[float, ...]]:
    free, spare = len(group.shares) - group.exact, group.budget - group.low * len(group.shares)
    found = []
    for counts in _counts(free, steps):
        whole = (*counts, steps - sum(counts)) if group.exact else counts
        found.append(tuple(round(group.low + spare * part / steps, 12) for part in whole))
    return found


def _counts(free: int, steps: int) -> Iterator[tuple[int, ...]]:
    """Whole numbers that sum to at most `steps`, in lexicographic order."""
    if free == 0:
        yield ()
        return
    for first in range(steps + 1):
        for rest in _counts(free - 1, steps - first):
            yield (first, *rest)


def _needs_salib(design: Design) -> AbstractContextManager[None]:
    return requires_extra("analysis", Message("a {name} design needs SALib", name=design.kind))
