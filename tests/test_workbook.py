"""Workbooks for spreadsheets: whole numbers, nothing runs, limits are told, and the same tables give the same bytes."""

import datetime
import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sim.workbook import EACH, LABEL, MOST_CHARACTERS, PERCENT, Sheet, sheet_name, workbook

RNG = np.random.default_rng(1)


def opened(raw):
    return openpyxl.load_workbook(io.BytesIO(raw))


def test_a_table_comes_back_to_the_last_bit_and_in_chinese():
    values = [0.1 + 0.2, 1e-300, -5e-324, 1.7976931348623157e308, *RNG.normal(size=200) / 3e7]
    table = pd.DataFrame({"街道": ["浦东", "a,b"] * 102, "x": values, "n": range(204), "yes": [True, False] * 102})
    table.loc[1, "x"] = np.nan
    back = pd.read_excel(io.BytesIO(workbook([Sheet("一", table)])))
    pd.testing.assert_frame_equal(back, table, check_dtype=False, check_exact=True)


def test_whole_numbers_that_a_spreadsheet_would_round_are_text():
    seeds = [2**53, 2**53 + 1, 2**63 - 1]
    sheet = opened(workbook([Sheet("s", pd.DataFrame({"seed": seeds}), {"seed": LABEL})])).active
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == [2**53, str(2**53 + 1), str(2**63 - 1)]
    endless = opened(workbook([Sheet("s", pd.DataFrame({"x": [1.0, np.inf]}))])).active
    assert endless["A3"].value == "inf"


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "-2+3+cmd|' /C calc'!D2", "+HYPERLINK(A1)", "\t=1", "\r=1", "=cmd|x"])
def test_nothing_runs(formula):
    raw = workbook([Sheet(formula, pd.DataFrame({formula: [formula]}), title=[[formula, formula]])], formula)
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    cells = [cell for row in opened(raw).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_a_signed_number_in_a_text_is_left_as_it_is():
    cell = opened(workbook([Sheet("s", pd.DataFrame({"a": ["-0.5…+0.25"]}))])).active["A2"]
    assert (cell.value, cell.quotePrefix) == ("-0.5…+0.25", False)


def test_text_that_no_cell_may_hold_is_cut_or_replaced():
    texts = ["x" * 40_000, "a\x00b\x1f", "lone \ud800", "<&>\"'", "  two  \n lines "]
    read = [
        cell.value
        for (cell,) in opened(workbook([Sheet("s", pd.DataFrame({"t": pd.Series(texts, dtype=object)}))])).active.iter_rows(min_row=2)
    ]
    assert len(read[0]) == MOST_CHARACTERS
    assert read[1:] == ["a\ufffdb\ufffd", "lone \ufffd", "<&>\"'", "  two  \n lines "]


def test_names_of_sheets_are_those_that_excel_allows():
    names = ["a/b:c*d?e[f]g\\h", "x" * 40, "X" * 40, "", "history", "'quoted'"]
    found = opened(workbook([Sheet(name, pd.DataFrame({"a": [1]})) for name in names])).sheetnames
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.lower() != "history" for name in found)
    assert sheet_name("weekly") == "weekly"


def test_a_sheet_is_tidy_and_shows_what_it_has():
    table = pd.DataFrame(
        {
            "metric": ["stability", "content_share"],
            "a_rather_long_name_of_a_column": [1, 2],
            "value": [1234.5, 0.123],
            "share": [0.25, 0.5],
            "on": [datetime.date(2024, 5, 1)] * 2,
        }
    )
    sheet = opened(workbook([Sheet("s", table, {"value": ["", PERCENT], "share": PERCENT})]))["s"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"
    assert sheet.dimensions == "A1:E3"
    assert sheet.column_dimensions["B"].width > len("a_rather_long_name_of_a_column")
    assert [sheet[place].number_format for place in ("C2", "C3", "D2")] == ["#,##0", "0.00%", "0.00%"]
    assert sheet["E2"].value == datetime.datetime(2024, 5, 1)  # noqa: DTZ001
    assert sheet["E2"].number_format == "yyyy-mm-dd"


def test_very_different_quantities_in_one_column_are_each_shown_by_their_size():
    sheet = opened(workbook([Sheet("s", pd.DataFrame({"x": [1.5e-7, 0.5, 2.5e6]}), {"x": EACH})])).active
    assert [cell.number_format for (cell,) in sheet.iter_rows(min_row=2)] == ["0.000E+00", "#,##0.0000", "#,##0"]


@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"a": []})])
def test_a_table_without_columns_or_rows_has_a_header(table):
    back = pd.read_excel(io.BytesIO(workbook([Sheet("s", table)])))
    assert (len(back), len(back.columns)) == (0, 1)


def test_the_same_tables_give_the_same_bytes():
    sheets = [Sheet("s", pd.DataFrame({"x": RNG.normal(size=5), "t": list("=abcd")}))]
    assert workbook(sheets, "title") == workbook(sheets, "title")


def test_every_part_is_well_formed_and_declared():
    raw = workbook([Sheet("a", pd.DataFrame({"x": [1.0]})), Sheet("b", pd.DataFrame({"t": ["<&>"]}))])
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        assert parts.testzip() is None
        trees = {name: ElementTree.fromstring(parts.read(name)) for name in parts.namelist()}
    declared = {one.get("PartName") for one in trees["[Content_Types].xml"] if one.get("PartName")}
    assert {f"/xl/worksheets/sheet{number}.xml" for number in (1, 2)} <= declared
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    looks = len(trees["xl/styles.xml"].find(f"{space}cellXfs"))
    for number in (1, 2):
        cells = list(trees[f"xl/worksheets/sheet{number}.xml"].iter(f"{space}c"))
        assert cells
        assert all(0 <= int(cell.get("s", 0)) < looks for cell in cells)


def test_what_does_not_fit_is_known():
    sheet = Sheet("s", pd.DataFrame({"x": range(10)}))
    assert sheet.fits(11)
    assert not sheet.fits(10)
    assert not Sheet("s", pd.DataFrame(np.zeros((1, 16_385)))).fits()
