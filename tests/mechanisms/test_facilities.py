"""Facilities of a city's own communities: offences move to where there are more of them, and do not become more."""

import numpy as np
import pytest
from alone import TALLIES, switched

from sim.city.attraction import PULL
from sim.scenario import read_scenario
from sim.simulation import Simulation

PLACES, SEEDS = 12, 4


def offences(facilities, seed):
    """Offences of a year in every community of an own city; facilities of each, or none."""
    column = "" if facilities is None else ",facilities"
    rows = (f"c{k},900,0.4,{k % 4},{k // 4}" + ("" if facilities is None else f",{facilities[k]}") for k in range(PLACES))
    text = "\n".join((f"community,population,hardship,x,y{column}", *rows, ""))
    scenario = read_scenario({"name": "own", "horizon": 52, "city": {"communities": text}})
    simulation = Simulation(scenario.with_changes({**switched(("offending",)), "mechanisms.offending.base": 0.2}), seed)
    simulation.advance(52)
    return simulation.city.world.history_communities[0, :, TALLIES.index("offences")].copy()


@pytest.fixture(scope="module")
def found():
    """Offences by community, summed over seeds: without the column, with as many everywhere, and with facilities in every second one."""
    every, second = [20] * PLACES, [40 * (k % 2) for k in range(PLACES)]
    return [sum(offences(given, seed) for seed in range(SEEDS)) for given in (None, every, second)]


def test_facilities_that_are_the_same_everywhere_change_nothing(found):
    assert found[0].tolist() == found[1].tolist()


def test_facilities_draw_offences_to_the_communities_that_have_them(found):
    """Half as many again where there are twice as many, half as many where there are none: more than luck in every second community."""
    without, _, second = found
    drawn, left = (second[k::2].sum() / without[k::2].sum() for k in (1, 0))
    assert drawn > 1.1 > 0.9 > left
    assert drawn / left > 1 + PULL


def test_facilities_move_offences_and_make_none(found):
    """The totals differ by less than 4.5 Poisson standard errors of two independent cities."""
    without, _, second = (one.sum() for one in found)
    assert abs(second - without) < 4.5 * np.sqrt(second + without)
