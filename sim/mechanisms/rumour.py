"""Rumour: rumours spread from person to person; answers stop them, suppression only hides them.

Claim. Rumours start from incidents and spread along ties. An open, quick and credible answer stops them and admits something; suppression
makes fewer people pass them on, does not change the minds of believers, and lowers the credibility of all other messages.

Equation. Maki-Thompson with an answer: an unaware resident comes to believe with probability 1 - (1 - beta)^n, n ties that pass it on (in
the kernel beta * n), or at its source; a believer hears and accepts an answer with probability answer * credibility, or forgets; a resident
who heard an answer is immune for half a year. Believers accumulate grievance. Answering takes officials' time in proportion to believers.

Source. Spreading and stifling: Daley, Kendall 1964, doi:10.1038/2041118a0; backfiring suppression: Hobbs, Roberts 2018,
doi:10.1017/S0003055418000084 (direction). Sizes: assumptions.

Refuted by. Believers who change their minds because a rumour is deleted; or open answers within a week after which as many believe it as
without. Tried: directions within the model, held (test_rumour). Not tried: against data.

Brings: (an answer) rumours end. Costs: admissions, officials' time; suppression costs credibility and hides problems.
"""

import numpy as np

from sim.city.codes import ANSWERED, BELIEVES, UNAWARE
from sim.city.ties import peers_believing
from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on spreading, answering and forgetting", unit="factor", low=0.0, high=1.0)
    beta: float = parameter(0.03, "probability to believe a rumour from one tie that passes it on", unit="per week", low=0.0, high=1.0)
    forget: float = parameter(0.10, "probability to forget a rumour", unit="per week", low=0.0, high=1.0)
    immune: float = parameter(0.04, "probability to forget an answer", unit="per week", low=0.0, high=1.0)
    open: float = parameter(0.60, "probability to hear an open, immediate answer", unit="per week", low=0.0, high=1.0)
    reply: float = parameter(0.35, "probability to hear an ordinary answer", unit="per week", low=0.0, high=1.0)
    late: float = parameter(0.08, "probability to hear an answer where government waits", unit="per week", low=0.0, high=1.0)
    hush: float = parameter(0.70, "people kept from passing it on by suppression", unit="share", low=0.0, high=1.0)
    source: float = parameter(0.01, "share of residents among whom a local event starts a rumour", unit="share", low=0.0, high=1.0)
    grievance: float = parameter(0.004, "grievance that a believer accumulates", unit="per week", low=0.0, high=0.2)
    time: float = parameter(0.25, "officials' time that answering takes where everybody believes", unit="share", low=0.0, high=1.0)


OPEN, ANSWER, WAIT, SUPPRESS = 0, 1, 2, 3
DRAW = 0  # row of `scratch`


@kernel
def plan_rumour(world, week, p):
    """Government's response to rumours: answers, candour and suppression."""
    for d in range(len(world.districts)):
        district, believers = world.districts[d], np.int64(0)
        stance = world.policies[week, world.policy_of[d]].information_stance
        answer = p.open if stance == OPEN else (p.reply if stance == ANSWER else (p.late if stance == WAIT else np.float32(0.0)))
        candour = np.float32(1.0) if stance == OPEN else (np.float32(0.4) if stance == ANSWER else np.float32(0.0))
        hush = p.hush if stance == SUPPRESS else np.float32(0.0)
        for k in range(district.first_community, district.last_community):
            believers += world.communities[k].last.believers
        district.answering = p.strength * p.time * answer * np.float32(believers) / (np.float32(district.adults) + 1e-6)
        for k in range(district.first_community, district.last_community):
            community = world.communities[k]
            community.answer, community.candour, community.hush = p.strength * answer, candour, p.strength * hush


@tile_kernel
def rumour(tile, community, peers, scratch, key, p):
    """Residents hear a rumour, believe it, accept an answer, or forget."""
    begins = p.strength * (community.shock_rumour + (p.source if community.trigger == 1 else np.float32(0.0)))
    if (begins == 0.0) & _quiet(tile, peers):
        return
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    beta, forget, immune = p.strength * p.beta, p.strength * p.forget, p.strength * p.immune
    sour = p.strength * p.grievance
    heard, answered = np.int32(0), np.int32(0)
    for i in range(tile.count):
        state, grievance = tile.rumour[i], tile.grievance[i]
        u = scratch[DRAW, i]
        convinced = tile.credibility[i] * community.answer
        hears = (state == UNAWARE) & (u < begins + beta * np.float32(peers_believing(peers[i])))
        accepts = (state == BELIEVES) & (u < convinced)
        forgets = ((state == BELIEVES) & (u >= convinced) & (u < convinced + forget)) | ((state == ANSWERED) & (u < immune))
        after = np.uint8(BELIEVES) if hears else (np.uint8(ANSWERED) if accepts else (np.uint8(UNAWARE) if forgets else state))
        more = grievance + (sour if after == BELIEVES else np.float32(0.0))
        tile.rumour[i] = after
        tile.grievance[i] = more if more < 1.0 else np.float32(1.0)
        heard, answered = np.int32(heard + hears), np.int32(answered + accepts)
    community.now.heard_rumour += heard
    community.now.heard_answer += answered


@kernel
def _quiet(tile, peers):
    """Whether nobody in the tile knows of a rumour or has a tie that passes one on."""
    known = False
    for i in range(tile.count):
        known = known | (tile.rumour[i] != UNAWARE) | (peers_believing(peers[i]) > 0)
    return not known


MECHANISM = Mechanism(
    name="rumour",
    names={"en": "Rumour", "zh": "谣言传播"},
    stage="teach",
    parameters=Parameters,
    reads=("peers credibility rumour grievance levers.information_stance community.shock_rumour community.trigger").split(),
    writes=("rumour grievance districts.answering community.answer community.candour community.hush").split(),
    counts=("heard_rumour", "heard_answer"),
    brings="(an answer) rumours end",
    costs="admissions, officials' time; suppression costs credibility and hides problems",
    null={"strength": 0.0},
    plan=plan_rumour,
    live=rumour,
    records_grievance=True,
)
