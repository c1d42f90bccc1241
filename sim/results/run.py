"""The result of simulating one scenario: tables of all replicates, and everything needed to repeat them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrow import Columns
from sim.lazy import lazily
from sim.notebook_cards import INDICES, card, changes

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    from sim.scenario import Scenario

TABLES = ("weekly", "districts", "flows", "communities")
ATTRIBUTION = "attribution"
STAFF = "staff"
OPTIONAL = (STAFF, ATTRIBUTION)
"""Tables that not every run has: attribution exists on request only, and runs of models before 4 had no staff."""


@dataclass(frozen=True, eq=False)
class Run:
    """All replicates of one scenario.

    A table may be given as a dict of columns (arrays; text as arrays of objects); it becomes a DataFrame at first access.

    Parameters
    ----------
    scenario : Scenario
    seeds : tuple of int
        Seeds of the replicates that finished, in order.
    weekly : DataFrame
        A row per replicate and week: ``replicate, seed, week`` and a column per metric.
    districts : DataFrame
        A row per replicate, week and district.
    flows : DataFrame
        Cases between stages, per replicate and week.
    communities : DataFrame
        A row per replicate, year and community.
    manifest : dict
        Everything needed to repeat the run, and a record of its execution.
    content_hash : str
        Equal for two runs if and only if every replicate is equal to the last bit.
    folder : Path or None
        Where it was written.
    attribution : DataFrame or None
        A row per replicate, week, quantity and mechanism: how much it ``moved`` (see `sim.metrics.attribution`); None unless requested.
    staff : DataFrame or None
        A row per replicate, week and instrument: its money, its staff and how many of them have no work.
    """

    scenario: "Scenario"
    seeds: tuple[int, ...]
    weekly: "pd.DataFrame"
    districts: "pd.DataFrame"
    flows: "pd.DataFrame"
    communities: "pd.DataFrame"
    manifest: dict[str, Any] = field(repr=False)
    content_hash: str
    folder: Path | None = None
    attribution: "pd.DataFrame | None" = None
    staff: "pd.DataFrame | None" = None

    @property
    def tables(self) -> dict[str, "pd.DataFrame"]:
        """The tables by name."""
        return {name: getattr(self, name) for name in self.stored}

    @property
    def stored(self) -> "dict[str, pd.DataFrame | Columns]":
        """The tables by name as stored: columns, or a DataFrame after first access."""
        return {name: table for name in (*TABLES, *OPTIONAL) if (table := vars(self)[name]) is not None}

    def column(self, table: str, name: str) -> "np.ndarray":
        """The column `name` of a `table` such as ``"weekly"``, shape (rows,), without making a DataFrame."""
        return np.asarray(self.stored[table][name])

    def _repr_html_(self) -> str:
        residents = self.manifest.get("residents") or self.scenario.city.population
        facts = [("replicates", len(self.seeds)), ("weeks", self.weekly["week"].nunique()), ("residents", f"{residents:,}")]
        facts += [("content hash", self.content_hash[:12]), ("folder", self.folder)]
        return card(self.scenario.title.get("en") or self.scenario.name, facts, *changes(self.weekly, INDICES))


class _Table:
    """Attribute of a `Run` that becomes a DataFrame at first access, so that a run itself does not need pandas."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, run, owner=None) -> Any:
        if run is None:
            return self
        table = vars(run)[self.name]
        if isinstance(table, dict):
            table = vars(run)[self.name] = pd.DataFrame(table)
        return table

    def __set__(self, run, value) -> None:
        vars(run)[self.name] = value


for _name in (*TABLES, *OPTIONAL):
    setattr(Run, _name, _Table(_name))
