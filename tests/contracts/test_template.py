"""The template is a working mechanism that nobody runs until it is copied."""

import ast
import inspect

import numpy as np
import pytest
from cities import small

from sim.city.codes import JAILED, VOLUNTEERING
from sim.draws import random_key
from sim.mechanisms import MECHANISMS, _template
from sim.mechanisms._template import MECHANISM, Parameters, packed, plan_template, template
from sim.simulation import Simulation


@pytest.fixture
def city():
    return Simulation(small(2), seed=3).city


def party(city, **parameters):
    p = packed(Parameters(**parameters))
    plan_template(city.world, 0, p)
    for tile in city.world.tiles:
        template(tile, city.world.communities[tile.community], random_key(city.world.seed, MECHANISM.stream, 0), p)


def everything(city):
    committees = city.tables["ResidentsCommittee"]
    return {name: city.residents.values(name) for name in city.residents.columns} | {"reputation": committees.values("reputation")}


def test_it_is_not_one_of_the_mechanisms():
    assert MECHANISM.name not in MECHANISMS
    assert MECHANISM.doc.startswith("Template")


def test_it_brings_trust_and_standing_and_costs_fatigue(city):
    before = everything(city)
    party(city, comes=1.0)
    after = everything(city)
    free, busy = before["status"] != JAILED, before["status"] == VOLUNTEERING
    assert (after["cohesion"] > before["cohesion"])[free].all()
    assert (after["fatigue"] > before["fatigue"])[busy].all()
    assert (after["fatigue"] == before["fatigue"])[~busy].all()
    assert after["reputation"].mean() > before["reputation"].mean()
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {"cohesion", "fatigue", "reputation"}


def test_shares_stay_shares_at_the_limits(city):
    for _ in range(5):
        party(city, comes=1.0, warmth=1.0, toil=1.0, standing=1.0)
    assert all(everything(city)[name].max() <= 1.0 for name in ("cohesion", "fatigue", "reputation"))


def test_its_null_setting_changes_nothing(city):
    before = everything(city)
    party(city, **MECHANISM.null)
    assert all(np.array_equal(before[name], values) for name, values in everything(city).items())


def test_it_shows_every_part_that_a_mechanism_has():
    assert not [part for part in ("Claim.", "Equation.", "Source.", "Refuted by.", "Brings:", "Costs:") if part not in MECHANISM.doc]
    names = {node.name for node in ast.walk(ast.parse(inspect.getsource(_template))) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert {"Parameters", "plan_template", "template"} <= names
