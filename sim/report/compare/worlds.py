"""A comparison over plausible worlds in words and tables: for pages and for the terminal."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.real_size import LEADING
from sim.analysis.world_verdict import HOLDING, HOLDS, LEANING, LEANS, can_be_said, needed, world_verdict
from sim.experiments.calibration.told_by_figures import SETTINGS
from sim.experiments.comparisons.index_parts import INDICES
from sim.experiments.comparisons.over_worlds import EXPLAINED
from sim.experiments.comparisons.world_sentences import carriers_parts, rule_said
from sim.metrics import METRICS
from sim.report.compare.groups import group_title, group_values
from sim.report.parts import leading
from sim.report.parts.experiments import estimate_in_words, own_rates_said, titles
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import amounts, between, number, percent
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit, small
from sim.scenario.costs import real_residents

if TYPE_CHECKING:
    from sim.experiments.comparisons.over_worlds import WorldComparison

PLANNED = (*SETTINGS, "budget_unspent")
"""Money and staff that a policy itself sets: no findings, so they have no verdict."""
MOST_SHOWN = 8
"""Metrics of the first screen."""


class Verdict(NamedTuple):
    """One difference as text."""

    title: str
    median: str
    range: str
    better: str
    alone: str
    word: str
    luck: str


def shown_metrics(result: "WorldComparison") -> list[str]:
    """Metrics of the first screen: the indices and leading effects, or the first that were asked for."""
    known = result.verdicts.loc[result.verdicts["n"] > 0, "metric"].drop_duplicates().tolist()
    return [name for name in EXPLAINED if name in known] or known[:MOST_SHOWN]


def leads(result: "WorldComparison", lang: str) -> list[str]:
    """One sentence for each scenario but the first: in how many worlds it does better by the indices, and what luck alone would give."""
    shown = titles(result.batch, lang)
    base, names = shown[result.batch.labels[0]], _headlines(result)
    return [_lead(result, label, shown[label], base, names, lang) for label in result.batch.labels[1:]]


def _headlines(result: "WorldComparison") -> list[str]:
    shown = shown_metrics(result)
    return [name for name in INDICES if name in shown] or shown[:2]


def _lead(result: "WorldComparison", label: str, name: str, base: str, metrics: Sequence[str], lang: str) -> str:
    rows = [row_of(result, label, metric) for metric in metrics]
    if all(row["same"] == row["n"] for row in rows):
        indices = listed((small(metric_title(metric, lang)) for metric in metrics), lang)
        return say("worlds_lead_same", lang, name=name, base=base, n=rows[0]["n"], indices=indices)
    parts = [_counted(row, "then" if place else "first", base, lang) for place, row in enumerate(rows)]
    return say("worlds_lead", lang, name=name, base=base, parts=say("semicolon", lang).join(parts))


def _counted(row: dict[str, Any], key: str, base: str, lang: str) -> str:
    side = "same" if row["same"] == row["n"] else row["side"] or "tie"
    known = {"base": base, "n": row["n"], "index": small(metric_title(row["metric"], lang)), "word": word_of(row, lang)}
    return say(f"worlds_{key}_{side}", lang, count=max(row["better"], row["worse"]), luck=_by_luck(row, lang), **known)


def _by_luck(row: dict[str, Any], lang: str) -> str:
    if math.isnan(row["alone_low"]):
        return ""
    low, high = int(row["alone_low"]), int(row["alone_high"])
    return say("worlds_by_luck" if low < high else "worlds_by_luck_one", lang, low=low, high=high)


def word_of(row: dict[str, Any], lang: str) -> str:
    """*holds*, *leans* or *open*."""
    return say(f"word_{row['word']}", lang)


def words_said(n: int, lang: str) -> str:
    """What the words mean with so many worlds."""
    enough = can_be_said(n, HOLDING) and can_be_said(n, LEANING)
    return say("worlds_words" if enough else "worlds_words_few", lang, n=n, holds=HOLDS, leans=LEANS, **needed(n))


def too_few_said(n: int, lang: str) -> str:
    """Which words cannot be said with so few worlds, and how many they need; nothing if all can be said."""
    holds, leans = can_be_said(n, HOLDING), can_be_said(n, LEANING)
    return "" if holds and leans else say("worlds_too_few" if leans else "worlds_too_few_both", lang, n=n, **needed(n))


def row_of(result: "WorldComparison", label: str, metric: str) -> dict[str, Any]:
    """A row of verdicts."""
    table = result.verdicts
    return table[(table["scenario"] == label) & (table["metric"] == metric)].iloc[0].to_dict()


def natural_title(metric: str, lang: str) -> str:
    """Title of a metric with its unit, as a total of the real city where there is one."""
    if metric in LEADING:
        return leading.title(metric, lang)
    return say("with_unit", lang, name=metric_title(metric, lang), unit=metric_unit(metric, lang))


def verdict_of(result: "WorldComparison", label: str, metric: str, lang: str) -> Verdict:
    """A difference in natural units as text."""
    row = row_of(result, label, metric)
    median, low, high = _natural(result, label, metric, row, lang)
    share, ends = row["luck_share"], (row["luck_low"], row["luck_high"])
    luck = Shown(percent(share), share, *ends) if np.isfinite(share) else NOTHING
    better, alone = (better_in(row, lang), _alone(row)) if row["directed"] else (NOTHING, NOTHING)
    known = {"better": better, "alone": alone, "word": NOTHING if metric in PLANNED else word_of(row, lang), "luck": luck}
    return Verdict(natural_title(metric, lang), median, Shown(f"{low}…{high}", *low.exact, *high.exact), **known)


def better_in(row: dict[str, Any], lang: str) -> str:
    """In how many worlds it does better."""
    return Shown(say("worlds_of", lang, count=row["better"], n=row["n"]), row["better"])


def _alone(row: dict[str, Any]) -> str:
    """How many worlds would be better by luck alone; the count is on the side of the median."""
    if math.isnan(row["alone_low"]):
        return NOTHING
    ends = int(row["alone_low"]), int(row["alone_high"])
    less = METRICS[row["metric"]].better == "less" if row["metric"] in METRICS else False
    if (row["median"] < 0) != less:  # the median is worse
        ends = row["n"] - ends[1], row["n"] - ends[0]
    return Shown(f"{ends[0]}–{ends[1]}" if ends[0] < ends[1] else f"{ends[0]}", *ends)


def _natural(result: "WorldComparison", label: str, metric: str, row: dict[str, Any], lang: str) -> Sequence[Shown]:
    """Median and range as text."""
    table = result.natural
    found = table[(table["scenario"] == label) & (table["metric"] == metric)]
    if not len(found):
        return estimate_in_words(row["median"], row["low"], row["high"], metric)
    total = found.iloc[0]
    return leading.totals(metric, (total["median"], total["low"], total["high"]), lang, total["currency"], sign=True)


def base_of(result: "WorldComparison", metric: str, lang: str) -> Shown:
    """Median of the first scenario over the worlds, as a total of the real city where there is one."""
    found = result.natural[result.natural["metric"] == metric]
    if not len(found):
        return number(result.verdicts.loc[result.verdicts["metric"] == metric, "base"].iloc[0], metric)
    return leading.totals(metric, [found["base"].iloc[0]], lang, found["currency"].iloc[0])[0]


def priced_metrics(result: "WorldComparison", label: str) -> list[str]:
    """Leading results besides those of the first screen, such as money and staff, that differ in some world."""
    rows = result.natural[(result.natural["scenario"] == label) & (result.natural["same"] < result.natural["n"])]
    return [name for name in rows["metric"] if name not in shown_metrics(result)]


def verdict_table(result: "WorldComparison", label: str, lang: str, metrics: Sequence[str]) -> Table:
    """Differences of one scenario in some metrics."""
    keys = ("natural_result", "worlds_median", "worlds_range", "worlds_better_in", "worlds_alone", "verdict", "worlds_luck")
    return Table([say(key, lang) for key in keys], [list(verdict_of(result, label, metric, lang)) for metric in metrics])


def natural_blocks(result: "WorldComparison", lang: str) -> list[dict[str, Any]]:
    """Every leading result in numbers of the real city with what it costs, a block of a page for each scenario."""
    return leading.difference_blocks(result.natural.rename(columns={"median": "mean"}), titles(result.batch, lang), lang)


def carriers_lines(result: "WorldComparison", label: str, lang: str) -> list[str]:
    """Assumptions that carry most of the spread, a line for each leading difference that has one, and one for those that have none."""
    colon, nothing = say("colon", lang), say("worlds_no_carrier", lang)
    rows = spread_table(result, label, lang).rows
    lines = [f"{row[0]}{colon}{row[-1]}" for row in rows if row[-1] != nothing]
    without = [row[0] for row in rows if row[-1] == nothing]
    return [*lines, f"{say('semicolon', lang).join(without)}{colon}{nothing}"] if without else lines


def spread_table(result: "WorldComparison", label: str, lang: str) -> Table:
    """How much of the spread of leading differences is luck, and which assumptions carry most."""
    head = [say(key, lang) for key in ("natural_result", "worlds_luck", "worlds_range", "worlds_carriers")]
    rows = []
    for (scenario, metric), found in result.carried.items():
        if scenario == label:
            row = row_of(result, label, metric)
            known = np.isfinite(row["luck_share"])
            ends = between(percent(row["luck_low"]), percent(row["luck_high"])) if known else NOTHING
            carriers = say("semicolon", lang).join(one.text(lang) for one in carriers_parts(found)) or say("worlds_no_carrier", lang)
            rows.append([natural_title(metric, lang), percent(row["luck_share"]) if known else NOTHING, ends, carriers])
    return Table(head, rows)


def beliefs(result: "WorldComparison", label: str, lang: str) -> list[str]:
    """What one would have to believe for the other side to win, a sentence for each leading difference that does not hold."""
    shown = titles(result.batch, lang)
    base, said, without = result.batch.labels[0], [], []
    asked = {metric: rule for (scenario, metric), rule in result.believed.items() if scenario == label}
    for metric, rule in asked.items():
        if rule is None:
            without.append(metric_title(metric, lang) if metric not in LEADING else leading.title(metric, lang))
            continue
        above, below = (base, label) if METRICS[metric].better == "less" else (label, base)
        rule_text = rule_said(rule, *(say("quoted", lang, name=shown[one]) for one in (above, below))).text(lang)
        said.append(say("worlds_belief", lang, metric=natural_title(metric, lang), rule=rule_text))
    if without:
        said.append(say("worlds_no_rule", lang, metrics=say("semicolon", lang).join(without)))
    return said or [say("worlds_all_hold", lang)]


def group_rows(result: "WorldComparison") -> pd.DataFrame:
    """Verdicts on satisfaction by group of residents: ``scenario, group``, and the fields of `WorldVerdict`."""
    once = result.batch.once
    base, rows = group_values(once, once.labels[0]), []
    for label in once.labels[1:]:
        other = group_values(once, label)
        rows += [{"scenario": label, "group": name, **world_verdict(other[name] - base[name])._asdict()} for name in base if name in other]
    return pd.DataFrame(rows)


def group_table(result: "WorldComparison", label: str, lang: str) -> Table:
    """The groups of one scenario."""
    head = [say(key, lang) for key in ("group", "worlds_median", "worlds_range", "worlds_better_in", "verdict")]
    table = group_rows(result)
    rows = []
    for row in table[table["scenario"] == label].to_dict("records") if len(table) else ():
        median, low, high = estimate_in_words(row["median"], row["low"], row["high"], "satisfaction")
        ends = Shown(f"{low}…{high}", *low.exact, *high.exact)
        rows.append([group_title(result, row["group"], lang), median, ends, better_in(row, lang), word_of(row, lang)])
    return Table(head, rows)


def every_table(result: "WorldComparison", label: str, lang: str) -> Table:
    """Every metric of one scenario, in its own unit."""
    base = titles(result.batch, lang)[result.batch.labels[0]]
    keys = ("worlds_median", "worlds_range", "worlds_better_in", "worlds_worse_in", "verdict", "worlds_luck")
    head = [say("metric", lang), say("unit", lang), say("base_value", lang, base=base), *(say(key, lang) for key in keys)]
    rows = []
    for row in result.verdicts[(result.verdicts["scenario"] == label) & (result.verdicts["n"] > 0)].to_dict("records"):
        name = row["metric"]
        median, low, high = estimate_in_words(row["median"], row["low"], row["high"], name)
        worse = Shown(say("worlds_of", lang, count=row["worse"], n=row["n"]), row["worse"])
        luck = percent(row["luck_share"]) if np.isfinite(row["luck_share"]) else NOTHING
        ends = Shown(f"{low}…{high}", *low.exact, *high.exact)
        cells = [median, ends, better_in(row, lang), worse, word_of(row, lang), luck]
        rows.append([metric_title(name, lang), metric_unit(name, lang), number(row["base"], name), *cells])
    return Table(head, rows)


def method_said(result: "WorldComparison", lang: str, named: bool = True) -> str:
    """How many cities of which size, and under which luck; whether coefficients that were fitted are named, or counted."""
    batch = result.batch
    known = {"n": batch.finished, "again": result.again, "weeks": batch.window, "residents": f"{batch.residents:,}"}
    method = say("worlds_method", lang, real=amounts([real_residents(result.named[0])], lang)[0], **known)
    return say("gap", lang).join([method, *own_rates_said(batch, lang, named)])


def limits_said(result: "WorldComparison", lang: str) -> str:
    """What a count over worlds is, and is not."""
    about = result.batch.about
    known = {"set": about["count"], "model": about["model"], "evidence": str(about["evidence"])[:8]}
    return say("worlds_limits", lang, residents=f"{result.batch.residents:,}", **known)
