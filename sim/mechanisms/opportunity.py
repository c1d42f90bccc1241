"""Opportunities for offences, and journeys to them (kernels of the mechanism `sim.mechanisms.offending`, which states their equation)."""

import numpy as np

from sim.city.community import BLOCK_SIZE
from sim.kernel import kernel
from sim.maths import exp, log, power
from sim.mechanisms.prosecution import ACQUISITIVE, VIOLENT


@kernel
def informal_control(community, p):
    """Factor of neighbours' informal control on offences in a community."""
    control = 1.0 - p.control * (community.collective_efficacy - 1.0)
    return control if control > 0.1 else np.float32(0.1)


@kernel
def residents_of(community, q):
    """Residents of block `q` of a community."""
    return np.float32(min(BLOCK_SIZE, community.residents - (q - community.first_block) * BLOCK_SIZE))


@kernel
def find_opportunities(community, blocks, p):
    """Opportunity of every block of a community by kind, and their mean over its residents."""
    control, pulse = informal_control(community, p), log(community.pulse)
    acquisitive = control * (1.0 - p.watch * community.watch) * exp(p.certainty * pulse)
    violent = control * exp(p.certainty_violent * pulse)
    focus, kept, kept_violent = np.float32(-1.0), np.float32(1.0), np.float32(1.0)
    total, total_violent = np.float32(0.0), np.float32(0.0)
    for q in range(community.first_block, community.last_block):
        block = blocks[q]
        if block.focus != focus:  # equal in all blocks under even patrols; a power costs as much as twenty residents
            focus = block.focus
            patrols = log(community.patrol * focus + 0.1)
            kept, kept_violent = exp(p.presence * patrols), exp(p.presence_violent * patrols)
        filmed = 1.0 - (p.camera if block.lot < community.cameras else np.float32(0.0))
        there = block.attraction * block.conduct
        block.opportunity[ACQUISITIVE] = there * filmed * acquisitive * kept
        block.opportunity[VIOLENT] = there * violent * kept_violent
        total += block.opportunity[ACQUISITIVE] * residents_of(community, q)
        total_violent += block.opportunity[VIOLENT] * residents_of(community, q)
    community.opportunity[ACQUISITIVE] = total / np.float32(community.residents)
    community.opportunity[VIOLENT] = total_violent / np.float32(community.residents)


@kernel
def nearness(community, other, p):
    """Weight of another community as a destination: its residents, and a power of its distance, so that only ratios matter."""
    east, north = other.x - community.x, other.y - community.y
    return np.float32(other.residents) * power(east * east + north * north + 0.0001, -0.5 * p.decay)  # 10 m more: two may be in one place


@kernel
def look_nearby(world, k, p):
    """Opportunity in the communities that border on community `k`, weighted by distance; its own if there are none."""
    here = world.communities[k]
    weights, total, total_violent = np.float32(0.0), np.float32(0.0), np.float32(0.0)
    for n in range(world.first_neighbour[k], world.first_neighbour[k + 1]):
        there = world.communities[world.neighbours[n]]
        weight = nearness(here, there, p)
        weights += weight
        total += weight * there.opportunity[ACQUISITIVE]
        total_violent += weight * there.opportunity[VIOLENT]
    here.elsewhere[ACQUISITIVE] = total / weights if weights > 0.0 else here.opportunity[ACQUISITIVE]
    here.elsewhere[VIOLENT] = total_violent / weights if weights > 0.0 else here.opportunity[VIOLENT]


@kernel
def share_away(community, block, kind, p):
    """Share of bordering communities in the opportunities that residents of a block have."""
    away = p.away_violent if kind == VIOLENT else p.away
    far = away * community.elsewhere[kind]
    return far / ((1.0 - away) * block.opportunity[kind] + far + 1e-30)


@kernel
def destination(world, k, kind, draw, p):
    """Bordering community in which an offence happens: by distance and opportunity; the community itself if there is none."""
    here, first, last = world.communities[k], world.first_neighbour[k], world.first_neighbour[k + 1]
    total = np.float32(0.0)
    for n in range(first, last):
        there = world.communities[world.neighbours[n]]
        total += nearness(here, there, p) * there.opportunity[kind]
    left, found = draw * total, k
    for n in range(first, last):
        there = world.communities[world.neighbours[n]]
        if left >= 0.0:
            found = world.neighbours[n]
        left -= nearness(here, there, p) * there.opportunity[kind]
    return found


@kernel
def segment(there, blocks, kind, draw):
    """Block of a community in which an offence happens: by opportunity and residents."""
    left, found = draw * there.opportunity[kind] * np.float32(there.residents), there.first_block
    for q in range(there.first_block, there.last_block):
        if left >= 0.0:
            found = q
        left -= blocks[q].opportunity[kind] * residents_of(there, q)
    return found
