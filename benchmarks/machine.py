"""Description of this machine, and its memory bandwidth: copying, and reading at random."""

import os
import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np

from benchmarks.measure import Figure, interleaved, seconds

MEGABYTES = 256
GATHERED = 4_000_000


def describe() -> dict[str, str]:
    """Processor, cores, load, system and versions."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.1f} (figures of a busy machine mean little)" if hasattr(os, "getloadavg") else "unknown",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def free_bytes() -> float:
    """Memory that can be had without swapping; infinite where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) * 1024.0 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return float("inf")


def memory_speed(repeats: int, megabytes: int = MEGABYTES, gathered: int = GATHERED, threads: int = 2) -> dict[str, Figure]:
    """Bandwidth of copying (bytes read and written per second, as in STREAM) and of random reads of 4-byte values.

    Parameters
    ----------
    repeats : int
    megabytes : int
        Size of the arrays: larger than any cache.
    gathered : int
        Values read at random.
    threads : int

    Returns
    -------
    dict of Figure
        ``copy_1``, ``copy_<threads>`` in GB/s; ``gather_1``, ``gather_<threads>`` in million reads per second.
    """
    source = np.arange(megabytes * 2**20 // 4, dtype=np.float32)
    target = np.zeros_like(source)
    where = np.random.default_rng(0).integers(0, len(source), gathered).astype(np.uint32)
    _gather(source, where[:1])
    with ThreadPoolExecutor(threads) as pool:
        copies = {f"copy_{n}": lambda n=n: _copy(pool, source, target, n) for n in (1, threads)}
        gathers = {f"gather_{n}": lambda n=n: _gather_all(pool, source, where, n) for n in (1, threads)}
        return interleaved(copies, repeats, "GB/s") | interleaved(gathers, repeats, "M reads/s")


def _copy(pool, source, target, threads) -> float:
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads)))
    return 2 * source.nbytes / seconds(lambda: [f.result() for f in [pool.submit(np.copyto, b, a) for a, b in parts]]) / 1e9


def _gather_all(pool, source, where, threads) -> float:
    parts = np.array_split(where, threads)
    return len(where) / seconds(lambda: [f.result() for f in [pool.submit(_gather, source, part) for part in parts]]) / 1e6


@numba.njit(nogil=True)
def _gather(source, where):
    total = np.float32(0.0)
    for i in range(len(where)):
        total += source[where[i]]
    return total
