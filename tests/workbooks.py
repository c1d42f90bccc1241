"""What a reader of a workbook would miss: columns without meaning or unit, and numbers in per cent that are no shares."""

from pathlib import Path

import openpyxl

FROM_ROWS = ("metric", "objective", "rate")
"""Columns that name the metric whose unit a row has."""


def faults(file: Path) -> list[str]:
    """Each column without meaning, number without unit, and per cent format that does not fit the unit; empty for a good workbook."""
    book = openpyxl.load_workbook(file)
    said, units = {}, {}
    for sheet, column, unit, meaning in book.worksheets[0].iter_rows(max_col=4, values_only=True):
        if column and meaning:
            said[sheet, column] = unit or "", meaning
            units[column] = unit or ""
    found = []
    for sheet in book.worksheets[1:]:
        head = [cell.value for cell in sheet[1]]
        if sheet.max_row < 2:
            found.append(f"{sheet.title}: empty")
        named = next((place for place, name in enumerate(head) if name in FROM_ROWS), None)
        for place, column in enumerate(head):
            unit, meaning = said.get((sheet.title, column), ("", ""))
            cells = [row[place] for row in sheet.iter_rows(min_row=2)]
            numbers = [cell for cell in cells if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)]
            if not meaning:
                found.append(f"{sheet.title}.{column}: no meaning")
            elif numbers and not unit:
                found.append(f"{sheet.title}.{column}: no unit")
            for cell in numbers:
                of_row = units.get(sheet.cell(cell.row, named + 1).value, "") if named is not None and "unit of" in unit else unit
                if cell.number_format.endswith("%") and "share" not in of_row:
                    found.append(f"{sheet.title}.{column}: {cell.value} {of_row} in per cent")
                    break
    return found
