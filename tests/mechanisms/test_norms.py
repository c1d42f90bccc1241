"""Norms: peers and anchor pull, messages pull those who are near and repel those who are far, big claims cost credibility."""

import numpy as np
import pytest
from arranged import LEAN, after, arranged, default, more

from sim.city.resident import Resident
from sim.levers import instrument

STEP = float(Resident.norm.coding.step)
SILENT = {"norms.kappa": 0.0}


def one_week(changes=None, **columns):
    simulation = arranged("norms", weeks=1, residents=2000, changes=changes, columns=columns)
    before = simulation.city.residents.values("norm")
    people = after(simulation)
    return before, people, simulation.city.world.communities["message"].min()


def test_a_message_draws_those_inside_their_bound_and_repels_the_others():
    """Who is moved by less than a step, being that near to the message already, may stay where rounding leaves them."""
    before, silent, _ = one_week(SILENT, credibility=0.6)
    _, addressed, reached = one_week(credibility=0.6)
    moved = default("norms.step") * default("norms.kappa") * 0.6 * reached  # of the gap, in a week
    message, bound = default("norms.message"), default("norms.bound") * silent["confidence_bound"]
    near, below = np.abs(message - before) < bound - 1e-6, before < message
    shift = addressed["norm"] - silent["norm"]
    inside = (silent["norm"] > 0.01) & (silent["norm"] < 0.99)
    drawn, repelled = near & below & inside, ~near & below & inside
    shows = moved * (message - before) > STEP
    assert (shift[drawn] >= 0).all()
    assert (shift[drawn & shows] > 0).all()
    assert (shift[repelled] < 0).all()
    assert (drawn & shows).sum() > 0.95 * drawn.sum() > 50
    assert repelled.sum() > 50


def test_nobody_is_moved_by_a_message_that_nobody_believes():
    assert np.array_equal(one_week(SILENT, credibility=0.0)[1]["norm"], one_week(credibility=0.0)[1]["norm"])


def test_big_claims_and_poor_services_cost_credibility():
    usual = after(arranged("norms", weeks=60), 60)["credibility"]
    assert (after(arranged("norms", weeks=60, changes={"norms.claim": 0.95}), 60)["credibility"] < usual).all()
    assert (after(arranged("norms", weeks=60, columns={"service": 0.2}), 60)["credibility"] < usual).all()


def test_more_school_raises_the_norm_of_the_young_most_and_more_media_costs_credibility():
    runs = {}
    for name in ("", "moral_education.school", "moral_education.media"):
        changes = {**LEAN, **(more(name, 0.1) if name else {})}
        runs[name] = after(arranged("budget", "norms", weeks=300, changes=changes), 300)
    lean, school, media = runs.values()
    gain, young = school["norm"] - lean["norm"], lean["age_group"] < 3
    assert gain[young].mean() > gain[~young].mean() > 0
    assert media["credibility"].mean() < lean["credibility"].mean()


def taught(**work):
    """A city in which staff of moral education do so much work for each resident and year."""
    simulation = arranged("norms", weeks=1)
    for name, value in work.items():
        simulation.city.world.districts["work"][:, instrument(f"moral_education.{name}")] = value
    simulation.advance(1)
    return simulation.city.world


def test_messages_visits_and_training_reach_some_twice_and_some_not_at_all():
    for often in (0.0, 0.2, 1.0, 5.0):
        world = taught(media=52 * often, family=often / default("norms.visit"), workplace=often / default("norms.remembered"))
        for field in ("message", "family", "work_ethic"):
            assert world.communities[field] == pytest.approx(1 - np.exp(-often), abs=1e-5), field


def test_lessons_count_up_to_what_a_timetable_has_room_for_and_teachers_beyond_it_are_idle():
    room = default("norms.lessons")
    for lessons, taken, used in ((0.5, 0.5, 1.0), (1.0, 1.0, 1.0), (4.0, 1.0, 0.25)):
        world = taught(school=lessons * room)
        assert world.communities["school"] == pytest.approx(taken, abs=1e-4)
        assert world.districts["used"][:, instrument("moral_education.school")] == pytest.approx(used, abs=1e-4)
