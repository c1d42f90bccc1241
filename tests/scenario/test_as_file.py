"""A scenario as the text of a file: what is read from it is what was written, and people can read it."""

import pytest
import yaml

from sim.scenario import load_scenario
from sim.scenario.export.as_file import as_file

TABLE = "name,residents\n\nCentre,9000\n 城北 ,8000\n"


@pytest.mark.parametrize(
    "text",
    [TABLE, "x\n", "\n\n", "ends with a space \nb", "tab\there\nb", "#x\n- y: 1", "no lines"],
    ids=repr,
)
def test_what_is_read_is_what_was_written(text):
    data = {"city": {"communities": text}}
    assert yaml.safe_load(as_file(data)) == data


def test_a_table_stands_line_by_line():
    text = as_file({"z": 1, "a": "name,residents\nCentre,9000\n"})
    assert text == "z: 1\na: |\n  name,residents\n  Centre,9000\n"


def test_a_shipped_scenario_is_the_same_again(tmp_path):
    scenario = load_scenario("baseline")
    path = tmp_path / "baseline.yaml"
    path.write_text(as_file(scenario.as_data()), encoding="utf-8")
    assert load_scenario(path).hash == scenario.hash
