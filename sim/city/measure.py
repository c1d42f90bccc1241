"""The last phase of a week: what people show next, what is counted, and how the week closes.

Sums are kept as whole numbers (see `FIXED`), so they are exact in any order of residents, tiles and communities.
"""

import numpy as np

from sim.city.codes import ACTIVE, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import FIXED, HISTOGRAM_BINS, LAST
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_CALM, SHOWS_DISPUTE, SHOWS_VOLUNTEERING
from sim.kernel import kernel, phase

SATISFIED, CONTENT, SAFE = np.float32(0.65), np.float32(0.55), np.float32(0.72)
"""Lines above which an adult counts as satisfied, content with services, feeling safe (assumptions)."""


@phase
def express(tile, visible):
    """Write what everyone in the tile shows: civic norm in 6 bits, status in 2. The week's events are forgotten."""
    first = np.uint64(tile.first)
    for i in range(tile.count):
        status, stage = tile.status[i], tile.case_stage[i]
        shown = np.int32(SHOWS_DISPUTE) if stage != NONE else np.int32(SHOWS_CALM)
        shown = np.int32(SHOWS_VOLUNTEERING) if status == VOLUNTEERING else shown
        shown = np.int32(SHOWS_ACTIVE) if status == ACTIVE else shown
        level = np.int32(tile.norm[i] * NORM_LEVELS + 0.5)
        visible[first + np.uint64(i)] = np.uint8(level * 4 + shown)
        tile.events[i] = np.uint8(0)


@kernel
def _fixed(value, counted):
    """`value` in whole units of 2**-20, or 0 for somebody who is not counted."""
    return np.int32(value * FIXED) if counted else np.int32(0)


@phase
def measure(tile, community, weights, histogram):
    """Add everyone in the tile to the counts of the week."""
    now = community.now
    _add_attitudes(tile, now)
    _add_verdicts(tile, now)
    _count(tile, now)
    _judge(tile, now, weights[0], weights[1], weights[2], histogram)


# Each sum lives in a register of its own, 32 bits wide: a tile holds at most 2**11 residents of at most 2**20 units.


@phase
def _add_attitudes(tile, now):
    """What adults think and feel about government, others and themselves."""
    zero = np.int32(0)
    legitimacy, norm, cohesion, efficacy, fatigue, credibility, risk, grievance = zero, zero, zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        adult = tile.age_group[i] > 0
        legitimacy = np.int32(legitimacy + _fixed(tile.legitimacy[i], adult))
        norm = np.int32(norm + _fixed(tile.norm[i], adult))
        cohesion = np.int32(cohesion + _fixed(tile.cohesion[i], adult))
        efficacy = np.int32(efficacy + _fixed(tile.efficacy[i], adult))
        fatigue = np.int32(fatigue + _fixed(tile.fatigue[i], adult))
        credibility = np.int32(credibility + _fixed(tile.credibility[i], adult))
        risk = np.int32(risk + _fixed(tile.sanction_risk[i], adult))
        grievance = np.int32(grievance + _fixed(tile.grievance[i], adult))
    now.legitimacy += legitimacy
    now.norm += norm
    now.cohesion += cohesion
    now.efficacy += efficacy
    now.fatigue += fatigue
    now.credibility += credibility
    now.sanction_risk += risk
    now.grievance += grievance


@phase
def _add_verdicts(tile, now):
    """What adults get and how they feel about it; some of it for adults without local registration too."""
    zero = np.int32(0)
    service, expectation, belonging, happiness, security, service_out, belonging_out = zero, zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        adult = tile.age_group[i] > 0
        outside = adult & (tile.local[i] == 0)
        service = np.int32(service + _fixed(tile.service[i], adult))
        expectation = np.int32(expectation + _fixed(tile.expectation[i], adult))
        belonging = np.int32(belonging + _fixed(tile.belonging[i], adult))
        happiness = np.int32(happiness + _fixed(tile.happiness[i], adult))
        security = np.int32(security + _fixed(tile.security[i], adult))
        service_out = np.int32(service_out + _fixed(tile.service[i], outside))
        belonging_out = np.int32(belonging_out + _fixed(tile.belonging[i], outside))
    now.service += service
    now.expectation += expectation
    now.belonging += belonging
    now.happiness += happiness
    now.security += security
    now.service_nonlocal += service_out
    now.belonging_nonlocal += belonging_out


@phase
def _count(tile, now):
    """How many volunteer, protest, sit in jail, wait for what."""
    zero = np.int32(0)
    volunteers, year, active, prisoners = zero, zero, zero, zero
    talking, mediating, office, court = zero, zero, zero, zero
    for i in range(tile.count):
        status, stage = tile.status[i], tile.case_stage[i]
        volunteers = np.int32(volunteers + (status == VOLUNTEERING))
        active = np.int32(active + (status == ACTIVE))
        prisoners = np.int32(prisoners + (status == JAILED))
        year = np.int32(year + (tile.since_volunteering[i] < 52))
        talking = np.int32(talking + (stage == NEGOTIATION))
        mediating = np.int32(mediating + (stage == MEDIATION))
        office = np.int32(office + (stage == OFFICE))
        court = np.int32(court + (stage == COURT))
    now.volunteers += volunteers
    now.active += active
    now.prisoners += prisoners
    now.volunteered_year += year
    now.open_negotiation += talking
    now.open_mediation += mediating
    now.open_office += office
    now.open_court += court


@phase
def _judge(tile, now, w0, w1, w2, histogram):
    """Satisfaction of everyone: its sum, its distribution, and shares above the lines."""
    zero = np.int32(0)
    total, outside, satisfied, content, safe = zero, zero, zero, zero, zero
    for i in range(tile.count):
        adult = tile.age_group[i] > 0
        verdict = w0 * tile.belonging[i] + w1 * tile.happiness[i] + w2 * tile.security[i]
        total = np.int32(total + _fixed(verdict, adult))
        outside = np.int32(outside + _fixed(verdict, adult & (tile.local[i] == 0)))
        satisfied = np.int32(satisfied + (adult & (verdict >= SATISFIED)))
        content = np.int32(content + (adult & (tile.service[i] >= CONTENT)))
        safe = np.int32(safe + (adult & (tile.security[i] >= SAFE)))
    for i in range(tile.count):
        verdict = w0 * tile.belonging[i] + w1 * tile.happiness[i] + w2 * tile.security[i]
        bin_ = np.uint32(np.int32(verdict * HISTOGRAM_BINS))
        histogram[bin_ if bin_ < HISTOGRAM_BINS else np.uint32(HISTOGRAM_BINS - 1)] += tile.age_group[i] > 0
    now.satisfaction += total
    now.satisfaction_nonlocal += outside
    now.satisfied += satisfied
    now.content += content
    now.safe += safe


@kernel
def close_week(world):
    """What was counted this week becomes last week's."""
    for k in range(len(world.tallies)):
        for j in range(LAST):
            world.tallies[k, LAST + j] = world.tallies[k, j]
            world.tallies[k, j] = 0


@kernel
def record_week(world, week):
    """Add the week to the history: by district, over the year by community, and the spread between communities."""
    history, spread = world.history[week], np.float64(0.0)
    mean, square, adults = np.float64(0.0), np.float64(0.0), np.float64(0.0)
    for k in range(len(world.tallies)):
        community = world.communities[k]
        d = community.district
        for j in range(LAST):
            history[d, j] += world.tallies[k, j]
            world.year[k, j] += world.tallies[k, j]
        for b in range(HISTOGRAM_BINS):
            world.history_histogram[week, d, b] += world.histogram[k, b]
            world.histogram[k, b] = 0
        people = np.float64(community.adults)
        if people > 0:
            level = np.float64(community.now.satisfaction) / np.float64(1048576) / people
            adults += people
            mean += people * level
            square += people * level * level
    if adults > 0:
        mean = mean / adults
        spread = square / adults - mean * mean
    world.history_spread[week] = np.sqrt(spread) if spread > np.float64(0.0) else np.float64(0.0)
    if week % 52 == 51:
        for k in range(world.year.shape[0]):
            for j in range(LAST):
                world.history_communities[week // 52, k, j] = world.year[k, j]
                world.year[k, j] = 0
