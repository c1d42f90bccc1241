"""Random draws in Python's own integers, and the few functions that the equations need."""

import hashlib
import math

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
DRAW_STEP = 0xD1B54A32D192ED03


def stream(name):
    """Number of the stream called `name`."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def mix(z):
    """The finaliser of splitmix64."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Draws:
    """Draws of one stream in one week: ``key(entity, draw)`` is uniform in [0, 1) with 24 random bits."""

    def __init__(self, seed, name, week, number=float):
        start = mix((seed * GOLDEN + stream(name)) & MASK)
        self.key = mix((start + week * GOLDEN) & MASK)
        self.number = number

    def __call__(self, entity, draw=0):
        step, begin = divmod(mix((self.key + draw * DRAW_STEP) & MASK), 2**32)
        x = (begin + entity * (step | 1)) % 2**32
        x = (x ^ x >> 16) * 0x21F0AAAD % 2**32
        x = (x ^ x >> 15) * 0xD35A2D97 % 2**32
        return self.number(((x ^ x >> 15) >> 8) / 2**24)


def clip(x, low, high):
    """`x` limited to [low, high]."""
    return low if x < low else (high if x > high else x)


def unit(x):
    """`x` limited to [0, 1]."""
    return clip(x, 0.0, 1.0)


def rounded(x):
    """A share as residents keep it: within [0, 1], to the nearest 65,535th."""
    return type(x)(int(unit(x) * 65535.0 + 0.5) / 65535.0)


def exp(x):
    """e**x, in the type of `x`; beyond +-80 the bound counts."""
    return type(x)(math.exp(clip(x, -80.0, 80.0)))


def power(x, a):
    """x**a for positive x."""
    return type(x)(math.exp(clip(a * math.log(max(x, 1e-30)), -80.0, 80.0)))


def tanh(x):
    """Hyperbolic tangent."""
    return type(x)(math.tanh(x))


def logistic(x):
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))
