"""In rules: one agent where a set is, and groups by name."""

import numpy as np
import pytest
from cities import small

from sim.model import GovernanceModel
from sim.rules import AgentRule, FunctionRule, RuleFailed
from sim.simulation import Simulation


def lived(*rules, weeks: int = 1) -> Simulation:
    simulation = Simulation(small(weeks, residents=600), 1, rules=rules)
    simulation.advance(weeks)
    return simulation


def moved(rule) -> np.ndarray:
    """Rows whose norm a rule has moved."""
    return np.flatnonzero(lived(rule).city.residents.values("norm") != lived().city.residents.values("norm"))


@pytest.mark.parametrize("few", [lambda city: city.residents[5], lambda city: [city.residents[5]], lambda city: city.residents[5:6]])
def test_one_agent_a_list_and_a_set_are_shifted_alike(few):
    assert moved(FunctionRule(lambda city: city.shift(few(city), "norm", 0.1))).tolist() == [5]


def test_a_rule_may_choose_one_agent_or_nobody():
    class One(AgentRule):
        def select(self, residents, city):
            return residents[7] if city.week == 0 else None

        def act(self, resident, city):
            city.shift(resident, "norm", 0.1)

    assert moved(One()).tolist() == [7]
    lived(One(), weeks=2)


def test_what_is_no_agent_is_reported():
    with pytest.raises(RuleFailed, match="agents of the same model"):
        lived(FunctionRule(lambda city: city.shift(5, "norm", 0.1)))


def test_one_agent_is_taken_where_sets_combine():
    model = GovernanceModel(small(residents=600), seed=1)
    some, one = model.residents[:3], model.residents[4]
    assert len(some | one) == 4
    assert len(some - model.residents[0]) == 2
    assert model.residents[1] in (some & model.residents[1])


def test_groups_of_choices_have_names():
    model = GovernanceModel(small(weeks=3, residents=600), seed=1)
    model.run_model()
    groups = model.residents.groupby("status").groups
    assert set(groups) <= {"calm", "volunteering", "active", "jailed"}
    assert set(groups["volunteering"].get("status")) == {1}
    assert model.residents.groupby("status").count()["calm"] == (model.residents.array("status") == 0).sum()
    assert set(model.residents.groupby("status").agg("norm", np.mean)) == set(groups)
    assert set(model.residents.groupby("local").groups) <= {0, 1}
