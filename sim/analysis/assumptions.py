"""Which assumptions carry most of a spread over worlds: forward selection by rank correlation, against a permutation null.

Differences and coefficients are replaced by their ranks, so that outliers and scales do not matter. The assumption with the largest
absolute correlation is named if it exceeds the 95 % quantile of the *largest* correlation, over all assumptions, of differences dealt out
to worlds at random (Westfall, P., & Young, S. (1993), Resampling-Based Multiple Testing). What is named is then taken out of the
differences and of all other assumptions, by regression, and the next one is sought among what is left (Freedman, D., & Lane, D. (1983),
doi:10.1080/07350015.1983.10509354). The first that does not pass ends the search. So the chance that anything is named which has no
effect is about `ALARM` for one set of differences. An option of a structural choice is a coefficient that is 0 or 1.

An assumption with an effect that rises and falls again has no rank correlation, and is not found.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

ALARM = 0.05
"""Chance of naming an assumption without effect."""
MOST = 3
SHUFFLES = 999
FEWEST_WORLDS = 20
"""With fewer worlds nothing is named."""
FEWEST_EACH = 5
"""Worlds that must have an option, and be without it."""


class Carrier(NamedTuple):
    """An assumption that carries part of a spread.

    Parameters
    ----------
    name : str
        Column of the table of assumptions.
    option : str
        Of a structural choice; empty for a coefficient.
    correlation : float
        Rank correlation with the differences, -1 to 1, given those named before it.
    share : float
        Of the variance of the ranks of differences that it adds, 0 to 1, less what one column adds by luck; 0 at least.
    p : float
        Of the permutation test over all assumptions.
    """

    name: str
    option: str
    correlation: float
    share: float
    p: float


def columns_of(assumptions: pd.DataFrame) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Assumptions as numbers: coefficients as they are, and a column of 0 and 1 for every option of a choice (one for two options).

    Parameters
    ----------
    assumptions : DataFrame, shape (worlds, assumptions)
        Numbers, or options as text.

    Returns
    -------
    names : list of (str, str)
        Assumption, and its option or empty.
    values : ndarray of float, shape (worlds, columns)
        Without those that are the same in all worlds, or options that fewer than `FEWEST_EACH` worlds have or lack.
    """
    names: list[tuple[str, str]] = []
    found: list[np.ndarray] = []
    of_numbers = [pd.api.types.is_numeric_dtype(kind) for kind in assumptions.dtypes]
    # Taken out together: one by one, hundreds of coefficients take longer than what is sought among them.
    numbers = assumptions.loc[:, of_numbers].to_numpy(float)
    coefficients = zip((numbers != numbers[:1]).any(axis=0), numbers.T, strict=True)
    for name, number in zip(assumptions.columns, of_numbers, strict=True):
        if number:
            differs, values = next(coefficients)
            if differs:
                names.append((str(name), ""))
                found.append(values)
            continue
        column = assumptions[name]
        options = sorted(set(column))
        for option in options[1:] if len(options) == 2 else options:
            has = (column == option).to_numpy(float)
            if min(has.sum(), len(has) - has.sum()) >= FEWEST_EACH:
                names.append((str(name), option))
                found.append(has)
    return names, np.column_stack(found) if found else np.empty((len(assumptions), 0))


def carriers(assumptions: pd.DataFrame, differences: np.ndarray, most: int = MOST, seed: int = 0) -> list[Carrier]:
    """Assumptions that carry most of the spread of differences, most important first; none if none stands out.

    Parameters
    ----------
    assumptions : DataFrame, shape (worlds, assumptions)
    differences : array_like of float, shape (worlds,)
        Worlds with NaN are left out.
    most : int
    seed : int
        Of the permutations.
    """
    values = np.asarray(differences, float)
    known = np.isfinite(values)
    if known.sum() < FEWEST_WORLDS or np.ptp(values[known]) == 0:
        return []
    names, columns = columns_of(assumptions[known])
    if not names:
        return []
    rng = np.random.default_rng(seed)
    target, others = (_centred(pd.DataFrame(table).rank().to_numpy()) for table in (values[known], columns))
    size = np.linalg.norm(others, axis=0)
    whole, n, named = float((target**2).sum()), len(target), np.empty((len(target), 0))
    found: list[Carrier] = []
    while len(found) < min(most, n - 3):
        free = np.linalg.norm(others, axis=0) > 1e-6 * size
        scale = np.where(free, np.linalg.norm(others, axis=0), np.inf)
        unit = others / scale
        correlations = (target.T @ unit)[0] / max(np.linalg.norm(target), 1e-300)
        best = int(np.abs(correlations).argmax())
        shuffled = np.column_stack([rng.permutation(target[:, 0]) for _ in range(SHUFFLES)])
        shuffled = shuffled - named @ (named.T @ shuffled)
        null = np.abs(shuffled.T @ unit).max(axis=1) / np.linalg.norm(shuffled, axis=0)
        p = (1 + int((null >= abs(correlations[best]) - 1e-12).sum())) / (1 + SHUFFLES)
        if p > ALARM:
            break
        r2, freedom = float(correlations[best] ** 2), n - 1 - len(found)
        adjusted = max(0.0, 1 - (1 - r2) * freedom / (freedom - 1)) * float((target**2).sum()) / whole
        found.append(Carrier(*names[best], float(correlations[best]), adjusted, p))
        taken = unit[:, [best]]
        named, target, others = np.hstack([named, taken]), target - taken @ (taken.T @ target), others - taken @ (taken.T @ others)
        others[:, [name == found[-1].name for name, _ in names]] = 0.0  # a choice is named once
    return found


def _centred(ranks: np.ndarray) -> np.ndarray:
    return ranks - ranks.mean(axis=0)
