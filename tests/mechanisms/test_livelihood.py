"""Livelihood: work is lost and found; help takes weight off, and slows the search."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import FIRST_WORKING, LAST_WORKING
from sim.levers import instrument


def lived(weeks=30, changes=None, conditions=None, residents=4000, capacity=None, **columns):
    """A city with capacities of its own, whose residents are all as `columns` say."""
    columns = {"status": 0, "jobless": 0, **columns}
    simulation = arranged("livelihood", weeks=weeks, residents=residents, changes=changes, columns=columns, conditions=conditions)
    for name, value in (capacity or {}).items():
        simulation.city.world.districts["capacity"][:, instrument(name)] = value
    return simulation, after(simulation, weeks)


def found(**more):
    """Who finds work among people of working age who have lost theirs."""
    simulation, _ = lived(weeks=6, changes={"livelihood.loss": 0.0}, age_group=2, jobless=5, **more)
    return total(simulation, "found_work")


def test_as_many_lose_their_work_as_the_chance_says_and_only_those_of_working_age():
    simulation, people = lived(weeks=1, changes={"livelihood.loss": 0.1})
    working = (people["age_group"] >= FIRST_WORKING) & (people["age_group"] <= LAST_WORKING)
    assert stats.binomtest(total(simulation, "lost_work"), int(working.sum()), 0.1).pvalue > ALARM
    assert np.array_equal(people["jobless"] > 0, (people["jobless"] > 0) & working)


def test_employment_services_bring_people_back_to_work():
    assert found(capacity={"public_services.employment": 0.3}) < found() < found(capacity={"public_services.employment": 1.8})


def test_schooling_helps_those_under_45():
    taught, untaught = (found(capacity={"public_services.education": value}) for value in (2.0, 0.0))
    assert taught > untaught
    assert total(lived(weeks=6, age_group=3, jobless=5, changes={"livelihood.loss": 0.0})[0], "found_work") < found()


def test_help_slows_the_search_and_unions_close_doors_and_outsiders_wait_longer():
    assert found(capacity={"public_services.social_security": 2.0}) < found(capacity={"public_services.social_security": 0.0})
    assert found(conditions={"union_help": 2.0}) < found(conditions={"union_help": 0.0})
    assert found(local=0) < found(local=1)


def test_losing_work_weighs_and_social_security_carries_part_of_it():
    frozen = {"livelihood.loss": 0.0, "livelihood.find": 0.0}
    working, jobless, helped = (
        lived(weeks=100, changes=frozen, age_group=2, hardship=0.4, **more)[1]["strain"]
        for more in ({}, {"jobless": 1}, {"jobless": 1, "capacity": {"public_services.social_security": 2.0}})
    )
    assert (working < helped).all()
    assert (helped < jobless).all()
    p = {name: default(f"livelihood.{name}") for name in ("relief", "base", "burden")}
    assert working == pytest.approx((1 - p["relief"]) * 0.4 + p["base"], abs=1e-3)
    assert jobless - working == pytest.approx(p["burden"] * 0.7, abs=1e-3)
