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
    from sim.analysis.study import analyze
    from sim.errors import ScenarioError, UserError
    from sim.experiments.optimise import optimize
    from sim.experiments.simulate import simulate
    from sim.experiments.studied import StudyResult, read_study
    from sim.experiments.study import Study, load_study, make_study
    from sim.experiments.sweep import sweep
    from sim.levers import INSTRUMENTS, LEVERS
    from sim.mechanisms import MECHANISMS
    from sim.metrics import METRICS
    from sim.model import GovernanceModel
    from sim.report.figures import (
        plot_budget,
        plot_districts,
        plot_flows,
        plot_groups,
        plot_indices,
        plot_map,
        plot_metric,
        plot_policy,
        plot_waterfall,
    )
    from sim.report.html import write_report
    from sim.results import Run, read_run, write_run
    from sim.scenario import Scenario, load_scenario

_HOMES = {
    "GovernanceModel": "sim.model",
    "INSTRUMENTS": "sim.levers",
    "LEVERS": "sim.levers",
    "MECHANISMS": "sim.mechanisms",
    "METRICS": "sim.metrics",
    "Run": "sim.results",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "Study": "sim.experiments.study",
    "StudyResult": "sim.experiments.studied",
    "UserError": "sim.errors",
    "analyze": "sim.analysis.study",
    "load_scenario": "sim.scenario",
    "load_study": "sim.experiments.study",
    "make_study": "sim.experiments.study",
    "optimize": "sim.experiments.optimise",
    **{
        f"plot_{what}": "sim.report.figures"
        for what in ("budget", "districts", "flows", "groups", "indices", "map", "metric", "policy", "waterfall")
    },
    "read_run": "sim.results",
    "read_study": "sim.experiments.studied",
    "simulate": "sim.experiments.simulate",
    "sweep": "sim.experiments.sweep",
    "write_report": "sim.report.html",
    "write_run": "sim.results",
}

__all__ = [
    "INSTRUMENTS",
    "LEVERS",
    "MECHANISMS",
    "METRICS",
    "GovernanceModel",
    "Run",
    "Scenario",
    "ScenarioError",
    "Study",
    "StudyResult",
    "UserError",
    "__version__",
    "analyze",
    "load_scenario",
    "load_study",
    "make_study",
    "optimize",
    "plot_budget",
    "plot_districts",
    "plot_flows",
    "plot_groups",
    "plot_indices",
    "plot_map",
    "plot_metric",
    "plot_policy",
    "plot_waterfall",
    "read_run",
    "read_study",
    "simulate",
    "sweep",
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
