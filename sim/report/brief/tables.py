"""What a brief says in tables and sentences: what holds, for whom, at what cost, what one would have to believe, how far to trust it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.analysis.real_size import EFFECTS, MONEY
from sim.analysis.world_verdict import OPEN, WORDS
from sim.experiments.comparisons.index_parts import INDICES
from sim.experiments.comparisons.over_worlds import WorldComparison
from sim.metrics import METRICS
from sim.report.brief.changes import fitted_said
from sim.report.brief.where import SATISFACTION
from sim.report.compare import worlds
from sim.report.compare.groups import group_title
from sim.report.parts.experiments import estimate_in_words, own_rates_said, titles
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.text.catalogue import say
from sim.report.text.labels import small

NATURAL = (*EFFECTS, "volunteer_hours")
"""Results in units that anybody can count, beside money."""
PAID = (*MONEY, "staff", "idle_staff")
PAID_OF_SEVERAL = ("budget_spent", "staff")
MOST_CLEAR, MOST_CLEAR_OF_SEVERAL = 5, 4
"""Further results that are told because the scenarios clearly differ in them."""
INSIDE = "state"
"""Group of metrics that are conditions within the model, which nobody counts."""
LEAST_MOVED = 0.005
"""Share of what a result was, up to which it is not worth a row."""
ALIKE = 0.95
"""Correlation over worlds from which two results tell the same."""
MOST_TOLD = 6
"""Results that one sentence names."""
MOST_BELIEFS, MOST_BELIEFS_OF_SEVERAL = 4, 1
"""Sentences for each scenario; the report has all."""


def known(result: WorldComparison, metrics: Sequence[str]) -> list[str]:
    """Those of some metrics that have a value, and are not 0 in every world under every scenario."""
    return [name for name in _with_value(result, metrics) if not _never(result, name)]


def never_seen(result: WorldComparison) -> list[str]:
    """The usual results that are 0 in every world under every scenario, as rare events are in a small city."""
    return [name for name in _with_value(result, NATURAL) if _never(result, name)]


def _with_value(result: WorldComparison, metrics: Sequence[str]) -> list[str]:
    found = set(result.verdicts.loc[result.verdicts["n"] > 0, "metric"])
    return [name for name in metrics if name in found]


def _never(result: WorldComparison, metric: str) -> bool:
    rows = result.differences[result.differences["metric"] == metric]
    return bool((rows[["a", "b"]].fillna(0.0) == 0.0).all(axis=None))


def findings(result: WorldComparison, clear: Sequence[str], lang: str) -> Table:
    """What holds, leans or is open: the usual results, then those in which the scenarios clearly differ (see `clearest`)."""
    return difference_table(result, (*INDICES, *NATURAL, *clear), lang)


def clearest(result: WorldComparison) -> list[str]:
    """Further results that hold or lean: those that hold first, then those that move most in relation to what they were; of several
    scenarios compared with the first, those of each in turn.

    Of results that go together in all worlds, such as a rate and the same rate in another unit, only the first is taken.
    """
    told = [*INDICES, *NATURAL, *PAID]
    inside = [name for name, metric in METRICS.items() if metric.group == INSIDE]
    table = result.verdicts
    table = table[(table["word"] != OPEN) & ~table["metric"].isin([*told, *worlds.PLANNED, *inside])]
    moved = table["median"].abs() / (table["median"].abs() + table["base"].abs())
    table = table.assign(rank=table["word"].map(WORDS.index), moved=moved)[moved > LEAST_MOVED]
    table = table.sort_values(["rank", "moved"], ascending=[True, False], kind="stable")
    table = table.assign(turn=table.groupby("scenario").cumcount()).sort_values("turn", kind="stable")
    most = MOST_CLEAR if len(result.batch.labels) == 2 else MOST_CLEAR_OF_SEVERAL
    told = known(result, told)
    taken: list[str] = []
    for row in table.to_dict("records"):
        if len(taken) < most and not any(_alike(result, row["scenario"], row["metric"], other) for other in [*told, *taken]):
            taken.append(row["metric"])
    return taken


def told_clearly(result: WorldComparison, clear: Sequence[str], lang: str) -> list[str]:
    """What holds or leans besides the two indices, a sentence for each scenario but the first; what holds comes first."""
    shown, groups, said = titles(result.batch, lang), worlds.group_rows(result), []
    for label in result.batch.labels[1:]:
        rows = [worlds.row_of(result, label, metric) for metric in known(result, (*NATURAL, *clear))]
        found = [(row["word"], worlds.verdict_of(result, label, row["metric"], lang)) for row in rows if row["word"] != OPEN]
        told = [(word, say("brief_told", lang, what=one.title, median=one.median, word=one.word)) for word, one in found]
        own = groups[(groups["scenario"] == label) & (groups["word"] != OPEN)] if len(groups) else groups
        for row in own.to_dict("records"):
            median = estimate_in_words(row["median"], row["low"], row["high"], SATISFACTION)[0]
            what = say("brief_told_group", lang, group=small(group_title(result, row["group"], lang)))
            told.append((row["word"], say("brief_told", lang, what=what, median=median, word=worlds.word_of(row, lang))))
        told.sort(key=lambda one: WORDS.index(one[0]))
        parts = say("semicolon", lang).join(text for _, text in told[:MOST_TOLD])
        said.append(say("brief_told_clearly" if parts else "brief_told_nothing", lang, name=shown[label], parts=parts))
    return said


def _alike(result: WorldComparison, scenario: str, metric: str, other: str) -> bool:
    """Whether two results tell the same of a scenario."""
    a, b = (result.over_worlds(scenario, name) for name in (metric, other))
    both = np.isfinite(a) & np.isfinite(b)
    if metric == other or not both.any():
        return metric == other
    a, b = a[both] - a[both].mean(), b[both] - b[both].mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return size > 0 and abs(float((a * b).sum())) >= ALIKE * size


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
        cells = [_cells(result, label, metric, one, lang) for label, one in zip(labels, found, strict=True)]
        joined = [_in_one_cell(each, lang) for each in cells]
        rows.append([found[0].title, worlds.base_of(result, metric, lang), *(cells[0] if len(labels) == 1 else joined)])
    return Table(head, rows)


def _cells(result: WorldComparison, label: str, metric: str, found: worlds.Verdict, lang: str) -> list[str]:
    """Median, range, in how many worlds, and the word; no count and no word of what the policy itself sets."""
    if metric in worlds.PLANNED:
        return [found.median, found.range, NOTHING, NOTHING]
    row = worlds.row_of(result, label, metric)
    if row["directed"] or not row["side"]:
        return [found.median, found.range, found.better, found.word]
    count = max(row["better"], row["worse"])
    more = say("brief_more_in" if row["side"] == "better" else "brief_less_in", lang, count=count, n=row["n"])
    return [found.median, found.range, Shown(more, count), found.word]


def _in_one_cell(cells: list[str], lang: str) -> str:
    median, span, better, word = cells
    if word == NOTHING:
        return say("brief_cell_planned", lang, median=median, range=span)
    return say("brief_cell_ranged", lang, median=median, range=span, better=better, word=word)


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
    city = fitted_said(result, bool(own_rates_said(result.batch, lang)), lang)
    outside = say("brief_not_in", lang, weeks=result.batch.window)
    said = [worlds.method_said(result, lang, named=False), city, say("brief_no_chance", lang, **told), outside]
    return [one for one in said if one]
