"""Organisations of residents: committees, social organisations, workplace unions. Their rules are defined in the mechanisms."""

from typing import Any

from sim.city.agents import CityAgent, CommunityAgent
from sim.city.columns import Column

SPECIALITIES = ("mutual_aid", "mediation", "culture")
DUTIES = ("mediation", "patrol", "aid", "voice")
"""Duties among which a committee splits its volunteers' hours, in the order of `ResidentsCommittee.duty`."""


class ResidentsCommittee(CommunityAgent):
    """The residents' committee of one community: allocates its volunteers' hours and can be captured by a few."""

    community = Column("i4", "its community", fixed=True)
    hours = Column("f4", "volunteer hours available this week", unit="hours", low=0.0)
    duty = Column("f4", "shares of the hours for mediation, patrol, aid and voice", slots=4, low=0.0, high=1.0)
    skill = Column("f4", "skill in mediation; grows with practice", unit="1 = usual", low=0.0, high=2.0)
    capture = Column("f4", "degree to which a few control it", low=0.0, high=1.0)
    reputation = Column("f4", "standing among residents", low=0.0, high=1.0)
    caseload = Column("i8", "cases waiting for mediation", unit="cases", low=0)

    @property
    def residents(self) -> Any:
        """All residents of its community, as a `ColumnSet`."""
        own = self._table.communities[self.community]
        return self.model.roster.rows("Resident", range(int(own["first"]), int(own["first"] + own["residents"])))

    @property
    def neighbours(self) -> Any:
        """The other committees of its sub-district, as a `ColumnSet`."""
        return self.model.roster.of(type(self)).select(lambda other: other != self, subdistrict=self.subdistrict)


class SocialOrganisation(CommunityAgent):
    """A social organisation with a speciality; grows or shrinks with its reputation and funds."""

    community = Column("i4", "community in which it works", fixed=True)
    speciality = Column("u1", "its field of work", choices=SPECIALITIES, low=0, high=2, fixed=True)
    effort = Column("f4", "help that its volunteers give", unit="1 = usual", low=0.0, high=4.0)
    reputation = Column("f4", "standing among residents", low=0.0, high=1.0)


class WorkplaceUnion(CityAgent):
    """The workplace unions of one sub-district: help to settle disputes at work in negotiation."""

    subdistrict = Column("i4", "its sub-district", fixed=True)
    coverage = Column("f4", "share of disputes at work in which it helps", low=0.0, high=1.0)
    sought = Column("f4", "disputes at work that arise in its sub-district, smoothed", unit="cases/week", low=0.0)
    caseload = Column("i8", "disputes under negotiation in its sub-district", unit="cases", low=0)
