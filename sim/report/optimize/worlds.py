"""A search over plausible worlds in words, tables and a figure: for the page and for the terminal."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.real_size import LEADING, total_factor
from sim.experiments.optimization.judgement import OWN
from sim.metrics import METRICS
from sim.report.compare.worlds import natural_title, words_said
from sim.report.parts import leading, style
from sim.report.parts.experiments import estimate_in_words, own_rates_said, signed
from sim.report.parts.files import Shown, Table
from sim.report.parts.key import line
from sim.report.parts.numbers import amounts, percent
from sim.report.study.factors import factor_title, factor_value, policy_text
from sim.report.study.figures import scatter
from sim.report.study.sentences import target_text
from sim.report.study.tables import shares
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit
from sim.scenario.costs import real_residents

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.optimization.world_search import WorldSearchResult


def measured(result: "WorldSearchResult") -> list[str]:
    """Objectives that are metrics."""
    return [name for name in result.search.objectives if name in METRICS]


def sentences(result: "WorldSearchResult", lang: str) -> list[str]:
    """What was searched and judged, how the ends of the front do in fresh worlds, and how many policies are still efficient there."""
    search, tried, front = result.search, result.tried, result.front
    counts = {"evaluations": f"{len(tried):,}", "generations": len(result.progress), "few": len(result.parted.searched.worlds)}
    said = [say("ow_lead", lang, **counts)]
    asked = target_text(search.targets, lang) if search.targets else ""
    if asked:
        said.append(say("ow_constraint", lang, constraint=asked, share=percent(search.met_in)))
    if result.judgement is None:
        return [*said, say("ow_none", lang, share=percent(float(tried["share"].max())))]
    found = int(tried["front"].sum())
    judged = {"judged": len(front), "count": found, "n": len(result.judgement.batch.worlds)}
    said.append(say("ow_judged" if found > len(front) else "ow_judged_all", lang, **judged))
    said += [_end(result, name, lang) for name in measured(result)]
    said.append(say("ow_efficient", lang, count=int(front["efficient"].sum()), judged=len(front)))
    if asked:
        met = int((front["share"] >= search.met_in).sum())
        said.append(say("ow_met", lang, count=met, judged=len(front), share=percent(search.met_in)))
    return said


def _end(result: "WorldSearchResult", name: str, lang: str) -> str:
    """How the policy that the search found best by one objective does in fresh worlds. It is not chosen by what they say."""
    front, less = result.front, result.search.objectives[name] == "less"
    row = front.loc[front[f"search_{name}"].idxmin() if less else front[f"search_{name}"].idxmax()]
    median, ends = difference(result, name, row, lang)
    known = {"objective": natural_title(name, lang), "policy": policy_text(row, result.search.space.keys, lang)}
    known |= {"median": median, "range": ends, "counted": counted(result, name, row, lang)}
    return say("ow_end", lang, search=_values(result, name, [row[f"search_{name}"]], lang)[0], **known)


def counted(result: "WorldSearchResult", name: str, row: Any, lang: str) -> str:
    """In how many fresh worlds a policy is better than the scenario's own, and the word for it."""
    verdicts = result.tables["verdicts"]
    found = verdicts[(verdicts["policy"] == row["policy"]) & (verdicts["objective"] == name)].iloc[0]
    side = "worse" if found["side"] == "worse" else "better"
    return say(f"ow_{side}", lang, count=found[side], n=found["n"], word=say(f"word_{found['verdict']}", lang))


def _values(result: "WorldSearchResult", name: str, values: list[float], lang: str) -> list[Shown]:
    """Differences as text: totals of the real city where the metric leads reports."""
    scenario = result.search.base.scenario
    if name not in LEADING:
        return [signed(values[0], name)] if len(values) == 1 else list(estimate_in_words(values[0], values[1], values[2], name))
    factor = total_factor(name, real_residents(scenario))
    scaled = [value * (1.0 if math.isnan(factor) else factor) for value in values]
    return leading.totals(name, scaled, lang, scenario.staffing.currency, sign=True)


def difference(result: "WorldSearchResult", name: str, row: Any, lang: str) -> tuple[Shown, Shown]:
    """Median difference from the scenario's own policy, and its 90 % range."""
    median, low, high = _values(result, name, [row[name], row[f"low_{name}"], row[f"high_{name}"]], lang)
    return median, Shown(f"{low}…{high}", *low.exact, *high.exact)


def front_table(result: "WorldSearchResult", lang: str) -> Table:
    """Policies that were judged, each in one cell, and for every objective the difference and the verdict: short, for a terminal."""
    head = [say("policy", lang)]
    for name in result.search.objectives:
        title = metric_title(name, lang) if name in METRICS else factor_title(name, lang)
        head += [title, say("ow_against", lang)] if name in METRICS else [title]
    rows = []
    for row in result.front.to_dict("records"):
        cells = [short_policy(result, row, lang)]
        for name in result.search.objectives:
            if name in METRICS:
                cells += [difference(result, name, row, lang)[0], counted(result, name, row, lang)]
            else:
                cells.append(factor_value(name, row[name], lang))
        rows.append([*cells, _among(row, result, lang)])
    return Table([*head, say("ow_among", lang)], rows)


def short_policy(result: "WorldSearchResult", row: Any, lang: str) -> str:
    """The values of a policy, in the order of the factors."""
    return " / ".join(factor_value(key, row[key], lang) for key in result.search.space.keys)


def _among(row: Any, result: "WorldSearchResult", lang: str) -> str:
    n = len(result.judgement.batch.worlds) if result.judgement else 0
    return Shown(say("worlds_of", lang, count=int(row["among"]), n=n), row["among"])


def page_table(result: "WorldSearchResult", lang: str) -> Table:
    """Policies that were judged, with ranges and verdicts."""
    keys, search = result.search.space.keys, result.search
    head = [say("policy", lang), *(natural_title(name, lang) for name in measured(result)), say("ow_among", lang), say("ow_still", lang)]
    rows = []
    for row in result.front.to_dict("records"):
        cells = [policy_text(row, keys, lang)]
        for name in measured(result):
            median, ends = difference(result, name, row, lang)
            parts = f"{median} ({ends})", counted(result, name, row, lang)
            cells.append(Shown(say("semicolon", lang).join(parts), *median.exact, *ends.exact))
        still = say("ow_yes" if row["efficient"] else "ow_no", lang)
        rows.append([*cells, _among(row, result, lang), still, *([shares(row)] if search.targets else [])])
    return Table([*head, *([say("ow_share_met", lang)] if search.targets else [])], rows)


def regret_table(result: "WorldSearchResult", lang: str) -> Table:
    """What each policy did in the worlds of the search, and how far it falls short of the best of those judged in the worst fresh world."""
    head = [say("policy", lang)]
    for name in measured(result):
        title = metric_title(name, lang)
        head += [say(key, lang, metric=title) for key in ("ow_in_search", "ow_regret", "ow_regret_90")]
    rows = []
    for row in result.front.to_dict("records"):
        cells = [policy_text(row, result.search.space.keys, lang)]
        for name in measured(result):
            cells += [_values(result, name, [row[f"{column}_{name}"]], lang)[0] for column in ("search", "regret", "regret_90")]
        rows.append([*cells[:1], *(cell if place % 3 == 0 else _unsigned(cell) for place, cell in enumerate(cells[1:]))])
    return Table(head, rows)


def _unsigned(shown: Any) -> Shown:
    return Shown(shown.lstrip("+"), *shown.exact)


def own_said(result: "WorldSearchResult", lang: str) -> list[str]:
    """In how many fresh worlds the scenario's own policy is among the best."""
    if result.judgement is None:
        return []
    row = result.judgement.among.set_index("policy").loc[OWN]
    return [say("ow_own", lang, count=int(row["among"]), n=int(row["n"]))]


def method(result: "WorldSearchResult", lang: str) -> list[str]:
    """How the counts came about, and what they are not."""
    if result.judgement is None:
        return []
    batch = result.judgement.batch
    again = len(batch.seeds) - len(batch.once.seeds)
    real = amounts([real_residents(result.search.base.scenario)], lang)[0]
    known = {"n": batch.finished, "residents": f"{batch.residents:,}", "again": again, "weeks": batch.window, "real": real}
    quantile = [say("ow_quantile", lang, quantile=percent(result.search.quantile))] if result.search.quantile != 0.5 else []
    said = [words_said(batch.finished, lang), say("ow_method", lang, few=len(result.parted.searched.worlds), **known), *quantile]
    return [*said, *own_said(result, lang), *own_rates_said(batch, lang), say("worlds_no_chance", lang)]


def draw(result: "WorldSearchResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """Every policy tried by its differences in the worlds of the search; those judged by their medians and ranges in fresh worlds."""
    columns = []
    for name in result.search.objectives:
        if name in METRICS:
            title = say("mix_worlds_axis", lang, metric=metric_title(name, lang), unit=metric_unit(name, lang))
        else:
            title = factor_title(name, lang)
        columns.append((name, title))
    columns = columns if len(columns) > 1 else [*columns, ("generation", say("generation", lang))]
    entries = [
        (line(marker="o", color=style.GREY, alpha=0.5, ms=3.5), say("key_searched", lang)),
        (line(marker="x", color=style.GREY, ms=4, mew=0.8), say("key_missed", lang)),
        (line(marker="o", color=style.VERMILLION, linewidth=0.8, ms=5), say("key_judged", lang)),
        (line(marker="s", color="black", mfc="none", ms=7, mew=1.3), say("key_own_policy", lang)),
    ]

    def points(axes: "Axes", table: "pd.DataFrame", x: str, y: str) -> None:
        good = (table["runs"] > 0) & (table["miss"] <= 0)
        missed = (table["runs"] > 0) & ~good
        axes.plot(table[x][missed], table[y][missed], "x", color=style.GREY, markersize=4, markeredgewidth=0.8)
        axes.plot(table[x][good], table[y][good], "o", color=style.GREY, alpha=0.4, markersize=3.5, markeredgewidth=0)
        front = result.front
        if x in front and not front.empty:
            axes.errorbar(front[x], front[y], _ends(front, y), _ends(front, x), "o", color=style.VERMILLION, markersize=5, elinewidth=0.8)
        if x in METRICS and y in METRICS:
            axes.plot([0], [0], "s", color="black", markersize=7, markerfacecolor="none", markeredgewidth=1.3)

    with style.look():
        return scatter(result.tried, columns, points, narrow, entries)


def _ends(front: "pd.DataFrame", name: str) -> np.ndarray | None:
    """Distances of the ends of the range from the median, shape (2, policies); None for a factor."""
    if f"low_{name}" not in front:
        return None
    return np.maximum(0.0, np.stack([front[name] - front[f"low_{name}"], front[f"high_{name}"] - front[name]]))
