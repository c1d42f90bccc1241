"""Scenarios in which the two models meet: quiet, turbulent, away from every default, with every shock, anywhere in the parameters."""

from typing import get_args

import numpy as np

from sim.levers import INSTRUMENTS, LEVERS, instrument
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import structural_choices
from sim.scenario import read_scenario
from sim.scenario.schema.policy import Stance
from sim.shocks import SHOCK_KINDS
from sim.spec import options_of

STANCES = Stance.model_fields
STAFFING = read_scenario({"name": "worlds"}).staffing

SELF_GOVERNED = {
    "policy.self_governance": 0.4,
    "policy.rule_of_law": 0.1,
    "policy.public_services": 0.3,
    "stance.patrol_targeting": "reported",
    "stance.migrant_access": 0.9,
    "stance.transparency": 0.1,
    "budget": 1.3,
}
POOR = {
    "budget": 0.4,
    "policy.public_services": 0.1,
    "policy.moral_education": 0.3,
    "stance.migrant_access": 0.0,
    "mechanisms.disputes.rate": 3.0,
    "mechanisms.resolution.office_cases": 10.0,
    "city.staffing.rule_of_law.courts.throughput": 90.0,
    "mechanisms.resolution.withdraw": 0.1,
    "mechanisms.norms.bound": 0.3,
    "weights.satisfaction.belonging": 3.0,
}
BETWEEN = {
    "mechanisms.resolution.shadow": 0.4,
    "mechanisms.participation.enforced": -0.8,
    "mechanisms.offending.internalised": 1.5,
}
"""Interactions of the three ways of governing, which are 0 by default."""
TURBULENT = {
    "policy.rule_of_law": 0.2,
    "stance.patrol_targeting": "reported",
    "stance.campaign": 0.7,
    "stance.officials_visits": 0.9,
    "stance.detection": 0.9,
    "mechanisms.mass_work.contact": 5.0,
    "mechanisms.mass_work.jump": 0.3,
    "mechanisms.mass_work.resolved": 0.7,
    "mechanisms.livelihood.loss": 0.05,
    "mechanisms.integration.churn": 0.02,
    "mechanisms.participation.join": 0.15,
    "mechanisms.participation.quit": 0.2,
    "mechanisms.participation.tiring": 0.4,
    "mechanisms.rumour.source": 0.3,
    "mechanisms.rumour.beta": 0.2,
    "mechanisms.disputes.rate": 5.0,
    "mechanisms.resolution.way_mediation": 0.5,
    "mechanisms.resolution.way_office": 0.3,
    "mechanisms.resolution.way_court": 0.1,
    "city.staffing.self_governance.mediation.throughput": 500.0,
    "city.staffing.rule_of_law.courts.throughput": 2700.0,
    "mechanisms.resolution.office_cases": 170.0,
    "mechanisms.resolution.mediation_success": 0.6,
    "mechanisms.resolution.comes_back": 0.4,
    "mechanisms.resolution.pass_on": 0.3,
    "mechanisms.detection.screened": 1.0,
    "mechanisms.offending.base": 0.9,
    "mechanisms.offending.criminal": 0.9,
    "mechanisms.offending.prosecuted": 0.9,
    "mechanisms.offending.jailed": 0.9,
    "mechanisms.offending.sentence": 4.0,
    "mechanisms.policing.stops": 200.0,
    "mechanisms.policing.haste": 0.5,
    "mechanisms.unrest.spontaneous": 0.5,
    "mechanisms.unrest.by_case": 0.05,
    "mechanisms.unrest.by_delay": 0.01,
    "mechanisms.unrest.spread": 1.0,
    "mechanisms.unrest.contagion": 0.15,
    "mechanisms.unrest.least": 200.0,
    "mechanisms.unrest.stir": 0.9,
    "mechanisms.unrest.rest": 4.0,
    "mechanisms.unrest.threshold": 0.05,
    "mechanisms.unrest.arrests": 0.3,
    "mechanisms.unrest.reserve": 0.3,
    "mechanisms.unrest.incident": 15.0,
    **BETWEEN,
}
UNEVEN = {
    "policy.self_governance": {"share": 0.5, "split": {"councils": 3.0, "mediation": 2.0, "social_organisations": 1.0}},
    "policy.rule_of_law": 0.15,
    "policy.public_services": 0.2,
    "stance.patrol_targeting": "risk_score",
    **{f"mechanisms.{name}.strength": 0.6 for name, m in MECHANISMS.items() if "strength" in m.parameters.model_fields},
    "mechanisms.disputes.rate": 2.0,
    "mechanisms.resolution.way_mediation": 0.4,
    "mechanisms.resolution.comes_back": 0.3,
    **{f"city.staffing.{name}.returns": 0.5 for name in INSTRUMENTS},
    "mechanisms.resolution.patience": 2.0,
    "mechanisms.offending.base": 0.3,
    "mechanisms.policing.stops": 200.0,
    "mechanisms.unrest.decay_weeks": 6.0,
    **{name: -value for name, value in BETWEEN.items()},
}


ALTERNATIVES = [(key, option) for key, options in structural_choices(MECHANISMS).items() for option in options[1:]]
"""Every option of a structural choice that is not its default, with its key in a scenario."""


def limits(field):
    """Lowest and highest value of a parameter or stance."""
    bounds = {key: getattr(rule, key) for rule in field.metadata for key in ("ge", "le") if hasattr(rule, key)}
    return bounds["ge"], bounds["le"]


def turned(far, choice=-1):
    """Every stance away from its default: numbers some of the way (`far` from 0 to 1) to the farther limit, choices to another."""
    found = {}
    for name, field in STANCES.items():
        choices = [choice for choice in get_args(field.annotation) if choice != field.default]
        if choices:
            found[f"stance.{name}"] = choices[choice % len(choices)]
        else:
            low, high = limits(field)
            limit = high if high - field.default >= field.default - low else low
            found[f"stance.{name}"] = field.default + far * (limit - field.default)
    return found


def shocked(weeks):
    """Shocks of every kind, one after another and some at once: in one community, in a district, everywhere; two of a kind at once, too."""
    found, places = [], ({"community": 0}, {"district": "District 2"}, {})
    for n, kind in enumerate((*SHOCK_KINDS, *SHOCK_KINDS[::-1])):
        shock = {"kind": kind, "at": n % weeks, "lasts": 2 + n % 3, "strength": 1.0 if n % 2 else 0.4, "where": places[n % 3]}
        found += [shock, {**shock, "lasts": 1}] if n < len(SHOCK_KINDS) else [shock]
    return found


def restless(weeks):
    """A timeline under which all stances and the budget change fast, choices through all there are, money from lever to lever."""
    found = [{"at": 2, "over": 0, "set": {f"policy.{lever}": 0.1 for lever in LEVERS}}]
    found += [{"at": 3 + 2 * n, "over": 1, "set": {f"policy.{lever}": 0.6}} for n, lever in enumerate(LEVERS)]
    found += [{"at": 4 + 2 * n, "over": 1, "set": {f"policy.{lever}": 0.1}} for n, lever in enumerate(LEVERS)]
    for name, field in STANCES.items():
        values = get_args(field.annotation) or limits(field)[::-1]
        found += [{"at": (n + 1) * weeks // (len(values) + 1), "set": {f"stance.{name}": value}} for n, value in enumerate(values)]
    return [*found, {"at": 4, "over": 3, "set": {"budget": 2.0}}]


def apart():
    """A timeline under which two districts differ from the others in every lever that may, for some time or to the end."""
    stances = {key: value for key, value in turned(0.7).items() if key != "stance.campaign"}
    choices = {key: value for key, value in stances.items() if isinstance(value, str)}
    numbers = {key: value for key, value in stances.items() if key not in choices}
    money = {"policy.rule_of_law.policing": 0.1, "policy.self_governance.mediation": -0.05}
    return [
        {"at": 1, "where": {"district": "District 1"}, "set": choices},
        {"at": 1, "over": 3, "until": 9, "where": {"districts": ["District 1", "District 2"]}, "set": {**numbers, "budget": 1.5}},
        {
            "at": 2,
            "over": 4,
            "until": 11,
            "where": {"district": "District 2"},
            "add": money,
            "times": {"policy.public_services.health": 0.3},
        },
        {"at": 6, "set": {"policy.moral_education": 0.05, "stance.transparency": 0.2}},
    ]


def anywhere(seed):
    """Every parameter of every mechanism and what staff does somewhere in its range, one in four at a limit."""
    rng, found = np.random.default_rng(seed), {}
    for name, mechanism in MECHANISMS.items():
        for key, field in mechanism.parameters.model_fields.items():
            options = list(options_of(field))
            found[f"mechanisms.{name}.{key}"] = options[rng.integers(len(options))] if options else _between(*limits(field), rng)
    for name in INSTRUMENTS:
        usual = STAFFING.throughput[instrument(name)]
        for figure, low, high in (("throughput", 0.3 * usual, 3.0 * usual), ("weeks", 1.0, 200.0), ("returns", 0.0, 1.0)):
            found[f"city.staffing.{name}.{figure}"] = _between(low, high, rng)
    return found


def _between(low, high, rng):
    at = rng.choice([0.0, 1.0]) if rng.random() < 0.25 else rng.random()
    return float(low + at * (high - low))


def unchanging():
    """Every mechanism on, at the setting with which it changes nothing."""
    return {f"mechanisms.{name}.{key}": value for name, mechanism in MECHANISMS.items() for key, value in mechanism.null.items()}


def everything_off():
    """Changes that switch every mechanism off."""
    return {f"mechanisms.{name}.enabled": False for name in MECHANISMS}
