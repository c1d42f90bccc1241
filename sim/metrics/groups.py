"""Groups of communities for distributional effects: thirds by hardship, and areas affected by a shock."""

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
"""Thirds of the communities: with least hardship, in between, and with most."""
FEWEST_COMMUNITIES = 6
"""Smallest number of communities that are split into thirds."""


class AffectedArea(NamedTuple):
    """A district or community affected by a shock."""

    kind: str
    """``district`` or ``community``."""
    name: str | int

    @property
    def key(self) -> str:
        """Name in tables, such as ``district Pudong``."""
        return f"{self.kind} {self.name}"


def affected_areas(scenarios: "Sequence[Any]") -> tuple[AffectedArea, ...]:
    """Districts and communities affected by a shock of any of the scenarios, each once."""
    areas = [(kind, getattr(shock.where, kind)) for s in scenarios for shock in s.shocks for kind in ("district", "community")]
    return tuple(dict.fromkeys(AffectedArea(kind, name) for kind, name in areas if name is not None))


def satisfaction_so_far(simulation: Any) -> np.ndarray:
    """Satisfaction of every community, summed over its adults and all simulated weeks, in units of 1 / `FIXED`; shape (communities,)."""
    world, column = simulation.city.world, COLUMN["satisfaction"]
    return world.history_communities[: simulation.week // YEAR, :, column].sum(axis=0) + world.year[:, column]


def group_means(simulation: Any, before: np.ndarray, weeks: int, areas: "Sequence[AffectedArea]" = ()) -> dict[str, float]:
    """Mean satisfaction over the last weeks in thirds of the communities by hardship, and in given areas.

    Parameters
    ----------
    simulation : Simulation
    before : ndarray, shape (communities,)
        `satisfaction_so_far` at the start of the last `weeks`.
    weeks : int
    areas : sequence of AffectedArea

    Returns
    -------
    dict of str to float
        By the names of `THIRDS` and the keys of the areas; NaN where there are no thirds, or no such area in the city.
    """
    communities, city = simulation.city.world.communities, simulation.city
    people = communities["residents"].astype(np.float64)
    level = ratio(satisfaction_so_far(simulation) - before, float(FIXED) * weeks * communities["adults"].astype(np.float64))
    found = dict(zip(THIRDS, thirds(communities["hardship"], people, level) or [math.nan] * len(THIRDS), strict=True))
    for area in areas:
        if area.kind == "district":
            inside = np.array(city.district_names, object)[communities["district"]] == area.name
        else:
            inside = np.array(city.layout.names or range(len(people)), object) == area.name
        found[area.key] = float(ratio((level * people)[inside].sum(), people[inside].sum()))
    return found


def thirds(hardship: np.ndarray, residents: np.ndarray, values: np.ndarray) -> tuple[float, ...] | None:
    """Mean over the residents of each third of the communities.

    Parameters
    ----------
    hardship, residents, values : ndarray, shape (communities,)

    Returns
    -------
    tuple of float or None
        In the order of `THIRDS`; None if there are too few communities, or too few levels of hardship, to form thirds.
    """
    count = len(hardship)
    if count < FEWEST_COMMUNITIES or len(np.unique(hardship)) < len(THIRDS):
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
        for key, part in communities.groupby(keys, observed=True):  # replicates may have different cities
            found[key] = thirds(part["hardship"].to_numpy(), part["residents"].to_numpy(), part[metric].to_numpy())
    if not found or None in found.values():
        return pd.DataFrame(columns=list(THIRDS))
    index = pd.MultiIndex.from_tuples(found, names=keys) if len(keys) > 1 else pd.Index([key[0] for key in found], name=keys[0])
    return pd.DataFrame(list(found.values()), index=index, columns=list(THIRDS))
