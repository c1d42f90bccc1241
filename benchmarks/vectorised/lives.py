"""Services, work, settling in, the hotline, volunteering: `sim.mechanisms` of the same names for whole arrays."""

import numpy as np

from benchmarks.vectorised.arrays import cast, cells, exp, least, look_up, most, pick, tanh, unit, where
from sim.city.codes import CALM, FIRST_WORKING, JAILED, LAST_WORKING, VOLUNTEERING
from sim.city.ties import TIES
from sim.mechanisms.integration import START, UPROOTED


def around(people):
    """Share of the ties that showed themselves volunteering."""
    return cast((people.peers >> 10) & 15, "f4") * np.float32(1.0 / TIES)


def look_around(people, city, visible):
    """What everybody's ties showed last week, added up."""
    faces = look_up(visible, city.decode)
    seen = look_up(city.ties[0], faces)
    for tie in city.ties[1:]:
        seen += look_up(tie, faces)
    people.peers = seen


def serve_sentences(people):
    """One week less for everybody detained."""
    inside = people.status == JAILED
    left = people.weeks_left
    free = inside & (left <= 1)
    left -= cast(inside & (left > 0), "u1")
    people.status[free] = CALM


def mass_work(people, city, luck, p):
    """Who turns to the hotline, and what comes of it."""
    rate = p.strength * p.contact / 52.0
    asks = rate * p.requests
    failing = city.at_home(1.0 - city.communities["resolving"])
    able = (people.age_group > 0) & (people.status != JAILED)
    need = most(1.0 + p.missing * (0.62 - people.service), 0.0) * pick(people.age_group > 3, 0.7, 1.1)
    u = city.uniform(luck, 0)
    asked = asks * need
    calls, request, fails = (u < rate * need) & able, (u < asked) & able, (u < asked * failing) & able
    pleases = request & (u >= asked * (failing + (1.0 - failing) * (1.0 - p.pleased)))
    people.grievance[fails] = least(people.grievance[fails] + p.disappointment, 1.0)
    city.count(contacts=calls, requests=request, resolved=request & ~fails, pleased=pleases)


def livelihood(people, city, luck, p):
    """Who loses and who finds work; strain follows."""
    here = city.communities
    loses = city.at_home(p.strength * (p.loss + here["shock_jobs"]))
    finds = city.at_home(p.strength * p.find * here["jobs"])
    trained = city.at_home(1.0 + p.training * here["education"])
    kept, weight = city.at_home(1.0 - p.relief * here["cushion"]), city.at_home(p.burden * (1.0 - 0.3 * here["cushion"]))
    age, idle = people.age_group, people.jobless
    working = (age >= FIRST_WORKING) & (age <= LAST_WORKING) & (people.status != JAILED)
    chance = finds * pick(age < LAST_WORKING, trained, 1.0) * pick(people.local == 1, 1.0, p.outside)
    u = city.uniform(luck, 0)
    out, back = working & (idle == 0) & (u < loses), working & (idle > 0) & (u < chance)
    if p.moving:
        idle += (idle > 0) & (idle < 255)
    idle[out], idle[back] = 1, 0
    target = least(kept * people.hardship + p.base + pick(idle > 0, weight), 1.0)
    people.strain += p.strength / p.weeks * (target - people.strain)
    city.count(lost_work=out, found_work=back)


def services(people, city, luck, p):
    """Perceived service follows what is delivered to one's age group."""
    here, age = city.communities, people.age_group
    outside = city.at_home(p.access_floor + (1.0 - p.access_floor) * here["migrant_access"])
    offline = city.at_home(1.0 - p.exclusion * here["digital"])
    quality = cells(city.home, age, here["service_quality"])
    access = pick(people.local == 1, 1.0, outside) * pick(age > 3, offline, 1.0)
    target = unit(quality * access - p.inequality * (people.hardship - 0.4))
    people.service += p.strength / p.weeks * (target - people.service)


def integration(people, city, luck, p):
    """Newcomers settle in; some are replaced."""
    c = city.communities
    here = p.base - p.exclusion * most(c["collective_efficacy"] - 0.5, 0.0) - p.discrimination * c["backlash"]
    here = here + p.access * c["migrant_access"] * (0.5 + 0.5 * least(c["housing"], 2.0)) - p.restraint * c["restraint"]
    outside = people.local == 0
    new = outside & (city.uniform(luck, 0) < city.at_home(p.strength * (c["newcomers"] + p.churn)))
    years = cast(people.tenure, "f4")
    target = unit(city.at_home(here) + p.tenure * years / (years + p.half) + p.ties * people.cohesion)
    settled = people.integration + p.strength / p.weeks * (target - people.integration)
    if p.moving:
        people.tenure += people.tenure < 65535
    people.integration = where(outside, settled, people.integration)
    people.integration[new], people.tenure[new] = float(START), 0
    people.cohesion[new] *= UPROOTED
    city.count(arrived=new)


def participation(people, city, luck, p):
    """Residents join and quit; fatigue and efficacy move."""
    c, status = city.communities, people.status
    busy, local = status == VOLUNTEERING, people.local == 1
    push = _push(people, city, p, local)
    ready, quitting = city.at_home(p.join * c["posts_open"] * p.strength), p.quit * p.strength
    hazard = pick(busy, quitting, ready * people.engagement) * exp(pick(busy, p.fatigue_quits * people.fatigue, push))
    able = busy | ((status == CALM) & (people.age_group > 0))
    changes = (city.uniform(luck, 0) < hazard) & able
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
    """What moves those who do not volunteer, on the log of the hazard."""
    c = city.communities
    about = -p.capture * (c["capture"] - 0.2) - p.chill * c["wrongful_level"]
    about = about + (p.organisations * (c["aid"] - 1.0) - c["chill"] + c["shock_solidarity"] - p.leisure * c["cushion"])
    others, kind = tanh(around(people) / p.usual - 1.0), people.cooperation
    hump = p.conditional * where(others < 0.5, others, 1.0 - others)
    push = pick(kind == 0, p.conditional * others, pick(kind == 2, hump, pick(kind == 1, p.free_riding, p.unconditional)))
    push += p.efficacy * (people.efficacy - 0.5) + p.cohesion * (people.cohesion - 0.55) + p.norm * (people.norm - 0.64)
    push += city.at_home(about) - p.fatigue * people.fatigue - p.crowding_out * (people.service - 0.62)
    push += pick(local, 0.0, p.settled * (people.integration - 0.4))
    push -= pick((people.age_group == 2) | (people.age_group == 3), city.at_home(p.at_home * c["family"]))
    return push


def _weary(people, city, p, busy, burns, local):
    """Fatigue grows and heals; efficacy follows voice."""
    c = city.communities
    tiring, healing = p.tiring * c["hours_load"] * p.strength, p.strength * (0.6 + 0.4 * c["health"]) / p.rest_weeks
    weary = people.fatigue - people.fatigue * city.at_home(healing) + pick(busy, city.at_home(tiring))
    people.fatigue = least(pick(weary > 1e-6, weary), 1.0)
    voice = 0.34 + p.voice * least(c["voice"], 2.0)
    voice_outside = 0.34 + p.voice * least(c["voice"] * p.voice_outside, 2.0)
    target = where(local, city.at_home(voice), city.at_home(voice_outside)) + pick(busy, 0.05)
    moved = people.efficacy + p.strength / p.efficacy_weeks * (target - people.efficacy)
    people.efficacy = unit(moved - pick(burns, p.disappointment))


def collective_efficacy(people, city, luck, p):
    """Trust in neighbours moves towards what the neighbourhood gives reason for."""
    c = city.communities
    here = p.base + p.aid * c["aid"] - p.moved * c["housing"] - p.litigation * c["litigation"]
    here = here - p.offences * least(c["offence_level"], 4.0)
    seen = least(p.volunteering / p.usual * around(people), 0.2)
    target = city.at_home(here) + seen - p.hardship * (people.hardship - 0.41)
    target = unit(target - pick(people.local == 1, 0.0, p.newcomer))
    people.cohesion += p.strength / p.weeks * (target - people.cohesion)
