"""The kernels' week and an independent plain-Python week are the same: equal whole numbers, floats to rounding, week by week."""

import numpy as np
import pytest
from differences import differences, everything_off
from plain import PlainCity

from sim.city.community import COUNTS
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import open_books
from sim.scenario import read_scenario
from sim.simulation import Simulation

CITY = {"preset": "synthetic", "residents": 600, "districts": 2, "community_size": 200}

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
    "mechanisms.resolution.office_rate": 30.0,
    "mechanisms.resolution.court_rate": 5.0,
    "mechanisms.resolution.withdraw": 0.1,
    "mechanisms.norms.bound": 0.3,
    "weights.satisfaction.belonging": 3.0,
}
TURBULENT = {
    "policy.rule_of_law": 0.2,
    "stance.patrol_targeting": "reported",
    "mechanisms.participation.join": 0.15,
    "mechanisms.participation.quit": 0.2,
    "mechanisms.participation.tiring": 0.4,
    "mechanisms.disputes.rate": 5.0,
    "mechanisms.resolution.way_mediation": 0.5,
    "mechanisms.resolution.way_office": 0.3,
    "mechanisms.resolution.way_court": 0.1,
    "mechanisms.resolution.mediation_rate": 150.0,
    "mechanisms.resolution.office_rate": 600.0,
    "mechanisms.resolution.court_rate": 150.0,
    "mechanisms.resolution.mediation_success": 0.6,
    "mechanisms.resolution.comes_back": 0.4,
    "mechanisms.offending.base": 0.9,
    "mechanisms.offending.criminal": 0.9,
    "mechanisms.offending.prosecuted": 0.9,
    "mechanisms.offending.jailed": 0.9,
    "mechanisms.offending.sentence": 4.0,
    "mechanisms.policing.stops": 500.0,
    "mechanisms.unrest.trigger": 0.9,
    "mechanisms.unrest.stirred": 0.6,
    "mechanisms.unrest.stir": 0.9,
    "mechanisms.unrest.threshold": 0.05,
    "mechanisms.unrest.arrests": 0.3,
    "mechanisms.unrest.reserve": 0.3,
    "mechanisms.unrest.incident": 5.0,
}
UNEVEN = {
    "policy.self_governance": {"share": 0.5, "split": {"councils": 3.0, "mediation": 2.0, "social_organisations": 1.0}},
    "policy.rule_of_law": 0.15,
    "policy.public_services": 0.2,
    "stance.patrol_targeting": "reported",
    **{f"mechanisms.{name}.strength": 0.6 for name, m in MECHANISMS.items() if "strength" in m.parameters.model_fields},
    "mechanisms.disputes.rate": 2.0,
    "mechanisms.resolution.way_mediation": 0.4,
    "mechanisms.resolution.mediation_rate": 100.0,
    "mechanisms.resolution.comes_back": 0.3,
    "mechanisms.resolution.patience": 2.0,
    "mechanisms.offending.base": 0.3,
    "mechanisms.policing.stops": 200.0,
    "mechanisms.unrest.decay_weeks": 6.0,
}


def shake(simulation, seed):
    """Put everybody and everything far from the reference, where bounds and rare branches are."""
    rng, city = np.random.default_rng(seed), simulation.city
    for table in city.tables.values():
        for name, column in table.columns.items():
            if column.kind == "f4" and not column.fixed:
                shape = (len(table), column.slots) if column.slots else len(table)
                high = 2.0 if column.high is None else min(column.high, 2.0)
                _write(table, name, rng.uniform(column.low or 0.0, high, shape).astype(np.float32))
    for name in ("case_age", "since_volunteering"):
        _write(city.residents, name, rng.integers(0, 256, len(city.residents)).astype(np.uint8))
    records = city.world.communities
    for name in records.dtype.names:
        if records[name].dtype == np.float32 and name not in ("x", "y", "hardship", "organisations"):
            records[name] = rng.uniform(0.0, 5.0, records[name].shape)
    open_books(city.world, 0, len(records))


def _write(table, name, values):
    table.set(name, np.arange(len(table)), values)


def dock(changes, weeks, seed=1, residents=None, shaken=False):
    """Let both live the same weeks, which must not differ anywhere; returns the plain city."""
    city = {**CITY, **({"residents": residents} if residents else {})}
    scenario = read_scenario({"name": "docking", "city": city, "horizon": weeks}).with_changes(changes)
    simulation = Simulation(scenario, seed)
    if shaken:
        shake(simulation, seed)
    plain = PlainCity(simulation, number=np.float32)
    for week in range(weeks):
        simulation.advance(1)
        plain.advance(1)
        found = differences(plain, simulation)
        assert not found, f"week {week}:\n" + "\n".join(found[:12])
    return plain


def visited(plain):
    """Counts of the whole run, by name."""
    return {name: sum(district[name] for week in plain.history for district in week["counts"]) for name in COUNTS}


@pytest.mark.parametrize("changes", [{}, SELF_GOVERNED, POOR], ids=["reference", "self_governed", "poor"])
def test_same_week_in_plain_python(changes):
    dock(changes, weeks=30, seed=3)


def test_same_week_where_every_branch_is_visited():
    """Jail, unrest, incidents, burn-out, settlements that come back: nothing that is counted stays at zero. Ends after a year."""
    counts = visited(dock(TURBULENT, weeks=53, seed=5, residents=450))
    assert [name for name, count in counts.items() if count == 0] == []


@pytest.mark.parametrize("changes", [{}, POOR, UNEVEN], ids=["reference", "poor", "uneven"])
def test_same_week_far_from_the_reference(changes):
    dock(changes, weeks=12, seed=7, shaken=True)


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_alone(name):
    dock({**TURBULENT, **everything_off(), f"mechanisms.{name}.enabled": True}, weeks=3, residents=256)


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_left_out(name):
    dock({**TURBULENT, f"mechanisms.{name}.enabled": False}, weeks=3, residents=256)
