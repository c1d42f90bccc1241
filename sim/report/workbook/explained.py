"""What every column of a workbook is, in the language of its reader, and how its numbers are shown."""

from typing import TYPE_CHECKING, NamedTuple

from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS
from sim.metrics.columns import COUNTED, ENDS, OF_METRIC, OVER, about, own_words
from sim.report.study.factors import factor_title
from sim.report.text.catalogue import has, say
from sim.report.text.labels import in_per_cent, metric_unit
from sim.spec import meaning
from sim.workbook import EACH, LABEL, PERCENT

if TYPE_CHECKING:
    import pandas as pd

NAMED_BY = ("metric", "objective", "outcome", "rate", "quantity")
"""Columns that say which metric a row is about."""
OWN = "its own unit"
"""Unit of coefficients and factors, each of which has another."""
LABELS = {
    "community",
    "replicate",
    "seed",
    "week",
    "year",
    "run",
    "point",
    "world",
    "generation",
    "wave",
    "box",
    "deepest_week",
    "scenario",
}
"""Columns of numbers that are names."""


class Column(NamedTuple):
    """Unit and meaning of a column."""

    unit: str
    meaning: str


def explained(table: str, column: str, lang: str, kind: str = "") -> Column:
    """Unit and meaning of a column of a table of a kind of result; a factor or a coefficient where it is not described."""
    known = about(table, column, kind)
    if table == "assumptions" and "." in column:
        return Column(unit_in(OWN, lang), _assumption(column, lang))
    if not known:
        return Column(unit_in(OWN, lang), say("book_factor", lang, title=factor_title(column, lang))) if "." in column else Column("", "")
    title = known.get("title_zh", known["title"]) if lang == "zh" else known["title"]
    if metric := metric_of(table, column, kind):
        plain = metric == column and not own_words(table, column, kind)
        return Column(metric_unit(metric, lang), say("colon", lang).join([title, METRICS[metric].doc_in(lang)]) if plain else title)
    return Column(unit_in(known["unit"], lang), title)


def unit_in(unit: str, lang: str) -> str:
    """A unit in a language."""
    key = "unit whole share" if unit == "share" else f"unit {unit}"
    return say(key, lang) if has(key) else unit


def _assumption(column: str, lang: str) -> str:
    """Meaning of a coefficient."""
    mechanism, _, key = column.partition(".")
    fields = MECHANISMS[mechanism].parameters.model_fields if mechanism in MECHANISMS else {}
    said = meaning(fields[key]).text(lang) if key in fields else column
    return say("book_assumption", lang, title=said)


def metric_of(table: str, column: str, kind: str = "") -> str:
    """The metric that a column has values of, such as that of ``stability_low``; empty if it has none, or counts."""
    if own := own_words(table, column, kind):
        return own[0] if own[1][0] == OF_METRIC else ""
    if column in METRICS:
        return column if table not in COUNTED or METRICS[column].title == about(table, column).get("title") else ""
    base, _, end = column.rpartition("_")
    if base in METRICS and end in ENDS:
        return base
    return next((column.removeprefix(f"{start}_") for start in OVER if column.removeprefix(f"{start}_") in METRICS), "")


def shown(table: str, frame: "pd.DataFrame", kind: str = "") -> dict[str, str | list[str]]:
    """How the numbers of every column are shown, see `sim.workbook.Sheet`."""
    named = next((name for name in NAMED_BY if name in frame), None)
    by_row = None if named is None else [PERCENT if in_per_cent(str(name)) else "" for name in frame[named]]
    found: dict[str, str | list[str]] = {}
    for column in map(str, frame.columns):
        unit = about(table, column, kind).get("unit", "")
        if metric := metric_of(table, column, kind):
            found[column] = PERCENT if in_per_cent(metric) else ""
        elif column in LABELS:
            found[column] = LABEL
        elif unit == "share":
            found[column] = PERCENT
        elif unit in (OF_METRIC, "unit of the rate") and by_row is not None:
            found[column] = by_row
        elif unit.startswith(("unit of", "its own", "number or currency", "currency per unit")):
            found[column] = EACH
    return found
