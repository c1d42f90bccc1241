"""Repeats, medians and the figures made of them."""

import statistics
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """Median of some repeats, with the lowest and highest.

    Parameters
    ----------
    unit : str
    median, low, high : float
    repeats : int
    """

    unit: str
    median: float
    low: float
    high: float
    repeats: int

    def as_data(self) -> dict:
        """As it stands in the JSON file."""
        return asdict(self)


def figure(values, unit: str) -> Figure:
    """The figure of some repeats."""
    return Figure(unit, statistics.median(values), min(values), max(values), len(values))


def interleaved(cases: dict, repeats: int, unit: str) -> dict[str, Figure]:
    """Measure every case in turn, again and again, so that a busy moment of the machine hits all alike.

    Parameters
    ----------
    cases : dict
        By name, a function that measures once and returns a number in `unit`.
    repeats : int
    unit : str

    Returns
    -------
    dict of Figure
    """
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(repeats):
        for name, case in cases.items():
            found[name].append(case())
    return {name: figure(values, unit) for name, values in found.items()}


def seconds(work) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def core_seconds(work) -> float:
    """Time that one call takes of the core it runs on: what others do meanwhile on this machine counts less than in wall time."""
    start = time.thread_time()
    work()
    return time.thread_time() - start
