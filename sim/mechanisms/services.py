"""Services: education, employment, social security, health and housing as residents experience them.

Claim. Service received depends on the work of a bureau's staff, on the needs that it meets, and on entitlement; perceived service follows
with a lag of some weeks.

Equation. Needs arise at random. Staff outside the budget do `outside` of the work that meets each need once; with the work w (units per
resident and year) of the staff that the budget pays for, the share q = 1 - exp(-(outside + w / needs) / load) of needs is met; staff beyond
one unit of work for each need are idle. Where a facility closes (see shocks), all that work is less by the share closed, and its staff are
idle. Load is the needs relative to those of a city of usual crowding and access: opening services to
non-local residents, visitors and congestion raise it, moving services online lowers it. A community gets q times its fit, reduced by
shocks, by appraisal and by half of the time diverted to mass work, plus yearly projects. A resident uses a mix of services by age; P moves,
with time constant `weeks` (times `recovery` where it rises), to quality * access + leniency (a lasting disposition) - inequality * (H -
0.4); access is 1 for local residents, access_floor + (1 - access_floor) * migrant_access for others, and less for residents over 60 where
services are online.

Source. Form, weights by age, and the quarter to a half of those over 60 who use no online services: assumptions. Effect of service
performance on satisfaction: Van Ryzin 2006, doi:10.1093/jopart/mui058.

Refuted by. Needs met that keep rising in proportion to staff beyond one unit of work for each need; or residents over 60 who use as many
services after they have moved online. Tried: the level, "`content`" (test_baseline_rates), "satisfaction by tier in 2003" (test_tiers).
Not tried: both responses against data.

Brings: perceived service, above all for those entitled. Costs: load; exclusion of older residents where services are online; higher
expectations (see satisfaction); less volunteering (see participation).
"""

from typing import Literal

import numpy as np

from sim.kernel import kernel, tile_kernel
from sim.levers import LEVERS, instrument
from sim.maths import exp, unit
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, FORM, Option, Spec, choice, parameter

FIRST_SERVICE = instrument("public_services.education")
SERVICES = LEVERS["public_services"]
WEIGHTS = np.array(
    [  # education, employment, social security, health, housing; by age group (assumption)
        [0.60, 0.00, 0.05, 0.25, 0.10],
        [0.15, 0.35, 0.05, 0.10, 0.35],
        [0.35, 0.20, 0.05, 0.15, 0.25],
        [0.15, 0.30, 0.15, 0.25, 0.15],
        [0.00, 0.05, 0.45, 0.40, 0.10],
        [0.00, 0.00, 0.45, 0.50, 0.05],
    ],
    np.float32,
)


class Parameters(Spec):
    strength: float = parameter(1.0, "speed at which perceptions follow; 0 freezes them", unit="factor", low=0.0, high=1.0)
    outside: float = parameter(
        0.6,
        "work of service staff outside the governance budget, most of whom a city cannot move",
        unit="units of work for each need",
        low=0.0,
        high=0.95,
    )
    needs_education: float = parameter(0.06, "needs for places to learn", unit="per resident and year", low=0.001, high=1.0)
    needs_employment: float = parameter(
        0.369,
        "needs of job seekers for a service",
        unit="per resident and year",
        low=0.001,
        high=3.0,
        source="assumption; 0.215 services per resident were given in China 2021 by public and private agencies",
    )
    needs_social_security: float = parameter(0.5, "people in need of social security", unit="per resident and year", low=0.001, high=3.0)
    needs_health: float = parameter(2.25, "needs for visits and follow-ups", unit="per resident and year", low=0.01, high=30.0)
    needs_housing: float = parameter(0.0353, "households in need of a home", unit="per resident and year", low=0.0005, high=1.0)
    weeks: float = parameter(8.0, "time constant of perceived service", unit="weeks", low=1.0, high=104.0)
    memory: Literal["even", "asymmetric", "none"] = choice(
        "even",
        "how long people remember services that failed",
        {
            "even": Option("as long as services that worked", "与记住好的服务同样久"),
            "asymmetric": Option(
                "three times as long: trust comes on foot and goes on horseback", "三倍之久：信任来得慢，去得快", {"recovery": 3.0}
            ),
            "none": Option("not at all: this week's services count", "完全不记：只看本周的服务", {"weeks": 1.0}),
        },
        source="Kampen, Van de Walle, Bouckaert 2006 (asymmetric, of trust in agencies); size: assumption",
    )
    recovery: float = parameter(
        1.0,
        "factor on the time constant where a service is better than remembered",
        unit="factor",
        low=0.2,
        high=20.0,
        prior=FORM,
    )
    access_floor: float = parameter(
        0.55, "access of non-local residents when no services are opened to them", unit="share", low=0.0, high=1.0
    )
    reference_access: float = parameter(
        0.5, "share of services open to non-local residents in a city of usual load", unit="share", low=0.0, high=1.0, prior=ANCHOR
    )
    online: float = parameter(0.15, "load reduced by services that are fully online", unit="share", low=0.0, high=1.0)
    exclusion: float = parameter(0.25, "access lost by residents over 60 when services are fully online", unit="share", low=0.0, high=1.0)
    usual_online: float = parameter(0.4, "share of services online in a city of usual load", unit="share", low=0.0, high=1.0, prior=ANCHOR)
    crowds: float = parameter(0.15, "load added per unit of congestion above the usual", unit="1", low=0.0, high=2.0)
    tuned: float = parameter(
        0.785,
        "fit and effort at which people perceive a service as the share of needs that it meets",
        unit="share",
        low=0.1,
        high=2.0,
        source="assumption; fitted to content (0.65 to 0.75)",
    )
    inequality: float = parameter(0.20, "loss of perceived service per unit of hardship", unit="1", low=0.0, high=1.0)


@kernel
def plan_services(world, week, p):
    """Share of needs that every service meets; communities receive their district's services."""
    needs = (p.needs_education, p.needs_employment, p.needs_social_security, p.needs_health, p.needs_housing)
    for b in range(len(world.bureaus)):
        bureau = world.bureaus[b]
        district, lever = world.districts[bureau.district], world.policies[week, world.policy_of[bureau.district]]
        access, saved = lever.migrant_access, 1.0 - p.online * (lever.digital_services - p.usual_online)
        entitled = np.float32(district.residents - district.nonlocals)
        others = np.float32(district.nonlocals)
        bureau.load = saved * _crowd(world, district, p) * (entitled + others * access) / (entitled + others * p.reference_access)
        offered = district.work[FIRST_SERVICE + bureau.service] / needs[bureau.service]
        kept = 1.0 - bureau.closed
        bureau.quality = 1.0 - exp(-(p.outside + offered) * kept / (bureau.load + 1e-6))
        needed = (bureau.load - p.outside * kept) / (offered + 1e-6)
        district.used[FIRST_SERVICE + bureau.service] = unit(needed if needed < kept else kept)
    for k in range(len(world.communities)):
        community = world.communities[k]
        lever = world.policies[week, world.policy_of[community.district]]
        community.migrant_access, community.digital = lever.migrant_access, lever.digital_services
        effort = community.effort if community.measured_services > 0.5 else -community.neglect
        tuned = community.fit * community.shock_service * (1.0 + 0.5 * effort) / p.tuned
        tuned *= 1.0 - 0.5 * world.districts[community.district].diverted
        first = community.district * len(SERVICES)
        community.education, community.cushion = world.bureaus[first].quality, world.bureaus[first + 2].quality
        community.health, community.housing = world.bureaus[first + 3].quality, world.bureaus[first + 4].quality
        for age in range(len(WEIGHTS)):
            quality = np.float32(0.0)
            for s in range(len(SERVICES)):
                quality += WEIGHTS[age, s] * world.bureaus[first + s].quality
            community.service_quality[age] = unit(quality * tuned + community.project)


@kernel
def _crowd(world, district, p):
    """Load added by visitors and congestion, mean over the district's communities."""
    total = np.float32(0.0)
    for k in range(district.first_community, district.last_community):
        community = world.communities[k]
        more = 1.0 + community.visitors + p.crowds * (community.burden - 1.0)
        total += np.float32(community.residents) * (more if more > 0.2 else np.float32(0.2))
    return total / np.float32(district.residents)


@tile_kernel
def services(tile, community, key, p):
    """Perceived service moves to the quality of the resident's mix of services."""
    q = community.service_quality
    q0, q1, q2, q3, q4, q5 = q[0], q[1], q[2], q[3], q[4], q[5]
    outside = p.access_floor + (1.0 - p.access_floor) * community.migrant_access
    worse, better = p.strength / p.weeks, p.strength / p.weeks / p.recovery
    offline = 1.0 - p.exclusion * community.digital
    for i in range(tile.count):
        age = tile.age_group[i]
        young = q0 if age == 0 else (q1 if age == 1 else q2)
        old = q3 if age == 3 else (q4 if age == 4 else q5)
        quality = young if age < 3 else old
        access = (np.float32(1.0) if tile.local[i] == 1 else outside) * (offline if age > 3 else np.float32(1.0))
        target = quality * access + tile.leniency[i] - p.inequality * (tile.hardship[i] - 0.4)
        target = target if target > 0.0 else np.float32(0.0)
        target = target if target < 1.0 else np.float32(1.0)
        before = tile.service[i]
        gap = target - before
        tile.service[i] = before + gap * (better if gap > 0.0 else worse)


MECHANISM = Mechanism(
    name="services",
    names={"en": "Public services", "zh": "公共服务"},
    stage="serve",
    parameters=Parameters,
    reads=(
        "age_group local hardship leniency service districts.work.public_services levers.migrant_access levers.digital_services"
        " community.fit community.shock_service community.visitors community.burden community.project community.effort community.neglect"
        " community.measured_services districts.diverted bureaus.closed"
    ).split(),
    writes=(
        "service bureaus.load bureaus.quality community.service_quality community.migrant_access community.digital community.education"
        " community.cushion community.health community.housing districts.used"
    ).split(),
    brings="perceived service",
    costs="load on every service when more people are entitled; exclusion of older residents from online services",
    null={"strength": 0.0},
    plan=plan_services,
    live=services,
)
