"""Livelihood: work is lost and found; help takes weight off, and slows the search."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import FIRST_WORKING, LAST_WORKING
from sim.city.government import SERVICES

ADVICE = SERVICES.index("employment")


def lived(weeks=30, changes=None, conditions=None, residents=4000, advised=None, **columns):
    """A city in which so many needs for advice are met, whose residents are all as `columns` say."""
    columns = {"status": 0, "jobless": 0, **columns}
    simulation = arranged("livelihood", weeks=weeks, residents=residents, changes=changes, columns=columns, conditions=conditions)
    if advised is not None:
        bureaus = simulation.city.world.bureaus
        bureaus["quality"][bureaus["service"] == ADVICE] = advised
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
    assert found(advised=0.2) < found() < found(advised=1.0)


def test_advisers_for_everybody_shorten_the_search_by_as_much_as_the_parameter_says():
    """Everybody of working age looks for work and finds it with a chance that advice multiplies by 1 + `advice`."""
    alike = {"residents": 8000, "local": 1, "changes": {"livelihood.loss": 0.0, "livelihood.training": 0.0, "livelihood.find": 0.02}}
    (alone, people), (helped, _) = (lived(weeks=1, age_group=2, jobless=5, advised=q, **alike) for q in (0.0, 1.0))
    usual = {"cushion": alone.city.world.communities["cushion"][0], "union_help": alone.city.world.communities["union_help"][0]}
    chance = 0.02 * (1 - default("livelihood.ease") * usual["cushion"]) * (1 - default("livelihood.closed") * usual["union_help"])
    for simulation, factor in ((alone, 1.0), (helped, 1.0 + default("livelihood.advice"))):
        assert stats.binomtest(total(simulation, "found_work"), len(people["age_group"]), float(chance * factor)).pvalue > ALARM


def test_schooling_helps_those_under_45():
    taught, untaught = (found(conditions={"education": value}) for value in (1.0, 0.0))
    assert taught > untaught
    assert total(lived(weeks=6, age_group=3, jobless=5, changes={"livelihood.loss": 0.0})[0], "found_work") < found()


def test_help_slows_the_search_and_unions_close_doors_and_outsiders_wait_longer():
    assert found(conditions={"cushion": 1.0}) < found(conditions={"cushion": 0.0})
    assert found(conditions={"union_help": 1.0}) < found(conditions={"union_help": 0.0})
    assert found(local=0) < found(local=1)


def test_losing_work_weighs_and_social_security_carries_part_of_it():
    frozen = {"livelihood.loss": 0.0, "livelihood.find": 0.0}
    met = {"cushion": 0.6}
    working, jobless, helped = (
        lived(weeks=100, changes=frozen, age_group=2, hardship=0.4, **more)[1]["strain"]
        for more in ({"conditions": met}, {"jobless": 1, "conditions": met}, {"jobless": 1, "conditions": {"cushion": 1.0}})
    )
    assert (working < helped).all()
    assert (helped < jobless).all()
    p = {name: default(f"livelihood.{name}") for name in ("relief", "base", "burden")}
    assert working == pytest.approx((1 - 0.6 * p["relief"]) * 0.4 + p["base"], abs=1e-3)
    assert jobless - working == pytest.approx(p["burden"] * (1 - 0.475 * 0.6), abs=1e-3)
