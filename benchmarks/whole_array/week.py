"""The steps of every week for all residents: signals of ties, sentences, measurement and expression (`sim.city`)."""

import numpy as np

from benchmarks.whole_array.arrays import exp, pick, unit
from sim.city import measure as lines
from sim.city.codes import ACTIVE, BELIEVES, CALM, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import FIXED, HISTOGRAM_BINS
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_DISPUTE, SHOWS_VOLUNTEERING

ATTITUDES = "legitimacy norm cohesion efficacy fatigue credibility sanction_risk grievance strain police_trust".split()
VERDICTS = "service expectation belonging happiness security integration".split()
BY_ORIGIN = ("service", "belonging", "integration")


def look_around(city, visible):
    """Sums of the signals of each resident's ties in the last week."""
    signals = city.decode[visible]
    seen = signals[city.ties[0]]
    for tie in city.ties[1:]:
        seen += signals[tie]
    city.peers = seen


def serve_sentences(people):
    """Reduce the remaining sentences by one week."""
    inside = people.status == JAILED
    left = people.weeks_left
    free = inside & (left <= 1)
    left -= (inside & (left > 0)).astype("u1")
    people.status[free] = CALM


def measure(people, city):
    """Add all residents to the counts of the week."""
    adult = people.age_group > 0
    outside = adult & (people.local == 0)
    for name in (*ATTITUDES, *VERDICTS):
        fixed = (getattr(people, name) * FIXED).astype("i4") * adult
        city.add(name, fixed)
        if name in BY_ORIGIN:
            city.add(f"{name}_nonlocal", fixed * outside)
    _count(people, city, adult, outside)
    w0, w1, w2 = city.world.weights
    verdict = w0 * people.belonging + w1 * people.happiness + w2 * people.security
    fixed = (verdict * FIXED).astype("i4") * adult
    city.add("satisfaction", fixed)
    city.add("satisfaction_nonlocal", fixed * outside)
    city.count(satisfied=adult & (verdict >= lines.SATISFIED), content=adult & (people.service >= lines.CONTENT))
    city.count(safe=adult & (people.security >= lines.SAFE))
    told = people.credibility + lines.REPUTE - people.service
    for tier, distance in (("county", lines.COUNTY), ("province", lines.PROVINCE), ("centre", lines.CENTRE)):
        city.count(**{f"content_{tier}": adult & (people.service + distance * told >= lines.CONTENT)})
    involved = adult & ((people.case_stage != NONE) | (people.grievance >= lines.AGGRIEVED))
    city.count(in_conflict=involved)
    city.add("satisfaction_in_conflict", fixed * involved)
    city.add("legitimacy_in_conflict", (people.legitimacy * FIXED).astype("i4") * involved)
    bins = np.minimum((verdict.astype("f8") * HISTOGRAM_BINS).astype("i4"), HISTOGRAM_BINS - 1)  # kernels multiply by integers in 64 bits
    shape = city.world.histogram.shape
    city.histogram += np.bincount((city.home * HISTOGRAM_BINS + bins)[adult], minlength=shape[0] * shape[1]).reshape(shape)


def _count(people, city, adult, outside):
    status, stage, since = people.status, people.case_stage, people.since_volunteering
    city.count(volunteers=status == VOLUNTEERING, active=status == ACTIVE, prisoners=status == JAILED, volunteered_year=since < 52)
    city.count(open_negotiation=stage == NEGOTIATION, open_mediation=stage == MEDIATION)
    city.count(open_office=stage == OFFICE, open_court=stage == COURT)
    city.count(overdue=(stage > NEGOTIATION) & (people.case_age > lines.OVERDUE))
    city.count(jobless=people.jobless > 0, registered=since < lines.REGISTERED_WEEKS)
    city.count(joining=outside & (people.integration >= lines.JOINING), settled_in=outside & (people.integration >= lines.SETTLED_IN))
    city.count(believers=adult & (people.rumour == BELIEVES))
    asked = city.at_home(lines.VOTES_ASKED * (_asked_to_vote(city.communities) - lines.USUAL_ASKED))
    chance = lines.VOTES[people.age_group] + lines.VOTES_EFFICACY * (people.efficacy - 0.5) + asked
    chance = unit(chance * pick(people.local == 0, lines.VOTES_OUTSIDE, 1.0))
    city.add("votes", (chance * FIXED).astype("i4") * adult)


def _asked_to_vote(c):
    """Share of residents whom a neighbour or an event of the community asks to vote."""
    return 1.0 - (1.0 - lines.KNOWN + lines.ESTRANGED * c["estates"]) * exp(-lines.EVENTS * c["aid"])


def express(people, city, shown):
    """Write the signals of all residents and reset the week's events."""
    open_ = city.at_home(1.0 - city.communities["hush"])
    face = (people.case_stage != NONE).astype("u1") * SHOWS_DISPUTE
    face[people.status == VOLUNTEERING] = SHOWS_VOLUNTEERING
    face[people.status == ACTIVE] = SHOWS_ACTIVE
    tells = (people.rumour == BELIEVES) & (people.risk_aversion <= open_)
    shown[:] = (people.norm * NORM_LEVELS + 0.5).astype("u1") * 8 + tells.astype("u1") * 4 + face
    people.events[:] = 0
