"""Whose account moves: one quantity is changed by hand in a city that otherwise stands still, and only its own mechanism's may answer.

That the accounts add up says nothing of this: two of them may be swapped, and the sum is right.
"""

import numpy as np
import pytest
from still import live, moved_by, put, still

from sim.attribution import AttributionRecorder
from sim.attribution.accounts import ACCOUNTS, GRANTED, VERDICTS
from sim.attribution.capacities import log_capacities
from sim.attribution.offences import jailer_of
from sim.city.codes import (
    ACTIVE,
    ANSWERED,
    ARRESTED,
    BELIEVES,
    CALM,
    CASE_LOST,
    CASE_WON,
    FLAGGED,
    JAILED,
    OFFENDED,
    STOPPED_FOR_NOTHING,
    STOPPED_RIGHTLY,
    VOLUNTEERING,
)
from sim.levers import instrument
from sim.simulation import Simulation

# --- verdicts: terms of an equation ---

TERMS = [
    ("belonging", "cohesion", 0.7, "collective_efficacy", 1),
    ("belonging", "status", VOLUNTEERING, "participation", 1),
    ("belonging", "communities.voice", 0.75, "participation", 1),
    ("belonging", "integration", 0.8, "integration", 1),
    ("belonging", "communities.exposure", 0.5, "detection", -1),
    ("happiness", "service", 0.7, "services", 1),
    ("happiness", "expectation", 0.7, "satisfaction", -1),
    ("happiness", "strain", 0.7, "livelihood", -1),
    ("happiness", "fatigue", 0.5, "participation", -1),
    ("happiness", "communities.health", 0.75, "services", 1),
    ("happiness", "communities.work_ethic", 0.75, "norms", -1),
    ("happiness", "communities.school", 0.75, "norms", -1),
    ("happiness", "communities.family", 0.75, "norms", -1),
    ("happiness", "communities.burden", 1.5, "congestion", -1),
    ("happiness", "communities.backlash", 0.5, "integration", -1),
    ("security", "communities.offence_level", 2.0, "offending", -1),
    ("security", "communities.incident_level", 1.0, "unrest", -1),
    ("security", "status", ACTIVE, "unrest", -1),
    ("security", "communities.patrol", 1.5, "policing", 1),
    ("security", "communities.shock_alarm", 0.5, "shocks", -1),
    ("security", "communities.cameras", 0.5, "detection", 1),
    ("security", "rumour", BELIEVES, "rumour", -1),
    ("legitimacy", "service", 0.7, "services", 1),
    ("legitimacy", "communities.voice", 0.75, "participation", 1),
    ("legitimacy", "communities.oversight", 0.75, "integrity", 1),
    ("legitimacy", "communities.wrongful_level", 2.0, "policing", -1),
    ("legitimacy", "communities.clarity", 0.75, "resolution", 1),
    ("legitimacy", "communities.corruption", 0.4, "integrity", -1),
    ("legitimacy", "communities.hush", 0.6, "rumour", -1),
    ("legitimacy", "rumour", BELIEVES, "rumour", -1),
    ("legitimacy", "rumour", ANSWERED, "rumour", -1),
]


def opened(simulation: Simulation, quantity: str) -> np.ndarray:
    """Accounts of a verdict when books are opened: the terms of its equation."""
    recorded = AttributionRecorder(simulation)
    return recorded.granted[0] if quantity == "legitimacy" else recorded.terms[0, VERDICTS.index(quantity)]


@pytest.mark.parametrize(("quantity", "what", "value", "mechanism", "sign"), TERMS, ids=lambda value: str(value))
def test_a_term_stands_in_the_account_of_the_mechanism_that_writes_it(quantity, what, value, mechanism, sign):
    simulation = still()
    before = opened(simulation, quantity)
    put(simulation, what, value)
    moves = moved_by(GRANTED if quantity == "legitimacy" else ACCOUNTS, opened(simulation, quantity) - before)
    assert list(moves) == [mechanism]
    assert np.sign(moves[mechanism]) == sign


MET = [
    (STOPPED_FOR_NOTHING, "policing", "bad_stop"),
    (STOPPED_RIGHTLY, "policing", "good_stop"),
    (CASE_WON, "resolution", "won"),
    (CASE_LOST, "resolution", "lost"),
    (FLAGGED, "detection", "flagged"),
    (ARRESTED | OFFENDED, "offending", "arrest"),
    (ARRESTED, "unrest", "arrest"),
    (ARRESTED, "policing", "arrest"),
]
"""Events of a week, who brought them about and their effect; who is arrested at a protest is jailed, who is for a trifle is not."""


@pytest.mark.parametrize(("event", "mechanism", "size"), MET)
def test_an_encounter_is_attributed_to_the_mechanism_that_brought_it_about(event, mechanism, size):
    """Against a twin in whose week nobody met anybody."""
    twins = still("procedural_justice"), still("procedural_justice")
    for simulation, events in zip(twins, (event, 0), strict=True):
        put(simulation, "events", events)
        put(simulation, "status", JAILED if mechanism == "unrest" else CALM)
        put(simulation, "weeks_left", 9)
        live(simulation)
    with_it, without = (simulation.attribution.granted[1] for simulation in twins)
    moves = moved_by(GRANTED, with_it - without)
    sign = 1 if size in ("good_stop", "won") else -1
    assert list(moves) == [mechanism]
    assert moves[mechanism] == pytest.approx(sign * getattr(twins[0].scenario.mechanisms["procedural_justice"], size), rel=1e-4)


@pytest.mark.parametrize(
    ("event", "protested", "mechanism"),
    [
        (ARRESTED | OFFENDED, False, "offending"),
        (ARRESTED | OFFENDED, True, "offending"),
        (ARRESTED, True, "unrest"),
        (ARRESTED | STOPPED_FOR_NOTHING, False, "policing"),
        (0, False, "offending"),
    ],
)
def test_a_stay_in_jail_is_attributed_to_whoever_sent_one_there(event, protested, mechanism):
    assert ACCOUNTS[jailer_of(np.uint8(event), protested)] == mechanism


def test_voice_is_attributed_for_those_who_have_it_in_the_equation():
    """Belonging: residents with local registration alone; the mean over all adults falls short by the share of the others."""
    simulation = still()
    before = opened(simulation, "belonging")
    simulation.city.world.communities["voice"] = 1.0
    districts = simulation.city.world.districts
    locals_ = 1.0 - districts["nonlocals"].sum() / districts["adults"].sum()
    assert 0.5 < locals_ < 0.95
    moved = (opened(simulation, "belonging") - before)[ACCOUNTS.index("participation")]
    assert moved == pytest.approx(0.5 * simulation.scenario.mechanisms["satisfaction"].belong_voice * locals_, rel=1e-4)


# --- order: factors of a hazard ---

FACTORS = [
    ("norm", 0.7, "norms", -1),
    ("strain", 0.7, "livelihood", 1),
    ("legitimacy", 0.7, "procedural_justice", -1),
    ("sanction_risk", 0.4, "policing", -1),
    ("communities.collective_efficacy", 1.4, "collective_efficacy", -1),
    ("communities.watch", 0.8, "participation", -1),
    ("communities.cameras", 0.9, "detection", -1),
    ("communities.patrol", 1.8, "policing", -1),
    ("blocks.focus", 1.8, "policing", -1),
    ("blocks.conduct", 1.2, "policing", 1),
    ("communities.pulse", 1.5, "campaign", -1),
]


@pytest.mark.parametrize("away", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("what", "value", "mechanism", "sign"), FACTORS)
def test_a_factor_on_offending_is_attributed_to_the_mechanism_that_writes_it(what, value, mechanism, sign, away):
    """All of the change of expected offences, since nothing else changes, wherever they happen. Others read last week's legitimacy."""
    settings = {"theta": 0.0, "recorded": 0.0, "recorded_violent": 0.0, "away": away, "away_violent": away}
    simulation = still("offending", changes={f"mechanisms.offending.{name}": value for name, value in settings.items()})
    live(simulation)
    put(simulation, what, value)
    live(simulation)
    live(simulation)
    recorded = simulation.attribution
    moved = recorded.offences[2:4].sum(axis=0)
    assert list(moved_by(ACCOUNTS, moved, but=())) == [mechanism]
    assert np.sign(moved.sum()) == sign
    assert moved.sum() == pytest.approx(recorded.expected[3] - recorded.expected[1], rel=1e-3)


# --- resolution: what units can do for waiting cases ---

COURTS, MEDIATING = instrument("rule_of_law.courts"), instrument("self_governance.mediation")
SHARES = [
    ("city.upheaval", 0.3, {"office": "budget"}, -1),
    ("districts.caution", 0.4, {"office": "integrity"}, -1),
    ("districts.diverted", 0.4, {"office": "mass_work"}, -1),
    ("districts.answering", 0.4, {"office": "rumour"}, -1),
    ("committees.skill", 1.4, {"mediation": "participation"}, 1),
    ("communities.hours_load", 2.0, {"mediation": "participation"}, -1),
    ("communities.digital", 0.9, {"office": "services"}, 1),
    ("communities.effort", 0.4, {"office": "appraisal"}, 1),
    ("communities.delay", 3.0, {"office": "coordination", "court": "coordination"}, -1),
]


@pytest.mark.parametrize(("what", "value", "accounts", "sign"), SHARES)
def test_capacity_is_attributed_to_the_mechanism_that_gives_or_takes_it(what, value, accounts, sign):
    world = still().city.world
    world.districts["caution"], world.districts["diverted"], world.districts["answering"] = 0.1, 0.2, 0.3
    before = log_capacities(world)
    owner, _, name = what.partition(".")
    getattr(world, owner)[name] = value
    moved = log_capacities(world) - before
    for stage, row in zip(("mediation", "office", "court"), moved, strict=True):
        moves = moved_by(ACCOUNTS, row, but=())
        assert list(moves) == ([accounts[stage]] if stage in accounts else [])
        assert all(np.sign(move) == sign for move in moves.values())


@pytest.mark.parametrize(
    ("column", "of", "stage"),
    [("work", MEDIATING, 0), *(("staff", instrument("public_services.education") + n, 1) for n in range(5)), ("work", COURTS, 2)],
)
def test_staff_for_a_way_is_attributed_to_the_budget(column, of, stage):
    world = still().city.world
    before = log_capacities(world)
    world.districts[column][:, of] *= 1.5
    moved = log_capacities(world) - before
    assert list(moved_by(ACCOUNTS, moved[stage], but=())) == ["budget"]
    assert np.flatnonzero(np.abs(moved).sum(axis=1)).tolist() == [stage]
