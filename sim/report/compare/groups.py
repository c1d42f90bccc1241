"""Gains and losses between scenarios: satisfaction by group of residents, as paired differences."""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.analysis.paired import paired
from sim.experiments.comparisons.compare import verdict
from sim.metrics.groups import THIRDS, affected_areas
from sim.report.compare.figures import dot, dot_key, legend, rules
from sim.report.parts import style
from sim.report.parts.events import struck_in_words
from sim.report.parts.experiments import estimate_in_words, signed, span, titles
from sim.report.parts.figures import wrapped
from sim.report.parts.files import Table
from sim.report.parts.groups import nonlocal_share
from sim.report.parts.key import explain
from sim.report.parts.key import height as key_height
from sim.report.parts.numbers import number
from sim.report.parts.places import district_names
from sim.report.parts.series import SPREAD
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_unit, small

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.compare import Comparison
    from sim.experiments.experiment_result import ExperimentResult
    from sim.experiments.runs.batch import Batch

INDEX = "satisfaction"
NAMED = 3
"""Maximum number of groups with losses named in a sentence."""


def group_values(batch: "Batch", label: str) -> dict[str, np.ndarray]:
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
        found |= {place.key: rows[place.key].to_numpy(float) for place in affected_areas(batch.scenarios) if place.key in rows}
    return {name: values for name, values in found.items() if np.isfinite(values).any()}


def group_rows(result: "Comparison") -> list[dict[str, Any]]:
    """A row per scenario but the first and group: ``scenario, group, base``, and the paired difference with its 95 % interval."""
    return list(_rows(result.batch, result.interval))


def _rows(batch: "Batch", interval: str) -> Iterator[dict[str, Any]]:
    base = group_values(batch, batch.labels[0])
    for label in batch.labels[1:]:
        other = group_values(batch, label)
        for group in (name for name in base if name in other):
            found = paired(base[group], other[group], interval=interval, seed=batch.seeds[0])
            # Not corrected for the number of groups: no group is called significant.
            row = {"scenario": label, "group": group, "base": float(np.nanmean(base[group])), "verdict": verdict(math.inf, found.p)}
            yield row | {"mean": found.mean, "low": found.low, "high": found.high}


def group_title(result: "ExperimentResult", group: str, lang: str) -> str:
    """Title of a group; for a place affected by a shock, its name."""
    place = next((place for place in affected_areas(result.batch.scenarios) if place.key == group), None)
    if place is None:
        return say(group, lang)
    names = district_names(result.batch.scenarios[0], lang)
    name = names(place.name) if place.kind == "district" else say("group_community", lang, name=place.name)
    return say("group_struck", lang, name=name)


def _within(result: "Comparison", group: str, lang: str) -> str:
    """The title of a group within a sentence; names of places keep their capital."""
    title = group_title(result, group, lang)
    return small(title) if group.startswith("group_") else title


def group_table(result: "Comparison", lang: str) -> Table:
    """The rows as a table for readers."""
    shown = titles(result.batch, lang)
    head = [say("scenario", lang), say("group", lang), say("base_value", lang, base=shown[result.batch.labels[0]])]
    rows = [
        [
            shown[row["scenario"]],
            group_title(result, row["group"], lang),
            number(row["base"], INDEX),
            mean,
            span(low, high),
        ]
        for row in group_rows(result)
        for mean, low, high in [estimate_in_words(row["mean"], row["low"], row["high"], INDEX)]
    ]
    return Table([*head, say("difference", lang), say("interval", lang)], rows)


def draw_group_differences(result: "Comparison", lang: str = "en", narrow: bool = False) -> "Figure":
    """Difference in satisfaction from the first scenario: a row per group with a line per scenario."""
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
        words = [group_title(result, group, lang) for group in groups]
        rules(axes, [wrapped(word, lang, 18) if narrow else word for word in words])
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
    values = [
        f"{shown[row['scenario']]}: {group_title(result, row['group'], lang)} {signed(row['mean'], INDEX)}" for row in group_rows(result)
    ]
    return say("alt_group_differences", lang, base=shown[result.batch.labels[0]], values=listed(values, lang))


def said_groups(result: "Comparison", lang: str) -> list[str]:
    """For every scenario: the places affected by shocks, the groups with the largest and smallest gain, and the groups with significant
    losses."""
    shown, rows, said = titles(result.batch, lang), group_rows(result), []
    for label, scenario in zip(result.batch.labels, result.batch.scenarios, strict=True):
        places = [say("struck_when", lang, what=what, when=when) for what, when in struck_in_words(scenario, lang)]
        said += [say("groups_struck", lang, name=shown[label], what=say("semicolon", lang).join(places))] if places else []
    for label in result.batch.labels[1:]:
        own = sorted((row for row in rows if row["scenario"] == label), key=lambda row: row["mean"])
        if len(own) < 2:
            continue
        word = lambda row: say("with_unit", lang, name=_within(result, row["group"], lang), unit=signed(row["mean"], INDEX))  # noqa: E731
        first = say("groups_said", lang, name=shown[label], best=word(own[-1]), worst=word(own[0]))
        said.append(first + say("gap", lang) + _losers(own, word, lang))
    return said


def _losers(own: list[dict[str, Any]], word: Callable[[dict[str, Any]], str], lang: str) -> str:
    """Groups whose own interval shows a loss, or a note that no group has an interval."""
    if not any(np.isfinite(row["low"]) for row in own):
        return say("groups_open", lang)
    losers = [word(row) for row in own if row["high"] < 0]
    key = "groups_no_loser" if not losers else "groups_loser" if len(losers) == 1 else "groups_losers"
    return say(key, lang, count=len(losers), total=len(own), names=listed(losers[:NAMED], lang))
