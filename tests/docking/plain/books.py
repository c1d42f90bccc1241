"""Measuring the week, what people show next, and closing the books."""

import math
from collections import Counter

from sim.city.codes import ACTIVE, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import COUNTS, HISTOGRAM_BINS, SUMS
from sim.city.measure import CONTENT, SAFE, SATISFIED
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_CALM, SHOWS_DISPUTE, SHOWS_VOLUNTEERING

ONE = 2**20
LINE_SATISFIED, LINE_CONTENT, LINE_SAFE = float(SATISFIED), float(CONTENT), float(SAFE)
STATE = (
    "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk belonging happiness security".split()
)
OPEN = {NEGOTIATION: "open_negotiation", MEDIATION: "open_mediation", OFFICE: "open_office", COURT: "open_court"}
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
    now["volunteered_year"] += r.since_volunteering < 52
    if r.age_group == 0:
        return
    for name in STATE:
        now[name] += whole(getattr(r, name))
    verdict = weights[0] * r.belonging + weights[1] * r.happiness + weights[2] * r.security
    r.verdict = float(verdict)
    now["satisfaction"] += whole(verdict)
    now["satisfied"] += bool(verdict >= LINE_SATISFIED)
    now["content"] += bool(r.service >= LINE_CONTENT)
    now["safe"] += bool(r.security >= LINE_SAFE)
    if not r.local:
        now["service_nonlocal"] += whole(r.service)
        now["belonging_nonlocal"] += whole(r.belonging)
        now["satisfaction_nonlocal"] += whole(verdict)
    c.histogram[min(int(r.verdict * HISTOGRAM_BINS), HISTOGRAM_BINS - 1)] += 1


def express(r):
    """What a resident shows: the norm in 64 levels, and the most visible thing that the person does. Events are forgotten."""
    r.events = 0
    does = SHOWS_DISPUTE if r.case_stage != NONE else SHOWS_CALM
    does = {VOLUNTEERING: SHOWS_VOLUNTEERING, ACTIVE: SHOWS_ACTIVE}.get(r.status, does)
    return int(float(r.norm) * NORM_LEVELS + 0.5), does


def spread(communities):
    """Standard deviation of mean satisfaction between communities, weighted by adults."""
    adults = sum(float(c.adults) for c in communities)
    level = {id(c): c.now["satisfaction"] / ONE / float(c.adults) for c in communities if c.adults}
    mean = sum(float(c.adults) * level[id(c)] for c in communities if c.adults) / adults
    square = sum(float(c.adults) * level[id(c)] ** 2 for c in communities if c.adults) / adults
    return math.sqrt(max(square - mean * mean, 0.0))


def close(city):
    """Book the week by district and over the year; what was counted becomes last week's."""
    record = {
        "counts": [Counter() for _ in city.districts],
        "histogram": [Counter() for _ in city.districts],
        "spread": spread(city.communities),
        "money": dict(city.money),
    }
    for c, year in zip(city.communities, city.year):
        record["counts"][c.district].update(c.now)
        record["histogram"][c.district].update(c.histogram)
        year.update(c.now)
        c.last = Counter({name: int(c.now[name]) for name in (*COUNTS, *SUMS)})
        c.now, c.histogram = Counter(), Counter()
    return record
