"""The shipped table of staff and costs, with units, ranges and sources."""

from sim.city.staffing import FIGURES
from sim.levers import INSTRUMENT_ROWS, INSTRUMENTS
from sim.messages import Message, Words
from sim.scenario.cities.presets import SYNTHETIC, load_preset
from sim.scenario.cities.staffing import shipped_rows
from sim.scenario.cities.staffing_rows import BOUNDS, StaffingRow
from sim.text import localized, table

TITLES = {
    "staff": Message("staff"),
    "cost": Message("unit cost"),
    "staff_share": Message("part for staff"),
    "throughput": Message("throughput"),
    "weeks": Message("time constant"),
    "returns": Message("returns"),
}
"""What the figures are called."""
UNITS = {
    "staff": Message("per 10,000 residents"),
    "cost": Message("yuan per member of staff and year"),
    "staff_share": Message("of the money"),
    "weeks": Message("weeks"),
    "returns": Message("exponent of work in staff"),
}
"""Their units; the unit of work of the throughput is the instrument's own."""


def figure_rows(name: str) -> list[tuple[Words, ...]]:
    """The figures of an instrument: value, range, unit and source."""
    return [_row(shipped_rows()[name, figure], name) for figure in FIGURES]


def _row(row: StaffingRow, name: str) -> tuple[Words, ...]:
    unit = UNITS.get(row.figure) or Message("{work} per member of staff and year", work=localized(INSTRUMENT_ROWS[name].work))
    between = Message("{low} to {high}", low=f"{row.low:,g}", high=f"{row.high:,g}")
    return f"  {TITLES[row.figure]}", f"{row.value:,g}", between, unit, row.source


def staffing_text() -> str:
    """The whole table, instrument by instrument."""
    preset = load_preset(SYNTHETIC)
    about = {"year": preset.price_year, "budget": preset.budget_per_resident}
    head = Message("Staff and costs of the shipped cities, in yuan of {year}; budget: {budget:,g} yuan per resident and year", **about)
    parts = [f"{name}: {localized(INSTRUMENT_ROWS[name].staff)}\n{table(figure_rows(name))}" for name in INSTRUMENTS]
    keys = "\n".join(f"  {TITLES[figure]} ({figure}): {bounds.doc}" for figure, bounds in BOUNDS.items())
    note = Message("Figures of your own: city.staffing.LEVER.INSTRUMENT.FIGURE in a scenario, or a table in a preset's folder")
    return f"{head}\n\n{keys}\n\n" + "\n\n".join(parts) + f"\n\n{note}"
