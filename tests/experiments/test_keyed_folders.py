"""Results of one question never overwrite those of another."""

from dataclasses import replace

import pandas as pd
import pytest

from sim.experiments.calibration.calibrate import Calibration, write_calibration
from sim.experiments.calibration.history_match import HistoryMatch, write_history
from sim.scenario import load_scenario

TABLE = pd.DataFrame({"coefficient": ["disputes.rate"], "before": [1.0], "after": [2.0]})
RATES = pd.DataFrame({"rate": ["rate_disputes"], "low": [1.0], "high": [2.0], "value": [1.5], "inside": [True], "origin": ["given"]})
SETTINGS = {"residents": 2000, "weeks": 52, "seeds": 3}


@pytest.fixture(params=["calibration", "history"])
def case(request):
    """How a result is written, and one."""
    if request.param == "calibration":
        return write_calibration, Calibration(TABLE, RATES, SETTINGS)
    return write_history, HistoryMatch(RATES, TABLE, RATES, TABLE, RATES, SETTINGS)


def test_every_question_has_a_folder_of_its_own(case, tmp_path):
    write, found = case
    scenario = load_scenario("baseline")
    asked = [
        (found, scenario),
        (found, scenario.with_changes({"policy.rule_of_law": 0.1})),
        (replace(found, settings=SETTINGS | {"weeks": 104}), scenario),
        (replace(found, coefficients=TABLE.assign(coefficient="norms.kappa")), scenario.with_changes({"horizon": 20})),
        (replace(found, rates=RATES.assign(high=3.0)), scenario),
    ]
    folders = [write(*one, tmp_path) for one in asked]
    assert len(set(folders)) == len(asked)
    assert all(any(folder.iterdir()) for folder in folders)
    assert write(*asked[0], tmp_path) == folders[0]


def test_a_users_own_files_stay_where_the_same_is_asked_again(case, tmp_path):
    write, found = case
    folder = write(found, load_scenario("baseline"), tmp_path)
    results = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "notes.txt").write_text("mine")
    (folder / "coefficients.csv").write_text("edited")
    write(found, load_scenario("baseline"), tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == results | {"notes.txt": b"mine"}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
