"""What sources say of rates in a large Chinese city about 2020, as the report words it (the figures: `sim/metrics/rates.csv`)."""

from typing import TYPE_CHECKING, NamedTuple

from sim.report.text.words import Words
from sim.scenario.cities.known_rates import known_rates
from sim.scenario.cities.reference_rates import Range as Known
from sim.scenario.cities.reference_rates import reference_ranges

if TYPE_CHECKING:
    from sim.scenario import Scenario


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


def _worded(found: dict[str, Known]) -> dict[str, Range]:
    return {rate: Range(known.low, known.high, Words(known.note_en, known.note_zh)) for rate, known in found.items()}


def ranges_of(scenario: "Scenario") -> dict[str, Range]:
    """Ranges by rate for the city of a scenario: its preset's own before the reference."""
    return _worded(known_rates(scenario))


RANGE = _worded(reference_ranges())
"""By rate. The ranges are a judgement over sources that differ; official ones are likely flattering."""

RANGE_OF_CITY = {"beijing_2020": _worded(reference_ranges("beijing_2020"))}
"""Ranges where more is known of a preset itself."""
