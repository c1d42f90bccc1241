"""Results of a study in sentences with numbers and their uncertainty; policies are not judged."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.discovery import FEWEST_CASES, SIGNIFICANT
from sim.analysis.sensitivity import MAIN
from sim.report.parts.files import Shown
from sim.report.parts.numbers import number, percent
from sim.report.study.factors import factor_title, factor_value, policy_text
from sim.report.study.figures import SURE
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title
from sim.version import MODEL_VERSION

if TYPE_CHECKING:
    from sim.analysis.discovery import Peeling
    from sim.experiments.studies.analyze import Analysis, Question

BENT = 0.2
"""Rank correlations below this have no clear direction (assumption)."""
MOST_PAIRS = 3
LOUD = 0.05
"""Share explained by variation between replicates above which it is mentioned."""


def index_value(value: float, index: str, outcome: str) -> str:
    """An index as text: shares of variance in per cent, effects in the unit of the outcome."""
    if index in ("total", "first", "second"):
        return percent(value)
    return number(value, outcome) if index in ("mu_star", "mu", "sigma") else Shown(f"{value:.2f}", value)


def lead(analysis: "Analysis", lang: str) -> str:
    """How many runs of the study are done."""
    counts = analysis.counts
    design = say(f"design_{analysis.study.design.kind}", lang)
    return say("lead", lang, done=f"{counts['done']:,}", planned=f"{counts['planned']:,}", points=f"{counts['points']:,}", design=design)


def notices(analysis: "Analysis", lang: str) -> list[str]:
    """Notices at the top: an unfinished study, failures, few points."""
    counts, said = analysis.counts, []
    if analysis.model != MODEL_VERSION:
        said.append(say("older", lang, made=analysis.model, now=MODEL_VERSION))
    if analysis.sources > 1:
        said.append(say("mixed", lang, count=analysis.sources))
    missing = counts["planned"] - counts["done"] - counts["failed"]
    if missing:
        said.append(say("partial", lang, missing=f"{missing:,}"))
    if counts["failed"]:
        said.append(say("study_failed", lang, count=counts["failed"]))
    return said + ([say("n_few_points", lang)] if "few_points" in analysis.notes else [])


def sensitivity_sentences(analysis: "Analysis", outcome: str, lang: str) -> list[str]:
    """The factors that matter for one outcome, their indices, and undecided ones."""
    table = analysis.sensitivity[analysis.sensitivity["outcome"] == outcome]
    title = metric_title(outcome, lang)
    if table.empty:
        return [say("s_no_index", lang, outcome=title)]
    said = []
    for method in dict.fromkeys(table["method"]):
        said += _ranked(table[(table["method"] == method) & (table["measure"] == MAIN[method])], outcome, lang)
    pairs = table[(table["measure"] == "second") & table["matters"]].sort_values("value", ascending=False).head(MOST_PAIRS)
    if len(pairs):
        told = [_pair(row, lang) for row in pairs.to_dict("records")]
        said.append(say("s_pairs", lang, outcome=title, pairs=listed(told, lang)))
    luck = analysis.luck[outcome]
    if luck > LOUD:
        said.append(say("s_luck", lang, share=percent(luck), outcome=title))
    return said


def _ranked(main: pd.DataFrame, outcome: str, lang: str) -> list[str]:
    """The first factor with its index, then others that matter, those that do not, and undecided ones."""
    main = main.sort_values("value", ascending=False)
    certain = main[main["matters"]]
    said = []
    if len(certain):
        row = certain.iloc[0]
        shown = {name: index_value(row[name], row["measure"], outcome) for name in ("value", "low", "high")}
        key = "s_largest" if row["settled"] else "s_largest_open"
        index = say(f"index_{row['measure']}", lang) + (" " if lang == "en" else "")
        names = {"outcome": metric_title(outcome, lang), "factor": factor_title(row["factor"], lang), "index": index.rstrip()}
        said.append(say(key, lang, **names, **shown, way=_way(row["direction"], lang)))
    else:
        said.append(say("s_nothing_matters", lang, outcome=metric_title(outcome, lang)))
    groups = {
        "s_also": certain.iloc[1:],
        "s_open": main[~main["matters"] & ~main["settled"]],
        "s_none": main[~main["matters"] & main["settled"]],
    }
    for key, rows in groups.items():
        if len(rows):
            told = [_brief(row, outcome, lang, key == "s_also") for row in rows.to_dict("records")]
            said.append(say(key, lang, factors=listed(told, lang)))
    return said


def _brief(row: dict[str, Any], outcome: str, lang: str, valued: bool) -> str:
    name = factor_title(row["factor"], lang)
    if not valued:
        return name
    shown = [index_value(row[key], row["measure"], outcome) for key in ("value", "low", "high")]
    return f"{name}（{shown[0]}，{shown[1]}至{shown[2]}）" if lang == "zh" else f"{name} ({shown[0]}, {shown[1]} to {shown[2]})"


def _way(direction: float, lang: str) -> str:
    if not np.isfinite(direction):
        return ""
    return say("way_bent" if abs(direction) < BENT else "way_up" if direction > 0 else "way_down", lang)


def _pair(row: dict[str, Any], lang: str) -> str:
    shown = {name: percent(row[name]) for name in ("value", "low", "high")}
    return say("s_pair", lang, first=factor_title(row["factor"], lang), second=factor_title(row["other"], lang), **shown)


def luck_unknown(analysis: "Analysis", lang: str) -> list[str]:
    """A warning if the variation between replicates is unknown."""
    return [say("s_luck_unknown", lang)] if all(np.isnan(share) for share in analysis.luck.values()) else []


def bound_text(row: dict[str, Any], lang: str) -> str:
    """One bound of a box in words."""
    limit = row["bound"]
    if isinstance(limit, frozenset):
        value = f" {say('or', lang)} ".join(sorted(factor_value(row["factor"], choice, lang) for choice in limit))
    else:
        value = factor_value(row["factor"], limit, lang)
    return say(f"b_{row['side']}", lang, factor=factor_title(row["factor"], lang), value=value)


def target_text(bounds: dict[str, tuple[str, float]], lang: str) -> str:
    """Targets in short."""
    return listed([f"{metric_title(n, lang)} {'≥' if s == 'at_least' else '≤'} {number(b, n)}" for n, (s, b) in bounds.items()], lang)


def discovery_sentences(analysis: "Analysis", question: "Question", lang: str) -> list[str]:
    """The question, and every region found."""
    if question.outcome:
        sign, bound = "≥" if question.side == "at_least" else "≤", number(question.bound, question.outcome)
        said = [say("q_outcome", lang, outcome=metric_title(question.outcome, lang), sign=sign, bound=bound)]
    else:
        said = [say("q_targets", lang, targets=target_text(analysis.bounds, lang), share=percent(question.share))]
    cases = round(question.share * len(analysis.points))
    if question.share in (0.0, 1.0):
        return [*said, say("d_all" if question.share else "d_no_case", lang)]
    if not question.peelings:
        return [*said, say("d_few", lang, cases=cases) if cases < FEWEST_CASES else say("d_none", lang)]
    for peeling in question.peelings:
        said += _box(peeling, question.share, lang)
    return said


def _box(peeling: "Peeling", base: float, lang: str) -> list[str]:
    box, bounds = peeling.boxes[peeling.chosen], peeling.restrictions(peeling.chosen).sort_values("p", kind="stable")
    strong, weak = bounds[bounds["p"] < SIGNIFICANT], bounds[bounds["p"] >= SIGNIFICANT]
    if strong.empty:
        return [say("d_none", lang)]
    told = listed([bound_text(row, lang) for row in strong.to_dict("records")], lang)
    numbers = {"density": percent(box.density), "base": percent(base), "coverage": percent(box.coverage)}
    said = [say("d_box", lang, bounds=told, **numbers)]
    if len(weak):
        said.append(say("d_weak", lang, bounds=listed([bound_text(row, lang) for row in weak.to_dict("records")], lang)))
    return said


def front_sentences(analysis: "Analysis", lang: str) -> list[str]:
    """The number of efficient policies, with its uncertainty."""
    table = analysis.front
    if table.empty:
        return [say(f"n_{note}", lang) for note in analysis.notes if note in ("no_front_outcomes", "no_policy", "no_front_futures")]
    names = listed([metric_title(name, lang) for name in analysis.better], lang)
    good = table[table["efficient"]]
    said = [say("f_some", lang, count=len(good), total=len(table), outcomes=names)]
    if table["sure"].isna().all():
        return [*said, say("f_unsure", lang)]
    return [*said, say("f_sure", lang, sure=int((good["sure"] >= SURE).sum()))]


def robust_sentences(analysis: "Analysis", lang: str) -> list[str]:
    """The policy that meets the targets most often, the one with least regret, and the futures used."""
    table, notes = analysis.robust, ("no_policy_robust", "not_crossed", "no_luck")
    if table.empty:
        return [say(f"n_{note}", lang) for note in analysis.notes if note in notes]
    factors = listed([factor_title(key, lang) for key in analysis.uncertain], lang)
    what = say("futures_unsure", lang, factors=factors) if analysis.uncertain else say("futures_luck", lang)
    said = [say("r_futures", lang, count=int(table["futures"].max()), what=what)]
    if "share" in table:
        best = table.iloc[0]
        shown = {name: percent(best[name]) for name in ("share", "low", "high")}
        said.append(say("r_share", lang, **shown, policy=policy_text(best, analysis.policy, lang)))
        tied = int(table["rival"].iloc[1:].sum())
        said += [say("r_tied", lang, count=tied)] if tied else []
    for name in analysis.better:
        lost = table[f"regret_max_{name}"]
        if lost.notna().any():
            row = table.loc[lost.idxmin()]
            value, title = number(float(lost.min()), name, sign=True).lstrip("+"), metric_title(name, lang)
            said.append(say("r_regret", lang, outcome=title, policy=policy_text(row, analysis.policy, lang), value=value))
    return said + ([say("n_no_targets", lang)] if "no_targets" in analysis.notes else [])


def findings(analysis: "Analysis", lang: str) -> list[str]:
    """Summary of the page: the first finding of every part."""
    said = []
    for outcome in list(analysis.luck)[:2]:
        said += sensitivity_sentences(analysis, outcome, lang)[:1]
    for question in analysis.questions[:1]:
        said += discovery_sentences(analysis, question, lang)[:2]
    if len(analysis.front):
        said += front_sentences(analysis, lang)[:1]
    if "share" in analysis.robust:
        said += robust_sentences(analysis, lang)[1:2]
    return said
