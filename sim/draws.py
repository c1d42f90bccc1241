"""Counter-based random numbers: every draw is a pure function of seed, stream, week, entity and number of the draw.

``uniform(key, entity, draw)`` with ``key = random_key(seed, stream, week)`` returns the same number on any thread, in any order, in any
process, and after a run is resumed. Two policies under one seed share common random numbers, so their difference is paired by
construction, and an additional draw in one mechanism changes no other mechanism.

A key is made by the finaliser of splitmix64 (Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195, variant 13 of Stafford), and so are 64
more bits of a key and the number of a draw, which all entities share. What is done for every entity takes 32 bits, so that a vector
holds twice as many. The 64 bits are where a sequence of 32-bit numbers begins, and its step, made odd: every draw has a step of its own,
as the generators of Steele et al. have. An entity's place in the sequence is mixed in two rounds of shift and multiplication, whose
constants had the least bias known when they were found (TheIronBorn 2022, issue 19 of Wellons' hash-prospector, whose README tells
of the search).
"""

import hashlib

import numpy as np

from sim.kernel import driver, kernel, tile_kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
DRAW_STEP = np.uint64(0xD1B54A32D192ED03)
M1 = np.uint64(0xBF58476D1CE4E5B9)
M2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
ODD = np.uint32(1)
R1 = np.uint32(0x21F0AAAD)
R2 = np.uint32(0xD35A2D97)
S8, S15, S16 = np.uint32(8), np.uint32(15), np.uint32(16)
UNIT = np.float32(2.0**-24)


def stream(name: str) -> np.uint64:
    """Number of the random stream called `name` (usually the mechanism that draws from it): the first 64 bits of its BLAKE2b hash."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


@kernel
def mix(z):
    """Scramble 64 bits so that neighbouring inputs give unrelated outputs."""
    z = (z ^ (z >> S30)) * M1
    z = (z ^ (z >> S27)) * M2
    return z ^ (z >> S31)


@kernel
def random_key(seed, stream, week):
    """Random key of one stream in one week; all its draws are derived from it.

    Parameters
    ----------
    seed : uint64
    stream : uint64
        From `stream`.
    week : int

    Returns
    -------
    uint64
    """
    return mix(mix(np.uint64(seed) * GOLDEN + stream) + np.uint64(week) * GOLDEN)


@kernel
def sequence(key, draw):
    """Where the sequence of a draw begins, and its step: the same for all entities, so that a loop computes them once."""
    bits = mix(np.uint64(key) + np.uint64(draw) * DRAW_STEP)
    return np.uint32(bits), np.uint32(np.uint32(bits >> S32) | ODD)


@kernel
def folded(x, shift):
    """``x ^ (x >> shift)`` of 32 bits; without the casts Numba would take 64."""
    return np.uint32(x ^ np.uint32(x >> shift))


@kernel
def word(x):
    """24 random bits of a place in a sequence."""
    x = np.uint32(folded(x, S16) * R1)
    x = np.uint32(folded(x, S15) * R2)
    return np.int32(np.uint32(folded(x, S15) >> S8))


@kernel
def word_of(key, entity, draw):
    """24 random bits of an entity. Arguments as of `uniform`."""
    begin, step = sequence(key, draw)
    return word(np.uint32(begin + np.uint32(np.uint32(entity) * step)))


@kernel
def uniform(key, entity, draw):
    """A uniform number in [0, 1) with 24 random bits, as float32.

    Parameters
    ----------
    key : uint64
        From `random_key`.
    entity : int
        Number of the resident, community or other entity that draws, below 2**32: those that lie 2**32 apart would draw the same.
    draw : int
        Number of the draw among those of this entity under this key.
    """
    return np.float32(word_of(key, entity, draw)) * UNIT


@tile_kernel
def uniforms(out, key, first, count, draw):
    """Write into `out` what `uniform` gives for `count` entities from `first` on. What it multiplies is summed up here: that costs less."""
    begin, step = sequence(key, draw)
    x = np.uint32(begin + np.uint32(np.uint32(first) * step))
    for i in range(count):
        out[i] = np.float32(word(x)) * UNIT
        x = np.uint32(x + step)


@kernel
def integer(key, entity, draw, below):
    """A uniform integer in [0, below), for `below` up to 2**24. Other arguments as in `uniform`."""
    return (np.int64(word_of(key, entity, draw)) * np.int64(below)) >> np.int64(24)


@kernel
def bell(key, entity, draw):
    """An approximately standard normal number: the scaled sum of four uniforms (range -3.46 to 3.46). Uses draws `draw` to `draw` + 3."""
    total = uniform(key, entity, draw) + uniform(key, entity, draw + 1)
    total += uniform(key, entity, draw + 2) + uniform(key, entity, draw + 3)
    return (total - 2.0) * 1.7320508


@driver
def bells(seed, stream, week, draws, found):
    """Write `bell` of entities 0, 1, ... into `found`: all that a few places draw, in one call.

    Parameters
    ----------
    seed, stream, week
        As of `random_key`.
    draws : array of int
        First draw of every column.
    found : ndarray of float64, shape (entities, columns)
    """
    key = random_key(seed, stream, week)
    for k in range(len(found)):
        for j in range(len(draws)):
            found[k, j] = bell(key, k, draws[j])
