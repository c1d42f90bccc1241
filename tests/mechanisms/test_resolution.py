"""Resolution: cases are conserved, queues are served as fast as there is capacity, failures climb, waiting hurts."""

import numpy as np
import pytest
from alone import TALLIES
from arranged import Pairs, after, arranged, assert_rises, default, more, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import COURT, JAILED, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, WORK

QUARREL = {"disputes.rate": 3.0}
ENDS = "settled dropped closed_mediation closed_office closed_court withdrawn".split()
QUEUES = "open_negotiation open_mediation open_office open_court".split()


def counts(simulation):
    """Counts of every week, as a dict of arrays."""
    history = simulation.city.world.history[: simulation.week].sum(axis=1)
    return {name: history[:, number] for number, name in enumerate(TALLIES)}


@pytest.fixture(scope="module")
def busy():
    """A city that quarrels, with the cases that were open at first."""
    simulation = arranged("disputes", "resolution", weeks=60, residents=6000, changes=QUARREL)
    first = {name: int(simulation.city.world.communities["last"][name].sum()) for name in QUEUES}
    served = []
    while simulation.week < 60:
        simulation.advance(1)
        offices = simulation.city.tables["SubdistrictOffice"]
        served.append((offices.values("backlog"), offices.values("capacity")))
    return simulation, first, served


def test_cases_are_conserved_week_by_week(busy):
    simulation, first, _ = busy
    c = counts(simulation)
    waiting = sum(c[name] for name in QUEUES)
    grown = np.diff(waiting, prepend=sum(first.values()))
    assert (c["opened"] == sum(c[name] for name in ENDS) + grown).all()
    assert (waiting == [waiting[0], *(waiting[:-1] + c["opened"][1:] - sum(c[name] for name in ENDS)[1:])]).all()


def test_every_queue_balances(busy):
    """What a queue gains is what was handed to it, less what left it; withdrawals leave the three queues and the door together."""
    simulation, first, _ = busy
    c = counts(simulation)
    heard = {
        "open_mediation": ("to_mediation", c["closed_mediation"] + c["failed_mediation"]),
        "open_office": ("to_office", c["closed_office"] + c["failed_office"] - c["passed_on"]),
        "open_court": ("to_court", c["closed_court"]),
    }
    given_up = np.zeros_like(c["opened"])
    for queue, (arrivals, left) in heard.items():
        lost = first[queue] + np.cumsum(c[arrivals] - left) - c[queue]
        assert (np.diff(lost, prepend=0) >= 0).all(), queue
        given_up += np.diff(lost, prepend=0)
    assert (given_up <= c["withdrawn"]).all()


def test_an_office_hears_what_waits_or_what_it_can(busy):
    simulation, _, served = busy
    c = counts(simulation)
    heard = (c["closed_office"] + c["failed_office"] - c["jumped"]).sum()
    (delay,) = np.unique(simulation.city.world.communities["delay"])
    expected = variance = 0.0
    for backlog, capacity in served:
        chance = np.minimum(1.0, capacity / np.maximum(backlog, 1))
        chance = chance / (1 + chance * delay)
        expected += (backlog * chance).sum()
        variance += (backlog * chance * (1 - chance)).sum()
    assert sum((capacity < backlog).sum() for backlog, capacity in served) > 20, "the queues are too short to test anything"
    assert 2 * stats.norm.sf(abs(heard - expected) / np.sqrt(variance)) > ALARM


def test_offices_and_courts_can_hear_what_their_rates_say():
    simulation = arranged("resolution", weeks=1)
    after(simulation)
    offices, courts = simulation.city.tables["SubdistrictOffice"], simulation.city.tables["Court"]
    district = simulation.city.world.districts[offices.values("district")]
    time = (1 - district["caution"]) * (1 - district["diverted"]) * (1 - district["answering"]) / default("resolution.tuned")
    relaxed = time * offices.values("residents") * default("resolution.office_rate") / 52_000
    assert offices.values("capacity") == pytest.approx(relaxed * (1 + offices.values("surge")), rel=1e-5)
    assert (offices.values("surge") <= default("resolution.surge")).all()
    assert courts.values("capacity") == pytest.approx(courts.values("residents") * default("resolution.court_rate") / 52_000, rel=1e-5)


def test_without_capacity_queues_only_grow_and_people_turn_away():
    shut = arranged("disputes", "resolution", weeks=40, changes={**QUARREL, "resolution.office_rate": 0.0, "resolution.court_rate": 0.0})
    after(shut, 40)
    assert total(shut, "closed_office") + total(shut, "closed_court") == 0
    open_ = arranged("disputes", "resolution", weeks=40, changes={**QUARREL, "resolution.office_rate": 1500.0})
    after(open_, 40)
    assert total(shut, "balked") > 2 * total(open_, "balked")
    assert total(open_, "closed_office") > 0


def test_waiting_and_losing_leave_grievance_and_settling_takes_it_away():
    def grievance(stage, chance, **changes):
        changes = {f"resolution.{key}": value for key, value in changes.items()}
        changes["resolution.office_rate"] = 2000.0 if chance else 0.0
        columns = {"case_stage": stage, "grievance": 0.4}
        return after(arranged("resolution", weeks=1, changes=changes, columns=columns, community_size=600))

    waiting = grievance(OFFICE, 0, withdraw=0.0)
    assert waiting["grievance"] == pytest.approx(0.4 + default("resolution.waiting_hurts"), abs=1e-5)
    gone = grievance(OFFICE, 0, withdraw=0.5)
    left = gone["case_stage"] == NONE
    assert left.any()
    assert gone["grievance"][left] == pytest.approx(
        0.4 + default("resolution.waiting_hurts") + default("resolution.failing_hurts"), abs=1e-5
    )
    settled = grievance(NEGOTIATION, 0, settle=1.0)
    closed = settled["case_stage"] == NONE
    good = settled["grievance"] < 0.4
    assert good.sum() > 0.8 * closed.sum()
    assert settled["grievance"][good] == pytest.approx(0.4 * (1 - default("resolution.settling_heals")), abs=1e-5)


def test_failures_climb_to_where_they_should():
    always_fails = {
        "resolution.mediation_success": 0.0,
        "resolution.climb_mediation": 1.0,
        "resolution.mediation_rate": 200.0,
        "resolution.withdraw": 0.0,
    }
    columns = {"case_stage": (np.arange(1200) % 300 == 0) * np.uint8(MEDIATION), "status": 0}
    people = after(arranged("resolution", weeks=1, changes=always_fails, columns=columns))
    assert set(people["case_stage"][columns["case_stage"] > 0]) <= {MEDIATION, COURT}
    assert (people["case_stage"] == COURT).any()


def test_a_case_in_the_queue_of_a_prisoner_goes_on():
    simulation = arranged("resolution", weeks=30, columns={"status": JAILED, "weeks_left": 99, "case_stage": OFFICE})
    after(simulation, 30)
    assert total(simulation, "closed_office") > 0


@pytest.fixture(scope="module")
def pairs():
    return Pairs(seeds=8, weeks=156, residents=6000, changes={"mechanisms.disputes.rate": 0.8})


def test_money_for_mediation_brings_mediations_and_some_that_come_back(pairs):
    effect = pairs.effect(more("self_governance.mediation", 0.1))
    assert_rises(effect["rate_mediation"])


def test_pushing_mediation_makes_more_settlements_come_back():
    def share(pull):
        changes = {"disputes.rate": 5.0, "resolution.way_mediation": 0.8, "resolution.mediation_rate": 200.0, "resolution.comes_back": 0.2}
        changes |= {
            "policy.self_governance.share": 0.08 * pull,
            "policy.self_governance.split": {"mediation": 1},
            "policy.public_services": 0.2,
        }
        simulation = arranged("budget", "disputes", "resolution", weeks=100, residents=4000, changes=changes)
        after(simulation, 100)
        return total(simulation, "reopened", 50), total(simulation, "closed_mediation", 50)

    (few, of_few), (many, of_many) = share(0.25), share(4.0)
    assert stats.fisher_exact([[many, of_many - many], [few, of_few - few]], alternative="greater").pvalue < 1e-3


def test_money_for_courts_decides_more_cases_and_oversight_slows_offices(pairs):
    assert_rises(pairs.effect(more("rule_of_law.courts", 0.1))["closed_court"])
    slow = arranged(
        "integrity", "budget", "resolution", weeks=150, changes={**more("rule_of_law.oversight", 0.1), "policy.public_services": 0.3}
    )
    usual = arranged("integrity", "budget", "resolution", weeks=150, changes={"policy.public_services": 0.3})
    for simulation in (slow, usual):
        after(simulation, 150)
    capacity = [s.city.tables["SubdistrictOffice"].values("capacity").sum() for s in (slow, usual)]
    assert capacity[0] < capacity[1]


def test_a_settled_case_wins_legitimacy_and_one_given_up_loses_it():
    slow = {f"procedural_justice.{name}": 520.0 for name in ("up_weeks", "down_weeks")}
    changes = {
        **slow,
        "procedural_justice.won": 0.1,
        "procedural_justice.lost": 0.1,
        "resolution.withdraw": 0.5,
        "resolution.office_rate": 0.0,
    }
    stage = np.where(np.arange(1200) % 2 == 0, NEGOTIATION, OFFICE)
    simulation = arranged("resolution", "procedural_justice", weeks=1, changes=changes, columns={"case_stage": stage, "legitimacy": 0.6})
    moved = after(simulation)["legitimacy"] - 0.6
    assert (moved > 0.05).sum() == total(simulation, "settled") > 100
    assert (moved < -0.05).sum() == total(simulation, "withdrawn") > 100


def answered(weeks=1, changes=None, conditions=None, caution=0.0, **columns):
    """A city whose cases all wait at offices that could take up every one of them at once."""
    changes = {"resolution.office_rate": 2000.0, "resolution.withdraw": 0.0, **(changes or {})}
    conditions = {"delay": 0.0, "caution": caution, **(conditions or {})}
    columns = {"case_stage": (np.arange(3000) % 8 == 0) * np.uint8(OFFICE), "status": 0, **columns}
    simulation = arranged("resolution", weeks=weeks, residents=3000, changes=changes, columns=columns, conditions=conditions)
    after(simulation, weeks)
    return simulation


def test_what_fits_badly_is_settled_less_and_hand_offs_take_time():
    well, badly, slowly = answered(), answered(conditions={"fit": 0.4}), answered(conditions={"delay": 3.0})
    assert total(badly, "closed_office") < total(well, "closed_office")
    assert total(slowly, "closed_office") + total(slowly, "failed_office") < total(well, "closed_office") + total(well, "failed_office")


def test_cautious_officials_pass_cases_on():
    bold, cautious = answered(conditions={"fit": 0.3}), answered(conditions={"fit": 0.3}, caution=0.9)
    assert total(cautious, "passed_on") > total(bold, "passed_on")


def test_visits_settle_cases_out_of_turn():
    unvisited, visited = (answered(changes={"resolution.office_rate": 0.0}, conditions={"jump": jump}) for jump in (0.0, 0.4))
    assert total(unvisited, "jumped") == total(unvisited, "closed_office") == 0
    assert total(visited, "jumped") == total(visited, "closed_office") > 0


def sued(kind=NEIGHBOURS):
    """Everybody's case is heard by a court this week."""
    changes = {"resolution.court_rate": 200.0, "resolution.withdraw": 0.0}
    columns = {"case_stage": (np.arange(3000) % 300 == 0) * np.uint8(COURT), "case_kind": kind, "status": 0}
    simulation = arranged("resolution", weeks=8, residents=3000, changes=changes, columns=columns, conditions={"delay": 0.0})
    before = simulation.city.residents.values("cohesion")
    people = after(simulation, 8)
    return simulation, people["cohesion"] / before


def test_whoever_sued_a_neighbour_trusts_neighbours_less():
    simulation, kept = sued()
    assert (kept < 1).sum() == total(simulation, "closed_court") > 0
    assert kept[kept < 1] == pytest.approx(1 - default("resolution.scar"), rel=1e-5)
    simulation, kept = sued(kind=WORK)
    assert total(simulation, "closed_court") > 0
    assert (kept == 1).all()
