"""Disputes and their resolution: `sim.mechanisms` of the same names; only those with a case are touched, by their indices."""

from benchmarks.vectorised.arrays import cast, clip, exp, least, most, numbers, pick, tanh, unit, where
from sim.city.codes import (
    CASE_LOST,
    CASE_WON,
    COURT,
    JAILED,
    LAST_WORKING,
    MEDIATION,
    NEGOTIATION,
    NEIGHBOURS,
    NONE,
    OFFICE,
    SERVICES,
    WORK,
)
from sim.mechanisms.resolution import AID, REACH


def disputes(people, city, luck, p):
    """New cases begin in negotiation."""
    c = city.communities
    last = c["last"]
    waiting = cast(last["open_negotiation"] + last["open_mediation"] + last["open_office"] + last["open_court"], "f4")
    nearby = 1.0 + p.contagion * tanh(waiting / (cast(c["residents"], "f4") * p.usual_open) - 1.0)
    rate = p.rate / 52.0 * nearby * exp(p.crowding * (c["burden"] - 1.0))
    push = p.hardship * (people.strain - 0.41) - p.cohesion * (people.cohesion - 0.57)
    push = push - p.service * (people.service - 0.62) - p.norm * (people.norm - 0.64)
    able = (people.case_stage == NONE) & (people.age_group > 0) & (people.status != JAILED)
    starts = (city.uniform(luck, 0) < city.at_home(rate) * exp(push)) & able
    city.count(opened=starts)
    new = numbers(starts)
    v = city.uniform(luck, 1, new)
    about = where(v < p.services * (1.62 - people.service[new]), SERVICES, NEIGHBOURS)
    at_work = (people.age_group[new] <= LAST_WORKING) & (v > 1.0 - p.work)
    people.case_stage[new], people.case_age[new], people.case_kind[new] = NEGOTIATION, 0, cast(where(at_work, WORK, about), "u1")


def resolution(people, city, luck, p):
    """Every open case has its week."""
    if not p.moving:
        return
    cases = numbers(people.case_stage != NONE)
    people.case_age[cases] += people.case_age[cases] < 255
    stage = people.case_stage[cases]
    _heard(people, city, luck, p, cases[stage != NEGOTIATION])
    _negotiate(people, city, luck, p, cases[stage == NEGOTIATION])


def _close(people, who, good, p):
    """Close the cases of `who`, well or badly."""
    people.case_stage[who], people.case_age[who] = NONE, 0
    grievance = people.grievance[who]
    people.grievance[who] = grievance * (1.0 - p.settling_heals) if good else unit(grievance + p.failing_hurts)
    people.events[who] |= CASE_WON if good else CASE_LOST


def _negotiate(people, city, luck, p, who):
    """Settled, dropped, handed on, or still open."""
    home = city.home[who]
    law = 1.0 + p.law_settles * (city.communities["clarity"][home] - 1.0)
    union = 1.0 + pick(people.case_kind[who] == WORK, p.union_settles * (city.communities["union_help"][home] - 1.0))
    settle = least(p.settle * law * union * exp(p.norm_settles * (people.norm[who] - 0.64)), 0.9)
    u = city.uniform(luck, 0, who) / p.strength
    settled, dropped = u < settle, (u >= settle) & (u < settle + p.drop)
    on = (u >= settle + p.drop) & (u < settle + p.drop + p.escalate)
    city.count_some(settled=who[settled], dropped=who[dropped])
    _close(people, who[settled], True, p)
    people.case_stage[who[dropped]], people.case_age[who[dropped]] = NONE, 0
    _route(people, city, luck, p, who[on])


def _gives_up(here, p):
    """Factor on giving up, by community."""
    return clip(1.0 - p.persistence * ((here["court_access"] - REACH) / AID - 1.0), 0.0, 2.0)


def _route(people, city, luck, p, who):
    """Choose the way on by what each offers and how long it takes; some turn away."""
    c, home = city.communities, city.home[who]
    suited = pick(people.case_kind[who] == SERVICES, p.far_off, p.close_by)
    offered = p.way_mediation * suited * c["mediation_pull"][home]
    mediation = offered * exp(-c["mediation_wait"] / p.patience)[home]
    office = (p.way_office * (1.0 - p.silenced * c["hush"]) * exp(-c["office_wait"] / p.patience))[home]
    court = (p.way_court * c["court_access"] * exp(-c["court_wait"] / (4.0 * p.patience)))[home]
    left = most(1.0 - p.way_mediation - p.way_office - p.way_court, 0.0)
    balk = (offered - mediation) * 0.3 + (p.way_office - office) * 0.3
    nowhere = (left + balk) * _gives_up(c, p)[home]
    u = city.uniform(luck, 1, who) * (mediation + office + court + nowhere)
    ends = (mediation, mediation + office, mediation + office + court)
    to_mediation, to_office = who[u < ends[0]], who[(u >= ends[0]) & (u < ends[1])]
    to_court, balked = who[(u >= ends[1]) & (u < ends[2])], who[u >= ends[2]]
    people.case_stage[to_mediation], people.case_stage[to_office], people.case_stage[to_court] = MEDIATION, OFFICE, COURT
    city.count_some(to_mediation=to_mediation, to_office=to_office, to_court=to_court, balked=balked, withdrawn=balked)
    _close(people, balked, False, p)


def _heard(people, city, luck, p, who):
    """A week in a queue: heard or not, settled or climbing, or given up."""
    c, home, stage = city.communities, city.home[who], people.case_stage[who]
    chance = where(stage == OFFICE, c["office_chance"][home], c["court_chance"][home])
    chance = where(stage == MEDIATION, c["mediation_chance"][home], chance)
    v = city.uniform(luck, 3, who)
    heard = city.uniform(luck, 2, who) < chance * p.strength
    _wait(people, city, p, who[~heard], v[~heard], stage[~heard])
    who, v, stage = who[heard], v[heard], stage[heard]
    mediated = stage == MEDIATION
    _mediated(people, city, p, who[mediated], v[mediated], city.uniform(luck, 4, who[mediated]))
    _answered(people, city, p, who[stage == OFFICE], v[stage == OFFICE])
    _judged(people, city, p, who[stage == COURT], v[stage == COURT])


def _wait(people, city, p, who, v, stage):
    c, home = city.communities, city.home[who]
    people.grievance[who] = unit(people.grievance[who] + p.waiting_hurts)
    quits = (p.withdraw * _gives_up(c, p))[home]
    gone = v < quits
    jumped = who[~gone & (stage == OFFICE) & (v < quits + c["jump"][home] * p.strength)]
    city.count_some(withdrawn=who[gone], jumped=jumped)
    _close(people, who[gone], False, p)
    _settled_by_office(people, city, p, jumped)


def _formally(people, city, who, **counts):
    """Book cases that mediation, office or court closed; before they are, since their age is booked."""
    city.count_some(formal_closed=who, **counts)
    city.add_some("formal_weeks", who, people.case_age[who])


def _settled_by_office(people, city, p, who):
    _formally(people, city, who, closed_office=who)
    _close(people, who, True, p)


def _judged(people, city, p, who, v):
    """Courts decide."""
    c, home = city.communities, city.home[who]
    _formally(people, city, who, closed_court=who)
    weak = (people.local[who] == 0) | (people.strain[who] > 0.5)
    wins = v < p.court_win + pick(weak, p.aided * c["court_access"][home] - p.bias * c["discretion"][home])
    _close(people, who[wins], True, p)
    _close(people, who[~wins], False, p)
    people.cohesion[who[people.case_kind[who] == NEIGHBOURS]] *= 1.0 - p.scar


def _mediated(people, city, p, who, v, w):
    """Agreement (which may come back), court, or given up."""
    c, home = city.communities, city.home[who]
    city.add_some("mediated_weeks", who, people.case_age[who])
    success = p.mediation_success * (0.5 + 0.5 * c["mediation_skill"]) * (1.0 - p.rigidity * c["clarity"])
    agreed, back = v < success[home], w < p.comes_back * c["mediation_pull"][home]
    again, done = who[agreed & back], who[agreed & ~back]
    court, gone = who[~agreed & (w < p.climb_mediation)], who[~agreed & (w >= p.climb_mediation)]
    _formally(people, city, who[agreed], closed_mediation=who[agreed], reopened=again, opened=again)
    people.case_stage[again], people.case_age[again] = NEGOTIATION, 1
    people.grievance[again] = unit(people.grievance[again] + 0.5 * p.failing_hurts)
    people.case_stage[court] = COURT
    city.count_some(failed_mediation=who[~agreed], to_court=court, withdrawn=gone)
    _close(people, done, True, p)
    _close(people, gone, False, p)


def _answered(people, city, p, who, v):
    """Settled by the office, passed on, passed to mediation or court, or given up."""
    c = city.communities
    success = p.office_success * c["fit"] / p.usual_fit * (1.0 - p.rigidity * (c["clarity"] - 1.0))
    success = least(success, 0.95)[city.home[who]]
    good = v < success
    _settled_by_office(people, city, p, who[good])
    who, v, success = who[~good], v[~good], success[~good]
    rest = (v - success) / (1.0 - success + 1e-6)
    passed = (p.pass_on * (1.0 + 4.0 * c["caution"]))[city.home[who]]
    ends = (passed, passed + p.climb_office, passed + 1.2 * p.climb_office)
    on, court = who[rest < ends[0]], who[(rest >= ends[0]) & (rest < ends[1])]
    mediation, gone = who[(rest >= ends[1]) & (rest < ends[2])], who[rest >= ends[2]]
    city.count_some(failed_office=who, passed_on=on, to_court=court, to_mediation=mediation, withdrawn=gone)
    people.grievance[on] = unit(people.grievance[on] + p.waiting_hurts)
    people.case_stage[court], people.case_stage[mediation] = COURT, MEDIATION
    _close(people, gone, False, p)
