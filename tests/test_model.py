"""The simulation as a Mesa model."""

import copy
import pickle

import mesa
import numpy as np
import pytest
from cities import KINDS, small

import sim
from sim.errors import ScenarioError, UserError
from sim.model import GovernanceModel
from sim.simulation import Simulation


def trajectory(model):
    model.run_model()
    return model.simulation.content_hash()


def test_it_is_a_model_of_mesa_that_steps_a_week():
    model = GovernanceModel(small(weeks=3), seed=1)
    assert isinstance(model, mesa.Model)
    assert (model.week, model.steps, model.horizon, model.running) == (0, 0, 3, True)
    model.step()
    assert (model.week, model.steps, model.running) == (1, 1, True)


def test_it_lives_what_the_engine_lives():
    simulation = Simulation(small(), seed=6)
    simulation.advance(10)
    assert trajectory(GovernanceModel(small(), seed=6)) == simulation.content_hash()


def test_it_stops_at_the_horizon_and_says_so():
    model = GovernanceModel(small(weeks=4), seed=1)
    model.run_model()
    assert (model.week, model.running) == (4, False)
    with pytest.raises(ValueError, match="horizon of 4 weeks is reached"):
        model.step()
    assert model.steps == 4


def test_two_live_models_do_not_disturb_each_other():
    alone = trajectory(GovernanceModel(small(), seed=1))
    a, b = GovernanceModel(small(), seed=1), GovernanceModel(small(residents=900), seed=2, rule_of_law=0.1)
    while a.running:
        a.step()
        b.step()
        b.residents.set("norm", 0.1)
        b.residents[0].status = "active"
    assert a.simulation.content_hash() == alone
    assert a.residents[0].norm != b.residents[0].norm
    assert len({id(agent.model) for agent in (a.residents[0], b.residents[0])}) == 2


def test_what_is_written_through_a_view_matters_in_the_weeks_that_follow():
    a, b = GovernanceModel(small(), seed=1), GovernanceModel(small(), seed=1)
    b.residents.set("legitimacy", 0.1)
    assert trajectory(a) != trajectory(b)


@pytest.mark.parametrize("same", [{"seed": 7}, {"rng": 7}, {"rng": np.int64(7)}, {"seed": np.uint8(7)}])
def test_seed_and_rng_mean_the_same(same):
    assert GovernanceModel(small(), **same).seed == 7
    assert trajectory(GovernanceModel(small(weeks=2), **same)) == trajectory(GovernanceModel(small(weeks=2), seed=7))


def test_without_a_seed_one_is_drawn_and_can_be_reused():
    a, b = GovernanceModel(small(weeks=2)), GovernanceModel(small(weeks=2))
    assert a.seed != b.seed
    assert trajectory(GovernanceModel(small(weeks=2), seed=a.seed)) == trajectory(a)


def test_whatever_numpy_takes_for_a_generator_will_do():
    def seed(rng):
        return GovernanceModel(small(), rng=rng).seed

    assert seed(np.random.default_rng(3)) == seed(np.random.default_rng(3)) != seed(np.random.default_rng(4))
    assert seed([1, 2]) == seed([1, 2]) != seed(np.random.SeedSequence(5))
    shared = np.random.default_rng(3)
    assert seed(shared) != seed(shared)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"seed": 1, "rng": 1}, ValueError),
        ({"seed": -1}, ValueError),
        ({"rng": 2**63}, ValueError),
        ({"seed": 1.5}, TypeError),
        ({"seed": "x"}, TypeError),
    ],
)
def test_a_seed_that_is_none_is_refused(wrong, error):
    with pytest.raises(error, match="seed"):
        GovernanceModel(small(), **wrong)


def test_the_largest_seed_is_a_seed():
    assert GovernanceModel(small(weeks=2), seed=2**63 - 1).seed == 2**63 - 1


def test_mesas_generators_repeat_with_the_seed():
    a, b = GovernanceModel(small(), seed=5), GovernanceModel(small(), seed=5)
    assert a.random.random() == b.random.random()
    assert a.rng.random() == b.rng.random()


def test_without_a_scenario_there_is_a_small_city():
    model = GovernanceModel(seed=1, horizon=2)
    assert 1000 <= len(model.residents) <= 20_000
    model.run_model()
    assert 0 < model.metrics["stability"] < 1


def test_a_scenario_may_be_a_name_or_a_file(tmp_path):
    shipped = GovernanceModel("baseline", seed=1, **{"city.scale": 0.00005})
    assert shipped.simulation.scenario.name == "baseline"
    file = tmp_path / "own.yaml"
    file.write_text("city: {preset: synthetic, residents: 600, districts: 2}\nhorizon: 2\n")
    for path in (file, str(file)):
        assert GovernanceModel(path, seed=1).simulation.scenario.name == "own"


def test_levers_stances_and_dotted_keys_change_the_scenario():
    model = GovernanceModel(
        small(), seed=1, self_governance=0.3, rule_of_law=0.2, transparency=0.9, budget=0.8, horizon=7, **{"mechanisms.norms.step": 0.1}
    )
    scenario = model.simulation.scenario
    assert (scenario.policy.self_governance.share, scenario.policy.rule_of_law.share) == (0.3, 0.2)
    assert (scenario.stance.transparency, scenario.budget, scenario.horizon, scenario.mechanisms["norms"].step) == (0.9, 0.8, 7, 0.1)
    assert small().policy.self_governance.share == 0.15


def test_every_wrong_lever_is_named_with_what_was_probably_meant():
    with pytest.raises(ScenarioError) as reported:
        GovernanceModel(small(), self_governence=0.3, transparancy=0.2)
    assert [problem.suggestion for problem in reported.value.problems] == ["self_governance", "transparency"]
    with pytest.raises(ScenarioError, match="rule_of_law"):
        GovernanceModel(small(), rule_of_law=1.5)
    with pytest.raises(ScenarioError, match="sum"):
        GovernanceModel(small(), rule_of_law=0.9)


@pytest.mark.parametrize("wrong", [3, ("name", "x"), {"name": "x"}])
def test_what_is_no_scenario_is_refused(wrong):
    with pytest.raises(TypeError, match="expected a Scenario, a file or a name"):
        GovernanceModel(wrong)


def test_an_unknown_name_is_refused():
    with pytest.raises(UserError):
        GovernanceModel("no_such_city")


def test_agents_of_every_kind():
    model = GovernanceModel(small(), seed=1)
    assert [kind.__name__ for kind in model.agent_types] == KINDS
    assert list(model.agents_by_type) == model.agent_types
    assert len(model.agents) == sum(len(agents) for agents in model.agents_by_type.values())
    assert len(model.residents) == 1200
    assert all(type(agents[0]) is kind for kind, agents in model.agents_by_type.items())


def test_sets_handed_out_do_not_change_the_model():
    model = GovernanceModel(small(), seed=1)
    model.agents.select(at_most=3, inplace=True)
    model.agents_by_type[model.agent_types[0]].shuffle(inplace=True)
    assert len(model.agents) > 1200
    assert model.residents.get("unique_id") == list(range(1, 1201))


def test_agents_cannot_be_put_in_or_replaced():
    model = GovernanceModel(small(), seed=1)
    with pytest.raises(TypeError, match="Agent cannot join"):
        mesa.Agent(model)
    for name in ("agents", "residents", "agents_by_type", "scenario"):
        with pytest.raises(AttributeError):
            setattr(model, name, [])


def test_where_the_scenario_is_to_be_found():
    model = GovernanceModel(small(), seed=1)
    assert getattr(model, "scenario", None) is None  # Mesa 3.5 would refuse to draw a model with a scenario that is not Mesa's
    with pytest.raises(AttributeError, match=r"model\.simulation\.scenario"):
        _ = model.scenario


def test_a_running_model_is_not_copied():
    model = GovernanceModel(small(), seed=1)
    for copying in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="same scenario and seed"):
            copying(model)


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("sim.simulation.SMALL", 0)
    scenario = small(weeks=4, residents=3000)
    assert trajectory(GovernanceModel(scenario, seed=1, threads=2)) == trajectory(GovernanceModel(scenario, seed=1))


def test_a_model_can_be_extended():
    class Watched(GovernanceModel):
        def __init__(self, *arguments, **more):
            super().__init__(*arguments, **more)
            self.seen = []

        def step(self):
            super().step()
            self.seen.append(self.residents.agg("norm", np.mean))

    model = Watched(small(weeks=3), seed=1)
    model.run_model()
    assert len(model.seen) == model.steps == 3


def test_the_model_is_part_of_the_public_interface():
    assert sim.GovernanceModel is GovernanceModel
