"""Procedural justice: legitimacy, and the verdict on the police, depend on how people are treated.

Claim. People grant legitimacy where services work, where they are heard, and where power is transparent and bound by law; those without
work grant less; a bad encounter weighs several times more than a good one. The police are judged on their own: by encounters with them, by
how safe people feel, by whether they are seen, and by officials who come round.

Equation. L moves to L* by 1/26 of the gap per week upwards and 1/10 downwards; L* = base + service P + voice + transparency + oversight +
clarity - rigidity * clarity^2 - abuse * (fruitless stops in the community) - scandal * corruption * transparency - rumour (believers) -
admitted (those who heard a candid answer) - wronged * G - kept_waiting * (years that a formal case is open) - silenced * hush - arbitrary *
(1 - clarity) - idle (without work); encounters add: fruitless stop -.10, rightful stop +.02, case won +.01, case lost -.06, heard by a
mediator, or by a court with a lawyer, +.06, arrest -.05, falsely flagged -.02. The verdict on the police moves with the same time constants
to police_base + police_security * security + police_seen * (1 - exp(-patrol / visible)) + police_visits * (voice from officials' visits) +
police_fair * (oversight + clarity) / 2 - police_abuse * (fruitless stops in the community); encounters: fruitless stop -.14, rightful stop
+.02, arrest -.10.

Source. Positive relation: Chan et al. 2023, doi:10.1007/s11292-023-09595-5 (123 studies, correlation). Asymmetry: Skogan 2006,
doi:10.1080/10439460600662098. Community policing satisfies: Gill et al. 2014, doi:10.1007/s11292-014-9210-y; Blair et al. 2021,
doi:10.1126/science.abd3446, find no trust. The unemployed trust government less, beyond where they live: Azzollini et al. 2025,
doi:10.1007/s11205-025-03541-w (28 countries, sign; within persons, Bauer 2018, Socius 4, finds little). Sizes: assumptions.

Refuted by. A good encounter that raises legitimacy by as much as a bad one lowers it (in Chicago a bad one weighed 4 to 14 times as much);
training in fair procedure that leaves offences and arrests as they are (-14 % and far fewer were seen); community policing that leaves the
verdict on the police as it is. Tried: "fair procedure" (test_effects_of_levers), "community policing" (test_effects_of_levers). Not tried:
asymmetry against data; it is built in.

Brings: legitimacy where people are heard and treated fairly. Costs: over-enforcement lowers it; overly rigid law leaves less room for local
settlement (rigidity).
"""

import numpy as np

from sim.city.codes import (
    ANSWERED,
    ARRESTED,
    BELIEVES,
    CASE_HEARD,
    CASE_LOST,
    CASE_WON,
    FLAGGED,
    NEGOTIATION,
    STOPPED_FOR_NOTHING,
    STOPPED_RIGHTLY,
)
from sim.kernel import kernel, tile_kernel
from sim.maths import exp
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

SKOGAN = "assumption; a bad encounter weighs 4 to 14 times a good one: doi:10.1080/10439460600662098"
GILL = "assumption; doi:10.1007/s11292-014-9210-y"


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of legitimacy and size of encounters; 0 freezes it", unit="factor", low=0.0, high=1.0)
    base: float = parameter(0.33, "legitimacy without other effects", unit="share", low=0.0, high=1.0)
    service: float = parameter(0.35, "effect of perceived service", unit="1", low=0.0, high=1.0)
    voice: float = parameter(0.166, "effect of having a say where all residents are heard", unit="share", low=0.0, high=0.5)
    voice_outside: float = parameter(0.6, "voice of non-local residents relative to local ones", unit="share", low=0.0, high=1.0)
    transparency: float = parameter(0.12, "effect of full transparency", unit="share", low=0.0, high=0.5)
    oversight: float = parameter(0.08, "effect of oversight that examines all misconduct", unit="share", low=0.0, high=0.5)
    clarity: float = parameter(0.08, "effect of rules that are all clear", unit="share", low=0.0, high=0.5)
    rigidity: float = parameter(
        0.048, "loss from overly rigid law where all rules are clear; it grows with the square of clarity", unit="share", low=0.0, high=0.5
    )
    abuse: float = parameter(0.015, "loss where fruitless stops in the community are as frequent as usual", unit="share", low=0.0, high=0.5)
    scandal: float = parameter(0.60, "loss per unit of corruption exposed by openness", unit="1", low=0.0, high=5.0)
    rumour: float = parameter(0.15, "loss of those who believe a rumour", unit="share", low=0.0, high=1.0)
    admitted: float = parameter(0.03, "loss of those who heard a candid answer", unit="share", low=0.0, high=1.0)
    silenced: float = parameter(0.06, "loss where all talk is suppressed", unit="share", low=0.0, high=1.0)
    arbitrary: float = parameter(0.04, "loss where no rule limits the discretion of courts", unit="share", low=0.0, high=0.5)
    idle: float = parameter(
        0.04,
        "loss of those without work, who hold government responsible for it",
        unit="share",
        low=0.0,
        high=0.5,
        source="assumption; sign: Azzollini et al. 2025, doi:10.1007/s11205-025-03541-w",
    )
    flagged: float = parameter(0.02, "loss from being falsely flagged", unit="share", low=0.0, high=1.0)
    up_weeks: float = parameter(26.0, "time constant upwards", unit="weeks", low=1.0, high=520.0)
    down_weeks: float = parameter(10.0, "time constant downwards", unit="weeks", low=1.0, high=520.0)
    bad_stop: float = parameter(
        0.10, "loss from a fruitless stop", unit="share", low=0.0, high=1.0, source="assumption; doi:10.1080/10439460600662098"
    )
    good_stop: float = parameter(
        0.02, "gain from a justified, fair stop", unit="share", low=0.0, high=1.0, source="assumption; doi:10.1080/10439460600662098"
    )
    won: float = parameter(0.01, "gain from a settled case", unit="share", low=0.0, high=1.0)
    lost: float = parameter(
        0.06,
        "loss from a case lost or withdrawn",
        unit="share",
        low=0.0,
        high=1.0,
        source=SKOGAN,
    )
    heard: float = parameter(
        0.06,
        "gain from being heard by a mediator, or by a court with a lawyer, whatever the outcome",
        unit="share",
        low=0.0,
        high=1.0,
    )
    kept_waiting: float = parameter(
        0.2, "loss of those whose formal case is open, for each year that it has been open, at most one", unit="share", low=0.0, high=1.0
    )
    wronged: float = parameter(0.6, "loss per unit of grievance that is not resolved", unit="1", low=0.0, high=3.0)
    arrest: float = parameter(0.05, "loss from an arrest", unit="share", low=0.0, high=1.0)
    police_base: float = parameter(0.18, "verdict on the police without other effects", unit="share", low=0.0, high=1.0)
    police_security: float = parameter(0.45, "effect of feeling safe on the verdict on the police", unit="1", low=0.0, high=1.0)
    police_seen: float = parameter(0.08, "gain of the police from patrols that all see", unit="share", low=0.0, high=0.5)
    visible: float = parameter(
        2.04, "hours of patrol at which 63 % of residents see one", unit="hours per resident and year", low=0.05, high=50.0
    )
    police_visits: float = parameter(
        1.0, "gain of the police where officials' visits let all have a say", unit="share", low=0.0, high=5.0, source=GILL
    )
    police_fair: float = parameter(
        0.10, "gain of the police from full oversight and clear rules", unit="share", low=0.0, high=0.5, source=GILL
    )
    police_abuse: float = parameter(
        0.03, "loss of the police where fruitless stops in the community are as frequent as usual", unit="share", low=0.0, high=0.5
    )
    police_bad_stop: float = parameter(0.14, "loss of the police from a fruitless stop", unit="share", low=0.0, high=1.0, source=SKOGAN)
    police_good_stop: float = parameter(
        0.02, "gain of the police from a justified, fair stop", unit="share", low=0.0, high=1.0, source=SKOGAN
    )
    police_arrest: float = parameter(0.10, "loss of the police from an arrest", unit="share", low=0.0, high=1.0)


@kernel
def plan_procedural_justice(world, week, p):
    """Transparency of government in every community this week."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.transparency = world.policies[week, world.policy_of[community.district]].transparency


@kernel
def years_open(stage, age):
    """Years for which a formal case has been open, at most 1; 0 without one."""
    years = np.float32(age) / np.float32(52.0)
    return (years if years < 1.0 else np.float32(1.0)) * np.float32(stage > NEGOTIATION)


@tile_kernel
def procedural_justice(tile, community, key, p):
    """Legitimacy moves with services, voice and encounters, the verdict on the police with security, presence and encounters."""
    clear = community.clarity
    here = p.base + p.transparency * community.transparency + p.oversight * community.oversight
    here = here + p.clarity * clear - p.rigidity * clear * clear
    here = here - p.abuse * (community.wrongful_level if community.wrongful_level < 6.0 else np.float32(6.0))
    here = here - p.scandal * community.corruption * community.transparency - p.silenced * community.hush
    here = here - p.arbitrary * (1.0 - community.clarity)
    admitted = p.admitted * community.candour
    heard = p.voice * community.voice
    up, down = p.strength / p.up_weeks, p.strength / p.down_weeks
    police = p.police_base + p.police_seen * (1.0 - exp(-community.patrol / p.visible)) + p.police_visits * community.heard
    police = police + p.police_fair * 0.5 * (community.oversight + clear)
    police = police - p.police_abuse * (community.wrongful_level if community.wrongful_level < 6.0 else np.float32(6.0))
    for i in range(tile.count):
        before = tile.legitimacy[i]
        event = tile.events[i]
        target = here + p.service * tile.service[i] + (heard if tile.local[i] == 1 else heard * p.voice_outside)
        state = tile.rumour[i]
        target = target - p.wronged * tile.grievance[i] - p.kept_waiting * years_open(tile.case_stage[i], tile.case_age[i])
        target = target - (p.idle if tile.jobless[i] > 0 else np.float32(0.0))
        target = target - (p.rumour if state == BELIEVES else (admitted if state == ANSWERED else np.float32(0.0)))
        target = target if target > 0.0 else np.float32(0.0)
        met = np.float32(0.0) - (p.bad_stop if event & STOPPED_FOR_NOTHING else np.float32(0.0))
        met = met + (p.good_stop if event & STOPPED_RIGHTLY else np.float32(0.0))
        met = met + (p.won if event & CASE_WON else np.float32(0.0)) + (p.heard if event & CASE_HEARD else np.float32(0.0))
        met = met - (p.lost if event & CASE_LOST else np.float32(0.0))
        met = met - (p.arrest if event & ARRESTED else np.float32(0.0))
        met = met - (p.flagged if event & FLAGGED else np.float32(0.0))
        gap = target - before
        after = before + gap * (up if gap > 0.0 else down) + p.strength * met
        after = after if after > 0.0 else np.float32(0.0)
        tile.legitimacy[i] = after if after < 1.0 else np.float32(1.0)
        trust = tile.police_trust[i]
        gap = police + p.police_security * tile.security[i] - trust
        met = (p.police_good_stop if event & STOPPED_RIGHTLY else np.float32(0.0)) - (
            p.police_bad_stop if event & STOPPED_FOR_NOTHING else np.float32(0.0)
        )
        met = met - (p.police_arrest if event & ARRESTED else np.float32(0.0))
        after = trust + gap * (up if gap > 0.0 else down) + p.strength * met
        after = after if after > 0.0 else np.float32(0.0)
        tile.police_trust[i] = after if after < 1.0 else np.float32(1.0)


MECHANISM = Mechanism(
    name="procedural_justice",
    names={"en": "Procedural justice", "zh": "程序公正"},
    stage="judge",
    parameters=Parameters,
    reads=(
        "service local jobless events legitimacy rumour grievance case_stage case_age security police_trust levers.transparency"
        " community.voice community.oversight community.clarity community.wrongful_level community.corruption community.candour"
        " community.hush community.patrol community.heard"
    ).split(),
    writes=("legitimacy", "police_trust", "community.transparency"),
    brings="legitimacy, trust in the police",
    costs="over-enforcement and rigid law lower it",
    null={"strength": 0.0},
    plan=plan_procedural_justice,
    live=procedural_justice,
)
