"""Every parameter matters: somewhere in its range it changes what happens. One that does not is a promise that nobody keeps."""

import pytest
from alone import RAISED, limits, live

from sim.mechanisms import MECHANISMS
from sim.shocks import SHOCK_KINDS
from sim.spec import options_of

LIVELY = {
    **RAISED,
    "budget": 1.3,
    "policy.self_governance": 0.3,
    "policy.rule_of_law": 0.25,
    "policy.moral_education": 0.15,
    "policy.public_services": 0.2,
    "stance.patrol_targeting": "reported",
    "stance.migrant_access": 0.9,
    "stance.digital_services": 0.8,
    "stance.appraisal_pressure": 0.8,
    "shocks": [{"kind": kind, "at": 1 + number, "lasts": 6, "strength": 1.0} for number, kind in enumerate(SHOCK_KINDS)],
    "timeline": [
        {"at": 3, "set": {"stance.campaign": 0.8, "policy.rule_of_law": 0.2}},
        {
            "at": 6,
            "set": {"stance.information_stance": "open", "stance.patrol_targeting": "risk_score", "stance.protest_response": "concede"},
        },
        {"at": 8, "set": {"stance.information_stance": "wait", "stance.campaign": 0.1}},
        {"at": 10, "set": {"stance.information_stance": "suppress", "stance.appraisal_by": "residents"}},
        {"at": 11, "set": {"stance.protest_response": "disperse"}},
    ],
    "mechanisms.participation.join": 0.15,
    "mechanisms.participation.quit": 0.2,
    "mechanisms.participation.tiring": 0.3,
    "mechanisms.participation.capture_weeks": 13.0,
    "mechanisms.disputes.rate": 5.0,
    "mechanisms.resolution.way_mediation": 0.4,
    "mechanisms.resolution.way_office": 0.4,
    "mechanisms.resolution.way_court": 0.1,
    "mechanisms.resolution.office_cases": 140.0,
    "city.staffing.self_governance.mediation.throughput": 3600.0,
    "city.staffing.rule_of_law.courts.throughput": 1800.0,
    "mechanisms.offending.base": 0.9,
    "mechanisms.offending.criminal": 0.9,
    "mechanisms.policing.stops": 500.0,
    "mechanisms.unrest.spontaneous": 0.1,
    "mechanisms.unrest.by_request": 0.001,
    "mechanisms.unrest.least": 100.0,
    "mechanisms.unrest.threshold": 0.05,
    "mechanisms.unrest.incident": 15.0,
    "mechanisms.unrest.rest": 3.0,
}
"""A city in which much happens in little time."""
CITY = {"residents": 1000, "districts": 2, "community_size": 200, "weeks": 26}
POLICED = {"residents": 7000, "districts": 1, "community_size": 3500, "weeks": 16}
"""Communities big enough to have a whole officer at hand: below that nobody fears arrest. Each is a sub-district of its own.
They have many blocks, too: in a smaller one no block could get more than the most hours of patrol."""

NEIGHBOURS = {"residents": 3000, "districts": 1, "community_size": 200, "weeks": 16}
"""Sub-districts of several communities, so that protest may spread."""
AGED = {**NEIGHBOURS, "weeks": 156}
OTHERWISE = {"spread": NEIGHBOURS, "aided": NEIGHBOURS, "shadow": AGED, "law": AGED}
"""Cities in which a parameter matters that another leaves idle: of several communities, or lived until rules have aged."""


def hash_with(changes, city=CITY):
    try:
        return live({**LIVELY, **changes}, **city).content_hash()
    except ArithmeticError as error:
        pytest.fail(f"{changes} is allowed, and ends in {error!r}")


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_parameter_matters(name):
    city = POLICED if name in ("unrest", "policing") else CITY
    few = {"mechanisms.unrest.least": 1.0} if name == "shocks" else {}  # where one event stirs many, a crowd adds nothing
    usual, idle = hash_with(few, city), []
    for key, field in MECHANISMS[name].parameters.model_fields.items():
        where, before = (OTHERWISE[key], hash_with(few, OTHERWISE[key])) if key in OTHERWISE else (city, usual)
        if all(
            hash_with({**few, f"mechanisms.{name}.{key}": value}, where) == before for value in list(options_of(field)) or limits(field)
        ):
            idle.append(key)
    assert idle == []


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_matters(name):
    assert hash_with({f"mechanisms.{name}.enabled": False}) != hash_with({})
