"""From counts to named numbers: stability, satisfaction and all their parts, prices, fairness, flows.

Pure functions of what a simulation recorded. Everything is computed from whole numbers with + - * / and `exp2`, in one fixed
order, so metrics are as reproducible as the counts. References that turn a rate into an index are frozen constants of the model version.
"""

from sim.metrics.attribution import attribution
from sim.metrics.catalogue import CITY_ONLY, METRICS, Metric
from sim.metrics.tables import FLOW_COLUMNS, communities, districts, flows, series, side_by_side, weekly

__all__ = [
    "CITY_ONLY",
    "FLOW_COLUMNS",
    "METRICS",
    "Metric",
    "attribution",
    "communities",
    "districts",
    "flows",
    "series",
    "side_by_side",
    "weekly",
]
