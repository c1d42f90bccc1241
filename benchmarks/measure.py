"""Repeated measurements and their medians."""

import statistics
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """Median of some repeats, with the lowest and highest value.

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
        """The figure as JSON data."""
        return asdict(self)


def figure(values, unit: str) -> Figure:
    """The figure of some repeats."""
    return Figure(unit, statistics.median(values), min(values), max(values), len(values))


def interleaved(cases: dict, repeats: int, unit: str) -> dict[str, Figure]:
    """Measure the cases alternately, so that varying load of the machine affects all equally.

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
    """Processor time of one call, which depends less on the machine's load than wall time."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def number(value: float) -> str:
    """A number with three significant digits and grouped thousands."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"
