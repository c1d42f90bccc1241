"""Arguments that all experiments share, with the same meaning everywhere.

``seed``: seed of the first replicate, the scenario's own by default; the others follow consecutively. ``replicates``: their number; None is
the scenario's own number. ``workers``: processes (threads, if a function says so); None uses all processors, 1 stays in this process.
Results do not depend on the number of workers.
"""

import operator
import os
from collections.abc import Iterable
from enum import Enum
from typing import Any, Final

from sim.errors import UserError
from sim.messages import Message
from sim.scenario import Scenario


class Unset(Enum):
    """The value of an argument that was not given, where None means something else."""

    DEFAULT = "default"


DEFAULT: Final = Unset.DEFAULT
LONGEST_SEED = 2**63 - 1
MOST_REPLICATES, MOST_WORKERS = 1_000_000, 100_000


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds, of Python or NumPy.

    Raises
    ------
    UserError
        For other types, and for values out of bounds.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or not low <= number <= high:
        raise UserError(
            "{name}: got {value}; expected a whole number from {low} to {high}", name=name, value=repr(value), low=low, high=high
        )
    return number


def replicates_of(scenario: Scenario, replicates: int | None, low: int = 1) -> int:
    """Number of replicates."""
    return whole("replicates", scenario.replicates if replicates is None else replicates, low, MOST_REPLICATES)


def seed_of(scenario: Scenario, seed: int | None, replicates: int) -> int:
    """Seed of the first replicate; that of the last must be valid, too."""
    return whole("seed", scenario.seed if seed is None else seed, 0, LONGEST_SEED - replicates)


def seeds_of(scenario: Scenario, seed: int | None, replicates: int | None, low: int = 1) -> range:
    """Seeds of all replicates."""
    count = replicates_of(scenario, replicates, low)
    first = seed_of(scenario, seed, count)
    return range(first, first + count)


def workers_of(workers: int | None) -> int:
    """Number of parallel workers."""
    return processors() if workers is None else whole("workers", workers, 1, MOST_WORKERS)


def names_of(name: str, given: Any) -> list[str]:
    """Names in a list; one name stands for a list of one.

    Raises
    ------
    UserError
        For anything other than names.
    """
    names = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else [given]
    for one in names:
        if not isinstance(one, str):
            raise UserError(
                "{name}: got {value}; expected {expected}", name=name, value=repr(one), expected=Message("a name or a list of names")
            )
    return names


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
