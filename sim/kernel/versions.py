"""Which of the two ways to compile kernels is taken (see `sim.kernel`)."""

import os

import numba

from sim.errors import UserError

VARIABLE = "SANZHI_KERNELS"
"""Environment variable that chooses a way, whatever the version of Numba."""
WAYS = ("linked", "documented")
TESTED = ("0.60", "0.67", "0.68")
"""Versions of Numba with which `sim.kernel.linked` was tested: same bits, same tests passed (docs/decisions/0006)."""


def way(version: str, wanted: str = "") -> str:
    """The way for a version of Numba: the one wanted, else the linked one for a version it was tested with.

    Raises
    ------
    UserError
        Where `wanted` is neither of `WAYS`.
    """
    if wanted and wanted not in WAYS:
        raise UserError("{variable}={wanted}: expected one of {ways}", variable=VARIABLE, wanted=wanted, ways=", ".join(WAYS))
    minor = ".".join(version.split(".")[:2])
    return wanted or ("linked" if minor in TESTED else "documented")


def chosen() -> str:
    """The way of this process. Uncompiled (``NUMBA_DISABLE_JIT``), kernels are plain Python, and nothing is linked."""
    found = way(numba.__version__, os.environ.get(VARIABLE, ""))
    return "documented" if numba.config.DISABLE_JIT else found  # type: ignore[attr-defined]


WAY = chosen()
