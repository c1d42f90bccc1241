"""Norms, rumours, legitimacy, satisfaction: `sim.mechanisms` of the same names for whole arrays."""

import numpy as np

from benchmarks.vectorised.arrays import cast, least, look_up, most, pick, unit, where
from sim.city.codes import (
    ACTIVE,
    ANSWERED,
    ARRESTED,
    BELIEVES,
    CASE_LOST,
    CASE_WON,
    FLAGGED,
    JAILED,
    STOPPED_FOR_NOTHING,
    STOPPED_RIGHTLY,
    UNAWARE,
    VOLUNTEERING,
)
from sim.city.ties import NORM_LEVELS, TIES


def norms(people, city, luck, p):
    """Norms move with peers, anchor and message; credibility with experience."""
    c, age, m, trust = city.communities, people.age_group, people.norm, people.credibility
    school = city.at_home(p.school * c["school"] * (0.7 + 0.3 * c["education"]))
    taught = where(age < 3, school, 0.4 * school) + city.at_home(p.family * c["family"])
    taught += pick((age > 0) & (age < 4), city.at_home(p.workplace * c["work_ethic"]))
    anchor = people.norm_anchor + taught - 0.04
    seen = cast(people.peers & 1023, "f4") * np.float32(1.0 / (NORM_LEVELS * TIES))
    weight, bound, gap = people.susceptibility, p.bound * people.confidence_bound, p.message - m
    drawn = weight * (seen - m) + (1.0 - weight) * (anchor - m)
    away = p.backlash * bound
    pull = where((gap < bound) & (gap > -bound), gap, where(gap > 0.0, -away, away))
    kappa, claim = p.kappa * c["message"], p.claim * (0.875 + 0.125 * c["message"])
    doubted = p.reports * c["overstated"] + p.silenced * c["hush"] - p.admitted * c["candour"]
    people.norm = unit(m + p.step * p.strength * (drawn + city.at_home(kappa) * trust * pull))
    disbelief = city.at_home(claim) - 0.5 * (people.service + people.legitimacy) + city.at_home(doubted)
    target = unit(0.65 - p.distrust * (disbelief - 0.10))
    people.credibility = trust + p.strength / p.credibility_weeks * (target - trust)


def rumour(people, city, luck, p):
    """Who hears, believes, is answered, forgets."""
    c, state, u = city.communities, people.rumour, city.uniform(luck, 0)
    begins = p.strength * (c["shock_rumour"] + pick(c["trigger"] == 1, p.source))
    beta, forget, immune = p.strength * p.beta, p.strength * p.forget, p.strength * p.immune
    told = people.credibility * city.at_home(c["answer"])
    telling = cast((people.peers >> 22) & 15, "f4")
    believed = state == BELIEVES
    hears = (state == UNAWARE) & (u < city.at_home(begins) + beta * telling)
    accepts = believed & (u < told)
    forgets = (believed & (u >= told) & (u < told + forget)) | ((state == ANSWERED) & (u < immune))
    state[hears], state[accepts], state[forgets] = BELIEVES, ANSWERED, UNAWARE
    people.grievance = least(people.grievance + pick(state == BELIEVES, p.strength * p.grievance), 1.0)
    city.count(heard_rumour=hears, heard_answer=accepts)


def procedural_justice(people, city, luck, p):
    """Legitimacy moves with what people get and how they were treated."""
    c = city.communities
    clear = c["clarity"]
    here = p.base + p.transparency * c["transparency"] + p.oversight * c["oversight"]
    here = here + p.clarity * clear - p.rigidity * clear * clear
    here = here - p.abuse * least(c["wrongful_level"], 6.0)
    here = here - p.scandal * c["corruption"] * c["transparency"] - p.silenced * c["hush"]
    here = here - p.arbitrary * (c["discretion"] - 1.0)
    heard = city.at_home(p.voice * least(c["voice"], 2.0))
    target = city.at_home(here) + p.service * people.service + where(people.local == 1, heard, heard * p.voice_outside)
    state, before = people.rumour, people.legitimacy
    target = most(target - pick(state == BELIEVES, p.rumour, pick(state == ANSWERED, city.at_home(p.admitted * c["candour"]))), 0.0)
    gap = target - before
    met = _met(people.events, p)
    people.legitimacy = unit(before + gap * pick(gap > 0.0, p.strength / p.up_weeks, p.strength / p.down_weeks) + p.strength * met)


def _met(events, p):
    """What this week's events mean for legitimacy: a table of all events that a byte can hold, looked up."""
    bits = np.arange(256)
    total = np.zeros(256, np.float32)
    signs = ((STOPPED_FOR_NOTHING, -p.bad_stop), (STOPPED_RIGHTLY, p.good_stop), (CASE_WON, p.won))
    for bit, size in (*signs, (CASE_LOST, -p.lost), (ARRESTED, -p.arrest), (FLAGGED, -p.flagged)):
        total += pick((bits & bit) > 0, size)
    return look_up(events, total)


def satisfaction(people, city, luck, p):
    """Expectations adapt; happiness, security and belonging follow."""
    _expect(people, city, p)
    pace, b, h, s = p.strength / p.weeks, _belonging(people, city, p), _happiness(people, city, p), _security(people, city, p)
    event = people.events
    shock = pick((event & STOPPED_FOR_NOTHING) > 0, p.strength * p.safe_stopped)
    shock += pick((event & FLAGGED) > 0, p.strength * p.safe_flagged)
    people.belonging += pace * (b - people.belonging)
    people.happiness += pace * (h - people.happiness)
    people.security = most(people.security + pace * (s - people.security) - shock, 0.0)


def _belonging(people, city, p):
    c = city.communities
    voice, watched = city.at_home(p.belong_voice * least(c["voice"], 2.0)), city.at_home(p.belong_watched * c["exposure"])
    busy = cast(people.status == VOLUNTEERING, "f4")
    b = p.belong_base + p.belong_cohesion * people.cohesion + p.belong_volunteer * busy
    return unit(b + where(people.local == 1, voice, p.belong_settled * people.integration - p.belong_outside) - watched)


def _happiness(people, city, p):
    c, age = city.communities, people.age_group
    at = city.at_home
    h = p.happy_base + p.happy_service * people.service + p.happy_gap * (people.service - people.expectation)
    h = h + p.happy_belonging * people.belonging - p.happy_hardship * people.strain - p.happy_grievance * people.grievance
    h = h - p.happy_fatigue * people.fatigue - pick((age > 0) & (age < 4), at(p.happy_pressure * c["work_ethic"]))
    h = h - at(p.happy_burden * least(c["burden"], 4.0)) + pick(age > 3, at(p.happy_health * c["health"]))
    h = h - pick(age < 3, at(p.happy_school * c["school"])) - pick((age == 2) | (age == 3), at(p.happy_family * c["family"]))
    h = h - pick(people.local == 1, at(p.happy_backlash * c["backlash"]))
    return unit(where(people.status == JAILED, h * 0.3, h))


def _security(people, city, p):
    c = city.communities
    safe = p.safe_base - p.safe_offences * least(c["offence_level"], 4.0) - p.safe_incidents * least(c["incident_level"], 2.0)
    safe = safe + p.safe_presence * least(c["patrol"], 2.0)
    safe = safe - p.safe_alarm * c["shock_alarm"] + p.safe_cameras * c["cameras"]
    s = city.at_home(safe) - p.safe_worry * (people.risk_aversion - 0.5) - pick(people.rumour == BELIEVES, p.safe_rumour)
    return unit(s - pick(people.status == ACTIVE, 0.1))


def _expect(people, city, p):
    c = city.communities
    theirs = cast(c["last"]["service"] - c["last"]["service_nonlocal"], "f4")
    theirs = theirs / (cast(c["adults"] - c["nonlocals"], "f4") * 1048576.0 + 1.0)
    shared = (1.0 - p.own) * theirs + p.promise * c["message"] + p.openness * c["transparency"]
    shared = shared + p.schooling * c["education"] + c["promise"]
    gap = least(city.at_home(shared) + p.own * people.service, 1.0) - people.expectation
    people.expectation += gap * pick(gap > 0.0, p.strength / p.expectation_up, p.strength / p.expectation_down)
