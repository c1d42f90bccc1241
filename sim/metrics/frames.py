"""Tables of metrics as DataFrames."""

from typing import TYPE_CHECKING

from sim.lazy import lazily
from sim.metrics.attribution import attribution_columns
from sim.metrics.tables import community_columns, district_columns, flow_columns, series, staff_columns

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    import numpy as np


def weekly(simulation) -> "pd.DataFrame":
    """Every metric of the city, one row per week (from week 0).

    Parameters
    ----------
    simulation : Simulation
        With at least one simulated week.

    Returns
    -------
    DataFrame
        Index 0 to weeks - 1, a column per metric; NaN where a metric is undefined, such as a share of no events.
    """
    return _frame(series(simulation))


def districts(simulation) -> "pd.DataFrame":
    """The same by district: columns ``week``, ``district`` and every metric but those of the city as a whole."""
    return _frame(district_columns(simulation))


def flows(simulation) -> "pd.DataFrame":
    """Plain counts of the city, one row per week."""
    return _frame({name: values for name, values in flow_columns(simulation).items() if name != "week"})


def communities(simulation, last: bool = False) -> "pd.DataFrame":
    """Counts and means by community, one row per finished year and community; only the last year if `last` is set."""
    return _frame(community_columns(simulation, last))


def staff(simulation) -> "pd.DataFrame":
    """Money and staff of every instrument, one row per week and instrument; columns as in `sim.metrics.tables.staff_columns`."""
    return _frame(staff_columns(simulation))


def attribution(simulation) -> "pd.DataFrame | None":
    """Contributions of mechanisms to changes of outcomes, one row per week, outcome and mechanism.

    Parameters
    ----------
    simulation : Simulation
        With at least one simulated week.

    Returns
    -------
    DataFrame or None
        Columns ``week``, ``quantity``, ``mechanism``, ``moved``; per week and quantity, ``moved`` adds up to the change since the week
        before (in week 0, since the city was built). Mechanisms that never change a quantity are omitted. None without attribution.
    """
    columns = attribution_columns(simulation)
    return None if columns is None else _frame(columns)


def _frame(columns: "dict[str, np.ndarray]") -> "pd.DataFrame":
    return pd.DataFrame(columns)
