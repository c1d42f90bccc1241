"""The table of targets: the bound, who is responsible, the date, the true value, and the reported value."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.targets import judge
from sim.report.parts.numbers import number, together
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    from sim.results import Run


def targets(run: "Run", lang: str) -> list[dict[str, str]]:
    """Rows of the table of targets: bound, responsible unit, date, value and state; reported states if known."""
    if not run.scenario.targets:
        return []

    return [_row(row, lang) for row in judge(run.scenario.targets, run.weekly, run.districts).to_dict("records")]


def _row(row: Mapping[Any, Any], lang: str) -> dict[str, str]:
    due = bool(np.isfinite(row["at_date"]))
    value = row["at_date"] if due else row["now"]
    sign, bound = ("≥", row["at_least"]) if np.isfinite(row["at_least"]) else ("≤", row["at_most"])
    asked, seen = beside(bound, value, row["metric"])
    said = {
        "metric": metric_title(row["metric"], lang),
        "asked": f"{sign} {asked}",
        "by": str(row["by_week"]),
        "responsible": str(row["responsible"]),
        "value": seen,
        "state": _state(row["state"] + (" mean" if split(row) else ""), lang),
        "share": f"{row['share_met']:.0%}" if np.isfinite(row["share_met"]) else "–",
    }
    told = row.get("reported_state")
    shown = {} if told is None else {"reported_value": _value(float(row["reported"]), row["metric"]), "reported": _state(str(told), lang)}
    return said | shown


def beside(bound: float, value: float, metric: str) -> tuple[str, str]:
    """A bound and a value, with enough decimals to show on which side of the bound the value lies."""
    asked, shown = number(bound, metric), _value(value, metric)
    if asked == shown and bound != value:
        asked, shown = together((bound, value), metric)
    return asked, shown


def split(row: Mapping[Any, Any]) -> bool:
    """Whether some replicates meet a target and others do not, so that its state applies to their mean only."""
    return row["state"] in ("met", "missed") and 0 < row["share_met"] < 1


def _value(value: float, metric: str) -> str:
    return number(value, metric) if np.isfinite(value) else "–"


def _state(state: str, lang: str) -> str:
    return say("target_" + state.replace(" ", "_"), lang)
