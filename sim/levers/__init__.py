"""The levers of policy: shares of the budget with their instruments, and stances, each registered in one row.

A leaf module: scenarios set levers, mechanisms read them, and pages show them. `sim.levers.instruments` and `sim.levers.stances` contain
the rows; this module derives record types, names and defaults from them.
"""

import numpy as np

from sim.levers.instruments import BUDGET_LEVERS
from sim.levers.rows import Instrument, Texts
from sim.levers.stances import STANCES

LEVERS: dict[str, tuple[str, ...]] = {name: tuple(lever.instruments) for name, lever in BUDGET_LEVERS.items()}
"""Names of the instruments of each lever of the budget."""

INSTRUMENT_ROWS: dict[str, Instrument] = {
    f"{lever}.{name}": row for lever, whole in BUDGET_LEVERS.items() for name, row in whole.instruments.items()
}
"""Every instrument by name, ``lever.instrument``."""

INSTRUMENTS: tuple[str, ...] = tuple(INSTRUMENT_ROWS)
"""Every instrument as ``lever.instrument``, in the order of the columns of `LEVER_WEEK`'s ``money``."""

REFERENCE_SHARES: dict[str, float] = {name: lever.share for name, lever in BUDGET_LEVERS.items()}
"""Share of each lever in the governance budget where a scenario gives none (assumption)."""

DEFAULT_SPLITS: dict[str, dict[str, float]] = {
    name: {part: row.weight for part, row in lever.instruments.items()} for name, lever in BUDGET_LEVERS.items()
}
"""Default split of a lever's share over its instruments (assumption)."""

LEVER_WEEK = np.dtype(
    [
        ("budget", "f4"),
        ("money", "f4", (len(INSTRUMENTS),)),
        ("staff", "f4", (len(INSTRUMENTS),)),
        *((name, "u1" if row.choices else "f4") for name, row in STANCES.items()),
    ]
)
"""One week of policy: budget and money of each instrument (currency per resident and year), staff that it pays for (per 10,000 residents),
stances."""

NAMES: dict[str, Texts] = {
    **{choice: names for stance in STANCES.values() for choice, names in stance.choices.items()},
    **{name.partition(".")[2]: row.names for name, row in INSTRUMENT_ROWS.items()},
    **{name: lever.names for name, lever in BUDGET_LEVERS.items()},
    **{name: stance.names for name, stance in STANCES.items()},
}
"""Displayed names of levers, instruments, stances and the values of choices, by language."""


def instrument(name: str) -> int:
    """Column of an instrument in the lever table, as in ``instrument("rule_of_law.policing")``."""
    return INSTRUMENTS.index(name)


def read_as(name: str) -> tuple[str, ...]:
    """Entries of `Mechanism.reads` that use a lever: ``levers.<stance>``, or the work of the staff that a district's money pays for.

    A mechanism reads the work or the staff of an instrument (``districts.work.<lever>.<instrument>``), or those of all of a lever.
    """
    if name not in INSTRUMENT_ROWS:
        return (f"levers.{name}",)
    return tuple(f"districts.{column}.{one}" for column in ("work", "staff") for one in (name, name.partition(".")[0]))
