"""People in households in communities in sub-districts in districts.

From a preset (figures of a real city) to the sizes of every place, and from those to people. Shares by age follow
the 2020 census of large Chinese cities in round numbers (a tenth children, a quarter over 60, non-local residents younger); where
no figure is named the value is an assumption.
"""

from typing import NamedTuple

import numpy as np

from sim.city.community import COMMUNITY
from sim.city.resident import CALM, JAILED, NEGOTIATION, OFFICE, VOLUNTEERING
from sim.draws import bell, luck_of, stream, uniform
from sim.kernel import driver, kernel
from sim.maths import clip, exp, exp2, unit

POPULATION = stream("population")
LOCAL_AGES = (0.125, 0.355, 0.615, 0.90)  # cumulative shares of adults: 18-29, 30-44, 45-59, 60-74
NONLOCAL_AGES = (0.28, 0.70, 0.92, 0.99)
CHILD_BEYOND_TWO = 0.42  # chance that the third and later members of a household are children
TYPES = (0.50, 0.83, 0.97)  # cumulative: conditional, free riding, hump-shaped (Fischbacher et al. 2001, doi:10.1016/S0165-1765(01)00394-9)
LARGEST_HOUSEHOLD = 6


class Plan(NamedTuple):
    """Sizes of all places: who lives where, before anyone is drawn."""

    communities: np.ndarray  # records of COMMUNITY, filled but for people
    nonlocal_share: np.ndarray  # per district
    subdistrict_district: np.ndarray  # district of each sub-district
    households: np.ndarray  # cumulative shares of household sizes 1, 2, ...


def apportion(total: int, weights) -> np.ndarray:
    """Whole numbers that sum to `total`, in proportion to `weights` (largest remainders, ties to the earlier)."""
    weights = np.asarray(weights, dtype=np.float64)
    exact = weights * (total / weights.sum())
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def household_shares(mean: float) -> np.ndarray:
    """Cumulative shares of household sizes 1 to 6 when size - 1 is Poisson (cut at 6)."""
    rate = mean - 1.0
    share = [float(exp2(-rate / 0.6931471805599453))]
    for extra in range(1, LARGEST_HOUSEHOLD):
        share.append(share[-1] * rate / extra)
    return np.cumsum(share) / np.sum(share)


def plan_places(preset, residents: int, community_size: int, tile: int, seed: int) -> Plan:
    """Lay out districts, sub-districts and communities for `residents` people.

    Every district of the preset exists at every scale and has at least one sub-district and community.
    """
    districts = preset.districts
    people = apportion(residents, [d.population for d in districts])
    scale = residents / sum(d.population for d in districts)
    units = preset.subdistrict_units * scale
    rows, subdistrict_district = [], []
    for d, size in enumerate(people):
        if size == 0:
            raise ValueError(f"district {districts[d].name} has no resident at this scale")
        n_sub = max(1, min(round(units * size / residents), int(size) // (community_size // 2) or 1))
        for in_sub in apportion(int(size), np.ones(n_sub)):
            n_communities = max(1, round(int(in_sub) / community_size))
            rows += [(d, len(subdistrict_district), int(n)) for n in apportion(int(in_sub), np.ones(n_communities))]
            subdistrict_district.append(d)
    communities = np.zeros(len(rows), COMMUNITY)
    communities["district"], communities["subdistrict"], communities["residents"] = np.array(rows).T
    communities["first"] = np.cumsum(communities["residents"]) - communities["residents"]
    tiles = -(-communities["residents"] // tile)
    communities["last_tile"] = np.cumsum(tiles)
    communities["first_tile"] = communities["last_tile"] - tiles
    _place(communities, districts, seed)
    overall = preset.nonlocal_share
    nonlocal_share = np.array([overall if d.nonlocal_share is None else d.nonlocal_share for d in districts], dtype=np.float32)
    return Plan(communities, nonlocal_share, np.array(subdistrict_district, np.int32), household_shares(preset.household_size))


def _place(communities: np.ndarray, districts, seed: int) -> None:
    """Give each community a position around its district's centre, and a level of hardship."""
    luck = luck_of(np.uint64(seed), POPULATION, 0)
    for k in range(len(communities)):
        district = districts[communities["district"][k]]
        spread = 0.02 * (district.population / 1000.0) ** 0.5  # km: about 900 people per square km of a district's core
        communities["x"][k] = district.x + spread * float(bell(luck, k, 0))
        communities["y"][k] = district.y + spread * float(bell(luck, k, 4))
        communities["hardship"][k] = min(0.9, max(0.1, 0.4 + 0.10 * float(bell(luck, k, 8))))


@kernel
def _age(u, local):
    shares = LOCAL_AGES if local else NONLOCAL_AGES
    group = 1
    for s in range(4):
        group += u >= shares[s]
    return group


@kernel
def _start(tile, i, community, luck, me):
    """State at the start: near the fixed point of the reference city."""
    local = tile.local[i]
    quality = 0.69 if local else 0.535
    tile.service[i] = unit(quality - 0.20 * (tile.hardship[i] - 0.4))
    tile.expectation[i] = unit(0.25 * 0.69 + 0.75 * tile.service[i] + 0.03)
    tile.legitimacy[i] = unit(0.70 + 0.06 * bell(luck, me, 24))
    tile.norm[i] = unit(tile.norm_anchor[i] + 0.05)
    tile.cohesion[i] = unit(0.58 - 0.15 * (tile.hardship[i] - 0.4) - (0.0 if local else 0.08) + 0.04 * bell(luck, me, 28))
    tile.efficacy[i] = unit(0.50 + 0.06 * bell(luck, me, 36))
    tile.sanction_risk[i] = 0.22
    tile.belonging[i] = 0.66 if local else 0.5
    tile.happiness[i] = 0.68
    tile.security[i] = 0.75
    tile.credibility[i] = 0.62
    volunteers = 0.07 * tile.engagement[i] if tile.age_group[i] > 0 else np.float32(0.0)
    u = uniform(luck, me, 40)
    tile.status[i] = VOLUNTEERING if u < volunteers else CALM
    tile.since_volunteering[i] = 0 if u < volunteers else (np.uint8(np.int32(u * 250.0)) if u < 0.16 else 255)
    v = uniform(luck, me, 41)
    if v < 0.0066 and tile.age_group[i] > 0:
        tile.case_stage[i] = NEGOTIATION if v < 0.0050 else OFFICE
        tile.case_age[i] = np.uint8(v * 400.0)
    if u > 0.99875 and tile.age_group[i] > 0:
        tile.status[i] = JAILED
        tile.weeks_left[i] = np.uint8(1 + np.int32((u - 0.99875) / 0.00125 * 56.0))


@driver
def people(tiles, communities, nonlocal_share, households, seed, k0, k1):
    """Draw the people of communities `k0` to `k1`, household by household."""
    luck = luck_of(seed, POPULATION, 1)
    for k in range(k0, k1):
        community = communities[k]
        place, size, home = 0, 0, 0
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
                if place == size:  # a new household begins
                    home = me
                    size = 1 + np.searchsorted(households, np.float64(uniform(luck, me, 0)), side="right")
                    size = min(size, community.first + community.residents - me)
                    place = 0
                    local = uniform(luck, me, 1) >= nonlocal_share[community.district]
                    home_hardship = community.hardship + 0.12 * bell(luck, me, 2) + (0.0 if local else 0.03)
                child = place >= 2 and uniform(luck, me, 6) < CHILD_BEYOND_TWO
                tile.local[i] = local
                tile.age_group[i] = 0 if child else _age(uniform(luck, me, 7), local)
                tile.household_place[i] = place
                tile.household_size[i] = size
                tile.hardship[i] = unit(home_hardship + 0.06 * bell(luck, me, 8))
                tile.risk_aversion[i] = uniform(luck, me, 12)
                tile.susceptibility[i] = 0.2 + 0.6 * uniform(luck, me, 13)
                tile.confidence_bound[i] = 0.15 + 0.45 * uniform(luck, me, 14)
                tile.norm_anchor[i] = clip(0.60 + 0.13 * bell(luck, me, 15), np.float32(0.02), np.float32(0.98))
                tile.engagement[i] = exp(0.7 * bell(luck, me, 19) - 0.245)  # log-normal with mean 1 and SD of the log .7
                u = uniform(luck, me, 23)
                tile.cooperation[i] = (u >= TYPES[0]) + (u >= TYPES[1]) + (u >= TYPES[2])
                _start(tile, i, community, luck, me)
                adults += tile.age_group[i] > 0
                nonlocals += (tile.age_group[i] > 0) & (not local)
                hardship += tile.hardship[i]
                place += 1
        community.adults = adults
        community.nonlocals = nonlocals
        community.hardship = np.float32(hardship / community.residents)
