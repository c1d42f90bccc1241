"""Unrest: open protest, from conflicts that were not resolved.

Claim. Protest begins with what happened to people: cases lost, given up, reopened or overdue, layoffs, fruitless or wrongful police action,
failing services, rumours. It concerns groups of very different size, spreads to people who see others protest and to neighbouring
communities, and ends by an official response, by arrests, or because people tire. People protest openly when grievance outweighs the
expected cost; the risk of arrest falls when many protest.

Equation. The probability of a trigger in a community and week is the sum of spontaneous per 1,000 residents and of weight * events of last
week, times 1 + precedent * (remembered concessions), plus spread * (protesters per resident of the rest of the sub-district). It concerns n
people per 3,000 residents, P(n > x) = (least / x)^tail, at most half of the community; each gets grievance `stir`. Every protesting tie
stirs a resident with probability `contagion` in a week. Active if G (1 - L) - R P > T + hush, with P = 1 - exp(-k floor(C / A)), not
rounded under ``arrest_ratio: smooth``, C available officers (including the station's reserve), A protesters of last week and oneself, both
counted per 3,000 residents. A tenth of a crowd counts as protesters already present; surveillance raises P; suppression (hush) keeps
dissent from being expressed. Grievance decays over `decay_weeks`, faster with voice, and by `vent` in a week of protest; who stops
protesting does not join again for `rest` weeks. An incident is ended in a week with probability `conceded` or `mediated` by the stance
protest_response, which removes most of the protesters' grievance; dispersal sends the share `cleared` home in a week, multiplies arrests
and the officers in P, and adds grievance to those who see it.

Source. Epstein 2002, doi:10.1073/pnas.092080199 (k = 2.3, T = 0.1; the floor as in the published code). Sizes: most protests are small, and
a few large ones contribute most participants: Biggs 2018, doi:10.1177/0049124116629166. Spread between places: Braha 2012,
doi:10.1371/journal.pone.0048596. Weights, contagion, response: assumptions; their level is fitted to 0.03 to 0.15 collective incidents per
1,000 residents a year.

Refuted by. Protests of much the same size (the largest tenth with less than half of all participants); collective incidents that are as
many without disputes as with them (less than a third fewer); protest that swells evenly instead of in bursts; incidents in neighbouring
communities that are independent. Tried: "sizes of protests" (test_unrest_patterns), "protest follows conflict" (test_unrest_patterns),
"unrest alone, C / A rounded down" (test_unrest_patterns), "legitimacy lost at once" (test_unrest_patterns); borders, held
(test_from_conflict_to_protest).

Brings: grievance is expressed and declines. Costs: public order, security, arrests and the legitimacy that they cost.
"""

from typing import Literal

import numpy as np

from sim.city.codes import ACTIVE, ARRESTED, CALM, JAILED
from sim.city.ties import peers_active
from sim.draws import random_key, stream, uniform, uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, power
from sim.mechanisms.base import Mechanism
from sim.spec import Option, Spec, choice, parameter

EPSTEIN = "doi:10.1073/pnas.092080199"
TRIGGERS, RESPONSES = stream("unrest.triggers"), stream("unrest.responses")
SIGHT = np.float32(3000.0)  # residents per whom officers and protesters are counted: the usual size of a community
IGNORE, MEDIATE, CONCEDE, DISPERSE = 0, 1, 2, 3
"""Codes of the stance protest_response."""
DRAW = 0  # row of `scratch`
FLOOR = 0
"""Code of the choice `arrest_ratio` under which C / A is rounded down."""


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on triggers and decay; 0 switches protest off", unit="factor", low=0.0, high=1.0)
    arrest_constant: float = parameter(
        2.3,
        "constant k of the risk of arrest; with 2.3 it is .9 at one officer for each protester",
        unit="1",
        low=0.0,
        high=10.0,
        source=EPSTEIN,
    )
    arrest_ratio: Literal["floor", "smooth"] = choice(
        "floor",
        "how officers for each protester count in the risk of arrest",
        {
            "floor": Option(
                "rounded down: where protesters outnumber officers nobody fears arrest, so that protest bursts out",
                "向下取整：抗议者多于警力时无人惧怕被拘捕，抗议因而突然爆发",
            ),
            "smooth": Option("as it is: every further protester lowers the risk a little", "按实际比值：每多一名抗议者，风险略有下降"),
        },
        source=f"{EPSTEIN} (the text has the ratio, the published code rounds it down); doi:10.1109/ICoCS.2015.7483303",
    )
    threshold: float = parameter(0.1, "net grievance at which people protest (T)", unit="share", low=0.0, high=1.0, source=EPSTEIN)
    spontaneous: float = parameter(0.0005, "triggers without a cause in the model", unit="per 1,000 residents and week", low=0.0, high=1.0)
    by_case: float = parameter(
        0.0024,
        "triggers for each case that was lost, given up or reopened",
        unit="per case",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_incidents (0.03 to 0.15)",
    )
    by_delay: float = parameter(0.0003, "triggers for each overdue case", unit="per case and week", low=0.0, high=1.0)
    by_request: float = parameter(0.00016, "triggers for each request that was not resolved", unit="per request", low=0.0, high=1.0)
    by_layoff: float = parameter(0.00004, "triggers for each loss of a job", unit="per person", low=0.0, high=1.0)
    by_police: float = parameter(
        0.0008, "triggers for each fruitless stop; ten times that for a wrongful detention", unit="per event", low=0.0, high=0.1
    )
    by_rumour: float = parameter(0.00008, "triggers for each believer of a rumour", unit="per person and week", low=0.0, high=1.0)
    by_outage: float = parameter(0.01, "triggers where all services fail", unit="per 1,000 residents and week", low=0.0, high=1.0)
    least: float = parameter(8.0, "smallest group that a trigger concerns", unit="per 3,000 residents", low=1.0, high=1000.0)
    tail: float = parameter(1.0, "exponent of the sizes of groups: the smaller, the more large ones", unit="exponent", low=0.3, high=5.0)
    spread: float = parameter(
        0.003, "triggers added where all others of the sub-district protest", unit="per resident and week", low=0.0, high=10.0
    )
    contagion: float = parameter(0.03, "probability that a protesting tie stirs a resident", unit="per week", low=0.0, high=1.0)
    stir: float = parameter(0.50, "grievance of those who are stirred", unit="share", low=0.0, high=1.0)
    decay_weeks: float = parameter(30.0, "time constant of grievance", unit="weeks", low=1.0, high=520.0)
    vent: float = parameter(0.08, "grievance removed by a week of protest", unit="share", low=0.0, high=1.0)
    rest: float = parameter(26.0, "time for which those who stopped protesting do not join again", unit="weeks", low=0.0, high=250.0)
    conceded: float = parameter(0.35, "probability that concessions end an incident", unit="per week", low=0.0, high=1.0)
    mediated: float = parameter(0.20, "probability that mediation ends an incident", unit="per week", low=0.0, high=1.0)
    calmed: float = parameter(0.8, "share of protesters' grievance removed when an incident ends so", unit="share", low=0.0, high=1.0)
    hearing: float = parameter(
        0.01, "mediators' work taken up by a protester where officials mediate", unit="cases per protester", low=0.0, high=5.0
    )
    precedent: float = parameter(0.5, "part added to triggers while a concession is remembered", unit="1", low=0.0, high=5.0)
    dispersal: float = parameter(4.0, "factor on arrests where officials disperse protests", unit="factor", low=1.0, high=20.0)
    cleared: float = parameter(0.5, "protesters whom dispersal sends home, where they rest", unit="per week", low=0.0, high=1.0)
    outrage: float = parameter(0.02, "grievance that dispersal adds to those with a protesting tie", unit="share", low=0.0, high=1.0)
    hush: float = parameter(0.10, "net grievance that suppression adds to the threshold of protest", unit="share", low=0.0, high=1.0)
    watched: float = parameter(0.30, "arrest risk added by full exposure to surveillance", unit="share", low=0.0, high=1.0)
    on_duty: float = parameter(0.28, "share of officers available at a protest", unit="share", low=0.0, high=1.0)
    reserve: float = parameter(0.02, "officers that join for every protester of last week", unit="officers", low=0.0, high=2.0)
    arrests: float = parameter(
        0.10, "probability that an available officer arrests someone in a week", unit="per officer and week", low=0.0, high=1.0
    )
    detention: float = parameter(2.0, "weeks in detention", unit="weeks", low=1.0, high=52.0)
    incident: float = parameter(
        10.0, "protesters from which a collective incident is counted, at least 2", unit="per 3,000 residents", low=1.0, high=1000.0
    )
    memory_weeks: float = parameter(13.0, "time over which incidents are remembered", unit="weeks", low=1.0, high=104.0)
    precedent_weeks: float = parameter(52.0, "time over which concessions are remembered", unit="weeks", low=1.0, high=520.0)


@kernel
def net_grievance(grievance, legitimacy, risk_aversion, arrest_risk):
    """Epstein's left-hand side: G (1 - L) - R P; protest when it exceeds T."""
    return grievance * (1.0 - legitimacy) - risk_aversion * arrest_risk


@kernel
def arrest_risk(officers, protesters, k):
    """Estimated chance of arrest: 1 - exp(-k floor(C / A)); `protesters` counts oneself."""
    return 1.0 - exp(-k * np.floor(officers / protesters))


@kernel
def fear_of_arrest(officers, protesters, p):
    """Estimated chance of arrest under the choice `arrest_ratio`."""
    if p.arrest_ratio == FLOOR:
        return arrest_risk(officers, protesters, p.arrest_constant)
    return 1.0 - exp(-p.arrest_constant * (officers / protesters))


@kernel
def plan_unrest(world, week, p):
    """Draw triggers and officials' responses; perceived incidents and precedents decay."""
    key, response = random_key(world.seed, TRIGGERS, week), random_key(world.seed, RESPONSES, week)
    for s in range(len(world.offices)):
        office = world.offices[s]
        stance = world.policies[week, world.policy_of[office.district]].protest_response
        near = np.int64(0)
        for k in range(office.first_community, office.last_community):
            near += world.communities[k].last.active
        for k in range(office.first_community, office.last_community):
            community = world.communities[k]
            others = np.float32(near - community.last.active) / np.float32(office.residents)
            _trigger(community, uniform(key, k, 0), uniform(key, k, 1), others, p)
            _respond(community, office, uniform(response, k, 0), stance, p)


@kernel
def _trigger(community, u, v, others, p):
    """A trigger of this week, and how many it concerns; memory of past incidents."""
    last = community.last
    chance = p.by_case * np.float32(last.withdrawn + last.lost + last.reopened) + p.by_delay * np.float32(last.overdue)
    chance += p.by_request * np.float32(last.requests - last.resolved) + p.by_layoff * np.float32(last.lost_work)
    chance += p.by_police * np.float32(last.fruitless + 10 * last.wrongful) + p.by_rumour * np.float32(last.believers)
    outage = 1.0 - community.shock_service if community.shock_service < 1.0 else np.float32(0.0)
    chance += (p.spontaneous + p.by_outage * outage) * np.float32(community.residents) * 0.001
    chance = p.strength * (chance * (1.0 + p.precedent * community.precedent) + p.spread * others * np.float32(community.residents))
    by_shock = (community.shock_trigger == 1) & (p.strength > 0.0)
    community.trigger = np.uint8(1) if (u < chance) | by_shock else np.uint8(0)
    people = p.least * power(v if v > 1e-6 else np.float32(1e-6), -1.0 / p.tail)
    share = people / SIGHT
    community.concerned = (share if share < 0.5 else np.float32(0.5)) if community.trigger == 1 else np.float32(0.0)
    level = community.incident_level * (1.0 - 1.0 / p.memory_weeks) + np.float32(last.incidents)
    community.incident_level = level if level > 1e-6 else np.float32(0.0)
    remembered = community.precedent * (1.0 - 1.0 / p.precedent_weeks)
    community.precedent = remembered if remembered > 1e-6 else np.float32(0.0)
    community.now.triggered += community.trigger


@kernel
def _respond(community, office, u, stance, p):
    """Response of officials to a protest of last week: concession, mediation, dispersal, or none."""
    community.calming, community.force = 0.0, 1.0
    protesters = np.float32(community.last.active)
    if (p.strength == 0.0) | (protesters < _line(community, p)):
        return
    if stance == DISPERSE:
        community.force = p.dispersal
    elif ((stance == CONCEDE) & (u < p.conceded)) | ((stance == MEDIATE) & (u < p.mediated)):
        community.calming = p.calmed
        community.now.calmed += 1
        community.precedent += 1.0 if stance == CONCEDE else 0.0
    if stance == MEDIATE:
        office.mediation_kept -= p.hearing * protesters


@kernel
def _line(community, p):
    """Protesters in a community from which an incident is counted."""
    line = p.incident * np.float32(community.residents) / SIGHT
    return line if line > 2.0 else np.float32(2.0)


@kernel
def close_unrest(world, p):
    """Count a new collective incident where protest exceeds the line."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        line = _line(community, p)
        began = (np.float32(community.now.active) >= line) & (np.float32(community.last.active) < line)
        community.now.incidents += began


@tile_kernel
def unrest(tile, community, peers, scratch, key, p):
    """Residents start or stop protesting; some protesters are arrested."""
    if p.strength == 0.0:
        return
    scale = SIGHT / np.float32(community.residents)
    before = np.float32(community.last.active) * scale
    crowd = before + community.shock_crowd * SIGHT * 0.1
    officers = p.on_duty * community.officers * scale + p.reserve * before
    stirred = community.concerned + (community.shock_crowd if community.trigger == 1 else np.float32(0.0))
    stirred = stirred if stirred < 0.5 else np.float32(0.5)
    risk = fear_of_arrest(officers * community.force, 1.0 + crowd, p)
    risk = risk + p.watched * community.exposure * (1.0 - risk)
    line = p.threshold + p.hush * community.hush
    fading = 1.0 - p.strength * (0.7 + 0.83 * community.voice) / p.decay_weeks
    caught = p.arrests * officers * community.force / (1.0 + before)
    caught = caught if caught < 0.5 else np.float32(0.5)
    outrage = p.outrage if community.force > 1.0 else np.float32(0.0)
    left, rest = 1.0 - community.calming, np.int32(p.rest)
    if (stirred > 0.0) | _protest_around(tile, peers):
        uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    else:
        scratch[DRAW, : tile.count] = np.float32(1.0)  # a draw that moves nobody
    protesting = np.int32(0)
    for i in range(tile.count):
        status = tile.status[i]
        able = (tile.age_group[i] > 0) & (status != JAILED)
        tired = np.int32(tile.tired[i])
        u = scratch[DRAW, i]
        seen = 10.0 * peers_active(peers[i])
        moved = (u < stirred + p.contagion * seen) & able & (tired == 0) & (status != ACTIVE)
        g = tile.grievance[i] * fading * (left if status == ACTIVE else np.float32(1.0))
        g = g + (p.stir if moved else np.float32(0.0)) + (outrage if (seen > 0.0) & able else np.float32(0.0))
        g = g if g < 1.0 else np.float32(1.0)
        g = g if g > 1e-6 else np.float32(0.0)
        acts = (net_grievance(g, tile.legitimacy[i], tile.risk_aversion[i], risk) > line) & able & (tired == 0)
        calmed = g - p.vent
        calmed = calmed if calmed > 0.0 else np.float32(0.0)
        rests = np.uint8(CALM) if status == ACTIVE else status
        tired = rest if (status == ACTIVE) & (not acts) else (tired - 1 if tired > 0 else tired)
        tile.tired[i] = np.uint8(tired)
        tile.grievance[i] = calmed if acts else g
        tile.status[i] = np.uint8(ACTIVE) if acts else rests
        protesting = np.int32(protesting + acts)
    if protesting > 0:
        _arrest(tile, community, key, caught, p.cleared if community.force > 1.0 else np.float32(0.0), p)


@kernel
def _protest_around(tile, peers):
    """Whether anybody in the tile has a tie that protests."""
    around = False
    for i in range(tile.count):
        around = around | (peers_active(peers[i]) > 0.0)
    return around


@kernel
def _arrest(tile, community, key, caught, sent, p):
    """Some of those who protest are detained, and under dispersal others are sent home."""
    arrested = 0
    for i in range(tile.count):
        if (tile.status[i] == ACTIVE) and (uniform(key, tile.first + i, 1) < caught):
            tile.status[i] = np.uint8(JAILED)
            tile.weeks_left[i] = np.uint8(p.detention)
            tile.events[i] |= np.uint8(ARRESTED)
            arrested += 1
        elif (tile.status[i] == ACTIVE) and (sent > 0.0) and (uniform(key, tile.first + i, 2) < sent):
            tile.status[i], tile.tired[i] = np.uint8(CALM), np.uint8(p.rest)
    community.now.arrested += arrested
    community.now.jailed += arrested


MECHANISM = Mechanism(
    name="unrest",
    names={"en": "Unrest", "zh": "集体行动"},
    stage="protest",
    parameters=Parameters,
    reads=(
        "age_group grievance legitimacy risk_aversion status tired weeks_left events peers community.officers community.voice"
        " community.shock_trigger community.shock_crowd community.shock_service community.hush community.exposure"
        " levers.protest_response offices.mediation_kept"
    ).split(),
    writes=(
        "grievance status tired weeks_left events community.trigger community.concerned community.incident_level community.precedent"
        " community.calming community.force offices.mediation_kept"
    ).split(),
    counts="triggered calmed arrested jailed incidents".split(),
    brings="grievance is expressed and declines",
    costs="public order, security, arrests and the legitimacy that they cost",
    null={"strength": 0.0},
    plan=plan_unrest,
    live=unrest,
    close=close_unrest,
)
