"""The `kernel` decorator: Python functions compiled to fast, bit-reproducible machine code.

A kernel is an ordinary function. Compiled, it differs from plain Python in three things: a literal such as
``0.5`` is a 32-bit float, so that ``0.5 * tile.norm[i]`` stays in 32 bits, as it does in NumPy 2; a division by zero gives
infinity, as it does in NumPy, because a test before every division would keep loops from being vectorised; and it cannot make
arrays. No fast-math is used anywhere: sums and products happen in the order written.

There are three sorts. A `kernel` is inlined into its callers. A `tile_kernel` keeps a function of its own in the machine code: inlined
into one, the loops of a week are too much for the compiler, which then vectorises few of them. A `driver` is what Python calls:
its machine code is kept on disk.

There are two ways to compile them, which give the same bits. `sim.kernel.documented` uses only what Numba documents, and serves any
version. `sim.kernel.linked` is faster and reaches into Numba's internals, so it serves only the versions it was tested with
(`sim.kernel.versions`).
"""

import numba

from sim.kernel import coded  # noqa: F401  (types of coded columns, before any kernel meets them)
from sim.kernel.cache import CACHE, compiled
from sim.kernel.versions import WAY

if WAY == "linked":
    from sim.kernel.linked import driver, fetch_byte, fetch_line, kernel, shared, tile_kernel, values_of
else:
    from sim.kernel.documented import driver, fetch_byte, fetch_line, kernel, shared, tile_kernel, values_of

__all__ = ["CACHE", "WAY", "compiled", "driver", "fetch_byte", "fetch_line", "kernel", "numba", "shared", "tile_kernel", "values_of"]
