"""Policy over time, with the shocks."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.levers import LEVERS
from sim.report.parts import style
from sim.report.parts.events import events, mark
from sim.report.parts.figures import axes_of, is_narrow
from sim.report.parts.given import of_scenario
from sim.report.parts.key import explain, height, marks
from sim.report.parts.money import currency_name
from sim.report.text.catalogue import say
from sim.report.text.labels import lever_title
from sim.scenario.schema.spending import columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results import Run
    from sim.scenario import Scenario

LOOKS: tuple[tuple[str, Any], ...] = ((style.GREEN, "-"), (style.BLUE, (0, (5, 1.6))), (style.PURPLE, "-."), (style.ORANGE, ":"))


def lever_money(scenario: "Scenario") -> dict[str, np.ndarray]:
    """Money of each lever in every week, in currency per resident and year, shape (horizon,)."""
    money = scenario.lever_table()["money"]
    return {lever: money[:, columns(lever)].sum(axis=1) for lever in LEVERS}


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
        axes, money = axes_of(ax, 8.6, 3.0), lever_money(scenario)
        for (lever, values), (colour, dash) in zip(money.items(), LOOKS * len(money), strict=False):
            axes.step(np.arange(len(values)), values, where="post", color=colour, linestyle=dash, label=lever_title(lever, lang))
        axes.set_ylim(0, max(1.0, 1.15 * max(float(v.max()) for v in money.values())))
        style.time_axis(axes, scenario.horizon, say("year_axis" if scenario.horizon >= 104 else "week_axis", lang))
        mark(axes, events(scenario))
        axes.set_ylabel(say("unit_budget", lang, currency=currency_name(scenario.staffing.currency, lang)), fontsize=8.5)
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
