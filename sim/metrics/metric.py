"""Definition of a metric: one decorated function of the counts of a run, with unit, bounds, direction and text in two languages."""

import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.metrics.record import Record

GROUPS = ("headline", "stability", "satisfaction", "price", "fairness", "flow", "state", "rate")
"""Groups of metrics, in the order of tables; those of the package are defined in a file of the same name in `sim.metrics.definitions`."""
DIRECTIONS = ("more", "less", "neither")
ADULTS, RESIDENTS, NONLOCALS = ("adults", "成年人"), ("residents", "居民"), ("adults without local registration", "外来成年人")
"""Common base of shares, in English and Chinese."""
BLANK = re.compile(r"\n\s*\n")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, eq=False)
class Metric:
    """A named time series, created by the decorator `metric`; called with a record, it returns its values.

    Parameters
    ----------
    name : str
        Key in tables, targets and studies: the name of its function.
    function : callable
        Of a `sim.metrics.record.Record`, the counts of a run; returns an array of shape (weeks, 1 + districts), the city first.
    unit : str
        Its unit, such as "share" or "per 1,000 residents and year".
    low, high : float
        Bounds of its values.
    better : str
        "more", "less" or "neither": the usual interpretation of its direction; the model does not depend on it.
    group : str
        One of `GROUPS`.
    title, title_zh : str
        Title in English and Chinese.
    doc, doc_zh : str
        Definition in one sentence, without full stop.
    share_of : tuple of str, optional
        The countable base of a share, in English and Chinese, such as `ADULTS`; the metric is then shown in per cent.
    city_only : bool
        Whether it is defined only for the city as a whole; its function then returns shape (weeks, 1).
    """

    name: str
    function: "Callable[[Record], np.ndarray]" = field(repr=False)
    unit: str
    low: float
    high: float
    better: str
    group: str
    title: str
    title_zh: str
    doc: str
    doc_zh: str = ""
    share_of: tuple[str, str] | None = None
    city_only: bool = False

    def __call__(self, record: "Record") -> np.ndarray:
        """Its values for a record, cached in the record for other metrics that use it."""
        if self not in record.known:
            record.known[self] = self.function(record)
        return record.known[self]

    def title_in(self, language: str) -> str:
        """Its title in a language, "en" or "zh"."""
        return self.title_zh if language == "zh" else self.title

    def doc_in(self, language: str) -> str:
        """Its definition in a language; in English if there is no translation."""
        return self.doc_zh if language == "zh" and self.doc_zh else self.doc


def metric(
    *,
    unit: str,
    better: str,
    group: str,
    title: str,
    title_zh: str,
    low: float = 0.0,
    high: float = math.inf,
    share_of: tuple[str, str] | None = None,
    city_only: bool = False,
) -> "Callable[[Callable[..., np.ndarray]], Metric]":
    """Decorate a function of a record to make it a `Metric`.

    The function's name is the key. The first paragraph of its docstring is the definition in English, the second that in Chinese.

    Parameters
    ----------
    unit, better, group, title, title_zh, low, high, share_of, city_only
        As in `Metric`.

    Raises
    ------
    ValueError
        If the function has no docstring.
    """

    def decorated(function: "Callable[..., np.ndarray]") -> Metric:
        doc, doc_zh = _definitions(function)
        about = (function.__name__, function, unit, low, high, better, group)
        return Metric(*about, title, title_zh, doc, doc_zh, share_of, city_only)

    return decorated


def _definitions(function: "Callable[..., np.ndarray]") -> tuple[str, str]:
    """The definition in English and, if given, in Chinese, from a docstring; each without full stop."""
    first, *more = [" ".join(part.split()) for part in BLANK.split(function.__doc__ or "")]
    if not first and sys.flags.optimize < 2:  # with -OO Python removes docstrings
        raise ValueError(f"{function.__name__}: a metric needs a docstring, which is its definition")
    chinese = more[0] if more and CHINESE.search(more[0]) else ""
    return first.rstrip("."), chinese.rstrip("。")
