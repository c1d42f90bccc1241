"""What goes on in a resident's head: service, taking part, trust, norms, legitimacy, satisfaction.

Every rule takes the resident `r`, the community `c`, parameters `p` and luck; it reads last week's world and changes the resident alone.
"""

from sim.city.codes import ACTIVE, ARRESTED, CALM, CASE_LOST, CASE_WON, JAILED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY, VOLUNTEERING
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_DISPUTE, SHOWS_VOLUNTEERING, TIES

from .draws import exp, tanh, unit

ONE = 2**20


def look_around(r, c, shown, number):
    """Look at the ten ties: near ones are counted from the community's first resident."""
    levels = volunteering = active = dispute = 0
    for other in (*r.far, *[c.first + near for near in r.near]):
        level, does = shown[other]
        levels += level
        volunteering += does == SHOWS_VOLUNTEERING
        active += does == SHOWS_ACTIVE
        dispute += does == SHOWS_DISPUTE
    r.seen = (levels, volunteering, active, dispute)
    r.peers_norm = number(levels) / (NORM_LEVELS * TIES)
    r.peers_volunteering = number(volunteering) / TIES


def working_age(r):
    """From 18 to 59."""
    return 0 < r.age_group < 4


def services(r, c, p, luck):
    """P moves to quality * access - inequality * (H - 0.4)."""
    access = 1.0 if r.local else p.access_floor + (1.0 - p.access_floor) * c.migrant_access
    target = unit(c.service_quality[r.age_group] * access - p.inequality * (r.hardship - 0.4))
    r.service += p.strength / p.weeks * (target - r.service)


def reciprocity(r, p):
    """What a person's cooperation type makes of the volunteers around."""
    example = tanh(r.peers_volunteering / p.usual - 1.0)
    if r.cooperation == 0:
        return p.conditional * example
    if r.cooperation == 1:
        return p.free_riding
    if r.cooperation == 2:
        return p.conditional * (example if example < 0.5 else 1.0 - example)
    return p.unconditional


def participation(r, c, p, luck):
    """Join or quit; tire or rest; believe more or less that it matters."""
    push = reciprocity(r, p) + p.efficacy * (r.efficacy - 0.5) + p.cohesion * (r.cohesion - 0.55) + p.norm * (r.norm - 0.64)
    push += p.organisations * (c.aid - 1.0) - p.fatigue * r.fatigue - p.capture * (c.capture - 0.2)
    push -= p.crowding_out * (r.service - 0.62) + p.chill * c.wrongful_level
    u, burns = luck(r.number, 0), False
    if r.status == CALM and r.age_group > 0:
        if u < p.strength * p.join * c.posts_open * r.engagement * exp(push):
            r.status = VOLUNTEERING
            c.now["joined"] += 1
    elif r.status == VOLUNTEERING and u < p.strength * p.quit * exp(p.fatigue_quits * r.fatigue):
        burns = r.fatigue > p.burn_out
        r.status = CALM
        c.now["left"] += 1
        c.now["burned_out"] += burns
    busy = r.status == VOLUNTEERING
    tired = r.fatigue - r.fatigue * (p.strength / p.rest_weeks)
    if busy:
        tired += p.tiring * c.hours_load * p.strength
    r.fatigue = min(tired if tired > 1e-6 else 0.0, 1.0)
    voice = c.voice if r.local else c.voice * p.voice_outside
    target = 0.34 + p.voice * min(voice, 2.0) + (0.05 if busy else 0.0)
    r.efficacy += p.strength / p.efficacy_weeks * (target - r.efficacy)
    r.efficacy = min(max(r.efficacy - (p.disappointment if burns else 0.0), 0.0), 1.0)
    r.since_volunteering = 0 if busy else min(r.since_volunteering + 1, 255)


def collective_efficacy(r, c, p, luck):
    """Trust in neighbours moves to what shared work, aid, offences and hardship make of it."""
    here = p.base + p.aid * c.aid - p.offences * min(c.offence_level, 4.0)
    target = here + min(p.volunteering / p.usual * r.peers_volunteering, 0.2) - p.hardship * (r.hardship - 0.41)
    target = unit(target if r.local else target - p.newcomer)
    r.cohesion += p.strength / p.weeks * (target - r.cohesion)


def taught(r, c, p):
    """What school (for the young and for parents above all), family and work add to the anchor."""
    school = p.school * c.school
    added = (school if r.age_group < 3 else 0.4 * school) + p.family * c.family
    return added + (p.workplace * c.work_ethic if working_age(r) else 0.0)


def norms(r, c, p, luck):
    """Peers, anchor and message pull the norm; credibility follows what messages claim against what life gives."""
    drawn = r.susceptibility * (r.peers_norm - r.norm) + (1.0 - r.susceptibility) * (r.norm_anchor + taught(r, c, p) - 0.04 - r.norm)
    gap, bound = p.message - r.norm, p.bound * r.confidence_bound
    pull = gap if -bound < gap < bound else p.backlash * bound * (-1.0 if gap > 0.0 else 1.0)
    kappa = p.kappa * c.message
    disbelief = p.claim * (0.875 + 0.125 * c.message) - 0.5 * (r.service + r.legitimacy)
    believable = unit(0.65 - p.distrust * (disbelief - 0.10))
    r.norm = unit(r.norm + p.step * p.strength * (drawn + kappa * r.credibility * pull))
    r.credibility += p.strength / p.credibility_weeks * (believable - r.credibility)


def procedural_justice(r, c, p, luck):
    """L moves to L* slowly upwards and faster downwards; encounters leave their mark at once."""
    here = p.base + p.transparency * c.transparency + p.oversight * c.oversight + p.clarity * c.clarity
    here = here - p.rigidity * c.clarity * c.clarity - p.abuse * min(c.wrongful_level, 6.0)
    voice = p.voice * min(c.voice, 2.0)
    gap = here + p.service * r.service + (voice if r.local else voice * p.voice_outside) - r.legitimacy
    met = 0.0
    for event, felt in (
        (STOPPED_FOR_NOTHING, -p.bad_stop),
        (STOPPED_RIGHTLY, p.good_stop),
        (CASE_WON, p.won),
        (CASE_LOST, -p.lost),
        (ARRESTED, -p.arrest),
    ):
        if r.events & event:
            met += felt
    pace = p.strength / (p.up_weeks if gap > 0.0 else p.down_weeks)
    r.legitimacy = unit(r.legitimacy + gap * pace + p.strength * met)


def local_service(c):
    """Mean service of the adults with local registration, last week."""
    return (c.last["service"] - c.last["service_nonlocal"]) / ((c.adults - c.nonlocals) * ONE + 1.0)


def expect(r, c, p):
    """Expectations follow own experience, local neighbours and promises, faster up than down."""
    target = min((1.0 - p.own) * local_service(c) + p.promise * c.message + p.openness * c.transparency + p.own * r.service, 1.0)
    gap = target - r.expectation
    r.expectation += gap * (p.strength / (p.expectation_up if gap > 0.0 else p.expectation_down))


def belonging(r, c, p):
    """Where belonging moves: trust, own volunteering, voice; for the non-local access against exclusion."""
    target = p.belong_base + p.belong_cohesion * r.cohesion + (p.belong_volunteer if r.status == VOLUNTEERING else 0.0)
    if r.local:
        return unit(target + p.belong_voice * min(c.voice, 2.0))
    outside = p.belong_outside - p.belong_access * c.migrant_access + p.belong_exclusion * max(c.collective_efficacy - 0.5, 0.0)
    return unit(target - outside)


def happiness(r, c, p):
    """Where happiness moves: service and how it compares with what was expected, belonging, and what weighs on it."""
    target = p.happy_base + p.happy_service * r.service + p.happy_gap * (r.service - r.expectation)
    target = target + p.happy_belonging * r.belonging - p.happy_hardship * r.hardship - p.happy_grievance * r.grievance
    target = target - p.happy_fatigue * r.fatigue - (p.happy_pressure * c.work_ethic if working_age(r) else 0.0)
    return unit(target * 0.3 if r.status == JAILED else target)


def security(r, c, p):
    """Where security moves: offences and incidents around, police in sight, one's own caution."""
    safe = p.safe_base - p.safe_offences * min(c.offence_level, 4.0) - p.safe_incidents * min(c.incident_level, 2.0)
    target = safe + p.safe_presence * min(c.patrol, 2.0) - p.safe_worry * (r.risk_aversion - 0.5)
    return unit(target - 0.1 if r.status == ACTIVE else target)


def satisfaction(r, c, p, luck):
    """Expectation first; then the three verdicts move to their targets, all from the state before."""
    expect(r, c, p)
    pace = p.strength / p.weeks
    targets = belonging(r, c, p), happiness(r, c, p), security(r, c, p)
    shock = p.strength * p.safe_stopped if r.events & STOPPED_FOR_NOTHING else 0.0
    r.belonging += pace * (targets[0] - r.belonging)
    r.happiness += pace * (targets[1] - r.happiness)
    r.security = max(r.security + pace * (targets[2] - r.security) - shock, 0.0)
