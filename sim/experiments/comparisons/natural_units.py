"""Differences between the scenarios of a batch in numbers of the real city, and what they cost."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.cost_effectiveness import cost_per_effect
from sim.analysis.paired import pair_means, paired
from sim.analysis.real_size import EFFECTS, LEADING, MONEY, is_money, total_factor
from sim.experiments.runs.batch import Batch, direction
from sim.lazy import lazily
from sim.metrics import METRICS

with lazily():
    import pandas as pd

COLUMNS = (
    "scenario metric base value mean low high p n money money_low money_high cost_per_effect cost_low cost_high cost_verdict currency"
).split()
BUDGET = (*MONEY, "budget_unspent")
"""Metrics that add up to the budget."""
MONEY_RESOLUTION = 1e-5
"""Share of the budget below which a difference is one of rounding: each instrument gets whole units in each district."""


def natural_units(batch: Batch, base: str, others: Sequence[str], residents: float, interval: str = "t") -> "pd.DataFrame":
    """Leading results of scenarios against one of them, for the real city.

    Parameters
    ----------
    batch : Batch
    base : str
        Label of the scenario that the others are compared with.
    others : sequence of str
    residents : float
        Of the real city.
    interval : str
        "t" or "bootstrap", of the differences.

    Returns
    -------
    DataFrame
        A row per scenario and leading result: ``scenario, metric, base, value`` (number in a year or at a time, currency a year, or the
        metric itself where it has no total), ``mean, low, high, p, n`` (paired difference, 95 % interval of that one difference, p not
        corrected), ``money, money_low, money_high`` (difference in money spent and leaked, currency a year), ``cost_per_effect, cost_low,
        cost_high`` (currency for each unit of improvement), ``cost_verdict`` (see `sim.analysis.cost_effectiveness.VERDICTS`) and
        ``currency``. Those on cost are empty for results that are no improvement in themselves, and where money has no currency.
    """
    values = {label: {name: batch.of(label, name) for name in LEADING if name in batch.outcomes} for label in (base, *others)}
    currencies = {scenario.staffing.currency for scenario in batch.scenarios}
    currency = currencies.pop() if len(currencies) == 1 else ""
    return differences(values[base], {label: values[label] for label in others}, residents, currency, interval, batch.seeds[0])


def differences(
    base: Mapping[str, np.ndarray],
    others: Mapping[str, Mapping[str, np.ndarray]],
    residents: float,
    currency: str,
    interval: str = "t",
    seed: int = 0,
) -> "pd.DataFrame":
    """The table of `natural_units`, from the values themselves.

    Parameters
    ----------
    base : mapping of str to ndarray, shape (seeds,)
        Leading results by metric, per resident.
    others : mapping of str to mapping
        The same of every scenario, by its label.
    residents, interval
        As in `natural_units`.
    currency : str
        Of all scenarios; empty if theirs differ, and then nothing has a cost.
    seed : int
        Of the bootstrap.
    """
    rows = []
    for label, other in others.items():
        spent = money_difference(base, other) if currency else None
        for name in base:
            if np.isfinite(base[name]).any():
                factor = total_factor(name, residents)
                factor = 1.0 if math.isnan(factor) else factor
                known_to = money_resolution(base) * factor if name in BUDGET else 0.0
                row = _row(name, base[name] * factor, other[name] * factor, interval, seed, known_to)
                money = None if spent is None else spent * residents
                rows.append({"scenario": label} | row | _cost(name, (other[name] - base[name]) * factor, money) | {"currency": currency})
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(name: str, a: np.ndarray, b: np.ndarray, interval: str, seed: int, known_to: float) -> dict[str, Any]:
    """The columns on the difference itself."""
    found = paired(a, b, direction(name) == "less", interval, seed, known_to)
    row = {"metric": name} | pair_means(a, b)._asdict()
    return row | {key: getattr(found, key) for key in ("mean", "low", "high", "p", "n")}


def _cost(name: str, difference: np.ndarray, money: np.ndarray | None) -> dict[str, Any]:
    """The columns on money."""
    if money is None or name not in EFFECTS:
        return dict.fromkeys(COLUMNS[9:15], math.nan) | {"cost_verdict": ""}
    better = 1.0 if METRICS[name].better == "more" else -1.0
    total, found = paired(np.zeros(len(money)), money), cost_per_effect(money, better * difference)
    return {
        "money": total.mean,
        "money_low": total.low,
        "money_high": total.high,
        "cost_per_effect": found.ratio,
        "cost_low": found.low,
        "cost_high": found.high,
        "cost_verdict": found.verdict,
    }


def money_difference(base: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Money that a scenario costs more than another: currency per resident and year, shape (seeds,); None if it is not known."""
    if not all(name in base and is_money(name) for name in MONEY):
        return None
    first, second = (sum((values[name] for name in MONEY), np.zeros(())) for values in (base, other))
    difference = np.asarray(second - first)
    return np.zeros_like(difference) if np.nanmax(np.abs(difference), initial=0.0) <= money_resolution(base) else difference


def money_resolution(values: Mapping[str, np.ndarray]) -> float:
    """Difference in money below which it is one of rounding, from the values of a scenario by metric."""
    pot = sum((values[name] for name in BUDGET if name in values), np.zeros(()))
    return MONEY_RESOLUTION * float(np.nanmax(np.abs(pot), initial=0.0))
