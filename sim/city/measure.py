"""The last phase of a week: what people show next, what is counted, and how the week closes.

Sums are kept as whole numbers (see `FIXED`), so they are exact in any order of residents, tiles and communities.
"""

import numpy as np

from sim.city.community import HISTOGRAM_BINS
from sim.city.resident import ACTIVE, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_CALM, SHOWS_DISPUTE, SHOWS_VOLUNTEERING
from sim.kernel import kernel

SATISFIED, CONTENT, SAFE = np.float32(0.60), np.float32(0.53), np.float32(0.60)
"""Lines above which an adult counts as satisfied, content with services, feeling safe (assumptions)."""


@kernel
def express(tile, visible):
    """Write what everyone in the tile shows: civic norm in 6 bits, status in 2. The week's events are forgotten."""
    first = tile.first
    for i in range(tile.count):
        status, stage = tile.status[i], tile.case_stage[i]
        shown = np.uint8(SHOWS_DISPUTE) if stage != NONE else np.uint8(SHOWS_CALM)
        shown = np.uint8(SHOWS_VOLUNTEERING) if status == VOLUNTEERING else shown
        shown = np.uint8(SHOWS_ACTIVE) if status == ACTIVE else shown
        level = np.uint8(np.int32(tile.norm[i] * NORM_LEVELS + 0.5))
        visible[first + i] = np.uint8((level << np.uint8(2)) | shown)
        tile.events[i] = np.uint8(0)


@kernel
def _total(column, adult, count):
    """Sum of a column over adults, in units of 2**-20."""
    total = np.int32(0)
    for i in range(count):
        value = np.int32(column[i] * 1048576.0)
        total += value if adult[i] > 0 else np.int32(0)
    return np.int64(total)


@kernel
def _total_nonlocal(column, adult, local, count):
    """The same over adults without local registration."""
    total = np.int32(0)
    for i in range(count):
        value = np.int32(column[i] * 1048576.0)
        total += value if (adult[i] > 0) & (local[i] == 0) else np.int32(0)
    return np.int64(total)


@kernel
def measure(tile, community, weights, histogram):
    """Add everyone in the tile to the counts of the week."""
    now, n, adult = community.now, tile.count, tile.age_group
    now.legitimacy += _total(tile.legitimacy, adult, n)
    now.norm += _total(tile.norm, adult, n)
    now.cohesion += _total(tile.cohesion, adult, n)
    now.efficacy += _total(tile.efficacy, adult, n)
    now.fatigue += _total(tile.fatigue, adult, n)
    now.credibility += _total(tile.credibility, adult, n)
    now.service += _total(tile.service, adult, n)
    now.expectation += _total(tile.expectation, adult, n)
    now.grievance += _total(tile.grievance, adult, n)
    now.sanction_risk += _total(tile.sanction_risk, adult, n)
    now.belonging += _total(tile.belonging, adult, n)
    now.happiness += _total(tile.happiness, adult, n)
    now.security += _total(tile.security, adult, n)
    now.service_nonlocal += _total_nonlocal(tile.service, adult, tile.local, n)
    now.belonging_nonlocal += _total_nonlocal(tile.belonging, adult, tile.local, n)
    _count(tile, now)
    _judge(tile, now, weights, histogram)


@kernel
def _count(tile, now):
    """How many volunteer, protest, sit in jail, wait for what."""
    volunteers, year, active, prisoners = 0, 0, 0, 0
    talking, mediating, office, court = 0, 0, 0, 0
    for i in range(tile.count):
        status, stage = tile.status[i], tile.case_stage[i]
        volunteers += status == VOLUNTEERING
        active += status == ACTIVE
        prisoners += status == JAILED
        year += tile.since_volunteering[i] < 52
        talking += stage == NEGOTIATION
        mediating += stage == MEDIATION
        office += stage == OFFICE
        court += stage == COURT
    now.volunteers += volunteers
    now.active += active
    now.prisoners += prisoners
    now.volunteered_year += year
    now.open_negotiation += talking
    now.open_mediation += mediating
    now.open_office += office
    now.open_court += court


@kernel
def _judge(tile, now, weights, histogram):
    """Satisfaction of everyone: its sum, its distribution, and shares above the lines."""
    w0, w1, w2 = weights[0], weights[1], weights[2]
    total, outside = np.int64(0), np.int64(0)
    satisfied, content, safe = 0, 0, 0
    for i in range(tile.count):
        adult = tile.age_group[i] > 0
        verdict = w0 * tile.belonging[i] + w1 * tile.happiness[i] + w2 * tile.security[i]
        fixed = np.int64(np.int32(verdict * 1048576.0))
        total += fixed if adult else 0
        outside += fixed if adult & (tile.local[i] == 0) else 0
        satisfied += adult & (verdict >= SATISFIED)
        content += adult & (tile.service[i] >= CONTENT)
        safe += adult & (tile.security[i] >= SAFE)
    for i in range(tile.count):
        if tile.age_group[i] > 0:
            verdict = w0 * tile.belonging[i] + w1 * tile.happiness[i] + w2 * tile.security[i]
            bin_ = np.int32(verdict * HISTOGRAM_BINS)
            histogram[bin_ if bin_ < HISTOGRAM_BINS else HISTOGRAM_BINS - 1] += 1
    now.satisfaction += total
    now.satisfaction_nonlocal += outside
    now.satisfied += satisfied
    now.content += content
    now.safe += safe


@kernel
def close_week(world):
    """What was counted this week becomes last week's."""
    for k in range(world.now.shape[0]):
        for j in range(world.now.shape[1]):
            world.last[k, j] = world.now[k, j]
            world.now[k, j] = 0


@kernel
def record_week(world, week):
    """Add the week to the history: by district, over the year by community, and the spread between communities."""
    history, spread = world.history[week], np.float64(0.0)
    counts = world.now.shape[1]
    mean, square, adults = np.float64(0.0), np.float64(0.0), np.float64(0.0)
    for k in range(world.now.shape[0]):
        community = world.communities[k]
        d = community.district
        for j in range(counts):
            history[d, j] += world.now[k, j]
            world.year[k, j] += world.now[k, j]
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
        world.history_communities[week // 52] = world.year
        world.year[:] = 0


