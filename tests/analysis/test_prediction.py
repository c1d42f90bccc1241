"""Predictions of areas without their own rate are those of leaving them out by hand."""

import numpy as np
import pytest

from sim.analysis.patterns import prediction
from sim.analysis.patterns.neighbours import nearest

LUCK = np.random.default_rng(1)
REAL, GIVEN = LUCK.normal(size=(2, 30))
OTHERS = [np.delete(np.arange(30), k) for k in range(30)]


def test_every_prediction_is_that_of_leaving_the_area_out():
    by_hand = [GIVEN[k] + (REAL[rest] - GIVEN[rest]).mean() for k, rest in enumerate(OTHERS)]
    assert prediction.by_level(REAL, GIVEN) == pytest.approx(by_hand)
    by_hand = [np.polyval(np.polyfit(GIVEN[rest], REAL[rest], 1), GIVEN[k]) for k, rest in enumerate(OTHERS)]
    assert prediction.by_line(REAL, GIVEN) == pytest.approx(by_hand)
    x, y = LUCK.uniform(size=(2, 30))
    around = nearest(x, y, 3)
    changed = REAL + np.where(np.arange(30) == 7, 99.0, 0.0)
    assert prediction.by_neighbours(changed, around)[7] == prediction.by_neighbours(REAL, around)[7]


def test_r2_is_one_for_the_truth_and_nothing_for_the_mean_of_the_others():
    assert prediction.explained(REAL, REAL) == 1
    assert prediction.explained(REAL, prediction.others_mean(REAL)) == pytest.approx(0)
    assert prediction.explained(REAL, -3 * REAL) < 0
    assert np.isnan(prediction.explained(np.ones(9), np.ones(9)))


def test_the_closer_prediction_is_closer_in_nearly_all_draws_and_luck_in_half():
    near, far = REAL + LUCK.normal(0, 0.1, 30), REAL + LUCK.normal(0, 1.0, 30)
    assert prediction.share_better(REAL, near, far) > 0.99
    assert prediction.share_better(REAL, far, near) < 0.01
    shares = []
    for _ in range(60):
        first, second = REAL + LUCK.normal(size=(2, 30))
        shares.append(prediction.share_better(REAL, first, second))
    assert 0.35 < np.mean(shares) < 0.65


def test_an_area_without_events_has_a_rate():
    assert prediction.log_rates(np.array([0.0, 10.0]), np.array([100.0, 100.0])) == pytest.approx(np.log([0.005, 0.105]))
