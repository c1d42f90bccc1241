"""Small cities for tests, and the reference city."""

from functools import cache

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


@cache
def baseline() -> Scenario:
    """The reference city, as it is shipped."""
    return load_scenario("baseline")
