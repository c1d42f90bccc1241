"""A simulation: how it is stepped, and what must make no difference to what happens (metamorphic relations)."""

import numba
import numpy as np
import pytest
from alone import TALLIES, changed, farthest, live, state
from cities import small

from sim.levers import LEVERS, REFERENCE_SHARES, SHOCK_KINDS
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS, weekly
from sim.scenario import read_scenario
from sim.scenario.policy import Stance
from sim.simulation import Simulation

HALF = {f"policy.{lever}": share / 2 for lever, share in REFERENCE_SHARES.items()}
MONEY = {"city.allotted", "city.unspent"}


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
def test_progress_is_told_every_week(threads, monkeypatch):
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


# --- what must make no difference ---


def test_a_longer_horizon_begins_the_same_way():
    short, long = ran(40), Simulation(small(90), seed=3)
    long.advance(40)
    assert long.content_hash() == short.content_hash()
    long.advance(50)
    assert np.array_equal(long.city.world.history[:40], short.city.world.history)


def test_the_order_of_replicates_makes_no_difference():
    forth = {seed: ran(seed=seed).content_hash() for seed in (1, 2, 3)}
    back = {seed: ran(seed=seed).content_hash() for seed in (3, 2, 1)}
    assert forth == back
    assert len(set(forth.values())) == 3


def test_names_and_titles_make_no_difference():
    renamed = ran(changes={"name": "another", "title": {"en": "Another", "zh": "另一个"}, "description": "?", "replicates": 3, "seed": 99})
    assert renamed.content_hash() == ran().content_hash()


def test_unused_money_is_the_same_as_money_that_was_never_there():
    """Half the shares of a full budget and full shares of half a budget buy the same; only the accounts of what is unspent differ."""
    full = ran(changes={**HALF, "budget": 1.0})
    half = ran(changes={**{f"policy.{lever}": share for lever, share in REFERENCE_SHARES.items()}, "budget": 0.5})
    assert changed(state(full), state(half)) == MONEY
    assert np.array_equal(full.city.world.history_money[:, 1:3], half.city.world.history_money[:, 1:3])


def test_without_a_budget_it_makes_no_difference_how_it_is_divided():
    other = {f"policy.{lever}": 0.0 for lever in LEVERS} | {"policy.rule_of_law": 1.0}
    assert changed(state(ran(changes={"budget": 0.0})), state(ran(changes={"budget": 0.0, **other}))) <= MONEY


@pytest.mark.parametrize("lever", LEVERS)
def test_only_the_proportions_of_a_split_matter(lever):
    split = dict.fromkeys(LEVERS[lever], 1.0)
    eight = {name: 8.0 * weight for name, weight in split.items()}
    one, other = (ran(changes={f"policy.{lever}.split": s}) for s in (split, eight))
    assert one.content_hash() == other.content_hash()


def test_weights_change_the_indices_and_nothing_else():
    """Satisfied adults and the distribution of satisfaction are indices too: they follow the weights."""
    weights = {"weights.satisfaction.belonging": 5.0, "weights.stability.calm": 7.0}
    plain, weighted = ran(), ran(changes=weights)
    indices = {"count.satisfied", "count.satisfaction", "count.satisfaction_nonlocal"}
    assert changed(state(plain), state(weighted)) == indices
    before, after = weekly(plain), weekly(weighted)
    different = {name for name in METRICS if not before[name].equals(after[name])}
    assert different <= {"stability", "satisfaction", "satisfied_share", "gap_satisfaction", "spread_satisfaction"} | {
        f"satisfaction_p{share}" for share in (10, 50, 90)
    }
    assert {"stability", "satisfaction"} <= different


def test_twice_the_weights_are_the_same_weights():
    twice = {f"weights.stability.{name}": 2.0 for name in ("order", "calm", "resolution", "steadiness")}
    twice |= {f"weights.satisfaction.{name}": 2.0 for name in ("belonging", "happiness", "security")}
    assert weekly(ran(changes=twice)).equals(weekly(ran()))


def test_the_city_that_is_built_depends_on_the_seed_and_not_on_policy():
    def built(changes=None, seed=3):
        return state(Simulation(small(2).with_changes(changes or {}), seed))

    everything_else = {"budget": 3.0, "policy.rule_of_law": 0.1, "stance.transparency": 0.0, "mechanisms.norms.step": 0.5}
    assert changed(built(), built(everything_else)) == set()
    assert {"norm", "hardship", "near", "far", "local"} <= changed(built(), built(seed=4))


def another(field):
    """A value of a stance far from its default."""
    choices = getattr(field.annotation, "__args__", None)
    return choices[-1] if choices else farthest(field)


def test_with_everything_off_policy_and_shocks_mean_nothing_to_anybody():
    off = {f"mechanisms.{name}.enabled": False for name in MECHANISMS}
    stances = {f"stance.{name}": another(field) for name, field in Stance.model_fields.items()}
    shocks = [{"kind": kind, "at": 1, "strength": 1.0} for kind in SHOCK_KINDS]
    other = {**off, **stances, "budget": 3.0, "policy.rule_of_law": 0.1, "shocks": shocks}
    assert ran(changes=off).content_hash() == ran(changes=other).content_hash()


def test_where_patrols_go_means_nothing_without_police():
    off = {"mechanisms.policing.enabled": False}
    assert ran(changes={**off, "stance.patrol_targeting": "reported"}).content_hash() == ran(changes=off).content_hash()


def test_a_switched_off_budget_is_the_budget_of_the_reference():
    """Capacities stay at 1 when nobody spends; a reference budget keeps them there to rounding, so people live the same lives nearly."""
    assert ran(changes={"mechanisms.budget.enabled": False}).city.tables["DistrictGovernment"].values("capacity").min() == 1.0
    reference = {f"policy.{lever}": share for lever, share in REFERENCE_SHARES.items()}
    honest = {"mechanisms.integrity.enabled": False}  # officials keep to the leakage of the reference city
    spent = ran(changes={**reference, **honest}).city.tables["DistrictGovernment"].values("capacity")
    assert np.abs(spent - 1.0).max() < 1e-4


def test_two_policies_under_one_seed_meet_the_same_luck():
    """A lever that nobody has felt yet has changed nothing: stops of the first week are the same people's."""
    lean, rich = (ran(1, changes={"policy.moral_education": share}) for share in (0.05, 0.15))
    same = [name for name in ("joined", "opened", "settled", "offences", "stops", "triggered") if TALLIES.index(name) >= 0]
    for name in same:
        number = TALLIES.index(name)
        assert np.array_equal(lean.city.world.history[0, :, number], rich.city.world.history[0, :, number]), name


def test_a_city_of_any_shape_runs():
    for residents, districts, size in ((256, 2, 200), (700, 4, 20_000), (5000, 5, 333)):
        city = {"preset": "synthetic", "residents": residents, "districts": districts, "community_size": size}
        simulation = Simulation(read_scenario({"name": "shape", "horizon": 3, "city": city}), seed=1)
        simulation.advance(3)
        assert len(simulation.city.residents) == residents
