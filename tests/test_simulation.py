"""A simulation: how it is stepped. What must make no difference to what happens: reliability/test_metamorphic.py."""

import numba
import pytest
from alone import live
from cities import small

from sim.scenario import read_scenario
from sim.simulation import Simulation


def ran(weeks=40, seed=3, changes=None, **city):
    return live(changes, weeks=weeks, seed=seed, **city)


# --- stepping ---


def test_it_starts_at_week_zero_and_stops_at_the_horizon():
    simulation = Simulation(small(10), seed=1)
    assert (simulation.week, simulation.horizon) == (0, 10)
    simulation.advance(4)
    assert simulation.week == 4
    simulation.advance(100)
    assert simulation.week == 10
    with pytest.raises(ValueError, match="horizon of 10 weeks"):
        simulation.advance()


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_is_reported_every_week(threads, monkeypatch):
    monkeypatch.setattr("sim.simulation.SMALL", 100)
    simulation, told = Simulation(small(8), seed=1, threads=threads), []
    simulation.advance(5, progress=told.append)
    simulation.advance(5, progress=told.append)
    assert told == [1, 2, 3, 4, 5, 6, 7, 8]
    assert simulation.content_hash() == ran(8, seed=1).content_hash()


def test_a_small_city_keeps_to_one_thread():
    assert Simulation(small(2), seed=1, threads=4).threads == 1


def test_steps_of_any_length_lead_to_the_same_place():
    simulation = Simulation(small(40), seed=3)
    for weeks in (1, 2, 3, 30, 4):
        simulation.advance(weeks)
    assert simulation.content_hash() == ran().content_hash()


def test_all_cities_share_the_compiled_kernels():
    """A city of one community must not need kernels of its own: warming up with it would warm nothing."""
    one = Simulation(small(2, residents=300, districts=1, community_size=3000), seed=1)
    many = Simulation(small(2), seed=1)
    assert len(one.city.world.communities) == 1
    different = [name for name, a, b in zip(one.city.world._fields, one.city.world, many.city.world) if numba.typeof(a) != numba.typeof(b)]
    assert different == []


def test_a_city_of_any_shape_runs():
    for residents, districts, size in ((256, 2, 200), (700, 4, 20_000), (5000, 5, 333)):
        city = {"preset": "synthetic", "residents": residents, "districts": districts, "community_size": size}
        simulation = Simulation(read_scenario({"name": "shape", "horizon": 3, "city": city}), seed=1)
        simulation.advance(3)
        assert len(simulation.city.residents) == residents


THEN = [{"at": 30, "set": {"stance.campaign": 1.0, "policy.rule_of_law.policing.staff": 12.0}}]
SHOCKED = {"shocks": [{"kind": "layoffs", "at": 20, "lasts": 30, "strength": 0.4}]}


IN_A_DISTRICT = {"timeline": [{"at": 10, "where": {"district": "District 1"}, "set": {"stance.audit": 0.9}}]}


@pytest.mark.parametrize("changes", [{}, SHOCKED, IN_A_DISTRICT], ids=["plain", "shocked", "in a district"])
@pytest.mark.parametrize(("week", "horizon"), [(0, 40), (17, 120), (30, 60)])
def test_a_city_goes_on_under_another_scenario_as_if_simulated_under_it_from_the_start(changes, week, horizon):
    base = small(52, residents=3000, districts=2).with_changes(changes)
    other = base.with_changes({"timeline": [*changes.get("timeline", []), *THEN], "horizon": horizon})
    past = Simulation(base, seed=5)
    if week:
        past.advance(week)
    before = past.content_hash()
    goes_on, whole = past.under(other), Simulation(other, seed=5)
    goes_on.advance(horizon)
    whole.advance(horizon)
    assert goes_on.week == whole.week == horizon
    assert goes_on.content_hash() == whole.content_hash()
    assert past.content_hash() == before
    past.advance(52)
    alone = Simulation(base, seed=5)
    alone.advance(52)
    assert past.content_hash() == alone.content_hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"timeline": [{"at": 19, "set": {"stance.campaign": 1.0}}]},
        {"stance.audit": 0.9},
        {"mechanisms.offending.watch": 0.0},
        {"city.residents": 3100},
        {"horizon": 19},
        SHOCKED,
    ],
    ids=str,
)
def test_a_city_does_not_go_on_under_another_past(changes):
    base = small(52, residents=3000, districts=2)
    past = Simulation(base, seed=5)
    past.advance(20)
    with pytest.raises(ValueError, match="until now"):
        past.under(base.with_changes(changes))


def test_a_city_in_other_tiles_goes_on_in_them():
    past = Simulation(small(20, residents=3000), seed=5, tile=128)
    past.advance(10)
    goes_on = past.under(small(20, residents=3000))
    assert goes_on.city.world.tiles.dtype == past.city.world.tiles.dtype
    goes_on.advance(10)
    assert goes_on.content_hash() == ran(20, seed=5, residents=3000).content_hash()


def test_what_is_recorded_outside_the_city_is_not_left_behind():
    past = Simulation(small(20), seed=5, attribution=True)
    past.advance(3)
    with pytest.raises(ValueError, match="attribution"):
        past.under(small(20))
