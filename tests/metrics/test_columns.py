"""Columns of written tables say what they are to whoever reads the file alone."""

import pyarrow.parquet as pq
import pytest

from sim.experiments.attribute import attribute
from sim.experiments.compare import compare
from sim.experiments.simulate import simulate
from sim.metrics import METRICS
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
    assert {table for table, _ in found} == {"weekly", "districts", "flows", "communities", "attribution"}
    assert [column for column, about in found.items() if not about.get("title") or "unit" not in about] == []
    stability = METRICS["stability"]
    assert found["weekly", "stability"] == {"unit": stability.unit, "title": stability.title_en, "title_zh": stability.title_zh}
    assert found["flows", "offences"]["unit"] == "count in the week"  # the metric of that name is a rate
    assert found["weekly", "offences"]["unit"] == METRICS["offences"].unit != "count in the week"
    assert found["communities", "offences"]["unit"] == "count in the year"


@pytest.mark.parametrize("experiment", [compare, attribute])
def test_every_column_of_an_experiment_has_unit_and_title(experiment, scenarios, tmp_path):
    asked = [scenarios] if experiment is compare else list(scenarios)
    folder = experiment(*asked, replicates=2, workers=1).write(tmp_path / "experiment")
    assert [column for column, about in written(folder).items() if not about.get("title") or "unit" not in about] == []
