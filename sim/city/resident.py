"""Residents: one row each, up to 25 million; children are present but make no decisions."""

from typing import Any

from sim.city.agents import CommunityAgent
from sim.city.codes import AGE_GROUPS, CASE_KINDS, COOPERATION, FAR, NEAR, RUMOUR, STAGES, STATUS
from sim.city.columns import Column, Derived
from sim.city.table import ColumnTable


def share(doc: str, **more: Any) -> Column:
    """A changing column in [0, 1]."""
    return Column("f4", doc, low=0.0, high=1.0, **more)


def trait(doc: str, low: float = 0.0, high: float = 1.0, unit: str = "1") -> Column:
    """A fixed number, rounded to 16 bits."""
    return Column("f4", doc, unit=unit, low=low, high=high, fixed=True, coded="u2" if low == 0.0 else "i2")


def _community(table: ColumnTable, rows: Any) -> Any:
    return table.records["community"][table.locate(rows)[0]]


class Resident(CommunityAgent):
    """A resident of the city (view of a row)."""

    hardship = trait("economic and social hardship")
    risk_aversion = trait("aversion to being arrested (R)")
    susceptibility = trait("weight of other people's shown norms against the person's own anchor")
    confidence_bound = trait("largest distance at which a public message still pulls")
    norm_anchor = trait("norm the person was brought up with (m0)")
    engagement = trait("lasting disposition to volunteer: a factor on joining", high=30.0, unit="factor")
    proneness = trait("lasting disposition to get into disputes: a factor on their hazard", high=50.0, unit="factor")
    mood = trait("lasting disposition to be happy, added to happiness", low=-1.0, unit="share")
    leniency = trait("lasting disposition to find services good, added to their perception", low=-1.0, unit="share")
    age_group = Column("u1", "age group", choices=AGE_GROUPS, high=5, low=0, fixed=True)
    local = Column("u1", "1 with local household registration", low=0, high=1, fixed=True)
    cooperation = Column("u1", "cooperation type", choices=COOPERATION, low=0, high=3, fixed=True)
    household_place = Column("u1", "position within the household, from 0", low=0, high=7, fixed=True)
    household_size = Column("u1", "people in the household", low=1, high=8, fixed=True)
    near = Column("u2", "ties within the community, as offsets from its first resident; household first", slots=NEAR, fixed=True)
    far = Column("u4", "ties beyond the community, as resident numbers: workplace, long-range", slots=FAR, fixed=True)

    legitimacy = share("private view of government (L)", coded="u2")
    norm = share("civic norm (m)", coded="u2")
    cohesion = share("trust in neighbours")
    efficacy = share("belief that taking part matters")
    fatigue = share("exhaustion from volunteering")
    sanction_risk = share("perceived risk of being caught (p)", coded="u2")
    grievance = share("stock of grievance from cases and events")
    expectation = share("expected service (E)")
    service = share("perceived service (P)", coded="u2")
    belonging = share("sense of belonging to the neighbourhood", coded="u2")
    happiness = share("happiness with life in the city", coded="u2")
    security = share("feeling safe", coded="u2")
    police_trust = share("verdict on the police", coded="u2")
    credibility = share("credibility given to public messages")
    integration = share("how settled the person is in the city; 1 with local registration")
    strain = share("perceived hardship, including unemployment and social security", coded="u2")
    status = Column("u1", "what the person is doing", choices=STATUS, low=0, high=3)
    weeks_left = Column("u1", "weeks of detention left", unit="weeks", low=0, high=255)
    tired = Column("u1", "weeks for which the person does not join another protest", unit="weeks", low=0, high=255)
    case_stage = Column("u1", "stage of the open case", choices=STAGES, low=0, high=4)
    case_age = Column("u1", "age of the open case (stops at 255)", unit="weeks", low=0, high=255)
    since_volunteering = Column("u1", "weeks since last volunteered (stops at 255)", unit="weeks", low=0, high=255)
    case_kind = Column("u1", "what the open case is about", choices=CASE_KINDS, low=0, high=2)
    jobless = Column("u1", "weeks of unemployment (0 if employed or not of working age; stops at 255)", unit="weeks", low=0, high=255)
    tenure = Column("u2", "weeks lived in the city (stops at 65535)", unit="weeks", low=0, high=65535)
    rumour = Column("u1", "state with respect to the current rumour", choices=RUMOUR, low=0, high=2)
    events = Column("u1", "events of this week, as bits; cleared at the end of the week", low=0, high=255)

    community = Derived(_community, "number of the person's community")

    @property
    def household(self) -> Any:
        """All members of the person's household, including the person, as a `ColumnSet`."""
        first = self._row - self.household_place
        return self.model.roster.rows("Resident", range(first, first + self.household_size))

    @property
    def ties(self) -> list[Any]:
        """The ten residents whose behaviour the person observes (one may occur twice), as a list: household first."""
        first = self._table.communities["first"][self.community]
        return [self.model.roster.agent("Resident", int(row)) for row in (*(first + self.near), *self.far)]
