"""Blows and what they set off: shocks, and open protest."""

import math

from sim.city.codes import ACTIVE, ARRESTED, CALM, JAILED

from .draws import exp, unit

UNHURT = ("shock_jobs", "shock_alarm", "shock_crowd", "shock_solidarity", "shock_rumour", "visitors", "newcomers")
USUAL_COMMUNITY = 3000.0


def shocks(city, lever, p):
    """Every shock under way strikes where it strikes; all others are spared."""
    for community in city.communities:
        community.shock_service, community.shock_trigger = 1.0, 0
        for name in UNHURT:
            setattr(community, name, 0.0)
    for shock in city.shocks:
        if shock.at <= city.week < shock.end:
            for community in city.communities[shock.first_community : shock.last_community]:
                for strike in STRIKES[shock.kind]:
                    strike(community, p.strength * shock.strength, shock, p, city.week == shock.at)


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


def plan_unrest(city, lever, p):
    """Local events stir communities, by residents, or a shock does; incidents fade from memory."""
    key = city.key("unrest.triggers")
    for k, c in enumerate(city.communities):
        by_chance = key(k, 0) < p.strength * p.trigger * c.residents * 0.001
        by_shock = c.shock_trigger and p.strength > 0.0
        c.trigger = int(bool(by_chance or by_shock))
        c.now["triggered"] += c.trigger
        level = c.incident_level * (1.0 - 1.0 / p.memory_weeks) + c.last["incidents"]
        c.incident_level = level if level > 1e-6 else city.number(0.0)


def arrest_risk(c, officers, p):
    """P = 1 - exp(-k floor(C / A)), a crowd counted among the protesters; cameras add to it."""
    scale = USUAL_COMMUNITY / c.residents
    protesters = 1.0 + c.last["active"] * scale + c.shock_crowd * 0.1 * USUAL_COMMUNITY
    risk = 1.0 - exp(-p.arrest_constant * math.floor(officers / protesters))
    return risk + p.watched * c.exposure * (1.0 - risk)


def unrest(r, c, p, key):
    """Epstein's rule: active if G (1 - L) - R P > T, more where dissent is hushed up."""
    if p.strength == 0.0:
        return
    scale = USUAL_COMMUNITY / c.residents  # officers and protesters among as many as a usual community has
    officers = (p.on_duty * c.officers + p.reserve * c.last["active"]) * scale
    able = r.age_group > 0 and r.status != JAILED
    grievance = r.grievance * (1.0 - p.strength * (0.7 + 0.83 * c.voice) / p.decay_weeks)
    if c.trigger and able and key(r.number, 0) < min(p.stirred * scale + c.shock_crowd, 0.5):
        grievance += p.stir
    grievance = min(grievance, 1.0)
    r.grievance = grievance if grievance > 1e-6 else 0.0
    if able and r.grievance * (1.0 - r.legitimacy) - r.risk_aversion * arrest_risk(c, officers, p) > p.threshold + p.hush * c.hush:
        r.status = ACTIVE
        r.grievance = max(r.grievance - p.vent, 0.0)
        if key(r.number, 1) < min(p.arrests * officers / (1.0 + c.last["active"] * scale), 0.5):
            r.status, r.weeks_left = JAILED, int(p.detention)
            r.events |= ARRESTED
            c.now["arrested"] += 1
            c.now["jailed"] += 1
    elif r.status == ACTIVE:
        r.status = CALM


def close_unrest(city, lever, p):
    """An incident begins when protest passes the line, at least two people."""
    for c in city.communities:
        line = max(p.incident * c.residents * 0.001, 2.0)
        c.now["incidents"] += c.now["active"] >= line > c.last["active"]
