"""Satisfaction: residents' own verdict on belonging, happiness and security.

Claim. Happiness depends on perceived service and on its difference from expectations; expectations adapt, faster up than down. Being
without work costs more than the money. Security depends on offences and incidents nearby and on police presence; belonging depends on ties,
voice and integration.

Equation. E moves to .75 P + .25 P of local neighbours + promise * (share reached by messages) + openness * transparency + schooling *
q_education + promises of projects, with time constants of 26 weeks up and 104 down. Each verdict moves to its target with time constant
`weeks`: happiness* = base + b1 P + b2 (P - E), times `negativity` where P < E, + disposition + belonging + volunteering - strain - idle
(without work) - grievance - fatigue - burden of the area - pressure at work and at school - duty of families - resentment; security* = base
- offences - incidents - alarm - rumours + presence * (1 - exp(-patrol / visible)) ...; belonging* = base + cohesion + voice + volunteering
- exposure, for residents without local registration - outside + settled * I.

Source. Performance, and performance less expectation: Van Ryzin 2006, doi:10.1093/jopart/mui058 (perceived disconfirmation does not confirm
it); Zhang et al. 2022, doi:10.1111/puar.13368. Verdicts fall more than they rise: Olsen 2015, doi:10.1111/puar.12337 (sign); how much more
losses weigh: Brown et al. 2024, doi:10.1257/jel.20221698 (607 estimates, mostly of choices; that it holds for services is an assumption).
Distress of the unemployed: Paul, Moser 2009, doi:10.1016/j.jvb.2009.01.001. Volunteers are more satisfied in cohorts, though not in
experiments: Jenkinson et al. 2013, doi:10.1186/1471-2458-13-773. Other sizes: assumptions calibrated to happiness 3.6 to 3.9 of 5 and 85 to
95 % feeling safe.

Refuted by. People who were promised more and are as happy with the same service; or verdicts that rise as far above expectation as they
fall below it. Tried: "spread of happiness between people" (test_baseline_rates), "satisfaction by tier: farther tiers" (test_tiers). Not
tried: a change of expectations against data.

Brings: the measure by which residents judge. Costs: high promises raise expectations; resentment and pressure weigh.
"""

import numpy as np

from sim.city.codes import ACTIVE, BELIEVES, FLAGGED, JAILED, STOPPED_FOR_NOTHING, VOLUNTEERING
from sim.kernel import tile_kernel
from sim.maths import exp
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

VAN_RYZIN = "assumption; doi:10.1093/jopart/mui058"


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of verdicts and expectations; 0 freezes them", unit="factor", low=0.0, high=1.0)
    weeks: float = parameter(10.0, "time constant of a verdict", unit="weeks", low=1.0, high=104.0)
    expectation_up: float = parameter(26.0, "time constant of rising expectations", unit="weeks", low=1.0, high=520.0)
    expectation_down: float = parameter(104.0, "time constant of falling expectations", unit="weeks", low=1.0, high=520.0)
    own: float = parameter(0.75, "weight of one's own experience in expectations", unit="share", low=0.0, high=1.0)
    promise: float = parameter(0.0755, "expectation added by public messages that reach all in a week", unit="share", low=0.0, high=0.5)
    openness: float = parameter(
        0.017, "expectation added by full transparency: published information is a commitment", unit="share", low=0.0, high=0.5
    )
    schooling: float = parameter(0.0237, "expectation added by education where all its needs are met", unit="share", low=0.0, high=0.5)
    happy_base: float = parameter(
        0.599, "happiness without other effects", unit="share", low=0.0, high=1.0, source="assumption; fitted to happiness_1_5 (3.6 to 3.9)"
    )
    happy_service: float = parameter(0.35, "effect of perceived service (b1)", unit="1", low=0.0, high=2.0, source=VAN_RYZIN)
    happy_gap: float = parameter(0.50, "effect of service above expectation (b2)", unit="1", low=0.0, high=2.0, source=VAN_RYZIN)
    negativity: float = parameter(
        1.955,
        "factor on this effect (b2) where service is below expectation",
        unit="factor",
        low=1.0,
        high=5.0,
        source="loss aversion, mean of 607 estimates 1.82 to 2.10: Brown et al. 2024, doi:10.1257/jel.20221698",
        prior=(1.82, 2.10),
    )
    happy_belonging: float = parameter(0.15, "effect of belonging", unit="1", low=0.0, high=1.0)
    happy_hardship: float = parameter(0.20, "loss per unit of strain (perceived hardship)", unit="1", low=0.0, high=1.0)
    happy_idle: float = parameter(
        0.07,
        "loss of those without work, beyond strain",
        unit="share",
        low=0.0,
        high=0.5,
        source="with strain .51 standard deviations, as of distress in 237 studies: Paul, Moser 2009, doi:10.1016/j.jvb.2009.01.001",
    )
    happy_burden: float = parameter(0.03, "loss from congestion and pollution at the usual level", unit="share", low=0.0, high=0.5)
    happy_health: float = parameter(
        0.0316, "gain from health care where all needs are met, for those over 60", unit="share", low=0.0, high=0.5
    )
    happy_school: float = parameter(
        0.03,
        "loss from as many lessons in morality as a timetable has room for, for the young and parents",
        unit="share",
        low=0.0,
        high=0.5,
    )
    happy_family: float = parameter(
        0.0416, "loss from family duties in families that were visited, aged 30 to 59", unit="share", low=0.0, high=0.5
    )
    happy_backlash: float = parameter(0.06, "loss of local residents from resentment", unit="1", low=0.0, high=1.0)
    happy_grievance: float = parameter(0.40, "loss per unit of grievance", unit="1", low=0.0, high=2.0)
    happy_fatigue: float = parameter(0.15, "loss per unit of fatigue", unit="1", low=0.0, high=1.0)
    happy_volunteer: float = parameter(
        0.05,
        "gain while volunteering, before fatigue",
        unit="share",
        low=0.0,
        high=0.5,
        source="assumption; sign: Jenkinson et al. 2013, doi:10.1186/1471-2458-13-773 (cohorts, not confirmed by experiments)",
    )
    happy_pressure: float = parameter(0.0427, "loss of those who are trained in norms at work", unit="share", low=0.0, high=0.5)
    safe_base: float = parameter(
        0.904, "security without other effects", unit="share", low=0.0, high=1.0, source="assumption; fitted to feel_safe (0.85 to 0.95)"
    )
    safe_offences: float = parameter(0.11, "loss from offences at the usual level", unit="share", low=0.0, high=1.0)
    safe_incidents: float = parameter(0.12, "loss from a recent collective incident nearby", unit="share", low=0.0, high=1.0)
    safe_alarm: float = parameter(0.20, "loss while a major incident or disaster lasts", unit="share", low=0.0, high=1.0)
    safe_rumour: float = parameter(0.12, "loss of those who believe a rumour", unit="share", low=0.0, high=1.0)
    safe_cameras: float = parameter(0.03, "gain where cameras cover everything", unit="share", low=0.0, high=0.5)
    safe_flagged: float = parameter(0.03, "loss in a week in which a resident is falsely flagged", unit="share", low=0.0, high=1.0)
    safe_presence: float = parameter(0.079, "gain from patrols that all see", unit="share", low=0.0, high=1.0)
    visible: float = parameter(
        2.04, "hours of patrol at which 63 % of residents see one", unit="hours per resident and year", low=0.05, high=50.0
    )
    safe_worry: float = parameter(0.35, "loss from risk aversion", unit="1", low=0.0, high=1.0)
    safe_stopped: float = parameter(0.10, "loss in a week with a fruitless stop", unit="share", low=0.0, high=1.0)
    belong_base: float = parameter(0.23, "belonging without other effects", unit="share", low=0.0, high=1.0)
    belong_cohesion: float = parameter(0.60, "effect of trust in neighbours", unit="1", low=0.0, high=2.0)
    belong_voice: float = parameter(
        0.166, "effect of having a say where all residents are heard, for local residents", unit="share", low=0.0, high=0.5
    )
    belong_volunteer: float = parameter(0.06, "gain from volunteering", unit="share", low=0.0, high=0.5)
    belong_outside: float = parameter(0.20, "loss without local registration", unit="share", low=0.0, high=0.5)
    belong_settled: float = parameter(0.35, "gain per unit of integration without local registration", unit="1", low=0.0, high=1.0)
    belong_watched: float = parameter(0.03, "loss from full exposure to surveillance", unit="share", low=0.0, high=0.5)


@tile_kernel
def satisfaction(tile, community, key, p):
    """Expectations adapt; happiness, security and belonging follow."""
    _expect(tile, community, p)
    pace = p.strength / p.weeks
    level = community.offence_level if community.offence_level < 4.0 else np.float32(4.0)
    incident = community.incident_level if community.incident_level < 2.0 else np.float32(2.0)
    patrol = 1.0 - exp(-community.patrol / p.visible)
    safe = p.safe_base - p.safe_offences * level - p.safe_incidents * incident + p.safe_presence * patrol
    safe = safe - p.safe_alarm * community.shock_alarm + p.safe_cameras * community.cameras
    pressure = p.happy_pressure * community.work_ethic
    voice = p.belong_voice * community.voice
    exposed = p.belong_watched * community.exposure
    burden = p.happy_burden * (community.burden if community.burden < 4.0 else np.float32(4.0))
    old = p.happy_health * community.health
    school, family = p.happy_school * community.school, p.happy_family * community.family
    resented = p.happy_backlash * community.backlash
    for i in range(tile.count):
        age, status, event = tile.age_group[i], tile.status[i], tile.events[i]
        busy = np.float32(1.0) if status == VOLUNTEERING else np.float32(0.0)
        b = p.belong_base + p.belong_cohesion * tile.cohesion[i] + p.belong_volunteer * busy
        settled = p.belong_settled * tile.integration[i] - p.belong_outside
        b = b + (voice if tile.local[i] == 1 else settled) - exposed
        belonging = tile.belonging[i]
        gap = tile.service[i] - tile.expectation[i]
        gap = gap if gap > 0.0 else p.negativity * gap
        h = p.happy_base + tile.mood[i] + p.happy_service * tile.service[i] + p.happy_gap * gap
        h = h + p.happy_belonging * belonging - p.happy_hardship * tile.strain[i] - p.happy_grievance * tile.grievance[i]
        h = h - (p.happy_idle if tile.jobless[i] > 0 else np.float32(0.0)) + p.happy_volunteer * busy
        h = h - p.happy_fatigue * tile.fatigue[i] - (pressure if (age > 0) & (age < 4) else np.float32(0.0))
        h = h - burden + (old if age > 3 else np.float32(0.0)) - (school if age < 3 else np.float32(0.0))
        h = h - (family if (age == 2) | (age == 3) else np.float32(0.0)) - (resented if tile.local[i] == 1 else np.float32(0.0))
        s = safe - p.safe_worry * (tile.risk_aversion[i] - 0.5) - (p.safe_rumour if tile.rumour[i] == BELIEVES else np.float32(0.0))
        h = h * 0.3 if status == JAILED else h
        s = s - 0.1 if status == ACTIVE else s
        s = s if s < 1.0 else np.float32(1.0)
        s = s if s > 0.0 else np.float32(0.0)
        h = h if h < 1.0 else np.float32(1.0)
        h = h if h > 0.0 else np.float32(0.0)
        b = b if b < 1.0 else np.float32(1.0)
        b = b if b > 0.0 else np.float32(0.0)
        happiness, security = tile.happiness[i], tile.security[i]
        shock = p.strength * p.safe_stopped if event & STOPPED_FOR_NOTHING else np.float32(0.0)
        shock = shock + (p.strength * p.safe_flagged if event & FLAGGED else np.float32(0.0))
        after = security + pace * (s - security) - shock
        tile.belonging[i] = belonging + pace * (b - belonging)
        tile.happiness[i] = happiness + pace * (h - happiness)
        tile.security[i] = after if after > 0.0 else np.float32(0.0)


@tile_kernel
def _expect(tile, community, p):
    """Expectations adapt to experience, neighbours and promises; they rise faster than they fall."""
    locals_ = np.float32(community.adults - community.nonlocals)
    theirs = np.float32(community.last.service - community.last.service_nonlocal) / (locals_ * 1048576.0 + 1.0)
    shared = (1.0 - p.own) * theirs + p.promise * community.message + p.openness * community.transparency
    shared = shared + p.schooling * community.education + community.promise
    up, down = p.strength / p.expectation_up, p.strength / p.expectation_down
    for i in range(tile.count):
        before = tile.expectation[i]
        target = shared + p.own * tile.service[i]
        target = target if target < 1.0 else np.float32(1.0)
        gap = target - before
        tile.expectation[i] = before + gap * (up if gap > 0.0 else down)


MECHANISM = Mechanism(
    name="satisfaction",
    names={"en": "Expectations and verdicts", "zh": "预期与评价"},
    stage="judge",
    parameters=Parameters,
    reads=(
        "age_group local strain jobless risk_aversion mood service expectation cohesion fatigue grievance integration rumour status events"
        " belonging happiness security community.message community.voice community.offence_level community.incident_level community.patrol"
        " community.work_ethic community.transparency community.school community.family community.education community.health"
        " community.burden community.backlash community.shock_alarm community.cameras community.exposure community.promise"
    ).split(),
    writes=("expectation", "belonging", "happiness", "security"),
    brings="residents' own verdict",
    costs="high promises raise expectations; resentment and pressure weigh",
    null={"strength": 0.0},
    live=satisfaction,
)
