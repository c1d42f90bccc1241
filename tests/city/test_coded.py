"""Coded columns: floats for everybody who reads and writes, whole numbers of 16 bits in memory, the same bits in kernels and outside."""

import numpy as np
import pytest
from cities import small

from sim.city.columns import Coding, Column, columns_of
from sim.city.resident import Resident
from sim.kernel import driver
from sim.model import GovernanceModel
from sim.simulation import Simulation

CODED = {name: column for name, column in columns_of(Resident).items() if column.coding}
every = pytest.mark.parametrize("coding", sorted({column.coding for column in CODED.values()}, key=str), ids=str)


@every
def test_every_number_is_read_and_written_back_as_it_was(coding):
    numbers = np.arange(coding.least, coding.most + 1).astype(coding.kind)
    values = coding.decode(numbers)
    assert values.dtype == np.float32
    assert np.array_equal(coding.encode(values), numbers)
    assert (np.diff(values) > 0).all()
    assert (values[0], values[-1]) == (coding.least / coding.most * coding.high, coding.high)


@every
def test_a_value_is_kept_to_half_a_step_and_a_value_beyond_a_bound_as_the_bound(coding):
    low, high = (float(coding.decode(np.array(number, coding.kind))) for number in (coding.least, coding.most))
    values = np.random.default_rng(1).uniform(low, high, 100_000).astype(np.float32)
    kept = coding.decode(coding.encode(values))
    assert np.abs(kept.astype(float) - values).max() <= 0.5 * coding.step + 3e-7 * high
    assert coding.decode(coding.encode([low - 1.0, high + 1.0])).tolist() == [low, high]


@driver
def write_and_read(tiles, values, read):
    for t in range(len(tiles)):
        tile = tiles[t]
        for i in range(tile.count):
            tile.norm[i], tile.mood[i], tile.proneness[i] = values[0, t, i], values[1, t, i], values[2, t, i]
        for i in range(tile.count):
            read[0, t, i], read[1, t, i], read[2, t, i] = tile.norm[i], tile.mood[i], tile.proneness[i]


def test_kernels_and_plain_python_do_the_same_to_the_bit():
    tiles = Simulation(small(1), seed=1).city.world.tiles
    names, shape = ("norm", "mood", "proneness"), (3, len(tiles), tiles["norm"].shape[1])
    values = np.random.default_rng(2).normal(0.5, 0.4, shape).astype(np.float32) * np.array([1, 1, 40], np.float32)[:, None, None]
    values[0, 0, :2] = [np.inf, -np.inf]
    assert (values[0] > 1).any()
    assert (values[0] < 0).any()
    plain, read = tiles.copy(), np.zeros(shape, np.float32)
    write_and_read(tiles, values, read)
    for t, tile in enumerate(plain):
        for which, name in enumerate(names):
            for i in range(tile.count):
                getattr(tile, name)[i] = values[which, t, i]
            assert np.array_equal(getattr(tile, name)[: tile.count], read[which, t, : tile.count])
    for name in names:
        assert np.array_equal(plain[name], tiles[name])


def test_views_and_sets_show_floats():
    model = GovernanceModel(small(2), seed=1)
    residents = model.agents_by_type[Resident]
    frame = residents.to_frame(*CODED)
    for name, column in CODED.items():
        values = residents.array(name)
        assert values.dtype == frame[name].dtype == np.float32, name
        assert column.low <= values.min() <= values.mean() <= values.max() <= column.high, name
        assert values.max() > 0.01, name
        assert getattr(model.agents[len(model.agents) - len(residents)], name) in values
    residents.set("norm", 0.3)
    assert residents.array("norm") == pytest.approx(0.3, abs=0.51 / 65535)
    one = next(iter(residents))
    one.norm = 1
    assert one.norm == one.as_dict()["norm"] == 1.0
    with pytest.raises(ValueError, match="a number from 0 to 1"):
        one.norm = 1.01


@pytest.mark.parametrize(
    "declared",
    [
        {"kind": "f8", "low": 0.0, "high": 1.0, "coded": "u2"},
        {"kind": "f4", "low": -1.0, "high": 1.0, "coded": "u2"},
        {"kind": "f4", "low": 0.0, "high": 1.0, "coded": "i2"},
        {"kind": "f4", "low": 0.0, "coded": "u2"},
        {"kind": "f4", "low": 0.0, "high": 1.0, "slots": 2, "coded": "u2"},
    ],
)
def test_a_column_that_cannot_be_coded_is_refused(declared):
    with pytest.raises((TypeError, RuntimeError)):
        type("Somebody", (), {"trait": Column(declared.pop("kind"), "a trait", **declared)})


def test_a_coding_is_named_by_its_bounds():
    assert Column("f4", "x", low=0.0, high=30.0, coded="u2").coding == Coding("u2", np.float32(30.0))
    assert Column("f4", "x", low=0.0, high=30.0).coding is None
