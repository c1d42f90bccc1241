"""What a brief says in tables and sentences: what holds, for whom, at what cost, what one would have to believe, how far to trust it."""

from collections.abc import Sequence
from typing import Any

from sim.analysis.real_size import EFFECTS, MONEY
from sim.experiments.comparisons.index_parts import INDICES
from sim.experiments.comparisons.over_worlds import WorldComparison
from sim.report.brief.changes import fitted_said
from sim.report.brief.where import SATISFACTION
from sim.report.compare import worlds
from sim.report.compare.groups import group_title
from sim.report.parts.experiments import estimate_in_words, own_rates_said, titles
from sim.report.parts.files import NOTHING, Table
from sim.report.text.catalogue import say

NATURAL = (*EFFECTS, "volunteer_hours")
"""Results in units that anybody can count, beside money."""
PAID = (*MONEY, "staff", "idle_staff")
PAID_OF_SEVERAL = ("budget_spent", "staff")
MOST_BELIEFS, MOST_BELIEFS_OF_SEVERAL = 4, 1
"""Sentences for each scenario; the report has all."""


def known(result: WorldComparison, metrics: Sequence[str]) -> list[str]:
    """Those of some metrics that have a value."""
    found = set(result.verdicts.loc[result.verdicts["n"] > 0, "metric"])
    return [name for name in metrics if name in found]


def findings(result: WorldComparison, lang: str) -> Table:
    """What holds, leans or is open."""
    return difference_table(result, (*INDICES, *NATURAL), lang)


def difference_table(result: WorldComparison, metrics: Sequence[str], lang: str) -> Table:
    """Differences in some metrics: of one scenario in columns, of several in one cell each."""
    shown, (first, *labels) = titles(result.batch, lang), result.batch.labels
    head = [say("natural_result", lang), say("base_value", lang, base=shown[first])]
    if len(labels) == 1:
        head += [say(key, lang) for key in ("worlds_median", "worlds_range", "worlds_better_in", "verdict")]
    else:
        head += [shown[label] for label in labels]
    rows = []
    for metric in known(result, metrics):
        found = [worlds.verdict_of(result, label, metric, lang) for label in labels]
        cells = [(one.median, one.range, one.better, one.word) for one in found]
        joined = [say("brief_cell_ranged", lang, median=a, range=b, better=c, word=d) for a, b, c, d in cells]
        rows.append([found[0].title, worlds.base_of(result, metric, lang), *(cells[0] if len(labels) == 1 else joined)])
    return Table(head, rows)


def by_group(result: WorldComparison, lang: str) -> Table:
    """Satisfaction by group, with as many digits as tell the groups apart."""
    labels, shown, table = result.batch.labels[1:], titles(result.batch, lang), worlds.group_rows(result)
    if not len(table):
        return Table([say("group", lang)], [])
    ends = float(table["median"].min()), float(table["median"].max())
    cells: dict[str, list[list[str]]] = {}
    for row in table.to_dict("records"):
        median = estimate_in_words(row["median"], *ends, SATISFACTION)[0]
        cells.setdefault(row["group"], []).append([median, worlds.better_in(row, lang), worlds.word_of(row, lang)])
    if len(labels) == 1:
        head = [say(key, lang) for key in ("group", "worlds_median", "worlds_better_in", "verdict")]
        return Table(head, [[group_title(result, group, lang), *own] for group, (own,) in cells.items()])
    rows = [[group_title(result, group, lang), *(say("semicolon", lang).join(one) for one in each)] for group, each in cells.items()]
    return Table([say("group", lang), *(shown[label] for label in labels)], rows)


def costs_of_effects(result: WorldComparison, lang: str) -> Table:
    """What an effect costs, for effects that hold or lean in some scenario."""
    shown = titles(result.batch, lang)
    each = [{row["title"]: row["cost"] for row in block["rows"]} for block in worlds.natural_blocks(result, lang)]
    unpriced = (NOTHING, say("cost_no_effect", lang))
    priced = [title for title in each[0] if any(one.get(title, NOTHING) not in unpriced for one in each)]
    rows = [[title, *(NOTHING if (said := one.get(title, NOTHING)) in unpriced else said for one in each)] for title in priced]
    head = [say("natural_cost", lang)] if len(each) == 1 else [shown[label] for label in result.batch.labels[1:]]
    return Table([say("natural_result", lang), *head], rows)


def beliefs(result: WorldComparison, lang: str) -> list[dict[str, Any]]:
    """What one would have to believe, for each scenario but the first: its title, sentences, and how many more the report has."""
    labels, shown, found = result.batch.labels[1:], titles(result.batch, lang), []
    most = MOST_BELIEFS if len(labels) == 1 else MOST_BELIEFS_OF_SEVERAL
    for label in labels:
        said = worlds.beliefs(result, label, lang)
        more = say("brief_more_beliefs", lang, count=len(said) - most) if len(said) > most else ""
        found.append({"title": shown[label] if len(labels) > 1 else "", "said": said[:most], "more": more})
    return found


def limits(result: WorldComparison, lang: str) -> list[str]:
    """How far to trust it."""
    about = result.batch.about
    told = {"set": about["count"], "model": about["model"], "evidence": str(about["evidence"])[:8]}
    city = fitted_said(result.named[0], bool(own_rates_said(result.batch, lang)), lang)
    said = [worlds.method_said(result, lang), city, say("brief_no_chance", lang, **told), say("brief_not_in", lang)]
    return [one for one in said if one]
