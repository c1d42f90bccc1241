"""The hash of the model's sources, stored with every result and compared by every worker."""

import functools

from sim.kernel.cache import SOURCES, hash_of_sources

BESIDE_KERNELS = ("simulation.py", "rules.py", "experiments/studies/worker.py", "metrics/*.py", "metrics/definitions/*.py")
"""Files without kernels that results depend on."""


@functools.lru_cache
def source_hash() -> str:
    """Hash of the source files that results depend on, computed at the first call."""
    return hash_of_sources((*SOURCES, *BESIDE_KERNELS))
