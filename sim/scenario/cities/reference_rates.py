"""What sources say of the rates of a large Chinese city about 2020 (`rates.csv`): the reference that a baseline is held against."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

REFERENCE, PRESET, GIVEN = "reference", "preset", "given"
"""Where a range comes from: `rates.csv`, the preset of the city, or whoever calibrates."""


class Range(NamedTuple):
    """What is known of one rate.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note_en, note_zh : str
        What was seen and where, and what the range leaves open.
    value : float, optional
        The value itself, where one is named; what a fit aims at, in the place of the middle.
    year : int, optional
        Year that was observed.
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
    """Reference ranges by rate for a city: those of Shanghai, but for what is known of the preset itself.

    They are a judgement over sources that differ; official ones are likely flattering.
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
