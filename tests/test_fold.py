"""Folding data for the content hash: against plain Python, and that no byte is lost."""

import numpy as np

from sim.fold import BUFFER, ODD, START, Fold

WORD = 2**64


def by_hand(parts):
    """The state after parts of bytes, with whole numbers of Python."""
    state = [int(lane) for lane in START]
    for part in parts:
        padded = part + bytes(-len(part) % 64)
        for at in range(0, len(padded), 8):
            lane = at // 8 % 8
            state[lane] = mixed(state[lane], int.from_bytes(padded[at : at + 8], "little"))
        state[0] = mixed(state[0], len(part))
    return state


def mixed(state, word):
    state = (state ^ word) * ODD % WORD
    return state ^ (state >> 32)


def folded(rows, counts, planes):
    fold = Fold()
    fold.planes(rows, np.array(counts, np.int64), np.array(planes, np.int64))
    return fold.state.tolist()


def test_parts_of_rows_are_folded_as_by_hand_however_they_are_cut_into_rows():
    rng = np.random.default_rng(5)
    column, other = rng.integers(0, 256, (2, 3 * BUFFER // 2)).astype(np.uint8)
    wanted = by_hand([column.tobytes(), other.tobytes()])
    for ends in ((len(column),), (7, 100, 101, len(column))):
        cuts = list(zip((0, *ends), ends))
        widest = max(b - a for a, b in cuts)
        rows = np.zeros((len(cuts), 2 * widest), np.uint8)
        for row, (a, b) in zip(rows, cuts, strict=True):
            row[: b - a], row[widest : widest + b - a] = column[a:b], other[a:b]
        assert folded(rows, [b - a for a, b in cuts], [(0, 1), (widest, 1)]) == wanted


def test_every_bit_of_an_array_counts_and_so_do_zeros_at_its_end():
    values = np.random.default_rng(1).integers(0, 60, 23)
    seen = set()
    for bit in range(-1, 64 * len(values)):
        changed = values.copy()
        if bit >= 0:
            changed.view(np.uint8)[bit // 8] ^= 1 << bit % 8
        fold = Fold()
        fold.array(changed)
        seen.add(tuple(fold.state.tolist()))
    assert len(seen) == 64 * len(values) + 1
    lengths = set()
    for size in range(200):
        fold = Fold()
        fold.array(np.zeros(size, np.uint8))
        lengths.add(tuple(fold.state.tolist()))
    assert len(lengths) == 200


def test_fields_of_records_are_folded_one_after_the_other():
    records = np.zeros(5, np.dtype([("a", "u1"), ("b", "f4"), ("c", "i8", (2,))]))
    records["a"], records["b"], records["c"] = np.arange(5), np.linspace(0, 1, 5), np.arange(10).reshape(5, 2)
    fold = Fold()
    fold.records(records, without=("b",))
    assert fold.state.tolist() == by_hand([records["a"].tobytes(), records["c"].tobytes()])
