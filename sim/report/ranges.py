"""What sources say of rates in a large Chinese city about 2020, as the report words it (the figures: `sim/metrics/rates.csv`)."""

from typing import NamedTuple

from sim.metrics.rates import ranges
from sim.report.words import Words


class Range(NamedTuple):
    """What sources say of a rate in a large Chinese city about 2020.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note : Words
        What was seen, and what the range leaves open.
    """

    low: float
    high: float
    note: Words


def _worded(preset: str) -> dict[str, Range]:
    return {rate: Range(known.low, known.high, Words(known.note_en, known.note_zh)) for rate, known in ranges(preset).items()}


RANGE = _worded("")
"""By rate. The ranges are a judgement over sources that differ; official ones are likely flattering."""

RANGE_OF_CITY = {"beijing_2020": _worded("beijing_2020")}
"""Ranges where more is known of a preset itself."""
