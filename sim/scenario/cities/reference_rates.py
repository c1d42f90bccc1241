"""Reference rates of a large Chinese city about 2020 from published sources (`rates.csv`), with which a baseline is compared."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

REFERENCE, PRESET, GIVEN = "reference", "preset", "given"
"""Origins of a range: `rates.csv`, the preset of the city, or the user."""


class Range(NamedTuple):
    """Known range of one rate.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note_en, note_zh : str
        What was observed where, and limitations of the range.
    value : float, optional
        The value, if known; a fit aims at it instead of the middle of the range.
    year : int, optional
        Year of observation.
    origin : str
        `REFERENCE`, `PRESET` or `GIVEN`.
    """

    low: float
    high: float
    note_en: str
    note_zh: str
    value: float | None = None
    year: int | None = None
    origin: str = REFERENCE

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range."""
        return self.low <= value <= self.high


def reference_ranges(preset: str = "") -> dict[str, Range]:
    """Reference ranges by rate for a city: those of Shanghai, except for rates of the preset itself.

    They are judgements based on differing sources; official figures are probably too favourable.
    """
    return {rate: known for rate, of, known in _reference() if of in ("", preset)}


@cache
def _reference() -> tuple[tuple[str, str, Range], ...]:
    """Rows of the reference: rate, preset (empty for all) and range."""
    with Path(__file__).with_name("rates.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["rate"], row["preset"], Range(float(row["low"]), float(row["high"]), row["note_en"], row["note_zh"]))
            for row in csv.DictReader(file)
        )
