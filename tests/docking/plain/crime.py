"""Offences, police and protest."""

import math

from sim.city.codes import ACTIVE, ARRESTED, CALM, JAILED, OFFENDED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.mechanisms.policing import NORMAL_STOP

from .draws import clip, exp, power

ONE = 2**20


def serve_sentence(r):
    """One week less in detention; whoever has none left goes home."""
    if r.status == JAILED:
        r.weeks_left = max(r.weeks_left - 1, 0)
        if r.weeks_left == 0:
            r.status = CALM


def plan_offending(city, lever, p):
    """Heat is a four-week memory of offences; the level is what people feel, against the usual."""
    for c in city.communities:
        offences = c.last["offences"]
        heat = c.heat * 0.75 + 0.25 * offences
        c.heat = heat if heat > 1e-6 else city.number(0.0)
        c.recording = p.recorded
        c.offence_level += (offences / (c.residents * p.usual / 52.0) - c.offence_level) / p.level_weeks


def propensity(r, p):
    """How much likelier than the reference a person is to offend; 0 for children."""
    push = p.hardship * (r.hardship - 0.41) - p.norm * (r.norm - 0.64) - p.legitimacy * (r.legitimacy - 0.70)
    return exp(push) * {0: 0.0, 1: 1.9, 2: 1.15}.get(r.age_group, 0.6)


def offending(r, c, p, luck):
    """Rate = base * propensity * certainty**elasticity * (1 - informal control), and near repeats by propensity."""
    s = propensity(r, p)
    control = max(1.0 - p.control * (c.collective_efficacy - 1.0), 0.1)
    watched = power(c.patrol + 0.05, p.presence)
    fear = power(max(r.sanction_risk, 0.02) / p.reference_risk, p.certainty)
    total = c.last["propensity"] / ONE
    repeats = p.theta * c.heat / total if total > 0.0 else 0.0
    c.now["propensity"] += int(s * ONE)
    if r.status != JAILED and luck(r.number, 0) < s * (p.base / 52.0 * watched * control * fear + repeats):
        r.events |= OFFENDED
        c.now["offences"] += 1
        pursue(r, c, p, luck)


def pursue(r, c, p, luck):
    """Recorded? Criminal? Cleared? Prosecuted? Jailed?"""
    if luck(r.number, 1) >= p.recorded * (1.0 + p.reporting * (r.legitimacy - 0.70)):
        return
    criminal = luck(r.number, 2) < p.criminal
    c.now["recorded"] += 1
    c.now["criminal"] += criminal
    if luck(r.number, 3) >= clip(c.certainty / p.recorded, 0.0, 1.0):
        return
    c.now["cleared"] += 1
    r.events |= ARRESTED
    if criminal and luck(r.number, 4) < p.prosecuted:
        c.now["prosecuted"] += 1
        if luck(r.number, 5) < p.jailed:
            c.now["jailed"] += 1
            r.status = JAILED
            r.weeks_left = 1 + int(luck(r.number, 6) * 2.0 * p.sentence)


def plan_policing(city, lever, p):
    """A station clears 2K / (K + load**.25) of its usual share, and patrols evenly or where offences were reported."""
    follow = p.targeting if lever.patrol_targeting else 0.0
    for station, office in zip(city.stations, city.offices):
        capacity = city.districts[station.district].capacity
        k = capacity["rule_of_law.policing"]
        here = city.communities[office.first_community : office.last_community]
        level = city.number(0.0)
        for c in here:
            level += c.offence_level * c.residents
        level = level / city.number(office.residents)
        station.load = level
        station.officers = city.number(office.residents) * p.officers * 0.001 * k
        reached = p.clearance * 2.0 * (k + 1e-6) / (k + 1e-6 + power(level + 0.01, 0.25))
        station.clearance = clip(reached, 0.0, 0.98)
        for c in here:
            patrol(c, station, k, level, follow, p)
            c.oversight = capacity["rule_of_law.oversight"]


def patrol(c, station, k, level, follow, p):
    """Patrols of one community, the certainty that becomes known there, and the fruitless stops people remember."""
    c.patrol = k * (1.0 - follow + follow * clip(c.offence_level / (level + 1e-3), 0.0, 4.0))
    c.officers = c.patrol * c.residents * p.officers * 0.001
    certain = c.recording * station.clearance * (1.0 - p.presence + p.presence * clip(c.patrol, 0.0, 2.0))
    c.certainty += p.strength * (certain - c.certainty) / p.certainty_weeks
    usual = c.residents * p.stops * (1.0 - p.hits) / 52000.0 + 1e-6
    c.wrongful_level += (c.last["fruitless"] / usual - c.wrongful_level) / 26.0


def policing(r, c, p, luck):
    """Perceived risk moves to certainty; the young and the non-local are stopped more often."""
    r.sanction_risk += p.learning * p.strength * (c.certainty - r.sanction_risk)
    if r.age_group == 0 or r.status == JAILED:
        return
    rate = p.strength * p.stops / 52000.0 / NORMAL_STOP * c.patrol * 2.0 / (1.0 + c.oversight)
    hits = min(p.hits * (0.75 + 0.25 * c.clarity), 1.0)
    likely = (p.young if r.age_group == 1 else 1.0) * (1.0 if r.local else p.outsider)
    u = luck(r.number, 0)
    if u < rate * likely:
        rightly = u < rate * hits * likely
        r.events |= STOPPED_RIGHTLY if rightly else STOPPED_FOR_NOTHING
        c.now["stops"] += 1
        c.now["fruitless"] += not rightly


def plan_unrest(city, lever, p):
    """Local events stir communities, by residents; incidents fade from memory."""
    luck = city.luck("unrest.triggers")
    for k, c in enumerate(city.communities):
        c.trigger = int(luck(k, 0) < p.strength * p.trigger * c.residents * 0.001)
        c.now["triggered"] += c.trigger
        level = c.incident_level * (1.0 - 1.0 / p.memory_weeks) + c.last["incidents"]
        c.incident_level = level if level > 1e-6 else city.number(0.0)


def unrest(r, c, p, luck):
    """Epstein's rule: active if G (1 - L) - R P > T, P = 1 - exp(-k floor(C / A))."""
    if p.strength == 0.0:
        return
    scale = 3000.0 / c.residents  # officers and protesters among as many as a usual community has
    protesters = 1.0 + c.last["active"] * scale
    officers = (p.on_duty * c.officers + p.reserve * c.last["active"]) * scale
    risk = 1.0 - exp(-p.arrest_constant * math.floor(officers / protesters))
    able = r.age_group > 0 and r.status != JAILED
    fading = 1.0 - p.strength * (0.7 + 0.3 * min(c.voice, 2.0)) / p.decay_weeks
    grievance = r.grievance * fading
    if c.trigger and able and luck(r.number, 0) < min(p.stirred * scale, 0.5):
        grievance += p.stir
    grievance = min(grievance, 1.0)
    r.grievance = grievance if grievance > 1e-6 else 0.0
    if able and r.grievance * (1.0 - r.legitimacy) - r.risk_aversion * risk > p.threshold:
        r.status = ACTIVE
        r.grievance = max(r.grievance - p.vent, 0.0)
        if luck(r.number, 1) < min(p.arrests * officers / protesters, 0.5):
            r.status, r.weeks_left = JAILED, int(p.detention)
            r.events |= ARRESTED
            c.now["arrested"] += 1
            c.now["jailed"] += 1
    elif r.status == ACTIVE:
        r.status = CALM


def close_unrest(city, p):
    """An incident begins when protest passes the line, at least two people."""
    for c in city.communities:
        line = max(p.incident * c.residents * 0.001, 2.0)
        c.now["incidents"] += c.now["active"] >= line > c.last["active"]
