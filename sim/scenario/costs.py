"""What the levers and instruments of a scenario cost and whom they employ, for the real size of its city."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.city.staffing import PEOPLE
from sim.levers import INSTRUMENTS, LEVERS
from sim.scenario.cities.presets import preset_of
from sim.spec import numbers_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Cost:
    """What a lever or an instrument costs, employs and does.

    Parameters
    ----------
    name : str
        ``lever`` or ``lever.instrument``.
    share : float
        Of the budget; 0 where there is no budget.
    money : float
        Currency per resident and year.
    millions : float
        Currency per year for the whole city, in millions.
    staff : float
        Per 10,000 residents.
    people : float
        Staff of the whole city.
    work : float
        Units of work per resident and year; not a number for a lever, whose instruments do different work.
    now : float
        What the staff of the city as it is costs: currency per resident and year.
    """

    name: str
    share: float
    money: float
    millions: float
    staff: float
    people: float
    work: float
    now: float


def real_residents(scenario: "Scenario") -> int:
    """Residents of the city at its real size."""
    return preset_of(scenario.city).population


def costs(scenario: "Scenario", week: int = 0) -> dict[str, Cost]:
    """Cost of every lever, each before its instruments, in one week.

    Parameters
    ----------
    scenario : Scenario
    week : int
        0 is the first week, which has the changes of the timeline that begin with it at once.
    """
    table, staffing = scenario.lever_table()[week], scenario.staffing
    money, staff = np.asarray(table["money"], np.float64), np.asarray(table["staff"], np.float64)
    work = staffing.work_of(staff, numbers_of(scenario.mechanisms["budget"])["exponent"])
    now, budget = staffing.money_for(staffing.staff), float(table["budget"])
    residents = real_residents(scenario)

    def cost(name: str, places: Sequence[int]) -> Cost:
        paid, employed = float(money[places].sum()), float(staff[places].sum())
        done = float(work[places[0]]) if "." in name else float("nan")
        share, people = paid / budget if budget > 0 else 0.0, employed / PEOPLE * residents
        return Cost(name, share, paid, paid * residents / 1e6, employed, people, done, float(now[places].sum()))

    found = {}
    for lever, parts in LEVERS.items():
        names = [f"{lever}.{part}" for part in parts]
        found[lever] = cost(lever, [INSTRUMENTS.index(name) for name in names])
        found |= {name: cost(name, [INSTRUMENTS.index(name)]) for name in names}
    return found


def budget_of(scenario: "Scenario", week: int = 0) -> float:
    """Budget in one week: currency per resident and year."""
    return float(scenario.lever_table()["budget"][week])


def count_text(value: float) -> str:
    """A number of people or of pieces of work: whole from 100 on, otherwise three digits, never with an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else np.format_float_positional(float(f"{value:.3g}"), trim="-")
