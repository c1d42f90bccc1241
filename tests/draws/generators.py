"""Sources of 24-bit words addressed by seed, stream, week, draw and entity: ours, NumPy's Philox, and some that are known to be bad.

A source is a function ``row(seed, stream, week, draw, first, many)``: the words of entities `first` to `first + many` (uint32).
"""

import hashlib

import numpy as np

from sim.draws import GOLDEN, M1, M2, random_key, uniform
from sim.kernel import kernel

HALF = np.uint64(40)  # the upper 24 of 64 bits


@kernel
def _words(key, draw, first, out):
    for i in range(out.size):
        out[i] = np.uint32(uniform(key, first + i, draw) * np.float32(16777216.0))


def ours(seed, stream, week, draw, first, many):
    """What the model draws from."""
    out = np.empty(many, np.uint32)
    _words(np.uint64(random_key(np.uint64(seed), np.uint64(stream), week)), draw, first, out)
    return out


def philox(seed, stream, week, draw, first, many):
    """NumPy's Philox (Salmon et al. 2011, doi:10.1145/2063384.2063405), its counter set to the same address; `first` a multiple of 4."""
    assert first % 4 == 0
    generator = np.random.Philox(key=np.array([seed, stream], np.uint64), counter=[first // 4, draw, week, 0])
    return (generator.random_raw(many) >> HALF).astype(np.uint32)


def _entities(first, many):
    return np.arange(first, first + many, dtype=np.uint64)


def _mix(z):
    """The finaliser of splitmix64."""
    z = (z ^ (z >> np.uint64(30))) * M1
    z = (z ^ (z >> np.uint64(27))) * M2
    return z ^ (z >> np.uint64(31))


def _key(*parts) -> np.uint64:
    """A sound hash of the parts of an address."""
    return np.uint64(int.from_bytes(hashlib.blake2b(repr([int(part) for part in parts]).encode(), digest_size=8).digest(), "little"))


def _hashed(key, first, many):
    """Valid words under a key."""
    return (_mix(key + _entities(first, many) * GOLDEN) >> HALF).astype(np.uint32)


def congruential(seed, stream, week, draw, first, many):
    """The low bits of a linear congruential generator modulo 2**31, as in the C library's old `rand`, from a sound start."""
    powers = np.cumprod(np.concatenate([[1], np.full(many, 1103515245)]).astype(np.uint64), dtype=np.uint64)
    sums = np.concatenate([[0], np.cumsum(powers[:-1], dtype=np.uint64)]).astype(np.uint64)
    state = powers * (_key(seed, stream, week, draw, first) & np.uint64(2**31 - 1)) + sums * np.uint64(12345)
    return (state[1:] & np.uint64(2**24 - 1)).astype(np.uint32)


def plain_hash(seed, stream, week, draw, first, many):
    """The upper bits of FNV-1a over the bytes of the address, the lowest of the entity last: too few steps to mix that one in."""
    state = np.full(many, _key(seed, stream, week, draw), np.uint64)
    for shift in (24, 16, 8, 0):
        state = (state ^ ((_entities(first, many) >> np.uint64(shift)) & np.uint64(255))) * np.uint64(0x100000001B3)
    return (state >> HALF).astype(np.uint32)


def sixteen_bits(seed, stream, week, draw, first, many):
    """A hash truncated to 16 bits, and stretched to 24."""
    return _hashed(_key(seed, stream, week, draw), first, many) & np.uint32(0xFFFF00)


def counter(seed, stream, week, draw, first, many):
    """The sequence along which entities step, without any mixing."""
    return ((_key(seed, stream, week, draw) + _entities(first, many) * GOLDEN) >> HALF).astype(np.uint32)


def draw_of_next_week(seed, stream, week, draw, first, many):
    """Valid words, but a draw of this week is used again as the draw before it of next week."""
    return _hashed(_key(seed, stream, week + draw), first, many)


def neighbour_of_last_week(seed, stream, week, draw, first, many):
    """Valid words, but every entity gets the draws that its neighbour had in the previous week."""
    return _hashed(_key(seed, stream, draw), first + week, many)


def seeds_for_entities(seed, stream, week, draw, first, many):
    """Valid words, but the next seed is the same city, one resident on."""
    return _hashed(_key(stream, week, draw), first + seed, many)


def few_streams(seed, stream, week, draw, first, many):
    """Valid words, but streams are distinguished by 4 bits only."""
    return _hashed(_key(seed, stream & 15, week, draw), first, many)


def slightly_high(seed, stream, week, draw, first, many):
    """Valid words, each raised by up to a hundredth of what is missing: a bias of half a percent."""
    words = _hashed(_key(seed, stream, week, draw), first, many)
    return words + (np.uint32(2**24 - 1) - words) // np.uint32(100)


BAD = (
    congruential,
    plain_hash,
    sixteen_bits,
    counter,
    draw_of_next_week,
    neighbour_of_last_week,
    seeds_for_entities,
    few_streams,
    slightly_high,
)
"""Sources that a battery worth its name finds out."""
