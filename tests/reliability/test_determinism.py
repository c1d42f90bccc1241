"""What the content hash sees, and that threads, tiles and checked bounds leave it alone. Five whole scenarios: test_same_bits.py."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hash_elsewhere import lived

import sim.simulation
from sim.city.build import DERIVED

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def usual():
    return lived().content_hash()


def elsewhere(**environment):
    """Hash of the same city in a new process."""
    path = os.pathsep.join(str(folder) for folder in (ROOT, HERE.parent, HERE.parent / "contracts", HERE))
    done = subprocess.run(
        [sys.executable, str(HERE / "hash_elsewhere.py")],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_hash_is_the_same_again_and_another_with_another_seed(usual):
    assert lived().content_hash() == usual
    assert lived(seed=18).content_hash() != usual


def test_threads_change_nothing(usual, monkeypatch):
    monkeypatch.setattr(sim.simulation, "SMALL", 100)
    threaded = lived(threads=2)
    assert threaded.threads == 2
    assert threaded.content_hash() == usual
    assert lived(threads=5).content_hash() == usual


@pytest.mark.slow
def test_the_size_of_a_tile_changes_nothing(usual):
    assert lived(tile=128).content_hash() == usual


@pytest.mark.slow
def test_no_kernel_reads_or_writes_past_an_end(usual):
    """With bounds checked, kernels run through and do the same. They have a cache of their own."""
    assert elsewhere(NUMBA_BOUNDSCHECK="1") == usual


def test_the_hash_sees_every_column_of_everybody(usual):
    simulation = lived()
    for table in simulation.city.tables.values():
        for name, column in table.columns.items():
            if name in DERIVED:
                continue
            values = table.values(name)
            row = len(table) - 1
            old = values[row].copy()
            next_up = old + column.coding.step if column.coding else np.nextafter(old, np.float32(9), dtype=np.float32)
            table.set(name, row, old ^ 1 if column.kind[0] in "iu" else next_up)
            assert simulation.content_hash() != usual, f"{table.kind.__name__}.{name}"
            table.set(name, row, old)
    assert simulation.content_hash() == usual


@pytest.mark.parametrize("name", ["history", "history_histogram", "history_money", "history_spread", "history_conditions"])
def test_the_hash_sees_every_week_that_was(usual, name):
    simulation = lived()
    array = getattr(simulation.city.world, name)
    old = array[3:4].flat[0]
    array[3:4].flat[0] = old + 1
    assert simulation.content_hash() != usual
    array[3:4].flat[0] = old
    assert simulation.content_hash() == usual


def test_the_hash_sees_the_conditions_of_every_community(usual):
    simulation = lived()
    places = simulation.city.world.communities
    for name in places.dtype.names:
        if name in ("first_tile", "last_tile", "spare", "now", "last"):
            continue
        old = places[name][1].copy()
        places[name][1] = old + 1
        assert simulation.content_hash() != usual, name
        places[name][1] = old
    assert simulation.content_hash() == usual


def test_the_hash_sees_every_place(usual):
    simulation = lived()
    places = simulation.city.world.blocks
    for name in places.dtype.names:
        old = places[name][-1].copy()
        places[name][-1] = old + 1
        assert simulation.content_hash() != usual, name
        places[name][-1] = old
    assert simulation.content_hash() == usual
