"""What is known of a city's rates: what the baseline is calibrated to and held against.

Of a large Chinese city about 2020 sources are gathered in `rates.csv`: the reference. A preset may know more of its own city, and whoever
calibrates may bring figures of their own (`sim.scenario.rates_given`); each replaces the reference for the rates that it names.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import UserError
from sim.metrics.catalogue import METRICS
from sim.scenario.presets import preset_of
from sim.scenario.rates import Rate
from sim.scenario.rates_given import read_rates

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

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


def ranges(preset: str = "") -> dict[str, Range]:
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


def known_rates(scenario: "Scenario", rates: Any = None, reference: bool = True) -> dict[str, Range]:
    """What is known of the rates of a scenario's city.

    Parameters
    ----------
    scenario : Scenario
    rates : path, DataFrame, mapping or sequence, optional
        Rates of one's own, see `sim.scenario.rates_given.read_rates`; they go before those of the preset, and these before the reference.
    reference : bool
        Whether rates that nobody names are those of the reference, or left out.

    Raises
    ------
    UserError
        When a rate is wrong, or none is left.
    """
    found = ranges(scenario.city.preset) if reference else {}
    found |= _by_name(preset_of(scenario.city).rates, PRESET)
    found |= _by_name(read_rates(rates), GIVEN) if rates is not None else {}
    if not found:
        raise UserError("rates: nothing is known without the reference; expected rates of your own, or a preset that has some")
    return found


def _by_name(rates: Iterable[Rate], origin: str) -> dict[str, Range]:
    return {one.rate: Range(one.low, one.high, one.source, one.source, one.value, one.year, origin) for one in rates}


def described(known: dict[str, Range]) -> "dict[str, list[Any]]":
    """Columns that say of every rate what was known, in which unit, of which year, and who says so."""
    return {
        "value": [float("nan") if about.value is None else about.value for about in known.values()],
        "unit": [METRICS[name].unit for name in known],
        "year": [about.year for about in known.values()],
        "source": [about.note_en for about in known.values()],
        "origin": [about.origin for about in known.values()],
    }


def counted(rates: "pd.DataFrame") -> dict[str, int]:
    """How many rates of a table of results come from where, in the order of what goes first; see `described`."""
    return {origin: count for origin in (GIVEN, PRESET, REFERENCE) if (count := int((rates["origin"] == origin).sum()))}
