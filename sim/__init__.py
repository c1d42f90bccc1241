"""sanzhi: what mixes of self-governance, rule of law and moral education do to a city over the years.

::

    import sim

    scenario = sim.load_scenario("baseline").with_changes({"policy.rule_of_law": 0.4})
    run = sim.simulate(scenario, seed=1)
    run.weekly[["week", "stability", "satisfaction"]]

Names are imported when first used, so that ``import sim`` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import VERSION as __version__

if TYPE_CHECKING:
    from sim.errors import ScenarioError, UserError
    from sim.experiments.simulate import simulate
    from sim.levers import INSTRUMENTS, LEVERS
    from sim.mechanisms import MECHANISMS
    from sim.metrics import METRICS
    from sim.model import GovernanceModel
    from sim.report.html import write_report
    from sim.results import Run, read_run, write_run
    from sim.rules import AgentRule, allow_rules
    from sim.scenario import Scenario, load_scenario

_HOMES = {
    "AgentRule": "sim.rules",
    "GovernanceModel": "sim.model",
    "INSTRUMENTS": "sim.levers",
    "LEVERS": "sim.levers",
    "MECHANISMS": "sim.mechanisms",
    "METRICS": "sim.metrics",
    "Run": "sim.results",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "UserError": "sim.errors",
    "allow_rules": "sim.rules",
    "load_scenario": "sim.scenario",
    "read_run": "sim.results",
    "simulate": "sim.experiments.simulate",
    "write_report": "sim.report.html",
    "write_run": "sim.results",
}

__all__ = [
    "AgentRule",
    "INSTRUMENTS",
    "LEVERS",
    "MECHANISMS",
    "METRICS",
    "GovernanceModel",
    "Run",
    "Scenario",
    "ScenarioError",
    "UserError",
    "__version__",
    "allow_rules",
    "load_scenario",
    "read_run",
    "simulate",
    "write_report",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
