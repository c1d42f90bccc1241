"""Structural choices by name: in scenarios, studies, cities, schemas, reports and descriptions, and what is said of a wrong name."""

import shutil
from pathlib import Path

import pytest
from cities import small

import sim.scenario
from sim.describe.mechanisms import entry
from sim.describe.parameters import parameters_text
from sim.errors import ScenarioError, UserError
from sim.experiments.calibration.calibrate import calibrate
from sim.experiments.studies.study_file import make_study
from sim.explain.scenario import explain_scenario
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import structural_choices
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


def test_there_are_at_least_eight_choices_each_a_key_of_a_scenario():
    found = structural_choices(MECHANISMS)
    assert len(found) >= 8
    for key, options in found.items():
        scenario = small().with_changes({key: options[-1]})
        assert scenario.mechanisms[key.split(".")[1]][key.split(".")[2]] == options[-1]


def test_a_study_varies_a_choice_over_its_options_and_refuses_another():
    city = {"preset": "synthetic", "residents": 600, "districts": 2}
    given = {"scenario": {"name": "town", "city": city, "horizon": 4}, "outcomes": ["stability"], "design": {"kind": "grid"}}
    key = "mechanisms.policing.learned_from"
    study = make_study({**given, "factors": {key: ["community", "own", "city"]}})
    assert study.keys == (key,)
    with pytest.raises(ScenarioError, match="did you mean city"):
        make_study({**given, "factors": {key: ["own", "citi"]}})


def test_a_city_of_its_own_may_have_forms_of_its_own(tmp_path):
    shutil.copytree(Path(sim.scenario.__file__).parents[2] / "scenarios" / "cities" / "synthetic", tmp_path / "town")
    path = tmp_path / "town" / "city.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nmechanisms: {unrest: {arrest_ratio: smooth, least: 9}}\n", encoding="utf-8")
    (tmp_path / "here.yaml").write_text("schema: 1\nname: here\ncity: {preset: ./town, scale: 0.05}\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / "here.yaml")
    assert (scenario.mechanisms["unrest"].arrest_ratio, scenario.mechanisms["unrest"].least) == ("smooth", 9.0)


def test_a_choice_is_no_coefficient_to_calibrate():
    with pytest.raises(UserError, match="expected a coefficient"):
        calibrate(small(), free={"unrest.arrest_ratio": ("rate_incidents",)})
