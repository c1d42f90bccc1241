"""The page of `sanzhi city check`: what was understood of a file of communities."""

from functools import partial
from pathlib import Path
from typing import Any

from sim.describe.own_city import Understood, as_read, districts, facts, headline, histogram, without_file
from sim.files import os_errors_as
from sim.messages import speaking
from sim.report.city.figures import draw_communities, draw_sizes
from sim.report.parts import style
from sim.report.parts.drawing import picture
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.html import write_page
from sim.report.text.catalogue import say
from sim.version import VERSION


def write_check(found: Understood, folder: str | Path, lang: str = "en", command: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` on the data of a user's own city.

    Parameters
    ----------
    found : Understood
    folder : path
        Created if it does not exist.
    lang : str
        Language in which the page opens, ``"en"`` or ``"zh"``.
    command : str
        The command as typed, for the page.

    Returns
    -------
    Path
        The page.
    """
    with os_errors_as("cannot write into {folder}", folder=folder):
        return write_page(folder, "study.html.jinja", lang, partial(_context, found, command))


def _context(found: Understood, command: str, lang: str, figures: Path | None) -> dict[str, Any]:
    with speaking(lang):
        asked = [without_file(question) for question in found.communities.questions]
        said = {"read": as_read(found), "assumed": [str(message) for message in found.communities.defaulted]}
        findings = [str(headline(found)), *map(str, facts(found))]
    warning = [say("no_font", lang)] if lang == "zh" and style.figure_language(lang) != "zh" else []
    sections = [_section("map", lang, partial(draw_communities, found), _communities(found, lang), figures, 0)]
    sections.append(_section("sizes", lang, partial(draw_sizes, found), _sizes(found, lang), figures, 0))
    by_district = {"title": "", "note": say("city_districts_note", lang), "table": _districts(found, lang)}
    sections.append({"id": "districts", "title": say("h_city_districts", lang), "said": [], "figures": [], "tables": [by_district]})
    for key in ("read", "assumed"):
        none = [say(f"city_none_{key}", lang)]
        sections.append({"id": key, "title": say(f"h_city_{key}", lang), "said": said[key] or none, "figures": []})
    return {
        "t": partial(say, lang=lang),
        "over": say("city_top", lang),
        "title": Path(found.file).name,
        "question": say("city_question", lang),
        "notices": [*asked, *warning],
        "findings": findings,
        "small": "",
        "luck": "",  # nothing is simulated
        "sections": sections,
        "facts": [(say("data", lang), found.file), *([(say("command", lang), command)] if command else [])],
        "method": "",
        "scope": say("city_scope", lang),
        "version": VERSION,
    }


def _section(name: str, lang: str, draw: Any, table: Table, figures: Path | None, numbers: int) -> dict[str, Any]:
    caption = say(f"c_city_{name}", lang)
    drawn = picture(f"city_{name}", draw, lang, caption, table, figures) | {"caption": caption, "numbers": numbers}
    return {"id": name, "title": say(f"h_city_{name}", lang), "said": [], "figures": [drawn]}


def _communities(found: Understood, lang: str) -> Table:
    """Every community as it was understood."""
    head = [say(f"city_column_{key}", lang) for key in ("community", "district", "residents", "hardship", "nonlocal", "x", "y")]
    rows = [
        [
            one.community,
            one.district,
            Shown(f"{one.population:,}", one.population),
            Shown(f"{one.hardship:.2f}", one.hardship),
            _percent(one.nonlocal_share),
            Shown(f"{one.x:.2f}", one.x),
            Shown(f"{one.y:.2f}", one.y),
        ]
        for one in found.communities.rows
    ]
    return Table(head, rows)


def _sizes(found: Understood, lang: str) -> Table:
    rows: list[list[str]] = [[f"{low:,}–{high:,}", Shown(f"{count:,}", count)] for low, high, count in histogram(found)]
    return Table([say("city_residents", lang), say("city_count", lang)], rows)


def _districts(found: Understood, lang: str) -> Table:
    head = [say(f"city_column_{key}", lang) for key in ("district", "communities", "residents", "hardship", "nonlocal")]
    rows = [
        [
            row["district"],
            Shown(f"{row['communities']:,}", row["communities"]),
            Shown(f"{row['residents']:,}", row["residents"]),
            Shown(f"{row['hardship']:.2f}", row["hardship"]),
            _percent(row["nonlocal_share"]),
        ]
        for row in districts(found)
    ]
    return Table(head, rows)


def _percent(share: float | None) -> str:
    return NOTHING if share is None else Shown(f"{100 * share:.1f} %", share)
