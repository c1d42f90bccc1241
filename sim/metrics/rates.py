"""What sources say of rates in a large Chinese city about 2020 (`rates.csv`): what the baseline is calibrated to and held against."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Range(NamedTuple):
    """What sources say of one rate.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note_en, note_zh : str
        What was seen, and what the range leaves open.
    """

    low: float
    high: float
    note_en: str
    note_zh: str

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range."""
        return self.low <= value <= self.high


@cache
def ranges(preset: str = "") -> dict[str, Range]:
    """Ranges by rate for a city: those of Shanghai, but for what is known of the preset itself.

    They are a judgement over sources that differ; official ones are likely flattering.
    """
    found: dict[str, Range] = {}
    with Path(__file__).with_name("rates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["preset"] in ("", preset):
                found[row["rate"]] = Range(float(row["low"]), float(row["high"]), row["note_en"], row["note_zh"])
    return found
