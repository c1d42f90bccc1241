"""Street parties: neighbours come closer, and those who help are tired the week after."""

from sanzhi import AgentRule


class StreetParty(AgentRule):
    """Every quarter, committees that people think well of may hold a party for their community."""

    kind = "ResidentsCommittee"
    every = 13  # weeks between parties
    chance = 0.6  # that a committee holds one
    standing = 0.5  # reputation that it takes
    closer = 0.02  # cohesion that residents gain
    tiring = 0.05  # fatigue of those who volunteer

    def select(self, committees, city):
        if city.week % self.every > 0:
            return []
        return committees.select(reputation=lambda reputation: reputation >= self.standing)

    def act(self, committee, city):
        if city.random.random() < self.chance:
            city.shift(committee.residents, "cohesion", self.closer)
            city.shift(committee.residents.select(status="volunteering"), "fatigue", self.tiring)


def night_off(city, every=52):
    """Once a year, every committee gives its volunteers a rest."""
    if city.week % every == every - 1:
        helpers = city.residents.select(status="volunteering")
        helpers.set("fatigue", helpers.array("fatigue") / 2)
