"""Communities: places of about 3,000 residents, with the conditions that hold there and the counts of the week.

Units of government and organisations write conditions (patrol, capacity, open posts) when the week is planned;
residents read them, and add to the counts in `now`. When the week closes, `now` becomes `last`. A mechanism reads only
`last`: results cannot depend on the order in which people, tiles or communities are walked.
"""

import numpy as np

COUNTS: dict[str, str] = {
    # people
    "joined": "residents who began to volunteer",
    "left": "residents who stopped volunteering",
    "burned_out": "of them exhausted",
    "volunteers": "residents volunteering at the end of the week",
    "volunteered_year": "residents who volunteered within the last 52 weeks",
    # disputes and cases
    "opened": "disputes that arose",
    "settled": "closed by negotiation",
    "dropped": "dropped during negotiation",
    "to_mediation": "cases handed to mediation",
    "to_office": "cases handed to the sub-district office",
    "to_court": "cases filed with the court",
    "closed_mediation": "settled by mediation",
    "closed_office": "settled by the office",
    "closed_court": "decided by the court",
    "failed_mediation": "mediations without agreement",
    "failed_office": "cases the office did not settle",
    "withdrawn": "given up while waiting or after failure",
    "reopened": "settlements that came back",
    "balked": "cases turned away by the length of the queue",
    "open_negotiation": "in negotiation at the end of the week",
    "open_mediation": "waiting for mediation",
    "open_office": "waiting for the office",
    "open_court": "waiting for the court",
    "formal_closed": "cases closed by mediation, office or court",
    "formal_weeks": "sum of their ages in weeks",
    "mediated_weeks": "sum of the ages of mediated cases in weeks",
    # offences and police
    "offences": "offences committed",
    "recorded": "of them recorded by the police",
    "criminal": "of them criminal (the rest are public-security cases)",
    "cleared": "recorded offences cleared",
    "prosecuted": "people prosecuted",
    "jailed": "people who began a sentence or detention",
    "prisoners": "people in jail at the end of the week",
    "stops": "police stops",
    "fruitless": "stops without result",
    # unrest
    "triggered": "local trigger events",
    "active": "residents openly protesting",
    "arrested": "protesters arrested",
    "incidents": "collective incidents that began",
    # shares above a line
    "satisfied": "adults whose satisfaction is above the line",
    "content": "adults content with services",
    "safe": "adults who feel safe",
}
"""Counts of one week in one community."""

SUMS: dict[str, str] = {
    name: f"sum of {name} over adults"
    for name in (
        "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk belonging happiness security"
        " satisfaction"
    ).split()
} | {
    "propensity": "sum of the propensities to offend",
    "service_nonlocal": "sum of service over non-local adults",
    "satisfaction_nonlocal": "sum of satisfaction over non-local adults",
    "belonging_nonlocal": "sum of belonging over non-local adults",
}
"""Sums of one week in one community, as whole numbers of 1 / `FIXED`: exact in any order."""

FIXED = np.float32(2**20)
"""Scale of the sums: values in [0, 1] are added as whole numbers of 2**-20."""

TALLY = np.dtype((np.record, [(name, "i8") for name in (*COUNTS, *SUMS)]))

_FIELDS = [
    ("now", TALLY),  # first, so that the counts of all communities form one matrix (see `tallies`)
    ("last", TALLY),
    ("district", "i4"),
    ("subdistrict", "i4"),
    ("first", "i8"),  # number of its first resident
    ("residents", "i8"),
    ("adults", "i8"),
    ("nonlocals", "i8"),  # adults without local registration
    ("first_tile", "i8"),
    ("last_tile", "i8"),  # one past its last tile
    ("organisations", "f4"),  # social organisations at work in it
    ("hardship", "f4"),  # mean over residents
    ("x", "f4"),  # km east of the city's centre
    ("y", "f4"),  # km north
    # conditions that units write when the week is planned
    ("service_quality", "f4", (6,)),  # by age group, for local residents
    ("migrant_access", "f4"),
    ("posts_open", "f4"),  # share of volunteer posts that are free, 0..1
    ("hours_load", "f4"),  # hours asked of a volunteer, 1 = reference
    ("voice", "f4"),  # say in local affairs, 1 = reference
    ("capture", "f4"),  # committee held by a few, 0..1
    ("aid", "f4"),  # mutual aid by organisations and committee, 1 = reference
    ("willingness", "f4"),  # to intervene, 1 = reference
    ("collective_efficacy", "f4"),  # 1 = reference
    ("patrol", "f4"),  # intensity, 1 = reference
    ("officers", "f4"),  # officers at hand for public order
    ("recording", "f4"),  # share of offences that the police record
    ("certainty", "f4"),  # share of offences cleared, smoothed
    ("heat", "f4"),  # offences of the last weeks, decaying: near repeats
    ("offence_level", "f4"),  # offences per resident against the reference, smoothed
    ("incident_level", "f4"),  # collective incidents in memory, decaying
    ("wrongful_level", "f4"),  # fruitless stops per resident against the reference, smoothed
    ("mediation_chance", "f4"),  # of a waiting case to be heard this week
    ("office_chance", "f4"),
    ("court_chance", "f4"),
    ("mediation_wait", "f4"),  # expected weeks in the queue
    ("office_wait", "f4"),
    ("court_wait", "f4"),
    ("mediation_pull", "f4"),  # how much is offered, 1 = reference
    ("mediation_skill", "f4"),
    ("court_access", "f4"),
    ("union_help", "f4"),
    ("clarity", "f4"),  # of the law (legislation), 1 = reference
    ("message", "f4"),  # intensity of public messages, 1 = reference
    ("school", "f4"),
    ("family", "f4"),
    ("work_ethic", "f4"),
    ("oversight", "f4"),
    ("transparency", "f4"),
    ("trigger", "u1"),  # 1 when a local event stirs people this week
]
_WIDTH = np.dtype(_FIELDS).itemsize

COMMUNITY = np.dtype((np.record, [*_FIELDS, ("spare", "u1", (8 - _WIDTH % 8,))]))
"""A community. Plain record, not an agent: agents live in it."""

HISTOGRAM_BINS = 50
"""Bins of the weekly distribution of satisfaction over [0, 1]."""

LAST = len(TALLY.names or ())
"""Column of `tallies` at which last week's counts begin; this week's begin at 0."""


def tallies(communities: np.ndarray) -> np.ndarray:
    """The counts of communities as one matrix over the same memory: columns 0 to `LAST` this week's, then last week's."""
    return communities.view(np.int64).reshape(len(communities), -1)
