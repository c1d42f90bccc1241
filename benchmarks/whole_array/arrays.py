"""Random numbers and functions of whole arrays: the formulas of `sim.draws` and `sim.maths`."""

import numpy as np

from sim.draws import DRAW_STEP, R1, R2, S8, S15, S16, UNIT, mix, random_key

WRAP = 2**64


def key(seed, stream, week: int) -> int:
    """Key of a stream in a week."""
    return int(random_key(seed, stream, week)) % WRAP


def uniform(who: np.ndarray, key: int, draw: int) -> np.ndarray:
    """Uniform numbers in [0, 1) of residents by their ids, of one draw."""
    step, begin = divmod(int(mix(np.uint64((key + draw * int(DRAW_STEP)) % WRAP))), 2**32)
    x = who * np.uint32(step | 1) + np.uint32(begin)
    shifted = x >> S16
    x ^= shifted
    x *= R1
    np.right_shift(x, S15, out=shifted)
    x ^= shifted
    x *= R2
    np.right_shift(x, S15, out=shifted)
    x ^= shifted
    x >>= S8
    return x.astype(np.float32) * UNIT


def pick(condition, yes, no=0.0):
    """`yes` where the condition holds, else `no`, in 32 bits."""
    return np.where(condition, np.float32(yes) if np.ndim(yes) == 0 else yes, np.float32(no) if np.ndim(no) == 0 else no)


def unit(x):
    """`x` moved into [0, 1]."""
    return np.clip(x, 0.0, 1.0)


def rounded(x):
    """`x` moved into [0, 1], to the nearest 65,535th: shares that lie in 16 bits."""
    parts = np.minimum(np.maximum(x * np.float32(65535.0) + np.float32(0.5), 0.0), 65535.0).astype(np.uint16)
    return parts.astype(np.float32) * np.float32(1.0 / 65535.0)


def exp(x):
    """e**x in 32 bits."""
    x = np.clip(x, -80.0, 80.0)
    n = np.floor(x * 1.44269504 + 0.5)
    r = x - n * 0.693359375
    r += n * 2.12194440e-4
    y = r * 1.9875691500e-4 + 1.3981999507e-3
    for c in (8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1):
        y = y * r + c
    y = y * (r * r) + r + 1.0
    return y * ((n.astype(np.int32) + 127) << 23).view(np.float32)


def log(x):
    """Natural logarithm of positive 32-bit numbers."""
    pattern = np.maximum(x, np.float32(1e-30)).view(np.int32)
    exponent = (pattern >> 23) - 126
    mantissa = ((pattern & 0x007FFFFF) | 0x3F000000).view(np.float32)
    small = mantissa < np.float32(0.707106781)
    e = exponent.astype(np.float32) - small.astype(np.float32)
    m = np.where(small, mantissa + mantissa - 1.0, mantissa - 1.0)
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
