"""Collective efficacy: trust follows what the neighbourhood gives reason for; offences wear it down; newcomers have less."""

import numpy as np
import pytest
from arranged import after, arranged, default


def settled(changes=None, **conditions):
    simulation = arranged("collective_efficacy", weeks=600, changes=changes, conditions=conditions, columns={"status": 0})
    return simulation, after(simulation, 600)


def test_trust_settles_where_the_equation_says():
    simulation, people = settled(aid=1.2, offence_level=0.5, housing=0.6, estates=0.9, bonds=1.5)
    named = "base aid offences hardship newcomer moved estates bonds disposition origin".split()
    p = {name: default(f"collective_efficacy.{name}") for name in named}
    expected = p["base"] + 1.2 * p["aid"] - 0.5 * p["offences"] - p["hardship"] * (people["hardship"] - 0.41) - 0.6 * p["moved"]
    expected -= 0.5 * p["estates"]  # of which .4 are usual
    expected += 1.5 * p["bonds"] + p["disposition"] * simulation.city.residents.values("mood")
    homes = simulation.city.world.communities
    others = np.repeat(homes["nonlocals"] / homes["adults"], homes["residents"]) - 0.4
    expected = np.clip(expected - np.where(people["local"] == 0, p["newcomer"], p["origin"] * others), 0, 1)
    assert people["cohesion"] == pytest.approx(expected, abs=1e-3)


def test_offences_wear_trust_down_and_mutual_aid_builds_it():
    usual = settled()[1]["cohesion"]
    assert (settled(offence_level=2.0)[1]["cohesion"] < usual).all()
    assert (settled(aid=2.0)[1]["cohesion"] > usual).all()


def test_rebuilding_and_lawsuits_wear_trust_down():
    usual = settled()[1]["cohesion"]
    assert (settled(housing=1.0)[1]["cohesion"] < usual).all()
    sued, calm = (
        after(arranged("collective_efficacy", weeks=20, columns={"status": 0}, conditions={"litigation": suits}), 20)["cohesion"]
        for suits in (4.0, 0.0)
    )
    assert (sued < calm).all()


def test_those_who_see_volunteers_trust_more():
    simulation = arranged("collective_efficacy", weeks=20)
    rows = np.arange(0, len(simulation.city.residents), 2)
    simulation.city.residents.set("status", rows, 1)
    before = simulation.city.residents.values("cohesion")
    moved = after(simulation, 20)["cohesion"] - before
    quiet = after(arranged("collective_efficacy", weeks=20, columns={"status": 0}), 20)["cohesion"] - before
    assert (moved >= quiet).all()
    assert moved.mean() > quiet.mean()


def controlled(spill, willing):
    """Collective efficacy after a year in which only one community is willing to intervene more than usual, and its borders."""
    simulation = arranged(
        "collective_efficacy", weeks=52, residents=2400, columns={"status": 0}, changes={"mechanisms.collective_efficacy.spill": spill}
    )
    world = simulation.city.world
    world.communities["willingness"][0] = willing
    simulation.advance(52)
    beside = np.zeros(len(world.communities), bool)
    beside[world.neighbours[: world.first_neighbour[1]]] = True
    return world.communities["collective_efficacy"].copy(), beside


def test_control_spills_over_to_communities_that_border_and_to_no_others():
    (strong, beside), (usual, _) = controlled(0.2, 1.5), controlled(0.2, 1.0)
    assert beside.any()
    assert not beside[1:].all()
    assert (strong[beside] > usual[beside]).all()
    far = ~beside
    far[0] = False
    assert strong[far].tolist() == usual[far].tolist()
    assert strong[0] - usual[0] == pytest.approx(0.8 * 0.5 * controlled(0.0, 1.0)[0][0], rel=1e-3)


def test_without_spill_over_only_the_community_itself_gains():
    (strong, _), (usual, _) = controlled(0.0, 1.5), controlled(0.0, 1.0)
    assert strong[0] == pytest.approx(1.5 * usual[0], rel=1e-3)
    assert strong[1:].tolist() == usual[1:].tolist()


def test_a_community_without_borders_keeps_its_own_control():
    changes = {"collective_efficacy.spill": 0.8}
    alone = arranged("collective_efficacy", weeks=52, residents=2400, columns={"status": 0}, changes=changes)
    world = alone.city.world
    world.first_neighbour[:] = 0
    alone.advance(52)
    assert world.communities["collective_efficacy"].tolist() == controlled(0.0, 1.0)[0].tolist()


def test_a_community_is_as_strong_as_its_trust_and_willingness():
    weak, _ = settled()
    strong, _ = settled(willingness=1.5)
    ratio = strong.city.world.communities["collective_efficacy"] / weak.city.world.communities["collective_efficacy"]
    assert ratio == pytest.approx(np.full(len(ratio), 1.5), rel=1e-3)


def test_communities_differ_in_lasting_bonds_that_a_seed_draws_anew():
    first, second = (arranged(seed=seed, residents=60_000).city.world.communities["bonds"] for seed in (1, 2))
    assert abs(first.mean()) < 0.5
    assert 0.7 < first.std() < 1.3
    assert not np.array_equal(first, second)


def test_locals_trust_a_little_less_among_newcomers():
    changes = {"mechanisms.collective_efficacy.origin": 0.5}
    usual, people = settled(changes={"mechanisms.collective_efficacy.origin": 0.0})[1], settled(changes=changes)[1]
    local = people["local"] == 1
    assert people["cohesion"][~local] == pytest.approx(usual["cohesion"][~local], abs=1e-6)
    assert not np.allclose(people["cohesion"][local], usual["cohesion"][local], atol=1e-3)
