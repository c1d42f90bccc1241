"""Epstein's grid world with this model's own decision: citizens and police on a torus, as in NetLogo's Rebellion.

Everybody who is free moves to a random free cell in sight; a citizen then decides by `net_grievance` and `arrest_risk` of
`sim.mechanisms.unrest`; an officer arrests a random protester in sight and steps on that cell. Nothing else of the model is in it.
"""

import numpy as np

from sim.draws import integer, random_key, stream, uniform
from sim.kernel import driver, kernel
from sim.mechanisms.unrest import Parameters, arrest_risk, net_grievance

SIDE, SIGHT = 40, 7
CITIZENS, OFFICERS = 1120, 64
"""Density of 70 % and 4 %, as in Rebellion."""
LEGITIMACY, JAIL = 0.82, 30
FLOOR, LITERAL, ELSEWHERE = 0, 1, 2
"""How C / A is rounded: down, as in the published code; not at all; or down, but seen from a random place (a null model)."""
CONSTANT, LINE = (Parameters.model_fields[name].default for name in ("arrest_constant", "threshold"))
NATURE, START, MOVES, ORDER = (stream(f"gridworld.{name}") for name in ("nature", "start", "moves", "order"))
OUT, TRIES = np.int64(-1), 64


def _cells_in_sight() -> np.ndarray:
    """For each cell the numbers of those in sight, itself left out."""
    reach = range(-SIGHT, SIGHT + 1)
    steps = np.array([(x, y) for x in reach for y in reach if 0 < x * x + y * y <= SIGHT * SIGHT])
    x, y = np.divmod(np.arange(SIDE * SIDE)[:, None], SIDE)
    return ((x + steps[:, 0]) % SIDE * SIDE + (y + steps[:, 1]) % SIDE).astype(np.int32)


IN_SIGHT = _cells_in_sight()


@kernel
def _free_cell(place, near, taken, key, me):
    """A random free cell in sight; where one is if none of many tries finds one."""
    for attempt in range(TRIES):
        cell = near[integer(key, me, 100 + attempt, len(near))]
        if taken[cell] == 0:
            return np.int64(cell)
    return np.int64(place)


@kernel
def _risk(near, police, protesters, rounding):
    """Perceived risk of arrest at a place, oneself counted among the protesters."""
    here, shown = np.int64(0), np.int64(1)
    for cell in near:
        here += police[cell]
        shown += protesters[cell]
    officers, others = np.float32(here), np.float32(shown)
    if rounding == LITERAL:
        return arrest_risk(np.float32(1.0), np.float32(1.0), CONSTANT * officers / others)
    return arrest_risk(officers, others, np.float32(CONSTANT))


@kernel
def _suspect(place, where, active, key, me):
    """A random protester in sight of an officer, or none."""
    seen, chosen = 0, OUT
    for citizen in range(len(active)):
        if active[citizen]:
            dx, dy = abs(where[citizen] // SIDE - place // SIDE), abs(where[citizen] % SIDE - place % SIDE)
            dx, dy = min(dx, SIDE - dx), min(dy, SIDE - dy)
            if dx * dx + dy * dy <= SIGHT * SIGHT:
                seen += 1
                if uniform(key, me, 16 + seen) * np.float32(seen) < 1.0:
                    chosen = np.int64(citizen)
    return chosen


@driver
def _live(seed, in_sight, legitimacy, officers, jail, rounding, active_of):
    """Live a tick for each entry of `legitimacy` and `officers`; `active_of` takes the protesters of each."""
    people = CITIZENS + officers[0]
    nature, start = random_key(seed, NATURE, 0), random_key(seed, START, 0)
    where, order = np.arange(SIDE * SIDE), np.arange(people)
    taken, police, protesters = np.zeros(SIDE * SIDE, np.int64), np.zeros(SIDE * SIDE, np.int64), np.zeros(SIDE * SIDE, np.int64)
    active, sentence, on_duty = np.zeros(CITIZENS, np.bool_), np.zeros(CITIZENS, np.int64), np.ones(people, np.bool_)
    for i in range(SIDE * SIDE - 1):
        j = i + integer(start, i, 0, SIDE * SIDE - i)
        where[i], where[j] = where[j], where[i]
    for me in range(people):
        taken[where[me]] += 1
        police[where[me]] += me >= CITIZENS
    for tick in range(len(legitimacy)):
        key, shuffle = random_key(seed, MOVES, tick), random_key(seed, ORDER, tick)
        for me in range(CITIZENS, people):
            if on_duty[me] and (me - CITIZENS >= officers[tick]):
                on_duty[me] = False
                taken[where[me]] -= 1
                police[where[me]] -= 1
        for i in range(people - 1):
            j = i + integer(shuffle, i, 0, people - i)
            order[i], order[j] = order[j], order[i]
        for me in order:
            if not on_duty[me] or (me < CITIZENS and sentence[me] > 0):
                continue
            cell = _free_cell(where[me], in_sight[where[me]], taken, key, me)
            taken[where[me]] -= 1
            taken[cell] += 1
            if me < CITIZENS:
                protesters[where[me]] -= active[me]
                where[me] = cell
                place = integer(key, me, 2, SIDE * SIDE) if rounding == ELSEWHERE else cell
                risk = _risk(in_sight[place], police, protesters, rounding)
                grievance, averse = uniform(nature, me, 0), uniform(nature, me, 1)
                active[me] = net_grievance(grievance, legitimacy[tick], averse, risk) > LINE
                protesters[cell] += active[me]
                continue
            police[where[me]] -= 1
            suspect = _suspect(cell, where, active, key, me)
            if suspect != OUT:
                taken[cell] -= 1
                cell = where[suspect]
                active[suspect] = False
                protesters[cell] -= 1
                sentence[suspect] = integer(key, me, 3, jail)
                if sentence[suspect] == 0:
                    taken[cell] += 1
            where[me] = cell
            police[cell] += 1
        active_of[tick] = active.sum()
        for citizen in range(CITIZENS):
            if sentence[citizen] > 0:
                sentence[citizen] -= 1
                taken[where[citizen]] += sentence[citizen] == 0


def protesters(seed: int, ticks: int, legitimacy=LEGITIMACY, officers=OFFICERS, jail=JAIL, rounding=FLOOR) -> np.ndarray:
    """Protesters of every tick; legitimacy and officers for all ticks, or one value each (officers can only leave)."""
    found = np.zeros(ticks, np.int64)
    levels = np.ascontiguousarray(np.broadcast_to(legitimacy, ticks), np.float32)
    _live(seed, IN_SIGHT, levels, np.ascontiguousarray(np.broadcast_to(officers, ticks), np.int64), jail, rounding, found)
    return found


def outbursts(active: np.ndarray, line: int = 50) -> np.ndarray:
    """Peaks of outbursts: runs of ticks with more than `line` protesters."""
    above = np.concatenate([[False], active > line, [False]])
    edges = np.flatnonzero(np.diff(above.astype(int)))
    return np.array([active[a:b].max() for a, b in edges.reshape(-1, 2)])
