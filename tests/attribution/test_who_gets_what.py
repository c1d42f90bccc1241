"""Whose account moves: one quantity is changed by hand in a city that otherwise stands still, and only its own mechanism's may answer.

That the accounts add up says nothing of this: two of them may be swapped, and the sum is right.
"""

import numpy as np
import pytest
from alone import switched
from cities import small

from sim.city.codes import ACTIVE, ANSWERED, BELIEVES, CALM, COURT, VOLUNTEERING
from sim.ledger import Ledger
from sim.ledger.accounts import ACCOUNTS, GRANTED, VERDICTS
from sim.ledger.capacities import log_capacities
from sim.levers import instrument
from sim.mechanisms.week import begin_week, end_week, live_week
from sim.simulation import Simulation

MIDDLING = {
    "belonging service expectation strain cohesion integration legitimacy norm security happiness": 0.5,
    "grievance fatigue": 0.2,
    "sanction_risk": 0.2,
    "status rumour weeks_left case_stage": 0,
}
"""State of everybody: far from every bound, and nothing pending."""
CONDITIONS = {
    "voice burden health school family work_ethic offence_level patrol clarity discretion oversight wrongful_level": 1.0,
    "collective_efficacy": 1.0,
    "incident_level backlash exposure cameras shock_alarm hush candour transparency corruption watch": 0.2,
    "officers": 0.0,
}


def still(*names: str, changes: dict | None = None, **others) -> Simulation:
    """A middling city, in which only these mechanisms act; `others` are columns of residents with other values."""
    simulation = Simulation(small(8).with_changes({**switched(names), **(changes or {})}), 1, attribution=True)
    columns = {column: value for several, value in MIDDLING.items() for column in several.split()}
    for column, value in {**columns, **others}.items():
        put(simulation, column, value)
    for fields, value in CONDITIONS.items():
        for field in fields.split():
            put(simulation, f"communities.{field}", value)
    simulation.ledger = Ledger(simulation)  # opened anew: it remembers what it saw
    return simulation


def put(simulation: Simulation, what: str, value) -> None:
    """Set a column of residents, or a field of another table as ``table.field``, for all."""
    owner, _, name = what.rpartition(".")
    if owner:
        getattr(simulation.city.world, owner)[name] = value
    else:
        simulation.city.residents.set(name, np.arange(len(simulation.city.residents)), value)


def live(simulation: Simulation, before_books=None) -> None:
    """A week; something may be changed by hand when residents have lived it, as the later phases of a week do."""
    world, week = simulation.city.world, simulation.week
    begin_week(world, week)
    live_week(world, week, 0, len(world.communities))
    if before_books:
        before_books()
    simulation.ledger.book(world, week + 1)
    end_week(world, week)
    simulation.week += 1


def moved_by(names, values: np.ndarray, but=("limits", "start", "constant")) -> dict[str, float]:
    """Accounts that differ from 0, by name."""
    return {name: float(value) for name, value in zip(names, values, strict=True) if abs(value) > 1e-7 and name not in but}


# --- verdicts: terms of an equation ---

TERMS = [
    ("belonging", "cohesion", 0.7, "collective_efficacy", 1),
    ("belonging", "status", VOLUNTEERING, "participation", 1),
    ("belonging", "communities.voice", 1.5, "participation", 1),
    ("belonging", "integration", 0.8, "integration", 1),
    ("belonging", "communities.exposure", 0.5, "detection", -1),
    ("happiness", "service", 0.7, "services", 1),
    ("happiness", "expectation", 0.7, "satisfaction", -1),
    ("happiness", "strain", 0.7, "livelihood", -1),
    ("happiness", "fatigue", 0.5, "participation", -1),
    ("happiness", "communities.health", 1.5, "livelihood", 1),
    ("happiness", "communities.work_ethic", 1.5, "norms", -1),
    ("happiness", "communities.school", 1.5, "norms", -1),
    ("happiness", "communities.family", 1.5, "norms", -1),
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
    ("legitimacy", "communities.voice", 1.5, "participation", 1),
    ("legitimacy", "communities.oversight", 1.5, "policing", 1),
    ("legitimacy", "communities.wrongful_level", 2.0, "policing", -1),
    ("legitimacy", "communities.clarity", 1.5, "resolution", 1),
    ("legitimacy", "communities.discretion", 1.5, "resolution", -1),
    ("legitimacy", "communities.corruption", 0.4, "integrity", -1),
    ("legitimacy", "communities.hush", 0.6, "rumour", -1),
    ("legitimacy", "rumour", BELIEVES, "rumour", -1),
    ("legitimacy", "rumour", ANSWERED, "rumour", -1),
]


def opened(simulation: Simulation, quantity: str) -> np.ndarray:
    """Accounts of a verdict when books are opened: the terms of its equation."""
    ledger = Ledger(simulation)
    return ledger.granted[0] if quantity == "legitimacy" else ledger.terms[0, VERDICTS.index(quantity)]


@pytest.mark.parametrize(("quantity", "what", "value", "mechanism", "sign"), TERMS, ids=lambda value: str(value))
def test_a_term_stands_in_the_account_of_the_mechanism_that_writes_it(quantity, what, value, mechanism, sign):
    simulation = still()
    before = opened(simulation, quantity)
    put(simulation, what, value)
    moves = moved_by(GRANTED if quantity == "legitimacy" else ACCOUNTS, opened(simulation, quantity) - before)
    assert list(moves) == [mechanism]
    assert np.sign(moves[mechanism]) == sign


def test_voice_is_booked_for_those_who_have_it_in_the_equation():
    """Belonging: residents with local registration alone; the mean over all adults falls short by the share of the others."""
    simulation = still()
    before = opened(simulation, "belonging")
    simulation.city.world.communities["voice"] = 1.5
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
    ("places.focus", 1.8, "policing", -1),
]


@pytest.mark.parametrize(("what", "value", "mechanism", "sign"), FACTORS)
def test_a_factor_on_offending_is_booked_to_the_mechanism_that_writes_it(what, value, mechanism, sign):
    """All of the change of expected offences, since nothing else changes. Others read last week's legitimacy and risk."""
    simulation = still("offending", changes={"mechanisms.offending.theta": 0.0, "mechanisms.offending.recorded": 0.0})
    live(simulation)
    put(simulation, what, value)
    live(simulation)
    live(simulation)
    ledger = simulation.ledger
    moved = ledger.offences[2:4].sum(axis=0)
    assert list(moved_by(ACCOUNTS, moved, but=())) == [mechanism]
    assert np.sign(moved.sum()) == sign
    assert moved.sum() == pytest.approx(ledger.expected[3] - ledger.expected[1], rel=1e-3)


# --- calm: what tips those who go on the street or home ---

TINDER = {
    "mechanisms.unrest.trigger": 0.0,
    "mechanisms.unrest.vent": 0.0,
    "mechanisms.unrest.arrests": 0.0,
    "mechanisms.unrest.reserve": 0.0,
    "mechanisms.unrest.decay_weeks": 520.0,
    "mechanisms.unrest.hush": 1.0,
    "mechanisms.unrest.watched": 1.0,
}
"""Unrest in which nothing happens by itself, and all that may tip people weighs much."""


def crossing(simulation: Simulation, what: str, value, judged: bool) -> tuple[dict[str, float], int]:
    """Accounts of protest after a change by hand, in the judging phase or when the week is planned, and how many more protest."""
    live(simulation)
    live(simulation)
    start = (simulation.city.residents.values("status") == ACTIVE).sum()
    if judged:
        live(simulation, lambda: put(simulation, what, value))
    else:
        put(simulation, what, value)
    live(simulation)
    end = (simulation.city.residents.values("status") == ACTIVE).sum()
    return moved_by(ACCOUNTS, simulation.ledger.protest[3:].sum(axis=0), but=()), int(end) - int(start)


@pytest.mark.parametrize(("before", "after"), [(0.9, 0.1), (0.1, 0.9)], ids=["lost", "won"])
def test_whoever_is_tipped_by_legitimacy_is_booked_to_procedural_justice(before, after):
    simulation = still("unrest", changes=TINDER, grievance=0.5, legitimacy=before)
    moves, more = crossing(simulation, "legitimacy", after, judged=True)
    assert abs(more) > 500
    assert np.sign(more) == np.sign(before - after)
    assert moves.get("procedural_justice", 0.0) == pytest.approx(more, rel=0.02)


@pytest.mark.parametrize(("field", "mechanism"), [("hush", "rumour"), ("exposure", "detection")])
def test_whoever_is_kept_home_by_what_hushes_or_watches_is_booked_to_it(field, mechanism):
    simulation = still("unrest", changes=TINDER, grievance=0.5, legitimacy=0.2, risk_aversion=0.9)
    put(simulation, f"communities.{field}", 0.0)
    moves, more = crossing(simulation, f"communities.{field}", 1.0, judged=False)
    assert more < -500
    assert moves.get(mechanism, 0.0) == pytest.approx(more, rel=0.02)


PROVOKED = {
    "mass_work": {"mechanisms.mass_work.contact": 10.0, "mechanisms.mass_work.resolved": 0.0, "mechanisms.mass_work.disappointment": 0.5},
    "rumour": {"mechanisms.rumour.grievance": 0.2, "mechanisms.rumour.forget": 0.0},
    "resolution": {"mechanisms.resolution.waiting_hurts": 0.2, "mechanisms.resolution.court_rate": 0.0},
    "unrest": {"mechanisms.unrest.trigger": 1.0, "mechanisms.unrest.stirred": 1.0, "mechanisms.unrest.stir": 1.0},
}


@pytest.mark.parametrize("name", PROVOKED)
def test_whoever_is_tipped_by_grievance_is_booked_to_the_mechanism_that_added_it(name):
    pending = {"rumour": {"rumour": BELIEVES}, "resolution": {"case_stage": COURT}}.get(name, {})
    simulation = still("unrest", name, changes={**TINDER, **PROVOKED[name]}, grievance=0.0, legitimacy=0.2, **pending)
    for _ in range(6):
        live(simulation)
    moves = moved_by(ACCOUNTS, simulation.ledger.protest.sum(axis=0), but=())
    protesting = int((simulation.city.residents.values("status") == ACTIVE).sum())
    assert protesting > 10
    assert sum(moves.values()) == pytest.approx(protesting)
    assert moves.get(name, 0.0) > 0.9 * protesting
    inflow = moved_by(ACCOUNTS, simulation.ledger.inflow.sum(axis=0), but=())
    assert list(inflow) == [name]


# --- resolution: what units can do for waiting cases ---

COURTS, MEDIATING = instrument("rule_of_law.courts"), instrument("self_governance.mediation")
SHARES = [
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
def test_capacity_is_booked_to_the_mechanism_that_gives_or_takes_it(what, value, accounts, sign):
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
    ("column", "stage"), [(MEDIATING, 0), *((instrument("public_services.education") + n, 1) for n in range(5)), (COURTS, 2)]
)
def test_money_for_a_way_is_booked_to_the_budget(column, stage):
    world = still().city.world
    before = log_capacities(world)
    world.districts["capacity"][:, column] *= 1.5
    moved = log_capacities(world) - before
    assert list(moved_by(ACCOUNTS, moved[stage], but=())) == ["budget"]
    assert np.flatnonzero(np.abs(moved).sum(axis=1)).tolist() == [stage]


def test_nobody_protests_in_the_city_that_stands_still():
    simulation = still("unrest", changes=TINDER)
    live(simulation)
    assert (simulation.city.residents.values("status") == CALM).all()
    assert moved_by(ACCOUNTS, simulation.ledger.protest.sum(axis=0), but=()) == {}
