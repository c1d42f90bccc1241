"""Tables of the report: the numbers of the figures."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.report.parts import series
from sim.report.parts.estimates import PARTS, change
from sim.report.parts.events import event_rows
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.groups import groups
from sim.report.parts.numbers import number, percent
from sim.report.parts.places import district_names, places
from sim.report.run.attribution import index_steps, ledger, moved, quantities
from sim.report.text.catalogue import say
from sim.report.text.labels import mechanism_title, metric_title, metric_unit

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
    head = [say(key, lang) for key in ("metric", "unit", "start", "end", "change", "lowest", "highest")]
    rows = []
    for name in series.has(run.weekly, list(names)):
        start, end, moved = change(run, name)
        show = partial(number, name=name)
        row = [show(start.mean), show(end.mean), show(moved.mean, sign=True), show(end.min), show(end.max)]
        rows.append([metric_title(name, lang), metric_unit(name, lang), *row])
    return Table(head, rows)


def figure_table(run: "Run", name: str, lang: str) -> Table:
    """The numbers of one figure, for the page."""
    made: dict[str, Callable[[Run, str], Table]] = {
        "districts": districts_table,
        "flows": _flow_table,
        "change": _change_table,
        "groups": _groups_table,
        "map": _map_table,
        "timeline": _events_table,
        "why": _why_table,
    }
    return made[name](run, lang) if name in made else ends_table(run, NAMES[name], lang)


def _change_table(run: "Run", lang: str) -> Table:
    rows = []
    for index in series.has(run.weekly, series.INDICES):
        start, steps, end = index_steps(run, index, lang)
        title = metric_title(index, lang)
        ends = [(say("start", lang), number(start, index)), (say("end", lang), number(end, index))]
        middle = [(name, number(value, index, sign=True)) for name, value in steps]
        rows += [[title, name, value] for name, value in (ends[0], *middle, ends[1])]
    return Table([say(key, lang) for key in ("index", "step", "moved")], rows)


def _groups_table(run: "Run", lang: str) -> Table:
    head = [say(key, lang) for key in ("group", "start", "end", "change", "low", "high")]
    show = partial(number, name="satisfaction")
    signed = partial(number, name="satisfaction", sign=True)
    rows = [
        [g.title, show(g.start.mean), show(g.end.mean), *map(signed, (g.change.mean, g.change.low, g.change.high))]
        for g in groups(run, lang)
    ]
    return Table(head, rows)


def _map_table(run: "Run", lang: str) -> Table:
    names, table = district_names(run.scenario, lang), places(run).sort_values("end", ascending=False, kind="stable")
    head = [
        say("place", lang),
        say("district", lang),
        "x km",
        "y km",
        *(say(key, lang) for key in ("residents", "start", "end", "change")),
    ]
    rows = [
        [
            names(r.name),
            names(r.district),
            Shown(f"{r.x:.1f}", r.x),
            Shown(f"{r.y:.1f}", r.y),
            Shown(f"{r.residents:,}", r.residents),
            *(Shown(f"{value:.3f}" if np.isfinite(value) else NOTHING, value) for value in (r.start, r.end, r.end - r.start)),
        ]
        for r in table.itertuples(index=False, name="Row")
    ]
    return Table(head, rows)


def _events_table(run: "Run", lang: str) -> Table:
    return Table([say(key, lang) for key in ("event_number", "event_time", "event_what")], event_rows(run.scenario, lang))


def _why_table(run: "Run", lang: str) -> Table:
    frame = ledger(run)
    rows = []
    for quantity in quantities(frame) if frame is not None else []:
        for name, value in moved(frame, quantity).items():
            rows.append([metric_title(quantity, lang), mechanism_title(str(name), lang), Shown(f"{value:+.4f}", value)])
    return Table([say(key, lang) for key in ("quantity", "mechanism", "moved")], rows)


def districts_table(run: "Run", lang: str) -> Table:
    """Both indices by district over the last weeks: mean, lowest and highest run."""
    names, head = district_names(run.scenario, lang), [say("district", lang)]
    rows: list[list[str]] = []
    if not series.has(run.districts, series.INDICES):
        return Table(head, rows)
    table = series.district_table(run)
    for index in series.has(run.districts, series.INDICES):
        head += [f"{metric_title(index, lang)}: {say(what, lang)}" for what in ("mean", "lowest", "highest")]
    for district, values in zip(table.index, table.to_numpy(), strict=True):
        rows.append([names(district), *(number(v, "stability") for v in values)])
    return Table(head, rows)


def _flow_table(run, lang) -> Table:
    """The ladder stage by stage if the counts are available, else the shares of `ladder`; cases per 1,000 residents and year."""
    shares = series.ladder(run)
    head = [say(key, lang) for key in ("stage", "arrived", "closed", "failed", "waits")]
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
        return Table(head, [[say(stage, lang), *map(number, values)] for stage, values in cells])
    rows = [[say("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)] for n, v in shares.items() if n != "opened"]
    return Table([say("stage", lang), say("share_of_disputes", lang)], rows)


def weekly_table(run: "Run", name: str) -> Table | None:
    """A row per week with mean and band of every metric; the names are those of the tables."""
    names = series.has(run.weekly, NAMES.get(name, ()))
    if not names:
        return None
    data = [series.bands(run.weekly, n) for n in names]
    head = ["week", *(f"{n}_{what}" for n in names for what in ("mean", "low", "high"))]
    columns = np.column_stack([data[0].weeks, *(column for d in data for column in d[1:])])
    return Table(head, [[Shown(f"{v:.6g}", v) for v in row] for row in columns])
