"""Who sends people on the street or home: one reason to protest is changed in a city that otherwise stands still, and attributed."""

import numpy as np
import pytest
from arranged import UNPROVOKED
from still import live, moved_by, put, still

from sim.attribution.accounts import ACCOUNTS
from sim.city.codes import ACTIVE, BELIEVES, CALM, COURT
from sim.simulation import Simulation

TINDER = {
    **{f"mechanisms.{name}": value for name, value in UNPROVOKED.items()},
    "mechanisms.unrest.contagion": 0.0,
    "stance.protest_response": "ignore",
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
    return moved_by(ACCOUNTS, simulation.attribution.protest[3:].sum(axis=0), but=()), int(end) - int(start)


@pytest.mark.parametrize(("before", "after"), [(0.9, 0.1), (0.1, 0.9)], ids=["lost", "won"])
def test_whoever_is_tipped_by_legitimacy_is_attributed_to_procedural_justice(before, after):
    simulation = still("unrest", changes=TINDER, grievance=0.5, legitimacy=before)
    moves, more = crossing(simulation, "legitimacy", after, judged=True)
    assert abs(more) > 500
    assert np.sign(more) == np.sign(before - after)
    assert moves.get("procedural_justice", 0.0) == pytest.approx(more, rel=0.02)


@pytest.mark.parametrize(("field", "mechanism"), [("hush", "rumour"), ("exposure", "detection")])
def test_whoever_is_kept_home_by_what_hushes_or_watches_is_attributed_to_it(field, mechanism):
    simulation = still("unrest", changes=TINDER, grievance=0.5, legitimacy=0.2, risk_aversion=0.9)
    put(simulation, f"communities.{field}", 0.0)
    moves, more = crossing(simulation, f"communities.{field}", 1.0, judged=False)
    assert more < -500
    assert moves.get(mechanism, 0.0) == pytest.approx(more, rel=0.02)


PROVOKED = {
    "mass_work": {"mechanisms.mass_work.contact": 10.0, "mechanisms.mass_work.resolved": 0.0, "mechanisms.mass_work.disappointment": 0.5},
    "rumour": {"mechanisms.rumour.grievance": 0.2, "mechanisms.rumour.forget": 0.0},
    "resolution": {"mechanisms.resolution.waiting_hurts": 0.2, "city.staffing.rule_of_law.courts.throughput": 1e-6},
    "unrest": {"mechanisms.unrest.spontaneous": 1.0, "mechanisms.unrest.least": 1000.0, "mechanisms.unrest.stir": 1.0},
}


@pytest.mark.parametrize("name", PROVOKED)
def test_whoever_is_tipped_by_grievance_is_attributed_to_the_mechanism_that_added_it(name):
    pending = {"rumour": {"rumour": BELIEVES}, "resolution": {"case_stage": COURT}}.get(name, {})
    simulation = still("unrest", name, changes={**TINDER, **PROVOKED[name]}, grievance=0.0, legitimacy=0.2, **pending)
    for _ in range(6):
        live(simulation)
    moves = moved_by(ACCOUNTS, simulation.attribution.protest.sum(axis=0), but=())
    protesting = int((simulation.city.residents.values("status") == ACTIVE).sum())
    assert protesting > 10
    assert sum(moves.values()) == pytest.approx(protesting)
    assert moves.get(name, 0.0) > 0.9 * protesting
    inflow = moved_by(ACCOUNTS, simulation.attribution.inflow.sum(axis=0), but=())
    assert list(inflow) == [name]


def test_nobody_protests_in_the_city_that_stands_still():
    simulation = still("unrest", changes=TINDER)
    live(simulation)
    assert (simulation.city.residents.values("status") == CALM).all()
    assert moved_by(ACCOUNTS, simulation.attribution.protest.sum(axis=0), but=()) == {}
