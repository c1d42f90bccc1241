"""Addresses of draws: no two streams are one, and no two addresses of a run lead to the same word.

A word is mixed from key + entity * GOLDEN + draw * DRAW_STEP, a key from mix(seed * GOLDEN + stream) + week * GOLDEN, all modulo 2**64.
So whether two addresses meet can be computed, not only tried: divide by GOLDEN, and look how far apart they are in residents, weeks, seeds.
"""

import itertools

import numpy as np
import pytest
from streams import streams_in_use

from sim.draws import DRAW_STEP, GOLDEN, random_key
from sim.mechanisms import MECHANISMS

MODULUS = 1 << 64
IN_GOLDEN_STEPS = pow(int(GOLDEN), -1, MODULUS)
MOST_RESIDENTS, MOST_DRAWS, MOST_SEEDS = 1 << 26, 64, 1 << 40
"""More than any city has, than anybody draws from one stream in a week, and than anybody tries one after another."""


def steps(distance: int) -> int:
    """A distance modulo 2**64 in steps of GOLDEN, the shorter way round."""
    n = distance * IN_GOLDEN_STEPS % MODULUS
    return min(n, MODULUS - n)


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


def test_no_draw_of_a_resident_is_another_draw_of_another():
    assert min(steps(draw * int(DRAW_STEP)) for draw in range(1, MOST_DRAWS)) > MOST_RESIDENTS


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63 - 1])
def test_no_resident_shares_the_key_of_another_in_another_week_or_stream(seed):
    """All streams over ten years, first draws, a million residents: ranges of addresses that overlap nowhere."""
    weeks, residents = 520, 1 << 20
    streams = [np.uint64(stream) for stream in streams_in_use().values()]
    keys = np.array([random_key(np.uint64(seed), stream, week) for stream in streams for week in range(weeks)], np.uint64)
    assert len(keys) ** 2 * residents / MODULUS < 1e-4, "by chance alone two would meet"
    begin = np.sort(keys * np.uint64(IN_GOLDEN_STEPS))
    apart = np.diff(np.append(begin, begin[0]))  # wraps around, as addresses do
    assert apart.min() > residents
