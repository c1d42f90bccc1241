"""Staff, cost and throughput of every instrument: money pays for staff, and staff does work."""

from dataclasses import dataclass

import numpy as np

FIGURES = ("staff", "cost", "staff_share", "throughput", "weeks", "returns")
"""Figures of each instrument, in the order of the table ``staffing.csv`` of a city."""
PEOPLE = 10_000.0
"""Residents to which staff is counted."""


@dataclass(frozen=True, eq=False)
class Staffing:
    """What the staff of each instrument costs and does in a city. Arrays have one value for each of `sim.levers.INSTRUMENTS`.

    Parameters
    ----------
    currency : str
        Currency of all amounts, as an ISO 4217 code.
    price_year : int
        Year of the prices.
    budget : float
        Governance budget of the city where ``budget`` of a scenario is 1: currency per resident and year.
    staff : ndarray of float64
        Staff of the city as it is, per 10,000 residents: with which it starts, and at which the throughput was observed.
    cost : ndarray of float64
        Cost of a member of staff, with overhead: currency per year.
    staff_share : ndarray of float64
        Share of an instrument's money that pays for staff; the rest buys what they need for their work.
    throughput : ndarray of float64
        Units of work of a member of staff in a year (see `sim.levers.rows.Instrument.work`).
    weeks : ndarray of float64
        Time constant with which staff follows its money, in weeks.
    returns : ndarray of float64
        Exponent of work in staff: 1 where work is proportional to staff, 0 where more staff adds nothing.
    """

    currency: str
    price_year: int
    budget: float
    staff: np.ndarray
    cost: np.ndarray
    staff_share: np.ndarray
    throughput: np.ndarray
    weeks: np.ndarray
    returns: np.ndarray

    def price(self) -> np.ndarray:
        """Money for a member of staff and what they need: currency per year, shape (instruments,)."""
        return self.cost / self.staff_share

    def staff_for(self, money: np.ndarray) -> np.ndarray:
        """Staff per 10,000 residents that some money pays for.

        Parameters
        ----------
        money : ndarray, shape (..., instruments)
            Currency per resident and year.
        """
        return np.asarray(money) / self.price() * PEOPLE

    def money_for(self, staff: np.ndarray) -> np.ndarray:
        """Money that some staff costs: currency per resident and year; the inverse of `staff_for`."""
        return np.asarray(staff) * self.price() / PEOPLE

    def work_of(self, staff: np.ndarray, exponent: float = 1.0) -> np.ndarray:
        """Work of some staff: units per resident and year.

        Parameters
        ----------
        staff : ndarray, shape (..., instruments)
            Per 10,000 residents.
        exponent : float
            Factor on `returns`, as of the mechanism `budget`.
        """
        more = np.divide(staff, self.staff, out=np.ones(np.shape(staff)), where=self.staff > 0)
        return self.throughput * np.asarray(staff) / PEOPLE * more ** (exponent * self.returns - 1.0)
