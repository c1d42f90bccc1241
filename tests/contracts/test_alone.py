"""What a mechanism does when it is the only one: what it declares, nothing when set to null, the same every time."""

import numpy as np
import pytest
from alone import alone, changed, live, settings_of, state, switched
from declared import measured_from, tallies_read, touches
from scipy import stats

from sim.city.community import COUNTS, SUMS
from sim.draws import random_key, uniform
from sim.mechanisms import MECHANISMS

every = pytest.mark.parametrize("name", MECHANISMS)
SHOWN = {"norm", "status", "case_stage", "rumour", "community.hush"}
"""Columns that people show to others: what ties add up to follows from them."""


@pytest.fixture(scope="module")
def untouched():
    """State of a city in which no mechanism acted."""
    return state(alone())


def allowed(name):
    """What may differ once a mechanism acted: what it declares, and what the frame counts of that."""
    mechanism = MECHANISMS[name]
    writes = set(mechanism.writes)
    counts = {f"count.{count}" for count in (*COUNTS, *SUMS) if writes & set(measured_from(count))}
    return writes | counts | {f"count.{count}" for count in mechanism.counts}


@every
def test_it_changes_only_what_it_declares(name, untouched):
    after = state(alone(name))
    assert sorted(changed(untouched, after) - allowed(name)) == []


@every
def test_it_changes_something(name, untouched):
    after = state(alone(name, changes={"budget": 0.5, "stance.migrant_access": 0.9, "stance.transparency": 0.1}))
    assert changed(untouched, after) & (set(MECHANISMS[name].writes) | {f"count.{count}" for count in MECHANISMS[name].counts})


NOTED = {"count.propensity", "count.time_given", "count.votes"}
"""An aid of the mechanism itself, which says who would offend, not that anyone does; hours that are given all the same, and what committees
make of them for those who are asked to vote."""


@every
def test_its_null_setting_changes_no_resident_and_no_count(name, untouched):
    """What is only noted (`NOTED`) aside."""
    after = state(alone(name, changes=settings_of(name, MECHANISMS[name].null)))
    moved = {what for what in changed(untouched, after) if "." not in what or what.startswith("count.")}
    assert sorted(moved - NOTED) == []


@every
def test_it_does_the_same_twice(name):
    assert alone(name).content_hash() == alone(name).content_hash()


@every
def test_the_others_run_without_it(name):
    simulation = live({f"mechanisms.{name}.enabled": False})
    assert simulation.week == 30
    assert all(np.isfinite(simulation.city.residents.values(column)).all() for column in ("legitimacy", "norm", "security"))


@every
def test_it_depends_on_nothing_that_it_does_not_declare_to_read(name):
    """Beside others that write nothing which it reads, it does what it does alone: no hidden reading, no shared random numbers."""
    needs = touches(name) | {f"count.{count}" for count in tallies_read(name)} | {f"count.{count}" for count in MECHANISMS[name].counts}
    needs |= SHOWN if "peers" in needs else set()
    needs |= {column for count in tallies_read(name) for column in measured_from(count)}
    bystanders = [other for other in MECHANISMS if other != name and not allowed(other) & needs]
    assert bystanders, "no bystander to compare with"
    mine = set(MECHANISMS[name].writes) | {f"count.{count}" for count in MECHANISMS[name].counts}
    assert sorted(changed(state(alone(name)), state(alone(name, *bystanders))) & mine) == []


@pytest.mark.parametrize("week", [0, 1, 51])
def test_draws_of_one_stream_say_nothing_about_those_of_another(week):
    people = np.arange(4000)
    draws = {}
    for name, mechanism in MECHANISMS.items():
        key = np.uint64(random_key(np.uint64(7), mechanism.stream, week))
        draws[name] = np.array([uniform(key, me, 0) for me in people])
    between = np.corrcoef(list(draws.values())) - np.eye(len(draws))
    pairs = len(draws) * (len(draws) - 1) / 2
    line = stats.norm.isf(1e-6 / 2 / pairs) / np.sqrt(len(people))  # 1e-6 for all pairs of a week together
    assert np.abs(between).max() < line


def test_nothing_changes_where_no_mechanism_acts_but_sentences_end():
    moved = changed(state(live(switched(()), weeks=1)), state(live(switched(()), weeks=60)))
    assert {name for name in moved if not name.startswith("count.")} <= {"status", "weeks_left"}
