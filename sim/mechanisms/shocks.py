"""Shocks: layoffs, outages, closures, incidents, rumours, influx, disasters and crowd events of limited duration.

Claim. Governance is tested by how a city absorbs shocks. A shock changes the conditions of communities for some weeks; its consequences
depend on all other mechanisms.

Equation. While a shock of strength s (0 to 1) lasts: layoffs add s * laid_off / weeks to the weekly probability of losing one's job; an
outage takes the share outage * s of every service; an incident adds alarm * s to fear, a trigger of unrest in its first week and a rumour;
a rumour is heard at its source by the share rumour * s of residents in its first week; an influx adds the share visitors * s of visitors
and replaces the share turnover * s of residents without local registration; a disaster is half an outage, half of layoffs and half an
alarm, and adds solidarity; a crowd event draws the share crowd * s of residents together and triggers unrest in each of its weeks; a
closure takes the share s of the capacity of one service of the district. Shocks in one place add up; shares, probabilities and fear are
limited to 1.

Source. Kinds: design of the model after risk events named in the source article; solidarity after disasters: Drury 2018,
doi:10.1080/10463283.2018.1471948. Sizes: assumptions.

Refuted by. No more help among neighbours in the weeks after a disaster than before it; or layoffs after which disputes and protest within
a quarter are as before. Tried: directions within the model, held (test_shocks). Not tried: against data.

Brings: after a disaster, willingness to help. Costs: services, work, security, calm.
"""

import numpy as np

from sim.kernel import kernel
from sim.maths import unit
from sim.mechanisms.base import Mechanism
from sim.shocks import SHOCK_KINDS
from sim.spec import Spec, parameter

LAYOFFS, OUTAGE, INCIDENT, RUMOUR, INFLUX, DISASTER, CROWD, CLOSURE = range(len(SHOCK_KINDS))


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on every shock; 0 switches all off", unit="factor", low=0.0, high=1.0)
    laid_off: float = parameter(0.20, "share of workers who lose their jobs in layoffs of strength 1", unit="share", low=0.0, high=1.0)
    outage: float = parameter(0.90, "services lost in an outage of strength 1", unit="share", low=0.0, high=1.0)
    alarm: float = parameter(1.0, "fear while an incident of strength 1 lasts", unit="share", low=0.0, high=1.0)
    rumour: float = parameter(0.05, "residents who hear a rumour of strength 1 at its source", unit="share", low=0.0, high=1.0)
    visitors: float = parameter(0.30, "visitors in an influx of strength 1, per resident", unit="per resident", low=0.0, high=3.0)
    turnover: float = parameter(
        0.30, "residents without local registration replaced in an influx of strength 1", unit="share", low=0.0, high=1.0
    )
    solidarity: float = parameter(
        0.8,
        "solidarity added by a disaster of strength 1",
        unit="log hazard",
        low=0.0,
        high=3.0,
        source="assumption; doi:10.1080/10463283.2018.1471948",
    )
    crowd: float = parameter(0.10, "residents drawn to a crowd event of strength 1", unit="share", low=0.0, high=1.0)


@kernel
def plan_shocks(world, week, p):
    """Effects of all shocks on each community this week."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.shock_service = 1.0
        community.shock_jobs = community.shock_alarm = community.shock_crowd = 0.0
        community.shock_solidarity = community.shock_rumour = community.visitors = community.newcomers = 0.0
        community.shock_trigger = 0
    for b in range(len(world.bureaus)):
        world.bureaus[b].closed = 0.0
    for s in range(len(world.shocks)):
        shock = world.shocks[s]
        if (week >= shock.at) & (week < shock.end):
            if shock.kind == CLOSURE:
                _close(world, shock, p)
            for k in range(shock.first_community, shock.last_community):
                _apply(world.communities[k], shock, week == shock.at, p)


@kernel
def _close(world, shock, p):
    """Close a share of the capacity of a service in every district that a shock touches."""
    for b in range(len(world.bureaus)):
        bureau = world.bureaus[b]
        district = world.districts[bureau.district]
        touched = (district.first_community < shock.last_community) & (district.last_community > shock.first_community)
        if touched & (bureau.service == shock.service):
            bureau.closed = unit(bureau.closed + p.strength * shock.strength)


@kernel
def _apply(community, shock, begins, p):
    """Add the effects of one shock on one community in one of its weeks; `begins` is true in the first."""
    size, kind = p.strength * shock.strength, shock.kind
    weeks = np.float32(shock.end - shock.at)
    half = 0.5 if kind == DISASTER else 1.0
    if (kind == LAYOFFS) | (kind == DISASTER):
        community.shock_jobs = unit(community.shock_jobs + half * size * p.laid_off / weeks)
    if (kind == OUTAGE) | (kind == DISASTER):
        community.shock_service *= 1.0 - half * size * p.outage
    if (kind == INCIDENT) | (kind == DISASTER):
        community.shock_alarm = unit(community.shock_alarm + half * size * p.alarm)
    if (kind == RUMOUR) | (kind == INCIDENT):
        community.shock_rumour = unit(community.shock_rumour + (size * p.rumour if begins else np.float32(0.0)))
    if (kind == INCIDENT) & begins & (size > 0.0):
        community.shock_trigger = 1
    if kind == INFLUX:
        community.visitors += size * p.visitors
        community.newcomers = unit(community.newcomers + size * p.turnover / weeks)
    if kind == DISASTER:
        community.shock_solidarity += size * p.solidarity
    if kind == CROWD:
        community.shock_crowd = unit(community.shock_crowd + size * p.crowd)
        community.shock_trigger = 1 if size > 0.0 else community.shock_trigger


MECHANISM = Mechanism(
    name="shocks",
    names={"en": "Shocks", "zh": "冲击"},
    stage="plan",
    parameters=Parameters,
    reads=(),
    writes=(
        "community.shock_service community.shock_jobs community.shock_alarm community.shock_crowd community.shock_solidarity"
        " community.shock_rumour community.visitors community.newcomers community.shock_trigger bureaus.closed"
    ).split(),
    brings="after a disaster, willingness to help",
    costs="services, work, security, calm",
    null={"strength": 0.0},
    plan=plan_shocks,
)
