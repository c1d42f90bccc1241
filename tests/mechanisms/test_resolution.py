"""Resolution: cases are conserved, queues are served as fast as staff can, unused work is kept or idle, failures climb, waiting hurts."""

import numpy as np
import pytest
from alone import TALLIES
from arranged import Pairs, after, arranged, assert_rises, default, more, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import COURT, JAILED, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, WORK
from sim.levers import instrument

QUARREL = {"disputes.rate": 3.0}
ENDS = "settled dropped closed_mediation closed_office closed_court withdrawn".split()
QUEUES = "open_negotiation open_mediation open_office open_court".split()
MEDIATORS, JUDGES, LAWYERS = "self_governance.mediation", "rule_of_law.courts", "rule_of_law.legal_aid"
DRAFTERS, UNIONS = "rule_of_law.legislation", "self_governance.workplace"


def able(simulation, work):
    """The city, with so much work of some instruments for each resident and year."""
    for name, value in work.items():
        simulation.city.world.districts["work"][:, instrument(name)] = value
    return simulation


def used(simulation, name):
    return simulation.city.world.districts["used"][:, instrument(name)]


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
        served.append((offices.values("backlog"), np.maximum(offices.values("capacity") + offices.values("kept"), 0.0)))
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


def test_offices_courts_and_mediators_can_hear_what_their_staff_can_do():
    simulation = arranged("resolution", weeks=1)
    after(simulation)
    offices, courts = simulation.city.tables["SubdistrictOffice"], simulation.city.tables["Court"]
    district = simulation.city.world.districts[offices.values("district")]
    time = (1 - district["caution"]) * (1 - district["diverted"]) * (1 - district["answering"]) / default("resolution.tuned")
    first = instrument("public_services.education")
    staff = simulation.city.world.districts["staff"][offices.values("district"), first : first + 5].sum(axis=1) / 10_000
    relaxed = time * offices.values("residents") * staff * default("resolution.office_cases") / 52
    assert offices.values("capacity") == pytest.approx(relaxed * (1 + offices.values("surge")), rel=1e-5)
    assert (offices.values("surge") <= default("resolution.surge")).all()
    staffing = simulation.scenario.staffing
    work = staffing.work_of(staffing.staff)
    assert courts.values("capacity") == pytest.approx(courts.values("residents") * work[instrument(JUDGES)] / 52, rel=1e-5)
    alone = arranged("resolution", weeks=1, conditions={"hours_load": 1.0})
    alone.city.world.committees["skill"], alone.city.world.committees["duty"] = 1.0, 1 / 12
    after(alone)
    offices = alone.city.tables["SubdistrictOffice"]
    assert offices.values("mediation") == pytest.approx(offices.values("residents") * work[instrument(MEDIATORS)] / 52, rel=1e-5)


def test_an_upheaval_keeps_offices_from_their_cases():
    def capacity(lost):
        simulation = arranged("resolution", weeks=1)
        simulation.city.world.city["upheaval"] = lost
        return after(simulation) and simulation.city.world.offices["capacity"] / (1 + simulation.city.world.offices["surge"])

    assert capacity(0.3) == pytest.approx(0.7 * capacity(0.0), rel=1e-5)


def courts_alone(work, weeks, cases=0, **changes):
    """Courts with so much work for each resident and year, where so many cases wait at first and none is given up."""
    columns = {"case_stage": (np.arange(2400) < cases) * np.uint8(COURT), "status": 0, "case_kind": WORK}
    city = {"residents": 2400, "districts": 1, "community_size": 2400}
    changes = {"resolution.withdraw": 0.0, **{f"resolution.{key}": value for key, value in changes.items()}}
    simulation = arranged("resolution", weeks=weeks, changes=changes, columns=columns, conditions={"delay": 0.0}, **city)
    return able(simulation, {JUDGES: work})


def test_judges_without_cases_keep_some_weeks_of_work_and_are_idle_after_that():
    simulation, weeks = courts_alone(0.1, weeks=20), default("resolution.kept_weeks")
    capacity, shares = 2400 * 0.1 / 52, []
    for _ in range(20):
        simulation.advance(1)
        shares.append(float(used(simulation, JUDGES)[0]))
    assert simulation.city.world.courts["kept"] == pytest.approx(weeks * capacity, rel=1e-4)
    assert shares[: int(weeks) + 1] == [1.0] * (int(weeks) + 1)
    assert shares[-1] == pytest.approx(0.0, abs=1e-5)


def test_judges_with_too_many_cases_decide_as_many_as_they_can_and_none_is_idle():
    simulation = courts_alone(0.2, weeks=100, cases=2000)
    after(simulation, 100)
    can = 100 * 2400 * 0.2 / 52
    assert total(simulation, "closed_court") == pytest.approx(can, abs=2 * default("resolution.kept_weeks") * can / 100)
    assert used(simulation, JUDGES) == pytest.approx(1.0)


def test_a_judge_who_can_hear_a_quarter_of_a_case_in_a_week_hears_one_in_a_month():
    """Whole cases at part-time hours: over the years as many as there is time for, not fewer because the city is small."""
    simulation = courts_alone(0.25 * 52 / 2400, weeks=400, cases=300, kept_weeks=4.0)
    after(simulation, 400)
    assert total(simulation, "closed_court") == pytest.approx(100, abs=3)
    assert used(simulation, JUDGES) == 1.0


def test_rules_settle_where_revision_and_ageing_balance():
    for factor in (0.5, 1.0, 3.0):
        simulation = arranged("resolution", weeks=520)
        work = simulation.city.world.districts["work"][0, instrument(DRAFTERS)] * factor
        able(simulation, {DRAFTERS: work}).city.world.districts["rules"] = 0.9
        after(simulation, 520)
        rate = 1000 * work / default("resolution.stock")
        settled = rate / (rate + default("resolution.outdated"))
        expected = settled + (0.9 - settled) * np.exp(-10 * (rate + default("resolution.outdated")))
        assert simulation.city.world.communities["clarity"] == pytest.approx(expected, abs=2e-3)


def helped(name, work, weeks=60):
    """A city that quarrels, where lawyers or unions can do so much."""
    simulation = able(arranged("disputes", "resolution", weeks=weeks, residents=6000, changes={"disputes.rate": 0.3}), {name: work})
    simulation.advance(weeks)
    return simulation


def test_legal_aid_serves_as_many_as_its_lawyers_can_and_the_others_are_idle():
    few, many = helped(LAWYERS, 0.001), helped(LAWYERS, 0.1)
    for simulation, work in ((few, 0.001), (many, 0.1)):
        district = simulation.city.world.districts
        can = district["residents"] * work / 52
        served = np.minimum(1, can / district["aid_sought"])[simulation.city.world.communities["district"]]
        assert simulation.city.world.communities["aid_coverage"] == pytest.approx(served, rel=1e-4)
        assert used(simulation, LAWYERS) == pytest.approx(np.minimum(1, district["aid_sought"] / can), rel=1e-4)
    assert (few.city.world.communities["aid_coverage"] < 0.5).all()
    assert (used(few, LAWYERS) == 1).all()
    assert (many.city.world.communities["aid_coverage"] == 1).all()
    assert (used(many, LAWYERS) < 0.5).all()
    assert total(few, "to_court") < total(many, "to_court")


def test_beyond_those_who_need_it_legal_aid_changes_nothing_but_the_idle():
    enough, plenty = helped(LAWYERS, 0.1), helped(LAWYERS, 1.0)
    assert enough.city.world.history.tobytes() == plenty.city.world.history.tobytes()
    assert (used(plenty, LAWYERS) < used(enough, LAWYERS)).all()


def test_unions_help_in_as_many_disputes_as_they_can():
    few, many = helped(UNIONS, 0.005), helped(UNIONS, 1.0)
    for simulation, work in ((few, 0.005), (many, 1.0)):
        unions, offices = simulation.city.world.unions, simulation.city.world.offices
        can = offices["residents"] * work / 52
        assert unions["coverage"] == pytest.approx(np.minimum(1, can / unions["sought"]), rel=1e-3)
        share = np.minimum(1, unions["sought"] / can) * offices["residents"]
        of = np.bincount(offices["district"], share) / np.bincount(offices["district"], offices["residents"])
        assert used(simulation, UNIONS) == pytest.approx(of, rel=1e-3)
    assert (few.city.world.communities["union_help"] < 0.5).all()
    assert (many.city.world.communities["union_help"] == 1).all()
    assert total(many, "settled") > total(few, "settled")


def test_mediators_serve_all_communities_of_their_sub_district_alike():
    """Also where the cases of one wait and another has none: they go where cases are."""
    columns = {"case_stage": (np.arange(2400) < 1200) * np.uint8(MEDIATION), "status": 0}
    city = {"residents": 2400, "districts": 1, "community_size": 300}
    simulation = able(
        arranged("resolution", weeks=40, changes={"resolution.withdraw": 0.0}, columns=columns, conditions={"hours_load": 1.0}, **city),
        {MEDIATORS: 0.2},
    )
    simulation.city.world.committees["skill"], simulation.city.world.committees["duty"] = 1.0, 1 / 12
    after(simulation, 40)
    places = simulation.city.world.communities
    for s in np.unique(places["subdistrict"]):
        assert np.ptp(places["mediation_chance"][places["subdistrict"] == s]) == 0
    mediated = total(simulation, "closed_mediation") + total(simulation, "failed_mediation")
    can, most = 40 * 2400 * 0.2 / 52, default("resolution.kept_weeks") * 2400 * 0.2 / 52
    waiting = [s for s in np.unique(places["subdistrict"]) if places["last"]["open_mediation"][places["subdistrict"] == s].sum()]
    assert mediated >= can * len(waiting) / len(np.unique(places["subdistrict"])) - 2 * most
    assert mediated <= can + 2 * most


def test_without_capacity_queues_only_grow_and_people_turn_away():
    shut = arranged("disputes", "resolution", weeks=40, changes={**QUARREL, "resolution.office_cases": 0.0})
    after(able(shut, {JUDGES: 0.0}), 40)
    assert total(shut, "closed_office") + total(shut, "closed_court") == 0
    open_ = arranged("disputes", "resolution", weeks=40, changes={**QUARREL, "resolution.office_cases": 450.0})
    after(open_, 40)
    assert total(shut, "balked") > 2 * total(open_, "balked")
    assert total(open_, "closed_office") > 0


def test_waiting_and_losing_leave_grievance_and_settling_takes_it_away():
    def grievance(stage, chance, **changes):
        changes = {f"resolution.{key}": value for key, value in changes.items()}
        changes["resolution.office_cases"] = 600.0 if chance else 0.0
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
        "resolution.withdraw": 0.0,
    }
    columns = {"case_stage": (np.arange(1200) % 300 == 0) * np.uint8(MEDIATION), "status": 0}
    people = after(able(arranged("resolution", weeks=1, changes=always_fails, columns=columns), {MEDIATORS: 0.2}))
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
    def share(work):
        changes = {"disputes.rate": 0.5, "resolution.way_mediation": 0.8, "resolution.comes_back": 0.2, "resolution.outreach": 2.0}
        simulation = able(arranged("disputes", "resolution", weeks=100, residents=4000, changes=changes), {MEDIATORS: work})
        after(simulation, 100)
        seeking.append(float(simulation.city.world.offices["seeking"].mean()))
        return total(simulation, "reopened", 50), total(simulation, "closed_mediation", 50)

    seeking = []
    (few, of_few), (many, of_many) = share(0.02), share(3.0)
    assert seeking[0] < 0.02 < 0.5 < seeking[1], "idle mediators seek out disputes"
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
        "resolution.office_cases": 0.0,
    }
    stage = np.where(np.arange(1200) % 2 == 0, NEGOTIATION, OFFICE)
    simulation = arranged("resolution", "procedural_justice", weeks=1, changes=changes, columns={"case_stage": stage, "legitimacy": 0.6})
    moved = after(simulation)["legitimacy"] - 0.6
    assert (moved > 0.05).sum() == total(simulation, "settled") > 100
    assert (moved < -0.05).sum() == total(simulation, "withdrawn") > 100


def answered(weeks=1, changes=None, conditions=None, caution=0.0, seeking=0.0, **columns):
    """A city whose cases all wait at offices that could take up every one of them at once."""
    changes = {"resolution.office_cases": 600.0, "resolution.withdraw": 0.0, **(changes or {})}
    conditions = {"delay": 0.0, "caution": caution, **(conditions or {})}
    columns = {"case_stage": (np.arange(3000) % 8 == 0) * np.uint8(OFFICE), "status": 0, **columns}
    simulation = arranged("resolution", weeks=weeks, residents=3000, changes=changes, columns=columns, conditions=conditions)
    simulation.city.world.offices["seeking"] = seeking
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
    unvisited, visited = (answered(changes={"resolution.office_cases": 0.0}, conditions={"jump": jump}) for jump in (0.0, 0.4))
    assert total(unvisited, "jumped") == total(unvisited, "closed_office") == 0
    assert total(visited, "jumped") == total(visited, "closed_office") > 0


def sued(kind=NEIGHBOURS):
    """Everybody's case is heard by a court this week."""
    changes = {"resolution.withdraw": 0.0}
    columns = {"case_stage": (np.arange(3000) % 300 == 0) * np.uint8(COURT), "case_kind": kind, "status": 0}
    simulation = arranged("resolution", weeks=8, residents=3000, changes=changes, columns=columns, conditions={"delay": 0.0})
    before = simulation.city.residents.values("cohesion")
    people = after(able(simulation, {JUDGES: 0.2}), 8)
    return simulation, people["cohesion"] / before


def test_whoever_sued_a_neighbour_trusts_neighbours_less():
    simulation, kept = sued()
    assert (kept < 1).sum() == total(simulation, "closed_court") > 0
    assert kept[kept < 1] == pytest.approx(1 - default("resolution.scar"), rel=1e-5)
    simulation, kept = sued(kind=WORK)
    assert total(simulation, "closed_court") > 0
    assert (kept == 1).all()


@pytest.mark.parametrize("sign", [-1, 1])
def test_law_backs_mediation_or_replaces_it_or_neither(sign):
    assert default("resolution.shadow") == 0.0

    def agreed(shadow, rules):
        columns = {"case_stage": MEDIATION, "case_kind": NEIGHBOURS, "case_age": 1, "status": 0, "weeks_left": 0}
        changes = {"resolution.shadow": shadow, "resolution.stock": 10.0, "resolution.outdated": 0.0}
        simulation = arranged("resolution", weeks=1, residents=4000, changes=changes, columns=columns)
        able(simulation, {MEDIATORS: 1000.0, DRAFTERS: 0.0})
        simulation.city.world.districts["rules"] = rules
        simulation.advance(1)
        c = counts(simulation)
        return int(c["closed_mediation"].sum()), int(c["failed_mediation"].sum())

    for rules, way in ((0.9, sign), (0.1, -sign)):
        (usual, failed), (moved, missed) = agreed(0.0, rules), agreed(0.4 * sign, rules)
        assert usual + failed == moved + missed > 1000
        assert way * (moved - usual) > 0.05 * (usual + failed)


def test_mediators_hear_everybody_and_courts_those_who_have_access():
    def heard(stage, **lawyers):
        columns = {"case_stage": stage, "case_kind": NEIGHBOURS, "case_age": 1, "status": 0, "weeks_left": 0, "legitimacy": 0.5}
        names = "won lost service voice_outside wronged".split()
        still = {f"procedural_justice.{name}": 0.0 for name in names}
        slow = {"procedural_justice.up_weeks": 520.0, "procedural_justice.down_weeks": 520.0}
        both, no_delay = ("resolution", "procedural_justice"), {"delay": 0.0}
        now = {**still, **slow, "resolution.procedure": 0.0}
        simulation = arranged(*both, weeks=1, residents=4000, changes=now, columns=columns, conditions=no_delay)
        able(simulation, {MEDIATORS: 1000.0, JUDGES: 1000.0, LAWYERS: lawyers.get("lawyers", 0.0)})
        people = after(simulation)
        return ((people["legitimacy"] > 0.52) & (people["age_group"] > 0)).sum() / (people["age_group"] > 0).sum()

    assert heard(MEDIATION) == 1.0
    adults = 3000
    without, with_lawyers = heard(COURT), heard(COURT, lawyers=1000.0)
    assert abs(without - default("resolution.reach")) < 4.5 * np.sqrt(0.25 / adults)
    assert with_lawyers == pytest.approx(1.0, abs=0.01)


def test_cases_that_wait_for_more_than_a_quarter_are_overdue_and_lost_ones_are_counted():
    columns = {
        "case_stage": COURT,
        "case_kind": NEIGHBOURS,
        "case_age": np.where(np.arange(4000) % 2 == 0, 20, 1),
        "status": 0,
        "weeks_left": 0,
    }
    simulation = arranged("resolution", weeks=1, residents=4000, columns=columns)
    able(simulation, {JUDGES: 20.0})
    people = after(simulation)
    c = counts(simulation)
    assert c["overdue"].sum() == ((people["case_stage"] > NEGOTIATION) & (people["case_age"] > 13)).sum() > 0
    assert 0 < c["lost"].sum() < c["closed_court"].sum()
    share = 1 - default("resolution.court_win")
    assert c["lost"].sum() / c["closed_court"].sum() > share - 0.1


def test_no_court_hears_a_case_before_its_procedure_is_over():
    """Where judges have time for all, a suit takes the week in which it is heard and the weeks of the procedure, on average."""

    def weeks(procedure):
        simulation = courts_alone(50.0, weeks=60, cases=2400, procedure=procedure)
        decided = []
        for _ in range(60):
            before = total(simulation, "closed_court") if simulation.week else 0
            simulation.advance(1)
            decided.append(total(simulation, "closed_court") - before)
        return np.average(1 + np.arange(60), weights=decided)

    assert weeks(0.0) == pytest.approx(1.0, abs=0.05)
    assert weeks(6.0) == pytest.approx(7.0, rel=0.1)


def test_idle_mediators_hear_those_who_come_to_sue():
    """Failed cases of offices go to court, or end in agreement at its door."""

    def sued(referred, success=1.0):
        changes = {"referred": referred, "mediation_success": success, "rigidity": 0.0, "office_success": 0.0, "pass_on": 0.0}
        changes = {**changes, "climb_office": 0.5, "procedure": 20.0}
        simulation = answered(weeks=1, changes={f"resolution.{name}": value for name, value in changes.items()}, seeking=1.0)
        return total(simulation, "to_court"), total(simulation, "closed_mediation"), total(simulation, "failed_mediation")

    direct, none, _ = sued(0.0)
    assert none == 0
    fewer, agreed, _ = sued(0.5)
    assert fewer + agreed == direct
    assert agreed > 0
    all_sue, agreed, failed = sued(0.5, success=0.0)
    assert (all_sue, agreed) == (direct, 0)
    assert failed > 0
