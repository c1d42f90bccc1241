"""CSV for spreadsheets and programs: Chinese survives, numbers are whole, nothing runs, a header is always there."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from sim.report.parts.files import NOTHING, Shown, Table, csv_of
from sim.report.parts.numbers import between, number, percent
from sim.spreadsheets import MARK, csv_of_rows, csv_of_table


def cells(raw):
    assert raw.startswith(MARK)
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_table_comes_back_to_the_last_bit_and_in_chinese():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"街道": ["浦东", "静安", "a,b"], "x": rng.normal(size=3) / 3e7, "n": [1, -2, 2**60], "yes": [True, False, True]})
    table.loc[1, "x"] = np.nan
    raw = csv_of_table(table)
    assert raw.startswith(MARK)
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(raw)), table, check_dtype=False)


def test_a_page_s_numbers_are_written_in_full():
    rows = [
        ["Pudong", number(-0.123456789, "stability", sign=True), percent(0.0123456), between(number(-1.5e-5), number(1234.5678))],
        ["Jing'an", number(float("nan")), NOTHING, NOTHING],
        ["both", number(1, "stability"), percent(1.0), Shown("1 (0–2)", 1.0, 0.0, 2.0)],
    ]
    table = Table(["place", "change", "share", "range"], rows)
    assert cells(csv_of(table)) == [
        ["place", "change", "share", "range", "range (low)", "range (high)"],
        ["Pudong", "-0.123456789", "0.0123456", "-1.5e-05", "1234.5678", ""],
        ["Jing'an", "", "", "", "", ""],
        ["both", "1", "1.0", "1.0", "0.0", "2.0"],
    ]
    only = Table(["区间"], [[between(number(-2.0), number(3.0))]])
    assert cells(csv_of(only, "zh")) == [["区间（下限）", "区间（上限）"], ["-2.0", "3.0"]]


@pytest.mark.parametrize("plain", ["+0.7 %", "-3", "-0.5…+0.25", "Jing'an", "a-b", "+", "-", "–"])
def test_no_stray_apostrophe(plain):
    assert cells(csv_of_rows(["a", "b"], [[plain, plain]]))[1] == [plain, plain]
    assert cells(csv_of_table(pd.DataFrame({"a": [plain]})))[1] == [plain]


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "-2+3+cmd|' /C calc'!D2", "+HYPERLINK(A1)", "\t=1", "\r=1", "=cmd|x"])
def test_nothing_runs(formula):
    assert cells(csv_of_rows([formula], [[formula]])) == [[f"'{formula}"]] * 2
    assert cells(csv_of_table(pd.DataFrame({formula: [formula]}))) == [[f"'{formula}"]] * 2


def test_a_minus_is_a_minus_and_blanks_are_blanks():
    assert cells(csv_of_rows(["a"], [["\u22120.5\u202f%"]]))[1] == ["-0.5 %"]


@pytest.mark.parametrize(
    "raw", [csv_of_table(pd.DataFrame()), csv_of_rows([], []), csv_of_table(pd.DataFrame({"a": []})), csv_of_rows("a", [])]
)
def test_a_table_without_columns_or_rows_is_read(raw):
    table = pd.read_csv(io.BytesIO(raw))
    assert len(table) == 0
    assert len(table.columns) == 1
