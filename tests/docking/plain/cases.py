"""Disputes and the ladder that resolves them: negotiation, then mediation, office or court."""

from sim.city.codes import CASE_LOST, CASE_WON, COURT, JAILED, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, SERVICES, WORK
from sim.levers import LEVERS

from .draws import clip, exp, tanh, unit
from .government import communities_of
from .living import working_age


def disputes(r, c, p, key):
    """An adult without a case may get one: strain, little trust, failing services and crowds make it likelier."""
    if r.case_stage != NONE or r.age_group == 0 or r.status == JAILED:
        return
    waiting = sum(c.last[name] for name in ("open_negotiation", "open_mediation", "open_office", "open_court"))
    contagion = 1.0 + p.contagion * tanh(waiting / (c.residents * p.usual_open) - 1.0)
    push = p.hardship * (r.strain - 0.41) - p.cohesion * (r.cohesion - 0.57) - p.service * (r.service - 0.62) - p.norm * (r.norm - 0.64)
    if key(r.number, 0) < p.rate / 52.0 * contagion * exp(p.crowding * (c.burden - 1.0)) * exp(push):
        r.case_stage, r.case_age, r.case_kind = NEGOTIATION, 0, about(r, p, key(r.number, 1))
        c.now["opened"] += 1


def about(r, p, v):
    """What a new case is about: services, more where they fail; work, for those of working age; or neighbours."""
    if working_age(r) and v > 1.0 - p.work:
        return WORK
    return SERVICES if v < p.services * (1.62 - r.service) else NEIGHBOURS


def plan_resolution(city, lever, p):
    """Offices, courts, unions and committees look at last week's queues."""
    for court, district in zip(city.courts, city.districts):
        court.capacity = city.number(court.residents) * p.court_rate / 52000.0 * district.capacity["rule_of_law.courts"]
        court.discretion = 2.0 / (1.0 + district.capacity["rule_of_law.legislation"])
        court.backlog = sum(c.last["open_court"] for c in communities_of(city, district))
    for office, union in zip(city.offices, city.unions):
        office_week(city, office, union, p)
    for community, committee in zip(city.communities, city.committees):
        queues(city, community, committee, p)


def office_week(city, office, union, p):
    """Capacity = staff, in the time left to them, stretched by up to `surge` when the queue exceeds the usual."""
    district, here = city.districts[office.district], communities_of(city, office)
    staff = city.number(0.0)
    for service in LEVERS["public_services"]:
        staff += 0.2 * district.capacity["public_services." + service]
    usual = city.number(office.residents) * p.office_rate / 52000.0
    office.backlog = sum(c.last["open_office"] for c in here)
    office.surge = unit(p.surge * unit(office.backlog / (usual + 1e-6) / 4.0 - 0.5) * here[0].slack)
    time = (1.0 - district.caution) * (1.0 - district.diverted) * (1.0 - district.answering) / p.tuned
    measured = -here[0].neglect if here[0].measured_services > 0.5 else here[0].effort
    driven = 1.0 + measured + p.online * (here[0].digital - 0.4)
    office.capacity = usual * staff * time * driven * (1.0 + office.surge)
    union.caseload = sum(c.last["open_negotiation"] for c in here)
    union.skill += (district.capacity["self_governance.workplace"] - union.skill) / 13.0


def queue(capacity, backlog, handoff):
    """Chance to be heard this week, and the weeks that somebody new must expect to wait; a hand-off takes its time, too."""
    chance = min(capacity / backlog, 1.0) if backlog > 0 else 1.0
    wait = backlog / (capacity + 1e-6)
    return chance / (1.0 + chance * handoff), min(handoff + wait, 200.0)


def queues(city, c, committee, p):
    """The ways on as one community meets them."""
    capacity = city.districts[c.district].capacity
    office, court = city.offices[c.subdistrict], city.courts[c.district]
    mediating = capacity["self_governance.mediation"]
    effort = committee.skill * (0.5 + 2.0 * committee.duty[0]) * clip(1.0 / c.hours_load, 0.5, 1.25)
    hearings = c.residents * p.mediation_rate / 52000.0 * mediating * effort
    c.mediation_chance, c.mediation_wait = queue(hearings, c.last["open_mediation"], 0.0)
    c.office_chance, c.office_wait = queue(office.capacity, office.backlog, c.delay)
    c.court_chance, c.court_wait = queue(court.capacity, court.backlog, 2.0 * c.delay)
    c.mediation_pull, c.mediation_skill = mediating, committee.skill
    c.court_access = 0.6 + 0.4 * capacity["rule_of_law.legal_aid"]
    c.union_help = city.unions[c.subdistrict].skill
    c.clarity, c.discretion = capacity["rule_of_law.legislation"], court.discretion


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
    law = 1.0 + p.law_settles * (c.clarity - 1.0)
    union = 1.0 + (p.union_settles * (c.union_help - 1.0) if r.case_kind == WORK else 0.0)
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
    """Ways on in proportion to what they offer and how long they take; of those turned away by waits three in ten give up."""
    offered = p.way_mediation * (p.far_off if r.case_kind == SERVICES else p.close_by) * c.mediation_pull
    mediation = offered * exp(-c.mediation_wait / p.patience)
    office = p.way_office * (1.0 - p.silenced * c.hush) * exp(-c.office_wait / p.patience)
    court = p.way_court * c.court_access * exp(-c.court_wait / (4.0 * p.patience))
    nowhere = max(1.0 - p.way_mediation - p.way_office - p.way_court, 0.0) + (offered - mediation) * 0.3 + (p.way_office - office) * 0.3
    nowhere *= impatience(c, p)
    u = key(r.number, 1) * (mediation + office + court + nowhere)
    if u < mediation:
        climb(r, c, MEDIATION)
    elif u < mediation + office:
        climb(r, c, OFFICE)
    elif u < mediation + office + court:
        climb(r, c, COURT)
    else:
        c.now["balked"] += 1
        give_up(r, c, p)


def impatience(c, p):
    """Factor on withdrawal; lower with legal aid."""
    return clip(1.0 - p.persistence * ((c.court_access - 0.6) / 0.4 - 1.0), 0.0, 2.0)


def climb(r, c, stage):
    """Join a queue."""
    r.case_stage = stage
    c.now[{MEDIATION: "to_mediation", OFFICE: "to_office", COURT: "to_court"}[stage]] += 1


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
        mediate(r, c, v, key(r.number, 4), p)
    elif r.case_stage == OFFICE:
        answer(r, c, v, p)
    else:
        judge(r, c, v, p)


def judge(r, c, v, p):
    """The court decides; the weak win as the law's discretion and their legal aid have it."""
    weak = not r.local or r.strain > 0.5
    wins = p.court_win + (p.aided * c.court_access - p.bias * c.discretion if weak else 0.0)
    decide(r, c, "court", bool(v < wins), p)
    if r.case_kind == NEIGHBOURS:
        r.cohesion *= 1.0 - p.scar


def mediate(r, c, v, w, p):
    """Agreement, sometimes coerced so that it comes back; or court; or given up."""
    c.now["mediated_weeks"] += r.case_age
    if v >= p.mediation_success * (0.5 + 0.5 * c.mediation_skill) * (1.0 - p.rigidity * c.clarity):
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


def answer(r, c, v, p):
    """The office settles; or lets the case lie, passes it on to court or (a fifth as often) to mediation, or the person gives up."""
    success = min(p.office_success * c.fit / p.usual_fit * (1.0 - p.rigidity * (c.clarity - 1.0)), 0.95)
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
        climb(r, c, COURT)
    elif rest < passed + 1.2 * p.climb_office:
        climb(r, c, MEDIATION)
    else:
        give_up(r, c, p)
