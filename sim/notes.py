"""What every lever, stance and shock brings and costs, in a line each: for `sanzhi describe`, `explain` and docs/model."""

from typing import NamedTuple


class Note(NamedTuple):
    """What a lever brings and costs, the weeks its capacity takes to follow its money, and the mechanisms it acts through."""

    brings: str
    costs: str
    weeks: int
    through: tuple[str, ...]


NOTES: dict[str, Note] = {
    "self_governance.councils": Note(
        "voice in local affairs, efficacy, turnout, hours asked and given",
        "fatigue and burn-out, capture by a few, less voice for newcomers",
        26,
        ("participation",),
    ),
    "self_governance.mediation": Note(
        "disputes among neighbours and at work settled near home and early", "settlements under pressure come back", 13, ("resolution",)
    ),
    "self_governance.social_organisations": Note(
        "posts for volunteers, mutual aid, trust, fewer offences",
        "hours asked of the same people: fatigue, burn-out; strong neighbourhoods shut newcomers out",
        26,
        ("participation",),
    ),
    "self_governance.workplace": Note(
        "conflicts at work settled before they climb", "doors to work closed to those outside", 26, ("resolution", "livelihood")
    ),
    "rule_of_law.policing": Note("certainty of sanction, presence", "fruitless stops, which cost legitimacy", 4, ("policing", "unrest")),
    "rule_of_law.courts": Note(
        "cases decided, shorter queues", "suits divide neighbours: trust", 26, ("resolution", "collective_efficacy")
    ),
    "rule_of_law.oversight": Note(
        "less corruption, fewer fruitless stops, legitimacy",
        "officials' time and caution: fewer requests resolved",
        26,
        ("integrity", "policing", "procedural_justice"),
    ),
    "rule_of_law.legal_aid": Note("the weak get to court and win there", "more suits, longer queues", 26, ("resolution",)),
    "rule_of_law.legislation": Note(
        "clarity: better stops, less discretion, legitimacy",
        "rigidity: fewer local settlements; very slow",
        104,
        ("resolution", "policing", "procedural_justice"),
    ),
    "moral_education.media": Note(
        "norms of those near the message", "backlash of those far from it; credibility, raised expectations", 8, ("norms", "satisfaction")
    ),
    "moral_education.school": Note(
        "the norm people grow up with", "pressure on the young and their parents; very slow", 104, ("norms", "satisfaction")
    ),
    "moral_education.family": Note(
        "the norm held at home", "duties at home: happiness, time to volunteer", 26, ("norms", "satisfaction", "participation")
    ),
    "moral_education.workplace": Note("the norm held at work", "felt as pressure: happiness", 26, ("norms", "satisfaction")),
    "public_services.education": Note(
        "services for families and the young; skills that find work",
        "raised expectations",
        26,
        ("services", "livelihood", "norms", "satisfaction"),
    ),
    "public_services.employment": Note("work found sooner", "crowds out own effort", 26, ("services", "livelihood")),
    "public_services.social_security": Note(
        "strain taken off the old, the poor and the jobless",
        "slower search for work, less own effort",
        26,
        ("services", "livelihood", "participation"),
    ),
    "public_services.health": Note(
        "fatigue heals, the old are well",
        "wider gap to those without local registration",
        26,
        ("services", "participation", "satisfaction"),
    ),
    "public_services.housing": Note(
        "homes for newcomers and the young, less congestion",
        "rebuilding and moving cost trust among neighbours",
        26,
        ("services", "integration", "congestion", "collective_efficacy"),
    ),
}
"""Every instrument."""


class StanceNote(NamedTuple):
    """What a stance brings and costs when it is raised (or chosen), and the mechanisms it acts through."""

    brings: str
    costs: str
    through: tuple[str, ...]


STANCE_NOTES = {
    "coordination": StanceNote("faster hand-offs between units", "government work fits less where a community differs", ("coordination",)),
    "layers": StanceNote("narrow span of control: work fits better", "every hand-off takes longer", ("coordination",)),
    "transparency": StanceNote(
        "legitimacy, less corruption",
        "higher expectations; what comes to light costs legitimacy",
        ("integrity", "procedural_justice", "satisfaction"),
    ),
    "information_stance": StanceNote(
        "'open' ends rumours and earns credibility; 'suppress' keeps dissent from showing at once",
        "'open' admits failures and takes time; 'wait' lets rumours run; 'suppress' costs credibility and trust, and hides what is wrong",
        ("rumour",),
    ),
    "migrant_access": StanceNote(
        "services and belonging for residents without local registration",
        "load on services; resentment where hardship is high",
        ("services", "integration"),
    ),
    "digital_services": StanceNote("less load, quicker offices", "those over 60 are shut out", ("services", "resolution")),
    "service_projects": StanceNote("services where they lack, in season", "routine work; promises raise expectations", ("mass_work",)),
    "officials_visits": StanceNote("voice, cases settled at once", "routine work; queue jumping", ("mass_work",)),
    "appraisal_pressure": StanceNote("effort on what is measured", "neglect of the rest; reports better than life", ("appraisal",)),
    "appraisal_by": StanceNote(
        "'residents': effort on services, honest reports", "'residents': less effort on cases and offences", ("appraisal",)
    ),
    "audit": StanceNote(
        "less corruption, honest reports", "officials' time and caution: fewer requests resolved", ("integrity", "appraisal")
    ),
    "detection": StanceNote(
        "offences found, deterrence at cameras", "people suspected of nothing, exposure, chilled participation, upkeep", ("detection",)
    ),
    "detection_threshold": StanceNote("high: fewer people suspected of nothing", "high: fewer offences found", ("detection",)),
    "privacy_protection": StanceNote("less exposure, fewer false suspicions", "fewer offences found", ("detection",)),
    "patrol_targeting": StanceNote(
        "'reported' and 'risk_score': fewer offences where patrols go",
        "stops fall on the same places again and again; what is recorded follows the patrols",
        ("policing",),
    ),
    "campaign": StanceNote(
        "certainty of sanction for some weeks", "wrongful detention, fruitless stops, legitimacy; a rebound afterwards", ("campaign",)
    ),
    "planning_horizon": StanceNote("less congestion", "inflow held back, less slack to respond at once", ("congestion",)),
}
"""Every stance."""

SHOCK_NOTES = {
    "layoffs": "working people lose their work",
    "service_outage": "services fail",
    "major_incident": "fear, a trigger of unrest, a rumour",
    "rumour": "a story starts from many mouths at once",
    "influx": "visitors crowd in and newcomers replace residents without local registration",
    "disaster": "services and work fail, fear; and people help each other",
    "crowd_event": "a crowd gathers, in which sparks fly",
}
"""Every kind of shock: what it does (see `sim/mechanisms/shocks.py`)."""
