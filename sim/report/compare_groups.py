"""Who gains and who loses between scenarios: satisfaction by group of residents, pair by pair."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.analysis.paired import paired
from sim.metrics.groups import THIRDS
from sim.report import style
from sim.report.answer import small
from sim.report.compare_figures import dot, dot_key, legend, rules
from sim.report.experiment import signed, span, titles
from sim.report.experiment_words import say
from sim.report.figures.key import explain
from sim.report.figures.key import height as key_height
from sim.report.figures.shared import wrapped
from sim.report.files import Table
from sim.report.groups import nonlocal_share
from sim.report.labels import metric_unit, number
from sim.report.sentences import text
from sim.report.series import SPREAD

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.batch import Batch
    from sim.experiments.compare import Comparison

INDEX = "satisfaction"
NAMED = 3
"""Groups that are worse off which a sentence names."""


def _values(batch: "Batch", label: str) -> dict[str, np.ndarray]:
    """Satisfaction of every group in one scenario, a value per seed."""
    names = set(batch.outcomes.columns)
    found = {f"group_{name[-3:]}": batch.of(label, name) for name in SPREAD if name in names}
    if {INDEX, "gap_satisfaction"} <= names:
        mean, gap = batch.of(label, INDEX), batch.of(label, "gap_satisfaction")
        share = nonlocal_share(batch.scenarios[batch.labels.index(label)])
        found |= {"group_local": mean + share * gap, "group_nonlocal": mean - (1.0 - share) * gap}
    if batch.groups is not None and set(THIRDS) <= set(batch.groups.columns):
        rows = batch.groups[batch.groups["scenario"] == label].set_index("seed").loc[list(batch.seeds)]
        found |= {f"group_{third}": rows[third].to_numpy(float) for third in THIRDS}
    return {name: values for name, values in found.items() if np.isfinite(values).any()}


def group_rows(result: "Comparison") -> list[dict[str, Any]]:
    """A row per scenario but the first and group: ``scenario, group, base``, and the paired difference with its 95 % interval."""
    return list(_rows(result.batch, result.interval))


def _rows(batch: "Batch", interval: str) -> Iterator[dict[str, Any]]:
    base = _values(batch, batch.labels[0])
    for label in batch.labels[1:]:
        other = _values(batch, label)
        for group in (name for name in base if name in other):
            found = paired(base[group], other[group], interval=interval, seed=batch.seeds[0])
            sure = found.low > 0 or found.high < 0
            row = {"scenario": label, "group": group, "base": float(np.nanmean(base[group])), "settled": sure}
            yield row | {"mean": found.mean, "low": found.low, "high": found.high}


def group_table(result: "Comparison", lang: str) -> Table:
    """The rows as people read them."""
    shown = titles(result.batch, lang)
    head = [say("scenario", lang), text("group", lang), say("base_value", lang, base=shown[result.batch.labels[0]])]
    rows = [
        [
            shown[row["scenario"]],
            text(row["group"], lang),
            number(row["base"], INDEX),
            signed(row["mean"], INDEX),
            span(row["low"], row["high"], INDEX),
        ]
        for row in group_rows(result)
    ]
    return Table([*head, say("difference", lang), say("interval", lang)], rows)


def draw_group_differences(result: "Comparison", lang: str = "en", narrow: bool = False) -> "Figure":
    """Difference in satisfaction from the first scenario, a row per group and in it a line per scenario."""
    rows, others = group_rows(result), result.batch.labels[1:]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    with style.look():
        height = (0.2 * len(others) + 0.16) * len(groups)
        entries = dot_key(lang, "r_filled", "r_hollow")
        height += key_height(entries, narrow)
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 1.1 + 0.24 * (len(others) if narrow else 1) + height)
        axes, step = figure.subplots(), 0.8 / len(others)
        for row in rows:
            i, place = others.index(row["scenario"]), len(groups) - 1 - groups.index(row["group"])
            dot(axes, row, place + 0.4 - step * (i + 0.5), i)
        words = [text(group, lang) for group in groups]
        rules(axes, [wrapped(word, lang, 18) if narrow else word for word in words])
        base = titles(result.batch, lang)[result.batch.labels[0]]
        base = titles(result.batch, lang)[result.batch.labels[0]]
        against, unit = say("difference_axis", lang, base=base), metric_unit(INDEX, lang)
        axes.set_xlabel(say("with_unit", lang, name=against, unit=unit), loc="right", fontsize=8.5)
        axes.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6))
        legend(axes, result, lang, 1 if narrow else 2)
        explain(figure, entries, narrow)
        return figure


def alt_groups(result: "Comparison", lang: str) -> str:
    """What the figure shows, in words."""
    shown = titles(result.batch, lang)
    values = [f"{shown[row['scenario']]}: {text(row['group'], lang)} {signed(row['mean'], INDEX)}" for row in group_rows(result)]
    return say("alt_group_differences", lang, base=shown[result.batch.labels[0]], values=say("join", lang).join(values))


def said_groups(result: "Comparison", lang: str) -> list[str]:
    """For every scenario: which group gains most, which least, and who loses beyond chance."""
    shown, rows, said = titles(result.batch, lang), group_rows(result), []
    for label in result.batch.labels[1:]:
        own = sorted((row for row in rows if row["scenario"] == label), key=lambda row: row["mean"])
        if len(own) < 2:
            continue
        word = lambda row: f"{small(text(row['group'], lang))} ({signed(row['mean'], INDEX)})"  # noqa: E731
        losers = [word(row) for row in own if row["high"] < 0]
        count = {"count": len(losers), "total": len(own), "names": say("join", lang).join(losers[:NAMED])}
        end = say("groups_losers", lang, **count) if losers else say("groups_no_loser", lang)
        said.append(say("groups_said", lang, name=shown[label], best=word(own[-1]), worst=word(own[0])) + say("gap", lang) + end)
    return said
