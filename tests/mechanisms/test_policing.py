"""Policing: certainty and presence against stops that find nothing, and what those cost."""

import numpy as np
import pytest
from arranged import Pairs, after, arranged, assert_falls, assert_rises, default, more, total
from scipy import stats
from statistics_helper import ALARM

from sim.levers import instrument

PATROLS = "rule_of_law.policing"
PLENTIFUL = {
    "mechanisms.offending.base": 20 * default("offending.base"),
    "mechanisms.offending.usual": 20 * default("offending.usual"),
    "mechanisms.offending.jailed": default("offending.jailed") / 20,
    "mechanisms.procedural_justice.arrest": default("procedural_justice.arrest") / 20,
    "mechanisms.policing.hours": default("policing.hours") / 20,
}
"""Twenty times the offences, measured against twenty times the reference: levels and effects as ever, a twentieth of the noise."""


@pytest.fixture(scope="module")
def pairs():
    return Pairs(seeds=8, weeks=130, residents=2500, changes=PLENTIFUL)


@pytest.fixture(scope="module")
def stopped():
    """Where stops are as frequent as where they are a grievance."""
    return Pairs(seeds=8, weeks=104, residents=2500, changes={"mechanisms.policing.stops": 10 * default("policing.stops")})


def test_more_patrols_raise_certainty_and_lower_offences(pairs):
    effect = pairs.effect(more(PATROLS))
    assert_rises(effect["sanction_risk"])
    assert_falls(effect["offences"])


def test_more_patrols_bring_more_fruitless_stops(pairs):
    assert_rises(pairs.effect(more(PATROLS))["wrongful_stops"])


def test_fruitless_stops_cost_legitimacy(stopped):
    """The same patrols cost less where a stop leaves no mark."""
    harmless = {f"mechanisms.procedural_justice.{name}": 0.0 for name in ("bad_stop", "abuse")}
    loss = stopped.effect(more(PATROLS))["legitimacy"]
    assert_falls(loss)
    assert_falls(loss - stopped.effect({**more(PATROLS), **harmless}, before=harmless)["legitimacy"])


def test_at_the_reference_more_patrols_lower_legitimacy_too(pairs):
    assert_falls(pairs.effect(more(PATROLS))["legitimacy"])


def test_oversight_lowers_stops_and_leakage(stopped):
    watched = more("rule_of_law.oversight")
    assert_falls(stopped.effect(watched)["stops"])
    less, much = (arm["budget_leaked"] / (arm["budget_leaked"] + arm["budget_spent"]) for arm in (stopped.arm(), stopped.arm(watched)))
    assert (much < less).all()


UNWATCHED = {"conditions": {"oversight": 0.0}}


def hours_of_patrol(simulation):
    """Hours of patrol for each resident and year, the same everywhere."""
    staffing = simulation.scenario.staffing
    hours = default("policing.patrolling") * staffing.work_of(staffing.staff)[instrument(PATROLS)]
    assert simulation.city.world.communities["patrol"] == pytest.approx(hours, rel=1e-5)
    return hours


def test_oversight_of_all_misconduct_spares_as_many_stops_as_the_parameter_says():
    free, watched = (
        arranged(
            "policing", weeks=50, residents=4000, changes={"policing.stops": 200.0}, columns={"status": 0}, conditions={"oversight": e}
        )
        for e in (0.0, 1.0)
    )
    for simulation in (free, watched):
        simulation.advance(50)
    seen, kept = total(free, "stops"), total(watched, "stops")
    left = 1 - default("policing.restraint")
    assert stats.binomtest(kept, seen + kept, left / (1 + left)).pvalue > ALARM


def cleared(cases, police=1.0, weeks=1):
    """Clearance where so many offences for each resident and year are reported, at so many times the police of today."""
    simulation = arranged("policing", weeks=weeks)
    world = simulation.city.world
    world.districts["work"][:, instrument(PATROLS)] *= police
    blocks = len(world.blocks)
    world.blocks["reports"] = (cases / 52 * world.communities["residents"].sum() - 0.5 / 13) / blocks
    simulation.advance(weeks)
    (share,) = np.unique(world.stations["clearance"])
    return float(share)


def test_clearance_follows_the_hours_for_a_case_up_to_what_can_be_solved():
    staffing = arranged("policing", weeks=1).scenario.staffing
    hours = staffing.work_of(staffing.staff)[instrument(PATROLS)]
    p = {name: default(f"policing.{name}") for name in ("solvable", "hours", "investigating")}
    for cases, police in ((0.01, 1.0), (0.02, 1.0), (0.01, 0.5), (0.05, 3.0)):
        expected = p["solvable"] * (1 - np.exp(-p["investigating"] * police * hours / (cases * p["hours"])))
        assert cleared(cases, police) == pytest.approx(expected, rel=1e-4)
    assert cleared(0.02, 2.0) == pytest.approx(cleared(0.01, 1.0), rel=1e-4), "twice the cases for twice the police"
    assert cleared(0.01, 50.0) == pytest.approx(p["solvable"], rel=1e-4)


def test_as_many_are_stopped_as_asked_and_as_many_find_nothing():
    rate = 200.0
    simulation = arranged("policing", weeks=50, residents=4000, changes={"policing.stops": rate}, columns={"status": 0}, **UNWATCHED)
    people = after(simulation, 50)
    likely = np.where(people["age_group"] == 1, default("policing.young"), 1.0) * np.where(
        people["local"] == 1, 1.0, default("policing.outsider")
    )
    expected = 50 * rate * hours_of_patrol(simulation) / 52_000 / 1.27 * likely[people["age_group"] > 0].sum()
    stops, fruitless = total(simulation, "stops"), total(simulation, "fruitless")
    assert 2 * stats.norm.sf(abs(stops - expected) / np.sqrt(expected)) > ALARM
    assert stats.binomtest(fruitless, stops, 1 - default("policing.hits")).pvalue > ALARM


def test_the_parameter_is_the_mean_rate_of_stops_as_its_unit_says():
    """`stops` is per 1,000 hours of patrol; three standard errors and 5 % leave room for who lives in a made-up city."""
    rate, weeks = 200.0, 50
    simulation = arranged("policing", weeks=weeks, residents=6000, changes={"policing.stops": rate}, columns={"status": 0}, **UNWATCHED)
    after(simulation, weeks)
    expected = 6.0 * rate * hours_of_patrol(simulation) * weeks / 52
    assert total(simulation, "stops") == pytest.approx(expected, abs=3 * np.sqrt(expected) + 0.05 * expected)


def test_a_stop_that_finds_nothing_is_felt_as_one():
    """Beside procedural justice, as many lose legitimacy as were stopped for nothing, and as many gain some as were stopped rightly."""
    slow = {f"procedural_justice.{name}": 520.0 for name in ("up_weeks", "down_weeks")}
    changes = {**slow, "policing.stops": 500.0, "policing.hits": 0.4, "procedural_justice.good_stop": 0.1}
    simulation = arranged("policing", "procedural_justice", weeks=1, residents=6000, changes=changes, columns={"legitimacy": 0.6})
    moved = after(simulation)["legitimacy"] - 0.6
    stops, fruitless = total(simulation, "stops"), total(simulation, "fruitless")
    assert (moved < -0.05).sum() == fruitless > 10
    assert (moved > 0.05).sum() == stops - fruitless > 10


def test_the_young_and_outsiders_are_stopped_more_often():
    def stops(**columns):
        simulation = arranged("policing", weeks=60, changes={"policing.stops": 500.0}, columns={"age_group": 2, "local": 1, **columns})
        after(simulation, 60)
        return total(simulation, "stops")

    usual = stops()
    for often in (stops(age_group=1), stops(local=0)):
        assert stats.binomtest(often, often + usual, 0.5, alternative="greater").pvalue < 1e-3


def test_people_learn_the_certainty_there_is():
    simulation = arranged("policing", weeks=300)
    people = after(simulation, 300)
    certainty = simulation.city.world.communities["certainty"][simulation.city.residents.values("community")]
    assert people["sanction_risk"] == pytest.approx(certainty, abs=1e-3)


def test_patrols_go_evenly_or_where_offences_were_reported():
    patrols = {}
    for stance in ("even", "reported"):
        simulation = arranged("policing", weeks=1, residents=3000, changes={"stance.patrol_targeting": stance})
        areas = simulation.city.world.communities
        of = np.repeat(np.arange(len(areas)), areas["last_block"] - areas["first_block"])
        simulation.city.world.blocks["known"] = 0.1 * of
        areas["offence_level"] = np.arange(len(areas))[::-1] * 0.1
        after(simulation)
        patrols[stance] = areas["patrol"].copy()
    beats = [patrols["reported"][areas["subdistrict"] == s] for s in np.unique(areas["subdistrict"])]
    assert np.ptp(patrols["even"]) == 0
    assert all((np.diff(beat) > 0).all() for beat in beats)
    assert any(len(beat) > 1 for beat in beats)


def focus(targeting):
    """Places of a city where offences are known at some, and how its patrols are spread over them."""
    simulation = arranged("policing", weeks=1, residents=3000, community_size=1000, changes={"stance.patrol_targeting": targeting})
    blocks = simulation.city.world.blocks
    blocks["known"] = np.arange(len(blocks)) % 8
    after(simulation)
    return blocks["known"], blocks["focus"]


def test_patrols_go_to_blocks_evenly_by_records_or_sharply_by_risk_and_keep_their_mean():
    spread = {}
    for targeting in ("even", "reported", "risk_score"):
        known, weight = focus(targeting)
        assert weight.mean() == pytest.approx(1.0, abs=1e-4)
        spread[targeting] = [weight[known == many].mean() for many in range(8)]
    assert np.ptp(spread["even"]) == 0
    assert (np.diff(spread["reported"]) > 0).all()
    assert (np.diff(spread["risk_score"]) > 0).all()
    assert np.ptp(spread["risk_score"]) > np.ptp(spread["reported"])
