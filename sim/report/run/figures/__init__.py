"""Figures of one run.

``draw_...`` make the whole figures of the report: they take a run, the language and ``narrow=True`` for a phone, and return a Matplotlib
figure. ``plot_...`` draw on one axes, for notebooks, and share these parameters:

run : Run or path
    A run, or the folder of one.
ax : Axes, optional
    Where to draw; new axes by default. It is also what is returned.
lang : str
    ``"en"`` or ``"zh"``.
narrow : bool
    Whether to set the text for a narrow page.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.report.parts.figures import draw_band, end, name_ends, panel, panels, plot_metric, room, time, wrapped
from sim.report.parts.series import (
    BUDGET,
    CLOSED,
    EDGE,
    FAIRNESS,
    FEW,
    HARM,
    INDICES,
    MOST_POINTS,
    SATISFACTION,
    SPREAD,
    STABILITY,
    WAITING,
    Bands,
    bands,
    by_week,
    district_table,
    edge,
    edges,
    has,
    ladder,
)
from sim.report.run.figures.city import draw_districts, draw_groups, draw_map, plot_districts, plot_groups, plot_map
from sim.report.run.figures.curves import draw_fairness, draw_indices, draw_parts, draw_prices, plot_budget, plot_indices
from sim.report.run.figures.flows import draw_flows, draw_ladder, plot_flows
from sim.report.run.figures.policy import draw_timeline, plot_policy
from sim.report.run.figures.waterfall import draw_change, draw_why, plot_steps, plot_waterfall

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "BUDGET",
    "CLOSED",
    "EDGE",
    "FAIRNESS",
    "FEW",
    "FIGURES",
    "HARM",
    "INDICES",
    "MOST_POINTS",
    "SATISFACTION",
    "SPREAD",
    "STABILITY",
    "WAITING",
    "Bands",
    "bands",
    "by_week",
    "district_table",
    "draw_band",
    "draw_change",
    "draw_districts",
    "draw_fairness",
    "draw_flows",
    "draw_groups",
    "draw_indices",
    "draw_ladder",
    "draw_map",
    "draw_parts",
    "draw_prices",
    "draw_timeline",
    "draw_why",
    "edge",
    "edges",
    "end",
    "has",
    "ladder",
    "name_ends",
    "panel",
    "panels",
    "plot_budget",
    "plot_districts",
    "plot_flows",
    "plot_groups",
    "plot_indices",
    "plot_map",
    "plot_metric",
    "plot_policy",
    "plot_steps",
    "plot_waterfall",
    "room",
    "time",
    "wrapped",
]

FIGURES: dict[str, Callable[..., "Figure"]] = {
    "change": draw_change,
    "indices": draw_indices,
    "parts": draw_parts,
    "groups": draw_groups,
    "prices": draw_prices,
    "fairness": draw_fairness,
    "districts": draw_districts,
    "map": draw_map,
    "flows": draw_flows,
    "timeline": draw_timeline,
    "why": draw_why,
}
"""Figures of the report in its order."""
