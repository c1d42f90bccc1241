"""Integration: residents without local registration settle in, or are excluded.

Claim. Residents integrate with length of residence, access to services and ties to neighbours; exclusion and resentment hold integration
back. Where services are opened to many newcomers in poor communities, long-time residents resent it.

Equation. I moves, with time constant `weeks`, to base + tenure * T / (T + half) + access * a * (1/2 + .79 q_housing) + ties * cohesion -
restraint * (restrained inflow) - exclusion * (CE - 1/2) - discrimination * backlash, where a is migrant access and q_housing the share of
needs for housing that are met. Backlash = resentment * access * (share non-local + half the visitors) * (.5 + 4 (hardship - .4)), 0 to 1. A
newcomer replaces a resident without local registration with probability `churn` per week, more during an influx (see shocks), and starts
with low integration.

Source. Share who feel local 15 to 40 %, joining community activities 29.3 and 30.4 % (migrant surveys 2017, 2018, second hand). Exclusion
after contact with newcomers: Enos 2014, doi:10.1073/pnas.1317670111 (direction; that it grows with competition is an assumption). Drivers
and sizes: assumptions.

Refuted by. Residents without local registration who join community activities no more often after ten years than after one; or long-time
residents who resent newcomers no more where services are opened to many of them and life is hard. Tried: levels, "`nonlocal_joining`"
(test_baseline_rates), "`nonlocal_feel_local`" (test_baseline_rates). Not tried: both slopes against data.

Brings: belonging, participation and voice of newcomers. Costs: resentment among long-time residents where hardship is high.
"""

import numpy as np

from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import clip
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of integration, size of backlash", unit="factor", low=0.0, high=1.0)
    base: float = parameter(
        0.088,
        "integration without other effects",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to nonlocal_joining (0.25 to 0.32)",
    )
    tenure: float = parameter(0.40, "gain from long residence in the city", unit="share", low=0.0, high=1.0)
    half: float = parameter(260.0, "length of residence at which half of this gain is reached", unit="weeks", low=1.0, high=2600.0)
    access: float = parameter(0.20, "gain from full access to services", unit="share", low=0.0, high=1.0)
    ties: float = parameter(0.30, "gain per unit of trust in neighbours", unit="1", low=0.0, high=1.0)
    exclusion: float = parameter(0.12, "loss where collective efficacy is strong", unit="share", low=0.0, high=1.0)
    discrimination: float = parameter(0.30, "loss per unit of backlash", unit="1", low=0.0, high=1.0)
    restraint: float = parameter(0.25, "integration lost where planning restrains inflow", unit="1", low=0.0, high=1.0)
    resentment: float = parameter(1.0, "size of backlash", unit="factor", low=0.0, high=5.0)
    churn: float = parameter(
        0.0015,
        "residents without local registration who leave and are replaced",
        unit="per week",
        low=0.0,
        high=0.1,
        source="assumption; about 8 % a year",
    )
    weeks: float = parameter(40.0, "time constant of integration", unit="weeks", low=1.0, high=520.0)


START = np.float32(0.10)
"""Integration of a newcomer on arrival (share)."""
UPROOTED = np.float32(0.6)
"""Factor on cohesion of a newcomer on arrival."""
DRAW = 0  # row of `scratch`


@kernel
def plan_integration(world, week, p):
    """Resentment of long-time residents against newcomers' access to services."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        access = world.policies[week, world.policy_of[community.district]].migrant_access
        share = np.float32(community.nonlocals) / (np.float32(community.adults) + 1e-6)
        pressed = 0.5 + 4.0 * (community.hardship - 0.4)
        felt = p.strength * p.resentment * access * (share + 0.5 * community.visitors) * pressed
        community.backlash = clip(felt, np.float32(0.0), np.float32(1.0))


@tile_kernel
def integration(tile, community, scratch, key, p):
    """Residents without local registration settle in; some are replaced by newcomers."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    strong = community.collective_efficacy - 0.5
    here = p.base - p.exclusion * (strong if strong > 0.0 else np.float32(0.0)) - p.discrimination * community.backlash
    here = here + p.access * community.migrant_access * (0.5 + 0.79 * community.housing) - p.restraint * community.restraint
    pace, ages = p.strength / p.weeks, p.strength > 0.0
    replaced = p.strength * (community.newcomers + p.churn)
    arrived = np.int32(0)
    for i in range(tile.count):
        outside = tile.local[i] == 0
        new = outside & (scratch[DRAW, i] < replaced)
        lived = np.int32(tile.tenure[i])
        years = np.float32(lived)
        cohesion, before = tile.cohesion[i], tile.integration[i]
        target = here + p.tenure * years / (years + p.half) + p.ties * cohesion
        target = target if target > 0.0 else np.float32(0.0)
        target = target if target < 1.0 else np.float32(1.0)
        settled = before + pace * (target - before)
        older = np.int32(lived + ((lived < 65535) & ages))
        tile.integration[i] = (START if new else settled) if outside else before
        tile.tenure[i] = np.uint16(np.int32(0) if new else older)
        tile.cohesion[i] = cohesion * UPROOTED if new else cohesion
        arrived = np.int32(arrived + new)
    community.now.arrived += arrived


MECHANISM = Mechanism(
    name="integration",
    names={"en": "Integration", "zh": "外来居民融入"},
    stage="serve",
    parameters=Parameters,
    reads=(
        "local cohesion integration tenure levers.migrant_access community.migrant_access community.collective_efficacy"
        " community.newcomers community.visitors community.housing community.restraint"
    ).split(),
    writes=("integration", "tenure", "cohesion", "community.backlash"),
    counts=("arrived",),
    brings="belonging, participation and voice of newcomers",
    costs="resentment among long-time residents where hardship is high",
    null={"strength": 0.0},
    plan=plan_integration,
    live=integration,
)
