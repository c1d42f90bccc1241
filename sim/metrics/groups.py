"""Groups of communities: thirds by hardship and places that a shock strikes, for who gains and who loses."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.city.community import FIXED
from sim.lazy import lazily
from sim.metrics.record import COLUMN, YEAR, ratio

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

THIRDS = ("easy", "middle", "hard")
"""Communities with least hardship, those in between, and those with most."""
FEWEST_BLOCKS = 6
"""Communities from which on there are thirds."""


class Struck(NamedTuple):
    """A place that a shock strikes."""

    kind: str
    """``district`` or ``community``."""
    name: str | int

    @property
    def key(self) -> str:
        """What it is called in tables, such as ``district Pudong``."""
        return f"{self.kind} {self.name}"


def struck(scenarios: "Sequence[Any]") -> tuple[Struck, ...]:
    """Districts and communities that a shock of any of the scenarios strikes, each once."""
    places = [(kind, getattr(shock.where, kind)) for s in scenarios for shock in s.shocks for kind in ("district", "community")]
    return tuple(dict.fromkeys(Struck(kind, name) for kind, name in places if name is not None))


def satisfaction_so_far(simulation: Any) -> np.ndarray:
    """Satisfaction of every community, summed over its adults and all weeks lived, in units of `FIXED`; shape (communities,)."""
    world, column = simulation.city.world, COLUMN["satisfaction"]
    return world.history_communities[: simulation.week // YEAR, :, column].sum(axis=0) + world.year[:, column]


def group_means(simulation: Any, before: np.ndarray, weeks: int, places: "Sequence[Struck]" = ()) -> dict[str, float]:
    """Mean satisfaction over the last weeks in thirds of the communities by hardship, and in some places.

    Parameters
    ----------
    simulation : Simulation
    before : ndarray, shape (communities,)
        `satisfaction_so_far` when the last `weeks` began.
    places : sequence of Struck

    Returns
    -------
    dict of str to float
        By the names of `THIRDS` and the keys of the places; NaN where there are no thirds, or no such place in the city.
    """
    communities, city = simulation.city.world.communities, simulation.city
    people = communities["residents"].astype(np.float64)
    level = ratio(satisfaction_so_far(simulation) - before, float(FIXED) * weeks * communities["adults"].astype(np.float64))
    found = dict(zip(THIRDS, thirds(communities["hardship"], people, level) or [math.nan] * len(THIRDS), strict=True))
    for place in places:
        if place.kind == "district":
            inside = np.array(city.district_names, object)[communities["district"]] == place.name
        else:
            inside = np.array(city.layout.names or range(len(people)), object) == place.name
        found[place.key] = float(ratio((level * people)[inside].sum(), people[inside].sum()))
    return found


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
    if count < FEWEST_BLOCKS or len(np.unique(hardship)) < len(THIRDS):
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
    found: dict = {}
    if {"hardship", metric, "residents"} <= set(communities.columns):
        keys = [key for key in ("year", "replicate") if key in communities]
        for key, part in communities.groupby(keys, observed=True):  # every replicate may have a city of its own
            found[key] = thirds(part["hardship"].to_numpy(), part["residents"].to_numpy(), part[metric].to_numpy())
    if not found or None in found.values():
        return pd.DataFrame(columns=list(THIRDS))
    index = pd.MultiIndex.from_tuples(found, names=keys) if len(keys) > 1 else pd.Index([key[0] for key in found], name=keys[0])
    return pd.DataFrame(list(found.values()), index=index, columns=list(THIRDS))
