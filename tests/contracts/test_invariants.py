"""Whatever valid scenario a city lives under, shares stay shares, nobody and nothing is lost, and metrics keep to their bounds."""

import pytest
from alone import limits, settings_of
from cities import small
from generated import broken, scenarios, snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.mechanisms import MECHANISMS
from sim.simulation import Simulation


def assert_unbroken(simulation, every):
    """Live to the horizon and fail with every invariant that does not hold on the way."""
    first = snapshot(simulation)
    while simulation.week < simulation.horizon:
        simulation.advance(every)
        found = broken(simulation, first)
        assert not found, "; ".join(found)


def check_scenarios(finding, examples, **drawn):
    """Live through generated scenarios; the first that breaks an invariant fails, with what hypothesis says of it."""
    tried = 0

    @settings(max_examples=examples, **drawn)
    @given(scenario=scenarios(), seed=st.integers(0, 2**63 - 1))
    def every_invariant_holds(scenario, seed):
        nonlocal tried
        tried += 1
        assert_unbroken(Simulation(scenario, seed), every=20)

    every_invariant_holds()
    finding(
        "valid scenarios, generated: shares, people, places, cases, counts, money and metrics every 20 weeks",
        wanted="every invariant holds under each",
        found=f"they hold under all {tried:,}",
        reached=tried >= examples,
        part="The model",
        kind="promise",
    )


@pytest.mark.slow
def test_every_invariant_holds_under_any_valid_scenario(finding):
    check_scenarios(finding, 120)


@pytest.mark.soak
def test_every_invariant_holds_under_ten_thousand_valid_scenarios(finding):
    check_scenarios(finding, 10_000, derandomize=False)


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
    assert_unbroken(Simulation(small(30).with_changes(extreme(name, choose)), seed=5), every=5)
