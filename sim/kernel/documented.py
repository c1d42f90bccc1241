"""Kernels by what Numba documents alone: `njit` with a pass for literals, its own file cache, and overloads.

Slower than `sim.kernel.linked` and slower to compile, but it does not depend on a version of Numba. Each kernel is compiled on its
own and kept in Numba's file cache. That cache is named after the path and the date of a source file, so another copy of the package
compiles anew; it lies in a folder named after a hash of all sources, so an edited mechanism does not meet old code.
"""

import contextlib
from collections import namedtuple
from collections.abc import Callable, Iterator
from typing import Any

import numba
from numba.extending import overload

from sim.kernel.cache import CACHE
from sim.kernel.literals import Compiler


@contextlib.contextmanager
def _file_cache_in(folder: str) -> Iterator[None]:
    """Have Numba keep what is declared here in `folder`; functions of other packages stay where they are."""
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    options = {"pipeline_class": Compiler, "error_model": "numpy", **options}
    if CACHE.path is not None:
        with contextlib.suppress(RuntimeError), _file_cache_in(str(CACHE.path)):  # what has no file of source has no place in the cache
            return numba.njit(function, cache=True, **options)
    return numba.njit(function, **options)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` when first called; its float literals are 32-bit."""
    return _compiled(function)


tile_kernel = kernel
"""A kernel: whether it is inlined is left to the compiler."""


def driver(function: Callable[..., Any]) -> Any:
    """Compile an outermost kernel: free of Python's global lock while it runs."""
    return _compiled(function, nogil=True)


def values_of(record):
    """Fields of a record; a named tuple of them in kernels. Tuples live in registers, records in memory: loops over tuples vectorise."""
    return record


@overload(values_of)
def _values_of(record):
    names = [name for name, _ in record.members]
    fields = "".join(f"record.{name}, " for name in names)
    scope = {"Values": namedtuple("Values", names)}
    exec(f"def values(record):\n    return Values({fields})\n", scope)  # noqa: S102  (names of fields only)
    return scope["values"]


@kernel
def shared(values):
    """The same values: `sim.kernel.linked` passes where they lie."""
    return values


@kernel
def fetch_byte(array, index):
    """Does nothing here: `sim.kernel.linked` asks for an element to be brought into the cache."""


@kernel
def fetch_line(record, offset):
    """Does nothing here: `sim.kernel.linked` asks for a part of a record to be brought into the cache."""
