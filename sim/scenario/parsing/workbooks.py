"""Sheets of Excel workbooks (.xlsx) as text, a line for each row, so that tables are read in one way whatever file they come in.

Cells have their saved values: of a formula its result, of merged cells the value in each of them. Numbers shown as per cent become text
such as ``35%``.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.scenario.parsing.column_names import read_headers
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.table_problems import Problems

with lazily():
    import openpyxl

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 256 * 1024 * 1024
"""Largest size (bytes) of an unpacked workbook: a small file may unpack to any size."""
MOST_CELLS = 2_000_000
DEPTH = 10
"""Rows at the top of a sheet among which its header may be."""
_PARTS = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA = re.compile(rb"<f[ >/]")
_WORKBOOK = Message("an Excel workbook (.xlsx) that opens without repair, or a table as CSV")


def text_of(raw: bytes, problems: Problems, sheet: str | None, known: Sequence[str]) -> str | None:
    """A sheet of a workbook as CSV; None and a problem if there is none.

    Parameters
    ----------
    raw : bytes
    problems : Problems
        Becomes that of the chosen sheet, so that places are told as cells.
    sheet : str, optional
        Name of the sheet; by default the visible one whose header has most of the known columns, the first of several.
    known : sequence of str
        Columns that the table may have.
    """
    try:
        has_formulas = _looked_into(raw)
        book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(raw)) if has_formulas else None
    except _NoWorkbook as error:
        problems.add(1, 1, "(file)", error.args[0], _WORKBOOK)
        return None
    except Exception as error:  # of any kind, since the library checks little of a broken file
        why = " ".join(str(error).split())[:100] or type(error).__name__
        problems.add(1, 1, "(file)", Message("a workbook that cannot be read ({why})", why=why), _WORKBOOK)
        return None
    chosen = _chosen(book, problems, sheet, known)
    if chosen is None:
        return None
    problems.sheet = chosen.title
    rows = _rows(chosen)
    if formulas is not None:
        _check_formulas(chosen, formulas[chosen.title], problems)
    return _as_text(rows)


class _NoWorkbook(Exception):
    """Raised for a file that is no workbook, or too large. Argument: what it is."""


def _looked_into(raw: bytes) -> bool:
    """Whether a workbook has formulas."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = packed.infolist()
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise _NoWorkbook(Message("a zip file that is no Excel workbook"))
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _NoWorkbook(Message("a workbook of more than {most:,} bytes when unpacked", most=MOST_UNPACKED))
        return any(_FORMULA.search(packed.read(part)) for part in parts if _PARTS.fullmatch(part.filename))


def _chosen(book: Any, problems: Problems, name: str | None, known: Sequence[str]) -> "Worksheet | None":
    """The sheet to read; None and a problem if there is none."""
    sheets = [sheet for sheet in book.worksheets if sheet.max_row * sheet.max_column > 1 or sheet["A1"].value is not None]
    names = Joined(map(shown, (sheet.title for sheet in book.worksheets)))
    if name is not None:
        found = next((sheet for sheet in book.worksheets if sheet.title.strip() == name.strip()), None)
        if found is None:
            near = problems.near(name, [sheet.title for sheet in book.worksheets])
            problems.add(1, 1, "(file)", Message("no sheet {name}", name=shown(name)), Message("one of {names}", names=names), near)
        return found
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
    if not visible:
        problems.add(1, 1, "(file)", Message("an empty workbook"), Message("a sheet with a header and rows below it"))
        return None
    best = max(visible, key=lambda sheet: _recognised(sheet, known))
    if best.max_row * best.max_column > MOST_CELLS:
        got = Message("a sheet of {rows:,} rows and {columns:,} columns", rows=best.max_row, columns=best.max_column)
        problems.add(1, 1, "(file)", got, Message("a smaller one (often unused cells have a format: delete those rows and columns)"))
        return None
    if len(visible) > 1:
        others = Joined(shown(sheet.title) for sheet in visible if sheet is not best)
        message = Message("{file}: read from the sheet {sheet}, not from {others}", sheet=shown(best.title), others=others)
        problems.note("sheet", message)
    return best


def _recognised(sheet: "Worksheet", known: Sequence[str]) -> int:
    """Largest number of known columns in a row at the top of a sheet."""
    rows = sheet.iter_rows(max_row=min(DEPTH, sheet.max_row), values_only=True)
    return max((len(read_headers([_text(cell) for cell in row if cell is not None], known).known) for row in rows), default=0)


def _rows(sheet: "Worksheet") -> list[list[str]]:
    """Cells of a sheet as text, without empty rows and columns at its end."""
    rows = [[_text(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows(min_row=1, min_col=1)]
    for merged in sheet.merged_cells.ranges:
        value = rows[merged.min_row - 1][merged.min_col - 1]
        for row in rows[merged.min_row - 1 : merged.max_row]:
            row[merged.min_col - 1 : merged.max_col] = [value] * (merged.max_col - merged.min_col + 1)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows]


def _text(value: Any, form: str = "General") -> str:
    """A value of a cell as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        percent = "%" in form
        number = value * 100 if percent else value
        text = f"{number:.0f}" if float(number).is_integer() and abs(number) < 1e15 else f"{number:.15g}"
        return f"{float(f'{number:.12g}'):.12g}%" if percent else text
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10]
    return " ".join(str(value).split())


def _check_formulas(values: "Worksheet", formulas: "Worksheet", problems: Problems) -> None:
    """Report formulas without a saved result, as programs other than spreadsheets write them."""
    for row in formulas.iter_rows(min_row=1, min_col=1):
        for cell in row:
            if cell.data_type == "f" and values.cell(cell.row, cell.column).value is None:
                got = Message("a formula without a saved result")
                expected = Message("its number (open the workbook in a spreadsheet program and save it)")
                problems.add(cell.row, cell.column, "(file)", got, expected, row=str(cell.row))


def _as_text(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
