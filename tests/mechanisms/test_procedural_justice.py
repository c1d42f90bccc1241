"""Procedural justice: encounters move legitimacy at once, conditions move it slowly, and down faster than up."""

import pytest
from arranged import after, arranged, assert_all_rise, default

from sim.city.codes import ARRESTED, CASE_HEARD, CASE_LOST, CASE_WON, COURT, NEGOTIATION, NONE, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.city.resident import Resident

STEP = float(Resident.legitimacy.coding.step)
ROUNDING = STEP + 1e-6
"""Of a difference: each of the two is kept to half a step; and what arithmetic of 32 bits adds."""


def legitimacy(weeks=1, changes=None, conditions=None, **columns):
    simulation = arranged("procedural_justice", weeks=weeks, changes=changes, conditions=conditions, columns={"legitimacy": 0.6, **columns})
    return after(simulation, weeks)["legitimacy"].astype(float)


@pytest.mark.parametrize(
    ("event", "name", "sign"),
    [
        (STOPPED_FOR_NOTHING, "bad_stop", -1),
        (STOPPED_RIGHTLY, "good_stop", 1),
        (CASE_WON, "won", 1),
        (CASE_HEARD, "heard", 1),
        (CASE_LOST, "lost", -1),
        (ARRESTED, "arrest", -1),
    ],
)
def test_an_encounter_moves_legitimacy_by_its_size(event, name, sign):
    moved = legitimacy(events=event) - legitimacy(events=0)
    assert moved == pytest.approx(sign * default(f"procedural_justice.{name}"), abs=ROUNDING)


def test_a_bad_stop_weighs_several_times_a_good_one():
    loss = legitimacy(events=0) - legitimacy(events=STOPPED_FOR_NOTHING)
    gain = legitimacy(events=STOPPED_RIGHTLY) - legitimacy(events=0)
    assert (loss >= 3 * gain).all()


def test_a_lost_case_weighs_several_times_a_won_one_and_being_heard_makes_up_for_it_at_most():
    usual = legitimacy(events=0)
    won, lost, heard = (legitimacy(events=event) - usual for event in (CASE_WON, CASE_LOST, CASE_LOST | CASE_HEARD))
    assert (-lost >= 4 * won).all()
    assert (lost < heard).all()
    assert (heard < 1e-6).all()


def test_those_without_work_grant_less():
    working, idle = (legitimacy(weeks=400, jobless=weeks) for weeks in (0, 9))
    assert working - idle == pytest.approx(default("procedural_justice.idle"), abs=1e-3)


def test_grievance_that_is_not_resolved_lowers_it():
    usual = legitimacy(weeks=400, grievance=0.0)
    wronged = legitimacy(weeks=400, grievance=0.2)
    assert usual - wronged == pytest.approx(0.2 * default("procedural_justice.wronged"), abs=2e-3)
    assert_all_rise(legitimacy(weeks=400, grievance=0.2, changes={"procedural_justice.wronged": 0.0}) - wronged)


def test_waiting_for_justice_costs_more_the_longer_it_lasts_for_a_year_at_most():
    def settled(stage, age):
        return legitimacy(weeks=400, case_stage=stage, case_age=age)

    none, quarter, year, longer = (settled(*case) for case in ((NONE, 0), (COURT, 13), (COURT, 52), (COURT, 200)))
    cost = default("procedural_justice.kept_waiting")
    assert none - quarter == pytest.approx(0.25 * cost, abs=2e-3)
    assert none - year == pytest.approx(cost, abs=2e-3)
    assert longer == pytest.approx(year, abs=1e-5)
    assert settled(NEGOTIATION, 52) == pytest.approx(none, abs=1e-5), "talks with a neighbour are no wait for justice"


def test_it_is_lost_faster_than_it_is_won():
    def part_of_the_way(start):
        """Share of the gap to where it will settle that is closed in eight weeks."""
        settled = legitimacy(weeks=900)
        return (legitimacy(weeks=8, legitimacy=start) - start) / (settled - start)

    assert (part_of_the_way(0.99) > 1.5 * part_of_the_way(0.05)).all()


@pytest.mark.parametrize("name", ["voice", "oversight"])
def test_voice_and_oversight_raise_it(name):
    low, high = (legitimacy(weeks=200, conditions={name: value}) for value in (0.5, 1.5))
    assert_all_rise(high - low)


def test_good_services_and_openness_raise_it_and_stops_around_one_lower_it():
    usual = legitimacy(weeks=200, service=0.5)
    assert_all_rise(legitimacy(weeks=200, service=0.8) - usual)
    assert_all_rise(legitimacy(weeks=200, service=0.5, changes={"stance.transparency": 1.0}) - usual)
    assert_all_rise(usual - legitimacy(weeks=200, service=0.5, conditions={"wrongful_level": 4.0}))


def test_law_that_is_too_tight_loses_what_clear_law_wins():
    """Where rigidity is as large as all gains from clear law, half-clear rules gain most, and rules that are all clear nothing."""
    gains = default("procedural_justice.clarity") + default("procedural_justice.arbitrary")
    changes = {"procedural_justice.rigidity": gains}
    none, some, tight = (legitimacy(weeks=200, changes=changes, conditions={"clarity": value}) for value in (0.0, 0.5, 1.0))
    short = 0.5 * default("procedural_justice.up_weeks") * STEP  # of where it would settle: a week's move rounds to 0 there
    assert some - none == pytest.approx(gains / 4, abs=2 * short)
    assert tight == pytest.approx(none, abs=2 * short)


def verdict(weeks=1, changes=None, conditions=None, **columns):
    """Verdict on the police some weeks later."""
    columns = {"police_trust": 0.6, "security": 0.8, **columns}
    simulation = arranged("procedural_justice", weeks=weeks, changes=changes, conditions=conditions, columns=columns)
    return after(simulation, weeks)["police_trust"].astype(float)


def test_the_police_are_judged_by_encounters_bad_ones_most():
    usual = verdict(events=0)
    loss, gain = usual - verdict(events=STOPPED_FOR_NOTHING), verdict(events=STOPPED_RIGHTLY) - usual
    assert loss == pytest.approx(default("procedural_justice.police_bad_stop"), abs=ROUNDING)
    assert gain == pytest.approx(default("procedural_justice.police_good_stop"), abs=ROUNDING)
    assert usual - verdict(events=ARRESTED) == pytest.approx(default("procedural_justice.police_arrest"), abs=ROUNDING)
    assert (loss > 4 * gain).all()


@pytest.mark.parametrize(("name", "sign"), [("heard", 1), ("oversight", 1), ("patrol", 1), ("wrongful_level", -1)])
def test_the_police_are_judged_by_what_is_seen_of_them(name, sign):
    less, much = (verdict(100, conditions={name: value}) for value in (0.1, 0.9))
    assert_all_rise(sign * (much - less))


def test_those_who_feel_safe_think_better_of_the_police():
    assert_all_rise(verdict(100, security=0.9) - verdict(100, security=0.5))
