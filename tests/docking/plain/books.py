"""Measuring the week, what people show next, and closing the books."""

import math
from collections import Counter

from sim.city.codes import ACTIVE, BELIEVES, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import COUNTS, HISTOGRAM_BINS, SUMS
from sim.city.measure import (
    AGGRIEVED,
    CENTRE,
    CONTENT,
    COUNTY,
    ESTRANGED,
    EVENTS,
    JOINING,
    KNOWN,
    OVERDUE,
    PROVINCE,
    REGISTERED_WEEKS,
    REPUTE,
    SAFE,
    SATISFIED,
    SETTLED_IN,
    USUAL_ASKED,
    VOTES,
    VOTES_ASKED,
    VOTES_EFFICACY,
    VOTES_OUTSIDE,
)
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_CALM, SHOWS_DISPUTE, SHOWS_VOLUNTEERING
from sim.levers import INSTRUMENTS

from .draws import exp, unit

ONE = 2**20
STATE = (
    "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk belonging happiness security"
    " integration strain police_trust"
).split()
OUTSIDE = ("service", "belonging", "integration")
OPEN = {NEGOTIATION: "open_negotiation", MEDIATION: "open_mediation", OFFICE: "open_office", COURT: "open_court"}
TIERS = {"content": 0.0, "content_county": float(COUNTY), "content_province": float(PROVINCE), "content_centre": float(CENTRE)}
DOING = {VOLUNTEERING: "volunteers", ACTIVE: "active", JAILED: "prisoners"}


def whole(value):
    """A value in [0, 1] as a whole number of 2**-20."""
    return int(value * ONE)


def measure(r, c, weights):
    """Add a resident to the counts of the week; only adults are asked how they feel."""
    now = c.now
    if r.status in DOING:
        now[DOING[r.status]] += 1
    if r.case_stage in OPEN:
        now[OPEN[r.case_stage]] += 1
        now["overdue"] += r.case_stage != NEGOTIATION and r.case_age > OVERDUE
    now["volunteered_year"] += r.since_volunteering < 52
    now["registered"] += r.since_volunteering < REGISTERED_WEEKS
    now["jobless"] += r.jobless > 0
    if r.age_group == 0:
        return
    r.verdict = weights[0] * r.belonging + weights[1] * r.happiness + weights[2] * r.security
    for name in STATE:
        now[name] += whole(getattr(r, name))
    now["satisfaction"] += whole(r.verdict)
    now["votes"] += whole(vote(r))
    now["believers"] += r.rumour == BELIEVES
    now["satisfied"] += bool(r.verdict >= float(SATISFIED))
    now["safe"] += bool(r.security >= float(SAFE))
    for tier, distance in TIERS.items():
        now[tier] += bool(verdict_on(r, distance) >= float(CONTENT))
    if r.case_stage != NONE or r.grievance >= float(AGGRIEVED):
        now["in_conflict"] += 1
        now["satisfaction_in_conflict"] += whole(r.verdict)
        now["legitimacy_in_conflict"] += whole(r.legitimacy)
    if not r.local:
        measure_outsider(r, now)
    c.histogram[min(int(r.verdict * HISTOGRAM_BINS), HISTOGRAM_BINS - 1)] += 1


def verdict_on(r, distance):
    """How content an adult is with a tier of government: by experience next door, the farther the more by what is said of it."""
    return r.service + distance * (r.credibility + float(REPUTE) - r.service)


def measure_outsider(r, now):
    """What is counted of adults without local registration once more."""
    for name in OUTSIDE:
        now[name + "_nonlocal"] += whole(getattr(r, name))
    now["satisfaction_nonlocal"] += whole(r.verdict)
    now["joining"] += bool(r.integration >= float(JOINING))
    now["settled_in"] += bool(r.integration >= float(SETTLED_IN))


def vote(r):
    """Chance that an adult votes for the committee."""
    strangers = 1.0 - float(KNOWN) + float(ESTRANGED) * r.home.estates
    asked = 1.0 - strangers * exp(-float(EVENTS) * r.home.aid)
    chance = float(VOTES[r.age_group]) + float(VOTES_EFFICACY) * (r.efficacy - 0.5) + float(VOTES_ASKED) * (asked - float(USUAL_ASKED))
    return unit(chance if r.local else chance * float(VOTES_OUTSIDE))


def express(r):
    """What a resident shows: level of the norm, whether a rumour is passed on, the most visible deed. Events are forgotten.

    Where talk is hushed up only those pass a rumour on whose wariness leaves them bold enough.
    """
    r.events = 0
    does = SHOWS_DISPUTE if r.case_stage != NONE else SHOWS_CALM
    does = {VOLUNTEERING: SHOWS_VOLUNTEERING, ACTIVE: SHOWS_ACTIVE}.get(r.status, does)
    tells = r.rumour == BELIEVES and bool(r.risk_aversion <= 1.0 - r.home.hush)
    return int(float(r.norm) * NORM_LEVELS + 0.5), tells, does


def spread(communities):
    """Standard deviation of mean satisfaction between communities, weighted by adults."""
    adults = sum(float(c.adults) for c in communities)
    level = {id(c): c.now["satisfaction"] / ONE / float(c.adults) for c in communities if c.adults}
    mean = sum(float(c.adults) * level[id(c)] for c in communities if c.adults) / adults
    square = sum(float(c.adults) * level[id(c)] ** 2 for c in communities if c.adults) / adults
    return math.sqrt(max(square - mean * mean, 0.0))


def conditions(city, district):
    """Means over the residents of a district of what they live under; its performance, true and reported."""
    found = {"performance": district.performance, "reported": district.reported}
    for name in ("exposure", "chill", "hush", "burden"):
        here = city.communities[district.first_community : district.last_community]
        found[name] = sum(float(c.residents) * float(getattr(c, name)) for c in here) / district.residents
    return found


def close(city):
    """Book the week by district and over the year; what was counted becomes last week's."""
    record = {
        "counts": [Counter() for _ in city.districts],
        "histogram": [Counter() for _ in city.districts],
        "conditions": [conditions(city, district) for district in city.districts],
        "spread": spread(city.communities),
        "money": dict(city.money),
        "staff": [[float(now[name]) for name in INSTRUMENTS] for now in (city.staff, city.idle)],
    }
    for c, year in zip(city.communities, city.year):
        record["counts"][c.district].update(c.now)
        record["histogram"][c.district].update(c.histogram)
        year.update(c.now)
        c.last = Counter({name: int(c.now[name]) for name in (*COUNTS, *SUMS)})
        c.now, c.histogram = Counter(), Counter()
    return record
