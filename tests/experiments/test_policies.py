"""Studies of policies: every named policy in the same sampled futures, compared by what each loses there."""

import numpy as np
import pandas as pd
import pytest
from studies import CITY, Here

from sim.errors import ScenarioError
from sim.experiments.studies import designs
from sim.experiments.studies.analyze import analyze
from sim.experiments.studies.study_file import kind_of, load_study, make_study
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import planned, sweep
from sim.simulation import Simulation

DATA = {
    "name": "choice",
    "scenario": "baseline",
    "set": CITY,
    "horizon": 4,
    "design": {"kind": "policies", "samples": 5, "seed": 2},
    "policies": {"present": {}, "open": {"stance.transparency": 1, "policy.rule_of_law": 0.2}, "poor": {"budget": 0.8}},
    "factors": {"mechanisms.norms.step": {"low": 0.02, "high": 0.12}, "mechanisms.norms.enabled": [True, False]},
    "replicates": 2,
    "outcomes": ["stability", "satisfaction"],
}
FUTURE = list(DATA["factors"])


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    return sweep(DATA, tmp_path_factory.mktemp("swept"), executor=Here)


def test_every_policy_is_run_in_the_same_futures():
    plan = planned(make_study(DATA))
    assert list(plan.columns) == ["policy", *FUTURE]
    futures = {name: part[FUTURE].reset_index(drop=True) for name, part in plan.groupby("policy")}
    assert set(futures) == set(DATA["policies"])
    for other in futures.values():
        pd.testing.assert_frame_equal(other, futures["present"])
    assert len(futures["present"]) == 5
    assert sorted((futures["present"][FUTURE[0]] - 0.02) // 0.02) == [0, 1, 2, 3, 4]  # one in each fifth: a Latin hypercube
    without = {key: value for key, value in DATA.items() if key != "policies"}
    alone = designs.points(make_study(without | {"design": {"kind": "lhs", "samples": 5, "seed": 2}}))
    pd.testing.assert_frame_equal(futures["open"], alone)


def test_a_run_is_the_scenario_with_the_policy_in_the_future(swept):
    row = swept.runs[(swept.runs["policy"] == "open") & (swept.runs["replicate"] == 1)].iloc[2]
    changes = {**DATA["policies"]["open"], **{key: row[key] for key in FUTURE}}
    simulation = Simulation(swept.study.scenario.with_changes(changes), int(row["seed"]))
    simulation.advance(4)
    assert row["content_hash"] == simulation.content_hash()
    assert isinstance(row["mechanisms.norms.enabled"], bool | np.bool_)


def test_the_table_and_the_study_are_read_back_as_they_were(swept):
    again = read_study(swept.folder)
    assert again.study == make_study(DATA)
    assert make_study(again.study.as_data()) == again.study
    pd.testing.assert_frame_equal(again.runs, swept.runs)


def test_policies_are_compared_by_regret_and_by_targets(swept):
    found = analyze(swept, {"stability": ("at_least", 0.0)})
    assert found.policy == ["policy"]
    assert found.uncertain == FUTURE
    table = found.robust.set_index("policy")
    assert set(table.index) == set(DATA["policies"])
    assert (table["futures"] == 5).all()
    assert (table["share"] == 1).all()
    means = swept.runs.pivot_table(index="policy", columns=FUTURE[0], values="satisfaction")
    lost = means.max() - means
    np.testing.assert_allclose(table["regret_max_satisfaction"], lost.max(axis=1).reindex(table.index))
    assert lost.min().eq(0).all()
    ways = found.sensitivity.set_index("factor")["direction"]
    assert np.isnan(ways.get("policy", np.nan)).all() if "policy" in ways else True


WRONG = {
    "one alone": ({"policies": {"present": {}}}, "2 to 1000 of them"),
    "a word in the place of a mapping": ({"policies": {"present": {}, "open": 5}}, "policies.open: got 5"),
    "a key that is none": ({"policies": {"a": {}, "b": {"stance.transparancy": 1}}}, "did you mean transparency"),
    "a key that the futures vary": ({"policies": {"a": {}, "b": {"mechanisms.norms.step": 0.1}}}, "not varied elsewhere"),
    "a section that the futures vary a part of": ({"policies": {"a": {}, "b": {"mechanisms.norms": {}}}}, "not varied elsewhere"),
    "shares beyond the budget": ({"policies": {"a": {}, "b": {"policy.rule_of_law": 0.9}}}, "at most 1 in all"),
    "luck": ({"policies": {"a": {}, "b": {"seed": 4}}}, "affects the simulation"),
    "a name that is none": ({"policies": {"a": {}, "b c": {}}}, "a name of 1 to 64"),
    "another design": ({"design": {"kind": "lhs", "samples": 5}}, "kind: policies"),
    "none at all": ({"policies": {}}, "2 to 1000 of them"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_study_of_policies_is_reported_in_one_line(name):
    change, says = WRONG[name]
    with pytest.raises(ScenarioError, match=says) as error:
        make_study(DATA | change)
    assert len(error.value.problems) == 1


def test_the_shipped_one_is_such_a_study():
    found = load_study("policies_in_futures")
    assert kind_of("policies_in_futures") == "study"
    assert (len(found.policies), found.design.samples) == (5, 60)
