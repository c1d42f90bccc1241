"""Policy over time, with the shocks."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.levers import INSTRUMENTS, LEVERS
from sim.report.parts import style
from sim.report.parts.events import events, mark
from sim.report.parts.figures import axes_of, is_narrow
from sim.report.parts.given import of_scenario
from sim.report.parts.key import explain, height, marks
from sim.report.text.catalogue import say
from sim.report.text.labels import lever_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run
    from sim.scenario import Scenario

LOOKS: tuple[tuple[str, Any], ...] = ((style.GREEN, "-"), (style.BLUE, (0, (5, 1.6))), (style.PURPLE, "-."), (style.ORANGE, ":"))


def lever_shares(scenario: "Scenario") -> dict[str, np.ndarray]:
    """Money of each lever in every week, in units of the reference budget, shape (horizon,)."""
    table = scenario.lever_table()
    money = table["share"] * table["budget"][:, None]
    return {lever: money[:, [i for i, n in enumerate(INSTRUMENTS) if n.split(".")[0] == lever]].sum(axis=1) for lever in LEVERS}


@of_scenario
def plot_policy(scenario: "Scenario", ax: "Axes | None" = None, lang: str = "en") -> "Axes":
    """Plot the money of the levers over time, with changes of policy and shocks marked.

    Parameters
    ----------
    scenario : Scenario
    ax : Axes, optional
        Where to draw; new axes by default.
    lang : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on.
    """
    with style.look():
        lang = style.figure_language(lang)
        axes, shares = axes_of(ax, 8.6, 3.0), lever_shares(scenario)
        for (lever, values), (colour, dash) in zip(shares.items(), LOOKS * len(shares), strict=False):
            axes.step(np.arange(len(values)), values, where="post", color=colour, linestyle=dash, label=lever_title(lever, lang))
        axes.set_ylim(0, max(0.1, 1.15 * max(float(v.max()) for v in shares.values())))
        style.time_axis(axes, scenario.horizon, say("year_axis" if scenario.horizon >= 104 else "week_axis", lang))
        mark(axes, events(scenario))
        axes.set_ylabel(say("unit_budget", lang), fontsize=8.5)
        narrow = is_narrow(axes)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=1 if narrow else 4, frameon=False, fontsize=8.5, handlelength=2.6)
        return axes


def draw_timeline(run: "Run", lang: str = "en", narrow: bool = False) -> "Figure":
    """The levers over time, with changes of policy and shocks marked."""
    with style.look():
        entries = marks(run.scenario, lang)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, (3.4 if narrow else 2.9) + height(entries, narrow))
        plot_policy(run.scenario, figure.subplots(), lang)
        explain(figure, entries, narrow)
        return figure
