"""Resolution: the ladder of negotiation, mediation, office and court.

Claim. The parties settle most disputes themselves. In the others they choose mediation, the sub-district office or the court; each has a
staff and a queue, people avoid long queues (three in ten of these give up), failed cases move up the ladder, and waiting or losing
leaves grievance. Unions help to settle conflicts at work, mediation those among neighbours, offices those about services; offices answer
cases or pass them on.

Equation. In a week of negotiation the share `settle` is settled, `drop` dropped, and `escalate` routed in proportion to what each channel
offers times exp(-wait / patience). Staff can hear C cases in a week, a fraction where the area is small; work that is not used is kept
for later weeks, up to `kept_weeks` of work, one case or all that wait, and beyond it staff are idle; what is heard in advance is made up
for. A case in a queue B is heard with probability min(1, (C + kept) / B); a hand-off of d weeks makes that probability / (1 + probability
d). The mediators of a sub-district serve all its communities; in idle time they seek out disputes, which makes mediation more likely by 1
+ outreach * (idle share), and take the share referred * (idle share) of those who come to sue at the door of the court: who does not
agree there sues. A court hears nobody before `procedure` weeks are over, on average. Unions help in the share of disputes at work for
which their staff suffices, legal aid serves the share of weak parties for whom its lawyers suffice. Rules are revised at the rate (work /
stock) and become outdated at the rate `outdated`: d clarity = (work / stock) (1 - clarity) - outdated * clarity. Offices surge by up to
20 % when queues grow, and lose the time that audits, visits and answers take. Mediation and office succeed with a given probability, the
office's times the fit of government work, at most .95; failed cases move up; some of the office's are not answered and keep waiting. A
weak party wins in court with the probability court_win - bias * (1 - clarity) + aided * (share served by legal aid), others with
court_win. Waiting cases are withdrawn, with grievance, fewer with legal aid: times 1 - persistence * (share served); some are settled out
of turn when officials visit. A resident who sues a neighbour loses the share `scar` of cohesion.

Source. Legal-needs surveys (shares of channels); mediation success 65 to 95 % reported; 10.6 formal mediations per 1,000 residents a year
in China 2022; 9.3 suits. Legal aid: Greiner, Pattanayak, Hennessy 2013, Harvard Law Review 126:901 (trial: a third kept their home
without a lawyer, two thirds with one; a second trial, where the others had a lawyer for the day, found no difference). At the door of the
court: 16,328 cases in Yangzhou in 2012. Cases per mediator and judge: the city's table of staff and costs. Probabilities: assumptions
calibrated to these. Queue: textbook form.

Refuted by. More disputes that go to mediation, office or court than end between the parties (29 % of those with a legal problem sought
any advice); queues that outgrow capacity without turning anybody away; or more mediators with no fewer cases given up. Tried: "queue of
an office against its own equation" (test_queues); fewer cases given up, held (test_from_conflict_to_protest); fewer suits with more
mediators (test_pattern_disputes).

Brings: closed cases, less grievance, legitimacy; with legal aid, fewer withdrawals. Costs: coerced settlements are reopened; suits reduce
trust among neighbours; legal aid increases the courts' caseload; clear law leaves less room for agreement.
"""

from typing import Literal

import numpy as np

from sim.city.codes import CASE_HEARD, CASE_LOST, CASE_WON, COURT, MEDIATION, NEGOTIATION, NEIGHBOURS, NONE, OFFICE, SERVICES, WORK
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import clip, exp, unit
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, FORM, Option, Spec, choice, parameter

MEDIATING = instrument("self_governance.mediation")
UNION = instrument("self_governance.workplace")
COURTS = instrument("rule_of_law.courts")
LEGAL_AID = instrument("rule_of_law.legal_aid")
LEGISLATION = instrument("rule_of_law.legislation")
FIRST_SERVICE = instrument("public_services.education")
LAST_SERVICE = FIRST_SERVICE + 5


class Parameters(Spec):
    strength: float = parameter(
        1.0, "factor on the probability that a case advances in a week; 0 freezes all cases", unit="factor", low=0.0, high=1.0
    )
    settle: float = parameter(
        0.306, "cases settled by the parties in a week of negotiation where no rule is clear", unit="per week", low=0.0, high=1.0
    )
    drop: float = parameter(0.16, "cases dropped in a week of negotiation", unit="per week", low=0.0, high=1.0)
    escalate: float = parameter(
        0.34, "cases taken to mediation, office or court in a week of negotiation", unit="per week", low=0.0, high=1.0
    )
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
        0.0762, "weight of the court among the channels", unit="1", low=0.0, high=1.0, source="assumption; fitted to rate_suits (7 to 12)"
    )
    patience: float = parameter(6.0, "wait that lowers a channel's weight by a factor e", unit="weeks", low=0.5, high=104.0)
    office_cases: float = parameter(
        29.1, "cases of residents that a member of staff of public services handles", unit="per year", low=0.0, high=1000.0
    )
    procedure: float = parameter(
        4.0,
        "time that filing, service, answer and notice take before a court can hear a case",
        unit="weeks",
        low=0.0,
        high=26.0,
        source="time limits of China's Civil Procedure Law: filing 7 days, service 5, answer 15, notice 3",
    )
    referred: float = parameter(
        0.44,
        "suits that a mediator hears first at the door of the court where mediators are idle",
        unit="share",
        low=0.0,
        high=1.0,
        source="Yangzhou 2012: 16,328 cases heard before filing, 8,270 settled, which is 28.34 % of the civil cases then filed",
    )
    kept_weeks: float = parameter(4.0, "work that staff can do later or in advance", unit="weeks", low=0.0, high=26.0)
    outreach: float = parameter(
        0.5, "part added to the demand for mediation where mediators spend all their time seeking out disputes", unit="1", low=0.0, high=5.0
    )
    reach: float = parameter(
        0.43, "access to courts of parties without a lawyer, relative to those with one", unit="share", low=0.0, high=1.0
    )
    aid_needed: float = parameter(0.3, "suits in which a party needs legal aid", unit="share", low=0.01, high=1.0)
    at_work: float = parameter(0.22, "disputes that are about work", unit="share", low=0.01, high=1.0)
    stock: float = parameter(0.3575, "local rules that must be kept up to date", unit="per 1,000 residents", low=0.01, high=10.0)
    outdated: float = parameter(0.1, "share of rules that become outdated in a year", unit="share per year", low=0.0, high=1.0)
    mediation_success: float = parameter(
        0.75,
        "probability that a mediation ends in agreement",
        unit="share",
        low=0.0,
        high=1.0,
        source="65 to 95 % reported",
        prior=(0.65, 0.95),
    )
    rigidity: float = parameter(
        0.16, "agreements lost where rules are all clear, so that the law decides; offices lose as much", unit="share", low=0.0, high=0.5
    )
    office_success: float = parameter(0.783, "probability that the office settles a case", unit="share", low=0.0, high=1.0)
    court_win: float = parameter(0.55, "probability that the court decides for the person", unit="share", low=0.0, high=1.0)
    climb_mediation: float = parameter(
        0.5, "failed mediations that go on to court (the rest are given up)", unit="share", low=0.0, high=1.0
    )
    climb_office: float = parameter(
        0.22, "failed office cases that go on to court; a fifth as many again go to mediation", unit="share", low=0.0, high=0.5
    )
    withdraw: float = parameter(0.028, "waiting cases withdrawn by parties without legal aid", unit="per week", low=0.0, high=0.5)
    comes_back: float = parameter(
        0.067, "mediated settlements that are reopened where mediators do not seek out disputes", unit="share", low=0.0, high=0.5
    )
    surge: float = parameter(0.20, "largest extra effort of an office under pressure", unit="share", low=0.0, high=1.0)
    usual_fit: float = parameter(
        0.95, "fit of government work at which offices succeed as stated", unit="share", low=0.1, high=1.0, prior=ANCHOR
    )
    tuned: float = parameter(
        0.79,
        "share of officials' time left for cases at which offices handle as many as stated",
        unit="share",
        low=0.1,
        high=1.0,
        prior=ANCHOR,
    )
    online: float = parameter(
        0.10, "share of cases that offices can handle in addition where services are fully online", unit="share", low=0.0, high=1.0
    )
    pass_on: float = parameter(
        0.10, "failed cases passed on instead of answered; four times that more per unit of caution", unit="share", low=0.0, high=0.5
    )
    bias: float = parameter(0.24, "court cases that weak parties lose where no rule is clear", unit="share", low=0.0, high=0.5)
    persistence: float = parameter(0.571, "share of withdrawals prevented by legal aid that serves all", unit="share", low=0.0, high=1.0)
    aided: float = parameter(
        0.33,
        "court cases that weak parties win where legal aid serves all",
        unit="share",
        low=0.0,
        high=0.5,
        source="Greiner, Pattanayak, Hennessy 2013, Harvard Law Review 126:901: tenants who kept their home, two thirds against one third",
    )
    scar: float = parameter(0.08, "trust in neighbours lost by a suit against one that a court decided", unit="share", low=0.0, high=1.0)
    silenced: float = parameter(0.30, "cases that do not reach an office where all talk is suppressed", unit="share", low=0.0, high=1.0)
    waiting_hurts: float = parameter(0.008, "grievance added by a week of waiting", unit="share", low=0.0, high=0.2)
    failing_hurts: float = parameter(0.12, "grievance added by a lost or abandoned case", unit="share", low=0.0, high=1.0)
    settling_heals: float = parameter(0.5, "share of grievance removed by a settled case", unit="share", low=0.0, high=1.0)
    shadow: float = parameter(
        0.0,
        "agreements in mediation that clear rules add: above 0 law backs mediation, below 0 it replaces it",
        unit="share",
        low=-0.5,
        high=0.5,
        source="no published size: a choice between plausible worlds",
        prior=FORM,
    )
    law: Literal["independent", "replaces", "backs"] = choice(
        "independent",
        "what clear rules do to agreements in mediation",
        {
            "independent": Option("nothing, but for rigidity", "除使调解僵化外没有影响"),
            "replaces": Option(
                "parties who know what a court would say insist on it", "当事人知道法院会怎么判，便坚持己见", {"shadow": -0.3}
            ),
            "backs": Option(
                "parties who know what a court would say have less to quarrel over", "当事人知道法院会怎么判，争议便更少", {"shadow": 0.3}
            ),
        },
        source="Cooter, Marks, Mnookin 1982, Journal of Legal Studies 11:225 (backs); sizes: assumptions",
    )
    norm_settles: float = parameter(0.8, "effect of the civic norm on settling", unit="log hazard", low=0.0, high=5.0)
    law_settles: float = parameter(
        0.353, "part added to settling between the parties where all rules are clear", unit="1", low=0.0, high=2.0
    )
    alone: float = parameter(0.65, "factor on settling conflicts at work without a union", unit="factor", low=0.0, high=1.0)
    union_settles: float = parameter(0.70, "part added to this factor where a union helps", unit="factor", low=0.0, high=2.0)
    close_by: float = parameter(1.3, "factor on mediation for conflicts among neighbours and at work", unit="factor", low=0.0, high=3.0)
    far_off: float = parameter(0.2, "factor on mediation for conflicts over services", unit="factor", low=0.0, high=3.0)


@kernel
def plan_resolution(world, week, p):
    """Share of waiting cases that offices, courts, committees and unions hear this week, and expected waits."""
    for d in range(len(world.courts)):
        _district(world, world.districts[d], world.courts[d], p)
    for s in range(len(world.offices)):
        _office(world, s, p)
    for d in range(len(world.districts)):
        district, people = world.districts[d], np.float32(world.districts[d].residents)
        district.used[MEDIATING] /= people
        district.used[UNION] /= people
    for k in range(len(world.communities)):
        _ways_open(world, world.communities[k], world.committees[k], p)


@kernel
def _district(world, district, court, p):
    """Cases that the court can decide, rules that are clear, and demand for legal aid in one district."""
    people = np.float32(district.residents)
    backlog, filed, decided = np.int64(0), np.int64(0), np.int64(0)
    for k in range(district.first_community, district.last_community):
        last = world.communities[k].last
        backlog += last.open_court
        filed += last.to_court
        decided += last.closed_court
    idle, court.kept = _kept(court.kept, court.capacity, decided, backlog, p)
    district.used[COURTS] = 1.0 - idle
    court.capacity, court.backlog = people * district.work[COURTS] / 52.0, backlog
    revised = 1000.0 * district.work[LEGISLATION] / p.stock * (1.0 - district.rules)
    rules = district.rules + p.strength * (revised - p.outdated * district.rules) / 52.0
    district.rules = rules if rules < 1.0 else np.float32(1.0)  # more work than there is to revise in a week
    district.aid_sought += (p.aid_needed * np.float32(filed) - district.aid_sought) / 26.0
    district.used[LEGAL_AID] = unit(district.aid_sought / (people * district.work[LEGAL_AID] / 52.0 + 1e-9))
    district.used[MEDIATING], district.used[UNION] = 0.0, 0.0


@kernel
def _kept(kept, capacity, heard, waiting, p):
    """Idle share of last week's capacity, and work kept for later weeks (negative where done in advance, which has to be made up for)."""
    left = kept + capacity - np.float32(heard)
    most = max(p.kept_weeks * capacity, max(np.float32(1.0), np.float32(waiting)))  # nobody is idle while cases wait
    idle = (left - most) / capacity if (left > most) & (capacity > 0.0) else np.float32(0.0)
    return unit(idle), (left if left < most else most)


@kernel
def _office(world, s, p):
    """Backlogs and capacities of one sub-district: its office, which surges when the backlog grows, its mediators, and its union."""
    office, union = world.offices[s], world.unions[s]
    district = world.districts[office.district]
    here, people = world.communities[office.first_community], np.float32(office.residents)
    backlog, talks, opened, waiting = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    handled, mediated, helped = np.int64(0), np.int64(0), np.float32(0.0)
    for k in range(office.first_community, office.last_community):
        last = world.communities[k].last
        backlog += last.open_office
        talks += last.open_negotiation
        opened += last.opened
        waiting += last.open_mediation
        handled += last.closed_office + last.failed_office - last.jumped
        mediated += last.closed_mediation + last.failed_mediation
        helped += np.float32(world.communities[k].residents) * _helped(world.communities[k], world.committees[k])
    _idle, office.kept = _kept(office.kept, office.capacity, handled, backlog, p)
    idle, office.mediation_kept = _kept(office.mediation_kept, office.mediation, mediated, waiting, p)
    office.seeking += p.strength * (idle - office.seeking) / 13.0
    office.mediation, office.mediation_backlog = helped * district.work[MEDIATING] / 52.0, waiting
    office.backlog = backlog
    staff = np.float32(0.0)
    for service in range(FIRST_SERVICE, LAST_SERVICE):
        staff += district.staff[service] / 10_000.0
    usual = people * staff * p.office_cases / 52.0 * (1.0 - world.city[0].upheaval)
    pressed = unit(np.float32(backlog) / (usual + 1e-6) / 4.0 - 0.5)
    office.surge = unit(p.surge * pressed * here.slack)
    time = (1.0 - district.caution) * (1.0 - district.diverted) * (1.0 - district.answering) / p.tuned
    driven = 1.0 + (here.effort if here.measured_services < 0.5 else -here.neglect) + p.online * (here.digital - 0.4)
    office.capacity = usual * time * driven * (1.0 + office.surge)
    offered = people * district.work[UNION] / 52.0
    union.caseload = talks
    union.sought += (p.at_work * np.float32(opened) - union.sought) / 26.0
    union.coverage = unit(offered / (union.sought + 1e-6))
    district.used[MEDIATING] += people * (1.0 - idle)
    district.used[UNION] += people * unit(union.sought / (offered + 1e-9))


@kernel
def _helped(community, committee):
    """Factor by which a committee's volunteers and their practice change the cases that mediators can hear."""
    hours = clip(1.0 / community.hours_load, np.float32(0.5), np.float32(1.25))
    return committee.skill * (0.8 + 2.4 * committee.duty[0]) * hours


@kernel
def _chance(capacity, kept, backlog, delay):
    """Probability that a waiting case is heard this week, and expected wait of a new case (weeks)."""
    waiting = np.float32(backlog)
    chance = unit((capacity + kept) / waiting) if backlog > 0 else np.float32(1.0)
    wait = delay + (waiting / (capacity + 1e-6) if backlog > 0 else np.float32(0.0))
    return chance / (1.0 + chance * delay), (wait if wait < 200.0 else np.float32(200.0))


@kernel
def _ways_open(world, community, committee, p):
    """Chances, waits and attractiveness of all channels for one community."""
    district = world.districts[community.district]
    office, court = world.offices[community.subdistrict], world.courts[community.district]
    mediation = _chance(office.mediation, office.mediation_kept, office.mediation_backlog, np.float32(0.0))
    community.mediation_chance, community.mediation_wait = mediation
    community.office_chance, community.office_wait = _chance(office.capacity, office.kept, office.backlog, community.delay)
    community.court_chance, community.court_wait = _chance(court.capacity, court.kept, court.backlog, p.procedure + 2.0 * community.delay)
    available = 1.0 if office.mediation > 0.0 else 0.0
    community.mediation_pull = available * (1.0 + p.outreach * office.seeking)
    community.mediation_room = available * office.seeking
    community.mediation_skill = committee.skill
    lawyers = np.float32(district.residents) * district.work[LEGAL_AID] / 52.0
    community.aid_coverage = unit(lawyers / (district.aid_sought + 1e-9))
    community.union_help = world.unions[community.subdistrict].coverage
    community.clarity = district.rules


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
    law = 1.0 + p.law_settles * community.clarity
    union = p.alone + p.union_settles * community.union_help if tile.case_kind[i] == WORK else np.float32(1.0)
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
    """Factor on withdrawal: lower with legal aid."""
    return 1.0 - p.persistence * community.aid_coverage


@kernel
def _access(community, p):
    """Access to courts: full for those whom legal aid serves."""
    return p.reach + (1.0 - p.reach) * community.aid_coverage


@kernel
def _route(tile, i, community, key, me, p):
    """Choose mediation, office or court by what each offers and its wait; some parties withdraw."""
    now = community.now
    suited = p.far_off if tile.case_kind[i] == SERVICES else p.close_by
    mediation = p.way_mediation * suited * community.mediation_pull * exp(-community.mediation_wait / p.patience)
    office = p.way_office * (1.0 - p.silenced * community.hush) * exp(-community.office_wait / p.patience)
    court = p.way_court * _access(community, p) * exp(-community.court_wait / (4.0 * p.patience))
    nowhere = 1.0 - p.way_mediation - p.way_office - p.way_court
    balk = (p.way_mediation * suited * community.mediation_pull - mediation) * 0.42 + (p.way_office - office) * 0.42
    nowhere = ((nowhere if nowhere > 0.0 else np.float32(0.0)) + balk) * _gives_up(community, p)
    u = uniform(key, me, 1) * (mediation + office + court + nowhere)
    if u < mediation:
        tile.case_stage[i] = np.uint8(MEDIATION)
        now.to_mediation += 1
    elif u < mediation + office:
        tile.case_stage[i] = np.uint8(OFFICE)
        now.to_office += 1
    elif u < mediation + office + court:
        _sue(tile, i, community, key, me, p)
    else:
        now.balked += 1
        now.withdrawn += 1
        _close(tile, i, community, False, p)


@kernel
def _sue(tile, i, community, key, me, p):
    """Go to court; where mediators are idle, one of them may hear the case at its door, and those who do not agree sue."""
    now = community.now
    if uniform(key, me, 5) < p.referred * community.mediation_room:
        now.to_mediation += 1
        tile.events[i] |= np.uint8(CASE_HEARD)
        if uniform(key, me, 6) < _agreement(community, p):
            _agreed(tile, i, community, np.int64(tile.case_age[i]), p)
            return
        now.failed_mediation += 1
    now.to_court += 1
    tile.case_stage[i] = np.uint8(COURT)


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
        _answered(tile, i, community, age, v, key, me, p)
    else:
        now.closed_court += 1
        now.formal_closed += 1
        now.formal_weeks += age
        weak = (tile.local[i] == 0) | (tile.strain[i] > 0.5)
        tile.events[i] |= np.uint8(CASE_HEARD) if uniform(key, me, 4) < _access(community, p) else np.uint8(0)
        wins = p.court_win + (p.aided * community.aid_coverage - p.bias * (1.0 - community.clarity) if weak else np.float32(0.0))
        now.lost += v >= wins
        _close(tile, i, community, v < wins, p)
        if tile.case_kind[i] == NEIGHBOURS:
            tile.cohesion[i] *= 1.0 - p.scar


@kernel
def _agreement(community, p):
    """Probability that a mediation ends in agreement."""
    success = p.mediation_success * (0.5 + 0.5 * community.mediation_skill) * (1.0 - p.rigidity * community.clarity)
    return success * (1.0 + p.shadow * (community.clarity - 0.5))


@kernel
def _agreed(tile, i, community, age, p):
    """The parties agree before a mediator, and the case of resident `i` is closed."""
    now = community.now
    now.mediated_weeks += age
    now.closed_mediation += 1
    now.formal_closed += 1
    now.formal_weeks += age
    _close(tile, i, community, True, p)


@kernel
def _mediated(tile, i, community, age, v, w, p):
    """A mediation: agreement (which may be reopened), court, or withdrawal."""
    now = community.now
    tile.events[i] |= np.uint8(CASE_HEARD)
    if v < _agreement(community, p):
        if w >= p.comes_back * community.mediation_pull:  # the more mediation is pushed, the more settlements are coerced
            _agreed(tile, i, community, age, p)
            return
        now.reopened += 1
        now.opened += 1
        now.mediated_weeks += age
        now.closed_mediation += 1
        now.formal_closed += 1
        now.formal_weeks += age
        tile.case_stage[i] = np.uint8(NEGOTIATION)
        tile.case_age[i] = np.uint8(1)  # a reopened case keeps its kind
        tile.grievance[i] = unit(tile.grievance[i] + 0.5 * p.failing_hurts)
        return
    now.mediated_weeks += age
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
def _answered(tile, i, community, age, v, key, me, p):
    """A case heard by the office: settled, passed on, moved to mediation or court, or withdrawn."""
    now = community.now
    success = p.office_success * community.fit / p.usual_fit * (1.0 - p.rigidity * community.clarity)
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
        _sue(tile, i, community, key, me, p)
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
        "local strain norm cohesion case_stage case_age case_kind grievance events districts.work.self_governance.mediation"
        " districts.work.self_governance.workplace districts.work.rule_of_law.courts districts.work.rule_of_law.legal_aid"
        " districts.work.rule_of_law.legislation districts.staff.public_services city.upheaval districts.caution districts.diverted"
        " districts.answering committees.duty committees.skill community.residents community.hours_load community.delay community.fit"
        " community.slack community.effort community.neglect community.measured_services community.digital community.caution community.jump"
        " community.hush"
    ).split(),
    writes=(
        "case_stage case_age grievance cohesion events offices.capacity offices.backlog offices.surge offices.kept offices.mediation"
        " offices.mediation_backlog offices.mediation_kept offices.seeking courts.capacity courts.backlog courts.kept unions.coverage"
        " unions.sought unions.caseload districts.rules districts.aid_sought districts.used community.mediation_chance"
        " community.office_chance community.court_chance community.mediation_wait community.office_wait community.court_wait"
        " community.mediation_pull community.mediation_skill community.aid_coverage community.union_help community.clarity"
        " community.mediation_room"
    ).split(),
    counts=(
        "opened settled dropped to_mediation to_office to_court closed_mediation closed_office closed_court failed_mediation failed_office"
        " withdrawn reopened balked passed_on jumped formal_closed formal_weeks mediated_weeks lost"
    ).split(),
    brings="closed cases, less grievance",
    costs="reopening of coerced settlements; suits reduce trust; legal aid adds to courts' caseload; clear law leaves less room to agree",
    null={"strength": 0.0},
    plan=plan_resolution,
    live=resolution,
    records_grievance=True,
)
