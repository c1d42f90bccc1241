"""Which sources of the model made a result: their hash, kept with every result and compared by every worker."""

import functools

from sim.kernel.cache import SOURCES, hash_of_sources

BESIDE_KERNELS = ("simulation.py", "rules.py", "experiments/studies/worker.py", "metrics/*.py", "metrics/definitions/*.py")
"""Files beside those with kernels that the numbers of a result depend on."""


@functools.lru_cache
def source_hash() -> str:
    """Hash of the source files that the numbers of a result depend on, taken when first asked for."""
    return hash_of_sources((*SOURCES, *BESIDE_KERNELS))
