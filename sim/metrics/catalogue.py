"""The catalogue of metrics: every named number, its unit, range and meaning, in one table (`catalogue.csv`)."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim import outside

OFFENCES_REFERENCE = 0.021
"""Offences per resident and year at which order is one half."""
ACTIVE_REFERENCE = 20.0
"""Person-weeks of protest per 1,000 residents and year at which calm is one half."""
DURATION_REFERENCE = 3.5
"""Weeks of a formal case at which resolution is one half."""
UNSTEADINESS_REFERENCE = 0.30
"""Swing of four-week counts (see `sim.metrics.indices.steadiness`) at which steadiness is one half."""


@dataclass(frozen=True)
class Metric:
    """A named number of every week.

    Parameters
    ----------
    better : str
        "more", "less" or "neither": how its direction is usually read; the model itself takes no side.
    group : str
        headline, stability, satisfaction, price, fairness, flow, state or rate.
    """

    name: str
    unit: str
    low: float
    high: float
    better: str
    group: str
    doc: str
    title_en: str
    title_zh: str


_REFERENCES = {
    "offences": OFFENCES_REFERENCE,
    "active": ACTIVE_REFERENCE,
    "duration": DURATION_REFERENCE,
    "unsteadiness": UNSTEADINESS_REFERENCE,
}


def _catalogue() -> dict[str, Metric]:
    with Path(__file__).with_name("catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: _metric(row) for row in csv.DictReader(file)}


def _metric(row: dict[str, str]) -> Metric:
    low, high, doc = float(row.pop("low")), float(row.pop("high")), row.pop("doc").format(**_REFERENCES)
    return Metric(low=low, high=high, doc=doc, **row)


class Catalogue(dict[str, Metric]):
    """Metrics by name. Those of plug-ins are found by name, too; they are not listed, since they belong to the scenarios that name them."""

    def __missing__(self, name: str) -> Metric:
        return outside.METRICS[name]

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in outside.METRICS

    def get(self, name: str, default: Any = None) -> Any:
        """The metric of this name, also of a plug-in, or the default."""
        return dict.get(self, name) or outside.METRICS.get(name, default)


METRICS: dict[str, Metric] = Catalogue(_catalogue())
"""Every metric by name; `stability` and `satisfaction` head them."""

CITY_ONLY = ("budget_spent", "budget_leaked", "budget_unspent", "spread_satisfaction")
"""Metrics that exist for the city as a whole only."""
