"""Metrics computed from counts: stability, satisfaction and their parts, prices, fairness, flows.

Metrics are pure functions of the record of a simulation. They are computed from integers with + - * / and `exp2`, in a fixed order, so they
are as reproducible as the counts. Reference values that turn a rate into an index are fixed constants of the model version.
A metric is one decorated function (`sim.metrics.metric`) in a file of `sim.metrics.definitions`.
"""

from sim.metrics.attribution import attribution_columns
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.frames import attribution, communities, districts, flows, staff, weekly
from sim.metrics.metric import Metric, metric
from sim.metrics.tables import (
    FLOW_COLUMNS,
    community_columns,
    district_columns,
    flow_columns,
    metrics_of,
    series,
    series_of,
    side_by_side,
    staff_columns,
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
    "series_of",
    "side_by_side",
    "staff",
    "staff_columns",
    "weekly",
    "weekly_columns",
]
