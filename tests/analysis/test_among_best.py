"""Which options are among the best in each world, and what luck and chance give."""

import numpy as np
import pytest

from sim.analysis.among_best import among_best, by_chance, luck_alone, luck_between, luck_of, regrets, word_beyond
from sim.analysis.pareto import efficient

RNG = np.random.default_rng(5)


def test_luck_is_the_deviation_of_the_difference_between_two_options():
    """What a world, or luck, does to all options alike counts for nothing."""
    level = RNG.normal(0, 50, (300, 1, 1))
    first, second = (level + RNG.normal(0, 5, (300, 1, 1)) + RNG.normal(0, 2, (300, 20, 1)) for _ in range(2))
    (found,) = luck_between(luck_of(first, second))
    assert found == pytest.approx((first[:, 0] - first[:, 1]).std(), rel=0.1)
    assert found == pytest.approx(2 * np.sqrt(2), rel=0.05)


def test_luck_is_not_known_without_a_second_seed_and_does_not_mind_a_missing_value():
    assert np.isnan(luck_between(luck_of(np.zeros((0, 3, 2)), np.zeros((0, 3, 2))))).all()
    first, second = RNG.normal(size=(50, 10, 1)), RNG.normal(size=(50, 10, 1))
    holed = first.copy()
    holed[0, 0] = np.nan
    assert luck_between(luck_of(holed, second))[0] == pytest.approx(luck_between(luck_of(first, second))[0], rel=0.02)


def test_options_within_luck_of_the_best_are_among_the_best():
    values = np.array([[[1.0], [0.9], [0.7]], [[3.0], [3.4], [np.nan]]])
    assert among_best(values, [0.15], ["more"]).tolist() == [[True, True, False], [False, True, False]]
    assert among_best(values, [0.15], ["less"]).tolist() == [[False, False, True], [True, False, False]]


def test_what_is_finer_than_the_precision_of_levers_beats_nobody():
    assert among_best(np.array([[[1.0], [1.0 + 1e-7]]]), [0.0], ["more"]).all()


def test_without_luck_those_among_the_best_by_several_objectives_are_the_pareto_set():
    values = RNG.integers(0, 6, (20, 30, 3)).astype(float)
    better = ["more", "less", "more"]
    found = among_best(values, np.zeros(3), better)
    assert found.tolist() == [efficient(one, better).tolist() for one in values]


def test_luck_keeps_what_the_pareto_set_drops_by_a_hair():
    values = np.array([[[1.0, 1.0], [0.99, 0.99], [0.5, 0.5], [0.5, 1.5]]])
    assert among_best(values, [0.05, 0.05], ["more", "more"]).tolist() == [[True, True, False, True]]


def test_one_objective_counts_as_several_that_are_equal():
    values = RNG.normal(size=(10, 12, 1))
    twice = np.repeat(values, 2, axis=2)
    assert (among_best(values, [0.7], ["more"]) == among_best(twice, [0.7, 0.7], ["more"] * 2)).all()


def test_regret_is_the_distance_to_the_best_of_each_world():
    values = np.array([[1.0, 3.0, np.nan], [5.0, 4.0, 4.5]])
    assert np.array_equal(regrets(values, "more"), [[2.0, 0.0, np.nan], [0.0, 1.0, 0.5]], equal_nan=True)
    assert np.array_equal(regrets(values, "less"), [[0.0, 2.0, np.nan], [1.0, 0.0, 0.5]], equal_nan=True)


def test_chance_knows_how_many_are_among_the_best_in_each_world():
    among = np.zeros((6, 10), bool)
    among[:, :2] = True
    expected, fewest = by_chance(among)
    assert expected == pytest.approx(1.2)
    tails = [10 * sum(0.2**k * 0.8 ** (6 - k) * [1, 6, 15, 20, 15, 6, 1][k] for k in range(count, 7)) for count in range(7)]
    assert fewest == next(count for count, tail in enumerate(tails) if tail <= 0.01)


def test_where_all_are_equal_no_word_is_said():
    among = among_best(np.ones((30, 5, 1)), [0.1], ["more"])
    chance = by_chance(among)
    assert among.all()
    assert chance.fewest > 30
    assert {word_beyond(int(count), 30, chance) for count in among.sum(axis=0)} == {"open"}


@pytest.mark.parametrize("options", [3, 12, 67])
def test_of_noise_a_word_is_said_once_in_a_hundred_at_most(options):
    """All options are equal in truth; exact binomial bound on the false alarms of 400 sets, so that a right rule fails once in 10,000."""
    alarms = 0
    for _ in range(400):
        noise, again = RNG.normal(size=(20, options, 1)), RNG.normal(size=(3, options, 1))
        among = among_best(noise, luck_between(luck_of(noise[:3], again)), ["more"])
        chance = by_chance(among)
        alarms += any(word_beyond(int(count), 20, chance) != "open" for count in among.sum(axis=0))
    assert alarms <= 13


def test_an_option_that_is_best_in_every_world_holds():
    values = RNG.normal(size=(20, 30, 1)) + 40.0 * (np.arange(30) == 7)[None, :, None]
    luck = [np.sqrt(2.0)]
    among = among_best(values, luck, ["more"])
    chance = by_chance(among)
    assert word_beyond(int(among[:, 7].sum()), 20, chance) == "holds"
    low, high = luck_alone(values, luck_of(values[:5], values[5:10]), ["more"])
    assert (low[7], high[7]) == (20, 20)
    assert high[0] == 0


@pytest.mark.parametrize("alike", [0.0, 0.9])
def test_luck_alone_covers_the_count_where_worlds_differ_by_luck_only(alike):
    """A hill that is the same in all worlds; luck by itself or alike in neighbours; 90 % ranges of 150 counts near the top."""
    apart = np.abs(np.arange(30)[:, None] - np.arange(30))
    root = np.linalg.cholesky(alike * np.exp(-(apart**2) / 18.0) + (1.0 - alike) * np.eye(30))
    hill, inside = -0.05 * (np.arange(30) - 12.0) ** 2, 0
    for _ in range(150):
        values, again = ((RNG.normal(size=(20, 1)) + hill + RNG.normal(size=(20, 30)) @ root.T)[:, :, None] for _ in range(2))
        moved = luck_of(values[:4], again[:4])
        low, high = luck_alone(values, moved, ["more"])
        inside += low[14] <= among_best(values, luck_between(moved), ["more"])[:, 14].sum() <= high[14]
    assert inside >= 105  # 90 % of 150 less four standard errors, and less what median and covariance are uncertain by


def test_luck_alone_is_not_known_without_luck():
    low, high = luck_alone(np.ones((3, 4, 1)), np.ones((0, 4, 1)), ["more"])
    assert np.isnan(low).all()
    assert np.isnan(high).all()
