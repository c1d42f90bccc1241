"""Services: staff meet needs at random, more needs are met by more staff; who is entitled gets more of it."""

import numpy as np
import pytest
from arranged import after, arranged, assert_all_rise, default

from sim.city.government import SERVICES
from sim.levers import instrument
from sim.mechanisms.services import WEIGHTS


def perceived(access=0.5, **changes):
    simulation = arranged("services", "budget", weeks=120, changes={"stance.migrant_access": access, **changes})
    return after(simulation, 120)


def test_perceptions_reach_quality_times_access_plus_leniency_less_inequality():
    access = 0.8
    simulation = arranged("services", weeks=400, changes={"stance.migrant_access": access})
    district = simulation.city.world.districts
    entitled, others = district["residents"] - district["nonlocals"], district["nonlocals"]
    people, places = after(simulation, 400), simulation.city.world.communities
    crowd = 1 + default("services.crowds") * (places["burden"] - 1)
    crowd = np.bincount(places["district"], places["residents"] * crowd) / district["residents"]
    load = crowd * (entitled + others * access) / (entitled + others * default("services.reference_access"))
    here = simulation.city.residents.values("community")
    work = [simulation.city.world.districts["work"][:, instrument(f"public_services.{name}")] for name in SERVICES]
    needs = [default(f"services.needs_{name}") for name in SERVICES]
    met = np.array([1 - np.exp(-(default("services.outside") + w / n) / load) for w, n in zip(work, needs, strict=True)])
    quality = (WEIGHTS[people["age_group"]] * met.T[places["district"]][here]).sum(1) * (places["fit"] / default("services.tuned"))[here]
    floor, online = default("services.access_floor"), simulation.scenario.stance.digital_services
    reach = np.where(people["local"] == 1, 1.0, floor + (1 - floor) * access)
    reach = reach * np.where(people["age_group"] > 3, 1 - default("services.exclusion") * online, 1.0)
    less = default("services.inequality") * (people["hardship"] - 0.4)
    expected = np.clip(np.clip(quality, 0, 1) * reach + people["leniency"] - less, 0, 1)
    assert people["service"] == pytest.approx(expected, abs=1e-4)


def served(work, access=0.5):
    """Needs that are met and staff that is used, of every service, where bureaus do so many times the work of today."""
    simulation = arranged("services", weeks=1, changes={"stance.migrant_access": access})
    first = instrument("public_services.education")
    simulation.city.world.districts["work"][:, first : first + len(SERVICES)] *= work
    simulation.advance(1)
    used = simulation.city.world.districts["used"][:, first : first + len(SERVICES)]
    return simulation.city.world.bureaus["quality"].copy(), used.copy()


def test_the_second_helping_of_staff_meets_fewer_needs_than_the_first_and_the_last_is_idle():
    (none, _), (once, busy), (twice, _), (most, idle) = (served(times) for times in (0.0, 1.0, 2.0, 40.0))
    assert none == pytest.approx(1 - np.exp(-default("services.outside") / crowd()), rel=1e-4), "staff outside the budget works on"
    assert (once - none > twice - once).all()
    assert (twice > once).all()
    assert (most > 0.999).all()
    assert (busy > 0.8).all()
    assert (idle < 0.05).all()


def crowd():
    """Load of a city that has opened its services as far as is usual, of every bureau."""
    simulation = arranged("services", weeks=1)
    simulation.advance(1)
    return simulation.city.world.bureaus["load"].copy()


def test_opening_services_puts_idle_staff_to_work():
    assert (served(3.0, access=1.0)[1] > served(3.0, access=0.0)[1]).all()


def test_more_money_raises_service_for_everybody():
    poor, rich = perceived(**{"policy.public_services": 0.2}), perceived(**{"policy.public_services": 0.4})
    assert (rich["service"] >= poor["service"]).all()
    assert rich["service"].mean() > poor["service"].mean() + 0.02


def test_services_online_lighten_the_load_and_shut_out_the_old():
    offline, online = perceived(**{"stance.digital_services": 0.1}), perceived(**{"stance.digital_services": 0.9})
    old = offline["age_group"] > 3
    assert_all_rise((online["service"] - offline["service"])[~old])
    assert online["service"][old].mean() < offline["service"][old].mean()


def test_poor_fit_outages_and_time_spent_elsewhere_lower_service():
    def reached(diverted=0.0, **conditions):
        simulation = arranged("services", weeks=60, conditions=conditions)
        simulation.city.world.districts["diverted"] = diverted
        return after(simulation, 60)["service"]

    usual = reached()
    for worse in (reached(fit=0.5), reached(shock_service=0.5), reached(diverted=0.5), reached(neglect=0.5), reached(visitors=1.0)):
        assert_all_rise(usual - worse)
    assert_all_rise(reached(project=0.1) - usual)


def test_opening_services_helps_outsiders_and_crowds_residents():
    closed, opened = perceived(0.1), perceived(0.9)
    local = closed["local"] == 1
    assert opened["service"][~local].mean() > closed["service"][~local].mean()
    assert opened["service"][local].mean() < closed["service"][local].mean()
