"""The table of targets: what was asked of whom by when, what is true, and what would be reported."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.labels import metric_title, number
from sim.report.sentences import text

if TYPE_CHECKING:
    from sim.results import Run

REPORTED_STATE = ("reported_state", "state_reported", "as_reported")
REPORTED_VALUE = (("reported_at_date", "at_date_reported"), ("reported_now", "now_reported", "reported"))
"""Columns of `sim.targets.judge` that tell what would be reported, at the date and before it, where there are any."""


def targets(run: "Run", lang: str) -> list[dict[str, str]]:
    """Rows of the table of targets: what was asked of whom by when, what is, and whether it is met; reported states where known."""
    if not run.scenario.targets:
        return []
    from sim.targets import judge

    return [_row(row, lang) for row in judge(run.scenario.targets, run.weekly, run.districts).to_dict("records")]


def _row(row: Mapping[Any, Any], lang: str) -> dict[str, str]:
    due = bool(np.isfinite(row["at_date"]))
    value = row["at_date"] if due else row["now"]
    sign, bound = ("≥", row["at_least"]) if np.isfinite(row["at_least"]) else ("≤", row["at_most"])
    said = {
        "metric": metric_title(row["metric"], lang),
        "asked": f"{sign} {number(bound, row['metric'])}",
        "by": str(row["by_week"]),
        "responsible": str(row["responsible"]),
        "value": _value(value, row["metric"]),
        "state": _state(row["state"], lang),
        "share": f"{row['share_met']:.0%}" if np.isfinite(row["share_met"]) else "–",
    }
    return said | _reported(row, due, lang)


def _reported(row: Mapping[Any, Any], due: bool, lang: str) -> dict[str, str]:
    """Value and state as they would be reported; nothing where the columns are missing."""
    state, value = _first(row, REPORTED_STATE), _first(row, REPORTED_VALUE[not due])
    shown = {} if value is None else {"reported_value": _value(float(value), row["metric"])}
    return shown if state is None else shown | {"reported": _state(str(state), lang)}


def _first(row: Mapping[Any, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if name in row and row[name] is not None), None)


def _value(value: float, metric: str) -> str:
    return number(value, metric) if np.isfinite(value) else "–"


def _state(state: str, lang: str) -> str:
    return text("target_" + state.replace(" ", "_"), lang)
