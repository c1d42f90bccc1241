"""Attribution of expected offences: the change of each factor, resident by resident.

The hazard of a resident is a product (`sim.mechanisms.offending`), so the change of the sum of all hazards is split over factors by the
logarithmic mean: L(h', h) * (log f' - log f), with L(h', h) = (h' - h) / (log h' - log h). The shares add up to the change exactly.
The factor of place is itself a sum, of opportunities in the own block and in those of bordering communities: its change is the sum of the
changes of its terms, each split in the same way, so that an offence away is attributed to what changed where it happens.

Source. Logarithmic mean Divisia index: Ang 2005, doi:10.1016/j.enpol.2003.10.010.
"""

import numpy as np

from sim.attribution.accounts import NUMBER, PLACE_ACCOUNTS
from sim.city.codes import ARRESTED, JAILED, OFFENDED, STOPPED_FOR_NOTHING
from sim.city.community import BLOCK_SIZE
from sim.kernel import kernel, tile_kernel
from sim.maths import exp, log
from sim.mechanisms.offending import LEAST_RISK, by_age, deterred
from sim.mechanisms.opportunity import informal_control, nearness, residents_of
from sim.mechanisms.prosecution import ACQUISITIVE

NORMS, LIVELIHOOD, JUSTICE = NUMBER["norms"], NUMBER["livelihood"], NUMBER["procedural_justice"]
POLICING, OFFENDING, UNREST = NUMBER["policing"], NUMBER["offending"], NUMBER["unrest"]


@kernel
def mean_growth(d):
    """(e**d - 1) / d: the logarithmic mean of two values in units of the first, `d` the logarithm of their ratio."""
    if (d < 0.2) & (d > -0.2):
        return 1.0 + d * (0.5 + d * (0.16666667 + d * (0.041666668 + d * 0.008333334)))
    return (exp(d) - 1.0) / d


@kernel
def record_places(world, blocks_before, areas, p):
    """Opportunity of every block and community this week, and its change since last week by account."""
    for k in range(len(world.communities)):
        community, area = world.communities[k], areas[k]
        _clear(area.opportunity, area.shift)
        for q in range(community.first_block, community.last_block):
            _record_block(community, world.blocks[q], blocks_before[q], p)
            part = residents_of(community, q) / np.float32(community.residents)
            for kind in range(2):
                area.opportunity[kind] += part * blocks_before[q].opportunity[kind]
                for n in range(len(PLACE_ACCOUNTS)):
                    area.shift[kind, n] += part * blocks_before[q].shift[kind, n]
    for k in range(len(world.communities)):
        _record_around(world, areas, k, p)


@kernel
def _record_block(community, here, last, p):
    """The same of one block: the change of a product, split by the logarithmic mean."""
    control, watch = log(informal_control(community, p)), log(1.0 - p.watch * community.watch)
    camera = log(1.0 - (p.camera if here.lot < community.cameras else np.float32(0.0)))
    presence, pulse, conduct = log(community.patrol * here.focus + 0.1), log(community.pulse), log(here.conduct)
    for kind in range(2):
        guarded = np.float32(1.0) if kind == ACQUISITIVE else np.float32(0.0)
        patrols = p.presence if kind == ACQUISITIVE else p.presence_violent
        certainty = p.certainty if kind == ACQUISITIVE else p.certainty_violent
        now = control + guarded * (watch + camera) + patrols * presence + conduct + certainty * pulse
        shift = last.shift[kind]
        shift[0] = control - last.control
        shift[1] = guarded * (watch - last.watch)
        shift[2] = guarded * (camera - last.camera)
        shift[3] = patrols * (presence - last.presence) + conduct - last.conduct
        shift[4] = certainty * (pulse - last.pulse)
        mean = last.opportunity[kind] * mean_growth(shift[0] + shift[1] + shift[2] + shift[3] + shift[4])
        for n in range(len(PLACE_ACCOUNTS)):
            shift[n] *= mean
        last.before[kind] = last.opportunity[kind]
        last.opportunity[kind] = here.attraction * exp(now)
    last.control, last.watch, last.camera, last.presence, last.pulse, last.conduct = control, watch, camera, presence, pulse, conduct


@kernel
def _record_around(world, areas, k, p):
    """The same of the communities that border on community `k`, weighted by distance; of itself if there are none."""
    area, first, last = areas[k], world.first_neighbour[k], world.first_neighbour[k + 1]
    for kind in range(2):
        area.elsewhere_before[kind] = area.elsewhere[kind]
    _clear(area.elsewhere, area.elsewhere_shift)
    weights = np.float32(0.0)
    for n in range(first, last):
        weights += nearness(world.communities[k], world.communities[world.neighbours[n]], p)
    for n in range(first, max(last, first + 1)):
        j = world.neighbours[n] if last > first else k
        weight = nearness(world.communities[k], world.communities[j], p) / weights if last > first else np.float32(1.0)
        for kind in range(2):
            area.elsewhere[kind] += weight * areas[j].opportunity[kind]
            for m in range(len(PLACE_ACCOUNTS)):
                area.elsewhere_shift[kind, m] += weight * areas[j].shift[kind, m]


@kernel
def _clear(by_kind, by_account):
    """Set to 0."""
    for kind in range(2):
        by_kind[kind] = 0.0
        for n in range(len(PLACE_ACCOUNTS)):
            by_account[kind, n] = 0.0


@tile_kernel
def record_offences(tile, community, blocks, memory, blocks_before, area, moved, p, first):
    """Change of the tile's expected offences by account; returns the expected offences.

    Changes since last week are added to `moved`; if `first`, the factors are only stored.
    """
    start_block = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    total = np.float64(0.0)
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        here, last = blocks[start_block + q], blocks_before[start_block + q]
        heat = p.theta * here.heat
        total += heat
        if not first:
            moved[OFFENDING] += heat - last.heat
        last.heat = heat
        _record_reach(last, area, p)
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        total += _record_people(tile, memory, moved, start, end, last, p, first)
    return total


@kernel
def _record_reach(block, area, p):
    """Opportunity of a block's residents, at home and away, as a logarithm, and its change by account: their sum is split by its terms."""
    for kind in range(2):
        away = p.away if kind == ACQUISITIVE else p.away_violent
        before = (1.0 - away) * block.before[kind] + away * area.elsewhere_before[kind]
        now = (1.0 - away) * block.opportunity[kind] + away * area.elsewhere[kind]
        block.log_before[kind], block.log_rate[kind] = log(before), log(now)
        mean = before * mean_growth(block.log_rate[kind] - block.log_before[kind]) + 1e-30
        for n in range(len(PLACE_ACCOUNTS)):
            block.log_shift[kind, n] = ((1.0 - away) * block.shift[kind, n] + away * area.elsewhere_shift[kind, n]) / mean


@kernel
def _record_people(tile, memory, moved, start, end, block, p, first):
    """Expected offences of one block's residents, and their change by account."""
    total = np.float64(0.0)
    for i in range(start, end):
        age = tile.age_group[i]
        if age > 0:
            me = memory[tile.first + i]
            norm, hard = p.norm * (0.64 - tile.norm[i]), tile.strain[i] - 0.41
            idle = p.idle if tile.jobless[i] > 0 else np.float32(0.0)
            trust = p.legitimacy * (0.70 - me.legitimacy)
            risk, minds = log((me.risk if me.risk > LEAST_RISK else LEAST_RISK) / p.reference_risk), deterred(tile.norm[i], p)
            inside = np.uint8(1) if (me.status == JAILED) & (tile.status[i] == JAILED) else np.uint8(0)
            for kind in range(2):
                rate = p.base / 52.0 * by_age(age) * ((1.0 - p.violent) if kind == ACQUISITIVE else p.violent)
                certainty = p.certainty if kind == ACQUISITIVE else p.certainty_violent
                hardship = p.hardship if kind == ACQUISITIVE else p.hardship_violent
                strain, strained = hardship * hard + idle, hardship * me.strain + me.idle
                fear, feared = certainty * minds * risk, certainty * me.minds * me.log_risk
                place, last = block.log_rate[kind], block.log_before[kind]
                after = rate * exp(norm + strain + trust + fear + place)
                if inside == 0:
                    total += after
                if not first:
                    own = me.log_norm + strained + me.log_trust + feared
                    before = rate * exp(own + last)
                    if (inside == 0) & (me.inside == 0):
                        mean = np.float64(before * mean_growth(norm + strain + trust + fear - own + (place - last)))
                        by_norm = 0.5 * certainty * (risk + me.log_risk) * (minds - me.minds)
                        moved[NORMS] += mean * (norm - me.log_norm + by_norm)
                        moved[LIVELIHOOD] += mean * (strain - strained)
                        moved[JUSTICE] += mean * (trust - me.log_trust)
                        moved[POLICING] += mean * (fear - feared - by_norm)
                        for n in range(len(PLACE_ACCOUNTS)):
                            moved[PLACE_ACCOUNTS[n]] += mean * block.log_shift[kind, n]
                    elif inside != me.inside:
                        moved[me.jailer] += after if inside == 0 else -before
            me.log_norm, me.strain, me.idle, me.log_trust, me.log_risk, me.minds, me.inside = norm, hard, idle, trust, risk, minds, inside
    return total


@kernel
def jailer_of(event, protested):
    """Account to which a stay in jail that began this week is attributed."""
    if (event & OFFENDED) | ((event & ARRESTED) == 0):
        return np.uint8(OFFENDING)
    return np.uint8(UNREST) if protested | ((event & STOPPED_FOR_NOTHING) == 0) else np.uint8(POLICING)
