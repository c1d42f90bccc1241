"""Whatever valid scenario a city lives under, shares stay shares, nobody and nothing is lost, and metrics keep to their bounds."""

import pytest
from alone import limits, settings_of
from cities import small
from generated import broken, scenarios, snapshot
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import MECHANISMS
from sim.simulation import Simulation


@given(scenario=scenarios(), seed=st.integers(0, 2**63 - 1))
def test_every_invariant_holds_under_any_valid_scenario(scenario, seed):
    simulation = Simulation(scenario, seed)
    first = snapshot(simulation)
    while simulation.week < simulation.horizon:
        simulation.advance(20)
        found = broken(simulation, first)
        assert not found, "; ".join(found)


LIVELY = {"budget": 2.0, "stance.migrant_access": 0.9, "stance.patrol_targeting": "reported"}


def extreme(name, choose):
    """Changes that set every parameter of a mechanism to the limit that `choose` takes of (low, high)."""
    fields = MECHANISMS[name].parameters.model_fields
    return {**LIVELY, **settings_of(name, {key: choose(key, *limits(field)) for key, field in fields.items()})}


def fastest(key, low, high):
    """As fast as the ranges allow: full strength, the shortest times, the largest weekly steps."""
    return low if key.endswith("weeks") or key.startswith("expectation_") else high


@pytest.mark.parametrize("choose", [lambda key, low, high: low, lambda key, low, high: high, fastest], ids=["lowest", "highest", "fastest"])
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_invariant_holds_at_the_limits_of_every_parameter(name, choose):
    simulation = Simulation(small(30).with_changes(extreme(name, choose)), seed=5)
    first = snapshot(simulation)
    while simulation.week < 30:
        simulation.advance(5)
        found = broken(simulation, first)
        assert not found, "; ".join(found)
