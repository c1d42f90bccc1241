"""Communities: areas of about 3,000 residents, with their conditions and weekly counts.

Units of government and organisations write conditions (patrol, capacity, open posts) when the week is planned; residents read them, and
add to the counts in `now`. When the week closes, `now` becomes `last`. A mechanism reads only `last`, so results do not depend on the order
in which people, tiles or communities are processed.
"""

import numpy as np

COUNTS: dict[str, str] = {
    # people
    "joined": "residents who began to volunteer",
    "left": "residents who stopped volunteering",
    "burned_out": "of them exhausted",
    "lost_work": "residents who lost their work",
    "found_work": "residents without work who found some",
    "arrived": "newcomers who replaced residents without local registration",
    "contacts": "contacts with the hotline",
    "requests": "of them requests and complaints (the rest are questions)",
    "resolved": "requests and complaints resolved",
    "pleased": "of them to the person's content",
    "jobless": "adults of working age without work at the end of the week",
    "registered": "residents registered as volunteers (who volunteered within two and a half years)",
    "joining": "adults without local registration who take part in community life",
    "settled_in": "adults without local registration who feel at home in the city",
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
    "passed_on": "cases that an office passed on instead of answering",
    "jumped": "cases that a visit of officials settled ahead of the queue",
    "lost": "court decisions against the person who sued",
    "overdue": "formal cases open for more than a quarter at the end of the week",
    "open_negotiation": "in negotiation at the end of the week",
    "open_mediation": "waiting for mediation",
    "open_office": "waiting for the office",
    "open_court": "waiting for the court",
    "formal_closed": "cases closed by mediation, office or court",
    "formal_weeks": "sum of their ages in weeks",
    "mediated_weeks": "sum of the ages of mediated cases in weeks",
    # offences and police
    "offences": "offences committed, where they happened",
    "violent": "of them violent (the others are acquisitive)",
    "recorded": "offences recorded by the police, where they happened",
    "recorded_violent": "of them violent",
    "criminal": "recorded offences that are criminal (the rest are public-security cases), where they happened",
    "cleared": "recorded offences cleared, where the offender lives",
    "cleared_violent": "of them violent",
    "prosecuted": "people prosecuted, where they live",
    "jailed": "people who began a sentence or detention, where they live",
    "prisoners": "people in jail at the end of the week",
    "stops": "police stops",
    "fruitless": "stops without result",
    "wrongful": "people detained for nothing in a campaign",
    "flagged_rightly": "offences that automatic detection found, where they happened",
    "flagged_falsely": "people whom automatic detection suspected of nothing they did",
    "petty_arrests": "people arrested for trifles",
    # unrest
    "triggered": "local trigger events",
    "active": "residents openly protesting",
    "arrested": "protesters arrested",
    "incidents": "collective incidents that began",
    "calmed": "protests that officials ended by concession or mediation",
    "heard_rumour": "residents who came to believe the rumour of the day",
    "heard_answer": "believers who heard an answer to it",
    "believers": "adults who believe it at the end of the week",
    # numbers above a threshold
    "satisfied": "adults whose satisfaction is above the line",
    "content": "adults content with services",
    "content_county": "adults content with the county government",
    "content_province": "adults content with the provincial government",
    "content_centre": "adults content with the central government",
    "safe": "adults who feel safe",
    "in_conflict": "adults with an open case, or grievance from one that failed",
}
"""Counts of one week in one community, with descriptions."""

SUMS: dict[str, str] = {
    name: f"sum of {name} over adults"
    for name in (
        "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk belonging happiness security"
        " satisfaction integration strain police_trust"
    ).split()
} | {
    "time_given": "sum of the hours that residents volunteer, as shares of the most that one gives in a week, 40",
    "votes": "sum of adults' chances to vote in an election of the residents' committee",
    "service_nonlocal": "sum of service over non-local adults",
    "satisfaction_nonlocal": "sum of satisfaction over non-local adults",
    "belonging_nonlocal": "sum of belonging over non-local adults",
    "integration_nonlocal": "sum of integration over non-local adults",
    "satisfaction_in_conflict": "sum of satisfaction over adults in conflict",
    "legitimacy_in_conflict": "sum of legitimacy over adults in conflict",
}
"""Sums of one week in one community, as integer multiples of 1 / `FIXED`: exact in any order of summation."""

FIXED = np.float32(2**20)
"""Scale of the sums: values in [0, 1] are added as integer multiples of 2**-20."""

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
    ("organisations", "f4"),  # number of social organisations
    ("hardship", "f4"),  # mean over residents
    ("x", "f4"),  # km east of the city's centre
    ("y", "f4"),  # km north of the city's centre
    ("density", "f4"),  # distance-weighted number of people nearby, 1 = mean of the city
    ("diversity", "f4"),  # distance from the city's mean in hardship and origin, 0..1
    ("attraction", "f4"),  # opportunity for offences, mean 1 over residents: fixed
    ("estates", "f4"),  # share of commodity estates among its housing, 0..1; the rest are old neighbourhoods
    ("bonds", "f4"),  # lasting trust for reasons of its own: a standard normal, fixed
    ("first_block", "i8"),
    ("last_block", "i8"),  # one past its last block
    # conditions that units write when the week is planned
    ("service_quality", "f4", (6,)),  # by age group, for local residents
    ("migrant_access", "f4"),
    ("posts_open", "f4"),  # share of volunteers' places that are free, 0..1
    ("hours_load", "f4"),  # hours asked of a volunteer, 1 = usual
    ("voice", "f4"),  # share of residents who are heard in local affairs
    ("capture", "f4"),  # control of the committee by a few, 0..1
    ("aid", "f4"),  # mutual aid by organisations and committee, 1 = usual
    ("willingness", "f4"),  # to intervene, 1 = usual
    ("collective_efficacy", "f4"),  # 1 = usual
    ("litigation", "f4"),  # court cases relative to the usual, smoothed
    ("patrol", "f4"),  # hours of patrol per resident and year
    ("officers", "f4"),  # officers available for public order
    ("recording", "f4"),  # share of offences that the police record
    ("clearance", "f4"),  # probability that a recorded acquisitive offence is cleared
    ("clearance_violent", "f4"),  # probability that a recorded violent offence is cleared
    ("certainty", "f4"),  # certainty of sanction: share of offences cleared, weighed by what follows, smoothed
    ("opportunity", "f4", (2,)),  # of an offender in this community, mean over its blocks: acquisitive, violent
    ("elsewhere", "f4", (2,)),  # opportunity in bordering communities, weighted by distance: acquisitive, violent
    ("offence_level", "f4"),  # offences per resident relative to the usual, smoothed
    ("incident_level", "f4"),  # remembered collective incidents, decaying
    ("wrongful_level", "f4"),  # fruitless stops per resident relative to the usual, smoothed
    ("mediation_chance", "f4"),  # probability that a waiting case is heard this week
    ("office_chance", "f4"),
    ("court_chance", "f4"),
    ("mediation_wait", "f4"),  # expected weeks in the queue
    ("office_wait", "f4"),
    ("court_wait", "f4"),
    ("mediation_pull", "f4"),  # factor on mediation by mediators who seek out disputes in idle time
    ("mediation_room", "f4"),  # share of time in which mediators are idle, and can hear those who come to sue
    ("mediation_skill", "f4"),
    ("aid_coverage", "f4"),  # share of weak parties whom legal aid serves
    ("union_help", "f4"),  # share of disputes at work in which a union helps
    ("clarity", "f4"),  # share of rules that are up to date and clear
    ("message", "f4"),  # share of residents whom a public message reaches in a week
    ("school", "f4"),  # lessons, as a share of the most that a timetable has room for
    ("family", "f4"),  # share of residents whose family was visited in the last years
    ("work_ethic", "f4"),  # share of residents who were taught at work in the last years
    ("oversight", "f4"),  # share of misconduct that is examined
    ("transparency", "f4"),
    ("shock_service", "f4"),  # factor on services, 1 = no shock
    ("shock_jobs", "f4"),  # added probability that a worker loses the job this week
    ("shock_alarm", "f4"),  # fear added by shocks, 0..1
    ("shock_crowd", "f4"),  # share of residents at crowd events
    ("shock_solidarity", "f4"),  # solidarity after a disaster, on the log of the hazard to join
    ("shock_rumour", "f4"),  # share of residents who hear a rumour at its source this week
    ("visitors", "f4"),  # visitors per resident
    ("newcomers", "f4"),  # probability that a non-local resident is replaced by a newcomer this week
    ("delay", "f4"),  # delay of a hand-off between units (weeks)
    ("fit", "f4"),  # fit of government work to local needs, 1 = perfect
    ("slack", "f4"),  # slack of units for surges, 1 = usual
    ("caution", "f4"),  # officials' time lost to audits and caution
    ("corruption", "f4"),  # share of spending that officials take
    ("project", "f4"),  # service quality added by yearly projects this season
    ("jump", "f4"),  # probability that a visit settles a waiting case this week
    ("promise", "f4"),  # expectation raised by promised projects this season
    ("heard", "f4"),  # voice added by officials' visits
    ("digital", "f4"),  # share of services moved online
    ("resolving", "f4"),  # probability that a request to the hotline is resolved
    ("experience", "f4"),  # share of requests to the hotline resolved, as people have come to know it
    ("jobs", "f4"),  # factor on the probability of finding work
    ("cushion", "f4"),  # share of needs for social security that are met
    ("health", "f4"),  # share of needs for health care that are met
    ("education", "f4"),
    ("housing", "f4"),
    ("backlash", "f4"),  # resentment of newcomers, 0..1
    ("burden", "f4"),  # congestion and pollution, 1 = usual
    ("restraint", "f4"),  # restraint of inflow by planning, 0..1
    ("hush", "f4"),  # suppression of rumours and dissent, 0..1
    ("answer", "f4"),  # probability of hearing an answer to a rumour, per week
    ("candour", "f4"),  # candour of answers, 0..1
    ("exposure", "f4"),  # exposure of residents to surveillance, 0..1
    ("chill", "f4"),  # effect of exposure against joining, log hazard
    ("cameras", "f4"),  # share of blocks with cameras
    ("flag_true", "f4"),  # probability that detection finds an offence
    ("flag_false", "f4"),  # weekly probability that detection flags an innocent resident
    ("upkeep", "f4"),  # share of police time taken by detection
    ("crackdown", "f4"),  # intensity of the campaign, 0..1
    ("pulse", "f4"),  # factor of the campaign on certainty, 1 = no campaign
    ("watch", "f4"),  # neighbourhood watch by the committee, 0..1
    ("effort", "f4"),  # extra effort on measured work
    ("neglect", "f4"),  # effort lost by unmeasured work
    ("measured_services", "f4"),  # 1 where residents evaluate, so that services are measured
    ("overstated", "f4"),  # reported minus true performance
    ("concerned", "f4"),  # residents whom the week's trigger concerns, as a share of the community
    ("precedent", "f4"),  # remembered concessions to protest, decaying
    ("calming", "f4"),  # share of protesters' grievance that officials' response removes this week
    ("force", "f4"),  # factor on arrests of protesters
    ("unresolved", "f4"),  # anger that is shown, relative to the usual, smoothed
    ("shock_trigger", "u1"),  # 1 if a shock triggers unrest this week
    ("trigger", "u1"),  # 1 if a local event triggers unrest this week
]
_WIDTH = np.dtype(_FIELDS).itemsize

BLOCK_SIZE = 128
"""Residents of a block: about a street segment, the scale at which offences concentrate. A tile contains whole blocks."""

BLOCK = np.dtype(
    (
        np.record,
        [
            ("now", "i4"),  # offences of the week
            ("seen", "i4"),  # recorded offences of the week
            ("reported", "i4"),  # offences of the week known without patrols: residents or cameras report them
            ("propensity", "i4"),  # sum of its residents' propensities to offend, in 1 / 4096
            ("leaving", "i4", (2, 5)),  # residents' offences of the week in bordering communities: by kind, then by what came of them
            ("attraction", "f4"),  # opportunity for offences, mean over residents that of the community: fixed
            ("opportunity", "f4", (2,)),  # attraction with all that lowers or raises it there: acquisitive, violent
            ("lot", "f4"),  # rank in the installation of cameras, 0..1: fixed
            ("heat", "f4"),  # decaying sum of past offences, for near repeats
            ("known", "f4"),  # recorded offences, smoothed over a quarter
            ("reports", "f4"),  # reported offences, smoothed over a quarter
            ("past", "f4"),  # recorded offences, smoothed over years
            ("hours", "f4"),  # hours of patrol relative to even patrols
            ("focus", "f4"),  # effective presence of patrols relative to even patrols, with what diffuses and lasts
            ("conduct", "f4"),  # factor on offences from how the police treat those whom they stop, 1 = usual
        ],
    )
)
"""A block, the unit of offences and patrols. Community k has the blocks ``first_block`` to ``last_block`` (exclusive)."""

COMMUNITY = np.dtype((np.record, [*_FIELDS, ("spare", "u1", (8 - _WIDTH % 8,))]))
"""A community: a plain record, not an agent."""

CONDITIONS = ("exposure", "chill", "hush", "burden", "performance", "reported")
"""Conditions recorded weekly by district: means over residents of the first four, then true and reported performance."""

HISTOGRAM_BINS = 50
"""Bins of the weekly distribution of satisfaction over [0, 1]."""

LAST = len(TALLY.names or ())
"""Column of `tallies` at which last week's counts begin; this week's counts begin at 0."""


def tallies(communities: np.ndarray) -> np.ndarray:
    """The counts of communities as one matrix sharing their memory: first this week's counts, from column `LAST` last week's."""
    return communities.view(np.int64).reshape(len(communities), -1)
