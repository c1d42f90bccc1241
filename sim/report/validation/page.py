"""The page of a run validated against data, and the tables beside it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.patterns.named import parse
from sim.experiments.validation.area_by_area import BETTER, SAME, WORSE
from sim.experiments.validation.validate_against import AGREES, MISSES, UNKNOWN
from sim.files import os_errors_as, write_whole
from sim.metrics import METRICS
from sim.report.parts import style
from sim.report.parts.drawing import Draw, picture
from sim.report.parts.experiments import span
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.html import write_page
from sim.report.parts.numbers import together
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title
from sim.report.validation.figures import draw_concentration, draw_patterns
from sim.spreadsheets import csv_of_table
from sim.version import VERSION

if TYPE_CHECKING:
    from sim.experiments.validation.area_by_area import BETTER, SAME, WORSE
from sim.experiments.validation.validate_against import Validation

AREA_KEYS = {BETTER: "areas_better", SAME: "areas_same", WORSE: "areas_worse"}
FEW = 5
"""Replicates below which their spread is poorly known."""


def write_validation(found: "Validation", folder: str | Path, lang: str = "en", command: str = "", page: bool = True) -> Path:
    """Write ``patterns.csv``, ``areas.csv``, ``concentration-<events>.csv`` and, optionally, ``report.html`` and ``figures/``.

    Parameters
    ----------
    found : Validation
    folder : path
        Created if it does not exist.
    lang : str
        Language in which the page opens, ``"en"`` or ``"zh"``.
    command : str
        The command as typed, for the page.
    page : bool
        Whether to write a page.

    Returns
    -------
    Path
        The page, or the folder if there is none.
    """
    folder = Path(folder)
    with os_errors_as("cannot write into {folder}", folder=folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in found.tables.items():
            write_whole(folder / f"{name}.csv", csv_of_table(table), flushed=False)
        return write_page(folder, "study.html.jinja", lang, partial(_context, found, command)) if page else folder


def _context(found: "Validation", command: str, lang: str, figures: Path | None) -> dict[str, Any]:
    def drawn(name: str, draw: Draw, caption: str, table: Table, numbers: int) -> dict[str, Any]:
        return picture(name, draw, lang, caption, table, figures) | {"caption": caption, "numbers": numbers}

    scenario, seeds = found.run.scenario, found.run.seeds
    name = scenario.title.get("zh" if lang == "zh" else "en") or scenario.name
    warning = [say("no_font", lang)] if lang == "zh" and style.figure_language(lang) != "zh" else []
    return {
        "t": partial(say, lang=lang),
        "over": say("validation_top", lang),
        "title": say("validation_title", lang, name=name, data=Path(found.label).name),
        "question": say("validation_question", lang),
        "notices": [*_notices(len(seeds), lang), *warning],
        "findings": findings(found, lang),
        "small": "",
        "sections": _sections(found, lang, drawn),
        "facts": [
            (say("data", lang), found.label),
            (say("seeds", lang), f"{seeds[0]}–{seeds[-1]} ({len(seeds)})"),
            (say("hash", lang), found.run.content_hash),
            *([(say("command", lang), command)] if command else []),
        ],
        "method": say("rule", lang, count=len(seeds)),
        "scope": say("scope", lang),
        "version": VERSION,
    }


def _notices(count: int, lang: str) -> list[str]:
    return [] if count >= FEW else [say("one" if count == 1 else "few", lang, count=count)]


def findings(found: "Validation", lang: str) -> list[str]:
    """The number of patterns that agree, those that miss, those that cannot be told, and those where the null model agrees as well."""
    agree = found.named(AGREES)
    said = [say("agree", lang, count=len(agree), total=len(found.table))]
    for key, verdict in (("miss", MISSES), ("unknown", UNKNOWN)):
        if found.named(verdict):
            said.append(say(key, lang, names=listed(found.named(verdict), lang)))
    idle = found.table.loc[(found.table["verdict"] == AGREES) & found.table["null_agrees"], "pattern"].tolist()
    if idle:
        said.append(say("idle", lang, names=listed(idle, lang)))
    return said + [say(f"{AREA_KEYS[row['verdict']]}_said", lang, events=row["events"]) for row in found.areas.to_dict("records")]


def _sections(found: "Validation", lang: str, drawn: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    meanings = dict.fromkeys(f"{_kind(name)}: {meaning(name, lang)}" for name in found.table["pattern"])
    patterns = drawn("patterns", partial(draw_patterns, found), say("c_patterns", lang), pattern_table(found, lang), 1)
    sections = [{"id": "patterns", "title": say("h_patterns", lang), "said": list(meanings), "figures": [patterns]}]
    if found.curves:
        caption = say("c_concentration", lang)
        curves = drawn("concentration", partial(draw_concentration, found), caption, _curve_table(found, lang), 1)
        sections.append({"id": "concentration", "title": say("h_concentration", lang), "said": [], "figures": [curves]})
    if len(found.areas):
        table = {"title": "", "note": say("areas_note", lang), "table": area_table(found, lang)}
        sections.append({"id": "areas", "title": say("h_areas", lang), "said": [], "figures": [], "tables": [table]})
    return sections


def area_table(found: "Validation", lang: str) -> Table:
    """How well single areas are predicted, in words."""
    head = [say(key, lang) for key in ("events", "areas_compared", "simulated", "hardship_alone", "neighbours_mean", "closer", "verdict")]
    return Table(head, [area_cells(row, lang) for row in found.areas.to_dict("records")])


def area_cells(row: dict[str, Any], lang: str) -> list[str]:
    """A row of that table as text."""
    r2 = [Shown(f"{row[side]:.2f}", row[side]) for side in ("simulation", "hardship", "neighbours")]
    return [row["events"], Shown(str(row["areas"]), row["areas"]), *r2, _percent(row["better"]), say(AREA_KEYS[row["verdict"]], lang)]


def _kind(name: str) -> str:
    return name.split()[0]


def meaning(name: str, lang: str) -> str:
    """Explanation of a pattern or metric of a table."""
    if name in METRICS:
        return metric_title(name, lang)
    pattern, _ = parse(name)
    return say(f"k_{pattern.kind}", lang) if pattern else ""


def pattern_table(found: "Validation", lang: str) -> Table:
    """The table of the command, in words."""
    head = [
        say(key, lang) for key in ("pattern", "data", "interval", "simulated", "interval", "null", "interval", "verdict", "note", "source")
    ]
    return Table(head, [cells(row, lang) for row in found.table.to_dict("records")])


def cells(row: dict[str, Any], lang: str) -> list[str]:
    """A row of the table as text."""
    shown = [row["pattern"]]
    for side in ("data", "simulated", "null"):
        value, low, high = together([row[side], row[f"{side}_low"], row[f"{side}_high"]])
        shown += [value, span(low, high)]
    too = row["verdict"] == AGREES and row["null_agrees"]
    return [*shown, say("verdict_too" if too else f"verdict_{row['verdict'].replace(' ', '_')}", lang), row["note"], row["source"]]


def _curve_table(found: "Validation", lang: str) -> Table:
    rows = []
    for what, curve in found.curves.items():
        for row in curve.iloc[::5].to_dict("records"):
            rows.append(
                [
                    what,
                    Shown(f"{100 * row['areas']:.0f}", 100 * row["areas"]),
                    *(_percent(row.get(side)) for side in ("data", "simulated", "luck")),
                ]
            )
    return Table([say(key, lang) for key in ("events", "areas_axis", "data", "simulated", "luck")], rows)


def _percent(share: float | None) -> str:
    return NOTHING if share is None else Shown(f"{100 * share:.1f}", 100 * share)
