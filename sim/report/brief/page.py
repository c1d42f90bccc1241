"""The decision brief: a question, what holds, for whom and where, at what price, and how far to trust it, on two pages of paper."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import UserError
from sim.experiments.comparisons.over_worlds import BY_DISTRICT, WorldComparison
from sim.files import folder_of
from sim.messages import Joined, Message, with_suggestion
from sim.report.brief.changes import change_table, other_settings
from sim.report.brief.tables import (
    NATURAL,
    PAID,
    PAID_OF_SEVERAL,
    beliefs,
    by_group,
    clearest,
    costs_of_effects,
    difference_table,
    findings,
    known,
    limits,
    never_seen,
    told_clearly,
)
from sim.report.brief.where import MOST_ROWS, MOST_ROWS_OF_SEVERAL, SATISFACTION, chosen, cut, draw_where, effects, told_gain, where_table
from sim.report.compare import worlds
from sim.report.compare.world_figures import draw_worlds, world_rows
from sim.report.compare.worlds import natural_title
from sim.report.parts import style
from sim.report.parts.experiments import Picture, notices, titles, unlike, write
from sim.report.parts.files import Table
from sim.report.parts.numbers import amounts
from sim.report.parts.pdf import NotPrinted, find_browser, is_wanted, print_page
from sim.report.parts.settings import city_title, duration
from sim.report.text.catalogue import listed, say
from sim.scenario.costs import real_residents
from sim.suggestions import nearest

MOST_SCENARIOS = 3
"""The first, and those compared with it: more do not fit on two pages."""
LONGEST_QUESTION = 300
PICTURED_OF_SEVERAL = ("offences", "waiting_cases", "content_residents", "budget_spent")
SIZES = ("", "denser", "densest")
"""Sizes of type, the largest first: the brief has the first with which it is printed on `PAGES`."""
PAGES = 2
NO_BROWSER = Message("no browser was found that prints the PDF: open brief.html in any browser, and print it as PDF")


class Brief(NamedTuple):
    """Files of a brief.

    Parameters
    ----------
    page : Path
        ``brief.html``.
    pdf : Path or None
        ``brief.pdf``, if it was printed.
    told : tuple of Message
        What to know about the print, such as why there is none.
    """

    page: Path
    pdf: Path | None
    told: tuple[Message, ...]


def check_brief(count: int, question: str = "", where: str = "") -> None:
    """Refuse what no brief can be made of, before anything is run.

    Parameters
    ----------
    count : int
        Scenarios, the first included.
    question, where : str
        As in `write_brief`.

    Raises
    ------
    UserError
        For too few or too many scenarios, a long question, and a metric that districts do not have.
    """
    if not 2 <= count <= MOST_SCENARIOS:
        raise UserError(
            "brief: got {count} scenarios; expected 2 to {most}, the first of which the others are compared with",
            count=count,
            most=MOST_SCENARIOS,
        )
    if len(question) > LONGEST_QUESTION:
        raise UserError("question: got {count} characters; expected at most {most}", count=len(question), most=LONGEST_QUESTION)
    if where and where not in BY_DISTRICT:
        told = Message("where: got {name}; expected one of {names}", name=repr(where), names=Joined(BY_DISTRICT))
        raise UserError(with_suggestion(told, nearest(where, BY_DISTRICT)))


def write_brief(
    result: WorldComparison,
    folder: str | Path,
    lang: str = "en",
    question: str = "",
    where: str = "",
    browser: str | None = None,
    options: str = "",
) -> Brief:
    """Write ``brief.html``, two pages when printed, and ``brief.pdf`` if a browser is found that prints it.

    Parameters
    ----------
    result : WorldComparison
        Of ``sanzhi.compare([a, b], districts=True)``, over plausible worlds. Without districts the brief has no map.
    folder : path
        Created if it does not exist.
    lang : str
        Language in which the page opens and is printed, ``"en"`` or ``"zh"``. The page has a switch to the other.
    question : str
        The question of the meeting, as a title; by default that of the second scenario, if it has one.
    where : str
        Metric of the map; by default that of the effects that hold or lean which goes the same way in most worlds.
    browser : str, optional
        Program that prints; by default that of the variable ``SANZHI_BROWSER``, or the first that is found. ``"none"`` prints nothing.
    options : str
        Further options of the command, for the page.

    Returns
    -------
    Brief

    Raises
    ------
    UserError
        For anything but two or three scenarios compared over worlds, and for a question, a metric or a browser that cannot be used.
    """
    if not isinstance(result, WorldComparison):
        raise UserError(
            "brief: got {kind}; expected a comparison over plausible worlds, as sanzhi.compare([a, b], worlds=60, districts=True) gives it",
            kind=type(result).__name__,
        )
    check_brief(len(result.batch.labels), question, where)
    folder = folder_of(folder)
    program, pdf = find_browser(browser), folder / "brief.pdf"
    told = [NO_BROWSER] if program is None and is_wanted(browser) else []
    made: dict[str, dict[str, Any]] = {}
    for size in SIZES:
        context = partial(_sized, made, size, partial(_context, result, question, where))
        page = write(result, folder, lang, context, options, "brief", "brief", "brief.html")
        pages = 0
        if program is None:
            break
        try:
            pages = print_page(page, pdf, program)
        except NotPrinted as error:
            told.append(
                Message("the PDF could not be printed ({why}): open brief.html in any browser, and print it as PDF", why=error.args[0])
            )
            break
        if pages <= PAGES:
            break
    if not pages:
        pdf.unlink(missing_ok=True)  # of an earlier brief
    elif pages > PAGES:
        told.append(Message("the PDF has {pages} pages: what is compared differs in too much for two", pages=pages))
    elif lang == "zh" and style.chinese_font() is None:
        told.append(Message("no font with Chinese characters was found: the PDF shows boxes in their place"))
    return Brief(page, pdf if pages else None, tuple(told))


def _sized(made: dict[str, dict[str, Any]], size: str, context: Any, lang: str, picture: Picture) -> dict[str, Any]:
    """The content in one language, made once for all sizes of type."""
    if lang not in made:
        made[lang] = context(lang, picture)
    return made[lang] | {"size": size}


def _context(result: WorldComparison, question: str, where: str, lang: str, picture: Picture) -> dict[str, Any]:
    shown, labels = titles(result.batch, lang), result.batch.labels[1:]
    base, several = shown[result.batch.labels[0]], len(labels) > 1
    where, asked = where or chosen(result), bool(where)
    clear = clearest(result)
    map_of, table = where_table(result, where, lang), findings(result, clear, lang)
    most = MOST_ROWS_OF_SEVERAL if several else MOST_ROWS
    drawn = {"worlds": _picture_of_worlds(result, base, lang, picture), "where": {}}
    told = bool(map_of.rows) and any(told_gain(effects(result, label, where)) for label in labels)
    if told:  # a map without colours would say nothing
        alt = say("brief_alt_where", lang, metric=natural_title(where, lang), count=len(map_of.rows), base=base)
        drawn["where"] = picture("brief_where", partial(draw_where, result, where), alt, map_of)
    return {
        "several": several,
        "title": question.strip() or _question(result, base, shown[labels[0]], lang),
        "compared": _compared(result, base, [shown[label] for label in labels], lang),
        "changes": change_table(result, lang),
        "settings": other_settings(result, lang),
        "answers": [*filter(None, [worlds.too_few_said(result.batch.finished, lang)]), *_answers(result, clear, lang)],
        "figures": drawn,
        "base": base,
        "findings": table,
        "words": _words(result, bool(clear), lang),
        "groups": by_group(result, lang),
        "where": cut(map_of, most, lang),
        "where_metric": natural_title(where, lang),
        "groups_title": say("brief_whom", lang, index=natural_title(SATISFACTION, lang)),
        "where_note": _where_note(result, map_of, told, asked or where == SATISFACTION, lang),
        "money": difference_table(result, PAID_OF_SEVERAL if several else PAID, lang),
        "costs": costs_of_effects(result, lang),
        "beliefs": beliefs(result, lang),
        "limits": [*notices(result.batch, lang, ""), *unlike(result.batch, lang), *limits(result, lang)],
        "small": "",
        "price_year": result.named[0].staffing.price_year,
        "horizon": duration(result.named[0].horizon, lang),
    }


def _answers(result: WorldComparison, clear: Sequence[str], lang: str) -> list[str]:
    """What was found, a paragraph for each scenario but the first: the two indices, and what else is clear."""
    both = zip(worlds.leads(result, lang), told_clearly(result, clear, lang), strict=True)
    return [say("gap", lang).join(sentences) for sentences in both]


def _words(result: WorldComparison, others: bool, lang: str) -> str:
    """What the words mean, which results are told beside the usual ones, and which of these no simulated city has."""
    base, several = titles(result.batch, lang)[result.batch.labels[0]], len(result.batch.labels) > 2
    said = [say("brief_cells" if several else "brief_columns", lang, base=base), worlds.words_said(result.batch.finished, lang)]
    if others:
        said.append(say("brief_clearest", lang))
    if never := never_seen(result):
        names = listed((natural_title(name, lang) for name in never), lang)
        said.append(say("brief_never_seen", lang, names=names, residents=f"{result.batch.residents:,}"))
    return say("gap", lang).join(said)


def _question(result: WorldComparison, base: str, name: str, lang: str) -> str:
    """The question of the second scenario, if it has one of its own; else what is compared."""
    own = result.named[1].described(lang)
    if own and len(result.named) == 2 and own != result.named[0].described(lang) and len(own) <= LONGEST_QUESTION:
        return own
    return say("brief_question", lang, name=name, base=base) if len(result.named) == 2 else say("brief_question_many", lang, base=base)


def _compared(result: WorldComparison, base: str, others: Sequence[str], lang: str) -> str:
    first, batch = result.named[0], result.batch
    names = listed((say("quoted", lang, name=name) for name in others), lang)
    city = {"city": city_title(first, lang), "real": amounts([real_residents(first)], lang)[0]}
    return say(
        "brief_compared", lang, base=base, names=names, horizon=duration(first.horizon, lang), weeks=batch.window, n=batch.finished, **city
    )


def _picture_of_worlds(result: WorldComparison, base: str, lang: str, picture: Picture) -> dict[str, Any]:
    asked = (*NATURAL, "budget_spent") if len(result.batch.labels) == 2 else PICTURED_OF_SEVERAL
    metrics = known(result, asked)
    values = say("semicolon", lang).join(row[0] + say("colon", lang) + row[2] for row in difference_table(result, metrics, lang).rows)
    alt = say("alt_worlds", lang, base=base, values=values)
    return picture("brief_worlds", partial(draw_worlds, result, metrics), alt, world_rows(result, metrics, lang)) if metrics else {}


def _where_note(result: WorldComparison, table: Table, told: bool, asked: bool, lang: str) -> str:
    if not table.rows:
        return say("brief_no_districts", lang)
    each = result.batch.residents // max(1, len(result.named[0].residents))
    said = [say("brief_where_circles" if told else "brief_where_open", lang)]
    said += [say("brief_where_luck", lang, each=f"{each:,}"), *([] if asked else [say("brief_where_chosen", lang)])]
    return say("gap", lang).join(said)
