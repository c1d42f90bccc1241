"""Results that are kept while the same is asked again and again, as by the scenarios of a sweep, which share most of their sections."""

import functools
import operator
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


def last_kept(function: Callable[..., Result]) -> Callable[..., Result]:
    """Keep the last result of a function of values that never change. They are compared by identity: nothing is hashed.

    Parameters
    ----------
    function : callable
        Of positional arguments. Nobody may change its results.
    """
    last: tuple[tuple[Any, ...], Any] = (), None

    @functools.wraps(function)
    def kept(*arguments):
        nonlocal last
        known, found = last  # read once: another thread may ask about other values meanwhile
        if len(known) != len(arguments) or not all(map(operator.is_, known, arguments)):
            found = function(*arguments)
            last = arguments, found
        return found

    return kept
