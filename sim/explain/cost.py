"""What a run costs in time and memory, roughly, and how many processes and threads it is given."""

import os
from typing import TYPE_CHECKING

from sim.city.columns import TILE, tile_type
from sim.city.community import BLOCK, BLOCK_SIZE, COMMUNITY, COUNTS, HISTOGRAM_BINS, SUMS
from sim.city.resident import Resident
from sim.experiments.arguments import processors
from sim.scenario.cities.presets import preset_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

NANOSECONDS, NANOSECONDS_SERIAL = 27.0, 0.5
"""Time of one resident-week on one thread, and the part that threads cannot share: planning and closing (measured, rounded)."""
BUILDING = 500.0
"""Nanoseconds in which a thread builds a resident with all ties (measured, rounded)."""
BASE_MEMORY = 350e6
"""Bytes of a process with its report, without the city (measured, rounded)."""


def estimate(scenario: "Scenario", replicates: int, workers: int, threads: int) -> tuple[float, float]:
    """Estimate the memory and time of a run.

    Returns
    -------
    tuple of float
        Peak memory in bytes and time in seconds.
    """
    residents, processes = scenario.city.population, min(workers, replicates)
    parallel = processes if processes > 1 else threads
    serial = scenario.horizon * NANOSECONDS_SERIAL / processes
    each = (BUILDING + scenario.horizon * NANOSECONDS) / parallel + serial
    return processes * (BASE_MEMORY + _city_bytes(scenario)), 1.0 + residents * replicates * each * 1e-9


def _city_bytes(scenario: "Scenario") -> float:
    """Bytes of a city: residents, blocks, communities with their counts of every year, and the history."""
    counts = 8 * (len(COUNTS) + len(SUMS))
    row = tile_type(Resident).itemsize / TILE + 2.0 + BLOCK.itemsize / BLOCK_SIZE
    community = COMMUNITY.itemsize + counts * (1 + scenario.horizon // 52)
    week = len(preset_of(scenario.city).districts) * (counts + 8 * HISTOGRAM_BINS)
    return scenario.city.population * (row + community / scenario.city.community_size) + scenario.horizon * week


def workers_and_threads(scenario: "Scenario", workers: int | None, threads: int | None, replicates: int | None = None) -> tuple[int, int]:
    """How many processes and threads to use where the caller leaves them open.

    Several replicates get a process each, as far as there are processors and memory; a single one gets a thread per processor.
    """
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if "SC_AVPHYS_PAGES" in os.sysconf_names else float("inf")
    count = replicates or scenario.replicates
    most = min(count, processors())
    while workers is None and most > 1 and estimate(scenario, count, most, 1)[0] > free:
        most -= 1
    return workers or most, threads or processors()


def bytes_text(count: float) -> str:
    """Bytes in a readable unit."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def time_text(seconds: float) -> str:
    """Seconds in a readable unit."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
