"""Staff and costs of a city: the shipped table, with the figures that a preset or a scenario gives instead.

The shipped table is `scenarios/cities/staffing.csv`. A preset replaces some or all of its rows (``staffing: staffing.csv`` in its folder)
and the police officers (``police_per_1000``); a scenario replaces single figures (``city: {staffing: ...}``).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.city.staffing import FIGURES, PEOPLE, Staffing
from sim.errors import ScenarioError
from sim.levers import INSTRUMENTS
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.cities.staffing_rows import StaffingRow, figures_of, read_table_of_staffing

if TYPE_CHECKING:
    from sim.scenario.cities.preset import Preset

TABLE = "staffing.csv"
POLICING = "rule_of_law.policing"
SPENT = 0.95
"""Share of the governance budget that the staff of a city costs where its preset does not give the budget (assumption)."""

MOST_KNOWN = 32
_known: dict[int, tuple["Preset", Mapping[tuple[str, str], StaffingRow], Staffing]] = {}
"""Staffing of the last presets, by identity: presets never change, and the scenarios of a sweep share one."""

Overrides = Mapping[tuple[str, str], float]
"""Figures of a scenario by instrument and figure."""


@lru_cache(maxsize=1)
def shipped_rows() -> Mapping[tuple[str, str], StaffingRow]:
    """Every figure of the shipped table."""
    file = shipped_root() / "cities" / TABLE
    rows, _, problems = read_table_of_staffing(file.read_bytes(), f"cities/{TABLE}")
    if problems:
        raise ScenarioError(problems)
    return figures_of(rows)


def rows_of(preset: "Preset") -> Mapping[tuple[str, str], StaffingRow]:
    """Every figure of a preset's city, with range and source, in the order of `INSTRUMENTS` and `FIGURES`."""
    found = {**shipped_rows(), **figures_of(preset.staffing)}
    police = preset.police_per_1000 * PEOPLE / 1000.0
    known = found[POLICING, "staff"]
    if known.value != police:
        low, high = min(known.low, police), max(known.high, police)
        source = f"police_per_1000 of {preset.name}"
        found[POLICING, "staff"] = StaffingRow(instrument=POLICING, figure="staff", value=police, low=low, high=high, source=source)
    return {(name, figure): found[name, figure] for name in INSTRUMENTS for figure in FIGURES}


def staffing_of(preset: "Preset", overrides: Overrides | None = None) -> Staffing:
    """Staff and costs of a preset's city.

    Parameters
    ----------
    preset : Preset
    overrides : mapping of (str, str) to float, optional
        Figures of a scenario, by instrument and figure. They do not change the budget.
    """
    known = _known.get(id(preset))
    if known is None or known[0] is not preset:
        rows = rows_of(preset)
        table = _values(rows, {})
        budget = preset.budget_per_resident or float(np.sum(_money(table))) / SPENT
        known = preset, rows, Staffing(preset.currency, preset.price_year, budget, *table)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[id(preset)] = known
    _, rows, staffing = known
    if not overrides:
        return staffing
    return Staffing(staffing.currency, staffing.price_year, staffing.budget, *_values(rows, overrides))


def _values(rows: Mapping[tuple[str, str], StaffingRow], overrides: Overrides) -> tuple[np.ndarray, ...]:
    """One array for each of `FIGURES`, shape (instruments,)."""
    found = []
    for figure in FIGURES:
        values = np.array([overrides.get((name, figure), rows[name, figure].value) for name in INSTRUMENTS], np.float64)
        values.setflags(write=False)
        found.append(values)
    return tuple(found)


def _money(table: tuple[np.ndarray, ...]) -> np.ndarray:
    """Money of the staff of today: currency per resident and year, shape (instruments,)."""
    staff, cost, share = table[:3]
    return staff * (cost / share) / PEOPLE
