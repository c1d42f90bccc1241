"""What is counted of everybody at the end of a week, and what they show next: `sim.city.measure` for whole arrays."""

from benchmarks.vectorised.arrays import cast, least, look_up, pick, tally, unit
from sim.city import measure as lines
from sim.city.codes import ACTIVE, BELIEVES, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import FIXED, HISTOGRAM_BINS
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_DISPUTE, SHOWS_VOLUNTEERING

ATTITUDES = "legitimacy norm cohesion efficacy fatigue credibility sanction_risk grievance strain".split()
VERDICTS = "service expectation belonging happiness security integration".split()
BY_ORIGIN = ("service", "belonging", "integration")


def measure(people, city):
    """Add everybody to the counts of the week."""
    adult = people.age_group > 0
    outside = adult & (people.local == 0)
    for name in (*ATTITUDES, *VERDICTS):
        fixed = cast(getattr(people, name) * FIXED, "i4") * adult
        city.add(name, fixed)
        if name in BY_ORIGIN:
            city.add(f"{name}_nonlocal", fixed * outside)
    _count(people, city, adult, outside)
    w0, w1, w2 = city.world.weights
    verdict = w0 * people.belonging + w1 * people.happiness + w2 * people.security
    fixed = cast(verdict * FIXED, "i4") * adult
    city.add("satisfaction", fixed)
    city.add("satisfaction_nonlocal", fixed * outside)
    city.count(satisfied=adult & (verdict >= lines.SATISFIED), content=adult & (people.service >= lines.CONTENT))
    city.count(safe=adult & (people.security >= lines.SAFE))
    bins = least(cast(verdict * HISTOGRAM_BINS, "i4"), HISTOGRAM_BINS - 1)
    shape = city.world.histogram.shape
    city.histogram += tally((city.home * HISTOGRAM_BINS + bins)[adult], shape[0] * shape[1]).reshape(shape)


def _count(people, city, adult, outside):
    status, stage, since = people.status, people.case_stage, people.since_volunteering
    city.count(volunteers=status == VOLUNTEERING, active=status == ACTIVE, prisoners=status == JAILED, volunteered_year=since < 52)
    city.count(open_negotiation=stage == NEGOTIATION, open_mediation=stage == MEDIATION)
    city.count(open_office=stage == OFFICE, open_court=stage == COURT)
    city.count(jobless=people.jobless > 0, registered=since < lines.REGISTERED_WEEKS)
    city.count(joining=outside & (people.integration >= lines.JOINING), settled_in=outside & (people.integration >= lines.SETTLED_IN))
    city.count(believers=adult & (people.rumour == BELIEVES))
    chance = look_up(people.age_group, lines.VOTES) + lines.VOTES_EFFICACY * (people.efficacy - 0.5)
    chance = unit(chance * pick(people.local == 0, lines.VOTES_OUTSIDE, 1.0))
    city.add("votes", cast(chance * FIXED, "i4") * adult)


def express(people, city, shown):
    """Write what everybody shows; the week's events are forgotten."""
    open_ = city.at_home(1.0 - city.communities["hush"])
    face = cast(people.case_stage != NONE, "u1") * SHOWS_DISPUTE
    face[people.status == VOLUNTEERING] = SHOWS_VOLUNTEERING
    face[people.status == ACTIVE] = SHOWS_ACTIVE
    tells = (people.rumour == BELIEVES) & (people.risk_aversion <= open_)
    shown[:] = cast(people.norm * NORM_LEVELS + 0.5, "u1") * 8 + cast(tells, "u1") * 4 + face
    people.events[:] = 0
