"""How the dashboard describes agents: their kinds, their columns with units, and the values of columns."""

import numpy as np

from sim.city.columns import Column
from sim.metrics import METRICS
from sim.report.parts.numbers import number
from sim.report.text.catalogue import has, say
from sim.report.text.labels import metric_title

HIDDEN = ("events",)
"""Columns with packed bits, without meaning for a reader."""


STOPS = ("tenure", "since_volunteering")
"""Columns whose highest value is not a number of weeks but a special value with its own text."""


def counted(name: str, column: Column, values: np.ndarray) -> np.ndarray:
    """Values as numbers; special values (`STOPS`) become NaN."""
    values = np.asarray(values, float)
    return np.where(values >= column.high, np.nan, values) if name in STOPS and column.high is not None else values


def shown(column: Column) -> bool:
    """Whether a column is meaningful to a reader."""
    return not column.slots and column.name not in HIDDEN


def kind_title(kind: str, lang: str) -> str:
    """Words for a kind of agent."""
    return say(f"kind_{kind}", lang)


def column_title(kind: str, name: str, lang: str) -> str:
    """Words for a column of a kind of agent."""
    for key in (f"column_{kind}.{name}", f"column_{name}"):
        if has(key):
            return say(key, lang)
    return metric_title(name, lang) if name in METRICS else name.replace("_", " ")


def stop_words(name: str, lang: str) -> str:
    """What the highest value of one of `STOPS` means."""
    return say(f"stop_{name}", lang)


def value_words(value: object, column: Column, lang: str) -> str:
    """A value of a column as text."""
    if isinstance(value, str):
        return say(f"choice_{value}", lang) if has(f"choice_{value}") else value.replace("_", " ")
    if (column.low, column.high) == (0, 1) and isinstance(value, int):
        return say("yes" if value else "no", lang)
    return number(float(value)) if isinstance(value, float) else f"{value:,}"  # type: ignore[str-bytes-safe]
