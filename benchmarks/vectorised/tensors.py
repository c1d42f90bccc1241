"""The same operations for PyTorch on a CPU, and the city whose columns are tensors. Needs torch; nothing else here does.

Torch has next to no arithmetic on unsigned numbers wider than a byte. Signed ones have the same sums and products, since both wrap around;
only shifts to the right differ, which a mask mends. So luck is the same to the last bit.
"""

import numpy as np
import torch

from benchmarks.vectorised import arrays, books, lives
from benchmarks.vectorised.city import RULES, NumpyCity
from sim.draws import DRAW_STEP, M1, M2, UNIT

KINDS = {"f4": torch.float32, "i4": torch.int32, "i8": torch.int64, "u1": torch.uint8}
WIDER = {"u2": "i4"}
SIGNED = {"u4": "i4", "u8": "i8"}


def signed(number: int) -> int:
    """The 64-bit number with the same bits as one without sign."""
    number %= arrays.WRAP
    return number - arrays.WRAP if number >= arrays.WRAP // 2 else number


STEP, FIRST, SECOND, FRACTION = int(DRAW_STEP), signed(int(M1)), signed(int(M2)), float(UNIT)


def _shift(z, by: int):
    return (z >> by) & ((1 << (64 - by)) - 1)


def _plain(x):
    """NumPy's numbers as Python's: some functions of torch take no others."""
    return x.item() if isinstance(x, np.generic) else x


@arrays.key.register
def _(luck: torch.Tensor, draw: int):
    return luck + signed(draw * STEP)


@arrays.uniform.register
def _(steps: torch.Tensor, key):
    z = steps + key
    z ^= _shift(z, 30)
    z *= FIRST
    z ^= _shift(z, 27)
    z *= SECOND
    z ^= _shift(z, 31)
    return _shift(z, 40).to(torch.float32) * FRACTION


@arrays.where.register
def _(condition: torch.Tensor, yes, no):
    return torch.where(condition, _plain(yes), _plain(no))


@arrays.pick.register
def _(condition: torch.Tensor, yes, no=0.0):
    return torch.where(condition, _plain(yes), _plain(no))


@arrays.least.register
def _(x: torch.Tensor, y):
    return torch.minimum(x, y) if isinstance(y, torch.Tensor) else x.clamp(max=_plain(y))


@arrays.most.register
def _(x: torch.Tensor, y):
    return torch.maximum(x, y) if isinstance(y, torch.Tensor) else x.clamp(min=_plain(y))


@arrays.clip.register
def _(x: torch.Tensor, low: float, high: float):
    return x.clamp(low, high)


@arrays.floor.register
def _(x: torch.Tensor):
    return x.floor()


@arrays.cast.register
def _(x: torch.Tensor, kind: str):
    return x.to(KINDS[kind])


@arrays.bits.register
def _(x: torch.Tensor, kind: str):
    return x.view(KINDS[kind])


@arrays.look_up.register
def _(rows: torch.Tensor, table):
    wide = rows.to(torch.int32) if rows.dtype == torch.uint8 else rows
    return torch.as_tensor(table).index_select(0, wide)


@arrays.cells.register
def _(rows: torch.Tensor, columns, table):
    return table.reshape(-1).index_select(0, rows * table.shape[1] + columns)


@arrays.numbers.register
def _(truth: torch.Tensor):
    return truth.nonzero().squeeze(1)


@arrays.tally.register
def _(groups: torch.Tensor, count: int):
    return torch.bincount(groups, minlength=count)


@arrays.totals.register
def _(values: torch.Tensor, starts):
    running = values.cumsum(0, dtype=torch.int64)
    ends = torch.cat([running.index_select(0, starts[1:] - 1), running[-1:]])
    return ends.diff(prepend=ends.new_zeros(1))


@arrays.add_at.register
def _(sums: torch.Tensor, rows, values):
    sums.index_add_(0, rows, values.to(sums.dtype))


def tensor(array: np.ndarray) -> torch.Tensor:
    """A tensor in the same memory; of 16 bits without sign, a copy in 32. Unsigned numbers of 32 and 64 bits become signed ones."""
    kind = array.dtype.str[1:]
    return torch.from_numpy(array.astype(WIDER[kind]) if kind in WIDER else array.view(SIGNED.get(kind, kind)))


class Records:
    """The fields of an array of records as tensors in the same memory.

    Parameters
    ----------
    records : ndarray
    """

    def __init__(self, records: np.ndarray):
        self.fields = {name: self._field(records[name]) for name in records.dtype.names}

    @staticmethod
    def _field(values: np.ndarray):
        return Records(values) if values.dtype.names else tensor(values)

    def __getitem__(self, name: str):
        return self.fields[name]

    def __setitem__(self, name: str, values) -> None:
        self.fields[name].copy_(values)


WHOLE = ("livelihood", "services", "participation", "collective_efficacy", "norms", "rumour", "satisfaction")
"""Rules that torch compiles whole. The others pick out the few whom something befalls, and its compiler would cut them to pieces."""


class TorchCity(NumpyCity):
    """The residents of a simulation that has not begun, lived by PyTorch.

    Parameters
    ----------
    simulation : Simulation
        As for `NumpyCity`.
    compiled : bool
        True to have everybody's draws, the rules of `WHOLE`, what is seen and what is shown compiled when first needed, which takes a C++
        compiler and about a minute.
    """

    own = staticmethod(tensor)
    own_records = Records

    def __init__(self, simulation, compiled: bool = False):
        super().__init__(simulation)
        if compiled:
            self.rules = RULES | {name: torch.compile(RULES[name], fullgraph=True) for name in WHOLE}
            self.express, self.look_around = (torch.compile(part, fullgraph=True) for part in (books.express, lives.look_around))
            self.draw = torch.compile(arrays.uniform, fullgraph=True)

    def luck(self, stream, week: int) -> torch.Tensor:
        """As a tensor, so that sums wrap around and what is compiled holds in every week."""
        return torch.tensor(signed(super().luck(stream, week)))
