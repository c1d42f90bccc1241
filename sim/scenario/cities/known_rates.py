"""Known rates of a city, to which the baseline is calibrated and with which it is compared.

The reference for a large Chinese city about 2020 is in `rates.csv`, with sources. A preset may contain figures of its own city, and a user
may provide further figures for calibration (`sim.scenario.cities.rates_given`); each replaces the reference for the rates that it contains.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.metrics.catalogue import METRICS
from sim.scenario.cities.presets import preset_of
from sim.scenario.cities.rates import Rate
from sim.scenario.cities.rates_given import read_rates
from sim.scenario.cities.reference_rates import GIVEN, PRESET, REFERENCE, Range, reference_ranges

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


def known_rates(scenario: "Scenario", rates: Any = None, reference: bool = True) -> dict[str, Range]:
    """Known rates of a scenario's city.

    Parameters
    ----------
    scenario : Scenario
    rates : path, DataFrame, mapping or sequence, optional
        A user's own rates, see `sim.scenario.cities.rates_given.read_rates`; they take precedence over those that the scenario's
        ``city.rates`` names, these over those of the preset, and these over the reference.
    reference : bool
        Whether other rates are taken from the reference, or left out.

    Raises
    ------
    UserError
        If a rate is invalid, or none is left.
    """
    found = reference_ranges(scenario.city.preset) if reference else {}
    found |= _by_name(preset_of(scenario.city).rates, PRESET)
    found |= _by_name(scenario.city.rates.rows, GIVEN) if scenario.city.rates is not None else {}
    found |= _by_name(read_rates(rates), GIVEN) if rates is not None else {}
    if not found:
        raise UserError("rates: nothing is known without the reference; expected rates of your own, or a preset that has some")
    return found


def _by_name(rates: Iterable[Rate], origin: str) -> dict[str, Range]:
    return {one.rate: Range(one.low, one.high, one.source, one.source, one.value, one.year, origin) for one in rates}


def described(known: dict[str, Range]) -> "dict[str, list[Any]]":
    """Columns with the known value, unit, year and source of every rate."""
    return {
        "value": [float("nan") if about.value is None else about.value for about in known.values()],
        "unit": [METRICS[name].unit for name in known],
        "year": [about.year for about in known.values()],
        "source": [about.note_en for about in known.values()],
        "origin": [about.origin for about in known.values()],
    }


def counted(rates: "pd.DataFrame") -> dict[str, int]:
    """Number of rates in a table of results by origin, in order of precedence; see `described`."""
    return {origin: count for origin in (GIVEN, PRESET, REFERENCE) if (count := int((rates["origin"] == origin).sum()))}
