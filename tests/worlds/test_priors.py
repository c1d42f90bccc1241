"""Priors of coefficients: each derived from what the coefficient declares, none outside its bounds, none forgotten."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import MECHANISMS
from sim.spec import ANCHOR, ASSUMPTION, parameter
from sim.worlds.priors import INTERVAL, TOGETHER, UNKNOWN, bounds, fixed_by, numbers, shipped

ALL = {f"{m.name}.{key}": (m, key, field) for m in MECHANISMS.values() for key, field in numbers(m).items()}
PRIORS = shipped()
names = st.sampled_from(sorted(PRIORS))
places = st.floats(0.0, 1.0)


@pytest.mark.parametrize("name", ALL)
def test_a_coefficient_has_a_prior_or_a_reason_for_none(name):
    mechanism, key, _field = ALL[name]
    assert (name in PRIORS) != bool(fixed_by(mechanism, key))


def test_every_assumption_is_uncertain_unless_it_claims_nothing():
    open_ones = {n for n, (_, _, field) in ALL.items() if any(word in field.json_schema_extra["source"] for word in UNKNOWN)}
    fixed = {n: fixed_by(*ALL[n][:2]) for n in open_ones - set(PRIORS)}
    assert set(fixed.values()) <= {"switch", "anchor", "form", "absent"}
    assert [n for n, why in fixed.items() if why == "absent"] == ["campaign.rebound"]


def test_no_switch_of_a_mechanism_is_drawn():
    assert not [name for name in PRIORS if name.endswith(".strength")]


@given(names, places)
def test_values_lie_within_the_prior_and_the_bounds(name, place):
    prior, (low, high) = PRIORS[name], bounds(ALL[name][2])
    assert low <= prior.low <= prior.value(place) <= prior.high <= high


@given(names)
def test_the_default_is_believable(name):
    prior = PRIORS[name]
    assert prior.low <= prior.default <= prior.high
    assert prior.low < prior.high


@given(names, places, places)
def test_values_rise_with_their_position(name, one, other):
    values = [PRIORS[name].value(place) for place in sorted((one, other))]
    assert values == sorted(values)


@given(names, places)
def test_a_position_is_found_again(name, place):
    prior = PRIORS[name]
    assert prior.position(prior.value(place)) == pytest.approx(place, abs=1e-3)


@given(names, places)
def test_a_value_survives_its_rounding(name, place):
    """What a file holds is what was simulated."""
    value = PRIORS[name].value(place)
    assert value in (PRIORS[name].low, PRIORS[name].high) or value == float(f"{value:.6g}")


def test_a_share_keeps_off_its_bounds_and_its_complement():
    for prior in PRIORS.values():
        if prior.scale == "odds":
            assert 0.0 < prior.low < prior.high < 1.0


def test_the_interval_of_a_source_counts():
    assert (PRIORS["resolution.mediation_success"].low, PRIORS["resolution.mediation_success"].high) == (0.65, 0.95)
    assert PRIORS["resolution.mediation_success"].origin == INTERVAL


def test_what_was_fitted_is_wide():
    prior = PRIORS["offending.base"]
    assert (prior.low, prior.high) == (pytest.approx(prior.default / 4), pytest.approx(prior.default * 4))


@pytest.mark.parametrize("group", TOGETHER)
def test_coefficients_that_move_together_exist(group):
    assert all(name in PRIORS for name in group)
    assert [PRIORS[name].follows for name in group] == ["", *[group[0]] * (len(group) - 1)]


@pytest.mark.parametrize("prior", [(0.2, 0.4), (0.0, 0.05), (-1.0, 0.2)])
def test_a_prior_holds_the_default_and_stays_within_the_bounds(prior):
    with pytest.raises(ValueError, match="does not hold"):
        parameter(0.1, "something", unit="share", low=0.0, high=1.0, prior=prior)


def test_a_declared_prior_reaches_the_field():
    assert parameter(0.1, "x", unit="share", low=0.0, high=1.0, prior=(0.05, 0.2)).json_schema_extra["prior"] == [0.05, 0.2]
    assert parameter(0.1, "x", unit="share", low=0.0, high=1.0, prior=ANCHOR).json_schema_extra["prior"] == ANCHOR
    assert parameter(0.1, "x", unit="share", low=0.0, high=1.0).json_schema_extra == {"unit": "share", "source": ASSUMPTION}


def test_half_to_double_is_centred_on_the_default():
    prior = PRIORS["integrity.stake"]
    assert math.log(prior.high / prior.default) == pytest.approx(math.log(prior.default / prior.low)) == pytest.approx(math.log(2.0))
