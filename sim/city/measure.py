"""The last stage of a week: visible behaviour, counts, and the close of the week.

Sums are integers (see `FIXED`), so they are exact in any order of residents, tiles and communities.
"""

import numpy as np

from sim.city.codes import ACTIVE, BELIEVES, COURT, JAILED, MEDIATION, NEGOTIATION, NONE, OFFICE, VOLUNTEERING
from sim.city.community import FIXED, HISTOGRAM_BINS
from sim.city.ties import NORM_LEVELS, SHOWS_ACTIVE, SHOWS_CALM, SHOWS_DISPUTE, SHOWS_VOLUNTEERING
from sim.kernel import kernel, tile_kernel
from sim.maths import exp

SATISFIED, CONTENT, SAFE = np.float32(0.65), np.float32(0.55), np.float32(0.72)
"""Thresholds above which an adult counts as satisfied, content with services, feeling safe (assumptions)."""
COUNTY, PROVINCE, CENTRE = np.float32(0.23), np.float32(0.725), np.float32(1.0)
"""Weight of messages, against one's own experience of services, in the verdict on the three tiers of government beyond the nearest.

Fitted, with `REPUTE`, to 43.6, 52, 75 and 86.1 % content in China 2003 (Cunningham, Saich, Turiel 2020, seen in a press report), at
services with which 43.6 % are content.
"""
REPUTE = np.float32(0.142)
"""What a farther government's reputation adds to the credibility of its messages; fitted, see `CENTRE`."""
JOINING, SETTLED_IN = np.float32(0.465), np.float32(0.48)
"""Integration above which a resident without local registration joins community activities, feels local (assumptions)."""
OVERDUE = 13
"""Weeks after which a formal case is overdue (assumption)."""
AGGRIEVED = np.float32(0.05)
"""Grievance from which an adult counts as in conflict: about half a year after a case that failed (assumption)."""
REGISTERED_WEEKS = 130
"""Weeks after which a former volunteer is removed from the register (assumption)."""
VOTES = np.array([0.0, 0.14, 0.32, 0.52, 0.78, 0.66], np.float32)
"""Probability that a local resident votes for the committee, by age group, at efficacy 0.5 (14 % under 30, 78 % at 70; rest assumed)."""
VOTES_EFFICACY, VOTES_OUTSIDE = np.float32(0.8), np.float32(0.75)
"""Probability added per unit of efficacy; factor for residents without local registration (assumptions)."""


VOTES_ASKED, USUAL_ASKED = np.float32(0.4), np.float32(0.55)
"""Probability added for those whom somebody asks to vote, and the share of those asked at which `VOTES` hold (assumptions)."""
KNOWN, ESTRANGED, EVENTS = np.float32(0.6), np.float32(0.45), np.float32(0.25)
"""Residents of old neighbourhoods whom neighbours ask to vote; how many fewer in commodity estates; rate at which mutual aid and events
reach residents where they are usual.

Knowing one's neighbours predicts the vote in urban China (Xu, Perkins, Chow 2010, doi:10.1007/s10464-010-9312-2); sizes: assumptions.
"""


@kernel
def asked_to_vote(estates, aid):
    """Share of residents whom a neighbour or an event of the community asks to vote: each reaches some of those whom the other does not."""
    return 1.0 - (1.0 - KNOWN + ESTRANGED * estates) * exp(-EVENTS * aid)


@tile_kernel
def express(tile, scratch, visible, hush):
    """Write the visible behaviour of the tile's residents: civic norm, whether they pass on a rumour, status. Clears the week's events.

    Under suppression `hush`, only believers with a risk aversion of at most 1 - `hush` pass on a rumour.
    """
    first = np.uint64(tile.first)
    open_, levels, cases = 1.0 - hush, scratch[0].view(np.int32), scratch[1].view(np.int32)
    for i in range(tile.count):
        levels[i] = np.int32(tile.norm[i] * NORM_LEVELS + 0.5)
        cases[i] = np.int32(SHOWS_DISPUTE) if tile.case_stage[i] != NONE else np.int32(SHOWS_CALM)
    for i in range(tile.count):
        status = tile.status[i]
        shown = np.int32(SHOWS_VOLUNTEERING) if status == VOLUNTEERING else cases[i]
        shown = np.int32(SHOWS_ACTIVE) if status == ACTIVE else shown
        spreads = (tile.rumour[i] == BELIEVES) & (tile.risk_aversion[i] <= open_)
        visible[first + np.uint64(i)] = np.uint8(levels[i] * 8 + (np.int32(4) if spreads else np.int32(0)) + shown)
        tile.events[i] = np.uint8(0)


@tile_kernel
def keep_grievance(tile, kept):
    """Store residents' grievance at this point of the week, for attribution."""
    for i in range(tile.count):
        kept[tile.first + i] = tile.grievance[i]


@tile_kernel
def keep_events(tile, kept):
    """Store residents' events before they are cleared, for attribution."""
    for i in range(tile.count):
        kept[tile.first + i] = tile.events[i]


@kernel
def _fixed(value, counted):
    """`value` as an integer multiple of 2**-20, or 0 if not counted."""
    return np.int32(value * FIXED) if counted else np.int32(0)


@tile_kernel
def measure(tile, community, scratch, weights, histogram):
    """Add the tile's residents to the counts of the week."""
    now = community.now
    _add_attitudes(tile, now)
    _add_verdicts(tile, now)
    _count(tile, now)
    _count_livelihood(tile, now, VOTES_ASKED * (asked_to_vote(community.estates, community.aid) - USUAL_ASKED))
    _judge(tile, now, scratch[0].view(np.uint32), weights[0], weights[1], weights[2], histogram)


# Each sum is kept in a 32-bit register of its own: a tile holds at most 2**11 residents with at most 2**20 units each.


@tile_kernel
def _add_attitudes(tile, now):
    """Sum adults' attitudes to government, neighbours and themselves."""
    zero = np.int32(0)
    legitimacy, norm, cohesion, efficacy, fatigue, credibility, risk, grievance = zero, zero, zero, zero, zero, zero, zero, zero
    strain, police_trust = zero, zero
    for i in range(tile.count):
        adult = FIXED if tile.age_group[i] > 0 else np.float32(0.0)
        legitimacy = np.int32(legitimacy + np.int32(tile.legitimacy[i] * adult))
        norm = np.int32(norm + np.int32(tile.norm[i] * adult))
        cohesion = np.int32(cohesion + np.int32(tile.cohesion[i] * adult))
        efficacy = np.int32(efficacy + np.int32(tile.efficacy[i] * adult))
        fatigue = np.int32(fatigue + np.int32(tile.fatigue[i] * adult))
        credibility = np.int32(credibility + np.int32(tile.credibility[i] * adult))
        risk = np.int32(risk + np.int32(tile.sanction_risk[i] * adult))
        grievance = np.int32(grievance + np.int32(tile.grievance[i] * adult))
        strain = np.int32(strain + np.int32(tile.strain[i] * adult))
        police_trust = np.int32(police_trust + np.int32(tile.police_trust[i] * adult))
    now.legitimacy += legitimacy
    now.norm += norm
    now.cohesion += cohesion
    now.efficacy += efficacy
    now.fatigue += fatigue
    now.credibility += credibility
    now.sanction_risk += risk
    now.grievance += grievance
    now.strain += strain
    now.police_trust += police_trust


@tile_kernel
def _add_verdicts(tile, now):
    """Sum adults' perceived service and verdicts; some also for adults without local registration."""
    zero = np.int32(0)
    service, expectation, belonging, happiness, security, service_out, belonging_out = zero, zero, zero, zero, zero, zero, zero
    integration, integration_out = zero, zero
    for i in range(tile.count):
        adult = FIXED if tile.age_group[i] > 0 else np.float32(0.0)
        outside = adult if tile.local[i] == 0 else np.float32(0.0)
        service = np.int32(service + np.int32(tile.service[i] * adult))
        expectation = np.int32(expectation + np.int32(tile.expectation[i] * adult))
        belonging = np.int32(belonging + np.int32(tile.belonging[i] * adult))
        happiness = np.int32(happiness + np.int32(tile.happiness[i] * adult))
        security = np.int32(security + np.int32(tile.security[i] * adult))
        service_out = np.int32(service_out + np.int32(tile.service[i] * outside))
        belonging_out = np.int32(belonging_out + np.int32(tile.belonging[i] * outside))
        integration = np.int32(integration + np.int32(tile.integration[i] * adult))
        integration_out = np.int32(integration_out + np.int32(tile.integration[i] * outside))
    now.service += service
    now.expectation += expectation
    now.belonging += belonging
    now.happiness += happiness
    now.security += security
    now.service_nonlocal += service_out
    now.belonging_nonlocal += belonging_out
    now.integration += integration
    now.integration_nonlocal += integration_out


@tile_kernel
def _count(tile, now):
    """Count residents who volunteer, protest, are in jail, or have an open case, by stage."""
    zero = np.int32(0)
    volunteers, year, active, prisoners = zero, zero, zero, zero
    talking, mediating, office, court, overdue = zero, zero, zero, zero, zero
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
        overdue = np.int32(overdue + ((stage > NEGOTIATION) & (tile.case_age[i] > OVERDUE)))
    now.volunteers += volunteers
    now.active += active
    now.prisoners += prisoners
    now.volunteered_year += year
    now.open_negotiation += talking
    now.open_mediation += mediating
    now.open_office += office
    now.open_court += court
    now.overdue += overdue


@kernel
def _votes(age):
    """`VOTES` of an age group: five choices cost less than a look-up that differs by resident."""
    younger = VOTES[1] if age == 1 else (VOTES[2] if age == 2 else VOTES[3])
    return younger if age < 4 else (VOTES[4] if age == 4 else VOTES[5])


@tile_kernel
def _count_livelihood(tile, now, asked):
    """Count residents who are unemployed, registered as volunteers, integrated, or believe a rumour; sum the probability to vote.

    `asked` is added to that of local residents.
    """
    zero = np.int32(0)
    jobless, registered, joining, settled, believers, votes = zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        age = tile.age_group[i]
        adult, outside = age > 0, tile.local[i] == 0
        integration = tile.integration[i]
        jobless = np.int32(jobless + (tile.jobless[i] > 0))
        registered = np.int32(registered + (tile.since_volunteering[i] < REGISTERED_WEEKS))
        joining = np.int32(joining + (adult & outside & (integration >= JOINING)))
        settled = np.int32(settled + (adult & outside & (integration >= SETTLED_IN)))
        believers = np.int32(believers + (adult & (tile.rumour[i] == BELIEVES)))
        chance = (_votes(age) + VOTES_EFFICACY * (tile.efficacy[i] - 0.5) + asked) * (VOTES_OUTSIDE if outside else np.float32(1.0))
        chance = chance if chance > 0.0 else np.float32(0.0)
        votes = np.int32(votes + _fixed(chance if chance < 1.0 else np.float32(1.0), adult))
    now.jobless += jobless
    now.registered += registered
    now.joining += joining
    now.settled_in += settled
    now.believers += believers
    now.votes += votes


@tile_kernel
def _judge(tile, now, bins, w0, w1, w2, histogram):
    """Residents' satisfaction: sum, distribution, and numbers above the thresholds."""
    zero = np.int32(0)
    total, outside, satisfied, content, safe = zero, zero, zero, zero, zero
    involved, theirs, trust, county, province, centre = zero, zero, zero, zero, zero, zero
    for i in range(tile.count):
        adult = tile.age_group[i] > 0
        verdict = w0 * tile.belonging[i] + w1 * tile.happiness[i] + w2 * tile.security[i]
        bin_ = np.int32(verdict * HISTOGRAM_BINS)
        bins[i] = np.uint32(bin_ if bin_ < HISTOGRAM_BINS else HISTOGRAM_BINS - 1)
        total = np.int32(total + _fixed(verdict, adult))
        outside = np.int32(outside + _fixed(verdict, adult & (tile.local[i] == 0)))
        satisfied = np.int32(satisfied + (adult & (verdict >= SATISFIED)))
        content = np.int32(content + (adult & (tile.service[i] >= CONTENT)))
        safe = np.int32(safe + (adult & (tile.security[i] >= SAFE)))
        own, told = tile.service[i], tile.credibility[i] + REPUTE
        county = np.int32(county + (adult & (own + COUNTY * (told - own) >= CONTENT)))
        province = np.int32(province + (adult & (own + PROVINCE * (told - own) >= CONTENT)))
        centre = np.int32(centre + (adult & (own + CENTRE * (told - own) >= CONTENT)))
        conflict = adult & ((tile.case_stage[i] != NONE) | (tile.grievance[i] >= AGGRIEVED))
        involved = np.int32(involved + conflict)
        theirs = np.int32(theirs + _fixed(verdict, conflict))
        trust = np.int32(trust + _fixed(tile.legitimacy[i], conflict))
    for i in range(tile.count):
        histogram[bins[i]] += tile.age_group[i] > 0
    now.satisfaction += total
    now.satisfaction_nonlocal += outside
    now.satisfied += satisfied
    now.content += content
    now.safe += safe
    now.content_county += county
    now.content_province += province
    now.content_centre += centre
    now.in_conflict += involved
    now.satisfaction_in_conflict += theirs
    now.legitimacy_in_conflict += trust


@kernel
def close_week(world):
    """This week's counts become last week's."""
    counts = world.year.shape[1]
    for k in range(len(world.tallies)):
        for j in range(counts):
            world.tallies[k, counts + j] = world.tallies[k, j]
            world.tallies[k, j] = 0


@kernel
def record_week(world, week):
    """Add the week to the history: counts by district, yearly counts by community, and the spread between communities."""
    history, spread = world.history[week], np.float64(0.0)
    mean, square, adults = np.float64(0.0), np.float64(0.0), np.float64(0.0)
    counts = world.year.shape[1]
    for k in range(len(world.tallies)):
        community = world.communities[k]
        d = community.district
        for j in range(counts):
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
    for d in range(len(world.districts)):
        _record_conditions(world, world.districts[d], world.history_conditions[week, d])
    world.history_spread[week] = np.sqrt(spread) if spread > np.float64(0.0) else np.float64(0.0)
    if week % 52 == 51:
        for k in range(world.year.shape[0]):
            for j in range(counts):
                world.history_communities[week // 52, k, j] = world.year[k, j]
                world.year[k, j] = 0


@kernel
def _record_conditions(world, district, kept):
    """Record this week's conditions of the district, in the order of `CONDITIONS`."""
    for k in range(district.first_community, district.last_community):
        community = world.communities[k]
        weight = np.float32(community.residents) / np.float32(district.residents)
        kept[0] += weight * community.exposure
        kept[1] += weight * community.chill
        kept[2] += weight * community.hush
        kept[3] += weight * community.burden
    kept[4], kept[5] = district.performance, district.reported
