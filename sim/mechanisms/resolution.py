"""Resolution: the ladder of negotiation, mediation, office and court.

Claim. The parties settle most disputes themselves. In the others they choose mediation, the sub-district office or the court; each has a
capacity and a queue, people avoid long queues (three in ten of these give up), failed cases move up the ladder, and waiting or losing
leaves grievance. Unions help to settle conflicts at work, mediation those among neighbours, offices those about services; offices answer
cases or pass them on.

Equation. In a week of negotiation the share `settle` is settled, `drop` dropped, and `escalate` routed in proportion to what each channel
offers times exp(-wait / patience). A case in a queue B is served with probability min(1, capacity / B): B <- B + arrivals - min(B,
capacity) on average; a hand-off of d weeks makes that probability / (1 + probability d). Offices surge by up to 20 % when queues grow, and
lose the time that audits, visits and answers take. Mediation and office succeed with a given probability, the office's times the fit of
government work, at most .95; failed cases move up; some of the office's are not answered and keep waiting. A court decides for weak parties
less often where the law leaves it discretion and they have no legal aid. Waiting cases are withdrawn, with grievance, fewer with legal aid:
times 1 - persistence * (K_aid - 1); some are settled out of turn when officials visit. A resident who sues a neighbour loses the share
`scar` of cohesion.

Source. Legal-needs surveys (shares of channels); mediation success 65 to 95 % reported; 10.6 formal mediations per 1,000 residents a
year in China 2022; 9.3 suits. Capacities and probabilities: assumptions calibrated to these. Queue: Erlang loss and delay (standard
textbook form).

Brings: closed cases, less grievance, legitimacy; with legal aid, fewer withdrawals. Costs: coerced settlements are reopened; suits reduce
trust among neighbours; legal aid increases the courts' caseload; clear law leaves less room for agreement.
"""

import numpy as np

from sim.city.codes import CASE_LOST, CASE_WON, COURT, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, SERVICES, WORK
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import clip, exp, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

MEDIATING = instrument("self_governance.mediation")
UNION = instrument("self_governance.workplace")
COURTS = instrument("rule_of_law.courts")
LEGAL_AID = instrument("rule_of_law.legal_aid")
LEGISLATION = instrument("rule_of_law.legislation")
FIRST_SERVICE = instrument("public_services.education")
REACH, AID = np.float32(0.6), np.float32(0.4)  # access to courts without legal aid, and what it adds at the reference


class Parameters(Spec):
    strength: float = parameter(
        1.0, "factor on the probability that a case advances in a week; 0 freezes all cases", unit="factor", low=0.0, high=1.0
    )
    settle: float = parameter(0.36, "settled by the parties in a week of negotiation", unit="per week", low=0.0, high=1.0)
    drop: float = parameter(0.16, "dropped in a week of negotiation", unit="per week", low=0.0, high=1.0)
    escalate: float = parameter(0.34, "routed to a channel in a week of negotiation", unit="per week", low=0.0, high=1.0)
    way_mediation: float = parameter(
        0.082,
        "weight of mediation among the channels",
        unit="1",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_mediation (4 to 10)",
    )
    way_office: float = parameter(
        0.86, "weight of the office among the channels", unit="1", low=0.0, high=1.0, source="assumption; fitted to rate_office (50 to 130)"
    )
    way_court: float = parameter(
        0.0545, "weight of the court among the channels", unit="1", low=0.0, high=1.0, source="assumption; fitted to rate_suits (7 to 12)"
    )
    patience: float = parameter(6.0, "wait that lowers a channel's weight by a factor e", unit="weeks", low=0.5, high=104.0)
    mediation_rate: float = parameter(
        22.9,
        "mediations that committees can hear at the reference",
        unit="per 1,000 residents and year",
        low=0.0,
        high=200.0,
        source="assumption; heard: 10.6 in 2022 (ministry of justice); fitted to mediation_weeks (2 to 5)",
    )
    office_rate: float = parameter(
        100.0, "cases that offices can handle at the reference", unit="per 1,000 residents and year", low=0.0, high=2000.0
    )
    court_rate: float = parameter(
        13.0, "cases that courts can decide at the reference", unit="per 1,000 residents and year", low=0.0, high=200.0
    )
    mediation_success: float = parameter(
        0.75, "probability that a mediation ends in agreement", unit="share", low=0.0, high=1.0, source="65 to 95 % reported"
    )
    rigidity: float = parameter(
        0.08, "agreements lost where the law decides, at the reference clarity; offices lose as much", unit="share", low=0.0, high=0.5
    )
    office_success: float = parameter(0.72, "probability that the office settles a case", unit="share", low=0.0, high=1.0)
    court_win: float = parameter(0.55, "probability that the court decides for the person", unit="share", low=0.0, high=1.0)
    climb_mediation: float = parameter(
        0.5, "failed mediations that go on to court (the rest are given up)", unit="share", low=0.0, high=1.0
    )
    climb_office: float = parameter(
        0.22, "failed office cases that go on to court; a fifth as many again go to mediation", unit="share", low=0.0, high=0.5
    )
    withdraw: float = parameter(0.02, "waiting cases withdrawn", unit="per week", low=0.0, high=0.5)
    comes_back: float = parameter(0.08, "mediated settlements that are reopened at the reference", unit="share", low=0.0, high=0.5)
    surge: float = parameter(0.20, "largest extra effort of an office under pressure", unit="share", low=0.0, high=1.0)
    usual_fit: float = parameter(
        0.95, "fit of government work in the reference city, at which offices succeed as stated", unit="share", low=0.1, high=1.0
    )
    tuned: float = parameter(0.79, "officials' time that is left for cases in the reference city", unit="share", low=0.1, high=1.0)
    online: float = parameter(0.10, "office capacity added by services that are fully online", unit="share", low=0.0, high=1.0)
    pass_on: float = parameter(
        0.10, "failed cases passed on instead of answered; four times that more per unit of caution", unit="share", low=0.0, high=0.5
    )
    bias: float = parameter(
        0.12, "court cases that weak parties lose where the law leaves full discretion", unit="share", low=0.0, high=0.5
    )
    persistence: float = parameter(
        0.4, "share of withdrawals prevented by legal aid of twice the reference capacity", unit="share", low=0.0, high=1.0
    )
    aided: float = parameter(0.10, "court cases that legal aid wins for weak parties at the reference", unit="share", low=0.0, high=0.5)
    scar: float = parameter(0.08, "trust in neighbours lost by a suit against one that a court decided", unit="share", low=0.0, high=1.0)
    silenced: float = parameter(0.30, "cases that do not reach an office where all talk is suppressed", unit="share", low=0.0, high=1.0)
    waiting_hurts: float = parameter(0.004, "grievance added by a week of waiting", unit="share", low=0.0, high=0.2)
    failing_hurts: float = parameter(0.12, "grievance added by a lost or abandoned case", unit="share", low=0.0, high=1.0)
    settling_heals: float = parameter(0.5, "share of grievance removed by a settled case", unit="share", low=0.0, high=1.0)
    norm_settles: float = parameter(0.8, "effect of the civic norm on settling", unit="log hazard", low=0.0, high=5.0)
    law_settles: float = parameter(0.15, "effect of clear law on settling in its shadow", unit="1", low=0.0, high=1.0)
    union_settles: float = parameter(0.35, "effect of unions on settling conflicts at work", unit="1", low=0.0, high=1.0)
    close_by: float = parameter(1.3, "factor on mediation for conflicts among neighbours and at work", unit="factor", low=0.0, high=3.0)
    far_off: float = parameter(0.2, "factor on mediation for conflicts over services", unit="factor", low=0.0, high=3.0)


@kernel
def plan_resolution(world, week, p):
    """Share of waiting cases that offices, courts, committees and unions hear this week, and expected waits."""
    for d in range(len(world.courts)):
        court = world.courts[d]
        capacity = world.districts[d].capacity
        court.capacity = np.float32(court.residents) * p.court_rate / 52000.0 * capacity[COURTS]
        court.discretion = 2.0 / (1.0 + capacity[LEGISLATION])
        court.backlog = 0
    for s in range(len(world.offices)):
        _office(world, s, p)
    for k in range(len(world.communities)):
        community = world.communities[k]
        world.courts[community.district].backlog += community.last.open_court
    for k in range(len(world.communities)):
        _ways_open(world, world.communities[k], world.committees[k], p)


@kernel
def _office(world, s, p):
    """Backlog and capacity of one sub-district office, which surges when the backlog grows; caseload of its union."""
    office, union = world.offices[s], world.unions[s]
    district = world.districts[office.district]
    capacity = district.capacity
    here = world.communities[office.first_community]
    staff = np.float32(0.0)
    for service in range(5):
        staff += 0.2 * capacity[FIRST_SERVICE + service]
    backlog, talks = np.int64(0), np.int64(0)
    for k in range(office.first_community, office.last_community):
        backlog += world.communities[k].last.open_office
        talks += world.communities[k].last.open_negotiation
    office.backlog = backlog
    usual = np.float32(office.residents) * p.office_rate / 52000.0
    pressed = unit(np.float32(backlog) / (usual + 1e-6) / 4.0 - 0.5)
    office.surge = unit(p.surge * pressed * here.slack)
    time = (1.0 - district.caution) * (1.0 - district.diverted) * (1.0 - district.answering) / p.tuned
    driven = 1.0 + (here.effort if here.measured_services < 0.5 else -here.neglect) + p.online * (here.digital - 0.4)
    office.capacity = usual * staff * time * driven * (1.0 + office.surge)
    union.caseload = talks
    union.skill += (capacity[UNION] - union.skill) / 13.0


@kernel
def _chance(capacity, backlog, delay):
    """Probability that a waiting case is heard this week, and expected wait of a new case (weeks)."""
    waiting = np.float32(backlog)
    chance = unit(capacity / waiting) if backlog > 0 else np.float32(1.0)
    wait = delay + (waiting / (capacity + 1e-6) if backlog > 0 else np.float32(0.0))
    return chance / (1.0 + chance * delay), (wait if wait < 200.0 else np.float32(200.0))


@kernel
def _ways_open(world, community, committee, p):
    """Chances, waits and attractiveness of all channels for one community."""
    capacity = world.districts[community.district].capacity
    office, court = world.offices[community.subdistrict], world.courts[community.district]
    effort = committee.skill * (0.5 + 2.0 * committee.duty[0]) * clip(1.0 / community.hours_load, np.float32(0.5), np.float32(1.25))
    hearings = np.float32(community.residents) * p.mediation_rate / 52000.0 * capacity[MEDIATING] * effort
    community.mediation_chance, community.mediation_wait = _chance(hearings, community.last.open_mediation, np.float32(0.0))
    community.office_chance, community.office_wait = _chance(office.capacity, office.backlog, community.delay)
    community.court_chance, community.court_wait = _chance(court.capacity, court.backlog, 2.0 * community.delay)
    community.mediation_pull = capacity[MEDIATING]
    community.mediation_skill = committee.skill
    community.court_access = REACH + AID * capacity[LEGAL_AID]
    community.discretion = court.discretion
    community.union_help = world.unions[community.subdistrict].skill
    community.clarity = capacity[LEGISLATION]


@tile_kernel
def resolution(tile, community, key, p):
    """Advance every open case of the tile by one week."""
    if p.strength == 0.0:
        return
    first = tile.first
    for i in range(tile.count):
        stage = tile.case_stage[i]
        if stage != NONE:
            if tile.case_age[i] < 255:
                tile.case_age[i] += np.uint8(1)
            if stage == NEGOTIATION:
                _negotiate(tile, i, community, key, first + i, p)
            else:
                _heard(tile, i, stage, community, key, first + i, p)


@kernel
def _close(tile, i, community, good, p):
    """Close the case of resident `i`, successfully if `good`."""
    tile.case_stage[i] = np.uint8(NONE)
    tile.case_age[i] = np.uint8(0)
    if good:
        tile.grievance[i] = tile.grievance[i] * (1.0 - p.settling_heals)
        tile.events[i] |= np.uint8(CASE_WON)
    else:
        tile.grievance[i] = unit(tile.grievance[i] + p.failing_hurts)
        tile.events[i] |= np.uint8(CASE_LOST)


@kernel
def _negotiate(tile, i, community, key, me, p):
    """A week of negotiation: settled, dropped, routed to a channel, or still open."""
    now = community.now
    law = 1.0 + p.law_settles * (community.clarity - 1.0)
    union = 1.0 + (p.union_settles * (community.union_help - 1.0) if tile.case_kind[i] == WORK else np.float32(0.0))
    settle = p.settle * law * union * exp(p.norm_settles * (tile.norm[i] - 0.64))
    settle = settle if settle < 0.9 else np.float32(0.9)
    u = uniform(key, me, 0) / p.strength
    if u < settle:
        now.settled += 1
        _close(tile, i, community, True, p)
    elif u < settle + p.drop:
        now.dropped += 1
        tile.case_stage[i] = np.uint8(NONE)
        tile.case_age[i] = np.uint8(0)
    elif u < settle + p.drop + p.escalate:
        _route(tile, i, community, key, me, p)


@kernel
def _gives_up(community, p):
    """Factor on withdrawal: lower with legal aid, 1 with legal aid at the reference."""
    more = (community.court_access - REACH) / AID - 1.0
    return clip(1.0 - p.persistence * more, np.float32(0.0), np.float32(2.0))


@kernel
def _route(tile, i, community, key, me, p):
    """Choose mediation, office or court by what each offers and its wait; some parties withdraw."""
    now = community.now
    suited = p.far_off if tile.case_kind[i] == SERVICES else p.close_by
    mediation = p.way_mediation * suited * community.mediation_pull * exp(-community.mediation_wait / p.patience)
    office = p.way_office * (1.0 - p.silenced * community.hush) * exp(-community.office_wait / p.patience)
    court = p.way_court * community.court_access * exp(-community.court_wait / (4.0 * p.patience))
    nowhere = 1.0 - p.way_mediation - p.way_office - p.way_court
    balk = (p.way_mediation * suited * community.mediation_pull - mediation) * 0.3 + (p.way_office - office) * 0.3
    nowhere = ((nowhere if nowhere > 0.0 else np.float32(0.0)) + balk) * _gives_up(community, p)
    u = uniform(key, me, 1) * (mediation + office + court + nowhere)
    if u < mediation:
        tile.case_stage[i] = np.uint8(MEDIATION)
        now.to_mediation += 1
    elif u < mediation + office:
        tile.case_stage[i] = np.uint8(OFFICE)
        now.to_office += 1
    elif u < mediation + office + court:
        tile.case_stage[i] = np.uint8(COURT)
        now.to_court += 1
    else:
        now.balked += 1
        now.withdrawn += 1
        _close(tile, i, community, False, p)


@kernel
def _heard(tile, i, stage, community, key, me, p):
    """A week in a queue: the case waits, is heard, or is withdrawn."""
    now = community.now
    chance = community.mediation_chance if stage == MEDIATION else (community.office_chance if stage == OFFICE else community.court_chance)
    u, v = uniform(key, me, 2), uniform(key, me, 3)
    if u >= chance * p.strength:
        tile.grievance[i] = unit(tile.grievance[i] + p.waiting_hurts)
        quits = p.withdraw * _gives_up(community, p)
        if v < quits:
            now.withdrawn += 1
            _close(tile, i, community, False, p)
        elif (stage == OFFICE) & (v < quits + community.jump * p.strength):
            now.jumped += 1
            _settled_by_office(tile, i, community, np.int64(tile.case_age[i]), p)
        return
    age = np.int64(tile.case_age[i])
    if stage == MEDIATION:
        _mediated(tile, i, community, age, v, uniform(key, me, 4), p)
    elif stage == OFFICE:
        _answered(tile, i, community, age, v, p)
    else:
        now.closed_court += 1
        now.formal_closed += 1
        now.formal_weeks += age
        weak = (tile.local[i] == 0) | (tile.strain[i] > 0.5)
        wins = p.court_win + (p.aided * community.court_access - p.bias * community.discretion if weak else np.float32(0.0))
        _close(tile, i, community, v < wins, p)
        if tile.case_kind[i] == NEIGHBOURS:
            tile.cohesion[i] *= 1.0 - p.scar


@kernel
def _mediated(tile, i, community, age, v, w, p):
    """A mediation: agreement (which may be reopened), court, or withdrawal."""
    now = community.now
    success = p.mediation_success * (0.5 + 0.5 * community.mediation_skill) * (1.0 - p.rigidity * community.clarity)
    now.mediated_weeks += age
    if v < success:
        if w < p.comes_back * community.mediation_pull:  # the more mediation is pushed, the more settlements are coerced
            now.reopened += 1
            now.closed_mediation += 1
            now.formal_closed += 1
            now.formal_weeks += age
            now.opened += 1
            tile.case_stage[i] = np.uint8(NEGOTIATION)
            tile.case_age[i] = np.uint8(1)  # a reopened case keeps its kind
            tile.grievance[i] = unit(tile.grievance[i] + 0.5 * p.failing_hurts)
            return
        now.closed_mediation += 1
        now.formal_closed += 1
        now.formal_weeks += age
        _close(tile, i, community, True, p)
        return
    now.failed_mediation += 1
    if w < p.climb_mediation:
        now.to_court += 1
        tile.case_stage[i] = np.uint8(COURT)
    else:
        now.withdrawn += 1
        _close(tile, i, community, False, p)


@kernel
def _settled_by_office(tile, i, community, age, p):
    """The office settles the case of resident `i`."""
    now = community.now
    now.closed_office += 1
    now.formal_closed += 1
    now.formal_weeks += age
    _close(tile, i, community, True, p)


@kernel
def _answered(tile, i, community, age, v, p):
    """A case heard by the office: settled, passed on, moved to mediation or court, or withdrawn."""
    now = community.now
    success = p.office_success * community.fit / p.usual_fit * (1.0 - p.rigidity * (community.clarity - 1.0))
    success = success if success < 0.95 else np.float32(0.95)
    if v < success:
        _settled_by_office(tile, i, community, age, p)
        return
    now.failed_office += 1
    rest = (v - success) / (1.0 - success + 1e-6)
    passed = p.pass_on * (1.0 + 4.0 * community.caution)
    if rest < passed:
        now.passed_on += 1
        tile.grievance[i] = unit(tile.grievance[i] + p.waiting_hurts)
        return
    if rest < passed + p.climb_office:
        now.to_court += 1
        tile.case_stage[i] = np.uint8(COURT)
    elif rest < passed + 1.2 * p.climb_office:
        now.to_mediation += 1
        tile.case_stage[i] = np.uint8(MEDIATION)
    else:
        now.withdrawn += 1
        _close(tile, i, community, False, p)


MECHANISM = Mechanism(
    name="resolution",
    names={"en": "Resolution", "zh": "纠纷化解"},
    stage="dispute",
    parameters=Parameters,
    reads=(
        "local strain norm cohesion case_stage case_age case_kind grievance events districts.capacity.self_governance.mediation"
        " districts.capacity.self_governance.workplace districts.capacity.rule_of_law.courts districts.capacity.rule_of_law.legal_aid"
        " districts.capacity.rule_of_law.legislation districts.capacity.public_services districts.caution districts.diverted"
        " districts.answering committees.duty committees.skill community.residents community.hours_load community.delay community.fit"
        " community.slack community.effort community.neglect community.measured_services community.digital community.caution community.jump"
        " community.hush"
    ).split(),
    writes=(
        "case_stage case_age grievance cohesion events offices.capacity offices.backlog offices.surge courts.capacity courts.backlog"
        " courts.discretion unions.skill unions.caseload community.mediation_chance community.office_chance community.court_chance"
        " community.mediation_wait community.office_wait community.court_wait community.mediation_pull community.mediation_skill"
        " community.court_access community.union_help community.clarity community.discretion"
    ).split(),
    counts=(
        "opened settled dropped to_mediation to_office to_court closed_mediation closed_office closed_court failed_mediation failed_office"
        " withdrawn reopened balked passed_on jumped formal_closed formal_weeks mediated_weeks"
    ).split(),
    brings="closed cases, less grievance",
    costs="reopening of coerced settlements; suits reduce trust; legal aid adds to courts' caseload; clear law leaves less room to agree",
    null={"strength": 0.0},
    plan=plan_resolution,
    live=resolution,
    records_grievance=True,
)
