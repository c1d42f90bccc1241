"""Groups of communities: thirds by hardship, for who gains and who loses."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

THIRDS = ("easy", "middle", "hard")
"""Communities with least hardship, those in between, and those with most."""
FEWEST_PLACES = 6
"""Communities from which on there are thirds."""


def by_hardship(communities: "pd.DataFrame", metric: str = "satisfaction") -> "pd.DataFrame":
    """Mean of a metric over the residents of each third of the communities.

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

    if not {"hardship", metric, "residents"} <= set(communities.columns) or communities.empty:
        return pd.DataFrame(columns=list(THIRDS))
    keys = [key for key in ("year", "replicate") if key in communities]
    lives = communities.groupby(keys, observed=True)["hardship"]  # every replicate may have a city of its own
    if lives.size().min() < FEWEST_PLACES or lives.nunique().min() < len(THIRDS):
        return pd.DataFrame(columns=list(THIRDS))
    third = np.ceil(lives.rank(method="first", pct=True) * len(THIRDS)).astype(int) - 1
    table = communities.assign(third=third, weighted=communities[metric] * communities["residents"])
    sums = table.groupby(["third", *keys], observed=True)[["weighted", "residents"]].sum()
    return (sums["weighted"] / sums["residents"]).unstack("third").set_axis(list(THIRDS), axis=1)
