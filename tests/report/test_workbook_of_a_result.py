"""The workbook of a result has the numbers of its other files, and explains every column in two languages."""

import io
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from some_worlds import ABOUT, some
from workbooks import faults

from sim import attribute, compare, mix, simulate, write_run, write_workbook
from sim.analysis.sensitivity import COLUMNS as SENSITIVITY
from sim.errors import UserError
from sim.experiments.studies.analyze import BOXES
from sim.experiments.validation.area_by_area import COLUMNS as AREAS
from sim.metrics import METRICS
from sim.report.workbook.explained import explained
from sim.scenario import read_scenario
from sim.worlds.world_set import WorldSet

CITY = {"preset": "synthetic", "residents": 400, "districts": 2}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def scenario():
    return read_scenario({"name": "harbour", "title": {"en": "Harbour =1+1", "zh": "海港"}, "horizon": 53, "city": CITY})


@pytest.fixture(scope="module")
def run(scenario, tmp_path_factory):
    made = simulate(scenario, seed=2**62, replicates=2)
    return write_run(made, tmp_path_factory.mktemp("run") / "run", csv=True)


@pytest.fixture(scope="module")
def comparison(scenario):
    return compare([scenario, scenario.with_changes({"name": "law", "policy.rule_of_law": 0.1})], replicates=2, workers=1)


def sheets(file):
    """Every sheet but the first as a table, and the cells of the first."""
    book = openpyxl.load_workbook(file)
    about = [[cell for cell in row if cell is not None] for row in book.worksheets[0].iter_rows(values_only=True)]
    return {name: pd.read_excel(file, sheet_name=name, keep_default_na=False, na_values=[""]) for name in book.sheetnames[1:]}, about


def test_numbers_are_those_of_parquet_and_csv_to_the_last_digit(run, tmp_path):
    found, _ = sheets(write_workbook(run, tmp_path / "run.xlsx"))
    assert set(found) == {path.stem for path in run.folder.glob("*.parquet")} == {path.stem for path in run.folder.glob("*.csv")}
    for name, table in found.items():
        stored = pd.read_parquet(run.folder / f"{name}.parquet")
        csv = pd.read_csv(run.folder / f"{name}.csv", encoding="utf-8-sig", dtype=str)
        assert list(table) == list(stored) == list(csv)
        for column, kept in stored.items():
            if kept.dtype.kind != "f":
                assert list(map(str, table[column])) == list(map(str, kept)) == list(csv[column]), (name, column)
                continue
            values = table[column].to_numpy(float)
            np.testing.assert_array_equal(values, np.array(list(map(float, csv[column]))), err_msg=f"{name}.{column}")
            np.testing.assert_array_equal(values.astype(kept.dtype), kept.to_numpy(), err_msg=f"{name}.{column}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_column_is_explained(run, comparison, lang, tmp_path):
    for result in (run, comparison):
        found, about = sheets(write_workbook(result, tmp_path / "book.xlsx", lang))
        rows = {(row[0], row[1]): row[-1] for row in about if len(row) > 2}
        for name, table in found.items():
            for column in table:
                said = rows[name, column]
                assert bool(CHINESE.search(said)) == (lang == "zh"), (name, column, said)
        words = str(about)
        assert result.manifest["content_hash"] in words
        assert result.manifest["versions"]["model"] in words
    assert METRICS["stability"].doc_in(lang) in words  # a metric that is named in rows
    assert ("偶然" if lang == "zh" else "luck alone") in words


def test_over_worlds_the_words_are_explained(scenario, tmp_path):
    short = scenario.with_changes({"horizon": 8})
    other = short.with_changes({"name": "law", "policy.rule_of_law": 0.1})
    few = {"worlds": WorldSet(some(3), ABOUT), "residents": 400, "workers": 1}
    result = compare([short, other], districts=True, **few)
    found, about = sheets(write_workbook(result, tmp_path / "worlds.xlsx"))
    assert "Holds: at least 95%" in str(about)
    assert "luck alone, under one set of assumptions" not in str(about)
    assert "world_districts" in found
    assert "world_carriers" not in found
    assert "world_carriers: no rows" in str(about)
    for one in (result, attribute(short, other, **few), mix(short, steps=2, **few)):
        assert faults(write_workbook(one, tmp_path / "worlds.xlsx")) == []


def test_every_sheet_of_a_run_has_units_that_fit(run, tmp_path):
    assert faults(write_workbook(run, tmp_path / "run.xlsx")) == []


@pytest.mark.parametrize(
    ("kind", "table", "columns"),
    [
        ("analyze", "sensitivity", ("outcome", *SENSITIVITY, "direction")),
        ("analyze", "boxes", BOXES),
        (
            "analyze",
            "robustness",
            ("futures", "mean_stability", "worst_stability", "regret_mean_stability", "regret_max_stability", "share"),
        ),
        ("validate-against", "areas", AREAS),
        ("optimize", "tried", ("generation", "low_stability", "high_stability", "share", "low", "high", "miss", "runs", "front")),
        ("history-match", "points", ("wave", "offending.base", "offences")),
    ],
)
def test_columns_that_only_some_commands_write_are_explained(kind, table, columns):
    for column in columns:
        assert explained(table, column, "en", kind).meaning, column
        assert CHINESE.search(explained(table, column, "zh", kind).meaning), column


def test_shares_are_per_cent_and_names_are_whole_numbers(run, comparison, tmp_path):
    weekly = openpyxl.load_workbook(write_workbook(run, tmp_path / "run.xlsx"))["weekly"]
    shown = {cell.value: below.number_format for cell, below in zip(weekly[1], weekly[2], strict=True)}
    assert (shown["week"], shown["feel_safe"]) == ("0", "0.00%")
    assert shown["stability"].startswith("#,##0.0")
    sheet = openpyxl.load_workbook(write_workbook(comparison, tmp_path / "compared.xlsx"))["differences"]
    head = {cell.value: place for place, cell in enumerate(sheet[1])}
    formats = {row[head["metric"]].value: row[head["base"]].number_format for row in sheet.iter_rows(min_row=2)}
    assert formats["feel_safe"] == "0.00%"
    assert not formats["stability"].endswith("%")


def test_a_table_too_long_is_told_and_the_rest_is_written(run, tmp_path):
    told = []
    found, about = sheets(write_workbook(run, tmp_path / "run.xlsx", tell=told.append, most_rows=150))
    assert "weekly" in found
    assert "staff" not in found
    line = next(line for line in told if line.startswith("staff"))
    assert "Parquet" in line
    assert line in str(about)
    with pytest.warns(UserWarning, match="staff"):
        write_workbook(run, tmp_path / "run.xlsx", most_rows=150)


def test_the_same_result_gives_the_same_bytes(scenario, run, tmp_path):
    again = simulate(scenario, seed=2**62, replicates=2)
    files = [write_workbook(one, tmp_path / f"{place}.xlsx").read_bytes() for place, one in enumerate([run, again, run.folder])]
    assert files[0] == files[1] == files[2]


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.xlsx").mkdir()
    for place in (tmp_path / "file" / "book.xlsx", tmp_path / "folder.xlsx"):
        with pytest.raises(UserError, match="cannot write"):
            write_workbook(run, place)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder.xlsx"]


def test_other_things_are_refused(run, tmp_path):
    with pytest.raises(UserError, match="expected a run"):
        write_workbook(pd.DataFrame(), tmp_path / "book.xlsx")
    with pytest.raises(UserError, match="expected one of en"):
        write_workbook(run, tmp_path / "book.xlsx", "fr")


def test_a_title_is_never_a_formula(run, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(run, tmp_path / "book.xlsx").read_bytes()))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}
