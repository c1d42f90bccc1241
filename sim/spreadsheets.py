"""Tables as CSV in one format, which spreadsheets open directly and programs read without loss.

UTF-8 with a byte order mark, so that spreadsheets recognise Chinese; numbers in full precision with an ASCII minus; always a header; and
no text that a spreadsheet would run as a formula.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.lazy import lazily

with lazily():
    import pandas as pd

MARK = b"\xef\xbb\xbf"
EMPTY = "empty"
"""Name of the only column of a table without columns: programs refuse a file without a header."""
_FORMULA = re.compile(r"[=@\t\r]|[-+](?=.*[A-Za-z(|!])")
"""The beginning of text that a spreadsheet takes for a formula; a signed number, or a range of them, is not one."""
_MINUS = re.compile("\u2212(?=[0-9.])")
_BLANKS = str.maketrans({"\u202f": " ", "\u00a0": " "})


def csv_of_rows(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table in rows as CSV.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequences
        Cells: text, numbers, or None and NaN where there is nothing.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in head] or [EMPTY])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return MARK + out.getvalue().encode()


def csv_of_table(table: "pd.DataFrame") -> bytes:
    """A DataFrame as CSV, without its index."""
    out = io.BytesIO()
    write_table(table, out)
    return out.getvalue()


def write_table(table: "pd.DataFrame", file: Path | io.BytesIO) -> None:
    """Write a DataFrame as CSV in pieces, without its index."""
    if not len(table.columns):
        table = pd.DataFrame({EMPTY: []})
    text = [name for name in table.columns if table[name].dtype.kind == "O" or str(table[name].dtype) in ("str", "string", "category")]
    safe = table.assign(**{name: table[name].map(guarded).astype(object) for name in text}) if text else table
    safe.rename(columns=guarded).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def guarded(cell: Any) -> Any:
    """Text that a spreadsheet would run, with an apostrophe in front; everything else unchanged."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _cell(cell: Any) -> Any:
    if cell is None or cell != cell:
        return ""
    return guarded(_MINUS.sub("-", cell.translate(_BLANKS))) if isinstance(cell, str) else cell
