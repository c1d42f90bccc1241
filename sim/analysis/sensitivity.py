"""Sensitivity of an outcome to factors: indices with intervals, by the design of the points.

- Variance shares, for a Sobol design: Saltelli, A., et al. (2010), doi:10.1016/j.cpc.2009.09.018.
- Elementary effects, for a Morris design: Morris, M. (1991), doi:10.1080/00401706.1991.10484804; mu*: Campolongo, F., et al. (2007),
  doi:10.1016/j.envsoft.2006.10.004.
- For any other points, dependent ones such as shares of one budget among them: delta, Borgonovo, E. (2007),
  doi:10.1016/j.ress.2006.04.015, with first-order shares, Plischke, E., et al. (2013), doi:10.1016/j.ejor.2012.11.047; PAWN,
  Pianosi, F., & Wagener, T. (2018), doi:10.1016/j.envsoft.2018.07.019, compared with dummies, Khorashadi Zadeh, F., et al. (2017),
  doi:10.1016/j.envsoft.2017.02.001.

The estimators are SALib's. Every table has the columns `COLUMNS`.
"""

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import MIDDLE
from sim.errors import requires_extra
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    import threadpoolctl
    from SALib.analyze import delta as salib_delta
    from SALib.analyze import morris as salib_morris
    from SALib.analyze import pawn as salib_pawn
    from SALib.analyze import sobol as salib_sobol

NEEDS = Message("indices of factors need SALib and threadpoolctl")
COLUMNS = ("method", "measure", "factor", "other", "value", "low", "high", "floor", "matters", "settled")
"""``other`` is the second factor of an interaction; `low` and `high` bound 95 %; see `judged` for the last three."""
MAIN = {"sobol": "total", "morris": "mu_star", "given": "delta"}
"""Index by which factors are ranked, by method."""
RESAMPLES, FEW_RESAMPLES = 200, 25
"""Bootstrap samples for indices that are fast, and slow, to compute."""
WIDE_OF_ITSELF, WIDE_OF_LARGEST = 0.25, 0.1
"""An index needs more runs when half its interval exceeds both these shares, of itself and of the largest (assumption)."""
NEGLIGIBLE = 0.05
"""Share of the largest index below which an effect counts as none, if there are no dummies (assumption)."""
DUMMIES = 3
"""Dummy factors without effect: their indices show what chance alone reaches."""
FEWEST_ROWS, FEWEST_BLOCKS = 30, 4


def require_extra() -> None:
    """Check that what the indices need is installed.

    Raises
    ------
    UserError
        If not; it says what to install.
    """
    with requires_extra("analysis", NEEDS):
        salib_sobol.analyze, salib_morris.analyze, salib_delta.analyze, threadpoolctl.threadpool_limits  # noqa: B018


def sobol(factors: Sequence[str], values: np.ndarray, block: int, seed: int = 0) -> pd.DataFrame:
    """First-order, total and, where the design has them, second-order shares of variance.

    Parameters
    ----------
    factors : sequence of str
        k names, in the order of the design.
    values : ndarray, shape (n,)
        The outcome in the order of Saltelli's design; NaN for missing runs, whose blocks are left out.
    block : int
        Rows of a block: k + 2, or 2 k + 2 with second order.
    seed : int
        Of the bootstrap.
    """
    with requires_extra("analysis", NEEDS):
        estimate = salib_sobol.analyze

    k, values = len(factors), _whole_blocks(np.asarray(values, float), block)
    if len(values) < FEWEST_BLOCKS * block or np.ptp(values) == 0:
        return _nothing()
    second = block == 2 * k + 2
    with _quiet(seed):
        found = estimate(_problem(factors), values, second, RESAMPLES, seed=seed + 1)  # SALib takes 0 for no seed
    rows = []
    for index, key in (("first", "S1"), ("total", "ST")):
        rows += [_row("sobol", index, name, "", v, c) for name, v, c in zip(factors, found[key], found[f"{key}_conf"])]
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)] if second else []
    rows += [_row("sobol", "second", factors[i], factors[j], found["S2"][i, j], found["S2_conf"][i, j]) for i, j in pairs]
    return judged(pd.DataFrame(rows), {})


def morris(groups: Sequence[str], points: np.ndarray, values: np.ndarray, levels: int = 4, seed: int = 0) -> pd.DataFrame:
    """Elementary effects over the whole range of a factor: mu* (size), mu (with sign) and sigma (nonlinearity and interactions).

    Parameters
    ----------
    groups : sequence of str
        The factor of every coordinate; groups of coordinates (shares of one budget) have mu* only.
    points : ndarray, shape (n, coordinates)
        Trajectories of one point more than there are factors, coordinates from 0 to 1.
    values : ndarray, shape (n,)
        The outcome; NaN for missing runs, whose trajectories are left out. Intervals come from resampled trajectories.
    levels : int
        Levels of the design.
    """
    with requires_extra("analysis", NEEDS):
        estimate = salib_morris.analyze

    factors = list(dict.fromkeys(groups))
    length = len(factors) + 1
    rows = len(values) // length * length
    paths = np.asarray(points, float)[:rows].reshape(-1, length, len(groups))
    ends = np.asarray(values, float)[:rows].reshape(-1, length)
    whole = np.isfinite(ends).all(axis=1)
    paths, ends = paths[whole], ends[whole]
    if len(ends) < FEWEST_BLOCKS or np.ptp(ends) == 0:
        return _nothing()
    problem = _problem([f"x{i}" for i in range(len(groups))]) | {"groups": list(groups)}
    alone = np.array([list(groups).count(name) == 1 for name in factors])

    def effects(chosen: np.ndarray) -> np.ndarray:
        flat = paths[chosen].reshape(-1, len(groups))
        found = estimate(problem, flat, ends[chosen].ravel(), 2, num_levels=levels, seed=1)
        return np.array([found["mu_star"], *(np.where(alone, found[name], np.nan) for name in ("mu", "sigma"))], float)

    rng = np.random.default_rng(seed)
    again = np.array([effects(rng.integers(len(ends), size=len(ends))) for _ in range(RESAMPLES)])
    (low, high), value = np.quantile(again, MIDDLE, axis=0), effects(np.arange(len(ends)))
    table = [
        dict(zip(COLUMNS, ("morris", index, name, "", value[i, j], low[i, j], high[i, j])))
        for i, index in enumerate(("mu_star", "mu", "sigma"))
        for j, name in enumerate(factors)
        if index == "mu_star" or alone[j]
    ]
    return judged(pd.DataFrame(table), {})


def given(factors: Sequence[str], points: np.ndarray, values: np.ndarray, seed: int = 0) -> pd.DataFrame:
    """Delta, first-order share of variance and PAWN (median) from points of any design, with the values reached by chance.

    Parameters
    ----------
    points : ndarray, shape (n, k)
        Numbers; choices as codes.
    values : ndarray, shape (n,)
        The outcome; NaN for missing runs.
    """
    with requires_extra("analysis", NEEDS):
        estimate = salib_delta.analyze

    values = np.asarray(values, float)
    known = np.isfinite(values)
    points, values, k = np.asarray(points, float)[known], values[known], len(factors)
    if len(values) < FEWEST_ROWS or np.ptp(values) == 0:
        return _nothing()
    rng = np.random.default_rng(seed)
    # Ties (levels of a grid, choices) are broken at random, since both estimators slice a factor by rank.
    points = np.column_stack([_untied(points, rng), rng.random((len(values), DUMMIES))])
    names = [f"x{i}" for i in range(k + DUMMIES)]
    with _quiet(seed):
        found = estimate(_problem(names), points, values, FEW_RESAMPLES)
    indices = {"delta": (found["delta_raw"], found["delta_raw_conf"]), "first": (found["S1"], found["S1_conf"])}
    rows = [_row("given", index, n, "", v[i], c[i]) for index, (v, c) in indices.items() for i, n in enumerate(factors)]
    floors = {index: float(np.nanmax(np.add(v, c)[k:])) for index, (v, c) in indices.items()}
    pawn, low, high = _pawn(names, points, values, rng, seed)
    rows += [dict(zip(COLUMNS, ("given", "pawn", name, "", pawn[i], low[i], high[i]))) for i, name in enumerate(factors)]
    return judged(pd.DataFrame(rows), floors | {"pawn": float(high[k:].max())})


def judged(table: pd.DataFrame, floors: dict[str, float]) -> pd.DataFrame:
    """The table with a verdict on every index.

    ``floor`` is the threshold of relevance: the value that dummies reach, given in `floors` by index, else 5 % of the largest main index.
    An index ``matters`` when its interval lies above the floor, and is ``settled`` unless its interval is wide (`WIDE_OF_ITSELF`).
    """
    main = table[table["measure"].isin(MAIN.values())]
    largest = {name: float(part["value"].abs().max()) for name, part in table.groupby("measure")}
    top = float(main["value"].abs().max())
    half = (table["high"] - table["low"]) / 2
    reference = table["measure"].map(largest).where(table["measure"] != "second", top)
    floor = table["measure"].map(lambda name: floors.get(name, NEGLIGIBLE * top))
    away = pd.concat([table["low"], -table["high"]], axis=1).max(axis=1)
    wide = (half > WIDE_OF_ITSELF * table["value"].abs()) & (half > WIDE_OF_LARGEST * reference)
    return table.assign(floor=floor, matters=away > floor, settled=~wide & half.notna())[list(COLUMNS)]


def direction(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation of each factor with the outcome, shape (k,), as the direction of its effect."""
    ranked = pd.DataFrame(points).rank()
    with np.errstate(all="ignore"):
        return ranked.corrwith(pd.Series(values).rank()).to_numpy()


def _pawn(names, points, values, rng, seed) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """PAWN's median statistic with bootstrap bounds, of every column."""
    with requires_extra("analysis", NEEDS):
        estimate = salib_pawn.analyze

    slices = int(np.clip(len(values) // 20, 3, 10))

    def of(rows: Any) -> np.ndarray:
        return estimate(_problem(names), points[rows], values[rows], slices)["median"]

    with _quiet(seed):
        again = np.array([of(rng.integers(len(values), size=len(values))) for _ in range(FEW_RESAMPLES)])
        value = of(slice(None))
    # Resampling repeats values, which biases a distance between distributions upwards: only the spread is taken from the bootstrap.
    lift = np.median(again, axis=0) - value
    low, high = np.quantile(again, MIDDLE, axis=0) - lift
    return value, np.maximum(0.0, low), high


def _untied(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Points with ties broken at random, within a thousandth of the smallest step."""
    apart = points.copy()
    for column in range(points.shape[1]):
        levels = np.unique(points[:, column])
        if 1 < len(levels) < len(points):
            apart[:, column] += rng.random(len(points)) * np.diff(levels).min() / 1000
    return apart


def _whole_blocks(values: np.ndarray, block: int) -> np.ndarray:
    rows = values[: len(values) // block * block].reshape(-1, block)
    return rows[np.isfinite(rows).all(axis=1)].ravel()


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _row(method: str, index: str, factor: str, other: str, value: float, half: float) -> dict[str, Any]:
    return dict(zip(COLUMNS, (method, index, factor, other, float(value), float(value - half), float(value + half))))


def _nothing() -> pd.DataFrame:
    """The table of a constant outcome, or of too few points."""
    return pd.DataFrame(columns=list(COLUMNS)).astype({"matters": bool, "settled": bool, "value": float, "low": float, "high": float})


@contextlib.contextmanager
def _quiet(seed: int) -> Iterator[None]:
    """Restore NumPy's global random state and the format of warnings afterwards, since SALib changes both.

    Linear algebra uses one thread: thousands of tiny systems are up to ten times slower on several threads of a busy machine.
    """
    with requires_extra("analysis", NEEDS):
        limit = threadpoolctl.threadpool_limits

    state, form = np.random.get_state(), warnings.formatwarning  # noqa: NPY002
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        with limit(1), warnings.catch_warnings(record=True), np.errstate(all="ignore"):
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        warnings.formatwarning = form
