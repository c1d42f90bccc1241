"""Files beside the page and files within it."""

import base64
import csv
import io
import os
from pathlib import Path
from typing import NamedTuple

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Table(NamedTuple):
    """Words and numbers in rows, for the page and as CSV."""

    head: list[str]
    rows: list[list[str]]


def csv_of(table: Table) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Chinese; text that they would take for a formula gets a quote."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_guarded(cell) for cell in row] for row in [table.head, *table.rows])
    return b"\xef\xbb\xbf" + out.getvalue().replace("\u202f", " ").encode()


def _guarded(cell: str) -> str:
    if not cell.startswith(FORMULA_STARTS):
        return cell
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return f"'{cell}"
    return cell


def data_uri(kind: str, data: bytes) -> str:
    """Data as an address that needs no network."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def put(path: Path, data: bytes) -> None:
    """Write a file that is never seen half written."""
    partial_file = path.with_name(f".{path.name}.partial")
    try:
        partial_file.write_bytes(data)
        os.replace(partial_file, path)
    finally:
        partial_file.unlink(missing_ok=True)
