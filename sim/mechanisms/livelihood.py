"""Livelihood: people lose and find work; services reduce the strain of unemployment and poverty.

Claim. Losing one's job strains a person like a jump in hardship. Employment services help people find work sooner, training helps the young
most; social security relieves poor and unemployed residents, and makes job search slightly less urgent. Strong unions protect insiders more
than outsiders.

Equation. With q the share of needs for a service that are met (see services) and u the share of disputes at work in which a union helps: a
worker loses the job with probability loss + shock per week; an unemployed person finds one with probability find * (1 + advice
q_employment) * (1 - ease q_security) * (1 - closed u), times 1 + training q_education under 45, times `outside` without local registration.
Strain moves, with time constant `weeks` (8), to H * (1 - relief q_security) + base + burden (1 - .475 q_security) for the unemployed.

Source. Unemployment of about 5 %: urban survey unemployment 5.2 % (2020); spells of about four months: assumption. Lower caseloads of
advisers shorten unemployment: Hainmueller et al. 2016, doi:10.1111/sjoe.12166 (direction; that advisers for twice as many would shorten it
by about a tenth is an assumption). Programmes help little at first and more after two or three years, training most: Card et al. 2018,
doi:10.1093/jeea/jvx028. Benefits prolong spells: Meyer 1990, doi:10.2307/2938349 (direction; there strongly, here little). Sizes:
assumptions.

Refuted by. Unemployment that is no shorter where advisers have half as many clients (it was in 14 German offices); benefits that do not
prolong it; or unemployed people under no more strain than workers of equal hardship. Tried: directions within the model, held
(test_livelihood). Not tried: against data.

Brings: employment, less strain. Costs: slower job search under generous benefits; fewer jobs for outsiders under strong unions.
"""

import numpy as np

from sim.city.codes import FIRST_WORKING, JAILED, LAST_WORKING
from sim.city.government import SERVICES
from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

EMPLOYMENT = SERVICES.index("employment")
DRAW = 0  # row of `scratch`


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on losing and finding work, and on the speed of strain", unit="factor", low=0.0, high=1.0)
    loss: float = parameter(
        0.0036, "probability that a worker loses the job", unit="per week", low=0.0, high=0.2, source="assumption; 5.2 % unemployed in 2020"
    )
    find: float = parameter(
        0.0584, "probability that an unemployed person finds work, without other effects", unit="per week", low=0.0, high=1.0
    )
    advice: float = parameter(0.45, "part added to finding work where advisers serve all job seekers", unit="1", low=0.0, high=3.0)
    training: float = parameter(
        0.475, "part added to finding work under 45 where all needs for education are met", unit="1", low=0.0, high=2.0
    )
    ease: float = parameter(
        0.158, "part by which social security slows the search for work where all needs are met", unit="share", low=0.0, high=0.8
    )
    closed: float = parameter(0.16, "share of job finds prevented where unions help in all disputes", unit="share", low=0.0, high=0.8)
    outside: float = parameter(0.85, "access of residents without local registration to jobs", unit="share", low=0.0, high=1.0)
    relief: float = parameter(0.237, "hardship that social security takes away where all needs are met", unit="share", low=0.0, high=0.9)
    base: float = parameter(0.052, "strain of every resident without other effects", unit="share", low=0.0, high=0.5)
    burden: float = parameter(0.30, "strain of being unemployed without social security", unit="share", low=0.0, high=1.0)
    weeks: float = parameter(8.0, "time constant of strain", unit="weeks", low=1.0, high=104.0)


@kernel
def plan_livelihood(world, week, p):
    """Ease of finding work in every community."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        advised = world.bureaus[community.district * len(SERVICES) + EMPLOYMENT].quality
        community.jobs = (1.0 + p.advice * advised) * (1.0 - p.ease * community.cushion) * (1.0 - p.closed * community.union_help)


@tile_kernel
def livelihood(tile, community, scratch, key, p):
    """Draw job losses and job finds; strain moves towards its target."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    loses = p.strength * (p.loss + community.shock_jobs)
    finds = p.strength * p.find * community.jobs
    trained = 1.0 + p.training * community.education
    pace = p.strength / p.weeks
    kept = 1.0 - p.relief * community.cushion
    weight = p.burden * (1.0 - 0.475 * community.cushion)
    enabled = p.strength > 0.0
    lost, found = np.int32(0), np.int32(0)
    for i in range(tile.count):
        age, status, idle = tile.age_group[i], tile.status[i], np.int32(tile.jobless[i])
        working = (age >= FIRST_WORKING) & (age <= LAST_WORKING) & (status != JAILED)
        chance = finds * (trained if age < LAST_WORKING else np.float32(1.0)) * (np.float32(1.0) if tile.local[i] == 1 else p.outside)
        u = scratch[DRAW, i]
        out, back = working & (idle == 0) & (u < loses), working & (idle > 0) & (u < chance)
        weeks = idle + ((idle > 0) & (idle < 255) & enabled)
        weeks = np.int32(1) if out else (np.int32(0) if back else np.int32(weeks))
        target = kept * tile.hardship[i] + p.base + (weight if weeks > 0 else np.float32(0.0))
        target = target if target < 1.0 else np.float32(1.0)
        strain = tile.strain[i]
        tile.jobless[i] = np.uint8(weeks)
        tile.strain[i] = strain + pace * (target - strain)
        lost, found = np.int32(lost + out), np.int32(found + back)
    community.now.lost_work += lost
    community.now.found_work += found


MECHANISM = Mechanism(
    name="livelihood",
    names={"en": "Livelihood", "zh": "就业与生计"},
    stage="serve",
    parameters=Parameters,
    reads=(
        "age_group local hardship status jobless strain bureaus.quality community.cushion community.education community.shock_jobs"
        " community.union_help"
    ).split(),
    writes=("jobless strain community.jobs").split(),
    counts=("lost_work", "found_work"),
    brings="employment, less strain",
    costs="slower job search under generous benefits; fewer jobs for outsiders under strong unions",
    null={"strength": 0.0},
    plan=plan_livelihood,
    live=livelihood,
)
