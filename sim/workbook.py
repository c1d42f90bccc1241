"""Tables as one Excel workbook, which spreadsheets open directly and programs read without loss: the counterpart of `sim.spreadsheets`.

Every sheet is tidy: one header row and a row per observation. Numbers are written in full and only shown rounded, text is never a formula,
and the same tables give the same bytes.
"""

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from sim.lazy import lazily
from sim.spreadsheets import EMPTY, guarded
from sim.text import width

with lazily():
    import openpyxl
    import pandas as pd
    from openpyxl import cell as cells
    from openpyxl import styles
    from openpyxl import utils as names_of_cells
    from openpyxl.utils import datetime as datetimes
    from openpyxl.writer import excel

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS, MOST_IN_A_NAME = 1_048_576, 16_384, 32_767, 31
"""Limits of Excel: rows of a sheet with the header, columns of a sheet, characters of a cell and of the name of a sheet."""
PERCENT, LABEL, EACH = "percent", "label", "each"
"""How a number is shown: in per cent; as the name of something, such as a seed; by its own size, in a column of different quantities."""
EXACT_UP_TO = 2**53
"""Whole numbers beyond it, such as some seeds, are written as text: spreadsheets would round them."""
WIDEST, ARROW = 60, 3
"""Maximum width of a column in characters, and room for the arrow of the filter."""
DIGITS, MOST_PLACES = 4, 6
"""Significant digits and most decimals shown."""
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RETURN = {"\r": "&#13;"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""Time of the file and its parts: the time at which it was written would make every file different."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of a workbook.

    Parameters
    ----------
    name : str
        Shortened and cleaned to what Excel allows.
    table : DataFrame or columns
        Without its index.
    shown : mapping
        How the numbers of a column are shown, `PERCENT`, `LABEL` or `EACH`: one for the column, or one for each row. Others are shown with
        as many decimals as the largest of the column needs.
    title : sequence of rows, optional
        Rows above the header; sheets with such rows are for people.
    """

    name: str
    table: "pd.DataFrame | Mapping[str, Any]"
    shown: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    title: Sequence[Sequence[Any]] = ()

    @property
    def rows(self) -> int:
        """Rows with the header."""
        first = next(iter(self.table.values()), ()) if isinstance(self.table, Mapping) else self.table
        return len(self.title) + 1 + len(first)

    def fits(self, most_rows: int = MOST_ROWS) -> bool:
        """Whether a sheet can hold the table."""
        return self.rows <= most_rows and len(self.table.keys()) <= MOST_COLUMNS


def workbook(sheets: Iterable[Sheet], title: str = "") -> bytes:
    """A workbook.

    Parameters
    ----------
    sheets : iterable of Sheet
        Those that fit, see `Sheet.fits`.
    title : str, optional
        Title in the properties of the file.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.title = "sanzhi", _clean(title)
    book.properties.created = book.properties.modified = datetime.datetime(*_FIRST_DAY, tzinfo=datetime.UTC).replace(tzinfo=None)
    raw = io.BytesIO()
    rows: dict[str, tuple[str, Iterable[str]]] = {}
    for number, sheet in enumerate(sheets, 1):
        target = book.create_sheet(sheet_name(sheet.name, [name.lower() for name in book.sheetnames]))
        rows[f"xl/worksheets/sheet{number}.xml"] = _written(sheet, target)
    archive = _Archive(raw, "w", zipfile.ZIP_DEFLATED)
    archive.rows = rows
    excel.ExcelWriter(book, archive).save()
    return raw.getvalue()


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel allows, and that differs from those `taken`, which are in lower case."""
    clean = _FORBIDDEN_IN_NAMES.sub("_", name).strip("'")[:MOST_IN_A_NAME] or "_"
    number, free = 1, clean
    while free.lower() in taken or free.lower() == "history":  # a name that Excel keeps for itself
        number += 1
        free = f"{clean[: MOST_IN_A_NAME - len(str(number)) - 1]}_{number}"
    return free


class _Archive(zipfile.ZipFile):
    """The archive that a workbook is: all parts have the same time, and the rows of sheets are put in as text.

    openpyxl writes the frame of every sheet. The rows are written here, twenty times as fast, and with the 17 digits of which openpyxl
    keeps 16.
    """

    rows: Mapping[str, tuple[str, Iterable[str]]] = {}
    """By the path of a sheet: the range of its cells, and its rows."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_rest: Any, **_named: Any) -> None:
        super().writestr(self._info(str(zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *_rest: Any, **_named: Any) -> None:
        with open(filename, encoding="utf-8") as file:
            head, _, tail = file.read().partition("<sheetData></sheetData>")
        extent, rows = self.rows[str(arcname)]
        head = head.replace('<dimension ref="A1:A1" />', f'<dimension ref="{extent}" />')
        with self.open(self._info(str(arcname)), "w", force_zip64=True) as target:
            target.write(f"{head}<sheetData>".encode())
            for row in rows:
                target.write(row.encode())
            target.write(f"</sheetData>{tail}".encode())

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, _FIRST_DAY)
        info.compress_type = self.compression
        return info


def _written(sheet: Sheet, target: Any) -> tuple[str, Iterator[str]]:
    """Prepare a sheet, with a header that stays in sight and a filter, and return the range of its cells and its rows as text."""
    columns = {str(name): _values(column) for name, column in sheet.table.items()} or {EMPTY: []}
    above, count = len(sheet.title), max(map(len, columns.values()))
    forms = {name: _forms(values, sheet.shown.get(name, "")) for name, values in columns.items()}
    letters = [names_of_cells.get_column_letter(number) for number in range(1, len(columns) + 1)]
    for letter, (name, values) in zip(letters, columns.items(), strict=True):
        target.column_dimensions[letter].width = _width(name, values, forms[name])
    target.freeze_panes = None if above else "A2"
    target.auto_filter.ref = f"A{above + 1}:{letters[-1]}{above + 1 + count}"
    look, wrap = _Looks(target), bool(above)
    top = [[(value, look(bold=place == 0, wrapped=True)) for place, value in enumerate(row)] for row in sheet.title]
    top.append([(name, look(bold=True)) for name in columns])
    parts = []
    for name, values in columns.items():
        form = forms[name]
        parts.append(zip(values, [look(one, wrapped=wrap) for one in form] if isinstance(form, list) else repeat(look(form, wrapped=wrap))))
    return f"A1:{letters[-1]}{above + 1 + count}", _rows(top, zip(*parts, strict=True), letters, look)


def _rows(top: Iterable[Iterable[Any]], rest: Iterable[Iterable[Any]], letters: list[str], look: "_Looks") -> Iterator[str]:
    """Rows as they stand in the file; a cell is a pair of value and look."""
    for number, row in enumerate(chain(top, rest), 1):
        cells = [_cell(value, f"{letter}{number}", style, look) for letter, (value, style) in zip(letters, row, strict=False)]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _cell(value: Any, place: str, style: int, look: "_Looks") -> str:
    """A cell as it stands in the file; nothing where there is nothing."""
    if value is None or value != value or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" s="{style}" t="b"><v>{int(value)}</v></c>'
    if (isinstance(value, float) and math.isfinite(value)) or (isinstance(value, int) and abs(value) <= EXACT_UP_TO):
        return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'
    if isinstance(value, datetime.date):
        return f'<c r="{place}" s="{look.date(value)}"><v>{datetimes.to_excel(value)!r}</v></c>'
    text = _clean(str(value))
    if guarded(text) != text:  # stays text, as an apostrophe in front would make it, when somebody edits the cell
        style = look.text(style)
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text, RETURN)}</t></is></c>'


class _Looks:
    """Numbers of the styles of a workbook."""

    def __init__(self, sheet: Any):
        self.cell = cells.Cell(sheet, row=1, column=1)
        self.known: dict[Any, int] = {}
        self.texts: dict[int, Any] = {}

    def __call__(self, form: str = "", bold: bool = False, wrapped: bool = False, kept: bool = False) -> int:
        key = (form, bold, wrapped, kept)
        if key not in self.known:
            self.cell._style = cells.Cell(self.cell.parent, row=1, column=1)._style
            self.cell.number_format = form or "General"
            self.cell.font = styles.Font(bold=bold)
            self.cell.alignment = styles.Alignment(wrap_text=wrapped or None, vertical="top" if wrapped else None)
            if kept:
                self.cell._style.quotePrefix = 1
            self.known[key] = self.cell.style_id
            self.texts[self.known[key]] = key
        return self.known[key]

    def text(self, style: int) -> int:
        """The style for text that begins like a formula."""
        form, bold, wrapped, _ = self.texts[style]
        return self(form, bold, wrapped, kept=True)

    def date(self, value: datetime.date) -> int:
        """The style of a date, or of a date and a time."""
        return self("yyyy-mm-dd hh:mm" if isinstance(value, datetime.datetime) else "yyyy-mm-dd")


def _values(column: Any) -> list[Any]:
    """Python values of a column; None where there is nothing."""
    if isinstance(column, pd.Series) and column.dtype.kind not in "biuf":
        return [None if one is None or one is pd.NA or one is pd.NaT else getattr(one, "item", lambda one=one: one)() for one in column]
    if str(getattr(column, "dtype", "")) == "float32":  # its own digits, as in CSV, not those of the nearest number of twice the length
        return [float(str(one)) for one in np.asarray(column)]
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _forms(values: list[Any], shown: str | Sequence[str]) -> str | list[str]:
    """Number format of a column, or of each of its cells."""
    if shown == EACH:
        return [_form([value], "") for value in values]
    if not isinstance(shown, str):
        return [_form([value], one) for value, one in zip(values, shown, strict=True)]
    return _form(values, shown)


def _form(values: list[Any], shown: str) -> str:
    """A number format that shows the largest of some numbers with a few significant digits; empty if there are no numbers."""
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)]
    if not numbers:
        return ""
    largest = max(map(abs, numbers))
    if shown == LABEL or (all(isinstance(value, int) for value in numbers)):
        return "0" if shown == LABEL else "#,##0"
    if shown == PERCENT:
        return "0.00%" if largest >= 0.001 or not largest else "0.0000%"
    if 0 < largest < 10.0 ** (DIGITS - MOST_PLACES - 2):
        return "0.000E+00"
    places = min(MOST_PLACES, max(0, DIGITS - 1 - math.floor(math.log10(largest)))) if largest else DIGITS - 1
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _width(name: str, values: list[Any], forms: str | list[str]) -> float:
    """Width of a column that shows its header and its cells."""
    if isinstance(forms, list):
        shown = {_shown(value, form) for value, form in zip(values, forms, strict=True)}
    else:
        numbers = [value for value in values if isinstance(value, (int, float)) and value == value]
        ends = [min(numbers), max(numbers)] if numbers else []
        texts = [value for value in values if isinstance(value, (str, datetime.date))]
        shown = {*(_shown(value, forms) for value in ends), *(_shown(value, forms) for value in set(texts))}
    longest = max((width(line) for text in shown for line in text.split("\n")), default=0)
    return min(WIDEST, max(longest + 2, width(name) + ARROW))


def _shown(value: Any, form: str) -> str:
    """Roughly what a cell shows."""
    if not form or not isinstance(value, (int, float)):
        return "" if value is None or value != value else str(value)
    places = form.partition(".")[2].count("0")
    return f"{value:.3e}" if "E" in form else f"{value:.{places}%}" if form.endswith("%") else f"{value:,.{places}f}"


def _clean(text: str) -> str:
    """Text without the characters that XML forbids, no longer than a cell may be."""
    text = _FORBIDDEN.sub("\ufffd", text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
