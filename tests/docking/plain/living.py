"""What life gives and takes: the hotline and officials' visits, work, services, settling in, congestion."""

from sim.city.codes import JAILED
from sim.levers import LEVERS
from sim.mechanisms.integration import START, UPROOTED
from sim.mechanisms.mass_work import SEASON, SEASON_ENDS, USUAL_RESOLVED
from sim.mechanisms.services import WEIGHTS

from .draws import exp, power, rounded, unit
from .government import communities_of


def working_age(r):
    """From 18 to 59."""
    return 0 < r.age_group < 4


def old(r):
    """From 60 on."""
    return r.age_group >= 4


def plan_mass_work(city, lever, p):
    """Visits, projects and the hotline take officials' time; people are heard, promised and given something."""
    for number, district in enumerate(city.districts):
        visits, projects = visits_and_projects(city.policy(number), p)
        contacts = sum(c.last["contacts"] for c in communities_of(city, district))
        hotline = min(contacts / (city.number(district.residents) * 0.25 / 52.0), 4.0)
        district.diverted = min(p.time_visits * visits + p.time_projects * projects + p.strength * p.time_hotline * hotline, 0.8)
    for c in city.communities:
        office = city.offices[c.subdistrict]
        visits, projects = visits_and_projects(city.policy(c.district), p)
        c.heard, c.jump = visits * p.voice, visits * p.jump
        season = city.week % 52
        c.promise = p.promise * projects if season < SEASON else 0.0
        c.project = p.project * projects * unit(0.5 + 2.0 * (c.hardship - 0.4)) if SEASON <= season < SEASON_ENDS else 0.0
        weeks_of_work = office.backlog / (office.capacity + 1e-6)
        c.resolving = p.resolved * (1.0 - c.caution) / (1.0 + 0.02 * weeks_of_work)
        c.experience += p.strength / p.learning * (c.resolving - c.experience)


def visits_and_projects(lever, p):
    """Extent of visits and of projects."""
    return p.strength * lever.officials_visits, p.strength * lever.service_projects


def mass_work(r, c, p, key):
    """A call; some calls are requests; some of these fail and anger, the others please most."""
    if r.age_group == 0 or r.status == JAILED:
        return
    need = max(1.0 + p.missing * (0.62 - r.service), 0.0) * (0.7 if old(r) else 1.1)
    calls = p.strength * p.contact / 52.0 * last_contacts(float(USUAL_RESOLVED), p) / last_contacts(c.experience, p)
    requests = calls * p.requests * need
    failing = 1.0 - c.resolving
    u = key(r.number, 0)
    c.now["contacts"] += bool(u < calls * need)
    if u < requests:
        c.now["requests"] += 1
        if u < requests * failing:
            r.grievance = min(r.grievance + p.disappointment, 1.0)
        else:
            c.now["resolved"] += 1
            c.now["pleased"] += bool(u >= requests * (failing + (1.0 - failing) * (1.0 - p.pleased)))


def last_contacts(resolved, p):
    """Share of contacts after which people do not call again, if so much is resolved."""
    return max(1.0 - p.again * (1.0 + p.encouraged * resolved), 0.1)


def plan_livelihood(city, lever, p):
    """How easily work is found: advisers help, benefits make it less urgent, unions keep outsiders out."""
    advised = {b.district: b.quality for b in city.bureaus if name_of(b) == "employment"}
    for c in city.communities:
        c.jobs = (1.0 + p.advice * advised[c.district]) * (1.0 - p.ease * c.cushion) * (1.0 - p.closed * c.union_help)


def name_of(bureau):
    """The service that a bureau gives."""
    return LEVERS["public_services"][bureau.service]


def livelihood(r, c, p, key):
    """Work is lost and found; strain follows hardship, help, and being without work."""
    if working_age(r) and r.status != JAILED:
        change_work(r, c, p, key(r.number, 0))
    elif r.jobless and p.strength > 0.0:
        r.jobless = min(r.jobless + 1, 255)
    target = (1.0 - p.relief * c.cushion) * r.hardship + p.base + (p.burden * (1.0 - 0.475 * c.cushion) if r.jobless else 0.0)
    r.strain = rounded(r.strain + p.strength / p.weeks * (min(target, 1.0) - r.strain))


def change_work(r, c, p, u):
    """Somebody of working age loses work, finds some, or goes on as before."""
    if r.jobless == 0:
        if u < p.strength * (p.loss + c.shock_jobs):
            r.jobless = 1
            c.now["lost_work"] += 1
        return
    trained = 1.0 + p.training * c.education if r.age_group < 3 else 1.0
    if u < p.strength * p.find * c.jobs * trained * (1.0 if r.local else p.outside):
        r.jobless = 0
        c.now["found_work"] += 1
    elif p.strength > 0.0:
        r.jobless = min(r.jobless + 1, 255)


def crowding(city, district, p):
    """Load by visitors and congestion: mean over the district's residents."""
    total = city.number(0.0)
    for c in communities_of(city, district):
        total += c.residents * max(1.0 + c.visitors + p.crowds * (c.burden - 1.0), 0.2)
    return total / city.number(district.residents)


def plan_services(city, lever, p):
    """Staff within and outside the budget meet needs at random; communities receive their district's mix, by age group, if it fits."""
    for bureau in city.bureaus:
        district, lever = city.districts[bureau.district], city.policy(bureau.district)
        online = 1.0 - p.online * (lever.digital_services - p.usual_online)
        entitled, others = city.number(district.residents - district.nonlocals), city.number(district.nonlocals)
        opened = (entitled + others * lever.migrant_access) / (entitled + others * p.reference_access)
        bureau.load = online * crowding(city, district, p) * opened
        name = name_of(bureau)
        works = district.work["public_services." + name] / getattr(p, "needs_" + name)
        bureau.quality = 1.0 - exp(-(p.outside + works) * (1.0 - bureau.closed) / (bureau.load + 1e-6))
        wanted = (bureau.load - p.outside * (1.0 - bureau.closed)) / (works + 1e-6)
        district.used["public_services." + name] = unit(min(wanted, 1.0 - bureau.closed))
    for c in city.communities:
        lever = city.policy(c.district)
        c.migrant_access, c.digital = lever.migrant_access, lever.digital_services
        effort = 1.0 + 0.5 * (c.effort if c.measured_services > 0.5 else -c.neglect)
        works = c.fit * c.shock_service * effort / p.tuned * (1.0 - 0.5 * city.districts[c.district].diverted)
        bureaus = [b for b in city.bureaus if b.district == c.district]
        met = {name_of(b): b.quality for b in bureaus}
        c.cushion, c.health, c.education, c.housing = (met[name] for name in ("social_security", "health", "education", "housing"))
        for age, weights in enumerate(WEIGHTS):
            quality = city.number(0.0)
            for weight, bureau in zip(weights, bureaus):
                quality += city.number(weight) * bureau.quality
            c.service_quality[age] = unit(quality * works + c.project)


def services(r, c, p, key):
    """P moves to quality * access - inequality * (H - 0.4) + leniency; the old lose access to what is online."""
    access = 1.0 if r.local else p.access_floor + (1.0 - p.access_floor) * c.migrant_access
    if old(r):
        access = access * (1.0 - p.exclusion * c.digital)
    target = unit(c.service_quality[r.age_group] * access - p.inequality * (r.hardship - 0.4) + r.leniency)
    weeks = 1.0 if p.memory == "none" else p.weeks
    if target > r.service:
        weeks *= 3.0 if p.memory == "asymmetric" else p.recovery
    r.service = rounded(r.service + p.strength / weeks * (target - r.service))


def plan_integration(city, lever, p):
    """Resentment of what is opened to newcomers: more where they are many and people poor."""
    for c in city.communities:
        many = c.nonlocals / (c.adults + 1e-6) + 0.5 * c.visitors
        access = city.policy(c.district).migrant_access
        c.backlash = unit(p.strength * p.resentment * access * many * (0.5 + 4.0 * (c.hardship - 0.4)))


def integration(r, c, p, key):
    """Residents without local registration settle in, or leave and are replaced by newcomers; all live there a week longer."""
    if not r.local and key(r.number, 0) < p.strength * (c.newcomers + p.churn):
        c.now["arrived"] += 1
        r.integration, r.tenure, r.cohesion = float(START), 0, r.cohesion * float(UPROOTED)
        return
    if not r.local:
        opened = p.access * c.migrant_access * (0.5 + 0.79 * c.housing) - p.restraint * c.restraint
        kept_out = p.exclusion * max(c.collective_efficacy - 0.5, 0.0) + p.discrimination * c.backlash
        lived = r.tenure / (r.tenure + p.half)
        target = unit(p.base + p.tenure * lived + p.ties * r.cohesion + opened - kept_out)
        r.integration += p.strength / p.weeks * (target - r.integration)
    if p.strength > 0.0:
        r.tenure = min(r.tenure + 1, 65535)


def congestion(city, lever, p):
    """Burden moves to what density, visitors, planning and housing make of it; planning restrains inflow and takes slack."""
    for c in city.communities:
        lever = city.policy(c.district)
        planning = lever.planning_horizon / (lever.planning_horizon + 3.0)
        crowd = power(c.density * (1.0 + c.visitors) + 0.01, 0.5)
        target = p.base * crowd * (1.0 - p.relief * planning) * (1.0 - p.homes * c.housing)
        c.burden += p.strength * (target - c.burden) / p.weeks
        c.restraint = unit(p.strength * p.restraint * planning)
        c.slack = 1.0 + p.strength * (1.0 - 2.0 * planning)
