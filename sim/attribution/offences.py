"""Attribution of expected offences: the change of each factor, resident by resident.

The hazard of a resident is a product (`sim.mechanisms.offending`), so the change of the sum of all hazards is split over factors by the
logarithmic mean: L(h', h) * (log f' - log f), with L(h', h) = (h' - h) / (log h' - log h). The shares add up to the change exactly.

Source. Logarithmic mean Divisia index: Ang 2005, doi:10.1016/j.enpol.2003.10.010.
"""

import numpy as np

from sim.attribution.accounts import NUMBER
from sim.city.codes import ARRESTED, JAILED, OFFENDED, STOPPED_FOR_NOTHING
from sim.city.community import BLOCK_SIZE
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, log
from sim.mechanisms.offending import LEAST_RISK, by_age, deterred

NORMS, LIVELIHOOD, JUSTICE = NUMBER["norms"], NUMBER["livelihood"], NUMBER["procedural_justice"]
EFFICACY, PARTICIPATION, DETECTION = NUMBER["collective_efficacy"], NUMBER["participation"], NUMBER["detection"]
POLICING, OFFENDING, UNREST, CAMPAIGN = NUMBER["policing"], NUMBER["offending"], NUMBER["unrest"], NUMBER["campaign"]


@kernel
def mean_growth(d):
    """(e**d - 1) / d: the logarithmic mean of two values in units of the first, `d` the logarithm of their ratio."""
    if (d < 0.2) & (d > -0.2):
        return 1.0 + d * (0.5 + d * (0.16666667 + d * (0.041666668 + d * 0.008333334)))
    return (exp(d) - 1.0) / d


@tile_kernel
def record_offences(tile, community, blocks, memory, blocks_before, moved, p, first):
    """Change of the tile's expected offences by account; returns the expected offences.

    Changes since last week are added to `moved`; if `first`, the factors are only stored.
    """
    control = 1.0 - p.control * (community.collective_efficacy - 1.0)
    control = log(control if control > 0.1 else np.float32(0.1))
    watch, pulse = log(1.0 - p.watch * community.watch), p.certainty * log(community.pulse)
    start_block = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    total = np.float64(0.0)
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        here, last = blocks[start_block + q], blocks_before[start_block + q]
        camera = log(1.0 - (p.camera if here.lot < community.cameras else np.float32(0.0)))
        presence = p.presence * log(community.patrol * here.focus + 0.1)
        heat = p.theta * here.heat
        total += heat
        shift = control - last.control, watch - last.watch, camera - last.camera, presence - last.presence, pulse - last.pulse
        level = last.control + last.watch + last.camera + last.presence + last.pulse
        now = control + watch + camera + presence + pulse
        if not first:
            moved[OFFENDING] += heat - last.heat
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        rate = p.base / 52.0 * here.attraction
        total += _record_people(tile, memory, moved, start, end, rate, level, now, shift, p, first)
        last.control, last.watch, last.camera, last.presence, last.pulse, last.heat = control, watch, camera, presence, pulse, heat
    return total


@kernel
def _record_people(tile, memory, moved, start, end, rate, level, now, shift, p, first):
    """Expected offences of one block's residents, and their change by account."""
    total = np.float64(0.0)
    for i in range(start, end):
        age = tile.age_group[i]
        if age > 0:
            me = memory[tile.first + i]
            norm, strain = p.norm * (0.64 - tile.norm[i]), p.hardship * (tile.strain[i] - 0.41)
            trust = p.legitimacy * (0.70 - me.legitimacy)
            risk, minds = log((me.risk if me.risk > LEAST_RISK else LEAST_RISK) / p.reference_risk), deterred(tile.norm[i], p)
            fear = p.certainty * minds * risk
            inside = np.uint8(1) if (me.status == JAILED) & (tile.status[i] == JAILED) else np.uint8(0)
            after = rate * by_age(age) * exp(norm + strain + trust + fear + now)
            if inside == 0:
                total += after
            if not first:
                feared = p.certainty * me.minds * me.log_risk
                own = me.log_norm + me.log_strain + me.log_trust + feared
                before = rate * by_age(age) * exp(own + level)
                if (inside == 0) & (me.inside == 0):
                    d = norm + strain + trust + fear - own + (now - level)
                    mean = np.float64(before * mean_growth(d))
                    by_norm = 0.5 * p.certainty * (risk + me.log_risk) * (minds - me.minds)
                    moved[NORMS] += mean * (norm - me.log_norm + by_norm)
                    moved[LIVELIHOOD] += mean * (strain - me.log_strain)
                    moved[JUSTICE] += mean * (trust - me.log_trust)
                    moved[POLICING] += mean * (fear - feared - by_norm + shift[3])
                    moved[EFFICACY] += mean * shift[0]
                    moved[PARTICIPATION] += mean * shift[1]
                    moved[DETECTION] += mean * shift[2]
                    moved[CAMPAIGN] += mean * shift[4]
                elif inside != me.inside:
                    moved[me.jailer] += after if inside == 0 else -before
            me.log_norm, me.log_strain, me.log_trust, me.log_risk, me.minds, me.inside = norm, strain, trust, risk, minds, inside
    return total


@kernel
def jailer_of(event, protested):
    """Account to which a stay in jail that began this week is attributed."""
    if (event & OFFENDED) | ((event & ARRESTED) == 0):
        return np.uint8(OFFENDING)
    return np.uint8(UNREST) if protested | ((event & STOPPED_FOR_NOTHING) == 0) else np.uint8(POLICING)
