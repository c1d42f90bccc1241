"""Words over worlds: at their limits, with ties and missing values, and never more often for noise than stated."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.world_verdict import FALSE_ALARM, HOLDING, HOLDS, LEANING, LEANS, OPEN, OVERSTATED, WORDS, fewest, word, world_verdict
from sim.experiments.comparisons.world_sentences import SAID


def gains(better, worse, same=0):
    return np.array([1.0] * better + [-1.0] * worse + [0.0] * same)


@pytest.mark.parametrize(
    ("better", "n", "said"),
    [(57, 60, HOLDING), (56, 60, LEANING), (48, 60, LEANING), (47, 60, OPEN), (380, 400, HOLDING), (319, 400, OPEN)],
)
def test_words_at_their_limits(better, n, said):
    found = world_verdict(gains(better, n - better))
    assert (found.word, found.better, found.worse, found.side) == (said, better, n - better, "better")
    turned = world_verdict(gains(better, n - better), less_is_better=True)
    assert (turned.word, turned.worse, turned.side) == (said, better, "worse")


@pytest.mark.parametrize(
    ("better", "n", "said"), [(7, 7, OPEN), (8, 8, LEANING), (13, 13, LEANING), (14, 14, HOLDING), (16, 20, OPEN), (17, 20, LEANING)]
)
def test_a_share_of_few_worlds_alone_says_little(better, n, said):
    assert word(better, n) == said


@pytest.mark.parametrize("n", [*range(1, 41), 60, 100, 400])
def test_noise_is_open_but_for_the_stated_rate(n):
    """Exact: twice the binomial tail, for every word, at every number of worlds."""
    chance = sum(stats.binom.pmf(k, n, 0.5) for k in range(n + 1) if word(max(k, n - k), n) != OPEN)
    assert chance <= FALSE_ALARM + 1e-12
    overstated = sum(stats.binom.pmf(k, n, LEANS) for k in range(n + 1) if word(k, n) == HOLDING)
    assert overstated <= OVERSTATED + 1e-12


def test_a_word_needs_its_share_whatever_the_number():
    assert all(fewest(n, HOLDING) >= HOLDS * n - 1e-9 and fewest(n, LEANING) >= LEANS * n - 1e-9 for n in range(1, 500))
    assert all(fewest(n, HOLDING) == np.ceil(HOLDS * n - 1e-9) for n in range(60, 500))


def test_simulated_noise_is_open():
    rng = np.random.default_rng(1)
    words = [world_verdict(rng.standard_t(2, 20)).word for _ in range(4000)]
    said = sum(one != OPEN for one in words)
    assert stats.binomtest(said, len(words), FALSE_ALARM, alternative="greater").pvalue > 1e-6
    assert said > 0  # the bound is reached, not avoided


def test_worlds_without_a_difference_count_for_neither():
    assert world_verdict(np.zeros(60))[:8] == (60, 0, 0, 60, 0.0, 0.0, 0.0, OPEN)
    assert world_verdict(gains(47, 0, 13)).word == OPEN
    assert world_verdict(gains(48, 0, 12)).word == LEANING
    small = world_verdict(np.array([0.1] * 30 + [-0.1] * 30), resolution=0.2)
    assert (small.same, small.side) == (60, "")


def test_missing_values_are_no_worlds():
    found = world_verdict(np.append(gains(57, 3), [np.nan] * 40))
    assert (found.n, found.word) == (60, HOLDING)
    nothing = world_verdict([np.nan] * 5)
    assert (nothing.n, nothing.word, nothing.side) == (0, OPEN, "")
    assert np.isnan(nothing.median)


def test_median_and_range_are_over_worlds():
    found = world_verdict(np.arange(101.0))
    assert (found.median, found.low, found.high) == (50.0, 5.0, 95.0)


def test_words_are_said_in_both_languages():
    assert [SAID[one].text("zh") for one in WORDS] == ["成立", "倾向", "未定"]
    assert [SAID[one].text("en") for one in WORDS] == list(WORDS)
