"""A user's table is read strictly: every mistake at once, each with its place."""

import contextlib

import numpy as np
import pandas as pd
import pytest
from held import city, table_of
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.patterns.named import COUNTS, FORMS, REPORTED, SHARES, Pattern, parse, within
from sim.errors import ScenarioError, UserError
from sim.experiments.validation.known_data import AREA_COLUMNS, read_data
from sim.metrics import METRICS
from sim.metrics.frames import communities
from sim.simulation import Simulation

GOOD = ["community,population,offences,hardship,x,y", *(f"A{n},{1000 + n},{n},0.{n},{n},{-n}" for n in range(1, 9))]


def read(folder, lines):
    path = folder / "data.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_data(path)


def mistakes(folder, lines) -> list[str]:
    with pytest.raises(ScenarioError) as told:
        read(folder, lines)
    return [str(problem).replace(str(folder / "data.csv"), "data.csv") for problem in told.value.problems]


def test_areas_are_read_with_blanks_as_unknown(tmp_path):
    found = read(tmp_path, [*GOOD[:-1], "A8,1008,,,8,-8"]).areas.columns
    assert found["residents"].tolist() == [1000 + n for n in range(1, 9)]
    assert found["offences"][:2].tolist() == [1, 2]
    assert np.isnan([found["offences"][-1], found["hardship"][-1]]).all()


def test_a_frame_is_read_as_its_csv_would_be():
    frame = table_of(city(np.random.default_rng(0)))
    found = read_data(frame).areas.columns
    np.testing.assert_array_equal(found["offences"], frame["offences"])
    with pytest.raises(ScenarioError, match=r"\(table\):2:\d+: population: got -1"):
        read_data(frame.assign(population=[-1, *frame["population"][1:]]))


def test_numbers_are_read_with_metrics_and_patterns(tmp_path):
    lines = [
        "metric,low,high,source",
        'rate_criminal,2.5,4,"Yearbook, 2020"',
        "moran offences,0.1,0.3,",
        "gradient satisfaction by hardship,-0.2,0,",
    ]
    metric, moran, gradient = read(tmp_path, lines).numbers
    assert (metric.name, metric.low, metric.high, metric.source) == ("rate_criminal", 2.5, 4, "Yearbook, 2020")
    assert moran.what == Pattern("moran", "offences")
    assert gradient.name == lines[3].partition(",")[0]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A8,none,8,0.8,8,-8", "data.csv:9:4: population: got 'none'; expected a number from 1"),
        ("A8,1008,1.5,0.8,8,-8", "data.csv:9:9: offences: got 1.5; expected a whole number"),
        ("A8,1008,-1,0.8,8,-8", "data.csv:9:9: offences: got -1"),
        ("A8,1008,8,80,8,-8", "data.csv:9:11: hardship: got 80; expected a number from 0 to 1; did you mean 0.8?"),
        ("A8,1008,8,0.8,east,-8", "data.csv:9:15: x: got 'east'"),
        ("A1,1008,8,0.8,8,-8", "data.csv:9:1: community: got the community 'A1' again (first in line 2)"),
        ("A8,1008,8,0.8,8", "data.csv:9:1: (file): got 5 cells; expected 6 cells"),
        (",1008,8,0.8,8,-8", "data.csv:9:1: community: got nothing"),
    ],
)
def test_a_mistake_in_a_row_of_areas_is_reported_with_its_place(tmp_path, line, says):
    (told,) = mistakes(tmp_path, [*GOOD[:-1], line])
    assert told.startswith(says), told


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(tmp_path):
    told = mistakes(tmp_path, [GOOD[0], "A1,0,x,0.1,1,1", "A2,1000,2,1.2,2,2", *GOOD[3:]])
    assert [text.split(": ")[0] for text in told] == ["data.csv:2:4", "data.csv:2:6", "data.csv:3:11"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["community,population,ofences", "A,100,3"], "got the unknown column 'ofences'"),
        (["community,population,x,offences", *(f"A{n},100,1,{n}" for n in range(5))], "x: got x alone; expected both x and y, or neither"),
        (["community,population,hardship", *(f"A{n},100,0.{n}" for n in range(5))], "got nothing to compare; expected at least one of"),
        (["community,offences", "A,3"], "got no column population"),
        (["community,population,offences", "A,100,3"], "got 1 row of areas; expected at least 4"),
        ([""], "got an empty file"),
        (["metric,low", "rate_criminal,1"], "got no column high"),
    ],
)
def test_a_table_that_cannot_be_used_is_reported(tmp_path, lines, says):
    assert any(says in text for text in mistakes(tmp_path, lines)), mistakes(tmp_path, lines)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("rate_crimnal,1,2", "2:1: metric: got 'rate_crimnal'; expected a metric, or a pattern such as moran COUNT"),
        ("moran ofences,0,1", "2:1: metric: got 'moran ofences'; expected moran COUNT, with COUNT one of opened"),
        ("gradient offences by income,0,1", "expected gradient COLUMN by hardship"),
        ("jump satisfaction at service high,0,1", "expected jump COLUMN at COLUMN NUMBER"),
        ("gap stops against offences,0,1", "expected gap COLUMN against COLUMN"),
        ("elasticity nothing to policy.rule_of_law,0,1", "expected elasticity COLUMN to COLUMN, or elasticity METRIC to KEY"),
        ("rate_criminal,4,2.5", "2:17: high: got 2.5; expected a number of at least low (4)"),
        ("rate_criminal,low,4", "2:15: low: got 'low'; expected a number"),
    ],
)
def test_a_mistake_in_a_row_of_numbers_is_reported_with_its_place(tmp_path, row, says):
    (told,) = mistakes(tmp_path, ["metric,low,high", row])
    assert says in told


def test_a_near_name_is_proposed_and_a_number_given_twice_is_reported(tmp_path):
    (told,) = mistakes(tmp_path, ["metric,low,high", "rate_crimnal,1,2"])
    assert told.endswith("did you mean rate_criminal?")
    (told,) = mistakes(tmp_path, ["metric,low,high", "stability,0,1", "stability,0.1,1"])
    assert "3:1: metric: got 'stability' again (first in line 2)" in told


@pytest.mark.parametrize(
    ("raw", "expected"), [(b"PK\x03\x04", "expected an Excel workbook"), (b"community,population\n\xff,1\n", "expected text in UTF-8")]
)
def test_what_is_no_table_is_reported(tmp_path, raw, expected):
    (tmp_path / "data.csv").write_bytes(raw)
    with pytest.raises(ScenarioError, match=expected):
        read_data(tmp_path / "data.csv")


def test_no_such_file_is_reported(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        read_data(tmp_path / "data.csv")


@given(st.text(max_size=60))
def test_any_text_is_read_or_reported(text):
    """Whatever stands in a row of numbers: a mistake with its place, and no other error."""
    frame = pd.DataFrame({"metric": [text], "low": ["0"], "high": ["1"]})
    told = []
    with contextlib.suppress(ScenarioError):
        told = read_data(frame).numbers
    assert all(number.name in METRICS or parse(number.name)[0] for number in told)


PATTERNS = within(frozenset(AREA_COLUMNS), 0.55)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_is_read_by_the_name_that_it_is_shown_with(pattern):
    assert parse(pattern.name) == (pattern, "")


def test_every_kind_of_pattern_is_found_in_a_table_with_everything_and_none_in_one_with_nothing():
    assert {pattern.kind for pattern in PATTERNS} == set(FORMS)
    assert within(frozenset({"community", "population"}), 0.5) == []
    assert not [pattern for pattern in within(frozenset(AREA_COLUMNS), None) if pattern.kind == "jump"]


def test_the_columns_are_those_of_runs(a_year):
    assert {*COUNTS, *SHARES, "residents", "hardship", "x", "y"} <= set(a_year.columns)
    judged = {*REPORTED, *REPORTED.values()}
    assert judged <= {*a_year.columns, *METRICS}


@pytest.fixture(scope="module")
def a_year():
    from cities import small

    simulation = Simulation(small(52), 1)
    simulation.advance(52)
    return communities(simulation)
