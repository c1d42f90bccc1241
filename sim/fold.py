"""Fold much data into 512 bits, for the content hash: at the speed of memory on every processor, and independent of tiles.

Data enter in blocks of eight words of 64 bits, one for each word of the state, which is then multiplied by an odd number and mixed:

    s <- (s xor w) * M,   s <- s xor (s >> 32)

Each step maps states one to one, for every word, and words one to one, for every state. So two runs that differ in a single word of a
lane always differ in the end; differences in several words cancel with a chance of about 2**-64. That serves to tell runs apart, not to
withstand somebody who looks for two runs with one hash.
"""

import functools

import numpy as np

from sim.kernel import driver, kernel

LANES = 8
BLOCK = 8 * LANES
"""Bytes of a block."""
BUFFER = 16_384
"""Bytes gathered before they are folded: a multiple of `BLOCK` that stays in the nearest cache."""
START = np.array(
    [
        0x243F6A8885A308D3,
        0x13198A2E03707344,
        0xA4093822299F31D0,
        0x082EFA98EC4E6C89,
        0x452821E638D01377,
        0xBE5466CF34E90C6C,
        0xC0AC29B7C97C50DD,
        0x3F84D5B5B5470917,
    ],
    np.uint64,
)
"""State before any data: digits of pi."""
ODD = 0x9E3779B97F4A7C15
"""Digits of the golden ratio, an odd number."""


class Fold:
    """A state into which arrays are folded, in the order of the calls."""

    def __init__(self) -> None:
        self.state = START.copy()
        self._buffer = np.zeros(BUFFER, np.uint8)

    def array(self, values: np.ndarray) -> None:
        """Fold in an array, in C order; its shape and type are not part of it, its size is."""
        flat = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        whole = len(flat) // BLOCK * BLOCK
        fold_words(flat[:whole].view(np.uint64), self.state)
        self.planes(flat[None, whole:], np.array([flat.size - whole]), np.array([[0, 1]]))

    def records(self, records: np.ndarray, without: tuple[str, ...] = ()) -> None:
        """Fold in records field by field, each field over all records."""
        rows = records.view(np.uint8).reshape(len(records), records.itemsize)
        self.planes(rows, np.ones(len(rows), np.int64), _fields(records.dtype, without))

    def planes(self, rows: np.ndarray, counts: np.ndarray, planes: np.ndarray) -> None:
        """Fold in parts of rows of bytes, part by part, each part over all rows.

        Parameters
        ----------
        rows : ndarray of uint8, shape (rows, bytes)
        counts : ndarray of int64, shape (rows,)
            Values that each row has in a part.
        planes : ndarray of int64, shape (parts, 2)
            First byte of each part in a row, and bytes of one of its values.
        """
        fold_planes(rows, counts, planes, self._buffer, self._buffer.view(np.uint64), self.state)


@functools.cache
def _fields(kind: np.dtype, without: tuple[str, ...]) -> np.ndarray:
    """First byte of every field in a record, and its bytes."""
    parts = [kind.fields[name] for name in kind.names or () if name not in without]  # type: ignore[index]
    return np.array([(part[1], part[0].itemsize) for part in parts], np.int64)


@driver
def fold_planes(rows, counts, planes, buffer, words, state):
    """Fold parts of rows into a state, see `Fold.planes`; `buffer` and `words` are the same memory, written over."""
    for p in range(len(planes)):
        first, width = planes[p, 0], planes[p, 1]
        filled, total = 0, 0
        for t in range(len(rows)):
            at, end = first, first + counts[t] * width
            total += end - at
            while at < end:
                some = min(end - at, len(buffer) - filled)
                here, there = rows[t, at : at + some], buffer[filled : filled + some]
                for i in range(some):
                    there[i] = here[i]
                at, filled = at + some, filled + some
                if filled == len(buffer):
                    fold(words, filled, state)
                    filled = 0
        while filled % BLOCK != 0:  # a part ends with its size, so zeros at its end count
            buffer[filled] = 0
            filled += 1
        fold(words, filled, state)
        state[0] = mixed(state[0], np.uint64(total))


@driver
def fold_words(words, state):
    """Fold words, a multiple of `LANES`, into a state."""
    fold(words, 8 * len(words), state)


@kernel
def fold(words, size, state):
    """Fold the first bytes of a buffer, a multiple of `BLOCK`, into a state."""
    a, b, c, d, e, f, g, h = state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    for i in range(0, size // 8, 8):
        a, b, c, d = mixed(a, words[i]), mixed(b, words[i + 1]), mixed(c, words[i + 2]), mixed(d, words[i + 3])
        e, f, g, h = mixed(e, words[i + 4]), mixed(f, words[i + 5]), mixed(g, words[i + 6]), mixed(h, words[i + 7])
    state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7] = a, b, c, d, e, f, g, h


@kernel
def mixed(state, word):
    """A word of the state after a word of data."""
    state = (state ^ word) * np.uint64(ODD)
    return state ^ (state >> np.uint64(32))
