"""Attribution of protest: causes of the residents who started or stopped protesting this week, and of added grievance.

A resident protests when G (1 - L) - R P exceeds a threshold (`sim.mechanisms.unrest`). Each crossing counts as one, and is distributed over
the terms that moved in the direction of the crossing, in proportion to their changes. Who joins after a rest from an earlier protest is
attributed to unrest.
"""

import numpy as np

from sim.attribution.accounts import NUMBER
from sim.city.codes import ACTIVE, JAILED
from sim.kernel import tile_kernel
from sim.mechanisms.unrest import SIGHT, fear_of_arrest

MASS_WORK, RUMOUR, RESOLUTION = NUMBER["mass_work"], NUMBER["rumour"], NUMBER["resolution"]
UNREST, JUSTICE, DETECTION = NUMBER["unrest"], NUMBER["procedural_justice"], NUMBER["detection"]


@tile_kernel
def record_grievance(tile, memory, kept, inflow):
    """Grievance that each mechanism added to the tile's adults this week; the parts of everybody's grievance fade in proportion."""
    zero = np.float64(0.0)
    served, believed, handled, stirred = zero, zero, zero, zero
    for i in range(tile.count):
        row = tile.first + i
        if tile.age_group[i] > 0:
            one, two, three = kept[0, row] - memory[row].grievance, kept[1, row] - kept[0, row], kept[2, row] - kept[1, row]
            four = tile.grievance[i] - kept[2, row]
            one, two, three = max(one, np.float32(0.0)), max(two, np.float32(0.0)), max(three, np.float32(0.0))
            four = max(four, np.float32(0.0))
            served, believed, handled, stirred = served + one, believed + two, handled + three, stirred + four
            me = memory[row]
            total = me.grievance + one + two + three + four
            left = tile.grievance[i] / total if total > 0.0 else np.float32(0.0)
            me.by_mass_work, me.by_rumour = (me.by_mass_work + one) * left, (me.by_rumour + two) * left
            me.by_unrest = (me.by_unrest + four) * left
    inflow[MASS_WORK] += served
    inflow[RUMOUR] += believed
    inflow[RESOLUTION] += handled
    inflow[UNREST] += stirred


@tile_kernel
def record_protest(tile, community, memory, kept, remembered, moved, p):
    """Change in the number of protesters by account."""
    risk, exposed, threshold = _stakes(community, p)
    by_crowd, by_cameras, by_hush = risk - remembered.risk, exposed - remembered.exposed, threshold - remembered.threshold
    for i in range(tile.count):
        row = tile.first + i
        me = memory[row]
        acts, acted = tile.status[i] == ACTIVE, me.status == ACTIVE
        if acts != acted:
            towards = np.float32(1.0) if acts else np.float32(-1.0)
            if tile.status[i] == JAILED:
                moved[me.jailer] -= 1.0
            elif acts & (me.rested == 1):  # ready to protest before, and kept from it by fatigue
                moved[UNREST] += 1.0
            else:
                let_off = p.vent if acts else np.float32(0.0)
                before_vent = tile.grievance[i] + let_off
                open_ = (1.0 - 0.5 * (me.legitimacy + me.earlier)) * towards
                one, two = (kept[0, row] - me.grievance) * open_, (kept[1, row] - kept[0, row]) * open_
                three = (kept[2, row] - kept[1, row]) * open_
                four = (before_vent - kept[2, row] - (p.vent if acted else np.float32(0.0))) * open_
                four = four - tile.risk_aversion[i] * by_crowd * towards
                trust = 0.5 * (me.grievance + before_vent) * (me.earlier - me.legitimacy) * towards
                _share(moved, towards, one, two - by_hush * towards, three, four, trust, -tile.risk_aversion[i] * by_cameras * towards)


@tile_kernel
def _stakes(community, p):
    """Arrest risk from officers and crowd, risk added by surveillance, and threshold; as in `sim.mechanisms.unrest.unrest`."""
    scale = SIGHT / np.float32(community.residents)
    before = np.float32(community.last.active) * scale
    crowd = before + community.shock_crowd * SIGHT * 0.1
    officers = p.on_duty * community.officers * scale + p.reserve * before
    risk = fear_of_arrest(officers * community.force, 1.0 + crowd, p)
    return risk, p.watched * community.exposure * (1.0 - risk), p.threshold + p.hush * community.hush


@tile_kernel
def remember_stakes(community, remembered, p):
    """Store this week's risks and threshold of protest."""
    remembered.risk, remembered.exposed, remembered.threshold = _stakes(community, p)


@tile_kernel
def _share(moved, towards, mass_work, rumour, resolution, unrest, trust, exposed):
    """Distribute one crossing over the terms that moved in its direction; without any, it is attributed to unrest."""
    mass_work, rumour = max(mass_work, np.float32(0.0)), max(rumour, np.float32(0.0))
    resolution, unrest = max(resolution, np.float32(0.0)), max(unrest, np.float32(0.0))
    trust, exposed = max(trust, np.float32(0.0)), max(exposed, np.float32(0.0))
    total = mass_work + rumour + resolution + unrest + trust + exposed
    if total > 1e-9:
        scale = np.float64(towards / total)
        moved[MASS_WORK] += scale * mass_work
        moved[RUMOUR] += scale * rumour
        moved[RESOLUTION] += scale * resolution
        moved[JUSTICE] += scale * trust
        moved[DETECTION] += scale * exposed
        moved[UNREST] += towards - scale * (mass_work + rumour + resolution + trust + exposed)
    else:
        moved[UNREST] += towards
