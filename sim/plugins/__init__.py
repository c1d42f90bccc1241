"""Plug-ins: mechanisms, levers and metrics from outside the package, in a file beside a scenario or in an installed package.

A plug-in is a module with a `Plugin` called ``PLUGIN``. A scenario names it: ``plugins: [night_markets.py]``, or, for an installed package
with an entry point of this name in the group ``sanzhi.plugins``, ``plugins: [night_markets]``. A plug-in is code, and runs only if this
was allowed, as for rules (``--allow-rules``, `sim.allow_rules`). See ``docs/how_to/plugins.md``.
"""

from sim.metrics.metric import Metric, metric
from sim.plugins.parts import Condition, Lever, Plugin, Trait

__all__ = ["Condition", "Lever", "Metric", "Plugin", "Trait", "metric"]
