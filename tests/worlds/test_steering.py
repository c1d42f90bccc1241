"""Steering: normal scores, sensitivities, and steps towards goals, where the answer is known."""

import numpy as np
import pytest
from scipy import stats

from sim.experiments.worlds.steering import FARTHEST, Linear, NormalScores, Tried, sensitivities, steered, together

RNG = np.random.default_rng(1)
POINTS, WIDTH = 300, 120
AT = RNG.normal(size=(POINTS, WIDTH))
SLOPES = np.zeros((2, WIDTH))
SLOPES[0, [3, 40]] = (1.0, -0.5)
SLOPES[1, [40, 77, 99]] = (0.8, 0.8, 0.4)
SEEN = AT @ SLOPES.T + 0.05 * RNG.normal(size=(POINTS, 2))


def test_scores_of_the_first_values_are_normal():
    values = RNG.lognormal(size=500)
    scores = NormalScores.of(values)(values)
    assert stats.kstest(scores, "norm").pvalue > 0.9
    assert (np.argsort(scores) == np.argsort(values)).all()


def test_scores_go_on_in_a_straight_line_and_keep_what_is_missing():
    scores = NormalScores.of(np.array([0.0, 1.0, 2.0, 3.0, np.nan]))
    below, above, missing = scores(np.array([-10.0, 20.0, np.nan]))
    assert below < scores(np.array([-5.0]))[0] < scores(np.array([0.0]))[0]
    assert above > scores(np.array([3.0]))[0]
    assert np.isnan(missing)


def test_equal_values_have_one_score():
    scores = NormalScores.of(np.array([0.0, 0.0, 0.0, 1.0, 2.0, 2.0]))
    assert len(set(scores(np.zeros(3)))) == 1


def test_sensitivities_are_found_and_nothing_else():
    found = sensitivities(AT, SEEN + 3.0)
    assert found.slopes == pytest.approx(SLOPES, abs=0.03)
    assert found.intercepts == pytest.approx([3.0, 3.0], abs=0.02)
    assert (np.count_nonzero(found.slopes, axis=1) <= np.count_nonzero(SLOPES, axis=1) + 2).all()
    assert found.rest == pytest.approx([0.05**2] * 2, rel=0.3)
    assert found.predicted(AT[:5]) == pytest.approx(SEEN[:5] + 3.0, abs=0.3)


def test_a_target_without_values_has_no_sensitivities():
    found = sensitivities(AT, np.full((POINTS, 1), np.nan))
    assert not any(part.any() for part in found)


def test_a_step_reaches_the_goals_and_moves_nothing_that_does_not_matter():
    start = RNG.normal(size=(20, WIDTH)).clip(-FARTHEST, FARTHEST)
    goals = np.tile([1.5, -1.0], (20, 1))
    there = steered(start, start, start @ SLOPES.T, goals, SLOPES, np.full(2, 1e-6))
    assert there @ SLOPES.T == pytest.approx(goals, abs=0.3)
    idle = ~SLOPES.any(axis=0)
    assert np.abs(there - start)[:, idle].max() < 1e-5


def test_of_all_points_that_reach_the_goal_the_nearest_is_taken():
    start = np.zeros((1, WIDTH))
    there = steered(start, start, np.zeros((1, 2)), np.array([[1.0, 0.0]]), SLOPES, np.full(2, 1e-9))
    nearest = np.linalg.lstsq(SLOPES, np.array([1.0, 0.0]), rcond=None)[0]
    assert there[0] == pytest.approx(nearest, abs=1e-5)


LINEAR = Linear(SLOPES, np.zeros(2), np.full(2, 0.2))


def test_a_regression_alone_is_believed_as_far_as_it_explains():
    at = RNG.normal(size=WIDTH)
    seen, variance = together([], at, LINEAR, 25.0)
    assert seen == pytest.approx(LINEAR.predicted(at))
    assert variance == pytest.approx([0.2, 0.2])


def test_tries_correct_the_regression_by_how_sure_they_are():
    at = np.zeros(WIDTH)
    off = np.array([1.0, np.nan])
    sure, unsure = (Tried(at, LINEAR.predicted(at) + off, np.full(2, luck)) for luck in (1e-6, 10.0))
    seen, variance = together([sure], at, LINEAR, 25.0)
    assert seen == pytest.approx([1.0, 0.0], abs=1e-3)  # what a try did not measure stays with the regression
    assert variance == pytest.approx([0.0, 0.2], abs=1e-3)
    assert 0.0 < together([unsure], at, LINEAR, 25.0)[0][0] < 0.1
    four = together([Tried(at, off, np.full(2, 0.2))] * 4, at, LINEAR, 25.0)
    assert four[0][0] == pytest.approx(0.8)
    assert four[1][0] == pytest.approx(0.04)


def test_a_try_far_away_says_little():
    here = np.zeros(WIDTH)
    there = here + 1.0
    tried = Tried(there, LINEAR.predicted(there) + 1.0, np.full(2, 1e-6))
    near, far = (together([tried], here, LINEAR, distance)[0] for distance in (1e6, 25.0))
    assert near == pytest.approx([1.0, 1.0], abs=1e-2)
    assert far == pytest.approx([0.5, 0.5], abs=1e-2)  # as unsure as the regression itself
