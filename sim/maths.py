"""exp, log and related functions from + - * / alone, so that every processor returns the same bits.

The exp of libm depends on the processor's fused multiply-add, and NumPy's differs from libm, so neither is used for the state of a
model that must give the same result on every machine. These functions follow the range reduction and minimax polynomials of Cephes
(Moshier 1992, single precision); relative error below 3e-7 over the stated ranges.
"""

import math

import numpy as np

from sim.kernel import kernel, tile_kernel


@kernel
def clip(x, low, high):
    """`x` limited to [low, high]."""
    x = x if x > low else low
    return x if x < high else high


@kernel
def unit(x):
    """`x` limited to [0, 1]."""
    x = x if x > 0.0 else np.float32(0.0)
    return x if x < 1.0 else np.float32(1.0)


@kernel
def exp(x):
    """e**x for float32; `x` is first limited to [-80, 80]."""
    x = clip(x, np.float32(-80.0), np.float32(80.0))
    n = np.floor(x * 1.44269504 + 0.5)
    r = x - n * 0.693359375
    r = r + n * 2.12194440e-4
    y = r * 1.9875691500e-4 + 1.3981999507e-3
    y = y * r + 8.3334519073e-3
    y = y * r + 4.1665795894e-2
    y = y * r + 1.6666665459e-1
    y = y * r + 5.0000001201e-1
    y = y * (r * r) + r + 1.0
    bits = np.int32((np.int32(n) + np.int32(127)) << np.int32(23))
    return y * bits.view(np.float32)


@kernel
def exp_bound(x):
    """A power of two that is above `exp` of the same `x`, by a factor of 2.02 at most.

    It costs a fifth of `exp`. A rare event whose draw is not below this bound does not happen, so that few need the exact value.
    """
    x = clip(x, np.float32(-80.0), np.float32(80.0))
    bits = np.int32(np.int32(x * 1.44269504 + 128.01) << np.int32(23))  # 127 is the exponent of 1; .01 is more than `exp` is off
    return bits.view(np.float32)


@kernel
def log(x):
    """Natural logarithm of a positive, normal float32 (smaller values count as 1e-30)."""
    x = x if x > 1e-30 else np.float32(1e-30)
    bits = np.float32(x).view(np.int32)
    exponent = np.int32((bits >> np.int32(23)) - np.int32(126))
    mantissa = np.int32((bits & np.int32(0x007FFFFF)) | np.int32(0x3F000000)).view(np.float32)
    small = mantissa < 0.707106781
    e = np.float32(exponent) - (np.float32(1.0) if small else np.float32(0.0))
    m = mantissa + mantissa - 1.0 if small else mantissa - 1.0
    z = m * m
    y = m * 7.0376836292e-2 - 1.1514610310e-1
    y = y * m + 1.1676998740e-1
    y = y * m - 1.2420140846e-1
    y = y * m + 1.4249322787e-1
    y = y * m - 1.6668057665e-1
    y = y * m + 2.0000714765e-1
    y = y * m - 2.4999993993e-1
    y = y * m + 3.3333331174e-1
    y = y * m * z - e * 2.12194440e-4 - 0.5 * z
    return m + y + e * 0.693359375


@kernel
def power(x, a):
    """x**a for positive float32 x."""
    return exp(a * log(x))


@kernel
def logistic(x):
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))


@kernel
def tanh(x):
    """Hyperbolic tangent."""
    return 1.0 - 2.0 / (1.0 + exp(x + x))


@kernel
def towards(x, target, weeks):
    """`x` one week later when it closes the gap to `target` with time constant `weeks`."""
    return x + (target - x) / weeks


@kernel
def first_above(values, x):
    """Index of the first of the ascending `values` above `x` (their number if there is none)."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] > x:
            high = middle
        else:
            low = middle + 1
    return low


@tile_kernel
def positions(chosen, count, who):
    """Write into `who` where `chosen` is 1 and not 0; returns their number.

    What only these need costs least side by side: a loop over all would compute it for everybody, or wait for wrong guesses.
    """
    few = np.uint32(0)
    for i in range(count):
        who[few] = np.uint32(i)
        few = np.uint32(few + chosen[i])
    return few


def exp2(x):
    """2**x for float64 scalars or arrays, without libm; used by the metrics.

    x is split into an integer and a fractional part; the latter uses a Taylor series to double precision. `x` is limited to
    [-1000, 1000].
    """
    x = np.clip(np.asarray(x, dtype=np.float64), -1000.0, 1000.0)
    whole = np.floor(x)
    r = (x - whole) * 0.6931471805599453
    total = np.ones_like(r)
    term = np.ones_like(r)
    for k in range(1, 24):
        term *= r
        term /= k
        total += term
    return np.ldexp(total, whole.astype(np.int64))


def root(x: float) -> float:
    """Square root (exact to the last bit on every processor)."""
    return math.sqrt(x)
