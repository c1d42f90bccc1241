"""Disputes: conflicts among neighbours, at work and over services arise.

Claim. Disputes arise from hardship, low trust and poor services, more often where many cases are open already, and again and again to
those who are prone to them. A loss of work is itself a dispute with the employer for some.

Equation. Weekly hazard = rate / 52 * proneness * exp(hardship (strain - .41) - cohesion (c - .57) - service (P - .62) - norm (m - .64) +
crowding (burden - 1)) * (1 + contagion * tanh(open cases / usual - 1)), plus `dismissed` in the week in which work is lost: such a case is
about work. Another case is about work (a share `work` at working age), services (a share `services`, more where they are poor) or
neighbours. A person has at most one case at a time; children have none.

Source. Level: legal-needs surveys, 49 % of persons within two years (World Justice Project 2019), which is 29 % a year if years are
independent; 17 % in another survey (second hand). Proneness: of 6,665 Canadians 44.6 % met 8,873 problems in three years (Currie 2009), a
negative binomial count with a squared coefficient of variation of 2.46; here log-normal, lasting, with mean 1. Of the dismissed a minority
contests it: Eurofound 2003 on Bielenski et al. (survey of 2,407 whose employment ended in Germany; share: assumption). Other coefficients:
assumptions. Contagion is bounded, because unbounded forms diverge.

Refuted by. No more disputes for each resident in the poorest tenth of communities than in the richest; or as many new ones where few
cases are open as where many are, at equal hardship. Tried: the level, "`rate_disputes`" (test_baseline_rates); how disputes pile up on few
(test_pattern_disputes). Not tried: the gradient and contagion against data.

Brings: nothing by itself; it is the caseload of dispute resolution. Costs: grievance when cases wait or fail.
"""

from typing import Literal

import numpy as np

from sim.city.codes import JAILED, LAST_WORKING, NEGOTIATION, NEIGHBOURS, NONE, SERVICES, WORK
from sim.draws import uniform, uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, exp_bound, positions, tanh
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, Option, Spec, choice, parameter


class Parameters(Spec):
    rate: float = parameter(
        0.270,
        "disputes per adult where hardship, trust, services and norms are usual",
        unit="per year",
        low=0.0,
        high=5.0,
        source="World Justice Project 2019, Global insights on access to justice; fitted to rate_disputes (150 to 290)",
    )
    hardship: float = parameter(1.2, "effect of hardship", unit="log hazard", low=0.0, high=5.0)
    cohesion: float = parameter(1.5, "effect of cohesion against disputes", unit="log hazard", low=0.0, high=5.0)
    service: float = parameter(1.0, "effect of perceived service against disputes", unit="log hazard", low=0.0, high=5.0)
    norm: float = parameter(0.5, "effect of the civic norm against disputes", unit="log hazard", low=0.0, high=5.0)
    crowding: float = parameter(0.15, "effect of congestion above the usual", unit="log hazard", low=0.0, high=2.0)
    work: float = parameter(0.30, "cases about work, of those of people of working age", unit="share", low=0.0, high=1.0)
    dismissed: float = parameter(
        0.10,
        "probability that a loss of work becomes a dispute with the employer",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; most losses of work do not: Eurofound 2003 on Bielenski et al.",
    )
    services: float = parameter(0.25, "cases about services at usual service", unit="share", low=0.0, high=0.6)
    contagion: float = parameter(0.25, "largest relative change of the hazard by open cases nearby", unit="1", low=0.0, high=1.0)
    spread: Literal["contagious", "independent"] = choice(
        "contagious",
        "whether open cases nearby bring about further ones",
        {
            "contagious": Option("people dispute more where others around them do", "周围人有纠纷时，人们更容易发生纠纷"),
            "independent": Option(
                "cases pile up because the same people and places are prone to them, not because one leads to another",
                "纠纷集中是因为某些人与地方更易发生纠纷，而非一起引发另一起",
                {"contagion": 0.0},
            ),
        },
        source="Felstiner, Abel, Sarat 1981, Law & Society Review 15:631 (contagious); Legal Australia-Wide Survey 2012 (independent)",
    )
    usual_open: float = parameter(0.0135, "open cases per resident in a usual week", unit="share", low=0.001, high=0.5, prior=ANCHOR)


PUSH, DRAW, CHOSEN, WHO = 0, 1, 2, 3  # rows of `scratch`


@tile_kernel
def disputes(tile, community, scratch, key, p):
    """Draw new cases; they begin in negotiation."""
    first = tile.first
    last = community.last
    waiting = np.float32(last.open_negotiation + last.open_mediation + last.open_office + last.open_court)
    nearby = 1.0 + p.contagion * tanh(waiting / (np.float32(community.residents) * p.usual_open) - 1.0)
    rate = p.rate / 52.0 * nearby * exp(p.crowding * (community.burden - 1.0))
    chosen, who = scratch[CHOSEN].view(np.uint32), scratch[WHO].view(np.uint32)
    uniforms(scratch[DRAW], key, first, tile.count, 0)
    for i in range(tile.count):
        push = p.hardship * (tile.strain[i] - 0.41) - p.cohesion * (tile.cohesion[i] - 0.57)
        push = push - p.service * (tile.service[i] - 0.62) - p.norm * (tile.norm[i] - 0.64)
        able = (tile.case_stage[i] == NONE) & (tile.age_group[i] > 0) & (tile.status[i] != JAILED)
        most = rate * tile.proneness[i] * exp_bound(push) + _lost(tile, i, p)
        scratch[PUSH, i] = push
        chosen[i] = np.uint32(able & (scratch[DRAW, i] < most))
    for j in range(positions(chosen, tile.count, who)):
        i = who[j]
        if scratch[DRAW, i] < rate * tile.proneness[i] * exp(scratch[PUSH, i]) + _lost(tile, i, p):
            _begin(tile, i, uniform(key, first + i, 1), p)
            community.now.opened += 1


@kernel
def _lost(tile, i, p):
    """Probability of a case about the loss of work, in the week in which resident `i` lost it."""
    return p.dismissed if (tile.jobless[i] == 1) & (p.rate > 0.0) else np.float32(0.0)


@kernel
def _begin(tile, i, draw, p):
    """Open a case of resident `i`: with neighbours, about services or about work."""
    about = np.uint8(SERVICES) if draw < p.services * (1.62 - tile.service[i]) else np.uint8(NEIGHBOURS)
    fired = (tile.jobless[i] == 1) & (p.dismissed > 0.0)
    about = np.uint8(WORK) if (tile.age_group[i] <= LAST_WORKING) & ((draw > 1.0 - p.work) | fired) else about
    tile.case_stage[i] = np.uint8(NEGOTIATION)
    tile.case_age[i] = np.uint8(0)
    tile.case_kind[i] = about


MECHANISM = Mechanism(
    name="disputes",
    names={"en": "Disputes", "zh": "纠纷发生"},
    stage="dispute",
    parameters=Parameters,
    reads=("age_group", "proneness", "strain", "jobless", "cohesion", "service", "norm", "status", "case_stage", "community.burden"),
    writes=("case_stage", "case_age", "case_kind"),
    counts=("opened",),
    brings="nothing by itself: it is the caseload of dispute resolution",
    costs="grievance when cases wait or fail",
    null={"rate": 0.0},
    live=disputes,
)
