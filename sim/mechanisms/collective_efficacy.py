"""Collective efficacy: trust among neighbours and the willingness to intervene reduce offences.

Claim. Where neighbours trust each other and are willing to intervene, there are fewer offences at the same hardship. Trust grows slowly
with shared work and declines with offences; newcomers and poor residents have less of it. Control does not end at a border: a
community is safer beside one that looks after itself.

Equation. Cohesion moves, with time constant `weeks`, to base + volunteering * (share of volunteers among ties / usual), at most .2, + aid *
(mutual aid) - offences * (offence level, at most 4) - hardship * (H - .41) - newcomer (non-local) - moved * needs for housing that are met
- litigation * (suits / usual, at most 6) - estates * (share of commodity estates - .4) + bonds * (lasting bonds of the community, a
standard normal) + disposition * (the resident's own) - origin * (share of newcomers - .4) for local residents. A community's own control is
its mean cohesion / `reference` * willingness to intervene; its collective efficacy moves within a month to (1 - spill) * own + spill * mean
own of the communities that it borders on. (A resident who sues a neighbour loses some cohesion at once, see resolution.)

Source. Sampson, Raudenbush, Earls 1997, doi:10.1126/science.277.5328.918 (form). Across borders: in 342 neighbourhoods of Chicago
"proximity to areas high in closure, exchange, and control bestows an advantage above and beyond the structural characteristics of a given
neighborhood", Sampson, Morenoff, Earls 1999, doi:10.2307/2657367 (abstract); homicide there follows that nearby, with own collective
efficacy held equal, Morenoff, Sampson, Raudenbush 2001, doi:10.1111/j.1745-9125.2001.tb00932.x (abstract). Volunteering
hardly makes trust, which is stable over years (.73 over four): Bekkers 2012, doi:10.1007/s11109-011-9165-x (abstract). Less trust among
people of other birthplaces: Mennis, Dayanim, Grunwald 2013, Environment and Planning A 45:2176-2193 (abstract). Coefficients: assumptions.

Refuted by. Communities of equal hardship and tenure whose offences do not fall with cohesion and willingness to intervene; or an
association of hardship with offences that stays as large once both are held fixed (in Chicago most of it went). Tried: "social gradient"
(test_offences_in_space), which concerns hardship alone. Not tried: how much of it runs through cohesion.

Brings: fewer offences, belonging. Costs: where it is strong it excludes outsiders (see satisfaction).
"""

import numpy as np

from sim.city.ties import peers_volunteering
from sim.kernel import kernel, tile_kernel
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "speed at which cohesion moves; 0 freezes it", unit="factor", low=0.0, high=1.0)
    base: float = parameter(0.643, "cohesion of local residents without other effects", unit="share", low=0.0, high=1.0)
    volunteering: float = parameter(
        0.01,
        "effect of volunteering among ties at the usual share",
        unit="share",
        low=0.0,
        high=0.5,
        source="assumption; small: Bekkers 2012, doi:10.1007/s11109-011-9165-x",
    )
    aid: float = parameter(0.03, "effect of mutual aid at the usual level", unit="share", low=0.0, high=0.5)
    offences: float = parameter(0.06, "effect of offences at the usual level", unit="share", low=0.0, high=0.5)
    hardship: float = parameter(0.15, "loss per unit of hardship", unit="1", low=0.0, high=1.0)
    newcomer: float = parameter(0.08, "loss for residents without local registration", unit="share", low=0.0, high=0.5)
    moved: float = parameter(
        0.0316, "loss from redevelopment and relocation where all needs for housing are met", unit="share", low=0.0, high=0.5
    )
    litigation: float = parameter(0.015, "loss where neighbours sue each other as often as usual", unit="share", low=0.0, high=0.5)
    estates: float = parameter(0.04, "loss among commodity estates only, against old neighbourhoods", unit="share", low=0.0, high=0.5)
    bonds: float = parameter(
        0.02,
        "standard deviation between communities of trust that lasts for reasons of their own: long residence, buildings, history",
        unit="share",
        low=0.0,
        high=0.2,
        source="assumption; what hardship, newcomers and housing leave unexplained",
    )
    disposition: float = parameter(
        0.3,
        "effect of the lasting disposition to be happy on trust in neighbours",
        unit="1",
        low=0.0,
        high=2.0,
        source="assumption; trust is stable over four years (r = .73): Bekkers 2012, doi:10.1007/s11109-011-9165-x",
    )
    origin: float = parameter(
        0.04,
        "loss of local residents among newcomers only, against none",
        unit="share",
        low=0.0,
        high=0.5,
        source="assumption; sign: Mennis, Dayanim, Grunwald 2013, Environment and Planning A 45:2176-2193",
    )
    usual_suits: float = parameter(
        0.0085, "court cases per resident that people perceive as usual", unit="per year", low=0.0001, high=1.0, prior=ANCHOR
    )
    usual: float = parameter(
        0.06, "share of volunteers among ties that is perceived as usual", unit="share", low=0.005, high=0.5, prior=ANCHOR
    )
    weeks: float = parameter(52.0, "time constant of cohesion", unit="weeks", low=1.0, high=520.0)
    reference: float = parameter(
        0.57,
        "mean cohesion at which collective efficacy is 1 where willingness to intervene is usual",
        unit="share",
        low=0.05,
        high=1.0,
        prior=ANCHOR,
    )
    spill: float = parameter(
        0.2,
        "share of a community's collective efficacy that comes from the communities on which it borders",
        unit="share",
        low=0.0,
        high=0.8,
        source="assumption; sign: Sampson, Morenoff, Earls 1999, doi:10.2307/2657367",
    )


USUAL_NEWCOMERS = np.float32(0.4)
"""Share of adults without local registration, mean of the reference city."""


@kernel
def plan_collective_efficacy(world, week, p):
    """Collective efficacy of every community from last week's mean cohesion, here and across its borders."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        reached = _own_control(community, p)
        first, last = world.first_neighbour[k], world.first_neighbour[k + 1]
        if last > first:
            around = np.float32(0.0)
            for n in range(first, last):
                around += _own_control(world.communities[world.neighbours[n]], p)
            reached += p.spill * (around / np.float32(last - first) - reached)
        suits = np.float32(community.last.closed_court) / (np.float32(community.residents) * p.usual_suits / 52.0)
        community.litigation += p.strength * ((suits if suits < 6.0 else np.float32(6.0)) - community.litigation) / 26.0
        community.collective_efficacy += p.strength * (reached - community.collective_efficacy) / 4.0


@kernel
def _own_control(community, p):
    """Control that a community's own people exert, 1 = usual: it follows from last week, so the order of communities does not matter."""
    cohesion = np.float32(community.last.cohesion) / (np.float32(community.adults) * 1048576.0 + 1.0)
    return cohesion / p.reference * community.willingness


@tile_kernel
def collective_efficacy(tile, community, peers, key, p):
    """Trust in neighbours moves towards its target, given conditions in the neighbourhood."""
    level = community.offence_level
    here = (
        p.base
        + p.aid * community.aid
        - p.moved * community.housing
        - p.litigation * community.litigation
        - p.offences * (level if level < 4.0 else np.float32(4.0))
        - p.estates * (community.estates - 0.4)
        + p.bonds * community.bonds
    )
    newcomers = np.float32(community.nonlocals) / (np.float32(community.adults) + np.float32(1e-6))
    mixed = p.origin * (newcomers - USUAL_NEWCOMERS)
    pace = p.strength / p.weeks
    seen = p.volunteering / p.usual
    for i in range(tile.count):
        around = seen * peers_volunteering(peers[i])
        around = around if around < 0.2 else np.float32(0.2)
        target = here + around - p.hardship * (tile.hardship[i] - 0.41)
        target += p.disposition * tile.mood[i]
        target -= mixed if tile.local[i] == 1 else p.newcomer
        target = target if target > 0.0 else np.float32(0.0)
        target = target if target < 1.0 else np.float32(1.0)
        before = tile.cohesion[i]
        tile.cohesion[i] = before + pace * (target - before)


MECHANISM = Mechanism(
    name="collective_efficacy",
    names={"en": "Collective efficacy", "zh": "集体效能"},
    stage="gather",
    parameters=Parameters,
    reads=("hardship local mood peers cohesion community.aid community.willingness community.offence_level community.housing").split(),
    writes=("cohesion", "community.collective_efficacy", "community.litigation"),
    brings="fewer offences, more belonging",
    costs="where it is strong it excludes outsiders",
    null={"strength": 0.0},
    plan=plan_collective_efficacy,
    live=collective_efficacy,
)
