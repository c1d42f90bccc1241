"""The kernels' week and an independent plain-Python week are the same: equal whole numbers, floats to rounding, week by week."""

from collections import Counter

import numpy as np
import pytest
from differences import RTOL, differences
from plain import PlainCity
from worlds import (
    ALTERNATIVES,
    POOR,
    SELF_GOVERNED,
    TURBULENT,
    UNEVEN,
    anywhere,
    apart,
    everything_off,
    restless,
    shocked,
    turned,
    unchanging,
)

from sim.city.codes import COURT, FIRST_WORKING, LAST_WORKING, SERVICES
from sim.city.community import COUNTS
from sim.levers import STANCES
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import measure_start
from sim.scenario import read_scenario
from sim.simulation import Simulation

CITY = {"preset": "synthetic", "residents": 600, "districts": 2, "community_size": 200}
RESPONSES = tuple(STANCES["protest_response"].choices)
PLACES = "x y attraction density hardship diversity organisations estates bonds".split()
"""What is fixed about a community."""


def shake(simulation, seed):
    """Put everybody and everything far from the reference, where bounds and rare branches are."""
    rng, city = np.random.default_rng(seed), simulation.city
    for table in city.tables.values():
        for name, column in table.columns.items():
            if column.kind == "f4" and not column.fixed:
                shape = (len(table), column.slots) if column.slots else len(table)
                high = 2.0 if column.high is None else min(column.high, 2.0)
                _write(table, name, rng.uniform(column.low or 0.0, high, shape).astype(np.float32))
    _shake_lives(city.residents, rng)
    records = city.world.communities
    for name in records.dtype.names:
        if records[name].dtype == np.float32 and name not in PLACES:
            most = 5.0 if records[name].max() >= 1.0 else 1.0  # levels, of which 1 is usual; shares
            records[name] = rng.uniform(0.0, most, records[name].shape)
    for name in ("heat", "known", "reports", "focus"):
        city.world.blocks[name] = rng.uniform(0.0, 3.0, len(city.world.blocks))
    measure_start(city.world, 0, len(records))


def _shake_lives(residents, rng):
    """Open cases, work lost, rumours believed, years lived: anything that the age allows."""
    count, ages = len(residents), residents.values("age_group")
    _write(residents, "since_volunteering", rng.integers(0, 256, count).astype(np.uint8))
    _write(residents, "tired", rng.choice([0, 0, 1, 26, 255], count).astype(np.uint8))
    _write(residents, "tenure", rng.choice([0, 300, 65534, 65535], count).astype(np.uint16))
    _write(residents, "rumour", rng.integers(0, 3, count).astype(np.uint8))
    stages = np.where(ages > 0, rng.integers(0, COURT + 1, count), 0)
    _write(residents, "case_stage", stages.astype(np.uint8))
    _write(residents, "case_age", np.where(stages > 0, rng.choice([0, 1, 90, 254, 255], count), 0).astype(np.uint8))
    _write(residents, "case_kind", rng.integers(0, SERVICES + 1, count).astype(np.uint8))
    working = (ages >= FIRST_WORKING) & (ages <= LAST_WORKING)
    _write(residents, "jobless", np.where(working, rng.choice([0, 1, 254, 255], count), 0).astype(np.uint8))


def _write(table, name, values):
    table.set(name, np.arange(len(table)), values)


def dock(changes, weeks, seed=1, residents=None, shaken=False, look=lambda plain: None, **more):
    """Let both live the same weeks, which must not differ anywhere; returns the plain city.

    `look` is called with it every week; `more` holds a timeline or shocks.
    """
    city = {**CITY, **({"residents": residents} if residents else {})}
    scenario = read_scenario({"name": "docking", "city": city, "horizon": weeks, **more}).with_changes(changes)
    simulation = Simulation(scenario, seed)
    if shaken:
        shake(simulation, seed)
    plain = PlainCity(simulation, number=np.float32)
    for week in range(weeks):
        simulation.advance(1)
        plain.advance(1)
        found = differences(plain, simulation)
        assert not found, f"week {week}:\n" + "\n".join(found[:12])
        look(plain)
    return plain


def visited(plain):
    """Counts of the whole run, by name."""
    return {name: sum(district[name] for week in plain.history for district in week["counts"]) for name in COUNTS}


@pytest.mark.parametrize("changes", [{}, SELF_GOVERNED, POOR], ids=["reference", "self_governed", "poor"])
def test_same_week_in_plain_python(changes):
    dock(changes, weeks=20, seed=3)


@pytest.fixture
def docked(finding):
    """Let both live the same weeks, and keep that they did."""

    def live(what, changes, weeks, **more):
        plain = dock(changes, weeks, **more)
        finding(
            f"the same weeks lived by an independent model in plain Python: {what}",
            wanted=f"whole numbers equal, others to rounding ({RTOL:g} of their size)",
            found=f"so in each of {weeks} weeks, for every column of {len(plain.residents)} residents and all units",
            reached=True,  # `dock` has failed otherwise
            part="The model",
            kind="exact",
        )
        return plain

    return live


def test_same_week_with_every_stance_turned_and_every_shock(docked):
    docked("every stance turned, every shock", turned(0.8), weeks=18, seed=2, shocks=shocked(14))


def test_same_week_while_all_levers_change(docked):
    docked("all levers change", {}, weeks=24, seed=4, residents=450, timeline=restless(24), shocks=shocked(20))


def test_same_week_where_districts_have_policies_of_their_own():
    plain = dock({}, weeks=14, seed=5, residents=600, timeline=apart(), shocks=shocked(10))
    assert len(plain.policies) == 3
    assert len({tuple(district.staff.values()) for district in plain.districts}) > 1


def test_same_week_where_every_branch_is_visited(docked):
    """Jail, unrest, incidents, burn-out, settlements that come back: nothing that is counted stays at zero. Ends after a year."""
    counts = visited(
        docked("every branch visited, nothing counted stays at 0", TURBULENT, weeks=53, seed=6, residents=450, shocks=shocked(50))
    )
    assert [name for name, count in counts.items() if count == 0] == []


@pytest.mark.parametrize("response", RESPONSES)
def test_same_week_under_every_response_to_protest(response):
    """Protest that spreads, with people who tire: concessions set precedents, mediation takes time, dispersal arrests and angers."""
    seen = Counter()

    def look(plain):
        for c in plain.communities:
            seen.update(forced=c.force > 1.0, calmed=c.calming > 0.0, precedent=c.precedent > 0.0, stirred=c.concerned > 0.0)
            seen.update(next_door=any(c.last["active"] for c in plain.communities if c.subdistrict == 0))
        seen.update(tired=any(r.tired for r in plain.residents), owed=any(office.mediation_kept < 0.0 for office in plain.offices))

    changes = {**TURBULENT, "stance.protest_response": response}
    counts = visited(dock(changes, weeks=14, seed=8, residents=800, look=look))
    assert min(counts["triggered"], counts["incidents"], *(seen[name] for name in ("stirred", "tired", "next_door"))) > 0
    assert bool(counts["calmed"]) == bool(seen["calmed"]) == (response in ("mediate", "concede"))
    assert bool(seen["precedent"]) == (response == "concede")
    assert bool(seen["forced"]) == (response == "disperse")


@pytest.mark.parametrize(
    "changes", [dict, lambda: POOR, lambda: UNEVEN, lambda: turned(1.0)], ids=["reference", "poor", "uneven", "turned"]
)
def test_same_week_far_from_the_reference(changes):
    dock(changes(), weeks=10, seed=7, shaken=True, shocks=shocked(8))


@pytest.mark.parametrize("seed", range(6))
def test_same_week_with_parameters_anywhere_in_their_range(seed):
    dock({**turned(0.5, choice=seed), **anywhere(seed)}, weeks=5, seed=seed, shaken=seed % 2 == 1, shocks=shocked(4))


@pytest.mark.parametrize(("key", "option"), ALTERNATIVES)
def test_same_week_under_every_structural_choice(key, option):
    dock({**TURBULENT, "policy.rule_of_law": 0.3, key: option}, weeks=6, seed=9, shaken=True, shocks=shocked(5))


@pytest.mark.parametrize("changes", [everything_off, unchanging], ids=["off", "null"])
def test_same_week_where_nothing_happens(changes):
    dock(changes(), weeks=3, residents=256, shocks=shocked(3))


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_alone(name):
    """Among conditions that no other mechanism brings back to what is usual."""
    changes = {**TURBULENT, **turned(0.8, choice=0), **everything_off(), f"mechanisms.{name}.enabled": True}
    dock(changes, weeks=4, residents=256, shaken=True, shocks=shocked(4))


@pytest.mark.parametrize("name", MECHANISMS)
def test_each_mechanism_left_out(name):
    dock({**TURBULENT, f"mechanisms.{name}.enabled": False}, weeks=3, residents=256, shocks=shocked(3))
