"""Integration: people settle in with years, access and ties, are kept out by exclusion and resentment, and move away again."""

import numpy as np
import pytest
from arranged import after, arranged, default, total

STAY = {"integration.churn": 0.0}


def lived(weeks=300, changes=None, conditions=None, **columns):
    simulation = arranged(
        "integration", weeks=weeks, residents=2000, changes={**STAY, **(changes or {})}, columns=columns, conditions=conditions
    )
    return simulation, after(simulation, weeks)


def outsiders(*args, **more):
    people = lived(*args, **more)[1]
    return people["integration"][people["local"] == 0]


def test_residents_with_local_registration_are_integrated_and_stay_so():
    people = lived()[1]
    assert (people["integration"][people["local"] == 1] == 1).all()
    assert (people["integration"][people["local"] == 0] < 1).all()


def test_years_ties_access_and_homes_settle_people_in():
    usual = outsiders(cohesion=0.5, tenure=100)
    for more in (
        {"cohesion": 0.8, "tenure": 100},
        {"cohesion": 0.5, "tenure": 1000},
        {"cohesion": 0.5, "tenure": 100, "conditions": {"migrant_access": 1.0}},
        {"cohesion": 0.5, "tenure": 100, "conditions": {"housing": 1.8}},
    ):
        assert (outsiders(**more) > usual).all()


def test_exclusion_restraint_and_resentment_keep_people_out():
    usual = outsiders(weeks=60)
    assert (outsiders(weeks=60, conditions={"collective_efficacy": 1.8}) < usual).all()
    assert (outsiders(weeks=60, conditions={"restraint": 1.0}) < usual).all()
    assert (outsiders(weeks=60, changes={"integration.resentment": 3.0}) <= usual).all()


def test_opening_to_many_where_life_is_hard_wakes_resentment():
    closed, opened = (lived(weeks=2, changes={"stance.migrant_access": access})[0].city.world.communities for access in (0.0, 1.0))
    assert (closed["backlash"] == 0).all()
    assert (opened["backlash"] > 0).any()
    order = np.argsort(opened["hardship"])
    poor, rich = opened["backlash"][order][-2:].mean(), opened["backlash"][order][:2].mean()
    assert poor > rich


def test_newcomers_replace_those_who_leave_and_start_anew():
    simulation, people = lived(weeks=1, changes={"integration.churn": 0.1}, cohesion=0.5, tenure=500)
    new = people["tenure"] == 0
    assert new.sum() == total(simulation, "arrived") > 20
    assert (people["local"][new] == 0).all()
    assert (people["integration"][new] < people["integration"][~new].min()).all()
    assert people["cohesion"][new] == pytest.approx(0.3)
    assert (people["tenure"][~new] == 501).all()


def test_it_moves_with_its_time_constant():
    early, late = (outsiders(weeks=n, integration=1.0, tenure=500) for n in (10, 40))
    assert (late < early).all()
    assert default("integration.weeks") > 10
