"""Structural choices by name: in scenarios, studies, cities, schemas, reports and descriptions, and what is said of a wrong name."""

import pytest
from cities import small

from sim.describe.mechanisms import entry
from sim.describe.parameters import parameters_text
from sim.errors import ScenarioError, UserError
from sim.experiments.calibration.calibrate import calibrate
from sim.explain.scenario import explain_scenario
from sim.messages import speaking
from sim.report.run.assumptions import assumptions
from sim.scenario import load_scenario

SMOOTH = {"mechanisms.unrest.arrest_ratio": "smooth"}


def test_a_wrong_name_is_answered_with_the_names_and_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        small().with_changes({"mechanisms.unrest.arrest_ratio": "smoth"})
    said = str(caught.value)
    assert "expected one of floor, smooth" in said
    assert "did you mean smooth?" in said


def test_a_choice_changes_the_hash_of_a_scenario_and_its_default_does_not():
    assert small().with_changes({"mechanisms.unrest.arrest_ratio": "floor"}).hash == small().hash
    assert small().with_changes(SMOOTH).hash != small().hash


def test_a_scenario_written_and_read_again_has_its_choices(tmp_path):
    path = tmp_path / "smooth.yaml"
    path.write_text("schema: 1\nname: smooth\nmechanisms: {unrest: {arrest_ratio: smooth}, services: {memory: none}}\n", encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.mechanisms["unrest"].arrest_ratio == "smooth"
    assert scenario.mechanisms["services"].memory == "none"
    assert scenario.canonical()["mechanisms"]["unrest"]["arrest_ratio"] == "smooth"


def test_descriptions_tell_every_form_in_both_languages():
    for text in (entry("unrest"), parameters_text()):
        assert "floor | smooth" in text
        assert "arrest_ratio: smooth" in text
    with speaking("zh"):
        assert "按实际比值" in entry("unrest")
        assert "recovery 3" in " ".join(entry("services").split())


def test_explain_and_report_name_the_chosen_form():
    scenario = small().with_changes(SMOOTH)
    assert "unrest.arrest_ratio: smooth (default floor)" in explain_scenario(scenario, 1, 1, 1)
    (row,) = assumptions(scenario, "en")["changed"]
    assert (row["key"], row["value"], row["default"]) == ("unrest.arrest_ratio", "smooth", "floor")
    assert "every further protester" in row["doc"]
    assert assumptions(scenario, "en")["count"].split()[0] == assumptions(small(), "en")["count"].split()[0]


def test_a_choice_is_no_coefficient_to_calibrate():
    with pytest.raises(UserError, match="expected a coefficient"):
        calibrate(small(), free={"unrest.arrest_ratio": ("rate_incidents",)})
