"""The plan of a city and its policy: everything that a city needs from a scenario, as plain values.

A scenario returns one (`Scenario.city_plan`); the city is built from it (`sim.city.build`) without access to files or schemas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.city.staffing import Staffing


class DistrictPlan(NamedTuple):
    """One district: residents at full size, share without local registration (None: unknown), km east and north of the centre."""

    name: str
    name_zh: str
    population: int
    nonlocal_share: float | None
    x: float
    y: float


class CommunityPlan(NamedTuple):
    """One community: residents at full size, hardship in [0, 1], share without local registration, km east and north of the centre.

    Its facilities (shops, bars, stations, markets ...) are a number, its estates the share of commodity estates; None where unknown.
    """

    community: str
    district: str
    subdistrict: str
    population: int
    hardship: float
    nonlocal_share: float | None
    x: float
    y: float
    facilities: float | None = None
    estates: float | None = None


class ShockPlan(NamedTuple):
    """One shock: kind, first week, first week after it, strength, affected district or community (both None: all), and service."""

    kind: str
    at: int
    end: int
    strength: float
    district: str | None
    community: str | int | None
    key: str
    """Its key in the scenario, for messages."""
    service: str = "health"
    """The service of which a facility closes; of no meaning for other kinds."""


class PlacesPlan(NamedTuple):
    """The part of a plan from which the sizes of places follow, whatever the seed and the policy.

    Parameters
    ----------
    residents : int
        Number of residents: the city's real size times its scale.
    districts : tuple of DistrictPlan
    communities : tuple of CommunityPlan, optional
        Given communities, ordered by district; None where they are generated.
    borders : tuple of (int, int), optional
        Pairs of bordering communities, by number; if None, the nearest communities count as bordering.
    community_size : int
        Residents of a generated community.
    nonlocal_share, household_size : float
        Of the whole city: residents without local registration, members of a household.
    subdistrict_units : int
        Sub-districts at the city's real size.
    """

    residents: int
    districts: tuple[DistrictPlan, ...]
    communities: tuple[CommunityPlan, ...] | None
    borders: tuple[tuple[int, int], ...] | None
    community_size: int
    nonlocal_share: float
    household_size: float
    subdistrict_units: int


@dataclass(frozen=True, eq=False)
class CityPlan:
    """A city to build.

    Parameters
    ----------
    places : PlacesPlan
    staffing : Staffing
        What the staff of each instrument costs and does.
    weeks : int
        Horizon.
    policies : ndarray of records, shape (weeks, policies)
        Every policy that a district follows, week by week (see `sim.levers.LEVER_WEEK`); the first is that of districts without one of
        their own.
    policy_of : ndarray of int64, shape (districts,)
        The policy of every district.
    shocks : tuple of ShockPlan
    satisfaction_weights : tuple of float
        Weights of belonging, happiness and security.
    parameters : ndarray, shape (1,)
        Parameters of all mechanisms as one record, see `sim.mechanisms.base.pack`.
    enabled : ndarray of uint8, shape (mechanisms,)
        1 for each enabled mechanism.
    counts : int
        Number of counts and sums recorded per week.
    resident : type
        The kind of resident.
    widen : callable
        ``widen(communities, tiles)`` returns both with the fields added that plug-ins need.
    """

    places: PlacesPlan
    staffing: Staffing
    weeks: int
    policies: np.ndarray
    policy_of: np.ndarray
    shocks: tuple[ShockPlan, ...]
    satisfaction_weights: tuple[float, float, float]
    parameters: np.ndarray
    enabled: np.ndarray
    counts: int
    resident: type
    widen: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
