"""Attribution of the change in a quantity: to the parts of an index, or to mechanisms if the run recorded attribution."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.parts.estimates import change
from sim.report.parts.series import INDICES, edge, has
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Run

MOST_STEPS = 9
"""Maximum steps of a waterfall chart; the smallest ones are merged."""
MOST_QUANTITIES = 4
LEAST = 5e-4
"""Minimum unexplained remainder that is shown; less is rounding."""
_COLUMNS = {"week", "mechanism", "quantity", "moved"}


def ledger(run: "Run") -> "pd.DataFrame | None":
    """The run's attribution table (``week, mechanism, quantity, moved``), or None if it has none.

    Changes are weighted by their overlap with the period between start and end of the report, which are means over some weeks
    (`sim.report.parts.series.edges`), so that they add up to the change between both.
    """
    table: Any = getattr(run, "attribution", None)
    if table is None or not len(table) or not set(table.columns) >= _COLUMNS:
        return None
    weeks = int(table["week"].max()) + 1
    some, week = edge(weeks), table["week"].to_numpy()
    counted = np.minimum(1.0, (weeks - week) / some) - np.maximum(0.0, (some - week) / some)
    return table.assign(moved=table["moved"] * counted)


def moved(
    frame: "pd.DataFrame", quantity: str, first: int | None = None, last: int | None = None, against: "pd.DataFrame | None" = None
) -> "pd.Series":
    """Change in a quantity by mechanism between two weeks, largest first.

    Parameters
    ----------
    frame : DataFrame
        ``week, mechanism, quantity, moved``, and ``replicate`` where there are several: the mean over them is taken.
    quantity : str
        One of ``frame["quantity"]``.
    first, last : int, optional
        First and last week counted; all by default.
    against : DataFrame, optional
        The attribution table of another scenario, whose changes are subtracted.

    Returns
    -------
    Series
        In the unit of the quantity, by mechanism.
    """
    rows = frame[frame["quantity"] == quantity]
    rows = rows[(rows["week"] >= (0 if first is None else first)) & (rows["week"] <= (np.inf if last is None else last))]
    replicates = frame["replicate"].nunique() if "replicate" in frame else 1
    total = rows.groupby("mechanism", observed=True, sort=True)["moved"].sum() / max(1, replicates)
    if against is not None:
        total = total.subtract(moved(against, quantity, first, last), fill_value=0.0)
    return total[(-total.abs()).sort_values(kind="stable").index]


def quantities(frame: "pd.DataFrame") -> list[str]:
    """Quantities of an attribution table: the main ones first, then by size of change; at most `MOST_QUANTITIES`."""
    size = frame["moved"].abs().groupby(frame["quantity"], observed=True).sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in size.index]
    return [*(n for n in INDICES if n in names), *(n for n in names if n not in INDICES)][:MOST_QUANTITIES]


def joined(steps: "list[tuple[str, float]]", lang: str) -> "list[tuple[str, float]]":
    """At most `MOST_STEPS` steps, with the smallest ones merged."""
    if len(steps) <= MOST_STEPS:
        return steps
    kept = sorted(steps, key=lambda step: -abs(step[1]))[: MOST_STEPS - 1]
    rest = [step for step in steps if step not in kept]
    return [*kept, (say("step_rest", lang, count=len(rest)), sum(value for _, value in rest))]


def index_steps(run: "Run", index: str, lang: str) -> "tuple[float, list[tuple[str, float]], float]":
    """An index at the start, what each of its parts added (weight times change), and the index at the end.

    A change that the parts do not explain, because one had no value in some week, is a separate step.
    """
    weights = getattr(run.scenario.weights, index).model_dump()
    parts = [name for name in has(run.weekly, list(weights)) if weights[name] > 0]
    total = sum(weights[name] for name in parts) or 1.0
    start, end, _ = (estimate.mean for estimate in change(run, index))
    steps = [(metric_title(name, lang), weights[name] / total * change(run, name)[2].mean) for name in parts]
    rest = end - start - sum(value for _, value in steps)
    if abs(rest) > LEAST:
        steps.append((say("step_other", lang), rest))
    return start, steps, end
