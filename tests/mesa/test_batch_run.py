"""mesa.batch_run works on the model, with replicates that differ and can be repeated."""

import warnings

import mesa
import pytest
from cities import small

from sim.metrics import METRICS
from sim.model import GovernanceModel
from sim.scenario import Scenario

MESA_35 = hasattr(mesa, "time")


def batch(parameters, seeds=None, **more):
    """Mesa 3.5 takes the seeds itself and overrides any among the parameters; Mesa 3.3 knows them as a parameter only."""
    if seeds and MESA_35:
        more["rng"] = seeds
    elif seeds:
        parameters = {**parameters, "seed": seeds}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa 3.5 asks for rng= where 3.3 knows only iterations=
        return mesa.batch_run(GovernanceModel, parameters, display_progress=False, **more)


def test_replicates_without_a_seed_are_distinct_and_say_which_seed_they_had():
    rows = batch({"scenario": [small(weeks=6, residents=600)]}, iterations=2)
    assert [row["iteration"] for row in rows] == [0, 1]
    assert rows[0]["seed"] != rows[1]["seed"]
    assert rows[0]["satisfaction"] != rows[1]["satisfaction"]
    assert all(set(METRICS) < set(row) for row in rows)
    again = GovernanceModel(small(weeks=6, residents=600), seed=rows[1]["seed"])
    again.run_model()
    assert again.metrics["satisfaction"] == rows[1]["satisfaction"]


def test_seeds_as_a_parameter_rng_are_kept_by_every_mesa():
    rows = batch({"scenario": [small(weeks=3, residents=600)], "rng": [1, 2]})
    assert [row["seed"] for row in rows] == [1, 2]


def test_levers_vary_with_common_random_numbers():
    rows = batch({"scenario": [small(weeks=20, residents=600)], "rule_of_law": [0.05, 0.30]}, seeds=[4])
    assert [row["rule_of_law"] for row in rows] == [0.05, 0.30]
    assert {row["seed"] for row in rows} == {4}
    assert rows[0]["legitimacy"] != rows[1]["legitimacy"]


def test_every_week_can_be_had():
    rows = batch({"scenario": [small(weeks=5, residents=600)]}, data_collection_period=1)
    assert [row["week"] for row in rows] == [0, 1, 2, 3, 4]


def test_two_processes_give_what_one_gives():
    parameters = {"scenario": [small(weeks=3, residents=600)]}
    one, two = batch(parameters, seeds=[1, 2]), batch(parameters, seeds=[1, 2], number_processes=2)
    assert sorted((row["seed"], row["satisfaction"]) for row in one) == sorted((row["seed"], row["satisfaction"]) for row in two)
    assert {row["seed"] for row in one} == {1, 2}


def test_a_scenario_that_batch_run_would_take_apart_is_refused_with_advice():
    assert isinstance(small(), Scenario)
    with pytest.raises(TypeError, match=r"in mesa\.batch_run, a list of them"):
        batch({"scenario": small(weeks=3)})
