"""Services: quality follows capacity and load; who is entitled gets more of it."""

import numpy as np
import pytest
from arranged import after, arranged, default

from sim.mechanisms.services import WEIGHTS


def perceived(access=0.5, **changes):
    simulation = arranged("services", "budget", weeks=120, changes={"stance.migrant_access": access, **changes})
    return after(simulation, 120)


def test_perceptions_reach_quality_times_access_less_inequality():
    access, crowding = 0.8, default("services.crowding")
    simulation = arranged("services", weeks=400, changes={"stance.migrant_access": access})
    district = simulation.city.world.districts
    entitled, others = district["residents"] - district["nonlocals"], district["nonlocals"]
    load = (entitled + others * access) / (entitled + others * default("services.reference_access"))
    people = after(simulation, 400)
    quality = (1 / (1 + crowding * load))[simulation.city.world.communities["district"][simulation.city.residents.values("community")]]
    floor = default("services.access_floor")
    reach = np.where(people["local"] == 1, 1.0, floor + (1 - floor) * access)
    expected = np.clip(
        quality * reach * WEIGHTS.sum(1)[people["age_group"]] - default("services.inequality") * (people["hardship"] - 0.4), 0, 1
    )
    assert people["service"] == pytest.approx(expected, abs=1e-4)


def test_more_money_raises_service_for_everybody():
    poor, rich = perceived(**{"policy.public_services": 0.2}), perceived(**{"policy.public_services": 0.4})
    assert (rich["service"] >= poor["service"]).all()
    assert rich["service"].mean() > poor["service"].mean() + 0.02


def test_opening_services_helps_outsiders_and_crowds_residents():
    closed, opened = perceived(0.1), perceived(0.9)
    local = closed["local"] == 1
    assert opened["service"][~local].mean() > closed["service"][~local].mean()
    assert opened["service"][local].mean() < closed["service"][local].mean()
