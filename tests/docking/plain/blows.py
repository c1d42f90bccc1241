"""Blows and what they set off: shocks, and open protest."""

import math

from sim.city.codes import ACTIVE, ARRESTED, CALM, JAILED

from .draws import exp, power, unit
from .government import communities_of

UNHURT = ("shock_jobs", "shock_alarm", "shock_crowd", "shock_solidarity", "shock_rumour", "visitors", "newcomers")
USUAL_COMMUNITY = 3000.0


def shocks(city, lever, p):
    """Every shock under way strikes where it strikes; all others are spared."""
    for community in city.communities:
        community.shock_service, community.shock_trigger = 1.0, 0
        for name in UNHURT:
            setattr(community, name, 0.0)
    for bureau in city.bureaus:
        bureau.closed = city.number(0.0)
    for shock in city.shocks:
        if shock.at <= city.week < shock.end:
            if shock.kind == "closure":
                close_a_facility(city, shock, p)
            for community in city.communities[shock.first_community : shock.last_community]:
                for strike in STRIKES.get(shock.kind, ()):
                    strike(community, p.strength * shock.strength, shock, p, city.week == shock.at)


def close_a_facility(city, shock, p):
    """Part of one service of every district around is closed."""
    around = {c.district for c in city.communities[shock.first_community : shock.last_community]}
    for bureau in city.bureaus:
        if bureau.district in around and bureau.service == shock.service:
            bureau.closed = unit(bureau.closed + p.strength * shock.strength)


def lay_off(c, size, shock, p, begins):
    """Work is lost, the same chance every week."""
    c.shock_jobs = unit(c.shock_jobs + size * p.laid_off / (shock.end - shock.at))


def cut_off(c, size, shock, p, begins):
    """Services fail."""
    c.shock_service *= 1.0 - size * p.outage


def frighten(c, size, shock, p, begins):
    """Fear."""
    c.shock_alarm = unit(c.shock_alarm + size * p.alarm)


def stir_up(c, size, shock, p, begins):
    """An incident may set off protest in its first week."""
    if begins and size > 0.0:
        c.shock_trigger = 1


def gossip(c, size, shock, p, begins):
    """A rumour is heard at its source in the first week."""
    if begins:
        c.shock_rumour = unit(c.shock_rumour + size * p.rumour)


def flow_in(c, size, shock, p, begins):
    """Visitors use the place; newcomers replace residents without local registration."""
    c.visitors += size * p.visitors
    c.newcomers = unit(c.newcomers + size * p.turnover / (shock.end - shock.at))


def bring_together(c, size, shock, p, begins):
    """After a disaster people wish to help."""
    c.shock_solidarity += size * p.solidarity


def crowd(c, size, shock, p, begins):
    """A crowd gathers, where sparks fly."""
    c.shock_crowd = unit(c.shock_crowd + size * p.crowd)
    if size > 0.0:
        c.shock_trigger = 1


def half(strike):
    """A strike of half the size."""
    return lambda c, size, shock, p, begins: strike(c, 0.5 * size, shock, p, begins)


STRIKES = {
    "layoffs": [lay_off],
    "service_outage": [cut_off],
    "major_incident": [frighten, stir_up, gossip],
    "rumour": [gossip],
    "influx": [flow_in],
    "disaster": [half(cut_off), half(lay_off), half(frighten), bring_together],
    "crowd_event": [crowd],
}


def causes(c, p):
    """Chance that what happened to the people of a community last week sets off a protest."""
    last, people = c.last, c.residents * 0.001
    cases = p.by_case * (last["withdrawn"] + last["lost"] + last["reopened"]) + p.by_delay * last["overdue"]
    failures = p.by_request * (last["requests"] - last["resolved"]) + p.by_outage * people * max(1.0 - c.shock_service, 0.0)
    police = p.by_police * (last["fruitless"] + 10 * last["wrongful"])
    return cases + failures + police + p.by_layoff * last["lost_work"] + p.by_rumour * last["believers"] + p.spontaneous * people


def plan_unrest(city, lever, p):
    """Protest is set off by what happened, more where it paid before, and by protest next door; officials answer it."""
    draw, answer = city.key("unrest.triggers"), city.key("unrest.responses")
    for k, c in enumerate(city.communities):
        office = city.offices[c.subdistrict]
        next_door = sum(other.last["active"] for other in communities_of(city, office) if other is not c)
        spread = p.spread * c.residents * next_door / city.number(office.residents)
        chance = p.strength * (causes(c, p) * (1.0 + p.precedent * c.precedent) + spread)
        c.trigger = int(bool(draw(k, 0) < chance or (c.shock_trigger and p.strength > 0.0)))
        people = p.least / power(max(draw(k, 1), city.number(1e-6)), 1.0 / p.tail)
        c.concerned = min(people / USUAL_COMMUNITY, 0.5) if c.trigger else 0.0
        c.now["triggered"] += c.trigger
        c.incident_level = forget(c.incident_level, p.memory_weeks) + c.last["incidents"]
        c.precedent = forget(c.precedent, p.precedent_weeks)
        respond(c, office, city.policy(c.district).protest_response, answer(k, 0), p)


def forget(level, weeks):
    """What is left of a memory after a week; next to nothing is nothing."""
    left = level * (1.0 - 1.0 / weeks)
    return left if left > 1e-6 else left * 0.0


def respond(c, office, stance, u, p):
    """Officials disperse, give in or mediate where so many protest that it counts as an incident."""
    c.calming, c.force, many = 0.0, 1.0, c.last["active"]
    if p.strength == 0.0 or many < line_of(c, p):
        return
    if stance == "disperse":
        c.force = p.dispersal
    if u < {"concede": p.conceded, "mediate": p.mediated}.get(stance, 0.0):
        c.calming = p.calmed
        c.now["calmed"] += 1
        c.precedent += stance == "concede"
    if stance == "mediate":
        office.mediation_kept -= p.hearing * many


def line_of(c, p):
    """Protesters who make an incident, at least two."""
    return max(p.incident * c.residents / USUAL_COMMUNITY, 2.0)


def arrest_risk(c, officers, p):
    """P = 1 - exp(-k floor(C / A)), or of C / A as it is, a crowd counted among the protesters; cameras add to it."""
    scale = USUAL_COMMUNITY / c.residents
    protesters = 1.0 + c.last["active"] * scale + c.shock_crowd * 0.1 * USUAL_COMMUNITY
    each = officers * c.force / protesters
    risk = 1.0 - exp(-p.arrest_constant * (each if p.arrest_ratio == "smooth" else math.floor(each)))
    return risk + p.watched * c.exposure * (1.0 - risk)


def aggrieve(r, c, p, u):
    """Grievance fades, faster where voice is heard, and is taken from protesters by an answer; triggers, ties and force add to it."""
    able, others = r.age_group > 0 and r.status != JAILED, r.seen[2]
    left = r.grievance * (1.0 - p.strength * (0.7 + 0.83 * c.voice) / p.decay_weeks)
    if r.status == ACTIVE:
        left *= 1.0 - c.calming
    elif able and r.tired == 0:
        reached = min(c.concerned + (c.shock_crowd if c.trigger else 0.0), 0.5) + p.contagion * others
        left += p.stir if u < reached else 0.0
    if able and others and c.force > 1.0:
        left += p.outrage
    r.grievance = min(left, 1.0) if left > 1e-6 else 0.0


def unrest(r, c, p, key):
    """Epstein's rule: active if G (1 - L) - R P > T, more where dissent is hushed up; who stops needs a rest."""
    if p.strength == 0.0:
        return
    scale = USUAL_COMMUNITY / c.residents  # officers and protesters among as many as a usual community has
    officers = (p.on_duty * c.officers + p.reserve * c.last["active"]) * scale
    aggrieve(r, c, p, key(r.number, 0))
    able = r.age_group > 0 and r.status != JAILED and r.tired == 0
    if able and r.grievance * (1.0 - r.legitimacy) - r.risk_aversion * arrest_risk(c, officers, p) > p.threshold + p.hush * c.hush:
        r.status = ACTIVE
        r.grievance = max(r.grievance - p.vent, 0.0)
        if key(r.number, 1) < min(p.arrests * officers * c.force / (1.0 + c.last["active"] * scale), 0.5):
            r.status, r.weeks_left = JAILED, int(p.detention)
            r.events |= ARRESTED
            c.now["arrested"] += 1
            c.now["jailed"] += 1
        elif c.force > 1.0 and key(r.number, 2) < p.cleared:
            r.status, r.tired = CALM, int(p.rest)
    elif r.status == ACTIVE:
        r.status, r.tired = CALM, int(p.rest)
    elif r.tired:
        r.tired -= 1


def close_unrest(city, lever, p):
    """An incident begins when protest passes the line, at least two people."""
    for c in city.communities:
        c.now["incidents"] += bool(c.now["active"] >= line_of(c, p) > c.last["active"])
