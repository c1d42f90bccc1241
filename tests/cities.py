"""Small cities for tests, and the reference city."""

from functools import cache

import numpy as np

from sim.scenario import Scenario, load_scenario, read_scenario

KINDS = (
    "Resident ResidentsCommittee SocialOrganisation WorkplaceUnion CityGovernment DistrictGovernment SubdistrictOffice PoliceStation Court"
    " ServiceBureau"
).split()
"""Every kind of agent."""


def small(weeks: int = 10, residents: int = 1200, districts: int = 2, community_size: int = 200, **more) -> Scenario:
    """Scenario of a made-up city."""
    city = {"preset": "synthetic", "residents": residents, "districts": districts, "community_size": community_size}
    return read_scenario({"name": "small", "horizon": weeks, "city": city, **more})


def shares(table: np.ndarray) -> np.ndarray:
    """Shares of the budget of every instrument in every week of a lever table; 0 without a budget."""
    money, budget = table["money"].astype(np.float64), table["budget"].astype(np.float64)[:, None]
    return np.divide(money, budget, out=np.zeros_like(money), where=budget > 0)


@cache
def baseline() -> Scenario:
    """The reference city, as it is shipped."""
    return load_scenario("baseline")
