"""Small cities for tests."""

from sim.scenario import Scenario, read_scenario

KINDS = (
    "Resident ResidentsCommittee SocialOrganisation WorkplaceUnion CityGovernment DistrictGovernment SubdistrictOffice PoliceStation Court"
    " ServiceBureau"
).split()
"""Every kind of agent."""


def small(weeks: int = 10, residents: int = 1200, districts: int = 2, community_size: int = 200, **more) -> Scenario:
    """Scenario of a made-up city."""
    city = {"preset": "synthetic", "residents": residents, "districts": districts, "community_size": community_size}
    return read_scenario({"name": "small", "horizon": weeks, "city": city, **more})
