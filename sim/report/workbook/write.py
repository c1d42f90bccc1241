"""Write the workbook of a result: a sheet that explains every column, and a sheet for each table."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import UserError
from sim.files import os_errors_as, write_whole
from sim.messages import LANGUAGES, Joined
from sim.metrics import METRICS
from sim.metrics.columns import about_table
from sim.metrics.table_words import IN_WORLDS
from sim.report.text.catalogue import say
from sim.report.text.labels import metric_title, metric_unit
from sim.report.workbook.book import Book, book_of
from sim.report.workbook.explained import NAMED_BY, explained, shown
from sim.workbook import MOST_COLUMNS, MOST_ROWS, Sheet, workbook


def write_workbook(
    result: Any, file: str | os.PathLike, lang: str = "en", tell: Callable[[str], None] = warnings.warn, most_rows: int = MOST_ROWS
) -> Path:
    """Write the tables of a result as one Excel workbook, atomically.

    The first sheet says what the result is, and unit and meaning of every column. The numbers are those of the Parquet and CSV files, in
    full; the same result gives the same bytes. Tables without rows are left out, which the first sheet says.

    Parameters
    ----------
    result : Run, path, result of an experiment, or Book
        A run or the folder of one, or what `sim.compare`, `sim.mix`, `sim.attribute` or `sim.resilience` returned.
    file : path
        The workbook; an existing file is replaced.
    lang : str
        Language of explanations, ``"en"`` or ``"zh"``. Sheets and columns have the same names in both.
    tell : callable, optional
        Called with one line for each table that a sheet cannot hold, which is left out; a warning by default.
    most_rows : int, optional
        Rows that a sheet holds, with the header.

    Returns
    -------
    Path
        The workbook.

    Raises
    ------
    UserError
        If it cannot be written, or the result is of another kind. Nothing is left behind.
    """
    if lang not in LANGUAGES:
        raise UserError("lang: got {lang}; expected one of {known}", lang=repr(lang), known=Joined(LANGUAGES))
    book, file = book_of(result, lang), Path(file)
    empty = [say("book_empty", lang, name=name) for name, table in book.tables.items() if not len(table)]
    sheets = [Sheet(name, table, shown(name, table, book.kind)) for name, table in book.tables.items() if len(table)]
    too_long = [_too_long(sheet, most_rows, lang) for sheet in sheets if not sheet.fits(most_rows)]
    for line in too_long:
        tell(line)
    fitting = [sheet for sheet in sheets if sheet.fits(most_rows)]
    with os_errors_as("cannot write {path}", path=file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, workbook([_about(book, fitting, [*too_long, *empty], lang), *fitting], book.title))
    return file


def _too_long(sheet: Sheet, most_rows: int, lang: str) -> str:
    sizes = {"rows": f"{sheet.rows:,}", "columns": f"{len(sheet.table.keys()):,}"}
    return say("book_too_long", lang, name=sheet.name, **sizes, most_rows=f"{most_rows:,}", most_columns=f"{MOST_COLUMNS:,}")


def _about(book: Book, sheets: list[Sheet], left_out: list[str], lang: str) -> Sheet:
    """The sheet that explains the others."""
    top = [[say("book_title", lang), book.title], [say("book_kind", lang), f"sanzhi {book.command or book.kind.removesuffix(IN_WORLDS)}"]]
    top += [[say(key, lang), value] for key, value in book.facts]
    top += [[say("book_note", lang), note] for note in [*book.notes, say("book_codes", lang), say("book_shown", lang)]]
    top += [[say("book_left_out", lang), line] for line in left_out]
    head = [say(f"book_head_{part}", lang) for part in ("sheet", "column", "unit", "meaning")]
    rows = [row for sheet in sheets for row in _rows(sheet, book.kind, lang)]
    table = pd.DataFrame([*rows, *_metrics(sheets, lang)], columns=head)
    return Sheet(say("book_sheet", lang), table, title=[*top, []])


def _rows(sheet: Sheet, kind: str, lang: str) -> list[tuple[str, ...]]:
    meaning = about_table(sheet.name, kind)[LANGUAGES.index(lang)]
    columns = [(sheet.name, str(column), *explained(sheet.name, str(column), lang, kind)) for column in sheet.table]
    return [*([(sheet.name, "", "", meaning)] if meaning else []), *columns]


def _metrics(sheets: list[Sheet], lang: str) -> list[tuple[str, ...]]:
    """Metrics that are named in rows."""
    cells = (value for sheet in sheets for name in NAMED_BY if name in sheet.table for value in sheet.table[name])
    named = [str(name) for name in dict.fromkeys(cells) if str(name) in METRICS]
    colon = say("colon", lang)
    return [
        (say("book_metric", lang), name, metric_unit(name, lang), f"{metric_title(name, lang)}{colon}{METRICS[name].doc_in(lang)}")
        for name in named
    ]
