"""Addresses of draws: no two streams are one, and no two addresses of a run lead to the same word.

A key is mixed from mix(seed * GOLDEN + stream) + week * GOLDEN modulo 2**64, and with the number of the draw becomes where a sequence of
32-bit numbers begins, and its step. So whether two addresses meet can be computed, not only tried: divide by the step, and look how far
apart they are in residents or seeds.
"""

import itertools

import numpy as np
import pytest
from battery import ALARM
from scipy import stats
from sequence_checks import BITS, SEQUENCE_CHECKS, bits_of, chi_test, poisson_test
from streams import streams_in_use

from sim.draws import GOLDEN, random_key, sequence, uniform, word
from sim.kernel import kernel
from sim.mechanisms import MECHANISMS

MODULUS = 1 << 64
IN_GOLDEN_STEPS = pow(int(GOLDEN), -1, MODULUS)
MOST_SEEDS = 1 << 40
"""More than anybody tries one after another."""
MANY = 1 << 16


@kernel
def _sequences(keys, draw, out):
    for n in range(len(keys)):
        out[n, 0], out[n, 1] = sequence(keys[n], draw)


@kernel
def _of_key(key, entity, draw, out):
    for i in range(len(out)):
        out[i] = np.uint32(uniform(key, entity + i, draw) * np.float32(16777216.0))


@kernel
def _along(begin, step, out):
    x = np.uint32(begin)
    for i in range(len(out)):
        out[i] = word(x)
        x = np.uint32(x + np.uint32(step))


def steps(distance: int) -> int:
    """A distance modulo 2**64 in steps of GOLDEN, the shorter way round."""
    n = distance * IN_GOLDEN_STEPS % MODULUS
    return min(n, MODULUS - n)


def of_key(key: int, entity: int = 0, draw: int = 0) -> np.ndarray:
    """Words of many entities from one on."""
    out = np.empty(MANY, np.uint32)
    _of_key(np.uint64(key), entity, draw, out)
    return out


def along(begin: int, step: int) -> np.ndarray:
    """Words of many places of a sequence."""
    out = np.empty(MANY, np.uint32)
    _along(np.uint32(begin), np.uint32(step), out)
    return out


def test_every_mechanism_and_all_that_build_the_city_have_a_stream():
    names = set(streams_in_use())
    assert names >= set(MECHANISMS)
    assert {"population", "places", "ties"} <= names


def test_no_two_streams_are_one_nor_become_one_under_another_seed():
    """By chance two of them would come as near as this in less than one of ten thousand sets of names."""
    streams = streams_in_use()
    pairs = list(itertools.combinations(streams, 2))
    assert len(pairs) * 2 * MOST_SEEDS / MODULUS < 1e-4
    near = {(a, b): steps(streams[a] - streams[b]) for a, b in pairs if steps(streams[a] - streams[b]) <= MOST_SEEDS}
    assert near == {}


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63 - 1])
def test_no_two_draws_of_a_run_share_a_sequence(seed):
    """All streams over ten years, a million residents, four draws: no two sequences with one step overlap."""
    weeks, residents = 520, 1 << 20
    streams = [np.uint64(stream) for stream in streams_in_use().values()]
    keys = np.array([random_key(np.uint64(seed), stream, week) for stream in streams for week in range(weeks)], np.uint64)
    found = np.empty((4, len(keys), 2), np.uint32)
    for draw in range(4):
        _sequences(keys, draw, found[draw])
    begins, strides = found.reshape(-1, 2).T
    assert (strides % 2 == 1).all(), "an even step would not reach all numbers"
    assert len(begins) ** 2 * residents / 2.0**63 < 5e-3, "by chance alone two would overlap"
    order = np.argsort(strides, kind="stable")
    same = np.flatnonzero(np.diff(strides[order].astype(np.int64)) == 0)
    for a, b in zip(order[same], order[same + 1]):
        n = (int(begins[b]) - int(begins[a])) * pow(int(strides[a]), -1, 1 << 32) % (1 << 32)
        assert min(n, (1 << 32) - n) > residents


def relations(words, others) -> tuple[float, float, float]:
    """Do all bits flip half of the time, are the words uncorrelated, and are both low as often as they should be? p-values."""
    flips = (2.0 * bits_of(words ^ others).sum(axis=1, dtype=np.int64) - len(words)) / np.sqrt(len(words))
    r = np.corrcoef(words.astype(np.float64), others.astype(np.float64))[0, 1]
    low = np.count_nonzero((words < 2**18) & (others < 2**18))
    return (
        chi_test(float((flips * flips).sum()), BITS),
        2.0 * stats.norm.sf(abs(r) * np.sqrt(len(words))),
        poisson_test(low, len(words) / 4096),
    )


def test_keys_that_differ_in_one_bit_and_next_entities_and_draws_are_unrelated():
    key, p = int(random_key(np.uint64(7), np.uint64(5), 3)) % MODULUS, []
    for bit in range(64):
        for entity, draw in itertools.product((0, 1), (0, 1)):
            p += relations(of_key(key), of_key(key ^ (1 << bit), entity, draw))
    for entity, draw in ((0, 1), (1, 0), (1, 1)):
        p += relations(of_key(key), of_key(key, entity, draw))
    assert min(p) > ALARM / len(p)


def test_sequences_that_share_where_they_begin_or_their_step_are_unrelated():
    """And so are the neighbours of one sequence, whatever its step."""
    rng, p = np.random.default_rng(32), []
    for _ in range(100):
        begin, step, other = (int(number) for number in rng.integers(0, 2**32, 3))
        here = along(begin, step | 1)
        p += relations(here, along(begin, other | 1)) + relations(here, along(other, step | 1))
        p += relations(here, along((begin + (step | 1)) % 2**32, step | 1))
    assert min(p) > ALARM / len(p)


@pytest.mark.parametrize("step", [1, 3, 2**32 - 1, 0x55555555, 0x80000001])
def test_even_with_a_plain_step_words_pass_as_a_sequence(step):
    """By chance a draw has one of these once in billions. 0x10001 does not pass: equal halves, which the first shift undoes."""
    p = [check(along(12345, step)) for check in SEQUENCE_CHECKS]
    assert min(p) > ALARM / len(p)
