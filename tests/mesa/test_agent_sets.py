"""Sets of agents answer Mesa's verbs as Mesa's own sets do, for every kind of agent and for all together."""

import copy
import operator
import pickle
from random import Random

import mesa
import numpy as np
import pytest
from cities import KINDS, small
from mesa.agent import AgentSet

from sim.city.organisations import ResidentsCommittee
from sim.city.resident import Resident
from sim.city.sets import ColumnSet
from sim.model import GovernanceModel

EVERYONE = "everyone"


@pytest.fixture(scope="module")
def model():
    """A city after three weeks, which no test here changes."""
    model = GovernanceModel(small(residents=600), seed=1)
    for _ in range(3):
        model.step()
    return model


@pytest.fixture
def fresh():
    return GovernanceModel(small(residents=600), seed=1)


@pytest.fixture(params=[*KINDS, EVERYONE])
def pair(request, model):
    """A set of ours and Mesa's own set of the same agents, with the views that the latter needs kept alive."""
    ours = model.agents if request.param == EVERYONE else model.agents_by_type[kind(model, request.param)]
    views = list(ours)
    return ours, AgentSet(views, random=Random(0)), views


def kind(model, name):
    return model.roster.by_name[name].kind


def column(agents):
    """A single-valued column that every agent of the set has."""
    return next((n for n, c in agents.roster.by_name[type(agents[0]).__name__].columns.items() if not c.slots), None)


def first_column(agents):
    return "unique_id" if len({type(agent) for agent in agents}) > 1 else column(agents)


def same(ours, theirs):
    assert type(ours) is ColumnSet
    return ours.to_list() == list(theirs)


def test_length_order_and_membership(pair):
    ours, theirs, views = pair
    assert isinstance(ours, AgentSet)
    assert len(ours) == len(theirs) == len(views) > 0
    assert list(ours) == list(theirs)
    assert all(agent in ours for agent in views[:: max(1, len(views) // 50)])
    assert ours[0] == views[0]
    assert ours[-1] == views[-1]
    assert ours[1:4].to_list() == views[1:4]
    assert list(reversed(ours)) == views[::-1]
    assert ours.index(views[-1]) == len(views) - 1
    assert ours.count(views[0]) == 1


def test_a_place_beyond_the_end_is_refused(pair):
    ours, _, views = pair
    for place in (len(views), -len(views) - 1):
        with pytest.raises(IndexError):
            ours[place]


def test_get(pair):
    ours, theirs, _ = pair
    name = first_column(ours)
    assert ours.get(name) == theirs.get(name)
    assert ours.get([name, "unique_id"]) == theirs.get([name, "unique_id"])
    assert ours.get("courage", handle_missing="default", default_value=7) == [7] * len(ours)
    with pytest.raises(AttributeError, match="courage"):
        ours.get("courage")
    with pytest.raises(ValueError, match="handle_missing"):
        ours.get(name, handle_missing="ignore")


def test_agg(pair):
    ours, theirs, _ = pair
    name = first_column(ours)
    for function in (sum, min, max, len, np.mean, np.std, np.sum):
        assert ours.agg(name, function) == pytest.approx(theirs.agg(name, function), rel=1e-12)
    assert ours.agg(name, [min, np.max]) == [min(theirs.get(name)), max(theirs.get(name))]
    assert ours.agg(name, {"low": min, "high": max}) == {"low": min(theirs.get(name)), "high": max(theirs.get(name))}
    assert ours.agg(name, []) == []


def test_select_by_function_number_and_type(pair):
    ours, theirs, _ = pair
    odd = lambda agent: agent.unique_id % 2 == 1  # noqa: E731
    for arguments in ({}, {"filter_func": odd}, {"at_most": 2}, {"at_most": 0.5}, {"at_most": 0}, {"filter_func": odd, "at_most": 3}):
        assert same(ours.select(**arguments), theirs.select(**arguments))
    for wanted in (Resident, mesa.Agent, ResidentsCommittee):
        assert same(ours.select(agent_type=wanted), theirs.select(agent_type=wanted))


def test_select_by_truth_values_and_by_columns(pair):
    ours, _, views = pair
    name = first_column(ours)
    values = np.array(ours.get(name))
    middle = np.median(values)
    wanted = [agent for agent, value in zip(views, values) if value >= middle]
    assert ours.select(values >= middle).to_list() == wanted
    if name != "unique_id":
        assert ours.select(**{name: lambda column: column >= np.float64(middle)}).to_list() == wanted
        assert ours.select({name: ours.get(name)[0]}).to_list() == [agent for agent in views if getattr(agent, name) == ours.get(name)[0]]
    with pytest.raises(ValueError, match=f"expected {len(ours)} truth values"):
        ours.select(np.ones(len(ours) + 1, bool))
    with pytest.raises(AttributeError, match="courage"):
        ours.select(courage=1)


def test_select_in_place_changes_the_set_but_not_the_model(pair, model):
    ours, _, _ = pair
    some = ours.copy()
    assert some.select(at_most=1, inplace=True) is some
    assert len(some) == 1
    assert len(model.agents) > 600


def test_sort(pair):
    ours, theirs, _ = pair
    for key in (first_column(ours), "unique_id", lambda agent: -agent.unique_id % 7):
        for ascending in (True, False):
            assert same(ours.sort(key, ascending=ascending), theirs.sort(key, ascending=ascending))
    turned = ours.copy()
    assert turned.sort("unique_id", inplace=True) is turned
    assert turned.to_list() == list(ours)[::-1]


def test_groupby(pair):
    ours, theirs, _ = pair
    for by in (first_column(ours), type, lambda agent: agent.unique_id % 3):
        mine, mesas = ours.groupby(by), theirs.groupby(by, result_type="list")
        assert list(mine.groups) == list(mesas.groups)
        assert all(type(group) is ColumnSet for group in mine.groups.values())
        assert [list(group) for _, group in mine] == [group for _, group in mesas]
        assert mine.count() == mesas.count()
        assert mine.agg("unique_id", max) == mesas.agg("unique_id", max)
        assert mine.map(len) == mesas.map(len)
        assert len(mine) == len(mesas)
        assert mine.do(len) is mine
    assert ours.groupby(type, result_type="list").agg("unique_id", min) == theirs.groupby(type, result_type="list").agg("unique_id", min)


def test_do_and_map(pair):
    ours, theirs, views = pair
    seen = []
    assert ours.do(lambda agent, mark: seen.append((agent, mark)), "x") is ours
    assert seen == [(agent, "x") for agent in views]
    assert ours.do("step") is ours
    assert ours.map(lambda agent, plus=0: agent.unique_id + plus, plus=1) == theirs.map(
        lambda agent, plus=0: agent.unique_id + plus, plus=1
    )
    assert ours.map("__hash__") == [hash(agent) for agent in views]


def test_shuffle_keeps_everybody_and_shuffle_do_visits_everybody_once(pair):
    ours, _, views = pair
    mixed = ours.shuffle()
    assert type(mixed) is ColumnSet
    assert set(mixed) == set(views)
    assert list(ours) == views
    seen = []
    assert ours.shuffle_do(seen.append) is ours
    assert sorted(seen, key=lambda agent: agent.unique_id) == views
    if len(views) > 20:
        assert list(mixed) != views
        assert seen != views


def test_set_writes_for_everybody_of_the_kind(fresh):
    for name in KINDS:
        agents = fresh.roster.of(name)
        free = next((n for n, c in fresh.roster.by_name[name].columns.items() if not c.fixed and not c.slots), None)
        assert agents.set(free, 1) is agents
        assert set(agents.get(free)) == {1}
        assert {getattr(agent, free) for agent in agents} == {1}


def test_sets_combine(pair, model):
    ours, _, views = pair
    low, high = ours[: len(views) // 2 + 1], ours[len(views) // 2 :]
    assert same(low | high, views)
    assert same(low & high, views[len(views) // 2 : len(views) // 2 + 1])
    assert same(low - high, views[: len(views) // 2])
    assert set(low ^ high) == set(views) - {views[len(views) // 2]}
    assert low <= ours
    assert ours >= high
    assert ours == ours.shuffle()
    assert (low == ours) is (len(low) == len(ours))
    assert (low - high).isdisjoint(high)
    assert same(low | views[-1:], [*low, *(view for view in views[-1:] if view not in low)])
    with pytest.raises(TypeError, match="same model"):
        _ = ours | [object()]


def test_agents_of_all_kinds_mix_in_any_order(model):
    mixed = model.agents.shuffle()
    assert len(mixed) == len(model.agents)
    assert mixed.get("unique_id") == [agent.unique_id for agent in mixed]
    assert [type(agent) for agent in mixed] != [type(agent) for agent in model.agents]
    shared = mixed.select(lambda agent: type(agent).__name__ in ("ResidentsCommittee", "SocialOrganisation"))
    assert shared.get("reputation") == [agent.reputation for agent in shared]
    assert shared.get("district") == [agent.district for agent in shared]
    assert shared.groupby("community").count() == {
        k: sum(agent.community == k for agent in shared) for k in dict.fromkeys(shared.get("community"))
    }
    assert mixed.get("reputation", handle_missing="default") == [getattr(agent, "reputation", None) for agent in mixed]
    assert set(map(type, mixed.select(reputation=lambda r: r >= 0))) == {type(agent) for agent in shared}


def test_choices_are_selected_by_name_or_code(model):
    by_name = model.residents.select(status="volunteering")
    assert (
        by_name == model.residents.select(status=1) == model.residents.select(lambda resident: resident.label("status") == "volunteering")
    )
    assert len(by_name) > 0
    several = model.residents.select(age_group=["60-74", "75+"], local=1)
    assert several.to_list() == [r for r in model.residents if r.age_group >= 4 and r.local]
    with pytest.raises(ValueError, match="got 'asleep'; expected one of calm"):
        model.residents.select(status="asleep")


def test_columns_with_several_values(model):
    committees = model.agents_by_type[ResidentsCommittee]
    assert committees.array("duty").shape == (len(committees), 4)
    assert [duty.tolist() for duty in committees.get("duty")] == [committee.duty.tolist() for committee in committees]
    busy = committees.select(duty=lambda duty: duty[:, 0] > 0.2)
    assert busy.to_list() == [committee for committee in committees if committee.duty[0] > np.float32(0.2)]
    with pytest.raises(ValueError, match="several values"):
        committees.select(duty=0.5)
    assert model.residents.array("near").tolist() == [resident.near.tolist() for resident in model.residents]


def test_set_takes_one_value_for_all_or_one_each(fresh):
    some = fresh.residents.select(at_most=10)
    some.set("norm", 0.5)
    assert some.get("norm") == [pytest.approx(0.5, abs=1e-5)] * 10
    assert some.select(norm=0.5).ids.tolist() == some.ids.tolist()
    some.set("cohesion", 0.5)
    assert some.get("cohesion") == [0.5] * 10
    some.set("norm", np.linspace(0, 1, 10))
    assert some.get("norm") == pytest.approx(np.linspace(0, 1, 10))
    some.shuffle(inplace=True).set("norm", np.linspace(0, 1, 10))
    assert some.get("norm") == pytest.approx(np.linspace(0, 1, 10))
    some.set("status", "calm")
    assert set(some.get("status")) == {0}
    committees = fresh.agents_by_type[ResidentsCommittee]
    committees.set("duty", [0.1, 0.2, 0.3, 0.4])
    assert committees.array("duty") == pytest.approx(np.tile([0.1, 0.2, 0.3, 0.4], (len(committees), 1)))
    committees.set("duty", np.eye(4)[np.arange(len(committees)) % 4])
    assert committees[1].duty.tolist() == [0, 1, 0, 0]


def test_set_refuses_what_a_view_refuses_and_then_writes_nothing(fresh):
    before = fresh.residents.get("norm")
    with pytest.raises(ValueError, match=r"Resident\.norm: got 2; expected a number from 0 to 1"):
        fresh.residents.set("norm", 2)
    with pytest.raises(ValueError, match=r"got 1\.5"):
        fresh.residents.set("norm", np.append(np.zeros(599), 1.5))
    with pytest.raises(ValueError, match="3 values for 600 agents"):
        fresh.residents.set("norm", [0.1, 0.2, 0.3])
    with pytest.raises(AttributeError, match="fixed"):
        fresh.residents.set("hardship", 0.5)
    with pytest.raises(AttributeError, match="no column 'norm'"):
        fresh.agents.set("norm", 0.5)
    assert fresh.residents.get("norm") == before


def test_a_table_of_values(model):
    frame = model.residents.to_frame("norm", "community")
    assert list(frame.columns) == ["norm", "community"]
    assert frame.index.tolist() == model.residents.get("unique_id")
    assert frame["norm"].tolist() == model.residents.get("norm")
    assert "near" not in model.residents.to_frame().columns
    assert len(model.agents_by_type[ResidentsCommittee].to_frame()) == len(model.agents_by_type[ResidentsCommittee])
    with pytest.raises(AttributeError, match="no column 'norm'"):
        model.agents.array("norm")


def test_nobody_joins_or_leaves_a_set(model):
    agents, agent = model.residents, model.residents[0]
    attempts = (operator.methodcaller(name, agent) for name in ("add", "discard", "remove"))
    for attempt in (*attempts, operator.methodcaller("pop"), operator.methodcaller("clear")):
        with pytest.raises(TypeError, match="combine sets with"):
            attempt(agents)
    assert len(agents) == 600


def test_sets_under_the_same_name_can_still_grow(model):
    some = model.residents[:2]
    some |= model.residents[2:4]
    assert same(some, model.residents[:4])
    some -= [model.residents[0]]
    assert same(some, model.residents[1:4])


def test_sets_are_not_pickled(model):
    for copying in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match=r"get\(\) and to_frame\(\)"):
            copying(model.residents)
    assert copy.copy(model.residents) == model.residents


def test_agents_of_another_model_are_not_in_the_set(model, fresh):
    assert fresh.residents[0] not in model.residents
    assert model.residents != fresh.residents
    with pytest.raises(TypeError, match="same model"):
        _ = model.residents & fresh.residents
    assert "somebody" not in model.residents


def test_an_empty_set_is_a_set(model):
    nobody = model.residents.select(at_most=0)
    assert same(nobody, [])
    assert nobody.get("norm") == []
    assert nobody.groupby("norm").count() == {}
    assert same(nobody.sort("norm"), [])
    assert same(nobody.shuffle(), [])
    assert nobody.set("norm", 0.5) is nobody
    assert nobody.agg("norm", len) == 0
    assert repr(nobody) == "<ColumnSet of 0 agents>"


def test_shuffling_repeats_with_the_seed():
    def shuffled():
        return GovernanceModel(small(residents=600), seed=9).residents.shuffle().get("unique_id")

    assert shuffled() == shuffled()


def test_a_set_says_what_is_in_it(model):
    assert repr(model.residents) == "<ColumnSet of 600 agents: Resident 600>"
    assert "CityGovernment 1" in repr(model.agents)
