"""Mass work: people turn to the hotline when services fail; visits and projects help some, and take officials' time."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

OFTEN = {"mass_work.contact": 5.0}


def lived(weeks=20, changes=None, conditions=None, residents=3000, **columns):
    columns = {"status": 0, **columns}
    simulation = arranged(
        "mass_work", weeks=weeks, residents=residents, changes={**OFTEN, **(changes or {})}, columns=columns, conditions=conditions
    )
    return simulation, after(simulation, weeks)


def test_people_call_when_services_fail_them():
    pleased, usual, failed = (total(lived(service=service)[0], "contacts") for service in (1.0, 0.62, 0.1))
    assert pleased < usual < failed


def test_as_many_contacts_are_requests_and_as_many_please_as_said():
    simulation, _ = lived(weeks=40, service=0.62)
    contacts, requests, resolved, pleased = (total(simulation, name) for name in ("contacts", "requests", "resolved", "pleased"))
    assert stats.binomtest(requests, contacts, default("mass_work.requests")).pvalue > ALARM
    assert stats.binomtest(pleased, resolved, default("mass_work.pleased")).pvalue > ALARM
    assert 0 < pleased < resolved < requests < contacts


def test_an_unresolved_request_leaves_grievance():
    changes = {"mass_work.resolved": 0.0, "mass_work.disappointment": 0.2}
    simulation, people = lived(weeks=1, changes=changes, grievance=0.1)
    assert (people["grievance"] > 0.2).sum() == total(simulation, "requests") > 0
    assert people["grievance"].max() == pytest.approx(0.3)


def test_queues_and_caution_leave_requests_unresolved():
    def share(**conditions):
        simulation, _ = lived(conditions=conditions)
        return total(simulation, "resolved") / total(simulation, "requests")

    assert share(caution=0.6) < share(caution=0.0)


@pytest.mark.parametrize("stance", ["officials_visits", "service_projects"])
def test_visits_and_projects_take_officials_time(stance):
    without, with_it = (lived(changes={f"stance.{stance}": value, "mass_work.contact": 0.0})[0] for value in (0.0, 1.0))
    assert (with_it.city.world.districts["diverted"] > without.city.world.districts["diverted"]).all()


def test_visits_bring_voice_and_settle_cases():
    places = [lived(changes={"stance.officials_visits": value})[0].city.world.communities for value in (0.0, 1.0)]
    assert (places[0]["heard"] == 0).all()
    assert (places[0]["jump"] == 0).all()
    assert places[1]["heard"] == pytest.approx(default("mass_work.voice"))
    assert places[1]["jump"] == pytest.approx(default("mass_work.jump"))


def test_projects_promise_before_their_season_and_deliver_in_it_where_life_is_hard():
    changes = {"stance.service_projects": 1.0}
    before, during, later = (lived(weeks=week, changes=changes)[0].city.world.communities for week in (10, 30, 50))
    assert (before["promise"] > 0).all()
    assert (before["project"] == 0).all()
    assert (during["promise"] == 0).all()
    assert (during["project"] > 0).any()
    assert (later["promise"] == 0).all()
    assert (later["project"] == 0).all()
    order = np.argsort(during["hardship"])
    assert (np.diff(during["project"][order]) >= 0).all()
    assert during["project"][order][-1] > during["project"][order][0]


def test_demand_rises_with_what_is_resolved_unless_nobody_calls_again():
    def called(experience, **changes):
        changes = {f"mass_work.{name}": value for name, value in {"contact": 5.0, "learning": 520.0, **changes}.items()}
        simulation = arranged("mass_work", weeks=4, residents=4000, changes=changes, conditions={"experience": experience})
        simulation.advance(4)
        return total(simulation, "contacts")

    again, encouraged = default("mass_work.again"), default("mass_work.encouraged")
    little, much = called(0.4), called(0.9)
    wanted = (1 - again * (1 + encouraged * 0.4)) / (1 - again * (1 + encouraged * 0.9))
    assert much / little == pytest.approx(wanted, rel=0.1)
    assert called(0.4, again=0.0) == called(0.9, again=0.0)
    assert called(1.0, again=0.9) < 3 * called(0.9)  # bounded, however many call again
