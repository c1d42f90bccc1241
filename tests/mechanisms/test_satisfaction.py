"""Satisfaction: verdicts follow what people get against what they expect, whom they live among and what they saw."""

import numpy as np
import pytest
from arranged import after, arranged, assert_all_rise, default

from sim.city.codes import BELIEVES, FLAGGED, STOPPED_FOR_NOTHING, VOLUNTEERING


def verdicts(weeks=300, changes=None, conditions=None, **columns):
    columns = {"status": 0, "weeks_left": 0, **columns}
    return after(arranged("satisfaction", weeks=weeks, changes=changes, conditions=conditions, columns=columns), weeks)


def test_expectations_rise_faster_than_they_fall():
    low, high, settled = (verdicts(weeks=n, expectation=e)["expectation"] for n, e in ((10, 0.0), (10, 1.0), (3000, 0.5)))
    rise, fall = low / settled, (1.0 - high) / (1.0 - settled)
    assert (rise > 1.5 * fall).all()


def test_the_same_service_pleases_less_where_more_was_expected():
    frozen = {"satisfaction.expectation_up": 520.0, "satisfaction.expectation_down": 520.0}
    hopeful, modest = (verdicts(weeks=20, changes=frozen, expectation=value)["happiness"] for value in (0.9, 0.3))
    assert_all_rise(modest - hopeful)


def test_promises_raise_expectations_and_so_cost_happiness():
    quiet, loud = (verdicts(conditions={"message": value}) for value in (0.0, 1.0))
    assert_all_rise(loud["expectation"] - quiet["expectation"])
    assert_all_rise(quiet["happiness"] - loud["happiness"])


def test_offences_and_incidents_frighten_patrols_reassure():
    usual = verdicts()["security"]
    assert_all_rise(usual - verdicts(conditions={"offence_level": 2.0})["security"])
    assert_all_rise(usual - verdicts(conditions={"incident_level": 1.5})["security"])
    assert_all_rise(verdicts(conditions={"patrol": 4.0})["security"] - usual)
    stopped = verdicts(weeks=1)["security"] - verdicts(weeks=1, events=STOPPED_FOR_NOTHING)["security"]
    assert stopped == pytest.approx(default("satisfaction.safe_stopped"), abs=1e-5)


def test_a_verdict_falls_further_below_expectation_than_it_rises_above_it():
    """By `negativity`; happiness is compared where neither bound is near."""
    frozen = {"satisfaction.expectation_up": 520.0, "satisfaction.expectation_down": 520.0}

    def happy(expected):
        return verdicts(weeks=1, changes=frozen, service=0.5, expectation=expected, mood=0.0, happiness=0.5)["happiness"]

    exact, above, below = happy(0.5), happy(0.4), happy(0.6)
    assert_all_rise(above - exact)
    assert (exact - below) / (above - exact) == pytest.approx(default("satisfaction.negativity"), rel=0.02)


def test_those_without_work_are_less_happy_beyond_strain():
    working, idle = (verdicts(jobless=weeks, mood=0.0)["happiness"] for weeks in (0, 9))
    inside = (idle > 0.001) & (working < 0.999)
    assert (working - idle)[inside] == pytest.approx(default("satisfaction.happy_idle"), abs=1e-4)


def test_mood_lasts_and_adds_to_happiness():
    low, high = (verdicts(mood=value)["happiness"] for value in (-0.1, 0.1))
    inside = high < 0.999
    assert inside.mean() > 0.9
    assert (high - low)[inside] == pytest.approx(0.2, abs=1e-4)


def test_outsiders_belong_once_they_are_settled_and_voice_is_for_residents():
    usual, heard = verdicts(), verdicts(conditions={"voice": 0.9})
    local = usual["local"] == 1
    settled = verdicts(integration=np.where(local, 1.0, 0.95))
    assert (settled["belonging"] > usual["belonging"])[~local].all()
    assert np.array_equal(settled["belonging"][local], usual["belonging"][local])
    assert (heard["belonging"] > usual["belonging"])[local].all()
    assert np.array_equal(heard["belonging"][~local], usual["belonging"][~local])


def test_resentment_weighs_on_residents_and_crowding_on_all():
    usual, resentful, crowded = verdicts(), verdicts(conditions={"backlash": 0.8}), verdicts(conditions={"burden": 3.0})
    local = usual["local"] == 1
    assert_all_rise((usual["happiness"] - resentful["happiness"])[local])
    assert np.array_equal(resentful["happiness"][~local], usual["happiness"][~local])
    assert_all_rise(usual["happiness"] - crowded["happiness"])


def test_alarms_rumours_and_suspicion_frighten_and_cameras_reassure():
    usual = verdicts()["security"]
    assert_all_rise(usual - verdicts(conditions={"shock_alarm": 0.8})["security"])
    assert_all_rise(usual - verdicts(rumour=BELIEVES)["security"])
    assert_all_rise(verdicts(conditions={"cameras": 1.0})["security"] - usual)
    suspected = verdicts(weeks=1)["security"] - verdicts(weeks=1, events=FLAGGED)["security"]
    assert suspected == pytest.approx(default("satisfaction.safe_flagged"), abs=1e-5)


def test_trust_belonging_and_grievance_count():
    usual = verdicts()
    assert_all_rise(verdicts(cohesion=0.9)["belonging"] - usual["belonging"])
    assert_all_rise(verdicts(status=VOLUNTEERING)["belonging"] - usual["belonging"])
    for name in ("grievance", "fatigue", "strain"):
        assert_all_rise(usual["happiness"] - verdicts(**{name: 0.95})["happiness"])


def test_insistence_on_norms_at_work_is_felt_by_those_who_work():
    usual, pressed = verdicts(), verdicts(conditions={"work_ethic": 1.0})
    working = (usual["age_group"] > 0) & (usual["age_group"] < 4)
    assert_all_rise((usual["happiness"] - pressed["happiness"])[working])
    assert np.array_equal(pressed["happiness"][~working], usual["happiness"][~working])
