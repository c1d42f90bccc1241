"""Attribution of belonging, happiness, security and legitimacy: each term of their equations goes to the mechanism that writes it.

The equations are those of `sim.mechanisms.satisfaction` and `sim.mechanisms.procedural_justice`; a test compares the sum of the terms
recorded here with the results of the mechanisms.
"""

import numpy as np

from sim.attribution.accounts import GRANTED, NUMBER, VERDICTS
from sim.city.codes import (
    ACTIVE,
    ANSWERED,
    ARRESTED,
    BELIEVES,
    CASE_HEARD,
    CASE_LOST,
    CASE_WON,
    FLAGGED,
    JAILED,
    OFFENDED,
    STOPPED_FOR_NOTHING,
    STOPPED_RIGHTLY,
    VOLUNTEERING,
)
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, unit
from sim.mechanisms.procedural_justice import years_open

BELONGING, HAPPINESS, SECURITY = range(len(VERDICTS))
SERVICES, PARTICIPATION, EFFICACY = NUMBER["services"], NUMBER["participation"], NUMBER["collective_efficacy"]
INTEGRATION, DETECTION, LIVELIHOOD = NUMBER["integration"], NUMBER["detection"], NUMBER["livelihood"]
NORMS, CONGESTION, SATISFACTION = NUMBER["norms"], NUMBER["congestion"], NUMBER["satisfaction"]
OFFENDING, UNREST, POLICING = NUMBER["offending"], NUMBER["unrest"], NUMBER["policing"]
SHOCKS, RUMOUR, CONSTANT, LIMITS = NUMBER["shocks"], NUMBER["rumour"], NUMBER["constant"], NUMBER["limits"]
G_SERVICES, G_LIVELIHOOD, G_PARTICIPATION, G_OPENNESS, G_POLICING, G_RESOLUTION, G_INTEGRITY = range(7)
G_RUMOUR, G_OFFENDING, G_UNREST, G_DETECTION, G_MASS_WORK, G_LIMITS, G_START = range(7, len(GRANTED))


@tile_kernel
def record_belonging(tile, community, terms, p):
    """Terms of belonging, summed over the tile's adults."""
    voice = p.belong_voice * community.voice
    exposed = p.belong_watched * community.exposure
    zero = np.float64(0.0)
    adults, locals_, busy, cohesion, settled, limits = zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        if tile.age_group[i] > 0:
            local = tile.local[i] == 1
            volunteers = np.float32(1.0) if tile.status[i] == VOLUNTEERING else np.float32(0.0)
            outside = p.belong_settled * tile.integration[i]
            b = p.belong_base + p.belong_cohesion * tile.cohesion[i] + p.belong_volunteer * volunteers
            b = b + (voice if local else outside - p.belong_outside) - exposed
            adults, locals_, busy = adults + 1.0, locals_ + local, busy + volunteers
            cohesion, settled = cohesion + tile.cohesion[i], settled + (np.float32(0.0) if local else outside)
            limits += unit(b) - b
    terms[EFFICACY] += p.belong_cohesion * cohesion
    terms[PARTICIPATION] += p.belong_volunteer * busy + voice * locals_
    terms[INTEGRATION] += settled
    terms[DETECTION] -= exposed * adults
    terms[CONSTANT] += p.belong_base * adults - p.belong_outside * (adults - locals_)
    terms[LIMITS] += limits


@tile_kernel
def record_happiness(tile, community, memory, terms, p, first):
    """Terms of happiness, except those of grievance and belonging, which `sim.metrics.attribution` splits further.

    Service below expectation counts more than service above it. The excess is attributed to expectations at first, and its changes to
    service and expectations by how much each moved.
    """
    pressure = p.happy_pressure * community.work_ethic
    burden = p.happy_burden * (community.burden if community.burden < 4.0 else np.float32(4.0))
    health, school, family = p.happy_health * community.health, p.happy_school * community.school, p.happy_family * community.family
    resented = p.happy_backlash * community.backlash
    zero = np.float64(0.0)
    adults, service, expectation, strain, fatigue, spared, excess = zero, zero, zero, zero, zero, zero, zero
    taught, cared, resents, limits, mood, idle, busy = zero, zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        age = tile.age_group[i]
        if age > 0:
            me = memory[tile.first + i]
            teaching = (pressure if age < 4 else np.float32(0.0)) + (school if age < 3 else np.float32(0.0))
            teaching = teaching + (family if (age == 2) | (age == 3) else np.float32(0.0))
            old = health if age > 3 else np.float32(0.0)
            resent = resented if tile.local[i] == 1 else np.float32(0.0)
            gap = tile.service[i] - tile.expectation[i]
            more = _disappointment(gap, p)
            if not first:
                change = gap - me.gap
                slope = _disappointment(np.float32(-1.0), p) * (np.float32(-1.0) if gap < 0.0 else np.float32(0.0))
                slope = (more - _disappointment(me.gap, p)) / change if abs(change) > 1e-7 else slope
                me.spared += slope * (tile.service[i] - me.service)
            me.service, me.gap = tile.service[i], gap
            h = p.happy_base + tile.mood[i] + p.happy_service * tile.service[i] + p.happy_gap * gap + more
            h = h + p.happy_belonging * me.belonging - p.happy_hardship * tile.strain[i] - p.happy_grievance * tile.grievance[i]
            out = np.float32(1.0) if tile.jobless[i] > 0 else np.float32(0.0)
            volunteers = np.float32(1.0) if tile.status[i] == VOLUNTEERING else np.float32(0.0)
            h = h - p.happy_idle * out + p.happy_volunteer * volunteers
            h = h - p.happy_fatigue * tile.fatigue[i] - teaching - burden + old - resent
            held = h * 0.3 if tile.status[i] == JAILED else h
            terms[me.jailer] += held - h  # 0 for residents who are not in jail
            limits += unit(held) - held
            adults, mood, idle, busy = adults + 1.0, mood + tile.mood[i], idle + out, busy + volunteers
            service, expectation = service + tile.service[i], expectation + tile.expectation[i]
            spared, excess = spared + me.spared, excess + more
            strain, fatigue = strain + tile.strain[i], fatigue + tile.fatigue[i]
            taught, cared, resents = taught + teaching, cared + old, resents + resent
    terms[SERVICES] += (p.happy_service + p.happy_gap) * service + cared + spared
    terms[SATISFACTION] += excess - spared - p.happy_gap * expectation
    terms[LIVELIHOOD] -= p.happy_hardship * strain + p.happy_idle * idle
    terms[PARTICIPATION] += p.happy_volunteer * busy - p.happy_fatigue * fatigue
    terms[NORMS] -= taught
    terms[CONGESTION] -= burden * adults
    terms[INTEGRATION] -= resents
    terms[CONSTANT] += p.happy_base * adults + mood
    terms[LIMITS] += limits


@kernel
def _disappointment(gap, p):
    """What service below expectation costs beyond what as much above it would bring (at most 0)."""
    return (p.negativity - 1.0) * p.happy_gap * gap if gap < 0.0 else np.float32(0.0)


@tile_kernel
def record_security(tile, community, events, terms, at_once, p):
    """Terms of security; `at_once` receives the immediate effects of stops and of false flags."""
    level = community.offence_level if community.offence_level < 4.0 else np.float32(4.0)
    incident = community.incident_level if community.incident_level < 2.0 else np.float32(2.0)
    patrol = 1.0 - exp(-community.patrol / p.visible)
    safe = p.safe_base - p.safe_offences * level - p.safe_incidents * incident + p.safe_presence * patrol
    safe = safe - p.safe_alarm * community.shock_alarm + p.safe_cameras * community.cameras
    zero = np.float64(0.0)
    adults, worry, believers, protest, limits, stopped, flagged = zero, zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        if tile.age_group[i] > 0:
            believes = np.float32(1.0) if tile.rumour[i] == BELIEVES else np.float32(0.0)
            active = np.float32(0.1) if tile.status[i] == ACTIVE else np.float32(0.0)
            s = safe - p.safe_worry * (tile.risk_aversion[i] - 0.5) - p.safe_rumour * believes - active
            event = events[tile.first + i]
            adults, worry, believers, protest = adults + 1.0, worry + (tile.risk_aversion[i] - 0.5), believers + believes, protest + active
            stopped += np.float64(1.0) if event & STOPPED_FOR_NOTHING else zero
            flagged += np.float64(1.0) if event & FLAGGED else zero
            limits += unit(s) - s
    terms[OFFENDING] -= p.safe_offences * level * adults
    terms[UNREST] -= p.safe_incidents * incident * adults + protest
    terms[POLICING] += p.safe_presence * patrol * adults
    terms[SHOCKS] -= p.safe_alarm * community.shock_alarm * adults
    terms[DETECTION] += p.safe_cameras * community.cameras * adults
    terms[RUMOUR] -= p.safe_rumour * believers
    terms[CONSTANT] += p.safe_base * adults - p.safe_worry * worry
    terms[LIMITS] += limits
    at_once[POLICING] -= p.strength * p.safe_stopped * stopped
    at_once[DETECTION] -= p.strength * p.safe_flagged * flagged


@tile_kernel
def record_legitimacy(tile, community, memory, granted, events, sums, p, pace, first):
    """Legitimacy of every resident by account: each account follows its own terms at the speed of the total.

    What grievance costs is attributed to the mechanisms that added it.
    `pace` is 0 where the mechanism is disabled. If `first`, the accounts start at their terms, and the remainder goes to `START`.
    """
    clear, here = community.clarity, p.transparency * community.transparency
    law = p.clarity * clear - p.rigidity * clear * clear - p.arbitrary * (1.0 - community.clarity)
    around = p.abuse * (community.wrongful_level if community.wrongful_level < 6.0 else np.float32(6.0))
    examined = p.oversight * community.oversight
    police, power = -around, p.scandal * community.corruption * community.transparency - examined
    silenced, admitted = p.silenced * community.hush, p.admitted * community.candour
    heard = p.voice * community.voice
    up, down, size = pace / p.up_weeks, pace / p.down_weeks, pace
    for i in range(tile.count):
        if tile.age_group[i] > 0:
            row = tile.first + i
            mine, before, state = granted[row], memory[row].legitimacy, tile.rumour[i]
            service, voice = p.service * tile.service[i], heard if tile.local[i] == 1 else heard * p.voice_outside
            rumours = silenced + (p.rumour if state == BELIEVES else (admitted if state == ANSWERED else np.float32(0.0)))
            me = memory[row]
            unmet, stirred = p.wronged * me.by_mass_work, p.wronged * me.by_unrest
            rumours = rumours + p.wronged * me.by_rumour
            settled = law - p.wronged * (tile.grievance[i] - me.by_mass_work - me.by_rumour - me.by_unrest)
            settled -= p.kept_waiting * years_open(tile.case_stage[i], tile.case_age[i])
            work = np.float32(0.0) - (p.idle if tile.jobless[i] > 0 else np.float32(0.0))
            raw = p.base + here + settled + police - power + service + work + voice - rumours - unmet - stirred
            target = raw if raw > 0.0 else np.float32(0.0)
            a = up if target > before else down
            a = np.float32(1.0) if first else a
            mine[G_SERVICES] += a * (service - mine[G_SERVICES])
            mine[G_LIVELIHOOD] += a * (work - mine[G_LIVELIHOOD])
            mine[G_PARTICIPATION] += a * (voice - mine[G_PARTICIPATION])
            mine[G_OPENNESS] += a * (here - mine[G_OPENNESS])
            mine[G_POLICING] += a * (police - mine[G_POLICING])
            mine[G_RESOLUTION] += a * (settled - mine[G_RESOLUTION])
            mine[G_INTEGRITY] -= a * (power + mine[G_INTEGRITY])
            mine[G_RUMOUR] -= a * (rumours + mine[G_RUMOUR])
            mine[G_MASS_WORK] -= a * (unmet + mine[G_MASS_WORK])
            mine[G_UNREST] -= a * (stirred + mine[G_UNREST])
            mine[G_LIMITS] += a * (target - raw - mine[G_LIMITS])
            if first:
                mine[G_START] = before - target
            else:
                mine[G_OFFENDING] -= a * mine[G_OFFENDING]
                mine[G_DETECTION] -= a * mine[G_DETECTION]
                mine[G_START] -= a * mine[G_START]
                if events[row] != 0:
                    _meet(mine, events[row], tile.status[i] == JAILED, size, p)
                after = np.float32(0.0) + p.base
                for account in range(len(mine)):
                    after += mine[account]
                mine[G_LIMITS] += unit(after) - after
            for account in range(len(mine)):
                sums[account] += mine[account]


@tile_kernel
def _meet(mine, event, jailed, size, p):
    """Effects of this week's encounters on one resident's legitimacy; who is arrested for a trifle is not jailed."""
    mine[G_POLICING] -= size * p.bad_stop if event & STOPPED_FOR_NOTHING else np.float32(0.0)
    mine[G_POLICING] += size * p.good_stop if event & STOPPED_RIGHTLY else np.float32(0.0)
    mine[G_RESOLUTION] += size * p.won if event & CASE_WON else np.float32(0.0)
    mine[G_RESOLUTION] += size * p.heard if event & CASE_HEARD else np.float32(0.0)
    mine[G_RESOLUTION] -= size * p.lost if event & CASE_LOST else np.float32(0.0)
    mine[G_DETECTION] -= size * p.flagged if event & FLAGGED else np.float32(0.0)
    if event & ARRESTED:
        who = G_OFFENDING if event & OFFENDED else (G_UNREST if jailed & ((event & STOPPED_FOR_NOTHING) == 0) else G_POLICING)
        mine[who] -= size * p.arrest
