"""Unrest: Epstein's rule decides who protests; triggers stir, arrests and time calm."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import ACTIVE, CALM, JAILED

QUIET = {"unrest.trigger": 0.0}
BIG = {"residents": 6000, "districts": 1, "community_size": 3000}


def week(changes=None, conditions=None, **columns):
    columns = {"status": CALM, "weeks_left": 0, **columns}
    simulation = arranged("unrest", weeks=1, changes={**QUIET, **(changes or {})}, columns=columns, conditions=conditions, **BIG)
    return simulation, after(simulation)


def protesting(people):
    return (people["status"] == ACTIVE) | (people["status"] == JAILED)


@pytest.mark.parametrize("officers", [0.1, 0.3, 1.0])
def test_people_protest_exactly_when_epstein_says(officers):
    key = np.random.default_rng(5)
    before = key.random(6000).astype(np.float32)
    simulation, people = week(conditions={"officers": officers}, grievance=before)
    k, threshold = default("unrest.arrest_constant"), default("unrest.threshold")
    home = simulation.city.residents.values("community")
    at_hand = default("unrest.on_duty") * officers * 3000.0 / simulation.city.world.communities["residents"][home]
    risk = 1 - np.exp(-k * np.floor(at_hand))
    voice = simulation.city.world.communities["voice"][home]
    faded = before * (1 - (0.7 + 0.83 * voice) / default("unrest.decay_weeks"))
    net = faded * (1 - people["legitimacy"]) - people["risk_aversion"] * risk - threshold
    able, clear = people["age_group"] > 0, np.abs(net) > 1e-5
    assert np.array_equal(protesting(people)[clear], ((net > 0) & able)[clear])
    assert 0 < protesting(people).sum() < able.sum()


def test_legitimacy_and_officers_keep_people_calm():
    key = np.random.default_rng(6)
    grievance = key.random(6000)
    usual = protesting(week(grievance=grievance)[1])
    for some in (week(grievance=grievance, legitimacy=0.95), week(grievance=grievance, conditions={"officers": 40.0})):
        assert (protesting(some[1]) <= usual).all()
        assert protesting(some[1]).sum() < usual.sum()
    assert protesting(week(grievance=grievance, legitimacy=0.1)[1]).sum() > usual.sum()


def test_nothing_happens_without_grievance_and_grievance_comes_from_local_events():
    assert not protesting(week(grievance=0.0)[1]).any()
    simulation, people = week({"unrest.trigger": 1.0, "unrest.stirred": 0.02}, grievance=0.0)
    stirred = people["grievance"] > 0
    here = simulation.city.world.communities["trigger"][simulation.city.residents.values("community")] == 1
    adults = people["age_group"] > 0
    if here.any():
        share = min(0.02 * 3000 / simulation.city.world.communities["residents"][0], 0.5)  # 60 people, wherever they live
        p = stats.binomtest(int(stirred.sum()), int((here & adults).sum()), share).pvalue
        assert p > ALARM
    assert not stirred[~here].any()


def test_events_come_as_often_as_the_rate_says_whatever_the_size_of_communities():
    rate, weeks = 0.05, 200
    for size in (200, 2000):
        simulation = arranged(
            "unrest", weeks=weeks, residents=6000, community_size=size, changes={"unrest.trigger": rate, "unrest.stirred": 0.0}
        )
        after(simulation, weeks)
        expected = 6.0 * rate * weeks
        assert 2 * stats.norm.sf(abs(total(simulation, "triggered") - expected) / np.sqrt(expected)) > ALARM


def test_grievance_fades_faster_where_voice_is_heard():
    def left(voice):
        simulation = arranged("unrest", weeks=30, changes=QUIET, columns={"grievance": 0.05}, conditions={"voice": voice})
        return after(simulation, 30)["grievance"]

    assert (left(1.0) < left(0.4)).all()
    assert (left(0.4) < left(0.0)).all()


def test_those_arrested_are_detained_and_come_home():
    simulation = arranged(
        "unrest", weeks=40, columns={"grievance": 0.9, "status": CALM, "weeks_left": 0}, changes=QUIET, conditions={"officers": 2.9}, **BIG
    )
    simulation.advance(1)
    assert total(simulation, "arrested") == total(simulation, "jailed") == (simulation.city.residents.values("status") == JAILED).sum() > 0
    people = after(simulation, 39)
    assert (people["status"] == CALM).all()


def test_an_incident_begins_when_protest_passes_the_line_and_not_again_while_it_lasts():
    simulation = arranged(
        "unrest", weeks=6, columns={"grievance": 0.8, "legitimacy": 0.2, "status": CALM}, changes=QUIET, conditions={"officers": 0.0}, **BIG
    )
    after(simulation, 6)
    active = simulation.city.world.history[:, 0]
    assert total(simulation, "active") > 0
    assert active.shape[0] == 6
    assert total(simulation, "incidents") == len(simulation.city.world.communities)


def test_an_incident_is_remembered_and_fades():
    simulation = arranged(
        "unrest", weeks=8, columns={"grievance": 0.8, "legitimacy": 0.2, "status": CALM}, changes=QUIET, conditions={"officers": 0.0}, **BIG
    )
    simulation.advance(2)
    places, keep = simulation.city.world.communities, 1 - 1 / default("unrest.memory_weeks")
    assert total(simulation, "incidents") == len(places)
    assert places["incident_level"] == pytest.approx(1.0)
    simulation.advance(6)
    assert places["incident_level"] == pytest.approx(keep**6, rel=1e-4)
