"""Neighbours: committees, organisations, volunteers, and trust among those who live together."""

from sim.city.codes import CALM, RETIRED, VOLUNTEERING
from sim.city.organisations import SPECIALITIES
from sim.mechanisms.collective_efficacy import USUAL_NEWCOMERS
from sim.mechanisms.participation import (
    CAPTURE,
    MOST_ANGER,
    SPREAD,
    USUAL_CAPTURE,
    USUAL_ESTATES,
    USUAL_GRIEVANCE,
    USUAL_HARDSHIP,
    USUAL_PATROL,
    USUAL_TALKS,
    USUAL_VOLUNTEERS,
)

from .draws import clip, exp, power, tanh, unit
from .government import communities_of

ONE = 2**20  # sums are whole: a value of 1 counts so much
MUTUAL_AID = {"mutual_aid": 0.7, "mediation": 0.3, "culture": 0.5}


def committee_week(committee, community, consultations, p):
    """Duties follow what pressed last week; skill grows with practice; capture with consultations, against participation."""
    last, people = community.last, community.residents
    committee.caseload = last["open_mediation"]
    cases = 0.25 * (last["open_negotiation"] + last["open_mediation"]) / (people * float(USUAL_TALKS))
    crime = 0.25 * community.offence_level
    need = 0.25 * community.hardship / 0.41
    anger = min(0.25 * (1.0 - community.hush) * anger_of(community), 1.0)
    total = cases + crime + need + anger + 1e-6
    for duty, pressing in enumerate((cases, crime, need, anger)):
        committee.duty[duty] += p.strength / p.inertia_weeks * (pressing / total - committee.duty[duty])
    practice = min((last["closed_mediation"] + last["failed_mediation"]) / (people * 0.000135 + 1e-6), 2.0)
    committee.skill += p.strength * (0.8 + 0.2 * practice - committee.skill) / 104.0
    share = last["volunteers"] / (community.adults + 1e-6)
    drift = CAPTURE + p.capture_money * consultations - 1.5 * (share - USUAL_VOLUNTEERS)
    committee.capture += p.strength * (unit(drift) - committee.capture) / p.capture_weeks
    standing = unit(0.3 + 4.0 * share - 0.5 * (committee.capture - 0.2))
    committee.reputation += p.strength * (standing - committee.reputation) / 26.0


def anger_of(community):
    """Grievance of last week relative to the usual."""
    return community.last["grievance"] / (community.residents * float(USUAL_GRIEVANCE) * ONE)


def plan_participation(city, lever, p):
    """Posts, hours asked, voice, willingness, watch and aid of every community; organisations grow or wither."""
    for community, committee in zip(city.communities, city.committees):
        work = city.districts[community.district].work
        consultations, places = work["self_governance.councils"], work["self_governance.social_organisations"]
        given = community.last["time_given"] / ONE * 40.0
        committee.hours = given if city.week else community.last["volunteers"] * p.hours  # nobody has given anything before the first week
        committee_week(committee, community, consultations, p)
        posts = (community.adults + 1e-6) * p.posts + community.residents * places
        community.posts_open = unit(1.0 - community.last["volunteers"] / posts)
        asked = community.residents * (p.asked_own + p.asked / 52.0 * consultations + p.asked_post * places)
        community.hours_load = clip(asked / (committee.hours + 1e-6), 0.4, 2.5)
        use_hours(community, committee, consultations, p)
    for organisation in city.organisations:
        organisation_week(city, organisation, p)
    for district in city.districts:
        filled = sum(c.residents * (1.0 - c.posts_open) for c in communities_of(city, district))
        district.used["self_governance.social_organisations"] = unit(filled / city.number(district.residents))


def use_hours(community, committee, consultations, p):
    """What a committee's hours do: voice, readiness to step in, aid, and a watch that is nothing until it is well manned.

    Of those consulted fewer feel heard the more anger has gathered over a quarter.
    """
    community.capture = committee.capture
    hours = committee.hours / (community.residents * p.work + 1e-6)
    served = (1.0 - committee.capture) / (1.0 - USUAL_CAPTURE) * (0.6 + 1.6 * committee.duty[3]) * (1.0 - 0.5 * community.hush)
    community.unresolved += p.strength / 13.0 * (min(anger_of(community), float(MOST_ANGER)) - community.unresolved)
    falls_short = 1.0 + p.need * (community.unresolved - 1.0)
    community.voice = unit((1.0 - exp(-consultations)) * served / (falls_short + 1e-6) + community.heard)
    community.willingness = 0.8 + 0.8 * committee.duty[1] * clip(hours, 0.0, 2.0)
    community.aid = 2.0 * committee.duty[2] * clip(hours, 0.0, 2.0)
    patrols = 4.0 * committee.duty[1] * hours
    manned = power(patrols / p.watching + 1e-6, p.rise)
    community.watch = manned / (1.0 + manned)


def organisation_week(city, organisation, p):
    """An organisation grows with its volunteers and reputation, and helps its community as its speciality has it."""
    community = city.communities[organisation.community]
    filled = city.districts[community.district].work["self_governance.social_organisations"] * (1.0 - community.posts_open)
    grown = clip(filled / p.aid_posts * organisation.reputation / 0.6, 0.0, 4.0)
    organisation.effort += p.strength * (grown - organisation.effort) / 52.0
    trust = community.last["cohesion"] / (community.adults * ONE + 1.0)
    organisation.reputation += p.strength * (unit(0.05 + trust) - organisation.reputation) / 52.0
    helps = organisation.effort * MUTUAL_AID[SPECIALITIES[organisation.speciality]]
    community.aid += helps * (1.0 - community.neglect) / community.organisations


def example(r, p):
    """What a person's cooperation type makes of the volunteers around."""
    around = tanh(r.peers_volunteering / p.usual - 1.0)
    if r.cooperation == 0:
        return p.conditional * around
    if r.cooperation == 1:
        return p.free_riding
    if r.cooperation == 2:
        return p.conditional * (around if around < 0.5 else 1.0 - around)
    return p.unconditional


def police(p):
    """What patrols do to the wish to join."""
    return {"independent": p.enforced, "crowds_out": -0.5, "draws_in": 0.5}[p.law]


def wish_to_join(r, c, p):
    """Logarithm of the factor on joining."""
    push = example(r, p) + p.efficacy * (r.efficacy - 0.5) + p.cohesion * (r.cohesion - 0.55) + p.norm * (r.norm - 0.64)
    push += p.organisations * (c.aid - 1.0) + c.shock_solidarity
    push -= p.fatigue * r.fatigue + p.capture * (c.capture - 0.2) + p.crowding_out * (r.service - 0.62)
    push -= p.chill * c.wrongful_level + c.chill + p.leisure * c.cushion - police(p) * (c.patrol / float(USUAL_PATROL) - 1.0)
    push -= p.estates * (c.estates - float(USUAL_ESTATES))
    if r.age_group in (2, 3):
        push -= p.at_home * c.family
    push -= p.hardship * (r.hardship - float(USUAL_HARDSHIP))
    if r.age_group == RETIRED:
        push += p.retired
    return push if r.local else push + p.settled * (r.integration - 0.4)


def participation(r, c, p, key):
    """Join or quit; tire or rest; believe more or less that it matters."""
    burns = join_or_quit(r, c, p, key(r.number, 0))
    busy = r.status == VOLUNTEERING
    rested = r.fatigue * (p.strength * (0.6 + 0.633 * c.health) / p.rest_weeks)
    mine = inclination(r, p)
    tired = r.fatigue - rested + (p.tiring * c.hours_load * p.strength * mine**0.5 if busy else 0.0)
    if busy:
        c.now["time_given"] += int(min(p.hours * mine / 40.0, 1.0) * ONE)
    r.fatigue = min(tired if tired > 1e-6 else 0.0, 1.0)
    voice = c.voice if r.local else c.voice * p.voice_outside
    target = 0.34 + p.voice * voice + (0.05 if busy else 0.0)
    r.efficacy = unit(r.efficacy + p.strength / p.efficacy_weeks * (target - r.efficacy) - (p.disappointment if burns else 0.0))
    if busy:
        r.since_volunteering = 0
    elif p.strength > 0.0:
        r.since_volunteering = min(r.since_volunteering + 1, 255)


def inclination(r, p):
    """Hours of a volunteer relative to the mean of those who join in proportion to engagement, which is exp(SPREAD * z - SPREAD**2 / 2)."""
    low = float(SPREAD) * 0.75**0.5
    mean = (low / (low + low * p.unequal) * sinh(low + low * p.unequal) / sinh(low)) ** 4 * exp(-0.5 * float(SPREAD) ** 2 * p.unequal)
    return power(r.engagement, p.unequal) / mean * (p.retired_hours if r.age_group == RETIRED else 1.0)


def sinh(h):
    """Hyperbolic sine."""
    return 0.5 * (exp(h) - exp(-h))


def join_or_quit(r, c, p, u):
    """Spells of volunteering begin and end; true for somebody who burns out."""
    quits = p.strength * p.quit * exp(p.fatigue_quits * r.fatigue) / power(r.engagement, p.loyalty)
    if r.status == VOLUNTEERING and u < quits:
        r.status = CALM
        burns = bool(r.fatigue > p.burn_out)
        c.now["left"] += 1
        c.now["burned_out"] += burns
        return burns
    if r.status == CALM and r.age_group > 0 and u < p.strength * p.join * c.posts_open * r.engagement * exp(wish_to_join(r, c, p)):
        r.status = VOLUNTEERING
        c.now["joined"] += 1
    return False


def plan_collective_efficacy(city, lever, p):
    """CE moves within a month to own control, a part of it taken from where one borders on; suits are remembered half a year."""
    own = [c.last["cohesion"] / (c.adults * ONE + 1.0) / p.reference * c.willingness for c in city.communities]
    for community, control, borders in zip(city.communities, own, city.borders):
        suits = min(community.last["closed_court"] / (community.residents * p.usual_suits / 52.0), 6.0)
        community.litigation += p.strength * (suits - community.litigation) / 26.0
        around = sum(own[other] for other in borders) / city.number(len(borders)) if borders else control
        reached = (1.0 - p.spill) * control + p.spill * around
        community.collective_efficacy += p.strength * (reached - community.collective_efficacy) / 4.0


def collective_efficacy(r, c, p, key):
    """Trust in neighbours moves to what shared work, aid, moving, suits, offences and hardship make of it."""
    here = p.base + p.aid * c.aid - p.moved * c.housing - p.litigation * c.litigation - p.offences * min(c.offence_level, 4.0)
    here += p.bonds * c.bonds - p.estates * (c.estates - 0.4)
    target = here + min(p.volunteering / p.usual * r.peers_volunteering, 0.2) - p.hardship * (r.hardship - 0.41)
    target += p.disposition * r.mood
    target = unit(target - (p.origin * (c.nonlocals / (c.adults + 1e-6) - float(USUAL_NEWCOMERS)) if r.local else p.newcomer))
    r.cohesion += p.strength / p.weeks * (target - r.cohesion)
