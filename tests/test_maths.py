"""exp, log and their kin: as accurate as they say, and the same compiled as in plain Python."""

import math

import numpy as np
import pytest
from plain_kernels import plain_python

from sim import maths
from sim.kernel import kernel

RNG = np.random.default_rng(20)
EPSILON = 3e-7
"""Relative error promised in `sim.maths`."""


@kernel
def _each(function_number, x, out):
    for i in range(x.size):
        if function_number == 0:
            out[i] = maths.exp(x[i])
        elif function_number == 1:
            out[i] = maths.log(x[i])
        elif function_number == 2:
            out[i] = maths.logistic(x[i])
        elif function_number == 3:
            out[i] = maths.tanh(x[i])
        elif function_number == 4:
            out[i] = maths.unit(x[i])
        else:
            out[i] = maths.exp_bound(x[i])


NUMBER = {"exp": 0, "log": 1, "logistic": 2, "tanh": 3, "unit": 4, "exp_bound": 5}


def compiled(name, x):
    out = np.empty(len(x), np.float32)
    _each(NUMBER[name], x.astype(np.float32), out)
    return out


def worst(got, wanted):
    """Largest relative error against 64-bit floats."""
    wanted = np.asarray(wanted, dtype=np.float64)
    return float(np.max(np.abs(got.astype(np.float64) - wanted) / np.abs(wanted)))


def spread(low, high, n=400_000):
    """Values over a range: evenly, and at its ends."""
    return np.concatenate([RNG.uniform(low, high, n), np.linspace(low, high, 1001)]).astype(np.float32)


def test_exp_is_accurate_over_its_range():
    x = spread(-80, 80)
    assert worst(compiled("exp", x), np.exp(x.astype(np.float64))) < EPSILON


def test_exp_moves_what_lies_beyond_to_the_ends():
    assert (compiled("exp", np.array([-1e30, -81.0])) == compiled("exp", np.array([-80.0]))).all()
    assert (compiled("exp", np.array([1e30, 81.0])) == compiled("exp", np.array([80.0]))).all()


def test_exp_of_zero_is_one_and_exp_never_falls():
    assert compiled("exp", np.zeros(1))[0] == 1.0
    assert (np.diff(compiled("exp", np.sort(spread(-80, 80)))) >= 0).all()


def test_bound_of_exp_is_above_it_but_little():
    x = np.concatenate([spread(-80, 80), np.arange(-115, 116) * math.log(2.0), [-1e30, 1e30]]).astype(np.float32)
    ratio = compiled("exp_bound", x) / compiled("exp", x)
    assert ratio.min() > 1.0
    assert ratio.max() < 2.02


def test_positions_are_those_of_the_chosen():
    chosen = (RNG.random(500) < 0.1).astype(np.uint32)
    who = np.empty(500, np.uint32)
    few = maths.positions(chosen, len(chosen), who)
    assert who[:few].tolist() == np.flatnonzero(chosen).tolist()


def test_log_is_accurate_over_all_normal_numbers_from_the_stated_floor():
    x = np.exp(RNG.uniform(math.log(1.001e-30), 88.0, 400_000)).astype(np.float32)
    wanted = np.log(x.astype(np.float64))
    got = compiled("log", x).astype(np.float64)
    assert np.max(np.abs(got - wanted) / np.maximum(np.abs(wanted), 1.0)) < EPSILON


def test_log_near_one_keeps_its_relative_accuracy():
    x = np.unique(np.concatenate([1 + RNG.uniform(-1e-2, 1e-2, 100_000), 1 + RNG.uniform(-1e-5, 1e-5, 100_000)]).astype(np.float32))
    x = x[x != 1]
    assert worst(compiled("log", x), np.log(x.astype(np.float64))) < EPSILON
    assert compiled("log", np.ones(1))[0] == 0.0


def test_log_takes_what_has_none_as_the_floor():
    assert (compiled("log", np.array([0.0, -1.0, 1e-38])) == compiled("log", np.array([1e-30]))).all()


def test_logistic_and_tanh_are_accurate():
    x = spread(-15, 15)
    wide = x.astype(np.float64)
    assert worst(compiled("logistic", x), 1 / (1 + np.exp(-wide))) < 2 * EPSILON
    assert np.max(np.abs(compiled("tanh", x) - np.tanh(wide))) < EPSILON


def test_logistic_and_tanh_stay_within_bounds():
    ends = np.array([-1e30, -100, -50, 0, 50, 100, 1e30])
    assert ((compiled("logistic", ends) >= 0) & (compiled("logistic", ends) <= 1)).all()
    assert (np.abs(compiled("tanh", ends)) <= 1).all()


def test_power_is_accurate_where_the_model_uses_it():
    for x, a in zip(RNG.uniform(0.005, 20, 2000).astype(np.float32), RNG.uniform(-3, 3, 2000).astype(np.float32)):
        wanted = float(x) ** float(a)
        assert abs(float(maths.power(x, a)) - wanted) < 3e-6 * wanted  # the error of the logarithm, times the exponent


def test_unit_and_clip_keep_what_lies_within_and_move_the_rest():
    x = np.array([-0.1, 0.0, 0.3, 1.0, 1.1], np.float32)
    assert compiled("unit", x).tolist() == np.array([0.0, 0.0, 0.3, 1.0, 1.0], np.float32).tolist()
    assert [maths.clip(v, 2.0, 3.0) for v in (1.0, 2.5, 4.0)] == [2.0, 2.5, 3.0]


def test_towards_closes_the_gap_at_the_stated_pace():
    x = 0.0
    for _ in range(26):
        x = maths.towards(x, 1.0, 26.0)
    assert x == pytest.approx(1 - (1 - 1 / 26) ** 26, rel=1e-6)


@pytest.mark.parametrize("name", NUMBER)
def test_compiled_and_plain_python_agree_to_the_last_bit(name):
    x = spread(1e-6, 80, 3000) if name == "log" else spread(-80, 80, 3000)
    plain = getattr(plain_python(maths), name)
    got = compiled(name, x)
    assert [v for v, g in zip(x, got) if np.float32(plain(v)).tobytes() != g.tobytes()] == []


@pytest.mark.parametrize("name", ["power", "towards", "clip"])
def test_functions_of_more_than_one_number_agree_too(name):
    function, plain = getattr(maths, name), getattr(plain_python(maths), name)
    for numbers in RNG.uniform(0.01, 5, (300, 3)).astype(np.float32):
        arguments = numbers[: 2 if name == "power" else 3]
        assert np.float32(function(*arguments)) == plain(*arguments)


def test_powers_of_two_are_exact_to_double_precision():
    x = RNG.uniform(-60, 60, 5000)
    assert np.max(np.abs(maths.exp2(x) / np.exp2(x) - 1)) < 1e-15
    assert maths.exp2(np.arange(-1000, 1001)).tolist() == [2.0**k for k in range(-1000, 1001)]
    assert float(maths.exp2(-0.5)) == pytest.approx(math.sqrt(0.5), rel=1e-15)


def test_the_root_is_the_exact_one():
    assert maths.root(2.0) == math.sqrt(2.0)
