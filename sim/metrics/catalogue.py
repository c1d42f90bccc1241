"""The catalogue: every metric by name, from the files of `sim.metrics.definitions`, in a fixed order."""

from collections.abc import Iterator
from typing import Any

from sim import plugin_registry
from sim.metrics.definitions import fairness, flow, headline, price, rate, satisfaction, stability, state
from sim.metrics.metric import Metric

FILES = (headline, stability, satisfaction, price, fairness, flow, state, rate)
"""Files of metrics, one per group; their order, and the order within each file, determine the order of columns in all tables."""


def _defined() -> Iterator[Metric]:
    """Metrics in order; a metric imported from another file belongs to that file."""
    for file in FILES:
        for one in vars(file).values():
            if isinstance(one, Metric) and one.function.__module__ == file.__name__:
                yield one


class Catalogue(dict[str, Metric]):
    """Metrics by name. Those of plug-ins can be looked up, but are not listed, since they belong to the scenarios that use them."""

    def __missing__(self, name: str) -> Metric:
        return plugin_registry.METRICS[name]

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in plugin_registry.METRICS

    def get(self, name: str, default: Any = None) -> Any:
        """The metric of this name, including those of plug-ins, or the default."""
        return dict.get(self, name) or plugin_registry.METRICS.get(name, default)


METRICS: dict[str, Metric] = Catalogue({one.name: one for one in _defined()})
"""Every metric by name; `stability` and `satisfaction` head them."""

CITY_ONLY = tuple(name for name, one in METRICS.items() if one.city_only)
"""Metrics defined only for the city as a whole."""
