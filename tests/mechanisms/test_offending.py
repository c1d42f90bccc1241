"""Offending: propensity, certainty, informal control, near repeats; kinds and places of offences; what follows for those who are caught."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import JAILED
from sim.city.community import BLOCK_SIZE

FREE = {"offending.recorded": 0.0, "offending.recorded_violent": 0.0}
AT_HOME = {"offending.away": 0.0, "offending.away_violent": 0.0}
AWAY = {"offending.away": 1.0, "offending.away_violent": 1.0}
PLENTY = {"offending.base": 0.9, **FREE}
CALM_CITY = {"status": 0, "weeks_left": 0}


def place_of_each(simulation):
    """Number of the block of each resident."""
    here = simulation.city.world.communities[simulation.city.residents.values("community")]
    return here["first_block"] + (np.arange(len(here)) - here["first"]) // BLOCK_SIZE


def expected_rate(simulation, people, base):
    """Offences of a week at home without near repeats, by the equation in the mechanism's docstring, in double precision."""
    names = "norm hardship idle legitimacy certainty certainty_violent reference_risk camera presence presence_violent violent".split()
    p = {name: default(f"offending.{name}") for name in names}
    place = simulation.city.world.blocks[place_of_each(simulation)]
    here = simulation.city.world.communities[simulation.city.residents.values("community")]
    filmed = np.where(place["lot"] < here["cameras"], 1 - p["camera"], 1.0)
    patrols = here["patrol"] * place["focus"] + 0.1
    push = p["hardship"] * (people["strain"] - 0.41) - p["norm"] * (people["norm"] - 0.64) - p["legitimacy"] * (people["legitimacy"] - 0.70)
    push = push + p["idle"] * (people["jobless"] > 0)
    age = np.array([0, 1.9, 1.15, 0.6, 0.6, 0.6])[people["age_group"]]
    risk = np.maximum(people["sanction_risk"].astype(float), 0.02) / p["reference_risk"]
    acquisitive = (1 - p["violent"]) * risk ** p["certainty"] * filmed * patrols ** p["presence"]
    violent = p["violent"] * risk ** p["certainty_violent"] * patrols ** p["presence_violent"]
    return base / 52 * np.exp(push) * age * place["attraction"] * (acquisitive + violent)


def offences(changes=None, seed=1, weeks=1, conditions=None, residents=4000, **columns):
    simulation = arranged(
        "offending",
        weeks=weeks,
        seed=seed,
        residents=residents,
        changes={"offending.theta": 0.0, **PLENTY, **(changes or {})},
        columns={**CALM_CITY, **columns},
        conditions=conditions,
    )
    people = after(simulation, weeks)
    return total(simulation, "offences"), simulation, people


def fits(seen, expected, variance, alarm=ALARM):
    return 2 * stats.norm.sf(abs(seen - expected) / np.sqrt(variance)) > alarm


@pytest.mark.parametrize("risk", [0.05, 0.22, 0.6])
def test_as_many_offend_as_the_equation_says_at_any_perceived_certainty(risk):
    seen, simulation, people = offences({"offending.base": 0.3, **AT_HOME}, weeks=40, sanction_risk=risk)
    expected = 40 * expected_rate(simulation, people, 0.3).sum()
    assert fits(seen, expected, expected)


def test_strong_communities_and_norms_hold_offences_down():
    usual = offences(weeks=20)[0]
    assert (
        offences(weeks=20, conditions={"collective_efficacy": 1.5})[0]
        < usual
        < offences(weeks=20, conditions={"collective_efficacy": 0.5})[0]
    )
    for name, value in (("norm", 0.9), ("legitimacy", 0.99), ("strain", 0.05), ("sanction_risk", 0.6), ("age_group", 0)):
        assert offences(weeks=20, **{name: value})[0] < usual, name
    assert offences(weeks=20, age_group=0)[0] == 0


def test_repeats_come_where_offences_were():
    simulation = arranged("offending", weeks=30, residents=4000, changes=PLENTY, columns=CALM_CITY)
    simulation.advance(1)
    places, here = simulation.city.world.blocks, 0
    hot = np.arange(len(places)) % 2 == 0
    places["heat"] = np.where(hot, 8.0, 0.0)
    for _ in range(3):
        simulation.advance(1)
        here = here + places["now"]
    usual = places["attraction"]
    assert here[hot].sum() / usual[hot].sum() > 1.3 * here[~hot].sum() / usual[~hot].sum()


def test_offences_concentrate_where_opportunity_is_and_cameras_watch_and_patrols_hold_them_down():
    simulation = arranged("offending", weeks=100, residents=4000, changes={**PLENTY, "offending.base": 0.3}, columns=CALM_CITY)
    places, at_places = simulation.city.world.blocks, 0
    for _ in range(100):
        simulation.advance(1)
        at_places = at_places + places["now"]
    worst = np.argsort(places["attraction"])[-len(places) // 10 :]
    assert at_places[worst].sum() > 0.25 * at_places.sum()
    usual = offences(weeks=20)[0]
    for name, value in (("cameras", 1.0), ("watch", 1.0), ("patrol", 3.0)):
        assert offences(weeks=20, conditions={name: value})[0] < usual, name


# --- kinds ---


def test_cameras_and_watches_prevent_acquisitive_offences_alone():
    changes = {"offending.camera": 1.0, "offending.base": 0.9}
    for watched in ({"cameras": 1.1}, {"watch": 1.0}):
        settings = {**changes, "offending.watch": 1.0} if "watch" in watched else changes
        _, simulation, _ = offences(settings, weeks=20, conditions=watched)
        assert total(simulation, "offences") == total(simulation, "violent") > 0


@pytest.mark.parametrize("away", [AT_HOME, AWAY], ids=["home", "away"])
def test_each_kind_is_recorded_and_cleared_by_its_own_probability(away):
    changes = {"offending.base": 0.9, "offending.recorded": 0.0, "offending.recorded_violent": 1.0, "offending.reporting": 0.0, **away}
    conditions = {"clearance": 0.0, "clearance_violent": 1.0, "flag_true": 0.0, "patrol": 2.04}
    _, simulation, _ = offences(changes, weeks=20, conditions=conditions)
    violent = total(simulation, "violent")
    assert 0 < violent < total(simulation, "offences")
    for name in ("recorded", "recorded_violent", "cleared", "cleared_violent"):
        assert total(simulation, name) == violent, name


def test_violent_offences_have_their_share_and_answer_less_to_certainty():
    usual = {"offending.base": 0.9, "offending.presence": 0.0, "offending.presence_violent": 0.0}
    nobody = {"cameras": 0.0, "watch": 0.0}
    for risk in (default("offending.reference_risk"), 0.9):
        seen, simulation, _ = offences(usual, weeks=30, conditions=nobody, sanction_risk=risk)
        ratio = risk / default("offending.reference_risk")
        share = default("offending.violent")
        weights = (1 - share) * ratio ** default("offending.certainty"), share * ratio ** default("offending.certainty_violent")
        assert stats.binomtest(total(simulation, "violent"), seen, weights[1] / sum(weights)).pvalue > ALARM / 2


def test_conduct_of_the_police_is_a_factor():
    usual, fair = (arranged("offending", weeks=20, residents=4000, changes=PLENTY, columns=CALM_CITY) for _ in range(2))
    fair.city.world.blocks["conduct"] = 0.5
    usual.advance(20)
    fair.advance(20)
    assert 0.4 < total(fair, "offences") / total(usual, "offences") < 0.6


# --- places ---

CITY = {"residents": 4000, "community_size": 500, "districts": 1}


def alike(changes, weeks=20, columns=None, **conditions):
    """A city in which every place is as attractive as any other."""
    columns = {**CALM_CITY, **(columns or {})}
    simulation = arranged("offending", weeks=weeks, changes={**PLENTY, **changes}, columns=columns, conditions=conditions, **CITY)
    simulation.city.world.blocks["attraction"] = 1.0
    simulation.city.world.blocks["lot"] = 0.5
    return simulation


def borders(world, k):
    return world.neighbours[world.first_neighbour[k] : world.first_neighbour[k + 1]]


def test_as_many_offend_wherever_they_go_where_opportunities_are_alike():
    seen = []
    for away in (AT_HOME, {}, AWAY):
        simulation = alike({"offending.theta": 0.0, **away})
        simulation.advance(20)
        seen.append(total(simulation, "offences"))
    assert seen[0] > 200
    assert max(seen) - min(seen) <= 2  # the same draws against the same rates, up to rounding


def test_an_offence_counts_in_the_block_and_the_community_where_it_happens():
    simulation = alike({})
    world = simulation.city.world
    for _ in range(10):
        simulation.advance(1)
        by_block = np.add.reduceat(world.blocks["now"], world.communities["first_block"])
        assert (by_block == world.communities["last"]["offences"]).all()
        assert not world.blocks["leaving"].any()


def only_the_first_at_large():
    """Columns of residents by which everybody outside the first community is in jail."""
    inside = alike({}).city.residents.values("community") > 0
    return {"status": np.where(inside, JAILED, 0), "weeks_left": np.where(inside, 200, 0)}


def test_where_nothing_is_to_be_had_nothing_happens_and_residents_go_elsewhere():
    simulation = alike({"offending.theta": 0.0}, columns=only_the_first_at_large())
    world = simulation.city.world
    here = world.communities[0]
    world.blocks["attraction"][here["first_block"] : here["last_block"]] = 0.0
    for _ in range(20):
        simulation.advance(1)
        assert world.communities["last"]["offences"][0] == 0
    assert total(simulation, "offences") > 5


def test_offenders_go_to_bordering_communities_the_nearer_the_more_often():
    """Of the offences of one community all happen next door, in proportion to distance and attraction."""
    changes = {**AWAY, "offending.theta": 0.0, "offending.base": 1.0, "offending.violent": 0.0}
    simulation = alike(changes, weeks=100, columns=only_the_first_at_large())
    world, near = simulation.city.world, borders(simulation.city.world, 0)
    attraction = np.where(np.arange(len(world.communities)) == near[0], 3.0, 1.0)
    world.blocks["attraction"] = np.repeat(attraction, world.communities["last_block"] - world.communities["first_block"])
    found = 0
    for _ in range(100):
        simulation.advance(1)
        found = found + world.communities["last"]["offences"]
    assert found.sum() == found[near].sum() > 100
    x, y = (world.communities[axis].astype(float) for axis in "xy")
    weights = np.hypot(x[near] - x[0], y[near] - y[0]) ** -default("offending.decay") * attraction[near]
    assert stats.chisquare(found[near], found.sum() * weights / weights.sum()).pvalue > ALARM


def test_a_community_that_borders_on_none_keeps_its_offences():
    settings = {"residents": 1000, "community_size": 2000, "districts": 1}
    simulation = arranged("offending", weeks=10, changes={**PLENTY, **AWAY}, columns=CALM_CITY, **settings)
    assert len(simulation.city.world.neighbours) == 0
    simulation.advance(10)
    assert total(simulation, "offences") > 20


def test_near_repeats_do_not_travel():
    simulation = alike({**AWAY, "offending.base": 0.0, "offending.theta": 0.8})
    blocks = simulation.city.world.blocks
    hot = np.arange(len(blocks)) % 5 == 0
    blocks["heat"] = np.where(hot, 8.0, 0.0)
    simulation.advance(3)
    assert total(simulation, "offences") > 20
    assert blocks["heat"][~hot].max() == 0.0
    assert blocks["now"][~hot].sum() == 0


def test_people_judge_the_level_of_offences_by_bordering_communities_too():
    simulation = alike({"offending.spill": 0.4, "offending.level_weeks": 1.0})
    world = simulation.city.world
    last = world.communities["last"]["offences"] = np.arange(len(world.communities))
    simulation.advance(1)
    level = last / (world.communities["residents"] * default("offending.usual") / 52)
    around = np.array([level[borders(world, k)].mean() for k in range(len(level))])
    assert world.communities["offence_level"] == pytest.approx(0.6 * level + 0.4 * around, rel=1e-4)


# --- consequences ---


def test_the_caught_are_recorded_cleared_prosecuted_and_jailed_in_that_order():
    changes = {"offending.recorded": 0.9, "offending.jailed": 0.8, "offending.base": 0.9}
    simulation = arranged("offending", weeks=60, changes=changes, columns=CALM_CITY)
    people = after(simulation, 60)
    chain = [total(simulation, name) for name in ("offences", "recorded", "cleared", "prosecuted", "jailed")]
    assert all(more_ >= less for more_, less in zip(chain, chain[1:]))
    assert chain[-1] > 0
    assert total(simulation, "recorded") >= total(simulation, "criminal") >= total(simulation, "prosecuted")
    assert ((people["weeks_left"] > 0) == (people["status"] == JAILED)).all()


def test_prisoners_serve_their_weeks_commit_nothing_and_come_home():
    columns = {"status": JAILED, "weeks_left": np.arange(1200) % 10 + 2}
    simulation = arranged("offending", weeks=12, changes={**PLENTY, "offending.jailed": 0.0}, columns=columns)
    simulation.advance(1)
    assert total(simulation, "offences") == 0
    assert (simulation.city.residents.values("status") == JAILED).all()
    simulation.advance(5)
    assert np.array_equal(simulation.city.residents.values("status") == JAILED, columns["weeks_left"] > 6)
    simulation.advance(5)
    assert not (simulation.city.residents.values("status") == JAILED).any()


def test_who_is_caught_loses_legitimacy():
    """Beside procedural justice, those whose offence was cleared are the ones who feel an arrest."""
    certain = {"offending.base": 0.9, "offending.recorded": 0.9}
    changes = {**certain, "procedural_justice.up_weeks": 520.0, "procedural_justice.down_weeks": 520.0}
    simulation = arranged(
        "offending",
        "procedural_justice",
        weeks=1,
        residents=6000,
        changes=changes,
        columns=CALM_CITY,
        conditions={"clearance": 0.9, "clearance_violent": 0.9},
    )
    before = simulation.city.residents.values("legitimacy")
    fallen = before - after(simulation)["legitimacy"] > 0.5 * default("procedural_justice.arrest")
    assert fallen.sum() == total(simulation, "cleared") > 20


def test_what_detection_finds_is_recorded_and_cleared_more():
    blind, filmed = (
        arranged("offending", weeks=60, changes={"offending.base": 0.9}, columns=CALM_CITY, conditions={"flag_true": chance})
        for chance in (0.0, 0.8)
    )
    for simulation in (blind, filmed):
        simulation.advance(60)
    assert total(blind, "flagged_rightly") == 0
    assert total(filmed, "flagged_rightly") > 0
    recorded = [total(simulation, "recorded") / total(simulation, "offences") for simulation in (blind, filmed)]
    cleared = [total(simulation, "cleared") / total(simulation, "recorded") for simulation in (blind, filmed)]
    assert recorded[0] < recorded[1]
    assert cleared[0] < cleared[1]


@pytest.mark.parametrize("sign", [-1, 1])
def test_norms_make_law_cheaper_or_replace_it_or_neither(sign):
    """The norm changes how much certainty deters: with a positive sign those with strong norms are deterred more, the others less."""
    assert default("offending.internalised") == 0.0
    weight = 1.5 * sign

    def fear(norm, internalised):
        """Ratio of offences at a high to those at a low perceived certainty."""
        changes = {"offending.base": 0.3, "offending.norm": 0.0, "offending.violent": 0.0, "offending.internalised": internalised}
        seen = [offences(changes, weeks=30, sanction_risk=risk, norm=norm)[0] for risk in (0.66, 0.055)]
        return np.array(seen)

    for norm in (0.94, 0.14):
        (high, low), exponent = fear(norm, weight), default("offending.certainty") * max(1 + weight * (norm - 0.64), 0.0)
        assert stats.binomtest(int(high), int(high + low), 12**exponent / (1 + 12**exponent)).pvalue > ALARM / 4
