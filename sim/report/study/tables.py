"""Tables of the page of a study."""

from typing import TYPE_CHECKING, Any

from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import number, percent
from sim.report.study.factors import factor_title, factor_value
from sim.report.study.figures import MOST_POLICIES
from sim.report.study.sentences import index_value
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    from sim.experiments.studies.analyze import Analysis, Question

VERDICT = {(True, True): "v_matters", (True, False): "v_matters_open", (False, True): "v_none", (False, False): "v_open"}
MOST_ROWS = 60
"""Maximum rows of a table on the page; the files have all."""


def sensitivity_table(analysis: "Analysis", lang: str) -> Table:
    """Every index with interval and verdict; only interactions above the threshold."""
    table = analysis.sensitivity
    table = table[(table["other"] == "") | table["matters"]].head(MOST_ROWS * 4)
    pairs = bool((table["other"] != "").any())
    head = ["outcome", "factor", *(["other_factor"] if pairs else []), "index", "verdict", "value", "low", "high"]
    rows = []
    for row in table.to_dict("records"):
        shown = [index_value(row[name], row["measure"], row["outcome"]) for name in ("value", "low", "high")]
        other = [factor_title(row["other"], lang) if row["other"] else ""] if pairs else []
        verdict = say(VERDICT[bool(row["matters"]), bool(row["settled"])], lang)
        names = [metric_title(row["outcome"], lang), factor_title(row["factor"], lang), *other, say(f"index_{row['measure']}", lang)]
        rows.append([*names, verdict, *shown])
    return Table([say(key, lang) for key in head], rows)


def boxes_table(question: "Question", lang: str) -> Table:
    """Bounds of the chosen boxes."""
    head = [say(key, lang) for key in ("box", "factor", "bound", "p_value", "coverage", "density")]
    rows = []
    for number_, peeling in enumerate(question.peelings, 1):
        box = peeling.boxes[peeling.chosen]
        for row in peeling.restrictions(peeling.chosen).to_dict("records"):
            limit, name = row["bound"], row["factor"]
            choices = isinstance(limit, frozenset)
            value = " / ".join(sorted(factor_value(name, v, lang) for v in limit)) if choices else factor_value(name, limit, lang)
            sign = {"at_least": "≥ ", "at_most": "≤ ", "one_of": ""}[row["side"]]
            rest = [Shown(f"{row['p']:.2g}", row["p"]), percent(box.coverage), percent(box.density)]
            rows.append([str(number_), factor_title(name, lang), sign + value, *rest])
    return Table(head, rows)


def front_table(analysis: "Analysis", lang: str) -> Table:
    """Efficient policies, sorted by the first outcome."""
    names, first = list(analysis.better), next(iter(analysis.better))
    table = analysis.front[analysis.front["efficient"]].sort_values(first, ascending=analysis.better[first] == "less").head(MOST_ROWS)
    head = [*(factor_title(key, lang) for key in analysis.policy), *(metric_title(name, lang) for name in names), say("sure", lang)]
    rows = []
    for row in table.to_dict("records"):
        values = [*(factor_value(key, row[key], lang) for key in analysis.policy), *(number(row[name], name) for name in names)]
        rows.append([*values, percent(row["sure"]) if row["sure"] == row["sure"] else NOTHING])
    return Table(head, rows)


def shares(row: Any) -> Shown:
    """A share with its interval."""
    values = [row[name] for name in ("share", "low", "high")]
    share, low, high = map(percent, values)
    return Shown(f"{share} ({low}–{high})", *values)


def robust_table(analysis: "Analysis", lang: str) -> Table:
    """The best policies over futures, numbered as in the figure."""
    table = analysis.robust.head(MOST_POLICIES)
    met = "share" in table
    head = ["", *(factor_title(key, lang) for key in analysis.policy), say("futures", lang)]
    head += [say("share_met", lang)] if met else []
    head += [say("greatest_regret", lang, outcome=metric_title(name, lang)) for name in analysis.better]
    rows = []
    for place, row in enumerate(table.to_dict("records"), 1):
        cells = [str(place), *(factor_value(key, row[key], lang) for key in analysis.policy), str(row["futures"])]
        cells += [shares(row)] if met else []
        cells += [number(row[f"regret_max_{name}"], name) for name in analysis.better]
        rows.append(cells)
    return Table(head, rows)


def about(analysis: "Analysis", content_hash: str, lang: str) -> list[tuple[str, str]]:
    """Details of the study."""
    study = analysis.study
    outcomes = [f"{metric_title(name, lang)} ({how})" for name, how in study.outcomes.items()]
    sets = {"made_policy": analysis.policy, "made_unsure": analysis.uncertain}
    facts = [("made_study", study.name), ("made_design", say(f"design_{study.design.kind}", lang))]
    facts += [("made_runs", f"{analysis.counts['done']:,} / {analysis.counts['planned']:,}"), ("made_model", analysis.model)]
    facts += [(key, "; ".join(f"{factor_title(k, lang)} ({k})" for k in keys)) for key, keys in sets.items() if keys]
    facts += [("made_outcomes", "; ".join(outcomes)), *([("hash", content_hash)] if content_hash else [])]
    return [(say(key, lang), value) for key, value in facts]
