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

from sim.platforms import refuse_windows
from sim.version import VERSION as __version__

refuse_windows()

if TYPE_CHECKING:
    from sim import worlds
    from sim.errors import ScenarioError, UserError
    from sim.experiments.calibration.calibrate import calibrate
    from sim.experiments.calibration.history_match import history_match
    from sim.experiments.comparisons.attribute import attribute
    from sim.experiments.comparisons.compare import compare
    from sim.experiments.comparisons.mix import mix
    from sim.experiments.comparisons.resilience import resilience
    from sim.experiments.optimization.optimize import optimize
    from sim.experiments.runs.simulate import simulate
    from sim.experiments.studies.analyze import analyze
    from sim.experiments.studies.study import Study
    from sim.experiments.studies.study_file import load_study, make_study
    from sim.experiments.studies.study_result import StudyResult, read_study
    from sim.experiments.studies.sweep import sweep
    from sim.experiments.validation.validate_against import validate_against
    from sim.levers import INSTRUMENTS, LEVERS
    from sim.mechanisms import MECHANISMS
    from sim.metrics import METRICS
    from sim.model import GovernanceModel
    from sim.report.brief.page import write_brief
    from sim.report.run.figures import (
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
    from sim.report.run.page import write_report
    from sim.report.workbook.write import write_workbook
    from sim.results import Run, read_run, write_run
    from sim.rules import AgentRule, allow_rules
    from sim.scenario import Scenario, load_scenario

_HOMES = {
    name: module
    for module, names in {
        "sim.experiments.studies.analyze": "analyze",
        "sim.experiments.validation.validate_against": "validate_against",
        "sim.errors": "ScenarioError UserError",
        "sim.experiments.comparisons.attribute": "attribute",
        "sim.experiments.calibration.calibrate": "calibrate",
        "sim.experiments.comparisons.compare": "compare",
        "sim.experiments.calibration.history_match": "history_match",
        "sim.experiments.comparisons.mix": "mix",
        "sim.experiments.optimization.optimize": "optimize",
        "sim.experiments.comparisons.resilience": "resilience",
        "sim.experiments.runs.simulate": "simulate",
        "sim.experiments.studies.study_result": "StudyResult read_study",
        "sim.experiments.studies.study": "Study",
        "sim.experiments.studies.study_file": "load_study make_study",
        "sim.experiments.studies.sweep": "sweep",
        "sim.levers": "INSTRUMENTS LEVERS",
        "sim.mechanisms": "MECHANISMS",
        "sim.metrics": "METRICS",
        "sim.model": "GovernanceModel",
        "sim.report.brief.page": "write_brief",
        "sim.report.run.figures": "plot_budget plot_districts plot_flows plot_groups plot_indices plot_map plot_metric plot_policy"
        " plot_waterfall",
        "sim.report.run.page": "write_report",
        "sim.report.workbook.write": "write_workbook",
        "sim.results": "Run read_run write_run",
        "sim.rules": "AgentRule allow_rules",
        "sim.scenario": "Scenario load_scenario",
        "sim.worlds": "worlds",
    }.items()
    for name in names.split()
}
"""Module of every public name; one of them is a module itself."""

__all__ = [
    "AgentRule",
    "GovernanceModel",
    "INSTRUMENTS",
    "LEVERS",
    "MECHANISMS",
    "METRICS",
    "Run",
    "Scenario",
    "ScenarioError",
    "Study",
    "StudyResult",
    "UserError",
    "allow_rules",
    "analyze",
    "attribute",
    "calibrate",
    "compare",
    "history_match",
    "load_scenario",
    "load_study",
    "make_study",
    "mix",
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
    "resilience",
    "simulate",
    "sweep",
    "validate_against",
    "worlds",
    "write_brief",
    "write_report",
    "write_run",
    "write_workbook",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    home = importlib.import_module(_HOMES[name])
    value = home if home.__name__ == f"{__name__}.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
