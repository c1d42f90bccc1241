"""The report of one run: a self-contained page, and the figures beside it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files import folder_of
from sim.report.parts import leading, series
from sim.report.parts.estimates import PARTS, runs_in_words
from sim.report.parts.html import write_page
from sim.report.parts.money import currency_name
from sim.report.parts.places import places
from sim.report.parts.settings import differences, facts, policy, reproduce, stances
from sim.report.run.answer import answer, cards, notices, prices_paid, question
from sim.report.run.assumptions import assumptions
from sim.report.run.pictures import pictures
from sim.report.run.rates import rates
from sim.report.run.story import caveats, changed, too_small, uncertainty
from sim.report.run.tables import ends_table
from sim.report.run.targets import targets
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title
from sim.results import run_of
from sim.scenario.costs import real_residents

if TYPE_CHECKING:
    from sim.results import Run


def write_report(run: "Run | str | Path", folder: str | Path, lang: str = "en") -> Path:
    """Write ``report.html`` and ``figures/`` of a run into `folder`.

    Parameters
    ----------
    run : Run or path
        A run, or the folder of one.
    folder : path
        Usually the run's own; created if it does not exist.
    lang : str
        Language in which the page opens, and that of the figure files: ``"en"`` or ``"zh"``. The page has a switch to the other.

    Returns
    -------
    Path
        The page. It is self-contained: it works without a network and without the figure files.
    """
    return write_page(folder_of(folder), "report.html.jinja", lang, partial(_context, run_of(run)))


def _context(run: "Run", lang: str, folder: Path | None) -> dict[str, Any]:
    return page_context(run, pictures(run, lang, folder), lang)


def page_context(run: "Run", figures: dict[str, dict[str, Any]], lang: str) -> dict[str, Any]:
    """The content of the page in one language."""
    compared, asked = rates(run, lang), targets(run, lang)
    return {
        "t": partial(say, lang=lang),
        "title": run.scenario.title.get("zh" if lang == "zh" else "en") or run.scenario.name,
        "question": question(run, lang),
        "leading": leading.rows_of(run, lang),
        "leading_note": leading.note_of(run, lang),
        "cards": cards(run, lang),
        "answer": answer(run, lang),
        "paid": prices_paid(run, lang),
        "notices": notices(run, lang),
        "changed": changed(run, lang),
        "uncertainty": uncertainty(run, lang),
        "caveats": caveats(run, lang, compared),
        "booked": bool(figures.get("why")),
        "place_unit": places(run).attrs.get("unit", "districts"),
        "figures": figures,
        "definitions": [(metric_title(n, lang), say(f"definition {n}", lang)) for n in series.has(run.weekly, PARTS)],
        "too_small": too_small(run, lang),
        "prices": ends_table(run, (*series.BUDGET, *series.paid(run)), lang),
        "unpaid": listed((metric_title(n, lang) for n in series.unpaid(run)), lang),
        "brought": ends_table(run, series.brought(run), lang) if run.scenario.plugins else None,
        "brought_by": listed((entry.plugin for entry in run.scenario.plugins), lang),
        "targets": asked,
        "target_keys": list(dict.fromkeys(key for row in asked for key in row)),
        "rates": compared,
        "policy": policy(run, lang),
        "currency": currency_name(run.scenario.staffing.currency, lang),
        "price_year": run.scenario.staffing.price_year,
        "whole_city": f"{real_residents(run.scenario):,}",
        "stances": stances(run, lang),
        "facts": facts(run, lang),
        "differences": differences(run.scenario, lang),
        "assumptions": assumptions(run.scenario, lang),
        "reproduce": reproduce(run, lang),
        "scope": say("scope", lang),
        "runs": runs_in_words(run, lang),
        "edge": series.edge(_weeks(run)),
        "year": min(52, _weeks(run)),
    }


def _weeks(run: "Run") -> int:
    return int(run.weekly["week"].nunique())
