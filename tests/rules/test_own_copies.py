"""Every simulation works on its own copy of what a caller hands in: nothing is carried on, nothing of the caller's changes."""

import threading
import warnings

import mesa
import numpy as np
import pytest
from cities import small

import sim
from sim.model import GovernanceModel, MetricsCollector
from sim.rules import AgentRule, FunctionRule
from sim.simulation import Simulation

MESA_35 = hasattr(mesa, "time")


class Grant(AgentRule):
    """Aid that runs out: what is left lies in the rule."""

    def __init__(self, **parameters):
        super().__init__(**parameters)
        self.left = 6

    def week(self, city):
        if self.left:
            self.left -= 1
            city.shift(city.residents, "norm", 0.2)


class Lists(AgentRule):
    """The same in a list that its class holds."""

    given: list = []  # noqa: RUF012  (what is tested)

    def week(self, city):
        if len(self.given) < 6:
            self.given.append(city.week)
            city.shift(city.residents, "norm", 0.2)


class Counter:
    """A function with a memory."""

    def __init__(self):
        self.calls = 0

    def __call__(self, city):
        self.calls += 1
        if self.calls < 6:
            city.shift(city.residents, "norm", 0.2)


def batch(rule, processes):
    more = {"rng": [1, 2, 3, 4]} if MESA_35 else {}
    parameters = {"scenario": [small(weeks=4, residents=600)], "rules": [[rule]]} | ({} if MESA_35 else {"seed": [1, 2, 3, 4]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = mesa.batch_run(GovernanceModel, parameters, display_progress=False, number_processes=processes, **more)
    return sorted((row["seed"], row["satisfaction"]) for row in rows)


@pytest.mark.parametrize("make", [Grant, Lists, lambda: FunctionRule(Counter())], ids=["self", "class", "function"])
def test_batch_run_gives_the_same_with_one_and_two_processes_and_leaves_the_rule_alone(make):
    rule = make()
    one = batch(rule, 1)
    assert one == batch(rule, 2)
    assert len({value for _, value in one}) == 4
    assert vars(rule).get("left", 6) == 6
    assert Lists.given == []


def test_a_rule_used_twice_does_twice_the_same_and_what_it_remembers_is_with_the_simulation():
    rule, hashes = Grant(), []
    for _ in range(2):
        simulation = Simulation(small(4), 1, rules=[rule])
        simulation.advance(4)
        hashes.append(simulation.content_hash())
        assert [mine.left for mine in simulation.rules] == [2]
    assert hashes[0] == hashes[1]
    assert rule.left == 6


def test_what_two_rules_share_their_copies_share_too():
    purse = {"left": 3}

    class Spends(AgentRule):
        def week(self, city):
            self.purse["left"] -= 1

    first, second = Spends(), Spends()
    first.purse = second.purse = purse
    simulation = Simulation(small(1), 1, rules=[first, second])
    simulation.advance(1)
    assert [rule.purse["left"] for rule in simulation.rules] == [1, 1]
    assert purse == {"left": 3}


def test_one_rule_is_taken_where_several_are():
    simulation = Simulation(small(1), 1, rules=Grant())
    assert len(simulation.rules) == 1
    assert len(GovernanceModel(small(1), seed=1, rules=Grant()).simulation.rules) == 1


def test_what_cannot_be_copied_is_refused_with_its_name():
    rule = Grant()
    rule.lock = threading.Lock()
    with pytest.raises(sim.UserError, match=r"rule Grant: self\.lock cannot be copied .*its own copy") as reported:
        Simulation(small(1), 1, rules=[rule])
    assert "副本" in reported.value.message.text("zh")
    rule.lock = GovernanceModel(small(1), seed=1).residents[0]
    with pytest.raises(sim.UserError, match="cannot be copied"):
        Simulation(small(1), 1, rules=[rule])


def test_of_a_generator_one_number_is_drawn_and_it_is_not_kept():
    rng, other = (np.random.default_rng(7) for _ in range(2))
    model = GovernanceModel(small(2, residents=600), rng=rng)
    assert model.seed == other.integers(2**63 - 1)
    model.run_model()
    model.residents.shuffle()
    assert rng.bit_generator.state == other.bit_generator.state


def test_a_collector_holds_one_run():
    collector = MetricsCollector()
    for seed in (1, 2):
        model = GovernanceModel(small(2), seed=seed)
        model.datacollector = collector
        if seed == 1:
            model.run_model()
            model.datacollector.collect(model)
        else:
            with pytest.raises(sim.UserError, match="a new one for each model"):
                model.step()


def test_parameters_of_a_scenarios_rule_cannot_be_changed_behind_its_hash():
    source = "def rule(city, every=2): pass\n"
    scenario = small(rules=[{"rule": "a.py:rule", "with": {"every": 3}, "source": source}])
    with pytest.raises(TypeError, match="does not change"):
        scenario.rules[0].settings["every"] = 4
    assert scenario.with_changes({"seed": 2}).rules[0].settings == {"every": 3}


@pytest.mark.parametrize("make", [sim.make_study], ids=["study"])
def test_data_of_a_study_stay_as_they_are_and_are_not_kept(make):
    data = {
        "scenario": small(2),
        "title": {"en": "One"},
        "set": {"policy.rule_of_law": 0.2, "policy.rule_of_law.split": {"policing": 1.0}},
        "design": {"kind": "grid"},
        "factors": {"stance.transparency": [0.1, 0.2]},
        "outcomes": {"stability": "end"},
    }
    before = repr(data)
    study = make(data)
    assert repr(data) == before
    data["title"]["en"] = "Two"
    data["factors"]["stance.transparency"].append(0.9)
    assert study.title["en"] == "One"
    assert study.factors[0].values == (0.1, 0.2)


def test_a_mapping_of_changes_is_not_kept():
    changes = {"policy": {"rule_of_law": {"share": 0.2, "split": {"policing": 1.0}}}}
    scenario = small(2).with_changes(changes)
    digest = scenario.hash
    changes["policy"]["rule_of_law"]["split"]["policing"] = 0.0
    assert scenario.policy.rule_of_law.split["policing"] == 1.0
    assert digest == scenario.with_changes({}).hash
