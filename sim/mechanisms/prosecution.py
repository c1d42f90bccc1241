"""What follows an offence: recording, clearing, prosecution and sentence (kernels of the mechanism `sim.mechanisms.offending`).

A share of offences is recorded, more of violent ones, more under more patrols and where offenders' legitimacy, which stands for that of the
people around them, is high; all that detection finds is recorded. A share of recorded offences is criminal; a share is cleared, by kind as
the police's work allows (see `sim.mechanisms.policing`), more of what detection found; a share of those prosecuted is jailed.
An offence and its record count where it happened; clearance, prosecution and sentence where the offender lives.
"""

import numpy as np

from sim.city.codes import ARRESTED, CALM, JAILED
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.maths import clip

ACQUISITIVE, VIOLENT = 0, 1
"""Kinds of offences, in the order of arrays by kind."""


@kernel
def pursue(tile, i, community, block, key, me, kind, away, p):
    """Recording, clearing, prosecution and sentence of one offence; one that happened away is passed on to `close_offending`."""
    patrols = community.patrol * (np.float32(1.0) if away else block.focus) / p.patrolled
    reporting = (p.recorded_violent if kind == VIOLENT else p.recorded) * (1.0 + p.reporting * (tile.legitimacy[i] - 0.70))
    found, u = uniform(key, me, 7) < community.flag_true, uniform(key, me, 1)
    reported, seen = (u < reporting) | found, (u < reporting * (1.0 + p.seen * (patrols - 1.0))) | found
    criminal = seen & (uniform(key, me, 2) < p.criminal)
    if away:
        leaving = block.leaving[kind]
        leaving[0] += 1
        leaving[1] += reported
        leaving[2] += seen
        leaving[3] += criminal
        leaving[4] += found
    else:
        count(community.now, block, kind, reported, seen, criminal, found)
    clearance = community.clearance_violent if kind == VIOLENT else community.clearance
    solved = clip(clearance + (p.evidence if found else np.float32(0.0)), np.float32(0.0), np.float32(1.0))
    if seen & (uniform(key, me, 3) < solved):
        _clear(tile, i, community.now, kind, criminal, key, me, p)


@kernel
def count(now, block, kind, reported, seen, criminal, found):
    """Count an offence in the community and the block where it happened."""
    block.now += 1
    block.reported += reported
    block.seen += seen
    now.offences += 1
    now.recorded += seen
    now.criminal += criminal
    now.flagged_rightly += found
    if kind == VIOLENT:
        now.violent += 1
        now.recorded_violent += seen


@kernel
def _clear(tile, i, now, kind, criminal, key, me, p):
    """Arrest of resident `i`; prosecution and sentence of a criminal offence."""
    now.cleared += 1
    now.cleared_violent += kind == VIOLENT
    tile.events[i] |= np.uint8(ARRESTED)
    if criminal & (uniform(key, me, 4) < p.prosecuted):
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
