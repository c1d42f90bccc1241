"""Columns of written tables say what they are to whoever reads the file alone."""

import contextlib
import sqlite3

import pyarrow.parquet as pq
import pytest

from sim.experiments.comparisons.attribute import attribute
from sim.experiments.comparisons.compare import compare
from sim.experiments.runs.simulate import simulate
from sim.metrics import FLOW_COLUMNS, METRICS
from sim.metrics.columns import PLAIN
from sim.results import write_run
from sim.scenario import read_scenario

CITY = {"preset": "synthetic", "residents": 600, "districts": 2}


def written(folder):
    """Metadata of every column of every table in a folder, by table and column."""
    return {
        (path.stem, field.name): {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        for path in folder.glob("*.parquet")
        for field in pq.read_schema(path)
    }


@pytest.fixture(scope="module")
def scenarios():
    usual = read_scenario({"name": "usual", "horizon": 53, "city": CITY})
    return usual, usual.with_changes({"name": "law", "policy.rule_of_law": 0.1})


def test_every_column_of_a_run_has_unit_and_title(scenarios, tmp_path):
    run = write_run(simulate(scenarios[0], attribution=True), tmp_path / "run")
    found = written(run.folder)
    assert {table for table, _ in found} == {"weekly", "districts", "flows", "communities", "staff", "attribution"}
    assert [column for column, about in found.items() if not about.get("title") or "unit" not in about] == []
    stability = METRICS["stability"]
    assert found["weekly", "stability"] == {"unit": stability.unit, "title": stability.title, "title_zh": stability.title_zh}
    assert found["flows", "offences"]["unit"] == "count in the week"  # the metric of that name is a rate
    assert found["weekly", "offences"]["unit"] == METRICS["offences"].unit != "count in the week"
    assert found["communities", "offences"]["unit"] == "count in the year"


@pytest.mark.parametrize("experiment", [compare, attribute])
def test_every_column_of_an_experiment_has_unit_and_title(experiment, scenarios, tmp_path):
    asked = [scenarios] if experiment is compare else list(scenarios)
    folder = experiment(*asked, replicates=2, workers=1).write(tmp_path / "experiment")
    assert [column for column, about in written(folder).items() if not about.get("title") or "unit" not in about] == []


NOT_YET = {"order"}
"""A metric that people type in scenarios: to be quoted in SQL."""
DUCKDB = """
all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc
describe distinct do else end except false fetch for foreign from grant group having in initially intersect into lambda lateral
leading limit not null offset on only or order pivot placing primary qualify references returning select show some summarize
symmetric table then to trailing true union unique unpivot using variadic when where window with anti asof cross full glob ilike
inner is isnull join left like map natural notnull outer overlaps positional right semi similar struct tablesample
""".split()
"""Words that DuckDB and PostgreSQL keep for themselves, as columns or before a bracket."""


def quoted(column):
    """Whether a column must be put in quotes: SQLite is asked, of DuckDB the list is kept."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(f"SELECT {column} FROM (SELECT 1 AS {column}) ORDER BY {column}")
        except sqlite3.OperationalError:
            return True
    return column.lower() in DUCKDB


def test_no_column_is_a_word_of_sql():
    tables = [METRICS, FLOW_COLUMNS.values(), PLAIN, SETS]
    assert {name for table in tables for name in table if quoted(name)} <= NOT_YET
    assert quoted("order")
    assert quoted("left")


SETS = (
    "coefficient present low high left_low left_high narrowed bounded_by rate luck implausibility explained far trusted ruled_out wave"
    " points hold left_first left_second left_third distrusted a b a_value b_value least share_left before after moves misfit inside"
).split()
"""Columns of calibration and history matching."""
