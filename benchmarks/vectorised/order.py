"""Detection, offences, police, unrest: `sim.mechanisms` of the same names for whole arrays of residents and of places."""

import numpy as np

from benchmarks.vectorised.arrays import cast, clip, exp, floor, least, look_up, most, numbers, pick, power, tally, totals, where
from sim.city.codes import ACTIVE, ARRESTED, CALM, FLAGGED, JAILED, OFFENDED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.mechanisms.offending import LEAST_RISK, PROPENSITY_UNIT
from sim.mechanisms.policing import NORMAL_STOP
from sim.mechanisms.unrest import SIGHT

BY_AGE = np.array([0.0, 1.9, 1.15, 0.6, 0.6, 0.6], np.float32)
"""How much more often an age group offends."""


def detection(people, city, luck, p):
    """Who is suspected of something that he or she did not do."""
    hit = city.uniform(luck, 0) < city.at_home(city.communities["flag_false"])
    hit &= (people.age_group > 0) & (people.status != JAILED)
    people.events[hit] |= FLAGGED
    city.count(flagged_falsely=hit)


def offending(people, city, luck, p):
    """Who offends, and what follows for the few who did."""
    c, places, corner = city.communities, city.places, city.corner
    rate = p.base / 52.0 * most(1.0 - p.control * (c["collective_efficacy"] - 1.0), 0.1) * (1.0 - p.watch * c["watch"])
    rate *= power(c["pulse"], p.certainty)
    patrol = c["patrol"][city.place_home]
    filmed = 1.0 - pick(places["lot"] < c["cameras"][city.place_home], p.camera)
    here = rate[city.place_home] * places["attraction"] * filmed * power(patrol * places["focus"] + 0.05, p.presence)
    total = cast(most(places["propensity"], 1), "f4") * np.float32(1.0 / PROPENSITY_UNIT)
    repeats = pick(places["propensity"] > 0, p.theta * places["heat"] / total)
    fearless = _fear(np.full(1, LEAST_RISK), p)[0] * np.float32(1.0001)
    s = _propensity(people, p)
    u = city.uniform(luck, 0)
    tempted = numbers((u < s * look_up(corner, here * fearless + repeats)) & (people.status != JAILED))
    places["propensity"] = totals(cast(s * PROPENSITY_UNIT, "i4"), city.place_starts)
    at = corner[tempted]
    acts = u[tempted] < s[tempted] * (here[at] * _fear(people.sanction_risk[tempted], p) + repeats[at])
    who = tempted[acts]
    people.events[who] |= OFFENDED
    places["now"] += cast(tally(corner[who], len(city.place_starts)), "i4")
    city.count_some(offences=who)
    _pursue(people, city, luck, p, who)


def _propensity(people, p):
    push = p.hardship * (people.strain - 0.41) - p.norm * (people.norm - 0.64) - p.legitimacy * (people.legitimacy - 0.70)
    by_age = look_up(people.age_group, BY_AGE)
    return least(exp(push) * by_age, 1000.0)


def _fear(risk, p):
    return power(most(risk, LEAST_RISK) / p.reference_risk, p.certainty)


def _pursue(people, city, luck, p, who):
    """Recording, clearing, prosecution and sentence."""
    c, home, at = city.communities, city.home[who], city.corner[who]
    focus = c["patrol"][home] * city.places["focus"][at]
    reporting = p.recorded * (1.0 + p.reporting * (people.legitimacy[who] - 0.70)) * (1.0 + p.seen * (focus - 1.0))
    found = city.uniform(luck, 7, who) < c["flag_true"][home]
    known = (city.uniform(luck, 1, who) < reporting) | found
    who, home, at, found = who[known], home[known], at[known], found[known]
    city.places["seen"] += cast(tally(at, len(city.place_starts)), "i4")
    criminal = city.uniform(luck, 2, who) < p.criminal
    usual = c["certainty"][home] / p.recorded if p.recorded > 0.0 else np.float32(0.0)
    solved = clip(usual + pick(found, p.evidence), 0.0, 1.0)
    cleared = city.uniform(luck, 3, who) < solved
    prosecuted = cleared & criminal & (city.uniform(luck, 4, who) < p.prosecuted)
    jailed = who[prosecuted & (city.uniform(luck, 5, who) < p.jailed)]
    people.events[who[cleared]] |= ARRESTED
    people.status[jailed] = JAILED
    people.weeks_left[jailed] = cast(1 + cast(city.uniform(luck, 6, jailed) * 2.0 * p.sentence, "i4"), "u1")
    city.count_some(recorded=who, flagged_rightly=who[found], criminal=who[criminal], cleared=who[cleared])
    city.count_some(prosecuted=who[prosecuted], jailed=jailed)


def policing(people, city, luck, p):
    """Some are stopped, most where patrols go; people learn the certainty of sanction."""
    c, age = city.communities, people.age_group
    zeal = 1.0 + p.zeal * c["crackdown"]
    rate = p.strength * p.stops / 52000.0 / NORMAL_STOP * c["patrol"] * 2.0 / (1.0 + c["oversight"]) * zeal
    hits = least(p.hits * (0.75 + 0.25 * c["clarity"]), 1.0) / (0.5 + 0.5 * zeal)
    here = rate[city.place_home] * city.places["focus"]
    found = look_up(city.corner, here * hits[city.place_home])
    likely = pick(age == 1, p.young, 1.0)
    likely = where(people.local == 1, likely, likely * p.outsider)
    u = city.uniform(luck, 0)
    there = (age > 0) & (people.status != JAILED)
    stopped = numbers((u < look_up(city.corner, here) * likely) & there)
    rightly = u[stopped] < found[stopped] * likely[stopped]
    fruitless = stopped[~rightly]
    people.events[stopped[rightly]] |= STOPPED_RIGHTLY
    people.events[fruitless] |= STOPPED_FOR_NOTHING
    people.sanction_risk += p.learning * p.strength * (city.at_home(c["certainty"]) - people.sanction_risk)
    city.count_some(stops=stopped, fruitless=fruitless)
    _detain(people, city, luck, p, fruitless)


def _detain(people, city, luck, p, who):
    crackdown = city.communities["crackdown"][city.home[who]]
    held = who[(crackdown > 0.0) & (city.uniform(luck, 1, who) < p.haste * crackdown)]
    people.status[held], people.weeks_left[held] = JAILED, int(p.detention)
    people.events[held] |= ARRESTED
    city.count_some(wrongful=held, jailed=held)


def unrest(people, city, luck, p):
    """Who protests this week, who goes home, who is arrested."""
    if not p.moving:
        return
    c, at, status = city.communities, city.at_home, people.status
    scale = SIGHT / cast(c["residents"], "f4")
    before = cast(c["last"]["active"], "f4") * scale
    officers = p.on_duty * c["officers"] * scale + p.reserve * before
    crowd = before + c["shock_crowd"] * SIGHT * 0.1
    risk = 1.0 - exp(-p.arrest_constant * floor(officers / (1.0 + crowd)))
    risk = risk + p.watched * c["exposure"] * (1.0 - risk)
    stirred = least(p.stirred * scale + c["shock_crowd"], 0.5)
    fading = 1.0 - p.strength * (0.7 + 0.3 * least(c["voice"], 2.0)) / p.decay_weeks
    able = (people.age_group > 0) & (status != JAILED)
    u = city.uniform(luck, 0)
    g = people.grievance * at(fading) + pick((u < at(stirred)) & able, at(pick(c["trigger"] == 1, p.stir)))
    g = least(g, 1.0)
    g = pick(g > 1e-6, g)
    net = g * (1.0 - people.legitimacy) - people.risk_aversion * at(risk)
    acts = (net > at(p.threshold + p.hush * c["hush"])) & able
    people.grievance = where(acts, most(g - p.vent, 0.0), g)
    status[status == ACTIVE] = CALM
    status[acts] = ACTIVE
    who = numbers(acts)
    caught = least(p.arrests * officers / (1.0 + before), 0.5)[city.home[who]]
    held = who[city.uniform(luck, 1, who) < caught]
    status[held], people.weeks_left[held] = JAILED, int(p.detention)
    people.events[held] |= ARRESTED
    city.count_some(arrested=held, jailed=held)
