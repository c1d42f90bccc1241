"""Disputes and the ladder that resolves them: negotiation, then mediation, office or court."""

from sim.city.codes import CASE_HEARD, CASE_LOST, CASE_WON, COURT, JAILED, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, SERVICES, WORK
from sim.levers import LEVERS

from .draws import clip, exp, tanh, unit
from .government import communities_of
from .living import working_age


def disputes(r, c, p, key):
    """An adult without a case may get one: strain, little trust, failing services and crowds make it likelier; lost work may be one."""
    if r.case_stage != NONE or r.age_group == 0 or r.status == JAILED:
        return
    waiting = sum(c.last[name] for name in ("open_negotiation", "open_mediation", "open_office", "open_court"))
    contagion = 1.0 + p.contagion * tanh(waiting / (c.residents * p.usual_open) - 1.0)
    if p.spread == "independent":
        contagion = 1.0
    push = p.hardship * (r.strain - 0.41) - p.cohesion * (r.cohesion - 0.57) - p.service * (r.service - 0.62) - p.norm * (r.norm - 0.64)
    fired = r.jobless == 1 and p.rate > 0.0
    hazard = p.rate / 52.0 * contagion * r.proneness * exp(p.crowding * (c.burden - 1.0)) * exp(push) + (p.dismissed if fired else 0.0)
    if key(r.number, 0) < hazard:
        r.case_stage, r.case_age, r.case_kind = NEGOTIATION, 0, about(r, p, key(r.number, 1))
        c.now["opened"] += 1


def about(r, p, v):
    """What a new case is about: services, more where they fail; work, for those of working age; or neighbours."""
    if working_age(r) and (v > 1.0 - p.work or (r.jobless == 1 and p.dismissed > 0.0)):
        return WORK
    return SERVICES if v < p.services * (1.62 - r.service) else NEIGHBOURS


def plan_resolution(city, lever, p):
    """Courts, offices, mediators, unions and lawyers look at last week's cases, and at what their staff can do."""
    for court, district in zip(city.courts, city.districts):
        court_week(city, court, district, p)
        district.used["self_governance.mediation"] = district.used["self_governance.workplace"] = city.number(0.0)
    for office, union in zip(city.offices, city.unions):
        office_week(city, office, p)
        mediators_week(city, office, p)
        union_week(city, office, union, p)
    for district in city.districts:
        for name in ("mediation", "workplace"):
            district.used["self_governance." + name] /= city.number(district.residents)
    for community, committee in zip(city.communities, city.committees):
        queues(city, community, committee, p)


def last_week(city, unit, *names):
    """Cases of last week in the communities of a unit."""
    return sum(c.last[name] for c in communities_of(city, unit) for name in names)


def keep(kept, capacity, heard, waiting, p):
    """Work that last week left over (negative: done in advance), and the idle share of it: what is more than can be kept or used."""
    most = max(p.kept_weeks * capacity, 1.0, float(waiting))
    left = kept + capacity - heard
    idle = unit((left - most) / capacity) if capacity > 0.0 else 0.0
    return min(left, most), idle


def court_week(city, court, district, p):
    """Judges decide; rules age and are revised; lawyers serve as many of those who cannot pay as they can."""
    people, work = city.number(district.residents), district.work
    court.backlog = last_week(city, district, "open_court")
    court.kept, idle = keep(court.kept, court.capacity, last_week(city, district, "closed_court"), court.backlog, p)
    court.capacity, district.used["rule_of_law.courts"] = people * work["rule_of_law.courts"] / 52.0, 1.0 - idle
    revised = 1000.0 * work["rule_of_law.legislation"] / p.stock * (1.0 - district.rules)
    district.rules = min(district.rules + p.strength * (revised - p.outdated * district.rules) / 52.0, 1.0)
    district.aid_sought += (p.aid_needed * last_week(city, district, "to_court") - district.aid_sought) / 26.0
    district.used["rule_of_law.legal_aid"] = unit(district.aid_sought / (people * work["rule_of_law.legal_aid"] / 52.0 + 1e-9))


def office_week(city, office, p):
    """Capacity = staff, in the time left to them, stretched by up to `surge` when the queue exceeds the usual."""
    district, here = city.districts[office.district], communities_of(city, office)
    handled = last_week(city, office, "closed_office", "failed_office") - last_week(city, office, "jumped")
    office.backlog = last_week(city, office, "open_office")
    office.kept, _ = keep(office.kept, office.capacity, handled, office.backlog, p)
    staff = sum(district.staff["public_services." + service] for service in LEVERS["public_services"]) / 10_000.0
    usual = office.residents * staff * p.office_cases / 52.0 * (1.0 - city.city.upheaval)
    office.surge = unit(p.surge * unit(office.backlog / (usual + 1e-6) / 4.0 - 0.5) * here[0].slack)
    time = (1.0 - district.caution) * (1.0 - district.diverted) * (1.0 - district.answering) / p.tuned
    measured = -here[0].neglect if here[0].measured_services > 0.5 else here[0].effort
    office.capacity = usual * time * (1.0 + measured + p.online * (here[0].digital - 0.4)) * (1.0 + office.surge)


def mediators_week(city, office, p):
    """A sub-district's mediators hear cases of all its communities; volunteers help them, and in idle time they look for cases."""
    district = city.districts[office.district]
    heard = last_week(city, office, "closed_mediation", "failed_mediation")
    office.mediation_backlog = last_week(city, office, "open_mediation")
    office.mediation_kept, idle = keep(office.mediation_kept, office.mediation, heard, office.mediation_backlog, p)
    office.seeking += p.strength * (idle - office.seeking) / 13.0
    helped = city.number(0.0)
    for c in communities_of(city, office):
        committee = city.committees[city.communities.index(c)]
        helped += c.residents * committee.skill * (0.8 + 2.4 * committee.duty[0]) * clip(1.0 / c.hours_load, 0.5, 1.25)
    office.mediation = district.work["self_governance.mediation"] / 52.0 * helped
    district.used["self_governance.mediation"] += office.residents * (1.0 - idle)


def union_week(city, office, union, p):
    """A union helps in as many of the disputes at work as its staff can."""
    district = city.districts[office.district]
    offered = office.residents * district.work["self_governance.workplace"] / 52.0
    union.caseload = last_week(city, office, "open_negotiation")
    union.sought += (p.at_work * last_week(city, office, "opened") - union.sought) / 26.0
    union.coverage = unit(offered / (union.sought + 1e-6))
    district.used["self_governance.workplace"] += office.residents * unit(union.sought / (offered + 1e-9))


def queue(capacity, kept, backlog, handoff):
    """Chance to be heard this week, and the weeks that somebody new must expect to wait; a hand-off takes its time, too."""
    chance = unit((capacity + kept) / backlog) if backlog > 0 else 1.0
    wait = backlog / (capacity + 1e-6)
    return chance / (1.0 + chance * handoff), min(handoff + wait, 200.0)


def queues(city, c, committee, p):
    """The ways on as one community meets them."""
    district, office, court = city.districts[c.district], city.offices[c.subdistrict], city.courts[c.district]
    c.mediation_chance, c.mediation_wait = queue(office.mediation, office.mediation_kept, office.mediation_backlog, 0.0)
    c.office_chance, c.office_wait = queue(office.capacity, office.kept, office.backlog, c.delay)
    c.court_chance, c.court_wait = queue(court.capacity, court.kept, court.backlog, p.procedure + 2.0 * c.delay)
    c.mediation_pull = 1.0 + p.outreach * office.seeking if office.mediation > 0.0 else 0.0
    c.mediation_room = office.seeking if office.mediation > 0.0 else 0.0
    c.mediation_skill = committee.skill
    c.aid_coverage = unit(district.work["rule_of_law.legal_aid"] * district.residents / 52.0 / (district.aid_sought + 1e-9))
    c.union_help, c.clarity = city.unions[c.subdistrict].coverage, district.rules


def resolution(r, c, p, key):
    """An open case has its week; a case of this week's disputes already negotiates."""
    if r.case_stage == NONE or p.strength == 0.0:
        return
    r.case_age = min(r.case_age + 1, 255)
    if r.case_stage == NEGOTIATION:
        negotiate(r, c, p, key)
    else:
        wait_or_be_heard(r, c, p, key)


def end(r, good, p):
    """The case is over: grievance halves or grows."""
    r.case_stage, r.case_age = NONE, 0
    r.grievance = r.grievance * (1.0 - p.settling_heals) if good else unit(r.grievance + p.failing_hurts)
    r.events |= CASE_WON if good else CASE_LOST


def give_up(r, c, p):
    """Withdrawn, with grievance."""
    c.now["withdrawn"] += 1
    end(r, False, p)


def decide(r, c, way, good, p):
    """A formal case is closed."""
    c.now["closed_" + way] += 1
    c.now["formal_closed"] += 1
    c.now["formal_weeks"] += r.case_age
    end(r, good, p)


def negotiate(r, c, p, key):
    """Settled, dropped, handed on or still open; unions help in conflicts at work."""
    law = 1.0 + p.law_settles * c.clarity
    union = p.alone + p.union_settles * c.union_help if r.case_kind == WORK else 1.0
    settle = min(p.settle * law * union * exp(p.norm_settles * (r.norm - 0.64)), 0.9)
    u = key(r.number, 0) / p.strength
    if u < settle:
        c.now["settled"] += 1
        end(r, True, p)
    elif u < settle + p.drop:
        c.now["dropped"] += 1
        r.case_stage, r.case_age = NONE, 0
    elif u < settle + p.drop + p.escalate:
        route(r, c, p, key)


def route(r, c, p, key):
    """Ways on in proportion to what they offer and how long they take; of those whom waits turn away two in five give up."""
    offered = p.way_mediation * (p.far_off if r.case_kind == SERVICES else p.close_by) * c.mediation_pull
    mediation = offered * exp(-c.mediation_wait / p.patience)
    office = p.way_office * (1.0 - p.silenced * c.hush) * exp(-c.office_wait / p.patience)
    court = p.way_court * access(c, p) * exp(-c.court_wait / (4.0 * p.patience))
    nowhere = max(1.0 - p.way_mediation - p.way_office - p.way_court, 0.0) + 0.42 * (offered - mediation + p.way_office - office)
    nowhere *= impatience(c, p)
    u = key(r.number, 1) * (mediation + office + court + nowhere)
    if u < mediation:
        climb(r, c, MEDIATION)
    elif u < mediation + office:
        climb(r, c, OFFICE)
    elif u < mediation + office + court:
        sue(r, c, p, key)
    else:
        c.now["balked"] += 1
        give_up(r, c, p)


def impatience(c, p):
    """Factor on withdrawal; lower with legal aid."""
    return 1.0 - p.persistence * c.aid_coverage


def access(c, p):
    """Access of the weak to courts: in full with a lawyer."""
    return p.reach + (1.0 - p.reach) * c.aid_coverage


def climb(r, c, stage):
    """Join a queue."""
    r.case_stage = stage
    c.now[{MEDIATION: "to_mediation", OFFICE: "to_office", COURT: "to_court"}[stage]] += 1


def sue(r, c, p, key):
    """To court, unless idle mediators at its door bring the parties to agree."""
    if key(r.number, 5) < p.referred * c.mediation_room:
        c.now["to_mediation"] += 1
        r.events |= CASE_HEARD
        if key(r.number, 6) < agreement(c, p):
            c.now["mediated_weeks"] += r.case_age
            decide(r, c, "mediation", True, p)
            return
        c.now["failed_mediation"] += 1
    climb(r, c, COURT)


def wait_or_be_heard(r, c, p, key):
    """A week in a queue; officials on a visit settle some cases ahead of it."""
    chance = {MEDIATION: c.mediation_chance, OFFICE: c.office_chance, COURT: c.court_chance}[r.case_stage]
    v = key(r.number, 3)
    if key(r.number, 2) >= chance * p.strength:
        r.grievance = unit(r.grievance + p.waiting_hurts)
        quits = p.withdraw * impatience(c, p)
        if v < quits:
            give_up(r, c, p)
        elif r.case_stage == OFFICE and v < quits + c.jump * p.strength:
            c.now["jumped"] += 1
            decide(r, c, "office", True, p)
    elif r.case_stage == MEDIATION:
        r.events |= CASE_HEARD
        mediate(r, c, v, key(r.number, 4), p)
    elif r.case_stage == OFFICE:
        answer(r, c, v, key, p)
    else:
        if key(r.number, 4) < access(c, p):
            r.events |= CASE_HEARD
        judge(r, c, v, p)


def judge(r, c, v, p):
    """The court decides; the weak win as clear rules and their legal aid have it."""
    weak = not r.local or r.strain > 0.5
    wins = p.court_win + (p.aided * c.aid_coverage - p.bias * (1.0 - c.clarity) if weak else 0.0)
    c.now["lost"] += bool(v >= wins)
    decide(r, c, "court", bool(v < wins), p)
    if r.case_kind == NEIGHBOURS:
        r.cohesion *= 1.0 - p.scar


def agreement(c, p):
    """Chance that the parties agree before a mediator."""
    shadow = {"independent": p.shadow, "replaces": -0.3, "backs": 0.3}[p.law]
    law = (1.0 - p.rigidity * c.clarity) * (1.0 + shadow * (c.clarity - 0.5))
    return p.mediation_success * (0.5 + 0.5 * c.mediation_skill) * law


def mediate(r, c, v, w, p):
    """Agreement, sometimes coerced so that it comes back; or court; or given up."""
    c.now["mediated_weeks"] += r.case_age
    if v >= agreement(c, p):
        c.now["failed_mediation"] += 1
        if w < p.climb_mediation:
            climb(r, c, COURT)
        else:
            give_up(r, c, p)
    elif w >= p.comes_back * c.mediation_pull:
        decide(r, c, "mediation", True, p)
    else:
        for count in ("reopened", "opened", "closed_mediation", "formal_closed"):
            c.now[count] += 1
        c.now["formal_weeks"] += r.case_age
        r.case_stage, r.case_age = NEGOTIATION, 1
        r.grievance = unit(r.grievance + 0.5 * p.failing_hurts)


def answer(r, c, v, key, p):
    """The office settles; or lets the case lie, passes it on to court or (a fifth as often) to mediation, or the person gives up."""
    success = min(p.office_success * c.fit / p.usual_fit * (1.0 - p.rigidity * c.clarity), 0.95)
    if v < success:
        decide(r, c, "office", True, p)
        return
    c.now["failed_office"] += 1
    rest = (v - success) / (1.0 - success + 1e-6)
    passed = p.pass_on * (1.0 + 4.0 * c.caution)
    if rest < passed:
        c.now["passed_on"] += 1
        r.grievance = unit(r.grievance + p.waiting_hurts)
    elif rest < passed + p.climb_office:
        sue(r, c, p, key)
    elif rest < passed + 1.2 * p.climb_office:
        climb(r, c, MEDIATION)
    else:
        give_up(r, c, p)
