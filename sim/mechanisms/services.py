"""Services: education, employment, social security, health and housing as residents meet them.

Claim. What people get depends on a bureau's capacity, on how many share it, and on whether they are entitled; what they perceive
follows with a lag of some weeks.

Equation. Quality of a service q = K / (K + crowding * load), load the people served against the reference: opening services to
non-local residents raises the load. A resident meets a mix of services by age; P moves to quality * access - inequality * (H - 0.4) in
`weeks`; access is 1 for local residents, access_floor + (1 - access_floor) * migrant_access for others.

Source. Form and weights by age: assumptions. That service performance shapes satisfaction: Van Ryzin 2006, doi:10.1093/jopart/mui058.

Brings: perceived service, above all for those entitled. Costs: load; promises that raise expectations (see satisfaction); less own
effort (see participation).
"""

import numpy as np

from sim.kernel import kernel, phase
from sim.levers import LEVERS, instrument
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

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
    crowding: float = parameter(0.45, "load that halves quality when it equals capacity / crowding", unit="1", low=0.0, high=3.0)
    weeks: float = parameter(8.0, "time constant of perceived service", unit="weeks", low=1.0, high=104.0)
    access_floor: float = parameter(0.55, "access of non-local residents when nothing is opened to them", unit="share", low=0.0, high=1.0)
    reference_access: float = parameter(0.5, "migrant access of the reference city", unit="share", low=0.0, high=1.0)
    inequality: float = parameter(0.20, "loss of perceived service per unit of hardship", unit="1", low=0.0, high=1.0)


MECHANISM = Mechanism(
    name="services",
    phase="serve",
    parameters=Parameters,
    reads=("age_group", "local", "hardship", "service", "districts.capacity", "levers.migrant_access"),
    writes=("service", "bureaus.load", "bureaus.quality", "community.service_quality", "community.migrant_access"),
    brings="perceived service",
    costs="load on every service when more people are entitled",
    null={"strength": 0.0},
)


@kernel
def plan_services(world, week, p):
    """Every bureau delivers what its capacity and load allow; communities receive the mix of their district."""
    access = world.levers[week].migrant_access
    for b in range(len(world.bureaus)):
        bureau = world.bureaus[b]
        district = world.districts[bureau.district]
        entitled = np.float32(district.residents - district.nonlocals)
        others = np.float32(district.nonlocals)
        bureau.load = (entitled + others * access) / (entitled + others * p.reference_access)
        capacity = district.capacity[FIRST_SERVICE + bureau.service]
        bureau.quality = capacity / (capacity + p.crowding * bureau.load + 1e-6)
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.migrant_access = access
        first = community.district * len(SERVICES)
        for age in range(len(WEIGHTS)):
            quality = np.float32(0.0)
            for s in range(len(SERVICES)):
                quality += WEIGHTS[age, s] * world.bureaus[first + s].quality
            community.service_quality[age] = quality


@phase
def services(tile, community, luck, p):
    """Perceived service follows what the resident's mix of services delivers."""
    q = community.service_quality
    q0, q1, q2, q3, q4, q5 = q[0], q[1], q[2], q[3], q[4], q[5]
    outside = p.access_floor + (1.0 - p.access_floor) * community.migrant_access
    pace = p.strength / p.weeks
    for i in range(tile.count):
        age = tile.age_group[i]
        young = q0 if age == 0 else (q1 if age == 1 else q2)
        old = q3 if age == 3 else (q4 if age == 4 else q5)
        quality = young if age < 3 else old
        access = np.float32(1.0) if tile.local[i] == 1 else outside
        target = quality * access - p.inequality * (tile.hardship[i] - 0.4)
        target = target if target > 0.0 else np.float32(0.0)
        target = target if target < 1.0 else np.float32(1.0)
        before = tile.service[i]
        tile.service[i] = before + pace * (target - before)
