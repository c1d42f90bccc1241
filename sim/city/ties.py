"""Ties: the social network. Ten ties per resident: household and community (near), a workplace and a long-range tie (far).

A tie is directed: it gives whose visible behaviour a resident observes. Visible behaviour is one byte (civic norm in 5 bits, whether the
person passes on a rumour in 1, status in 2); `look_around` sums the behaviour of the ten ties in the last week. Far ties follow a gravity
model with distance decay between sub-districts, a form that fits commuting and friendship (Lambiotte et al. 2008,
doi:10.1016/j.physa.2008.05.014 for calls: exponent about 2).
"""

from functools import cache

import numpy as np

from sim.city.codes import FAR, NEAR
from sim.city.columns import TILE, tile_type
from sim.city.resident import Resident
from sim.draws import integer, uniform
from sim.kernel import fetch_byte, fetch_line, kernel, tile_kernel
from sim.maths import first_above

NORM_LEVELS = 31
SHOWS_CALM, SHOWS_VOLUNTEERING, SHOWS_ACTIVE, SHOWS_DISPUTE = 0, 1, 2, 3
TIES = NEAR + FAR
NEIGHBOURHOOD = 60  # residents before and after, among whom the neighbours of the near ties are drawn
SOON = 64  # residents ahead whose far ties are prefetched
ROOM = tile_type(Resident).itemsize // TILE  # bytes of a tile per resident
LINE = 64  # bytes that are prefetched at a time


@cache  # kernels only read it
def decode_table() -> np.ndarray:
    """Contribution of each visible byte to the sum over ties: norm level, one for the status, one for a rumour passed on.

    Bits 0-9 norm levels, 10-13 volunteering, 14-17 active, 18-21 in dispute, 22-25 passing on a rumour.
    """
    byte = np.arange(256, dtype=np.uint32)
    status = byte & 3
    packed = (byte >> 3) + (((byte >> 2) & 1) << 22) + ((status == 1).astype(np.uint32) << 10) + ((status == 2).astype(np.uint32) << 14)
    return (packed + ((status == 3).astype(np.uint32) << 18)).astype(np.uint32)


@kernel
def peers_norm(peers):
    """Mean visible norm of the ties, in [0, 1]."""
    return np.float32(np.int32(peers & np.uint32(1023))) * np.float32(1.0 / (NORM_LEVELS * TIES))


@kernel
def volunteers_among(peers):
    """Number of ties that volunteered visibly."""
    return (peers >> np.uint32(10)) & np.uint32(15)


@kernel
def share_of_ties(number):
    """Share of the ties that `number` of them are."""
    return np.float32(np.int32(number)) * np.float32(1.0 / TIES)


@kernel
def peers_volunteering(peers):
    """Share of the ties that volunteered visibly."""
    return share_of_ties(volunteers_among(peers))


@kernel
def peers_active(peers):
    """Share of the ties that were openly protesting."""
    return np.float32(np.int32((peers >> np.uint32(14)) & np.uint32(15))) * np.float32(1.0 / TIES)


@kernel
def peers_believing(peers):
    """Number of ties that passed on a rumour."""
    return np.int32((peers >> np.uint32(22)) & np.uint32(15))


@tile_kernel
def read_signals(community, visible, signals):
    """Decode last week's visible behaviour of the community's residents into `signals`, which is read eight times per resident."""
    start = np.uint64(community.first)
    for i in range(community.residents):
        byte = np.uint32(visible[start + np.uint64(i)])
        status = byte & np.uint32(3)
        volunteers = np.uint32(1 << 10) if status == SHOWS_VOLUNTEERING else np.uint32(0)
        acts = np.uint32(1 << 14) if status == SHOWS_ACTIVE else volunteers
        shown = np.uint32(1 << 18) if status == SHOWS_DISPUTE else acts
        signals[i] = (byte >> np.uint32(3)) + ((byte & np.uint32(4)) << np.uint32(20)) + shown


@tile_kernel
def look_around(tile, ahead, signals, visible, decode, peers):
    """Write into `peers` last week's visible behaviour, packed and summed over the ties of each resident of the tile.

    This step is limited by memory latency; meanwhile the next tile, `ahead`, is prefetched into the cache for all its stages.
    """
    near, far, count = tile.near, tile.far, tile.count
    for i in range(count):
        soon = i + SOON if i + SOON < count else i
        fetch_byte(visible, far[0, soon])
        fetch_byte(visible, far[1, soon])
        for line in range(0, ROOM, LINE):
            fetch_line(ahead, i * ROOM + line)
        seen = decode[visible[far[0, i]]] + decode[visible[far[1, i]]]
        for s in range(NEAR):
            seen += signals[near[s, i]]
        peers[i] = seen


@kernel
def make_ties(tile, community, communities, gravity, span, key):
    """Draw the ties of the tile's residents.

    Parameters
    ----------
    gravity : float64 array, shape (sub-districts,)
        Cumulative weights of all sub-districts as the location of a far tie from the tile's own.
    span : int array, shape (sub-districts, 2)
        First resident of each sub-district, and one past its last.
    key : uint64
        From `sim.draws.random_key`.
    """
    size = community.residents
    for i in range(tile.count):
        me = tile.first + i
        mine = me - community.first
        home = mine - tile.household_place[i]
        relatives = tile.household_size[i] - 1
        for s in range(NEAR):
            if s < relatives:
                other = home + s
                if other >= mine:
                    other += 1  # skip the resident itself
            elif s < 6:
                step = 1 + integer(key, me, s, min(NEIGHBOURHOOD, max(size - 1, 1)))
                other = mine + step if uniform(key, me, 16 + s) < 0.5 else mine - step
            else:
                other = integer(key, me, s, size - 1)
                if other >= mine:
                    other += 1
            other = other + size if other < 0 else other
            tile.near[s, i] = np.uint16(other - size if other >= size else other)
        for s in range(FAR):
            last = len(gravity) - 1
            target = min(first_above(gravity, np.float64(uniform(key, me, 32 + s)) * gravity[last]), last)
            start = span[target, 0]
            own = target == community.subdistrict
            other = integer(key, me, 40 + s, span[target, 1] - start - own)
            if own and other >= me - start:
                other += 1
            tile.far[s, i] = np.uint32(start + other)
