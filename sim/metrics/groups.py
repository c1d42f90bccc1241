"""Groups of communities: thirds by hardship, for who gains and who loses."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

THIRDS = ("easy", "middle", "hard")
"""Communities with least hardship, those in between, and those with most."""
FEWEST_PLACES = 6
"""Communities from which on there are thirds."""


def thirds(hardship: np.ndarray, residents: np.ndarray, values: np.ndarray) -> tuple[float, ...] | None:
    """Mean over the residents of each third of the communities.

    Parameters
    ----------
    hardship, residents, values : ndarray, shape (communities,)

    Returns
    -------
    tuple of float or None
        In the order of `THIRDS`; None where there are too few communities, or too few degrees of hardship, to tell thirds apart.
    """
    count = len(hardship)
    if count < FEWEST_PLACES or len(np.unique(hardship)) < len(THIRDS):
        return None
    third = np.empty(count, np.int64)
    third[np.argsort(hardship, kind="stable")] = (np.arange(1, count + 1) * len(THIRDS) - 1) // count
    people = np.bincount(third, residents)
    return tuple((np.bincount(third, values * residents.astype(np.float64)) / people).tolist())


def by_hardship(communities: "pd.DataFrame", metric: str = "satisfaction") -> "pd.DataFrame":
    """`thirds` of a table of communities.

    Parameters
    ----------
    communities : DataFrame
        ``year, community, residents, hardship`` and the metric, and ``replicate`` where there are several.
    metric : str
        One of its columns.

    Returns
    -------
    DataFrame
        A row per year (and replicate), a column per name of `THIRDS`; empty where there are too few communities or no finished year.
    """
    import pandas as pd

    found: dict = {}
    if {"hardship", metric, "residents"} <= set(communities.columns):
        keys = [key for key in ("year", "replicate") if key in communities]
        for key, part in communities.groupby(keys, observed=True):  # every replicate may have a city of its own
            found[key] = thirds(part["hardship"].to_numpy(), part["residents"].to_numpy(), part[metric].to_numpy())
    if not found or None in found.values():
        return pd.DataFrame(columns=list(THIRDS))
    index = pd.MultiIndex.from_tuples(found, names=keys) if len(keys) > 1 else pd.Index([key[0] for key in found], name=keys[0])
    return pd.DataFrame(list(found.values()), index=index, columns=list(THIRDS))
