"""Luck, functions and the few array operations that libraries name differently: the formulas of `sim.draws` and `sim.maths`.

The generic functions here work on NumPy's arrays and numbers; `benchmarks.vectorised.tensors` registers the same ones for PyTorch, and they
are chosen by the kind of the first argument. What follows them is made of them and of operators alone.
"""

from functools import singledispatch

import numpy as np

from sim.draws import DRAW_STEP, GOLDEN, M1, M2, S27, S30, S31, S40, UNIT, luck_of

WRAP = 2**64


@singledispatch
def key(luck: int, draw: int):
    """Where one draw of everybody begins."""
    return np.uint64((luck + draw * int(DRAW_STEP)) % WRAP)


@singledispatch
def uniform(steps, key):
    """Uniform numbers of everybody whose id times `GOLDEN` is in `steps`."""
    z = steps + key
    shifted = z >> S30
    z ^= shifted
    z *= M1
    np.right_shift(z, S27, out=shifted)
    z ^= shifted
    z *= M2
    np.right_shift(z, S31, out=shifted)
    z ^= shifted
    z >>= S40
    return z.astype(np.float32) * UNIT


@singledispatch
def where(condition, yes, no):
    """`yes` where the condition holds, else `no`."""
    return np.where(condition, yes, no)


@singledispatch
def pick(condition, yes, no=0.0):
    """The same in 32 bits."""
    return np.where(condition, np.float32(yes) if np.ndim(yes) == 0 else yes, np.float32(no) if np.ndim(no) == 0 else no)


@singledispatch
def least(x, y):
    """The smaller of each two."""
    return np.minimum(x, y)


@singledispatch
def most(x, y):
    """The larger of each two."""
    return np.maximum(x, y)


@singledispatch
def clip(x, low: float, high: float):
    """32-bit numbers moved into [low, high]."""
    return np.clip(x, np.float32(low), np.float32(high))


@singledispatch
def floor(x):
    """The whole number below."""
    return np.floor(x)


@singledispatch
def cast(x, kind: str):
    """The values as another type, by NumPy's short name of it."""
    return x.astype(kind)


@singledispatch
def bits(x, kind: str):
    """The same bits read as another type of the same size."""
    return x.view(kind)


@singledispatch
def look_up(rows, table):
    """What stands in `table` at `rows`."""
    return table[rows]


@singledispatch
def cells(rows, columns, table):
    """What stands in a `table` of two dimensions at `rows` and `columns`."""
    return table[rows, columns]


@singledispatch
def numbers(truth):
    """Numbers of those of whom it is true."""
    return np.flatnonzero(truth)


@singledispatch
def tally(groups, count: int):
    """How often each of `count` groups occurs."""
    return np.bincount(groups, minlength=count)


@singledispatch
def totals(values, starts):
    """Sums of stretches of values, each from one of `starts` to the next."""
    return np.add.reduceat(values, starts, dtype=np.int64)


@singledispatch
def add_at(sums, rows, values):
    """Add whole numbers to `sums` at `rows`, which may repeat."""
    np.add.at(sums, rows, values)


def steps_of(count: int) -> np.ndarray:
    """Where each of `count` residents stands in the golden-ratio sequence."""
    return np.arange(count, dtype=np.uint64) * GOLDEN


def luck(seed, stream, week: int) -> int:
    """Luck of a stream in a week."""
    return int(luck_of(seed, stream, week)) % WRAP


def unit(x):
    """`x` moved into [0, 1]."""
    return least(most(x, 0.0), 1.0)


def exp(x):
    """e**x in 32 bits."""
    x = clip(x, -80.0, 80.0)
    n = floor(x * 1.44269504 + 0.5)
    r = x - n * 0.693359375
    r += n * 2.12194440e-4
    y = r * 1.9875691500e-4 + 1.3981999507e-3
    for c in (8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1):
        y = y * r + c
    y = y * (r * r) + r + 1.0
    return y * bits((cast(n, "i4") + 127) << 23, "f4")


def log(x):
    """Natural logarithm of positive 32-bit numbers."""
    pattern = bits(most(x, np.float32(1e-30)), "i4")
    exponent = (pattern >> 23) - 126
    mantissa = bits((pattern & 0x007FFFFF) | 0x3F000000, "f4")
    small = mantissa < np.float32(0.707106781)
    e = cast(exponent, "f4") - cast(small, "f4")
    m = where(small, mantissa + mantissa - 1.0, mantissa - 1.0)
    z = m * m
    y = m * 7.0376836292e-2 - 1.1514610310e-1
    for c in (1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1):
        y = y * m + c
    y = y * m * z - e * 2.12194440e-4 - 0.5 * z
    return m + y + e * 0.693359375


def power(x, a):
    """x**a."""
    return exp(a * log(x))


def tanh(x):
    """Hyperbolic tangent."""
    return 1.0 - 2.0 / (1.0 + exp(x + x))
