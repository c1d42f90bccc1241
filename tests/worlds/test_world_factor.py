"""A sweep over worlds: `world` as a factor of a study."""

import pytest
from test_world_set import ABOUT, BASE, some

import sim
from sim.errors import ScenarioError, UserError
from sim.worlds import world_set
from sim.worlds.world_set import read_worlds, write_worlds

STUDY = {
    "name": "over-worlds",
    "scenario": BASE.with_changes({"city.preset": "synthetic", "city.residents": 600, "horizon": 4}).as_data(),
    "design": {"kind": "grid", "levels": 2},
    "outcomes": {"stability": "end", "rate_contacts": "mean"},
}


@pytest.fixture(autouse=True)
def shipped_set(tmp_path, monkeypatch):
    monkeypatch.setattr(world_set, "SHIPPED", write_worlds(some(), ABOUT, tmp_path / "shipped.parquet"))


def test_a_sweep_takes_worlds_and_levers(tmp_path):
    study = sim.make_study({**STUDY, "factors": {"world": [2, 5], "stance.transparency": [0.2, 0.8]}})
    runs = sim.sweep(study, tmp_path / "out", workers=1).runs
    assert runs["state"].tolist() == ["done"] * 4
    assert runs.groupby("world")["rate_contacts"].first().nunique() == 2
    own = study.scenario.with_changes({"stance.transparency": 0.2})
    there = sim.simulate(read_worlds().world(5).apply(own), seed=study.seed)
    row = runs[(runs["world"] == 5) & (runs["stance.transparency"] == 0.2)].iloc[0]
    assert row["stability"] == there.weekly["stability"].iloc[-1]


def test_worlds_from_low_to_high_are_drawn_as_whole_numbers():
    study = sim.make_study({**STUDY, "design": {"kind": "lhs", "samples": 12}, "factors": {"world": {"low": 1, "high": 6}}})
    points = sim.experiments.studies.designs.points(study)
    assert sorted(set(points["world"])) == [1, 2, 3, 4, 5, 6]


def test_a_coefficient_that_is_varied_itself_counts():
    study = sim.make_study({**STUDY, "factors": {"world": [1, 2], "mechanisms.offending.base": [0.01, 0.03]}})
    changes = study.changes({"world": 1, "mechanisms.offending.base": 0.03})
    assert study.scenario.with_changes(changes).mechanisms["offending"].base == 0.03


@pytest.mark.parametrize("wrong", [[7], [0, 1], ["a"], [1.5], {"low": 1, "high": 9}, {"low": 3, "high": 2}, {"low": 1}])
def test_other_numbers_are_told(wrong):
    with pytest.raises(ScenarioError, match="numbers of worlds from 1 to 6"):
        sim.make_study({**STUDY, "factors": {"world": wrong}})


def test_without_a_set_it_is_said_how_to_make_one(monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    with pytest.raises(UserError, match="sanzhi worlds make"):
        sim.make_study({**STUDY, "factors": {"world": [1]}})
