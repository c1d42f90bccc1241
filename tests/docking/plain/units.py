"""Budget, bureaus, committees, organisations and moral education: what units do when the week is planned."""

from sim.levers import DEFAULT_SPLITS, INSTRUMENTS, LEVERS, REFERENCE_SHARES
from sim.mechanisms.participation import REFERENCE_CAPTURE, REFERENCE_VOLUNTEERS, USUAL_GRIEVANCE, USUAL_TALKS
from sim.mechanisms.services import WEIGHTS

from .draws import clip, unit

MONEY = 10_000  # money is whole: ten-thousandths of a resident's reference budget of a week
ONE = 2**20  # sums are whole: a value of 1 counts so much


def reference_share(name):
    """Share of the budget that an instrument has in the reference city."""
    lever, part = name.split(".")
    split = DEFAULT_SPLITS[lever]
    return REFERENCE_SHARES[lever] * split[part] / sum(split.values())


def weeks_to_build(name, p):
    """Time constant of an instrument's capacity."""
    part = name.split(".")[1]
    if part in ("legislation", "school"):
        return p.slow_weeks
    return {"policing": p.policing_weeks, "media": p.media_weeks, "mediation": p.mediation_weeks}.get(part, p.institution_weeks)


def budget(city, lever, p):
    """Every district spends its part; K moves to 2x / (x + x0); some of the money leaks, less under oversight."""
    for district in city.districts:
        pot = int(district.residents * float(lever.budget) * MONEY)
        leak = p.leakage * 2.0 / (1.0 + district.capacity["rule_of_law.oversight"])
        given, lost = 0, 0
        for name in INSTRUMENTS:
            part = int(pot * float(lever.share[name]))
            given += part
            lost += int(part * float(leak))
            x = lever.budget * lever.share[name] * ((1.0 - leak) / (1.0 - p.leakage))
            steady = 2.0 * x / (x + city.number(reference_share(name)))
            district.capacity[name] += p.strength * (steady - district.capacity[name]) / weeks_to_build(name, p)
        given = min(given, pot)
        district.leakage = leak
        for booked, amount in zip(("allotted", "spent", "leaked", "unspent"), (pot, given - lost, lost, pot - given)):
            setattr(city.city, booked, getattr(city.city, booked) + amount)
            city.money[booked] += amount


def plan_services(city, lever, p):
    """Quality q = K / (K + crowding * load); a community receives its district's mix, by age group."""
    for bureau in city.bureaus:
        district = city.districts[bureau.district]
        entitled, others = city.number(district.residents - district.nonlocals), city.number(district.nonlocals)
        bureau.load = (entitled + others * lever.migrant_access) / (entitled + others * p.reference_access)
        capacity = district.capacity["public_services." + LEVERS["public_services"][bureau.service]]
        bureau.quality = capacity / (capacity + p.crowding * bureau.load + 1e-6)
    for community in city.communities:
        community.migrant_access = lever.migrant_access
        bureaus = [b for b in city.bureaus if b.district == community.district]
        for age, weights in enumerate(WEIGHTS):
            quality = city.number(0.0)
            for weight, bureau in zip(weights, bureaus):
                quality += city.number(weight) * bureau.quality
            community.service_quality[age] = quality


def committee_week(committee, community, councils, p):
    """Duties follow what pressed last week; skill grows with practice; capture with money, against participation."""
    last, people = community.last, community.residents
    committee.hours = last["volunteers"] * p.hours
    committee.caseload = last["open_mediation"]
    cases = 0.25 * (last["open_negotiation"] + last["open_mediation"]) / (people * float(USUAL_TALKS))
    crime = 0.25 * community.offence_level
    need = 0.25 * community.hardship / 0.41
    anger = min(0.25 * last["grievance"] / (people * float(USUAL_GRIEVANCE) * ONE), 1.0)
    total = cases + crime + need + anger + 1e-6
    for duty, pressing in enumerate((cases, crime, need, anger)):
        committee.duty[duty] += p.strength / p.inertia_weeks * (pressing / total - committee.duty[duty])
    practice = min((last["closed_mediation"] + last["failed_mediation"]) / (people * 0.000135 + 1e-6), 2.0)
    committee.skill += p.strength * (0.8 + 0.2 * practice - committee.skill) / 104.0
    share = last["volunteers"] / (community.adults + 1e-6)
    drift = REFERENCE_CAPTURE + p.capture_money * (councils - 1.0) - 1.5 * (share - REFERENCE_VOLUNTEERS)
    committee.capture += p.strength * (unit(drift) - committee.capture) / p.capture_weeks
    standing = unit(0.3 + 4.0 * share - 0.5 * (committee.capture - 0.2))
    committee.reputation += p.strength * (standing - committee.reputation) / 26.0


def plan_participation(city, lever, p):
    """Posts, hours asked, voice, willingness and aid of every community; organisations grow or wither."""
    for community, committee in zip(city.communities, city.committees):
        capacity = city.districts[community.district].capacity
        councils, organisations = capacity["self_governance.councils"], capacity["self_governance.social_organisations"]
        committee_week(committee, community, councils, p)
        posts = (community.adults + 1e-6) * p.posts * (0.5 + 0.5 * organisations)
        community.posts_open = unit(1.0 - community.last["volunteers"] / posts)
        asked = p.work * community.residents * 0.5 * (councils + organisations)
        community.hours_load = clip(asked / (committee.hours + 1e-6), 0.4, 2.5)
        community.capture = committee.capture
        hours = clip(committee.hours / (community.residents * p.work + 1e-6), 0.0, 2.0)
        served = (1.0 - committee.capture) / (1.0 - REFERENCE_CAPTURE)
        community.voice = councils * served * (0.6 + 1.6 * committee.duty[3])
        community.willingness = 0.8 + 0.8 * committee.duty[1] * hours
        community.aid = 2.0 * committee.duty[2] * hours
    for organisation in city.organisations:
        community = city.communities[organisation.community]
        capacity = city.districts[community.district].capacity["self_governance.social_organisations"]
        grown = clip(capacity * organisation.reputation / 0.6, 0.0, 4.0)
        organisation.effort += p.strength * (grown - organisation.effort) / 52.0
        trust = community.last["cohesion"] / (community.adults * ONE + 1.0)
        organisation.reputation += p.strength * (unit(0.05 + trust) - organisation.reputation) / 52.0
        community.aid += 0.5 * organisation.effort / community.organisations


def plan_collective_efficacy(city, lever, p):
    """CE moves to mean cohesion / reference * willingness within a month."""
    for community in city.communities:
        cohesion = community.last["cohesion"] / (community.adults * ONE + 1.0)
        reached = cohesion / p.reference * community.willingness
        community.collective_efficacy += p.strength * (reached - community.collective_efficacy) / 4.0


def plan_norms(city, lever, p):
    """Moral education reaches communities through their district."""
    for community in city.communities:
        capacity = city.districts[community.district].capacity
        community.message = capacity["moral_education.media"]
        community.school = capacity["moral_education.school"]
        community.family = capacity["moral_education.family"]
        community.work_ethic = capacity["moral_education.workplace"]


def plan_procedural_justice(city, lever, p):
    """The city's openness is the same everywhere."""
    for community in city.communities:
        community.transparency = lever.transparency
