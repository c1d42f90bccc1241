"""Offending: opportunity and choice.

Claim. Offences follow propensity, time and need without work, and perceived certainty of sanction, happen where opportunity is, fall with
informal control there, and come in local bursts (near repeats). Violent offences answer less to certainty and are committed nearer to home
than acquisitive ones.

Equation. Weekly rate of a person, of each kind = base / 52 * share of the kind * s * (max(p, .02) / p0)^(e n) * opportunity, e the kind's
elasticity (certainty, certainty_violent), with s = exp(-norm (m - .64) + hardship (strain - .41) + idle (without work) - legitimacy (L -
.70)) * age factor, at most 1,000, of violent offences * exp((hardship_violent - hardship) (strain - .41)), and n = 1 + internalised (m -
.64), at least 0. Opportunity = (1 - away) * that of the own block + away * the mean over bordering communities, weighted by residents *
distance^-decay; without neighbours the own community stands for them. Opportunity of a block of about 128 residents (a street segment):
attraction * (1 - control (CE - 1), at least .1) * conduct * (patrol * focus + .1)^presence * pulse^e (campaign), and for acquisitive
offences * (1 - camera) * (1 - watch); of a community: the mean over its residents. An offence away happens in a community by weight and
opportunity, there in a block by opportunity. Near repeats add theta * X * s / sum(s) in the block itself, X its offences under a four-week
kernel, so that the branching ratio is exactly theta. Consequences: prosecution.py. People judge the level of offences by those of their own
and, with `spill`, of bordering communities; records of blocks decay over a quarter.

Source. Elasticity of arrest certainty -.36: Cornwell, Trumbull 1994, doi:10.2307/2109893 (own estimate from the panel -.355, SE .065). Near
repeats: Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546. Informal control: Sampson et al. 1997, doi:10.1126/science.277.5328.918.
Concentration at blocks: Weisburd 2015, doi:10.1111/1745-9125.12070. Journeys end near home, where targets are: Bernasco, Nieuwbeerta 2005,
doi:10.1093/bjc/azh070; Bernasco, Block, Ruiter 2013, doi:10.1093/jeg/lbs005; nearer if violent: Andresen et al. 2014,
doi:10.1177/1748895813494870. Lost work: Rege et al. 2019, doi:10.1016/j.labeco.2019.101761. The rest: assumptions calibrated to recorded
cases.

Refuted by. An elasticity of crime to the certainty of arrest outside -.355 +-.13 in a panel of areas; half of a year's offences on more
than 6 or less than 2 % of street segments; pairs at one place within four weeks that are no more frequent than with weeks shuffled; no
gradient with hardship. Tried: "elasticity of recorded crime" (test_deterrence_panel), "elasticity to the length of sentences"
(test_deterrence_panel), "concentration" (test_offences_in_space), "near repeats: pairs" (test_offences_in_space), "social gradient"
(test_offences_in_space).

Brings: nothing; offences measure public order. Costs: security, cohesion; people in jail.
"""

from typing import Literal

import numpy as np

from sim.city.codes import JAILED, OFFENDED
from sim.city.community import BLOCK_SIZE
from sim.draws import uniform, uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, log
from sim.mechanisms.base import Mechanism
from sim.mechanisms.opportunity import destination, find_opportunities, look_nearby, segment, share_away
from sim.mechanisms.prosecution import ACQUISITIVE, VIOLENT, count, pursue
from sim.spec import ANCHOR, FORM, Option, Spec, choice, parameter

PANEL = "doi:10.2307/2109893"
PROPENSITY_UNIT = np.float32(4096.0)
"""Factor by which a block's propensities are scaled to be summed as integers."""
LEAST_RISK = np.float32(0.02)
"""Perceived certainty below which deterrence falls no further (share)."""
PROPENSITY, DRAW = 0, 1  # rows of `scratch`
KIND, REPEATED_KIND, AWAY = 8, 9, 10  # draws of an offender; those before are of `prosecution`
FIRST_PLACE = 16
"""First draw of a block for the places of offences away, two for each: beyond all draws of residents, whose numbers blocks share."""


class Parameters(Spec):
    base: float = parameter(
        0.0175,
        "offences per adult in a city of usual hardship, trust and certainty, at an hour of patrol per resident and year",
        unit="per year",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_criminal (2.5 to 4)",
    )
    violent: float = parameter(
        0.12,
        "share of offences that are violent where residents, patrols and conditions are as stated",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; 10 to 15 % of recorded offences",
        prior=(0.10, 0.15),
    )
    away: float = parameter(
        0.5,
        "share of acquisitive offences in communities that border on the offender's, where opportunities are alike",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; almost half of burglaries within 0.8 km of home: Evans 1989, cited in Wiles, Costello 2000 (HORS 207)",
    )
    away_violent: float = parameter(
        0.3,
        "share of violent offences in communities that border on the offender's, where opportunities are alike",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption, less than `away`; violent journeys are shorter: doi:10.1177/1748895813494870",
    )
    decay: float = parameter(
        1.67,
        "exponent with which the weight of a bordering community falls with its distance",
        unit="exponent",
        low=0.0,
        high=5.0,
        source="log 5.32, street robbers in Chicago by log km: Bernasco, Block, Ruiter 2013, doi:10.1093/jeg/lbs005",
    )
    journey: Literal["decay", "home", "targets"] = choice(
        "decay",
        "where offenders look for opportunities",
        {
            "decay": Option("at home and in bordering communities, the nearer the more", "在家附近和相邻社区，越近越多"),
            "home": Option(
                "at home alone: offences happen where offenders live",
                "只在家附近：违法发生在违法者居住的地方",
                {"away": 0.0, "away_violent": 0.0},
            ),
            "targets": Option(
                "where targets are, whatever the distance to a bordering community", "哪里有目标就去哪里，不论相邻社区远近", {"decay": 0.0}
            ),
        },
        source="doi:10.1093/jeg/lbs005 (decay); doi:10.1007/s10940-011-9161-7 (home has a small effect of its own)",
    )
    norm: float = parameter(2.1, "effect of the civic norm against offending", unit="log rate", low=0.0, high=10.0)
    hardship: float = parameter(
        1.2,
        "effect of hardship on acquisitive offending",
        unit="log rate",
        low=0.0,
        high=10.0,
        source="1.4 times as many offences of all kinds in the most as in the least deprived tenth of London 2023 (Trust for London)",
    )
    hardship_violent: float = parameter(
        2.2,
        "effect of hardship on violent offending",
        unit="log rate",
        low=0.0,
        high=10.0,
        source="2.1 times as many violent offences in the most as in the least deprived tenth of London 2023 (Trust for London)",
    )
    idle: float = parameter(
        0.9,
        "effect of being without work, beyond strain",
        unit="log rate",
        low=0.0,
        high=5.0,
        source="so that losing work means +60 % charges for property crimes in the year after, with strain: Rege et al. 2019 (Norway)",
    )
    legitimacy: float = parameter(0.8, "effect of legitimacy against offending", unit="log rate", low=0.0, high=10.0)
    certainty: float = parameter(
        -0.36,
        "elasticity of acquisitive offending to perceived certainty",
        unit="elasticity",
        low=-2.0,
        high=0.0,
        source=PANEL,
        prior=(-0.62, -0.10),
    )
    certainty_violent: float = parameter(
        -0.25,
        "elasticity of violent offending to perceived certainty",
        unit="elasticity",
        low=-2.0,
        high=0.0,
        source="assumption; deterrence is stronger for property crime: Levitt 1998, doi:10.1111/j.1465-7295.1998.tb01720.x",
    )
    presence: float = parameter(
        -0.12,
        "elasticity of acquisitive offences to patrols where they happen",
        unit="elasticity",
        low=-1.0,
        high=0.0,
        source="assumption; -16 % where patrols are concentrated: Braga, Weisburd 2022, doi:10.1007/s10940-020-09481-7",
    )
    presence_violent: float = parameter(
        -0.10,
        "elasticity of violent offences to patrols where they happen",
        unit="elasticity",
        low=-1.0,
        high=0.0,
        source="assumption; a little less than of property offences at hot spots: Braga et al. 2019, doi:10.1007/s11292-019-09372-3",
    )
    camera: float = parameter(
        0.13,
        "share of acquisitive offences in a block prevented by cameras",
        unit="share",
        low=0.0,
        high=1.0,
        source="-13 %, none of violent offences: Piza et al. 2019, doi:10.1111/1745-9133.12419; range: assumption",
        prior=(0.05, 0.20),
    )
    watch: float = parameter(
        0.26,
        "share of acquisitive offences that a strong neighbourhood watch prevents",
        unit="share",
        low=0.0,
        high=1.0,
        source="-16 to -26 %: Bennett et al. 2008, doi:10.4073/csr.2008.18",
        prior=(0.16, 0.26),
    )
    seen: float = parameter(0.10, "records added where patrols are twice as frequent as at `patrolled`", unit="share", low=0.0, high=1.0)
    patrolled: float = parameter(
        2.04,
        "hours of patrol at which offences are recorded as stated",
        unit="hours per resident and year",
        low=0.05,
        high=50.0,
        prior=ANCHOR,
    )
    reference_risk: float = parameter(
        0.22, "perceived certainty of sanction at which people offend as stated (p0)", unit="share", low=0.02, high=1.0, prior=ANCHOR
    )
    internalised: float = parameter(
        0.0,
        "effect of the civic norm on deterrence by certainty: above 0 the norm strengthens it, below 0 it replaces it",
        unit="1",
        low=-2.0,
        high=2.0,
        source="no published size: a choice between plausible worlds",
        prior=FORM,
    )
    conscience: Literal["independent", "substitute", "complement"] = choice(
        "independent",
        "whom the certainty of a sanction deters",
        {
            "independent": Option("people of all norms alike", "不同道德水平的人同样受到威慑"),
            "substitute": Option(
                "those of weak norms above all: who has a conscience needs no police",
                "主要是道德约束弱的人：有良知者无须警察",
                {"internalised": -2.0},
            ),
            "complement": Option(
                "those of strong norms above all: fear of sanctions works through conscience",
                "主要是道德约束强的人：对惩罚的畏惧经由良知起作用",
                {"internalised": 2.0},
            ),
        },
        source="doi:10.1177/0011128713486068 (substitute); doi:10.1177/0011128713505484 (complement); sizes: assumptions",
    )
    control: float = parameter(0.5, "share of offences that doubled collective efficacy prevents", unit="share", low=0.0, high=1.0)
    theta: float = parameter(
        0.25,
        "near repeats caused by an offence",
        unit="offences",
        low=0.0,
        high=0.8,
        source="assumption, .1 to .4; form: Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546",
        prior=(0.1, 0.4),
    )
    usual: float = parameter(
        0.020, "offences per resident that people perceive as usual", unit="per year", low=0.001, high=1.0, prior=ANCHOR
    )
    spill: float = parameter(
        0.2,
        "share of bordering communities in the level of offences that people perceive",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption",
    )
    level_weeks: float = parameter(13.0, "time over which people judge the level of offences", unit="weeks", low=1.0, high=104.0)
    recorded: float = parameter(0.47, "share of acquisitive offences that the police record", unit="share", low=0.0, high=1.0)
    recorded_violent: float = parameter(
        0.59,
        "share of violent offences that the police record",
        unit="share",
        low=0.0,
        high=1.0,
        source="1.26 times that of property, as reported in the United States 2019: Morgan, Truman 2020 (NCVS)",
    )
    reporting: float = parameter(0.8, "effect of legitimacy on reporting", unit="1", low=0.0, high=3.0)
    evidence: float = parameter(
        0.30, "probability of clearance added by detection for offences that it found", unit="share", low=0.0, high=1.0
    )
    criminal: float = parameter(
        0.347,
        "share of recorded offences that are criminal",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_criminal (2.5 to 4)",
    )
    prosecuted: float = parameter(
        0.95,
        "share of cleared criminal offences that are prosecuted",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_prosecuted (1.5 to 2)",
    )
    jailed: float = parameter(
        0.66,
        "share of the prosecuted who go to jail",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to prisoners (1.1 to 1.3)",
    )
    sentence: float = parameter(60.0, "mean sentence", unit="weeks", low=1.0, high=120.0)


@kernel
def plan_offending(world, week, p):
    """Near repeats and opportunity of every block; opportunity near every community, and the level of offences perceived there."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.recording = p.recorded + p.violent * (p.recorded_violent - p.recorded)
        for q in range(community.first_block, community.last_block):
            _remember(world.blocks[q], p)
        level = (1.0 - p.spill) * _level(community, p) + p.spill * _level_around(world, k, p)
        community.offence_level += (level - community.offence_level) / p.level_weeks
        find_opportunities(community, world.blocks, p)
    for k in range(len(world.communities)):
        look_nearby(world, k, p)


@kernel
def _remember(block, p):
    """Update a block's heat from last week's offences, its known offences from those recorded, and reports from those reported."""
    heat = block.heat * 0.75 + 0.25 * np.float32(block.now)
    known = block.known + (np.float32(block.seen) - block.known) / p.level_weeks
    block.heat = heat if heat > 1e-6 else np.float32(0.0)
    block.known = known if known > 1e-6 else np.float32(0.0)
    reports = block.reports + (np.float32(block.reported) - block.reports) / p.level_weeks
    block.reports = reports if reports > 1e-6 else np.float32(0.0)
    block.now, block.seen, block.reported = 0, 0, 0


@kernel
def _level(community, p):
    """Last week's offences in a community relative to the usual."""
    return np.float32(community.last.offences) / (np.float32(community.residents) * p.usual / 52.0)


@kernel
def _level_around(world, k, p):
    """Mean of that over the communities that border on community `k`; its own if there are none."""
    first, last = world.first_neighbour[k], world.first_neighbour[k + 1]
    total = np.float32(0.0)
    for n in range(first, last):
        total += _level(world.communities[world.neighbours[n]], p)
    return total / np.float32(last - first) if last > first else _level(world.communities[k], p)


@kernel
def by_age(age):
    """Factor on offending by age group; 0 for children."""
    factor = np.float32(1.9) if age == 1 else (np.float32(1.15) if age == 2 else np.float32(0.6))
    return factor if age > 0 else np.float32(0.0)


@kernel
def _propensity(tile, i, p):
    """Propensity of resident `i` relative to the reference; 0 for children."""
    push = p.hardship * (tile.strain[i] - 0.41) - p.norm * (tile.norm[i] - 0.64) - p.legitimacy * (tile.legitimacy[i] - 0.70)
    push = push + (p.idle if tile.jobless[i] > 0 else np.float32(0.0))
    s = exp(push) * by_age(tile.age_group[i])
    return s if s < 1000.0 else np.float32(1000.0)  # so that its sum over a block fits 32 bits


@kernel
def deterred(norm, p):
    """Factor on the elasticity of certainty for a person of this norm; at least 0: nobody offends because a sanction is certain."""
    factor = 1.0 + p.internalised * (norm - 0.64)
    return factor if factor > 0.0 else np.float32(0.0)


@tile_kernel
def offending(tile, community, blocks, scratch, key, p):
    """Draw this week's offences block by block, then their consequences."""
    _draw_lots(tile, scratch, key, p)
    boldest = log(LEAST_RISK / p.reference_risk) * (1.0 + 0.64 * abs(p.internalised))  # for any norm
    fearless, fearless_violent = exp(p.certainty * boldest) * 1.0001, exp(p.certainty_violent * boldest) * 1.0001
    harder = p.hardship_violent - p.hardship
    fearless_violent *= exp(harder * (0.59 if harder > 0.0 else -0.41))  # at the strain, 0 to 1, where it is largest
    acquisitive, violent = p.base / 52.0 * (1.0 - p.violent), p.base / 52.0 * p.violent
    far, far_violent = p.away * community.elsewhere[ACQUISITIVE], p.away_violent * community.elsewhere[VIOLENT]
    first = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        block = blocks[first + q]
        rate = acquisitive * ((1.0 - p.away) * block.opportunity[ACQUISITIVE] + far)
        rate_violent = violent * ((1.0 - p.away_violent) * block.opportunity[VIOLENT] + far_violent)
        total = np.float32(block.propensity) * np.float32(1.0 / PROPENSITY_UNIT)
        repeats = p.theta * block.heat / total if block.propensity > 0 else np.float32(0.0)
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        most = rate * fearless + rate_violent * fearless_violent + repeats
        # the powers in `_decide` are the most expensive step: they are computed only for draws below the rate without deterrence
        if _tempted(block, scratch, start, end, most) > 0:
            _decide(tile, community, block, scratch, start, end, key, most, rate, rate_violent, repeats, p)


@kernel
def _draw_lots(tile, scratch, key, p):
    """Propensity and draw of every resident; a resident in jail gets a draw that never offends."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    for i in range(tile.count):
        scratch[PROPENSITY, i] = _propensity(tile, i, p)
        draw = scratch[DRAW, i]
        scratch[DRAW, i] = draw if tile.status[i] != JAILED else np.float32(np.inf)


@tile_kernel
def _tempted(block, scratch, start, end, most):
    """Number of residents of a block who would offend without deterrence. Also sums their propensities."""
    begin = np.uint64(start)  # unsigned: numba checks a signed index for negative values
    tempted, total = np.int32(0), np.int32(0)
    for j in range(end - start):
        s = scratch[PROPENSITY, begin + np.uint64(j)]
        total = np.int32(total + np.int32(s * PROPENSITY_UNIT))
        tempted = np.int32(tempted + (scratch[DRAW, begin + np.uint64(j)] < s * most))
    block.propensity = total
    return tempted


@kernel
def _decide(tile, community, block, scratch, start, end, key, most, rate, rate_violent, repeats, p):
    """Apply deterrence to those who would offend without it; decide on kind and place of the offences of the others, and pursue them."""
    for i in range(start, end):
        s, draw = scratch[PROPENSITY, i], scratch[DRAW, i]
        if draw < s * most:
            risk, me = tile.sanction_risk[i], tile.first + i
            fear = log((risk if risk > LEAST_RISK else LEAST_RISK) / p.reference_risk) * deterred(tile.norm[i], p)
            harder = (p.hardship_violent - p.hardship) * (tile.strain[i] - 0.41)
            new, new_violent = rate * exp(p.certainty * fear), rate_violent * exp(p.certainty_violent * fear + harder)
            if draw < s * (new + new_violent + repeats):
                lot = uniform(key, me, KIND) * (new + new_violent + repeats)
                repeated = lot >= new + new_violent
                chosen = (lot >= new) if not repeated else (uniform(key, me, REPEATED_KIND) < p.violent)
                kind = VIOLENT if chosen else ACQUISITIVE
                away = (not repeated) & (uniform(key, me, AWAY) < share_away(community, block, kind, p))
                tile.events[i] |= np.uint8(OFFENDED)
                pursue(tile, i, community, block, key, me, kind, away, p)


@kernel
def close_offending(world, key, p):
    """Find a place for every offence that residents committed elsewhere, and count it there."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        for q in range(community.first_block, community.last_block):
            done = 0
            for kind in range(2):
                leaving = world.blocks[q].leaving[kind]
                for n in range(leaving[0]):
                    there = world.communities[destination(world, k, kind, uniform(key, q, FIRST_PLACE + 2 * done), p)]
                    place = world.blocks[segment(there, world.blocks, kind, uniform(key, q, FIRST_PLACE + 2 * done + 1))]
                    count(there.now, place, kind, n < leaving[1], n < leaving[2], n < leaving[3], n < leaving[4])
                    done += 1
                for outcome in range(5):
                    leaving[outcome] = 0


MECHANISM = Mechanism(
    name="offending",
    names={"en": "Offending", "zh": "违法犯罪"},
    stage="offend",
    parameters=Parameters,
    reads=(
        "age_group strain jobless norm legitimacy sanction_risk status events weeks_left community.collective_efficacy community.watch"
        " community.clearance community.clearance_violent community.patrol community.pulse community.flag_true community.cameras"
        " blocks.attraction blocks.lot blocks.focus blocks.conduct"
    ).split(),
    writes=(
        "events status weeks_left blocks.now blocks.seen blocks.reported blocks.leaving blocks.propensity blocks.heat blocks.known"
        " blocks.reports blocks.opportunity community.opportunity community.elsewhere community.offence_level community.recording"
    ).split(),
    counts=("offences violent recorded recorded_violent criminal cleared cleared_violent prosecuted jailed flagged_rightly").split(),
    brings="nothing by itself: offences measure public order",
    costs="security, cohesion, people in jail",
    null={"base": 0.0, "theta": 0.0},
    plan=plan_offending,
    live=offending,
    close=close_offending,
    plans_after="policing",  # whose patrols of this week are part of opportunity
)
