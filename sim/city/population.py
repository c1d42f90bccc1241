"""People in households in communities in sub-districts in districts.

Draws people from the sizes of communities (see `sim.city.layout`). Shares by age follow the 2020 census of large Chinese cities in
round numbers (a tenth children, a quarter over 60, non-local residents younger); values without a source are assumptions.
"""

import numpy as np

from sim.city.codes import CALM, FIRST_WORKING, JAILED, LAST_WORKING, NEGOTIATION, OFFICE, VOLUNTEERING
from sim.city.layout import POPULATION
from sim.draws import bell, random_key, uniform
from sim.kernel import driver, kernel
from sim.maths import clip, exp, first_above, unit

LOCAL_AGES = (0.125, 0.355, 0.615, 0.90)  # cumulative shares of adults: 18-29, 30-44, 45-59, 60-74
NONLOCAL_AGES = (0.28, 0.70, 0.92, 0.99)
MOOD, LENIENCY = np.float32(0.20), np.float32(0.12)  # SD of happiness .86 on 1 to 5 (survey); of perceived service: assumption
PRONE = np.float32(1.114)  # SD of the log of proneness: a squared coefficient of variation of 2.46, see sim/mechanisms/disputes.py
CHILD_BEYOND_TWO = 0.42  # probability that the third and later members of a household are children
TYPES = (0.50, 0.83, 0.97)  # cumulative: conditional, free riding, hump-shaped (Fischbacher et al. 2001, doi:10.1016/S0165-1765(01)00394-9)


@kernel
def _age(u, local):
    shares = LOCAL_AGES if local else NONLOCAL_AGES
    group = 1
    for s in range(4):
        group += u >= shares[s]
    return group


@kernel
def _start(tile, i, community, key, me):
    """Draw the initial state of a resident, near the fixed point of the default policy."""
    local = tile.local[i]
    quality = 0.69 if local else 0.535
    tile.service[i] = unit(quality + tile.leniency[i] - 0.20 * (tile.hardship[i] - 0.4))
    tile.expectation[i] = unit(0.25 * 0.69 + 0.75 * tile.service[i] + 0.03)
    tile.legitimacy[i] = unit((0.68 if local else 0.62) + 0.05 * bell(key, me, 24))
    tile.norm[i] = unit(tile.norm_anchor[i] + 0.066)
    settled = 0.62 - 0.04 * (community.estates - 0.4) - (0.0 if local else 0.08)
    settled += 0.02 * community.bonds + 0.3 * tile.mood[i]
    tile.cohesion[i] = unit(settled - 0.15 * (tile.hardship[i] - 0.4) + 0.04 * bell(key, me, 28))
    tile.efficacy[i] = unit(0.50 + 0.06 * bell(key, me, 36))
    tile.sanction_risk[i] = 0.22
    tile.belonging[i] = unit((0.655 if local else 0.48) + 0.60 * (tile.cohesion[i] - (0.62 if local else 0.54)))
    tile.happiness[i] = unit(0.683 + tile.mood[i] + 0.35 * (tile.service[i] - 0.62) - 0.20 * (tile.hardship[i] - 0.41))
    tile.security[i] = unit(0.86 - 0.35 * (tile.risk_aversion[i] - 0.5))
    tile.police_trust[i] = unit((0.70 if local else 0.66) - 0.10 * (tile.risk_aversion[i] - 0.5))
    tile.credibility[i] = 0.62
    tile.strain[i] = tile.hardship[i]
    lived = uniform(key, me, 43)
    tile.tenure[i] = 65535 if local else np.uint16(np.int32(1040.0 * lived * lived))
    years = np.float32(tile.tenure[i])
    tile.integration[i] = 1.0 if local else unit(0.21 + 0.40 * years / (years + 260.0))
    working = (tile.age_group[i] >= FIRST_WORKING) & (tile.age_group[i] <= LAST_WORKING)
    w = uniform(key, me, 44)
    tile.jobless[i] = np.uint8(2 + np.int32(w * 500.0)) if working & (w < 0.05) else 0
    volunteers = 0.07 * tile.engagement[i] if tile.age_group[i] > 0 else np.float32(0.0)
    u = uniform(key, me, 40)
    tile.status[i] = VOLUNTEERING if u < volunteers else CALM
    tile.fatigue[i] = 0.6 * uniform(key, me, 42) if u < volunteers else np.float32(0.0)
    tile.since_volunteering[i] = (
        0 if u < volunteers else (np.uint8(np.int32((u - 0.07) * 1900.0)) if (u < 0.20) & (tile.age_group[i] > 0) else 255)
    )
    v = uniform(key, me, 41) / tile.proneness[i]
    if v < 0.0066 and tile.age_group[i] > 0:
        tile.case_stage[i] = NEGOTIATION if v < 0.0050 else OFFICE
        tile.case_age[i] = np.uint8(v * 400.0)
    if u > 0.99875 and tile.age_group[i] > 0:
        tile.status[i] = JAILED
        tile.weeks_left[i] = np.uint8(1 + np.int32((u - 0.99875) / 0.00125 * 56.0))


@driver
def people(tiles, communities, nonlocal_share, households, seed, k0, k1):
    """Draw the people of communities `k0` to `k1` (exclusive), household by household."""
    key = random_key(seed, POPULATION, 1)
    for k in range(k0, k1):
        community = communities[k]
        position, size = 0, 0
        adults, nonlocals, hardship = 0, 0, np.float64(0.0)
        local, home_hardship = True, np.float32(0.0)
        for t in range(community.first_tile, community.last_tile):
            tile = tiles[t]
            offset = (t - community.first_tile) * tile.norm.size
            tile.first = community.first + offset
            tile.community = k
            tile.count = min(tile.norm.size, community.residents - offset)
            for i in range(tile.count):
                me = tile.first + i
                if position == size:  # a new household begins
                    size = 1 + first_above(households, np.float64(uniform(key, me, 0)))
                    size = min(size, community.first + community.residents - me)
                    position = 0
                    local = uniform(key, me, 1) >= nonlocal_share[k]
                    home_hardship = community.hardship + 0.12 * bell(key, me, 2) + (0.0 if local else 0.03)
                child = position >= 2 and uniform(key, me, 6) < CHILD_BEYOND_TWO
                tile.local[i] = local
                tile.age_group[i] = 0 if child else _age(uniform(key, me, 7), local)
                tile.household_place[i] = position
                tile.household_size[i] = size
                tile.hardship[i] = unit(home_hardship + 0.06 * bell(key, me, 8))
                tile.risk_aversion[i] = uniform(key, me, 12)
                tile.susceptibility[i] = 0.2 + 0.6 * uniform(key, me, 13)
                tile.confidence_bound[i] = 0.15 + 0.45 * uniform(key, me, 14)
                tile.norm_anchor[i] = clip(0.60 + 0.13 * bell(key, me, 15), np.float32(0.02), np.float32(0.98))
                tile.engagement[i] = exp(0.7 * bell(key, me, 19) - 0.245)  # log-normal with mean 1 and SD of the log .7
                tile.proneness[i] = exp(PRONE * bell(key, me, 56) - 0.5 * PRONE * PRONE)
                tile.mood[i], tile.leniency[i] = MOOD * bell(key, me, 48), LENIENCY * bell(key, me, 52)
                u = uniform(key, me, 23)
                tile.cooperation[i] = (u >= TYPES[0]) + (u >= TYPES[1]) + (u >= TYPES[2])
                _start(tile, i, community, key, me)
                adults += tile.age_group[i] > 0
                nonlocals += (tile.age_group[i] > 0) & (not local)
                hardship += tile.hardship[i]
                position += 1
        community.adults = adults
        community.nonlocals = nonlocals
        community.hardship = np.float32(hardship / community.residents)
