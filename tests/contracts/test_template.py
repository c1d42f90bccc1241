"""The template is a working mechanism that nobody runs until it is copied."""

import ast
import inspect

import numpy as np
import pytest
from cities import small

from sim.draws import luck_of
from sim.mechanisms import MECHANISMS, _template
from sim.mechanisms._template import MECHANISM, Parameters, plan_template, template, values_of
from sim.simulation import Simulation


@pytest.fixture
def city():
    return Simulation(small(2), seed=3).city


def festival(city, **parameters):
    p = values_of(Parameters(**parameters))
    plan_template(city.world, 0, p)
    for tile in city.world.tiles:
        template(tile, city.world.communities[tile.community], luck_of(city.world.seed, MECHANISM.stream, 0), p)


def test_it_is_not_one_of_the_mechanisms():
    assert MECHANISM.name not in MECHANISMS
    assert MECHANISM.doc.startswith("Template")


def test_it_brings_cohesion_and_costs_fatigue(city):
    before = {name: city.residents.values(name) for name in ("cohesion", "fatigue", "norm")}
    festival(city, comes=1.0)
    free, busy = city.residents.values("status") != 3, city.residents.values("status") == 1
    assert (city.residents.values("cohesion") > before["cohesion"])[free].all()
    assert (city.residents.values("fatigue") > before["fatigue"])[busy].all()
    assert np.array_equal(city.residents.values("fatigue")[~busy], before["fatigue"][~busy])
    assert np.array_equal(city.residents.values("norm"), before["norm"])


def test_its_null_setting_changes_nothing(city):
    before = {name: city.residents.values(name) for name in MECHANISM.writes if "." not in name}
    aid = city.world.communities["aid"].copy()
    festival(city, **MECHANISM.null)
    assert all(np.array_equal(city.residents.values(name), values) for name, values in before.items())
    assert np.array_equal(city.world.communities["aid"], aid)


def test_it_shows_every_part_that_a_mechanism_has():
    assert not [part for part in ("Claim.", "Equation.", "Source.", "Brings:", "Costs:") if part not in MECHANISM.doc]
    names = {node.name for node in ast.walk(ast.parse(inspect.getsource(_template))) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert {"Parameters", "plan_template", "template"} <= names
