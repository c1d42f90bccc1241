"""Tables of the report: what the figures show, in numbers."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.report import series
from sim.report.answer import PARTS, change
from sim.report.files import Table
from sim.report.labels import metric_title, metric_unit, number, percent
from sim.report.sentences import text

if TYPE_CHECKING:
    from sim.results import Run

NAMES = {
    "indices": series.INDICES,
    "parts": (*PARTS, *series.SPREAD),
    "prices": (*series.BUDGET, *series.HARM),
    "fairness": series.FAIRNESS,
}
"""Metrics over time that a figure shows."""


def ends_table(run: "Run", names: Iterable[str], lang: str) -> Table:
    """Metrics at the start and at the end, the change, and the range of the replicates at the end."""
    head = [text(key, lang) for key in ("metric", "unit", "start", "end", "change", "lowest", "highest")]
    rows = []
    for name in series.has(run.weekly, list(names)):
        start, end, moved = change(run, name)
        show = partial(number, name=name)
        row = [show(start.mean), show(end.mean), show(moved.mean, sign=True), show(end.min), show(end.max)]
        rows.append([metric_title(name, lang), metric_unit(name, lang), *row])
    return Table(head, rows)


def targets(run: "Run", lang: str) -> list[dict[str, str]]:
    """Rows of the table of targets: what was asked of whom by when, what is, and whether it is met."""
    if not run.scenario.targets:
        return []
    from sim.targets import judge

    rows = []
    for row in judge(run.scenario.targets, run.weekly, run.districts).to_dict("records"):
        due = np.isfinite(row["at_date"])
        value = row["at_date"] if due else row["now"]
        sign, bound = ("≥", row["at_least"]) if np.isfinite(row["at_least"]) else ("≤", row["at_most"])
        rows.append(
            {
                "metric": metric_title(row["metric"], lang),
                "asked": f"{sign} {number(bound, row['metric'])}",
                "by": str(row["by_week"]),
                "responsible": str(row["responsible"]),
                "value": number(value, row["metric"]) if np.isfinite(value) else "–",
                "state": text("target_" + row["state"].replace(" ", "_"), lang),
                "share": f"{row['share_met']:.0%}" if np.isfinite(row["share_met"]) else "–",
            }
        )
    return rows


def figure_table(run: "Run", name: str, lang: str) -> Table:
    """The numbers of one figure, for the page."""
    if name == "districts":
        return districts_table(run, lang)
    return _flow_table(run, lang) if name == "flows" else ends_table(run, NAMES[name], lang)


def districts_table(run: "Run", lang: str) -> Table:
    """Both indices by district over the last weeks: mean, lowest and highest run."""
    names, head = district_names(run, lang), [text("district", lang)]
    rows: list[list[str]] = []
    if not series.has(run.districts, series.INDICES):
        return Table(head, rows)
    table = series.district_table(run)
    for index in series.has(run.districts, series.INDICES):
        head += [f"{metric_title(index, lang)}: {text(what, lang)}" for what in ("mean", "lowest", "highest")]
    for district, values in zip(table.index, table.to_numpy(), strict=True):
        rows.append([names(district), *(number(v, "stability") for v in values)])
    return Table(head, rows)


def district_names(run: "Run", lang: str) -> Callable[[object], str]:
    """Function from a district to its name in the given language."""
    from sim.scenario.presets import preset_of

    chinese = {d.name: d.name_zh for d in preset_of(run.scenario.city).districts} if lang == "zh" else {}
    return lambda name: chinese.get(str(name), str(name))


def _flow_table(run, lang) -> Table:
    """The ladder stage by stage where the counts are at hand, else what `ladder` says; a year's cases per 1,000 residents."""
    shares = series.ladder(run)
    head = [text(key, lang) for key in ("stage", "arrived", "closed", "failed", "waits")]
    people = run.manifest.get("residents") or run.scenario.city.population
    scale = 1000 / people / max(1, run.flows["replicate"].nunique()) if len(run.flows) else 0.0
    last = run.flows[run.flows["week"] > run.flows["week"].max() - 52] if len(run.flows) else run.flows
    counts = last.sum(numeric_only=True) * scale
    end = last[last["week"] == last["week"].max()].sum(numeric_only=True) * scale if len(last) else counts
    stages = {
        "negotiation": ("opened", "settled", "dropped", "open_negotiation"),
        **{s: (f"to_{s}", f"closed_{s}", f"failed_{s}", f"open_{s}") for s in ("mediation", "office", "court")},
    }
    cells = [(s, [*(counts.get(k, np.nan) for k in keys[:3]), end.get(keys[3], np.nan)]) for s, keys in stages.items() if keys[0] in counts]
    if shares and cells:
        return Table(head, [[text(stage, lang), *map(number, values)] for stage, values in cells])
    rows = [[text("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)] for n, v in shares.items() if n != "opened"]
    return Table([text("stage", lang), text("share_of_disputes", lang)], rows)


def weekly_table(run: "Run", name: str) -> Table | None:
    """Weeks down, mean and band of every metric across; the names are those of the tables."""
    names = series.has(run.weekly, NAMES.get(name, ()))
    if not names:
        return None
    data = [series.bands(run.weekly, n) for n in names]
    head = ["week", *(f"{n}_{what}" for n in names for what in ("mean", "low", "high"))]
    columns = np.column_stack([data[0].weeks, *(column for d in data for column in d[1:])])
    return Table(head, [[f"{v:.6g}" for v in row] for row in columns])
