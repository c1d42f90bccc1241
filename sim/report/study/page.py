"""The page of an analysed study and the files beside it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.sensitivity import MAIN
from sim.files import os_errors_as, write_whole
from sim.report.parts import style
from sim.report.parts.drawing import Draw, picture
from sim.report.parts.files import Table
from sim.report.parts.html import write_page
from sim.report.study import figures, sentences, tables
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title
from sim.scenario.schema.bilingual import in_language
from sim.spreadsheets import csv_of_table
from sim.version import VERSION

if TYPE_CHECKING:
    from sim.experiments.studies.analyze import Analysis


def write_analysis(analysis: "Analysis", folder: str | Path, lang: str = "en", content_hash: str = "") -> Path:
    """Write ``report.html``, ``figures/`` and every table as CSV of an analysed study.

    Parameters
    ----------
    analysis : Analysis
    folder : path
        Usually ``analysis`` in the study's folder; created if it does not exist.
    lang : str
        Language in which the page opens, and that of the figure files: ``"en"`` or ``"zh"``. The page has a switch to the other.
    content_hash : str
        Of the study, shown on the page.

    Returns
    -------
    Path
        The self-contained page.
    """
    folder = Path(folder)
    with os_errors_as("cannot write into {folder}", folder=folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in analysis.tables.items():
            write_whole(folder / f"{name}.csv", csv_of_table(table), flushed=False)
        return write_study_page(folder, lang, partial(_context, analysis, content_hash))


def write_study_page(folder: Path, lang: str, context: Callable[..., dict[str, Any]]) -> Path:
    """Write a page in both languages; ``context(lang, picture)`` returns its parts and draws figures with ``picture``."""

    def said(each: str, figures: Path | None) -> dict[str, Any]:
        return {"t": partial(say, lang=each), **context(each, partial(_picture, each, figures))}

    return write_page(folder, "study.html.jinja", lang, said)


def _picture(lang: str, figures: Path | None, name: str, draw: Draw, caption: str, table: Table, numbers: int = 1) -> dict[str, Any]:
    """A figure whose caption describes what it shows."""
    return picture(name, draw, lang, caption, table, figures) | {"caption": caption, "numbers": numbers}


def _context(analysis: "Analysis", content_hash: str, lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    study = analysis.study
    methods = listed([say(f"index_{MAIN[method]}", lang) for method in dict.fromkeys(analysis.sensitivity["method"])], lang)
    warning = [say("no_font", lang)] if lang == "zh" and style.figure_language(lang) != "zh" else []
    return {
        "over": say("study_top", lang),
        "title": study.title.get("zh" if lang == "zh" else "en") or study.title.get("en") or study.name,
        "question": in_language(study.description, lang) or sentences.lead(analysis, lang),
        "notices": sentences.notices(analysis, lang) + warning,
        "findings": sentences.findings(analysis, lang),
        "luck": "luck_only_study",
        "small": sentences.lead(analysis, lang) if study.description else "",
        "sections": [section for section in _sections(analysis, lang, picture) if section["said"]],
        "facts": tables.about(analysis, content_hash, lang),
        "method": say("made_method", lang, method=methods),
        "scope": say("scope", lang),
        "version": VERSION,
    }


def _sections(analysis: "Analysis", lang: str, picture: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts of the page: heading, sentences, figures."""
    parts = {
        "sensitivity": _sensitivity(analysis, lang, picture),
        "discovery": _discovery(analysis, lang, picture),
        "front": {"said": sentences.front_sentences(analysis, lang), "figures": _front(analysis, lang, picture)},
        "robust": {"said": sentences.robust_sentences(analysis, lang), "figures": _robust(analysis, lang, picture)},
    }
    return [{"id": name, "title": say(f"h_{name}", lang), **part} for name, part in parts.items()]


def _sensitivity(analysis: "Analysis", lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    said = [say("gap", lang).join(sentences.sensitivity_sentences(analysis, outcome, lang)) for outcome in analysis.luck]
    said += sentences.luck_unknown(analysis, lang)
    if analysis.sensitivity.empty:
        return {"said": said, "figures": []}
    method = figures.main_method(analysis.sensitivity)
    main, other = (say(f"index_{index}", lang) for index in (MAIN[method], figures.SECOND[method]))
    caption = say("c_sensitivity", lang, main=main, other=other, explained=say(f"x_{method}", lang))
    draw = partial(figures.draw_sensitivity, analysis)
    drawn = picture("sensitivity", draw, caption, tables.sensitivity_table(analysis, lang), 3)
    return {"said": said, "figures": [drawn]}


def _discovery(analysis: "Analysis", lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    said, drawn = [], []
    whole = analysis.points[list(analysis.study.keys)]
    for number, question in enumerate(analysis.questions, 1):
        said.append(say("gap", lang).join(sentences.discovery_sentences(analysis, question, lang)))
        if question.peelings:
            heading = metric_title(question.outcome, lang) if question.outcome else sentences.target_text(analysis.bounds, lang)
            draw = partial(figures.draw_boxes, question, whole)
            caption = f"{heading}{say('colon', lang)}{say('c_boxes', lang)}"
            drawn.append(picture(f"boxes-{number}", draw, caption, tables.boxes_table(question, lang), 3))
    return {"said": said, "figures": drawn}


def _front(analysis: "Analysis", lang: str, picture: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    if analysis.front.empty:
        return []
    ways = listed([say(f"way_{way}", lang, outcome=metric_title(name, lang)) for name, way in analysis.better.items()], lang)
    return [picture("front", partial(figures.draw_front, analysis), say("c_front", lang, ways=ways), tables.front_table(analysis, lang), 0)]


def _robust(analysis: "Analysis", lang: str, picture: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    if analysis.robust.empty:
        return []
    met, count = "share" in analysis.robust, min(figures.MOST_POLICIES, len(analysis.robust))
    regretted = any(analysis.robust[f"regret_max_{name}"].notna().any() for name in list(analysis.better)[:1])
    if not met and not regretted:
        return []
    caption = say("c_robust" if met else "c_robust_regret", lang, count=count)
    return [picture("robust", partial(figures.draw_robust, analysis), caption, tables.robust_table(analysis, lang), 1)]
