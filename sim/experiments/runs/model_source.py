"""Which sources of the model made a result: their hash, kept with every result and compared by every worker."""

import functools

from sim.kernel import SOURCES, _source_hash

BESIDE_KERNELS = ("simulation.py", "rules.py", "experiments/studies/worker.py", "metrics/*.py", "metrics/*.csv")
"""Files beside those with kernels that the numbers of a result depend on."""


@functools.lru_cache
def source_hash() -> str:
    """Hash of the source files that the numbers of a result depend on, taken when first asked for."""
    return _source_hash((*SOURCES, *BESIDE_KERNELS))
