"""Services: quality follows capacity and load; who is entitled gets more of it."""

import numpy as np
import pytest
from arranged import after, arranged, assert_all_rise, default

from sim.mechanisms.services import WEIGHTS


def perceived(access=0.5, **changes):
    simulation = arranged("services", "budget", weeks=120, changes={"stance.migrant_access": access, **changes})
    return after(simulation, 120)


def test_perceptions_reach_quality_times_access_less_inequality():
    access, crowding = 0.8, default("services.crowding")
    simulation = arranged("services", weeks=400, changes={"stance.migrant_access": access})
    district = simulation.city.world.districts
    entitled, others = district["residents"] - district["nonlocals"], district["nonlocals"]
    people, places = after(simulation, 400), simulation.city.world.communities
    crowd = 1 + default("services.crowds") * (places["burden"] - 1)
    crowd = np.bincount(places["district"], places["residents"] * crowd) / district["residents"]
    load = crowd * (entitled + others * access) / (entitled + others * default("services.reference_access"))
    here = simulation.city.residents.values("community")
    quality = ((1 / (1 + crowding * load))[places["district"]] * places["fit"] / default("services.tuned"))[here]
    floor, online = default("services.access_floor"), simulation.scenario.stance.digital_services
    reach = np.where(people["local"] == 1, 1.0, floor + (1 - floor) * access)
    reach = reach * np.where(people["age_group"] > 3, 1 - default("services.exclusion") * online, 1.0)
    expected = np.clip(
        quality * reach * WEIGHTS.sum(1)[people["age_group"]] - default("services.inequality") * (people["hardship"] - 0.4), 0, 1
    )
    assert people["service"] == pytest.approx(expected, abs=1e-4)


def test_more_money_raises_service_for_everybody():
    poor, rich = perceived(**{"policy.public_services": 0.2}), perceived(**{"policy.public_services": 0.4})
    assert (rich["service"] >= poor["service"]).all()
    assert rich["service"].mean() > poor["service"].mean() + 0.02


def test_services_online_lighten_the_load_and_shut_out_the_old():
    offline, online = perceived(**{"stance.digital_services": 0.1}), perceived(**{"stance.digital_services": 0.9})
    old = offline["age_group"] > 3
    assert (online["service"] > offline["service"])[~old].all()
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
