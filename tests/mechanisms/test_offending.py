"""Offending: propensity, certainty, informal control, near repeats; what follows for those who are caught."""

import numpy as np
import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import JAILED
from sim.city.community import BLOCK_SIZE

FREE = {"offending.recorded": 0.0}
PLENTY = {"offending.base": 0.9, **FREE}
CALM_CITY = {"status": 0, "weeks_left": 0}


def place_of_each(simulation):
    """Number of the block of each resident."""
    here = simulation.city.world.communities[simulation.city.residents.values("community")]
    return here["first_block"] + (np.arange(len(here)) - here["first"]) // BLOCK_SIZE


def expected_rate(simulation, people, base):
    """Offences of a week without near repeats, by the equation in the mechanism's docstring, in double precision."""
    names = ("norm", "hardship", "legitimacy", "certainty", "reference_risk", "camera", "presence")
    p = {name: default(f"offending.{name}") for name in names}
    place = simulation.city.world.blocks[place_of_each(simulation)]
    here = simulation.city.world.communities[simulation.city.residents.values("community")]
    chance = place["attraction"] * np.where(place["lot"] < here["cameras"], 1 - p["camera"], 1.0)
    chance = chance * (here["patrol"] * place["focus"] + 0.1) ** p["presence"]
    push = p["hardship"] * (people["strain"] - 0.41) - p["norm"] * (people["norm"] - 0.64) - p["legitimacy"] * (people["legitimacy"] - 0.70)
    age = np.array([0, 1.9, 1.15, 0.6, 0.6, 0.6])[people["age_group"]]
    fear = (np.maximum(people["sanction_risk"].astype(float), 0.02) / p["reference_risk"]) ** p["certainty"]
    return base / 52 * np.exp(push) * age * fear * chance


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
    seen, simulation, people = offences({"offending.base": 0.3}, weeks=40, sanction_risk=risk)
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


def test_the_caught_are_recorded_cleared_prosecuted_and_jailed_in_that_order():
    changes = {"offending.recorded": 0.9, "offending.jailed": 0.8, "offending.base": 0.9}
    simulation = arranged("offending", weeks=60, changes=changes, columns=CALM_CITY, conditions={"certainty": 0.3})
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
        "offending", "procedural_justice", weeks=1, residents=6000, changes=changes, columns=CALM_CITY, conditions={"certainty": 0.9}
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
        changes = {"offending.base": 0.3, "offending.norm": 0.0, "offending.internalised": internalised}
        seen = [offences(changes, weeks=30, sanction_risk=risk, norm=norm)[0] for risk in (0.66, 0.055)]
        return np.array(seen)

    for norm in (0.94, 0.14):
        (high, low), exponent = fear(norm, weight), default("offending.certainty") * max(1 + weight * (norm - 0.64), 0.0)
        assert stats.binomtest(int(high), int(high + low), 12**exponent / (1 + 12**exponent)).pvalue > ALARM / 4
