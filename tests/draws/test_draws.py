"""Random draws: uniform, independent between any two entities, streams and weeks, and unaffected by other draws."""

import warnings

import numpy as np
import pytest
from plain_kernels import plain_python
from statistics_helper import assert_frequencies, assert_independent, assert_mean, assert_uniform

from sim import draws
from sim.draws import bell, integer, mix, random_key, stream, uniform
from sim.kernel import kernel

N = 200_000
DIRECTIONS = ("seed", "stream", "week", "entity", "draw")


@kernel
def _uniforms(seed, stream, week, entity, draw, out):
    for i in range(out.size):
        out[i] = uniform(random_key(seed[i], stream[i], week[i]), entity[i], draw[i])


@kernel
def _bells(key, out):
    for i in range(out.size):
        out[i] = bell(key, i, 0)


@kernel
def _integers(key, below, out):
    for i in range(out.size):
        out[i] = integer(key, i, 3, below)


def uniforms(n=N, **directions):
    """Draws along the named directions; the others stand still."""
    still = {"seed": 1, "stream": int(stream("offending")), "week": 3, "entity": 1000, "draw": 2}
    places = {name: np.broadcast_to(np.asarray(directions.get(name, still[name])).astype(np.uint64), n).copy() for name in DIRECTIONS}
    out = np.empty(n, np.float32)
    _uniforms(
        places["seed"],
        places["stream"],
        places["week"].astype(np.int64),
        places["entity"].astype(np.int64),
        places["draw"].astype(np.int64),
        out,
    )
    return out


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_draws_are_uniform_in_every_direction(direction):
    assert_uniform(uniforms(**{direction: np.arange(N)}))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("step", [1, 2, 64, 2**20])
def test_neighbours_in_every_direction_are_unrelated(direction, step):
    here = np.arange(N) if direction != "entity" else np.arange(N) * 7
    assert_independent(uniforms(**{direction: here}), uniforms(**{direction: here + step}))


@pytest.mark.parametrize("other", [direction for direction in DIRECTIONS if direction != "entity"])
def test_shifting_one_direction_against_another_shows_no_pattern(other):
    """Entity i at place k and entity i + 1 at place k - 1 would meet if the directions were added up."""
    i = np.arange(N)
    assert_independent(uniforms(entity=i, **{other: 50}), uniforms(entity=i + 1, **{other: 49}))


def test_named_streams_of_one_week_are_unrelated():
    names = ("participation", "disputes", "resolution", "offending", "policing", "unrest", "population", "ties")
    assert len({int(stream(name)) for name in names}) == len(names)
    i = np.arange(N)
    drawn = [uniforms(entity=i, stream=int(stream(name))) for name in names]
    for a, b in zip(drawn, drawn[1:]):
        assert_independent(a, b)


def test_every_bit_is_fair_and_unrelated_to_every_other():
    bits = (uniforms(entity=np.arange(N)) * 2.0**24).astype(np.int64)
    ones = np.array([(bits >> k) & 1 for k in range(24)])
    for k in range(24):
        assert_mean(ones[k], 0.5, 0.5)
        for j in range(k):
            assert_mean(ones[j] ^ ones[k], 0.5, 0.5)


def test_the_tail_is_as_full_as_it_should_be():
    """Rare events are drawn as `uniform < hazard`: the lowest thousandth matters."""
    n = 2_000_000
    low = uniforms(n, entity=np.arange(n)) * 1000
    assert_frequencies([(low < 1).sum(), (low >= 1).sum()], [1, 999])
    assert_uniform(low[low < 1], bins=16)


def test_one_more_entity_moves_no_other_draw():
    before, after = uniforms(1000, entity=np.arange(1000)), uniforms(1001, entity=np.arange(1001))
    assert (after[:1000] == before).all()


def test_the_order_of_asking_does_not_matter():
    order = np.random.default_rng(0).permutation(1000)
    assert (uniforms(1000, entity=order) == uniforms(1000, entity=np.arange(1000))[order]).all()


def test_one_more_draw_of_an_entity_moves_neither_its_others_nor_another_stream():
    def asks(draws, name):
        return {draw: float(uniforms(1, draw=draw, stream=int(stream(name)))[0]) for draw in draws}

    few, many = asks(range(4), "disputes"), asks(range(9), "disputes")
    assert {draw: many[draw] for draw in few} == few
    assert asks(range(4), "policing") == {draw: value for draw, value in asks(range(9), "policing").items() if draw < 4}


@pytest.mark.parametrize(("first", "draw"), [(0, 0), (1000, 2), (24_870_000, 44)])
def test_drawing_for_many_gives_what_each_draws(first, draw):
    key, out = np.uint64(random_key(1, stream("norms"), 3)), np.empty(999, np.float32)
    draws.uniforms(out, key, first, len(out), draw)
    wanted = uniforms(len(out), stream=int(stream("norms")), entity=np.arange(first, first + len(out)), draw=draw)
    assert (out == wanted).all()


def test_integers_hit_every_value_equally_often_and_none_beyond():
    out = np.empty(N, np.int64)
    for below in (2, 7, 60, 3001):
        _integers(np.uint64(random_key(1, stream("ties"), 0)), below, out)
        assert out.min() >= 0
        assert out.max() < below
        assert_frequencies(np.bincount(out, minlength=below), np.ones(below))


def test_the_bell_has_mean_zero_and_deviation_one():
    out = np.empty(N, np.float32)
    _bells(np.uint64(random_key(1, stream("population"), 0)), out)
    assert_mean(out, 0.0, 1.0)
    assert_mean(out.astype(np.float64) ** 2, 1.0, np.sqrt(1.7))  # the fourth moment of the sum of four uniforms is 2.7
    assert np.abs(out).max() < 3.4642


def test_compiled_and_plain_python_agree_to_the_last_bit():
    plain, name = plain_python(draws), stream("norms")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers are meant to wrap around
        for z in (0, 1, 2**63, 2**64 - 1, 0x9E3779B97F4A7C15):
            assert mix(np.uint64(z)) == int(plain.mix(np.uint64(z)))
        for seed, week, entity, draw in ((0, 0, 0, 0), (1, 3, 1000, 2), (2**63 - 1, 5199, 24_870_894, 44)):
            key = plain.random_key(np.uint64(seed), name, np.uint64(week))
            assert random_key(np.uint64(seed), name, week) == int(key)
            assert np.float32(uniform(key, entity, draw)) == plain.uniform(key, entity, draw)
            assert np.float32(bell(key, entity, draw)) == plain.bell(key, entity, draw)
            assert integer(key, entity, draw, 3000) == plain.integer(key, entity, draw, 3000)


def test_a_stream_is_its_name():
    assert int(stream("offending")) == int(stream("offending"))
    assert 0 < int(stream("offending")) < 2**64
