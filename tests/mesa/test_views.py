"""An agent is a view of a row: plain to read, checked when written, and nothing that was not declared."""

import copy
import pickle

import mesa
import numpy as np
import pytest
from cities import KINDS, small

from sim.city.columns import Column, Derived
from sim.city.organisations import ResidentsCommittee
from sim.city.resident import Resident
from sim.city.table import ColumnTable
from sim.model import GovernanceModel


@pytest.fixture
def model():
    return GovernanceModel(small(), seed=1)


@pytest.fixture
def resident(model):
    return model.residents[700]


def agents_of_every_kind(model):
    return [agents[len(agents) - 1] for agents in model.agents_by_type.values()]


def test_views_are_agents_of_mesa(model):
    for agent in agents_of_every_kind(model):
        assert isinstance(agent, mesa.Agent)
        assert agent.model is model
        assert agent.random is model.random
        assert agent.rng is model.rng
        assert agent.step() is None


def test_two_views_of_one_row_are_one_agent(model):
    a, b, other = model.residents[3], model.residents[3], model.residents[4]
    assert a is not b
    assert a == b
    assert hash(a) == hash(b)
    assert a != other
    assert len({a, b, other}) == 2
    assert a != model.agents_by_type[ResidentsCommittee][3]


def test_the_same_row_of_another_model_is_another_agent(model):
    assert model.residents[3] != GovernanceModel(small(), seed=1).residents[3]


def test_ids_are_unique_across_kinds(model):
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids) == len(model.agents)
    assert all(model.roster.by_id(number).unique_id == number for number in ids[::97])


@pytest.mark.parametrize("number", [0, -1, 10**9])
def test_an_id_that_nobody_has_is_refused(model, number):
    with pytest.raises(KeyError, match=f"no agent has the id {number}"):
        model.roster.by_id(number)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_can_be_read_and_every_changing_one_written(model, kind):
    agent = model.roster.of(kind)[0]
    for name, column in model.roster.by_name[kind].columns.items():
        value = getattr(agent, name)
        assert isinstance(value, np.ndarray if column.slots else (int, float))
        if column.fixed:
            with pytest.raises(AttributeError, match=f"{kind}.{name} is fixed"):
                setattr(agent, name, value)
        else:
            least = column.low or 0
            setattr(agent, name, [least] * column.slots if column.slots else least)
            assert np.all(getattr(agent, name) == least)


STEP = 1 / 65535  # of a share that lies in 16 bits


def test_what_is_written_is_what_the_city_holds(model, resident):
    resident.norm = 0.25
    assert model.simulation.city.residents.get("norm", 700) == model.residents[700].norm == pytest.approx(0.25, abs=STEP / 2)
    assert model.residents[699].norm != model.residents[700].norm
    resident.cohesion = 0.3
    assert model.simulation.city.residents.get("cohesion", 700) == np.float32(0.3)


def test_numbers_are_plain_and_safe_to_reckon_with(resident):
    resident.case_age = 255
    assert resident.case_age + 1 == 256
    assert type(resident.norm) is float
    assert type(resident.status) is int


@pytest.mark.parametrize("kind", KINDS)
def test_an_undeclared_attribute_is_refused_and_the_columns_named(model, kind):
    agent = model.roster.of(kind)[0]
    with pytest.raises(AttributeError, match=f"{kind} has no column 'courage'") as reported:
        agent.courage = 1
    assert all(name in str(reported.value) for name in model.roster.by_name[kind].columns)
    with pytest.raises(AttributeError, match="has no column 'courage'"):
        _ = agent.courage
    assert not hasattr(agent, "pos")


def test_a_misspelt_column_is_put_right(resident):
    with pytest.raises(AttributeError, match="did you mean legitimacy"):
        resident.legitimcy = 0.4


@pytest.mark.parametrize("name", ["unique_id", "model", "household", "committee", "label"])
def test_what_is_not_a_column_cannot_be_set(resident, name):
    with pytest.raises(AttributeError, match="is not a column"):
        setattr(resident, name, 1)
    with pytest.raises(AttributeError, match="cannot be deleted"):
        delattr(resident, name)


def test_what_follows_from_the_place_cannot_be_set(resident):
    with pytest.raises(AttributeError, match="follows from where"):
        resident.community = 0


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("norm", 1.5, "got 1.5; expected a number from 0 to 1"),
        ("norm", -0.01, "a number from 0 to 1"),
        ("norm", float("nan"), "a number from 0 to 1"),
        ("norm", float("inf"), "a number from 0 to 1"),
        ("norm", "high", "got 'high'"),
        ("norm", None, "got None"),
        ("norm", [0.1, 0.2], "a number"),
        ("weeks_left", 256, "a whole number from 0 to 255"),
        ("weeks_left", -1, "a whole number from 0 to 255"),
        ("weeks_left", 1.5, "a whole number from 0 to 255"),
        ("weeks_left", 10**30, "a whole number from 0 to 255"),
        ("events", 256, "a whole number from 0 to 255"),
        ("status", "asleep", "got 'asleep'; expected one of calm, volunteering, active, jailed, or its code from 0 to 3"),
        ("status", 4, "one of calm"),
    ],
)
def test_values_that_the_declaration_does_not_allow_are_refused(resident, name, value, expected):
    before = getattr(resident, name)
    with pytest.raises(ValueError, match=f"Resident.{name}: got") as reported:
        setattr(resident, name, value)
    assert expected in str(reported.value)
    assert getattr(resident, name) == before


def test_bounds_themselves_are_allowed(resident):
    for value in (0, 1, 0.0, 1.0, True):
        resident.norm = value
        assert resident.norm == value


def test_choices_are_codes_with_names(resident):
    resident.status = "volunteering"
    assert resident.status == 1
    assert resident.label("status") == "volunteering"
    resident.status = 0
    assert resident.label("status") == "calm"
    with pytest.raises(ValueError, match="not a choice"):
        resident.label("norm")
    with pytest.raises(AttributeError, match="no column 'wealth'"):
        resident.label("wealth")


def test_a_column_with_several_values_is_read_whole_and_written_whole(model):
    committee = model.agents_by_type[ResidentsCommittee][1]
    committee.duty = [0.1, 0.2, 0.3, 0.4]
    assert committee.duty.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    with pytest.raises(ValueError, match="read-only"):
        committee.duty[0] = 1.0
    for wrong in ([0.1, 0.2], 0.5, [0.1, 0.2, 0.3, 1.4]):
        with pytest.raises(ValueError, match="expected 4 values, each a number from 0 to 1"):
            committee.duty = wrong


def test_a_value_read_earlier_does_not_change_later(model):
    committee = model.agents_by_type[ResidentsCommittee][0]
    before = committee.duty
    committee.duty = [1, 0, 0, 0]
    assert before.tolist() == [0.25] * 4


def test_views_are_neither_copied_nor_pickled_since_they_would_drag_the_city_along(resident):
    for copying in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="as_dict"):
            copying(resident)
    assert copy.copy(resident) == resident


def test_values_of_an_agent_by_name(resident):
    values = resident.as_dict()
    assert values["unique_id"] == resident.unique_id
    assert values["norm"] == resident.norm
    assert set(values) == {"unique_id", *model_columns(resident)}


def model_columns(agent):
    return agent.model.roster.by_name[type(agent).__name__].columns


def test_agents_are_neither_made_nor_removed_one_by_one(model, resident):
    for attempt in (
        lambda: Resident(model),
        lambda: Resident.create_agents(model, 2),
        resident.remove,
        lambda: model.deregister_agent(resident),
    ):
        with pytest.raises(TypeError, match="rows of its tables"):
            attempt()
    assert len(model.residents) == 1200


def test_from_a_resident_to_those_around(model):
    for resident in (model.residents[row] for row in (0, 1, 599, 1199)):
        assert resident in resident.household
        assert len(resident.household) == resident.household_size
        assert set(resident.household.get("community")) == {resident.community}
        assert resident.committee.community == resident.community
        assert resident in resident.committee.residents
        assert resident.office.district == resident.district == resident.committee.district
        assert len(resident.ties) == 10
        family = [agent for agent in resident.household if agent != resident]
        assert resident.ties[: len(family)] == family


def test_committees_between_them_have_everybody_once(model):
    committees = model.agents_by_type[ResidentsCommittee]
    assert sum(len(committee.residents) for committee in committees) == 1200
    assert set(committees[0].residents) & set(committees[1].residents) == set()
    for committee in committees:
        assert committee not in committee.neighbours
        assert set(committee.neighbours.get("subdistrict")) <= {committee.subdistrict}


def test_what_follows_from_the_place_is_the_same_for_one_and_for_all(model):
    for name in ("community", "subdistrict", "district"):
        assert model.residents.get(name) == [getattr(resident, name) for resident in model.residents]


def test_columns_are_also_found_on_the_class():
    assert isinstance(Resident.norm, Column)
    assert (Resident.norm.low, Resident.norm.high) == (0.0, 1.0)
    assert isinstance(Resident.community, Derived)


def test_a_name_that_numpy_needs_is_refused_when_declared():
    with pytest.raises((TypeError, RuntimeError)) as reported:
        type("Bad", (), {"size": Column("f4", "clashes")})
    assert "taken by NumPy's records" in str(reported.value) + str(reported.value.__cause__)


def test_a_table_refuses_rows_and_columns_it_does_not_have(model):
    table = model.simulation.city.residents
    assert isinstance(table, ColumnTable)
    for row in (-1, 1200, np.array([0, 1200])):
        with pytest.raises(IndexError, match="rows 0 to 1199"):
            table.get("norm", row)
    with pytest.raises(AttributeError, match="no column 'nrm'; did you mean norm"):
        table.values("nrm")
