"""The figures as files and as parts of the page, each with its words and its table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import figures, series, style
from sim.report.answer import change, runs_in_words
from sim.report.files import csv_of, data_uri, put
from sim.report.labels import metric_title, number, percent
from sim.report.sentences import text
from sim.report.tables import NAMES, district_names, districts_table, figure_table, weekly_table

if TYPE_CHECKING:
    from sim.results import Run


def pictures(run: "Run", folder: Path, lang: str) -> dict[str, dict[str, Any]]:
    """Draw every figure for page and phone; what a run has no data for is None."""
    drawn: dict[str, dict[str, Any]] = {}
    for name, function in figures.FIGURES.items():
        table = figure_table(run, name, lang)
        if not table.rows:
            drawn[name] = {}
            continue
        extra = {"names": district_names(run, style.figure_language(lang))} if name == "districts" else {}
        both = [function(run, style.figure_language(lang), narrow, **extra) for narrow in (False, True)]
        wide, narrow = (style.to_svg(picture) for picture in both)
        both[0].set_layout_engine("none")  # it has its place already
        put(folder / f"{name}.svg", wide)
        put(folder / f"{name}.png", style.to_png(both[0]))
        size = [round(100 * inches) for inches in both[0].get_size_inches()]
        drawn[name] = {
            "name": name,
            "alt": _alt(run, name, lang),
            "wide": data_uri("image/svg+xml", wide),
            "narrow": data_uri("image/svg+xml", narrow),
            "size": size,
            "note": _band_note(run, lang) if name not in ("districts", "flows") else "",
            "table": table,
            "csv": data_uri("text/csv;charset=utf-8", csv_of(weekly_table(run, name) or table)),
        }
    return drawn


def _alt(run, name, lang) -> str:
    if name == "districts":
        rows = districts_table(run, lang).rows
        return text("alt_districts", lang, count=len(rows), first=rows[0][0], final=rows[-1][0])
    if name == "flows":
        shares = {n: v for n, v in series.ladder(run).items() if n != "opened"}
        titles = [(text("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)) for n, v in shares.items()]
        return text("alt_flows", lang, values=text("join", lang).join(f"{a} {b}" for a, b in titles))
    ends = [(metric_title(n, lang), number(change(run, n)[1].mean, n)) for n in series.has(run.weekly, NAMES[name])]
    return text(f"alt_{name}", lang, values=text("gap", lang).join(text("alt_value", lang, name=a, value=b) for a, b in ends))


def _band_note(run, lang) -> str:
    count = run.weekly["replicate"].nunique()
    kind = "none" if count == 1 else "range" if count < series.FEW else "quantiles"
    return text(f"band_{kind}", lang, runs=runs_in_words(run, lang))
