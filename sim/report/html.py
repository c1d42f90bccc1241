"""The report of one run: a page that needs nothing but itself, and the figures beside it."""

from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.report import series
from sim.report.answer import PARTS, Estimate, answer, cards, change, estimate, notices, question, runs_in_words
from sim.report.files import FORMULA_STARTS, Table, put
from sim.report.labels import DEFINITION, metric_title
from sim.report.pictures import pictures
from sim.report.rates import COUNTED, FEW_EVENTS, rates
from sim.report.sentences import SCOPE, text
from sim.report.settings import differences, facts, policy, reproduce, stances
from sim.report.tables import NAMES, ends_table, targets
from sim.report.words import LANGUAGES

if TYPE_CHECKING:
    from jinja2 import Environment

    from sim.results import Run

__all__ = [
    "COUNTED",
    "FEW_EVENTS",
    "FORMULA_STARTS",
    "NAMES",
    "PARTS",
    "Estimate",
    "Table",
    "answer",
    "change",
    "differences",
    "ends_table",
    "estimate",
    "rates",
    "render",
    "targets",
    "write_report",
]

TEMPLATES = Path(__file__).parent / "templates"


def write_report(run: "Run", folder: str | Path, lang: str = "en") -> Path:
    """Write ``report.html`` and ``figures/`` of a run into `folder`.

    Parameters
    ----------
    run : Run
    folder : path
        Usually the run's own; made where it does not exist.
    lang : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Path
        The page. It is self-contained: it opens without a network and without the figures beside it.
    """
    if lang not in LANGUAGES:
        raise UserError(f"lang: got {lang!r}; expected {' or '.join(LANGUAGES)}")
    folder = Path(folder)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    drawn = pictures(run, folder / "figures", lang)
    page = folder / "report.html"
    put(page, render(run, drawn, lang).encode())
    return page


def render(run: "Run", drawn: dict[str, dict[str, Any]], lang: str) -> str:
    """The page as text, with the figures that `write_report` drew."""
    context = {
        "lang": lang,
        "t": partial(_say, lang=lang),
        "title": run.scenario.title.get("zh" if lang == "zh" else "en") or run.scenario.name,
        "question": question(run, lang),
        "cards": cards(run, lang),
        "answer": answer(run, lang),
        "notices": notices(run, lang),
        "figures": drawn,
        "definitions": [(metric_title(n, lang), DEFINITION[n].of(lang)) for n in series.has(run.weekly, PARTS)],
        "prices": ends_table(run, (*series.BUDGET, *series.HARM), lang),
        "targets": targets(run, lang),
        "rates": rates(run, lang),
        "policy": policy(run, lang),
        "stances": stances(run, lang),
        "facts": facts(run, lang),
        "differences": differences(run.scenario),
        "reproduce": reproduce(run, lang),
        "scope": SCOPE.of(lang),
        "runs": runs_in_words(run, lang),
        "edge": series.edge(_weeks(run)),
        "year": min(52, _weeks(run)),
    }
    return environment().get_template("report.html.jinja").render(context)


@lru_cache(maxsize=1)
def environment() -> "Environment":
    """Templates of the pages: everything is escaped, and a name that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _say(key: str, lang: str, **values: object) -> str:
    return text(key, lang, **values)


def _weeks(run: "Run") -> int:
    return int(run.weekly["week"].nunique())
