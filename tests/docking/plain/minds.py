"""What goes on in people's heads: what they see, norms, rumours, legitimacy, satisfaction.

Every rule takes the resident `r`, the community `c`, parameters `p` and the random `key`; it reads last week's world and changes the
resident alone.
"""

from sim.city.codes import (
    ACTIVE,
    ANSWERED,
    ARRESTED,
    BELIEVES,
    CASE_HEARD,
    CASE_LOST,
    CASE_WON,
    FLAGGED,
    JAILED,
    NEGOTIATION,
    STOPPED_FOR_NOTHING,
    STOPPED_RIGHTLY,
    UNAWARE,
    VOLUNTEERING,
)
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_DISPUTE, SHOWS_VOLUNTEERING, TIES

from .draws import exp, rounded, unit
from .government import communities_of
from .living import old, working_age

ONE = 2**20
CANDOUR = {"open": 1.0, "answer": 0.4}


def look_around(r, c, shown, number):
    """Look at the ten ties: near ones are counted from the community's first resident."""
    levels = volunteering = active = dispute = believing = 0
    for other in (*r.far, *[c.first + near for near in r.near]):
        level, tells, does = shown[other]
        levels += level
        believing += tells
        volunteering += does == SHOWS_VOLUNTEERING
        active += does == SHOWS_ACTIVE
        dispute += does == SHOWS_DISPUTE
    r.seen = (levels, volunteering, active, dispute, believing)
    r.peers_norm = number(levels) / (NORM_LEVELS * TIES)
    r.peers_volunteering = number(volunteering) / TIES
    r.peers_believing = believing


def plan_norms(city, lever, p):
    """Messages, visits and training reach people at random, so some twice and some not at all; lessons are taught while there is room."""
    for district in city.districts:
        lessons = district.work["moral_education.school"]
        district.used["moral_education.school"] = unit(p.lessons / (lessons + 1e-6))
        for c in communities_of(city, district):
            c.message = reached(district.work["moral_education.media"] / 52.0)
            c.school = unit(lessons / p.lessons)
            c.family = reached(district.work["moral_education.family"] * p.visit)
            c.work_ethic = reached(district.work["moral_education.workplace"] * p.remembered)


def reached(times):
    """Share of people who are met at least once where all are met so many times on average."""
    return 1.0 - exp(-times)


def taught(r, c, p):
    """What school (for the young and for parents above all), family and work add to the anchor."""
    school = p.school * c.school * (0.7 + 0.475 * c.education)
    added = (school if r.age_group < 3 else 0.4 * school) + p.family * c.family
    return added + (p.workplace * c.work_ethic if working_age(r) else 0.0)


def norms(r, c, p, key):
    """Peers, anchor and message pull the norm; credibility follows what is said against what is so."""
    gap, bound = p.message - r.norm, p.bound * r.confidence_bound
    drawn = (1.0 - r.susceptibility) * (r.norm_anchor + taught(r, c, p) - 0.04 - r.norm)
    if p.influence == "anchored" or abs(r.peers_norm - r.norm) < bound:
        drawn += r.susceptibility * (r.peers_norm - r.norm)
    pull = gap if -bound < gap < bound else p.backlash * bound * (-1.0 if gap > 0.0 else 1.0)
    disbelief = p.claim + p.boast * c.message - 0.5 * (r.service + r.legitimacy)
    disbelief += p.reports * c.overstated + p.silenced * c.hush - p.admitted * c.candour
    believable = unit(0.65 - p.distrust * (disbelief - 0.10))
    r.norm = rounded(r.norm + p.step * p.strength * (drawn + p.kappa * c.message * r.credibility * pull))
    r.credibility += p.strength / p.credibility_weeks * (believable - r.credibility)


def plan_rumour(city, lever, p):
    """Government answers openly, as usual, late, or not at all; answering takes time, suppression hides."""
    for number, district in enumerate(city.districts):
        stance = city.policy(number).information_stance
        answer = {"open": p.open, "answer": p.reply, "wait": p.late, "suppress": 0.0}[stance]
        here = communities_of(city, district)
        believing = sum(c.last["believers"] for c in here) / (city.number(district.adults) + 1e-6)
        district.answering = p.strength * p.time * answer * believing
        for c in here:
            c.answer, c.candour = p.strength * answer, CANDOUR.get(stance, 0.0)
            c.hush = p.strength * p.hush if stance == "suppress" else 0.0


def rumour(r, c, p, key):
    """One draw decides: the unaware may come to believe, believers hear an answer or forget, the answered forget the answer."""
    u = key(r.number, 0)
    if r.rumour == UNAWARE:
        source = c.shock_rumour + (p.source if c.trigger else 0.0)
        if u < p.strength * source + p.strength * p.beta * r.peers_believing:
            r.rumour = BELIEVES
            c.now["heard_rumour"] += 1
    elif r.rumour == BELIEVES:
        convinced = r.credibility * c.answer
        if u < convinced:
            r.rumour = ANSWERED
            c.now["heard_answer"] += 1
        elif u < convinced + p.strength * p.forget:
            r.rumour = UNAWARE
    elif u < p.strength * p.immune:
        r.rumour = UNAWARE
    if r.rumour == BELIEVES:
        r.grievance = min(r.grievance + p.strength * p.grievance, 1.0)


def fairness(c, p):
    """What a community gives everybody's view of government."""
    here = p.base + p.transparency * c.transparency + p.oversight * c.oversight + p.clarity * c.clarity
    here -= p.rigidity * c.clarity**2 + p.abuse * min(c.wrongful_level, 6.0) + p.arbitrary * (1.0 - c.clarity)
    return here - p.scandal * c.corruption * c.transparency - p.silenced * c.hush


def procedural_justice(r, c, p, key):
    """L moves to L* slowly upwards and faster downwards; encounters leave their mark at once."""
    voice = p.voice * c.voice
    heard = {BELIEVES: p.rumour, ANSWERED: p.admitted * c.candour}.get(r.rumour, 0.0)
    target = fairness(c, p) + p.service * r.service + (voice if r.local else voice * p.voice_outside) - heard
    target -= p.wronged * r.grievance + (p.idle if r.jobless else 0.0)
    if r.case_stage > NEGOTIATION:
        target -= p.kept_waiting * min(r.case_age / 52.0, 1.0)
    gap = max(target, 0.0) - r.legitimacy
    met = 0.0
    for event, felt in (
        (STOPPED_FOR_NOTHING, -p.bad_stop),
        (STOPPED_RIGHTLY, p.good_stop),
        (CASE_WON, p.won),
        (CASE_HEARD, p.heard),
        (CASE_LOST, -p.lost),
        (ARRESTED, -p.arrest),
        (FLAGGED, -p.flagged),
    ):
        if r.events & event:
            met += felt
    pace = p.strength / (p.up_weeks if gap > 0.0 else p.down_weeks)
    judge_police(r, c, p)
    r.legitimacy = rounded(r.legitimacy + gap * pace + p.strength * met)


def judge_police(r, c, p):
    """The police are judged by how safe one feels, whether they are seen, fair and near, and by what one met with them."""
    fair = p.police_fair * (c.oversight + c.clarity) / 2.0 - p.police_abuse * min(c.wrongful_level, 6.0)
    target = (
        p.police_base + p.police_security * r.security + p.police_seen * reached(c.patrol / p.visible) + p.police_visits * c.heard + fair
    )
    gap = target - r.police_trust
    met = p.police_good_stop * bool(r.events & STOPPED_RIGHTLY) - p.police_bad_stop * bool(r.events & STOPPED_FOR_NOTHING)
    met -= p.police_arrest * bool(r.events & ARRESTED)
    pace = p.strength / (p.up_weeks if gap > 0.0 else p.down_weeks)
    r.police_trust = rounded(r.police_trust + gap * pace + p.strength * met)


def local_service(c):
    """Mean service of the adults with local registration, last week."""
    return (c.last["service"] - c.last["service_nonlocal"]) / ((c.adults - c.nonlocals) * ONE + 1.0)


def expect(r, c, p):
    """Expectations follow own experience, local neighbours and promises, faster up than down."""
    promised = p.promise * c.message + p.openness * c.transparency + p.schooling * c.education + c.promise
    gap = min((1.0 - p.own) * local_service(c) + promised + p.own * r.service, 1.0) - r.expectation
    r.expectation += gap * (p.strength / (p.expectation_up if gap > 0.0 else p.expectation_down))


def belonging(r, c, p):
    """Where belonging moves: trust, own volunteering, voice; for the non-local how settled they are; cameras against it."""
    target = p.belong_base + p.belong_cohesion * r.cohesion + (p.belong_volunteer if r.status == VOLUNTEERING else 0.0)
    target -= p.belong_watched * c.exposure
    return unit(target + (p.belong_voice * c.voice if r.local else p.belong_settled * r.integration - p.belong_outside))


def happiness(r, c, p):
    """Where happiness moves: service, how it compares with what was expected, belonging, one's own mood, and what weighs on it."""
    target = p.happy_base + r.mood + p.happy_service * r.service + p.happy_belonging * r.belonging
    surprise = r.service - r.expectation
    target += p.happy_gap * (surprise if surprise > 0.0 else p.negativity * surprise)
    target -= p.happy_idle if r.jobless else 0.0
    target -= p.happy_hardship * r.strain + p.happy_grievance * r.grievance + p.happy_fatigue * r.fatigue
    if r.status == VOLUNTEERING:
        target += p.happy_volunteer
    target -= p.happy_burden * min(c.burden, 4.0)
    if working_age(r):
        target -= p.happy_pressure * c.work_ethic
    if old(r):
        target += p.happy_health * c.health
    if r.age_group < 3:
        target -= p.happy_school * c.school
    if r.age_group in (2, 3):
        target -= p.happy_family * c.family
    if r.local:
        target -= p.happy_backlash * c.backlash
    return unit(target * 0.3 if r.status == JAILED else target)


def security(r, c, p):
    """Where security moves: offences, incidents, alarms and rumours; police and cameras in sight; one's own caution."""
    target = p.safe_base - p.safe_offences * min(c.offence_level, 4.0) - p.safe_incidents * min(c.incident_level, 2.0)
    target += p.safe_presence * reached(c.patrol / p.visible) + p.safe_cameras * c.cameras
    target -= p.safe_alarm * c.shock_alarm + p.safe_worry * (r.risk_aversion - 0.5)
    if r.rumour == BELIEVES:
        target -= p.safe_rumour
    return unit(target - 0.1 if r.status == ACTIVE else target)


def satisfaction(r, c, p, key):
    """Expectation first; then the three verdicts move to their targets, all from the state before."""
    expect(r, c, p)
    pace = p.strength / p.weeks
    targets = belonging(r, c, p), happiness(r, c, p), security(r, c, p)
    fright = (p.safe_stopped if r.events & STOPPED_FOR_NOTHING else 0.0) + (p.safe_flagged if r.events & FLAGGED else 0.0)
    r.belonging = rounded(r.belonging + pace * (targets[0] - r.belonging))
    r.happiness = rounded(r.happiness + pace * (targets[1] - r.happiness))
    r.security = rounded(r.security + pace * (targets[2] - r.security) - p.strength * fright)
