"""The page of history matching says what the tables that are kept say, and the tables are of the model as it is."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from docs.making import history, versions
from docs.making.markdown import MODEL
from sim.experiments.calibration.calibrate import FREE
from sim.scenario import load_scenario
from sim.scenario.cities.reference_rates import reference_ranges
from sim.version import MODEL_VERSION

PAGE = (MODEL / "history_matching.md").read_text(encoding="utf-8")
of_this_version = pytest.mark.skipif(bool(versions.note("history")), reason="the tables are of an earlier model version, as the page says")


def test_the_page_is_made_from_the_tables():
    assert history.text() == PAGE


def test_the_page_says_where_its_numbers_are_of_an_earlier_version(monkeypatch):
    for version, said in (("2", True), (MODEL_VERSION, False)):
        monkeypatch.setattr(versions, "read", lambda version=version: {"history": version})
        assert (f"of model version {version}" in history.text().splitlines()[4]) == said


@of_this_version
def test_every_free_coefficient_and_every_rate_has_a_row():
    assert {*FREE, *reference_ranges()} <= set(re.findall(r"^\| `([\w.]+)`", PAGE, re.M))


@of_this_version
def test_the_tables_are_of_the_present_coefficients():
    mechanisms = load_scenario("baseline").mechanisms
    kept = history.read()["coefficients"].set_index("coefficient")["present"]
    assert kept.to_dict() == pytest.approx({name: getattr(mechanisms[name.split(".")[0]], name.split(".")[1]) for name in FREE}, rel=1e-4)


def test_rates_for_which_the_defaults_are_implausible_are_named():
    rates = history.read()["rates"]
    wrong = rates.loc[rates["implausibility"] > 3, "rate"].tolist()
    assert ("The present values are implausible for no rate" in PAGE) == (not wrong)
    assert all(re.search(rf"themselves implausible for .*{name}", PAGE) for name in wrong)
