"""From counts to named numbers: stability, satisfaction and all their parts, prices, fairness, flows.

Pure functions of what a simulation recorded. Everything is computed from whole numbers with + - * / and `exp2`, in one fixed
order, so metrics are as reproducible as the counts. References that turn a rate into an index are frozen constants of the model version.
A metric is one decorated function (`sim.metrics.metric`) in a file of `sim.metrics.definitions`.
"""

from sim.metrics.attribution import attribution_columns
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.frames import attribution, communities, districts, flows, weekly
from sim.metrics.metric import Metric, metric
from sim.metrics.tables import (
    FLOW_COLUMNS,
    community_columns,
    district_columns,
    flow_columns,
    metrics_of,
    series,
    side_by_side,
    weekly_columns,
)

__all__ = [
    "CITY_ONLY",
    "FLOW_COLUMNS",
    "METRICS",
    "Metric",
    "attribution",
    "attribution_columns",
    "communities",
    "community_columns",
    "district_columns",
    "districts",
    "flow_columns",
    "flows",
    "metric",
    "metrics_of",
    "series",
    "side_by_side",
    "weekly",
    "weekly_columns",
]
