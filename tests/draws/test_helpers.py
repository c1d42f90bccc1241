"""What is made of the words (a whole number, a bell, a choice by weight, a rare event) has the distribution that it says, exactly known."""

from math import comb

import numpy as np
import pytest
from scipy import stats
from statistics_helper import ALARM, assert_frequencies

from sim.draws import bell, integer, random_key, stream, uniform
from sim.kernel import kernel
from sim.maths import first_above

N = 400_000
WORDS = 1 << 24
KEY = np.uint64(random_key(11, stream("population"), 4))


@kernel
def _many(key, below, cumulated, words, wholes, bells, choices):
    for i in range(len(words)):
        words[i] = np.int64(uniform(key, i, 3) * np.float32(16777216.0))
        wholes[i] = integer(key, i, 3, below)
        bells[i] = bell(key, i, 8)
        choices[i] = first_above(cumulated, np.float64(uniform(key, i, 20)) * cumulated[len(cumulated) - 1])


def drawn(below=7, weights=(1.0,)):
    """Words, whole numbers from the same words, bells and choices of many residents."""
    words, wholes, choices = (np.empty(N, np.int64) for _ in range(3))
    bells = np.empty(N, np.float32)
    _many(KEY, below, np.cumsum(np.asarray(weights, np.float64)), words, wholes, bells, choices)
    return words, wholes, bells, choices


@pytest.mark.parametrize("below", [1, 2, 3, 60, 1000, 24_871, 2**20 + 7])
def test_whole_numbers_are_as_even_as_24_bits_allow(below):
    """By counting: of all words there are, every number has the same share but for one word."""
    words, wholes, _, _ = drawn(below)
    assert np.array_equal(wholes, words * below >> 24)
    shares = np.bincount(np.arange(WORDS, dtype=np.int64) * below >> 24, minlength=below)
    assert len(shares) == below
    assert shares.max() - shares.min() <= 1


def bell_cdf(x):
    """Distribution of the sum of four uniform numbers, scaled to deviation 1 (Irwin and Hall)."""
    s = np.clip(np.asarray(x, np.float64) / 1.7320508 + 2.0, 0.0, 4.0)
    return sum((-1) ** k * comb(4, k) * np.maximum(s - k, 0.0) ** 4 for k in range(5)) / 24.0


def test_the_bell_is_the_sum_of_four_uniforms_and_near_the_normal():
    bells = drawn()[2].astype(np.float64)
    assert stats.kstest(bells, bell_cdf).pvalue > ALARM
    edges = np.linspace(-3.4641016, 3.4641016, 65)
    assert_frequencies(np.histogram(bells, edges)[0], np.diff(bell_cdf(edges)))
    at = np.linspace(-4, 4, 2001)
    assert np.abs(bell_cdf(at) - stats.norm.cdf(at)).max() < 0.01, "the docstring says near the standard normal"


def test_bells_of_neighbours_and_of_one_resident_are_unrelated():
    here = drawn()[2].astype(np.float64)
    other = np.empty(N, np.float32)
    nothing = np.empty(N, np.int64)
    _many(np.uint64(random_key(11, stream("population"), 5)), 2, np.array([1.0]), nothing, nothing, other, nothing)
    for a, b in ((here[1:], here[:-1]), (here, other.astype(np.float64))):
        assert abs(np.corrcoef(a, b)[0, 1]) < stats.norm.isf(ALARM / 2) / np.sqrt(len(a))


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 1.0), (0.5, 0.33, 0.14, 0.03), (*np.geomspace(1.0, 1e-3, 40),), (1.0, 0.0, 2.0, 0.0)])
def test_choices_fall_as_their_weights(weights):
    chosen = np.bincount(drawn(weights=weights)[3], minlength=len(weights))
    assert len(chosen) == len(weights)
    assert (chosen[np.asarray(weights) == 0.0] == 0).all()
    positive = np.asarray(weights) > 0.0
    if positive.sum() > 1:
        assert_frequencies(chosen[positive], np.asarray(weights)[positive])


@kernel
def _first_week(hazard, out):
    for i in range(len(out)):
        week = 0
        while uniform(random_key(5, 77, week), i, 0) >= hazard:
            week += 1
        out[i] = week


def test_who_meets_a_hazard_every_week_waits_a_geometric_time():
    """Nearly an exponential one; and the events of a week among many are binomial, nearly Poisson."""
    hazard, most = 0.02, 400
    waits = np.empty(100_000, np.int64)
    _first_week(np.float32(hazard), waits)
    chance = -(-hazard * WORDS // 1) / WORDS  # words below the hazard
    expected = np.append(stats.geom(chance).pmf(np.arange(1, most + 1)), stats.geom(chance).sf(most))
    assert_frequencies(np.bincount(np.minimum(waits, most), minlength=most + 1), expected)
    crowds = (waits < 1).reshape(-1, 200).sum(axis=1)
    assert_frequencies(np.bincount(crowds, minlength=201), stats.binom(200, chance).pmf(np.arange(201)))
