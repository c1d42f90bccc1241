"""What the figures of a city tell about the model: which coefficients they identify, and how well the fitted model agrees by district.

Rates of the city are fitted (`sim.experiments.calibration.calibrate`). Districts are not: their differences are predicted from what the
communities are, so that a misfit of a district is a finding about the district or about the model.
"""

import math
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from sim import metrics
from sim.errors import UserError
from sim.messages import Joined, Message
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.record import YEAR
from sim.metrics.tables import all_metrics
from sim.scenario import Scenario
from sim.scenario.cities.figures import FIGURES, Figures, read_figures
from sim.scenario.cities.rates import TOLERANCE
from sim.simulation import Simulation

ALSO = {"rate_recorded": ("offending.base",), "rate_requests": ("mass_work.contact",)}
"""Coefficients that rates identify which are not among the targets of the reference calibration."""
SETTINGS = ("staff", "budget_spent")
"""Metrics that a scenario sets (`city.staffing`, `budget`, `policy`), so that a fit cannot use them."""
POISSON = 1.96
"""Standard deviations of an interval of 95 %."""


def figures_of(scenario: Scenario, figures: Figures | str | os.PathLike) -> Figures:
    """Figures, read from a file if need be.

    Raises
    ------
    UserError
        If the city of the scenario has no communities of its own, whose districts the figures could name; and as `read_figures`.
    """
    if isinstance(figures, Figures):
        return figures
    if not isinstance(figures, (str, os.PathLike)):
        raise UserError("figures: got a {kind}; expected a table (CSV or .xlsx)", kind=type(figures).__name__)
    if scenario.city.communities is None:
        raise UserError("figures: {name} has no communities of its own, whose districts they name", name=scenario.name)
    return read_figures(os.fspath(figures), scenario.city.communities)


def identified(rates: Iterable[str], free: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The free coefficients that rates identify, each with those rates."""
    rates = tuple(rates)
    found = {name: tuple(rate for rate in rates if rate in moves or name in ALSO.get(rate, ())) for name, moves in free.items()}
    return {name: own for name, own in found.items() if own}


def told(rates: Mapping[str, Any], free: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The free coefficients that figures identify, each with the rates of these.

    Raises
    ------
    UserError
        If there is none.
    """
    found = identified(rates, free)
    if not found:
        columns = [one.name for one in FIGURES.values() if one.metric not in SETTINGS]
        raise UserError("figures: none of them identifies a coefficient; expected one of {columns}", columns=Joined(columns))
    return found


def compare_districts(
    scenario: Scenario, figures: Figures, weeks: int, seeds: range, workers: int, tolerance: float = TOLERANCE
) -> pd.DataFrame:
    """Figures of districts against a scenario.

    Parameters
    ----------
    scenario : Scenario
        At the size at which it is simulated.
    figures : Figures
    weeks : int
        Weeks simulated; rates are means of the second half.
    seeds : range
    workers : int
        Replicates simulated at once.
    tolerance : float
        As in `sim.scenario.cities.figures.rates_of`.

    Returns
    -------
    DataFrame
        A row per district and figure of its last year: ``district, figure, rate, year, given, low, high`` (the tolerance and, of counts,
        the chance of so many events in the district and in the simulated one, as 95 % intervals of Poisson distributions, together),
        ``simulated``, ``misfit`` (half-widths from the figure; positive where the simulation is higher) and ``inside``.
    """
    share = scenario.city.population / scenario.city.communities.population * len(seeds) * (weeks - weeks // 2) / YEAR
    names = tuple(name for name in figures.names if FIGURES[name].metric not in CITY_ONLY)
    rates = tuple(FIGURES[name].metric for name in names)
    with ThreadPoolExecutor(workers) as pool:
        values = np.array(list(pool.map(lambda seed: _simulated(scenario, weeks, seed, rates), seeds)))
    districts = list(scenario.city.communities.districts)
    rows = []
    for number, name in enumerate(names):
        year = max(row.year for row in figures.rows if name in row.values)
        for district, (given, people) in figures.by_district(name, year).items():
            simulated = float(values[:, number, districts.index(district)].mean())
            rows.append(_row(district, name, year, (given, people), (simulated, figures.residents[district] * share), tolerance))
    columns = "district figure rate year given low high simulated misfit inside".split()
    return pd.DataFrame(rows, columns=columns)


def _simulated(scenario: Scenario, weeks: int, seed: int, rates: tuple[str, ...]) -> np.ndarray:
    """Rates of districts over the second half, shape (rates, districts)."""
    simulation = Simulation(scenario, seed)
    simulation.advance(weeks)
    found = all_metrics(simulation, names=rates)
    return np.array([found[rate][weeks // 2 :, 1:].mean(axis=0) for rate in rates]).reshape(len(rates), -1)


def _row(
    district: str, name: str, year: int, data: tuple[float, float], run: tuple[float, float], tolerance: float
) -> tuple[str, str, str, int, float, float, float, float, float, bool]:
    """One row, from the value and the residents (times years) of the data and of the simulation."""
    (given, _), (simulated, _) = data, run
    scale = FIGURES[name].per_resident
    chances = [] if scale is None else [_chance(value, people, scale) for value, people in (data, run)]
    half = math.hypot(tolerance * given, *chances)
    metric = METRICS[FIGURES[name].metric]
    low, high = max(metric.low, given - half), min(metric.high, given + half)
    misfit = (simulated - given) / half if half > 0 else math.nan
    return district, name, metric.name, year, given, low, high, simulated, misfit, bool(low <= simulated <= high)


def _chance(value: float, people: float, scale: float) -> float:
    """Half of the 95 % interval of a rate per `scale` residents, from the number of events among so many residents."""
    return POISSON * math.sqrt(max(value * people / scale, 1.0)) * scale / people


def settings_told(figures: Figures, scenario: Scenario, weeks: int, seed: int) -> tuple[Message, ...]:
    """Figures that a scenario sets instead of producing them, beside what it has."""
    found: list[Message] = []
    simulation: Simulation | None = None
    for name in figures.names:
        metric = FIGURES[name].metric
        if metric not in SETTINGS:
            continue
        if simulation is None:
            simulation = Simulation(scenario, seed)
            simulation.advance(weeks)
            last = metrics.weekly(simulation).iloc[weeks // 2 :]
        year = max(row.year for row in figures.rows if name in row.values)
        fields = {"figure": name, "given": f"{figures.of_city(name, year):,.4g}", "has": f"{last[metric].mean():,.4g}"}
        found.append(
            Message(
                "{figure}: {given} {unit} by your figures, {has} in the scenario, which sets it (city.staffing, budget, policy)",
                **fields,
                unit=METRICS[metric].unit,
            )
        )
    return tuple(found)
