"""The figures as files and as parts of the page, each with its description and its table."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.parts import series
from sim.report.parts.drawing import picture
from sim.report.parts.estimates import change, runs_in_words
from sim.report.parts.events import events
from sim.report.parts.files import Table
from sim.report.parts.groups import groups
from sim.report.parts.numbers import number, percent
from sim.report.parts.places import places
from sim.report.run import figures
from sim.report.run.attribution import ledger
from sim.report.run.tables import NAMES, districts_table, figure_table, weekly_table
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    from sim.results import Run

NEEDS: dict[str, Callable[["Run"], bool]] = {
    "timeline": lambda run: bool(events(run.scenario)),
    "why": lambda run: ledger(run) is not None,
    "groups": lambda run: bool(groups(run, "en")),
    "map": lambda run: len(places(run)) > 1,
}
"""Figures that only some runs have, each with when it has it; others need rows in their table."""


def pictures(run: "Run", lang: str, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Draw every figure for wide and narrow screens, and write it into `folder` if given; figures without data are empty."""
    drawn: dict[str, dict[str, Any]] = {}
    for name, function in figures.FIGURES.items():
        table = figure_table(run, name, lang) if NEEDS.get(name, lambda _: True)(run) else Table([], [])
        if not table.rows:
            drawn[name] = {}
            continue
        alt, numbers = _alt(run, name, lang, table), weekly_table(run, name)
        drawn[name] = picture(name, partial(function, run), lang, alt, table, folder, numbers)
        drawn[name]["note"] = _band_note(run, lang) if name in NAMES else ""
    return drawn


def _alt(run: "Run", name: str, lang: str, table: Table) -> str:
    if name == "districts":
        rows = districts_table(run, lang).rows
        return say("alt_districts", lang, count=len(rows), first=rows[0][0], final=rows[-1][0])
    if name == "map":
        return say("alt_map", lang, count=len(table.rows), first=table.rows[0][0], final=table.rows[-1][0])
    if name in ("change", "why"):
        return say(f"alt_{name}", lang, values=_listed([(f"{r[0]}{say('colon', lang)}{r[1]}", r[2]) for r in table.rows[:16]], lang))
    if name == "groups":
        return say("alt_groups", lang, values=_listed([(row[0], row[3]) for row in table.rows], lang))
    if name == "timeline":
        return say("alt_timeline", lang, values=_listed([(row[1], row[2]) for row in table.rows[:8]], lang))
    if name == "flows":
        shares = {n: v for n, v in series.ladder(run).items() if n != "opened"}
        titles = [(say("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)) for n, v in shares.items()]
        return say("alt_flows", lang, values=listed((f"{a} {b}" for a, b in titles), lang))
    ends = [(metric_title(n, lang), number(change(run, n)[1].mean, n)) for n in series.has(run.weekly, NAMES[name])]
    return say(f"alt_{name}", lang, values=say("gap", lang).join(say("alt_value", lang, name=a, value=b) for a, b in ends))


def _listed(entries: list[tuple[str, str]], lang: str) -> str:
    return say("gap", lang).join(say("alt_step", lang, name=a, value=b) for a, b in entries)


def _band_note(run, lang) -> str:
    count = run.weekly["replicate"].nunique()
    kind = "none" if count == 1 else "range" if count < series.FEW else "quantiles"
    return say(f"band_{kind}", lang, runs=runs_in_words(run, lang))
