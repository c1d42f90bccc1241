"""Offending: opportunity and choice.

Claim. Offences follow propensity and perceived certainty of sanction, fall with informal control, and come in local bursts (near repeats).

Equation. Weekly rate of a person = base / 52 * s * (max(p, .02) / p0)^(-.36 n) * (1 - control (CE - 1), at least .1) * opportunity, with s
= exp(-norm (m - .64) + hardship (strain - .41) - legitimacy (L - .70)) * age factor, at most 1,000, and n = 1 + internalised (m - .64), at
least 0. Opportunity is a property of the block of about 128 residents (a street segment): attraction * (patrol * focus)^-.12 * pulse^-.36 (campaign) * (1 -
camera) * (1 - watch). Near repeats add theta * X * s / sum(s), X the block's offences under a four-week kernel, distributed by propensity,
so that the branching ratio is exactly theta. A share of offences is recorded, more under more patrols; a share of recorded offences is
criminal, a share is cleared, more under detection; a share of those prosecuted is jailed. Records of blocks decay over a quarter.

Source. Elasticity of arrest certainty -.36: Cornwell, Trumbull 1994, doi:10.2307/2109893 (own estimate from the panel -.355, SE
.065). Near repeats: Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546. Informal control: Sampson et al. 1997,
doi:10.1126/science.277.5328.918. Concentration at blocks: Weisburd 2015, doi:10.1111/1745-9125.12070. The rest: assumptions
calibrated to recorded cases.

Refuted by. An elasticity of crime to the certainty of arrest outside -.355 +-.13 in a panel of areas; half of a year's offences on more
than 6 or less than 2 % of street segments; pairs at one place within four weeks that are no more frequent than with weeks shuffled; no
gradient with hardship. Tried: "elasticity of recorded crime" (test_deterrence_panel), "elasticity to the length of sentences"
(test_deterrence_panel), "concentration" (test_offences_in_space), "near repeats: pairs" (test_offences_in_space), "social gradient"
(test_offences_in_space).

Brings: nothing; offences measure public order. Costs: security, cohesion; people in jail.
"""

import numpy as np

from sim.city.codes import ARRESTED, CALM, JAILED, OFFENDED
from sim.city.community import BLOCK_SIZE
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.maths import clip, exp, power
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

PANEL = "doi:10.2307/2109893"
PROPENSITY_UNIT = np.float32(4096.0)
"""Factor by which a block's propensities are scaled to be summed as integers."""
LEAST_RISK = np.float32(0.02)
PROPENSITY, DRAW = 0, 1  # rows of `scratch`
"""Perceived certainty below which deterrence falls no further (share)."""


class Parameters(Spec):
    base: float = parameter(
        0.0203,
        "offences per adult in a city of usual hardship, trust and certainty, at an hour of patrol per resident and year",
        unit="per year",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_criminal (2.5 to 4)",
    )
    norm: float = parameter(2.1, "effect of the civic norm against offending", unit="log rate", low=0.0, high=10.0)
    hardship: float = parameter(1.2, "effect of hardship", unit="log rate", low=0.0, high=10.0)
    legitimacy: float = parameter(0.8, "effect of legitimacy against offending", unit="log rate", low=0.0, high=10.0)
    certainty: float = parameter(
        -0.36, "elasticity of offending to perceived certainty", unit="elasticity", low=-2.0, high=0.0, source=PANEL
    )
    presence: float = parameter(
        -0.12,
        "elasticity of offences to patrols in the community itself",
        unit="elasticity",
        low=-1.0,
        high=0.0,
        source="assumption; -16 % where patrols are concentrated: Braga, Weisburd 2020, doi:10.1002/cl2.1046",
    )
    camera: float = parameter(
        0.13,
        "share of offences in a block prevented by cameras",
        unit="share",
        low=0.0,
        high=1.0,
        source="-5 to -20 %: doi:10.1111/1745-9133.12419",
    )
    watch: float = parameter(
        0.26,
        "share of offences that a strong neighbourhood watch prevents",
        unit="share",
        low=0.0,
        high=1.0,
        source="-16 to -26 %: Bennett et al. 2008",
    )
    seen: float = parameter(0.10, "records added where patrols are twice as frequent as at `patrolled`", unit="share", low=0.0, high=1.0)
    patrolled: float = parameter(
        2.04, "hours of patrol at which offences are recorded as stated", unit="hours per resident and year", low=0.05, high=50.0
    )
    reference_risk: float = parameter(
        0.22, "perceived certainty of sanction at which people offend as stated (p0)", unit="share", low=0.02, high=1.0
    )
    internalised: float = parameter(
        0.0,
        "effect of the civic norm on deterrence by certainty: above 0 the norm strengthens it, below 0 it replaces it",
        unit="1",
        low=-2.0,
        high=2.0,
        source="no published size: a choice between plausible worlds",
    )
    control: float = parameter(0.5, "share of offences that doubled collective efficacy prevents", unit="share", low=0.0, high=1.0)
    theta: float = parameter(
        0.25,
        "near repeats caused by an offence",
        unit="offences",
        low=0.0,
        high=0.8,
        source="range .1 to .4; doi:10.1198/jasa.2011.ap09546",
    )
    usual: float = parameter(0.020, "offences per resident that people perceive as usual", unit="per year", low=0.001, high=1.0)
    level_weeks: float = parameter(13.0, "time over which people judge the level of offences", unit="weeks", low=1.0, high=104.0)
    recorded: float = parameter(0.47, "share of offences that the police record", unit="share", low=0.0, high=1.0)
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
        0.869,
        "share of cleared criminal offences that are prosecuted",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_prosecuted (1.5 to 2)",
    )
    jailed: float = parameter(
        0.62,
        "share of the prosecuted who go to jail",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to prisoners (1.1 to 1.3)",
    )
    sentence: float = parameter(60.0, "mean sentence", unit="weeks", low=1.0, high=120.0)


@kernel
def plan_offending(world, week, p):
    """Carry over last week's offences: near repeats of every block, and the perceived offence level of every community."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        offences = np.float32(community.last.offences)
        community.recording = p.recorded
        for q in range(community.first_block, community.last_block):
            _remember(world.blocks[q], p)
        level = offences / (np.float32(community.residents) * p.usual / 52.0)
        community.offence_level += (level - community.offence_level) / p.level_weeks


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
def by_age(age):
    """Factor on offending by age group; 0 for children."""
    factor = np.float32(1.9) if age == 1 else (np.float32(1.15) if age == 2 else np.float32(0.6))
    return factor if age > 0 else np.float32(0.0)


@kernel
def _propensity(tile, i, p):
    """Propensity of resident `i` relative to the reference; 0 for children."""
    push = p.hardship * (tile.strain[i] - 0.41) - p.norm * (tile.norm[i] - 0.64) - p.legitimacy * (tile.legitimacy[i] - 0.70)
    s = exp(push) * by_age(tile.age_group[i])
    return s if s < 1000.0 else np.float32(1000.0)  # so that its sum over a block fits 32 bits


@kernel
def deterred(norm, p):
    """Factor on the elasticity of certainty for a person of this norm; at least 0: nobody offends because a sanction is certain."""
    factor = 1.0 + p.internalised * (norm - 0.64)
    return factor if factor > 0.0 else np.float32(0.0)


@kernel
def _fear(risk, norm, p):
    """Factor by which the perceived certainty of sanction changes offending: 1 at the reference, more where it is low."""
    return power((risk if risk > LEAST_RISK else LEAST_RISK) / p.reference_risk, p.certainty * deterred(norm, p))


@tile_kernel
def offending(tile, community, blocks, scratch, key, p):
    """Draw this week's offences block by block, then their consequences."""
    _draw_lots(tile, scratch, key, p)
    control = 1.0 - p.control * (community.collective_efficacy - 1.0)
    rate = p.base / 52.0 * (control if control > 0.1 else np.float32(0.1)) * (1.0 - p.watch * community.watch)
    rate *= power(community.pulse, p.certainty)
    fearless = power(LEAST_RISK / p.reference_risk, p.certainty * (1.0 + 0.64 * abs(p.internalised))) * 1.0001  # for any norm
    first = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    focus, deterred = np.float32(-1.0), np.float32(1.0)
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        block = blocks[first + q]
        filmed = 1.0 - (p.camera if block.lot < community.cameras else np.float32(0.0))
        if block.focus != focus:  # equal in all blocks under even patrols; one power costs as much as twenty residents
            focus = block.focus
            deterred = power(community.patrol * focus + 0.1, p.presence)
        here = rate * block.attraction * filmed * deterred
        total = np.float32(block.propensity) * np.float32(1.0 / PROPENSITY_UNIT)
        repeats = p.theta * block.heat / total if block.propensity > 0 else np.float32(0.0)
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        most = here * fearless + repeats
        # the power in `_fear` is the most expensive step: it is computed only for draws below the rate without deterrence
        if _tempted(block, scratch, start, end, most) > 0:
            _decide(tile, community, block, scratch, start, end, key, most, here, repeats, p)


@kernel
def _draw_lots(tile, scratch, key, p):
    """Propensity and draw of every resident; a resident in jail gets a draw that never offends."""
    first = tile.first
    for i in range(tile.count):
        scratch[PROPENSITY, i] = _propensity(tile, i, p)
        scratch[DRAW, i] = uniform(key, first + i, 0) if tile.status[i] != JAILED else np.float32(np.inf)


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
def _decide(tile, community, block, scratch, start, end, key, most, rate, repeats, p):
    """Apply deterrence to those who would offend without it; pursue the offences of the others."""
    for i in range(start, end):
        s, draw = scratch[PROPENSITY, i], scratch[DRAW, i]
        if (draw < s * most) and (draw < s * (rate * _fear(tile.sanction_risk[i], tile.norm[i], p) + repeats)):
            tile.events[i] |= np.uint8(OFFENDED)
            community.now.offences += 1
            block.now += 1
            _pursue(tile, i, community, block, key, tile.first + i, p)


@kernel
def _pursue(tile, i, community, block, key, me, p):
    """Recording, clearing, prosecution and sentence of one offence."""
    now = community.now
    patrols = community.patrol * block.focus / p.patrolled
    reporting = p.recorded * (1.0 + p.reporting * (tile.legitimacy[i] - 0.70))
    found, u = uniform(key, me, 7) < community.flag_true, uniform(key, me, 1)
    block.reported += (u < reporting) | found
    if (u >= reporting * (1.0 + p.seen * (patrols - 1.0))) & (not found):
        return
    now.flagged_rightly += found
    now.recorded += 1
    block.seen += 1
    criminal = uniform(key, me, 2) < p.criminal
    now.criminal += criminal
    usual = community.certainty / p.recorded if p.recorded > 0.0 else np.float32(0.0)
    solved = clip(usual + (p.evidence if found else np.float32(0.0)), np.float32(0.0), np.float32(1.0))
    if uniform(key, me, 3) >= solved:
        return
    now.cleared += 1
    tile.events[i] |= np.uint8(ARRESTED)
    if not (criminal & (uniform(key, me, 4) < p.prosecuted)):
        return
    now.prosecuted += 1
    if uniform(key, me, 5) < p.jailed:
        now.jailed += 1
        tile.status[i] = np.uint8(JAILED)
        tile.weeks_left[i] = np.uint8(1 + np.int32(uniform(key, me, 6) * 2.0 * p.sentence))


@tile_kernel
def serve_sentences(tile):
    """Reduce every remaining sentence by one week; release those who have served theirs."""
    for i in range(tile.count):
        left = tile.weeks_left[i]
        status = tile.status[i]
        inside = status == JAILED
        after = left - np.uint8(1) if left > 0 else left
        tile.weeks_left[i] = np.uint8(after) if inside else left
        tile.status[i] = np.uint8(CALM) if inside & (left <= 1) else status


MECHANISM = Mechanism(
    name="offending",
    names={"en": "Offending", "zh": "违法犯罪"},
    stage="offend",
    parameters=Parameters,
    reads=(
        "age_group strain norm legitimacy sanction_risk status events weeks_left community.collective_efficacy community.watch"
        " community.certainty community.patrol community.pulse community.flag_true"
        " blocks.attraction blocks.lot blocks.focus community.cameras"
    ).split(),
    writes=(
        "events status weeks_left blocks.now blocks.seen blocks.reported blocks.propensity blocks.heat blocks.known blocks.reports"
        " community.offence_level community.recording"
    ).split(),
    counts=("offences recorded criminal cleared prosecuted jailed flagged_rightly").split(),
    brings="nothing by itself: offences measure public order",
    costs="security, cohesion, people in jail",
    null={"base": 0.0, "theta": 0.0},
    plan=plan_offending,
    live=offending,
)
