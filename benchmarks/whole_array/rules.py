"""Participation, disputes, offending and satisfaction of `sim.mechanisms` for whole arrays."""

import numpy as np

from benchmarks.whole_array.arrays import exp, log, pick, power, rounded, tanh, unit
from sim.city.codes import (
    ACTIVE,
    ARRESTED,
    BELIEVES,
    CALM,
    FLAGGED,
    JAILED,
    LAST_WORKING,
    NEGOTIATION,
    NEIGHBOURS,
    NONE,
    OFFENDED,
    RETIRED,
    SERVICES,
    STOPPED_FOR_NOTHING,
    VOLUNTEERING,
    WORK,
)
from sim.city.community import FIXED
from sim.city.ties import TIES
from sim.mechanisms.offending import AWAY, KIND, LEAST_RISK, PROPENSITY_UNIT, REPEATED_KIND
from sim.mechanisms.participation import MOST_HOURS, USUAL_ESTATES, USUAL_HARDSHIP, USUAL_PATROL, log_mean_of
from sim.mechanisms.prosecution import VIOLENT

BY_AGE = np.array([0.0, 1.9, 1.15, 0.6, 0.6, 0.6], np.float32)
"""How much more often an age group offends."""


def around(city):
    """Share of ties with visible volunteering."""
    return ((city.peers >> 10) & 15).astype("f4") * np.float32(1.0 / TIES)


def participation(people, city, key, p):
    """Residents join and quit; volunteers give hours; fatigue and efficacy are updated."""
    c, status = city.communities, people.status
    busy, local = status == VOLUNTEERING, people.local == 1
    push = _push(people, city, p, local)
    ready, quitting = city.at_home(p.join * c["posts_open"] * p.strength), p.quit * p.strength
    hazard = pick(busy, quitting, ready * people.engagement) * exp(pick(busy, p.fatigue_quits * people.fatigue, push))
    hazard[busy] *= power(people.engagement[busy], -p.loyalty)
    able = busy | ((status == CALM) & (people.age_group > 0))
    changes = (city.uniform(key, 0) < hazard) & able
    joins, leaves = changes & ~busy, changes & busy
    burns = leaves & (people.fatigue > p.burn_out)
    city.count(joined=joins, left=leaves, burned_out=burns)
    status[joins], status[leaves] = VOLUNTEERING, CALM
    busy ^= changes
    _weary(people, city, p, busy, burns, local)
    if p.moving:
        people.since_volunteering += people.since_volunteering < 255
    people.since_volunteering[busy] = 0


def _push(people, city, p, local):
    """Influences on residents who do not volunteer, on the log hazard."""
    c = city.communities
    about = -p.capture * (c["capture"] - 0.2) - p.chill * c["wrongful_level"]
    about = about + (p.organisations * (c["aid"] - 1.0) - c["chill"] + c["shock_solidarity"] - p.leisure * c["cushion"])
    about = about + (p.enforced * (c["patrol"] / USUAL_PATROL - 1.0) - p.estates * (c["estates"] - USUAL_ESTATES))
    others, kind = tanh(around(city) / p.usual - 1.0), people.cooperation
    hump = p.conditional * np.where(others < 0.5, others, 1.0 - others)
    push = pick(kind == 0, p.conditional * others, pick(kind == 2, hump, pick(kind == 1, p.free_riding, p.unconditional)))
    push += p.efficacy * (people.efficacy - 0.5) + p.cohesion * (people.cohesion - 0.55) + p.norm * (people.norm - 0.64)
    push += city.at_home(about) - p.fatigue * people.fatigue - p.crowding_out * (people.service - 0.62)
    push += pick(local, 0.0, p.settled * (people.integration - 0.4))
    push -= pick((people.age_group == 2) | (people.age_group == 3), city.at_home(p.at_home * c["family"]))
    push += pick(people.age_group == RETIRED, p.retired)
    push -= p.hardship * (people.hardship - USUAL_HARDSHIP)
    return push


def _hours(people, city, p, who):
    """Hours that volunteers give, relative to the average of those who begin; counts them."""
    usual = np.float32(log_mean_of(p.unequal))  # Python gets 64 bits from a kernel
    own = exp(-usual) * power(people.engagement[who], p.unequal)
    own *= pick(people.age_group[who] == RETIRED, p.retired_hours, 1.0)
    given = np.zeros(len(people.status), np.int32)
    given[who] = (np.minimum(own * p.hours, MOST_HOURS) / MOST_HOURS * FIXED).astype("i4")
    city.add("time_given", given)
    return own


def _weary(people, city, p, busy, burns, local):
    """Fatigue grows with the hours given and recovers; efficacy follows voice."""
    c, who = city.communities, np.flatnonzero(busy)
    tiring, healing = p.tiring * c["hours_load"] * p.strength, p.strength * (0.6 + 0.633 * c["health"]) / p.rest_weeks
    weary = people.fatigue - people.fatigue * city.at_home(healing)
    weary[who] += tiring[city.home[who]] * np.sqrt(_hours(people, city, p, who))
    people.fatigue = np.minimum(pick(weary > 1e-6, weary), 1.0)
    voice = 0.34 + p.voice * c["voice"]
    voice_outside = 0.34 + p.voice * p.voice_outside * c["voice"]
    target = np.where(local, city.at_home(voice), city.at_home(voice_outside)) + pick(busy, 0.05)
    moved = people.efficacy + p.strength / p.efficacy_weeks * (target - people.efficacy)
    people.efficacy = unit(moved - pick(burns, p.disappointment))


def disputes(people, city, key, p):
    """New cases start in negotiation."""
    c = city.communities
    last = c["last"]
    waiting = (last["open_negotiation"] + last["open_mediation"] + last["open_office"] + last["open_court"]).astype("f4")
    nearby = 1.0 + p.contagion * tanh(waiting / (c["residents"].astype("f4") * p.usual_open) - 1.0)
    rate = p.rate / 52.0 * nearby * exp(p.crowding * (c["burden"] - 1.0))
    push = p.hardship * (people.strain - 0.41) - p.cohesion * (people.cohesion - 0.57)
    push = push - p.service * (people.service - 0.62) - p.norm * (people.norm - 0.64)
    able = (people.case_stage == NONE) & (people.age_group > 0) & (people.status != JAILED)
    lost = pick((people.jobless == 1) & (p.rate > 0.0), p.dismissed)
    starts = (city.uniform(key, 0) < city.at_home(rate) * people.proneness * exp(push) + lost) & able
    city.count(opened=starts)
    new = np.flatnonzero(starts)
    v = city.uniform(key, 1, new)
    about = np.where(v < p.services * (1.62 - people.service[new]), SERVICES, NEIGHBOURS)
    fired = (people.jobless[new] == 1) & (p.dismissed > 0.0)
    at_work = (people.age_group[new] <= LAST_WORKING) & ((v > 1.0 - p.work) | fired)
    people.case_stage[new], people.case_age[new], people.case_kind[new] = NEGOTIATION, 0, np.where(at_work, WORK, about).astype("u1")


def offending(people, city, key, p):
    """Offences, and their consequences for offenders."""
    places, block = city.places, city.block
    harder = p.hardship_violent - p.hardship
    kinds = [(1.0 - p.violent, p.away, p.certainty, np.float32(0.0)), (p.violent, p.away_violent, p.certainty_violent, harder)]
    boldest = log(LEAST_RISK / p.reference_risk) * (1.0 + 0.64 * abs(p.internalised))
    rates, fearless, away = [], [], []
    for kind, (share, leaves, certainty, need) in enumerate(kinds):
        far = leaves * city.communities["elsewhere"][city.place_home, kind]
        reach = (1.0 - leaves) * places["opportunity"][:, kind] + far
        rates.append(p.base / 52.0 * share * reach)
        neediest = np.maximum(need * 0.59, need * -0.41)  # at the strain, 0 to 1, where it is largest
        fearless.append(exp(certainty * boldest) * np.float32(1.0001) * exp(neediest))
        away.append(far / (reach + np.float32(1e-30)))
    total = np.maximum(places["propensity"], 1).astype("f4") * np.float32(1.0 / PROPENSITY_UNIT)
    repeats = pick(places["propensity"] > 0, p.theta * places["heat"] / total)
    most = rates[0] * fearless[0] + rates[1] * fearless[1] + repeats
    s = _propensity(people, p)
    u = city.uniform(key, 0)
    tempted = np.flatnonzero((u < s * most[block]) & (people.status != JAILED))
    places["propensity"] = np.add.reduceat((s * PROPENSITY_UNIT).astype("i4"), city.place_starts, dtype=np.int64)
    at, fear, strain = block[tempted], _fear(people, tempted, p), people.strain[tempted] - 0.41
    new, violent = (rate[at] * exp(certainty * fear + need * strain) for rate, (_, _, certainty, need) in zip(rates, kinds, strict=True))
    acts = u[tempted] < s[tempted] * (new + violent + repeats[at])
    who, at, new, violent = tempted[acts], at[acts], new[acts], violent[acts]
    people.events[who] |= OFFENDED
    lot = city.uniform(key, KIND, who) * (new + violent + repeats[at])
    repeated = lot >= new + violent
    kind = np.where(repeated, city.uniform(key, REPEATED_KIND, who) < p.violent, lot >= new).astype(int)
    gone = ~repeated & (city.uniform(key, AWAY, who) < np.where(kind == VIOLENT, away[1][at], away[0][at]))
    _pursue(people, city, key, p, who, kind, gone)


def _propensity(people, p):
    push = p.hardship * (people.strain - 0.41) - p.norm * (people.norm - 0.64) - p.legitimacy * (people.legitimacy - 0.70)
    push += pick(people.jobless > 0, p.idle)
    return np.minimum(exp(push) * BY_AGE[people.age_group], 1000.0)


def _fear(people, who, p):
    minds = np.maximum(1.0 + p.internalised * (people.norm[who] - 0.64), 0.0)
    return log(np.maximum(people.sanction_risk[who], LEAST_RISK) / p.reference_risk) * minds


def _pursue(people, city, key, p, who, kind, gone):
    """Recording, clearing, prosecution and sentence."""
    c, home, at = city.communities, city.home[who], city.block[who]
    patrols = c["patrol"][home] * np.where(gone, np.float32(1.0), city.places["focus"][at]) / p.patrolled
    reporting = np.where(kind == VIOLENT, p.recorded_violent, p.recorded) * (1.0 + p.reporting * (people.legitimacy[who] - 0.70))
    found, u = city.uniform(key, 7, who) < c["flag_true"][home], city.uniform(key, 1, who)
    reported, seen = (u < reporting) | found, (u < reporting * (1.0 + p.seen * (patrols - 1.0))) | found
    criminal = seen & (city.uniform(key, 2, who) < p.criminal)
    for outcome, true in enumerate((np.ones(len(who), bool), reported, seen, criminal, found)):
        np.add.at(city.places["leaving"], (at[gone & true], kind[gone & true], outcome), 1)
    for name, true in (("now", ~gone), ("reported", reported & ~gone), ("seen", seen & ~gone)):
        city.places[name] += np.bincount(at[true], minlength=len(city.places)).astype("i4")
    here, violent = ~gone, kind == VIOLENT
    city.count_some(offences=who[here], violent=who[here & violent], recorded=who[here & seen], criminal=who[here & criminal])
    city.count_some(recorded_violent=who[here & seen & violent], flagged_rightly=who[here & found])
    clearance = np.where(violent, c["clearance_violent"][home], c["clearance"][home])
    solved = np.clip(clearance + pick(found, p.evidence), 0.0, 1.0)
    cleared = seen & (city.uniform(key, 3, who) < solved)
    prosecuted = cleared & criminal & (city.uniform(key, 4, who) < p.prosecuted)
    jailed = who[prosecuted & (city.uniform(key, 5, who) < p.jailed)]
    people.events[who[cleared]] |= ARRESTED
    people.status[jailed] = JAILED
    people.weeks_left[jailed] = (1 + (city.uniform(key, 6, jailed) * 2.0 * p.sentence).astype("i4")).astype("u1")
    city.count_some(cleared=who[cleared], cleared_violent=who[cleared & violent], prosecuted=who[prosecuted], jailed=jailed)


def satisfaction(people, city, key, p):
    """Expectations adapt; happiness, security and belonging follow."""
    _expect(people, city, p)
    pace, b, h, s = p.strength / p.weeks, _belonging(people, city, p), _happiness(people, city, p), _security(people, city, p)
    event = people.events
    shock = pick((event & STOPPED_FOR_NOTHING) > 0, p.strength * p.safe_stopped)
    shock += pick((event & FLAGGED) > 0, p.strength * p.safe_flagged)
    people.belonging = rounded(people.belonging + pace * (b - people.belonging))
    people.happiness = rounded(people.happiness + pace * (h - people.happiness))
    people.security = rounded(people.security + pace * (s - people.security) - shock)


def _belonging(people, city, p):
    c = city.communities
    voice, watched = city.at_home(p.belong_voice * c["voice"]), city.at_home(p.belong_watched * c["exposure"])
    b = p.belong_base + p.belong_cohesion * people.cohesion + pick(people.status == VOLUNTEERING, p.belong_volunteer)
    return unit(b + np.where(people.local == 1, voice, p.belong_settled * people.integration - p.belong_outside) - watched)


def _happiness(people, city, p):
    c, age = city.communities, people.age_group
    at = city.at_home
    gap = people.service - people.expectation
    h = p.happy_base + people.mood + p.happy_service * people.service + p.happy_gap * np.where(gap > 0.0, gap, p.negativity * gap)
    h = h + p.happy_belonging * people.belonging - p.happy_hardship * people.strain - p.happy_grievance * people.grievance
    h = h - pick(people.jobless > 0, p.happy_idle) + pick(people.status == VOLUNTEERING, p.happy_volunteer)
    h = h - p.happy_fatigue * people.fatigue - pick((age > 0) & (age < 4), at(p.happy_pressure * c["work_ethic"]))
    h = h - at(p.happy_burden * np.minimum(c["burden"], 4.0)) + pick(age > 3, at(p.happy_health * c["health"]))
    h = h - pick(age < 3, at(p.happy_school * c["school"])) - pick((age == 2) | (age == 3), at(p.happy_family * c["family"]))
    h = h - pick(people.local == 1, at(p.happy_backlash * c["backlash"]))
    return unit(np.where(people.status == JAILED, h * 0.3, h))


def _security(people, city, p):
    c = city.communities
    safe = p.safe_base - p.safe_offences * np.minimum(c["offence_level"], 4.0) - p.safe_incidents * np.minimum(c["incident_level"], 2.0)
    safe = safe + p.safe_presence * (1.0 - exp(-c["patrol"] / p.visible))
    safe = safe - p.safe_alarm * c["shock_alarm"] + p.safe_cameras * c["cameras"]
    s = city.at_home(safe) - p.safe_worry * (people.risk_aversion - 0.5) - pick(people.rumour == BELIEVES, p.safe_rumour)
    return unit(s - pick(people.status == ACTIVE, 0.1))


def _expect(people, city, p):
    c = city.communities
    theirs = (c["last"]["service"] - c["last"]["service_nonlocal"]).astype("f4")
    theirs = theirs / ((c["adults"] - c["nonlocals"]).astype("f4") * 1048576.0 + 1.0)
    shared = (1.0 - p.own) * theirs + p.promise * c["message"] + p.openness * c["transparency"]
    shared = shared + p.schooling * c["education"] + c["promise"]
    gap = np.minimum(city.at_home(shared) + p.own * people.service, 1.0) - people.expectation
    people.expectation += gap * pick(gap > 0.0, p.strength / p.expectation_up, p.strength / p.expectation_down)
