"""Rules of the town: committees visit, and volunteers rest."""

from sim import AgentRule


class Visits(AgentRule):
    """Now and then a committee visits its residents, who feel closer for it."""

    kind = "ResidentsCommittee"
    every = 13
    chance = 0.5

    def act(self, committee, city):
        if city.week % self.every == 0 and city.random.random() < self.chance:
            city.shift(committee.residents, "cohesion", 0.01)


def rest(city, every=26):
    """Twice a year volunteers rest."""
    if city.week % every == every - 1:
        helpers = city.residents.select(status="volunteering")
        helpers.set("fatigue", helpers.array("fatigue") / 2)
