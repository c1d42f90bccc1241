"""The attribution recorder: a pass over the city at the end of every week, before it closes, that records the terms of every outcome.

It reads the city and writes only its own arrays, so the results of a run are bit-identical with and without it. Its kernels are compiled
on first use.
"""

import numpy as np

from sim.attribution.accounts import ACCOUNTS, BLOCK_MEMORY, COMMUNITY_MEMORY, GRANTED, MEMORY, VERDICTS
from sim.attribution.capacities import log_capacities
from sim.attribution.offences import jailer_of, record_offences, record_places
from sim.attribution.protest import record_grievance, record_protest, remember_stakes
from sim.attribution.verdicts import BELONGING, HAPPINESS, SECURITY, record_belonging, record_happiness, record_legitimacy, record_security
from sim.city.codes import ACTIVE, JAILED
from sim.kernel import driver, tile_kernel, values_of
from sim.mechanisms import MECHANISMS

OFFENDING, UNREST, JUSTICE = (list(MECHANISMS).index(name) for name in ("offending", "unrest", "procedural_justice"))


class AttributionRecorder:
    """Record of every week of one simulation, by account (see `sim.attribution.accounts`).

    Attributes
    ----------
    terms : ndarray, shape (weeks + 1, 3, accounts)
        Means over adults of the terms of belonging, happiness and security. Row 0 is the city as built, here and below.
    at_once : ndarray, shape (weeks + 1, 3, accounts)
        Immediate changes, which bypass the time constant.
    granted : ndarray, shape (weeks + 1, len(GRANTED))
        Legitimacy by account, mean over adults.
    inflow : ndarray, shape (weeks + 1, accounts)
        Grievance added, mean over adults.
    offences, protest : ndarray, shape (weeks + 1, accounts)
        Change in expected offences and in the number of protesters.
    expected : ndarray, shape (weeks + 1,)
        Expected offences.
    capacities : ndarray, shape (weeks + 1, 3, accounts)
        Logarithms of the factors on the capacity of mediation, offices and courts, mean over residents.
    at_start : dict
        Means over adults of the verdicts, legitimacy and grievance in the city as built.
    """

    def __init__(self, simulation):
        world, rows, accounts = simulation.city.world, simulation.horizon + 1, len(ACCOUNTS)
        residents = len(world.kept_events)
        self.terms, self.at_once = np.zeros((rows, len(VERDICTS), accounts)), np.zeros((rows, len(VERDICTS), accounts))
        self.granted, self.inflow = np.zeros((rows, len(GRANTED))), np.zeros((rows, accounts))
        self.offences, self.protest, self.expected = np.zeros((rows, accounts)), np.zeros((rows, accounts)), np.zeros(rows)
        self.capacities = np.zeros((rows, 3, accounts))
        self._memory, self._by_account = np.zeros(residents, MEMORY), np.zeros((residents, len(GRANTED)), np.float32)
        self._blocks = np.zeros(len(world.blocks), BLOCK_MEMORY)
        self._areas = np.zeros(len(world.communities), COMMUNITY_MEMORY)
        self._adults = float(world.communities["adults"].sum())
        last = world.communities["last"]
        self.at_start = {
            name: last[name].sum() / 2.0**20 / self._adults for name in ("belonging", "happiness", "security", "legitimacy", "grievance")
        }
        self.record(world, 0)

    def record(self, world, row: int) -> None:
        """Record the current week in a row: its number counted from 1, or 0 for the city as built."""
        terms, at_once, granted = self.terms[row], self.at_once[row], self.granted[row]
        inflow, offences, protest = self.inflow[row], self.offences[row], self.protest[row]
        memory = (self._memory, self._blocks, self._areas, self._by_account)
        self.expected[row] = record_attribution(world, memory, terms, at_once, granted, inflow, offences, protest, row == 0)
        for means in (terms, at_once, granted, inflow):
            means /= self._adults
        self.capacities[row] = log_capacities(world)


@driver
def record_attribution(world, memories, terms, at_once, granted, inflow, offences, protest, first):
    """Record all terms of one week; returns the expected offences."""
    p, on = world.parameters[0], world.enabled
    memory, blocks_before, areas, by_account = memories
    events, kept = world.kept_events, world.kept_grievance
    pace = p.procedural_justice.strength if on[JUSTICE] else np.float32(0.0)
    expected = np.float64(0.0)
    if on[OFFENDING]:
        record_places(world, blocks_before, areas, values_of(p.offending))
    for k in range(len(world.communities)):
        community, remembered = world.communities[k], areas[k]
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            _recall(tile, memory, events, first)
            if not first:
                record_grievance(tile, memory, kept, inflow)
                if on[UNREST]:
                    record_protest(tile, community, memory, kept, remembered, protest, values_of(p.unrest))
            if on[OFFENDING]:
                expected += record_offences(
                    tile, community, world.blocks, memory, blocks_before, remembered, offences, values_of(p.offending), first
                )
            record_legitimacy(tile, community, memory, by_account, events, granted, values_of(p.procedural_justice), pace, first)
            settings = values_of(p.satisfaction)
            record_belonging(tile, community, terms[BELONGING], settings)
            record_happiness(tile, community, memory, terms[HAPPINESS], settings, first)
            record_security(tile, community, events, terms[SECURITY], at_once[SECURITY], settings)
            _remember(tile, memory)
        remember_stakes(community, remembered, values_of(p.unrest))
    return expected


@tile_kernel
def _recall(tile, memory, events, first):
    """Store the account of residents jailed this week; for the city as built, initialise the memory of all residents."""
    for i in range(tile.count):
        me = memory[tile.first + i]
        if first:
            me.legitimacy, me.earlier, me.risk = tile.legitimacy[i], tile.legitimacy[i], tile.sanction_risk[i]
            me.grievance, me.belonging, me.status, me.jailer = tile.grievance[i], tile.belonging[i], tile.status[i], np.uint8(OFFENDING)
            me.tired = tile.tired[i]
        elif (tile.status[i] == JAILED) & (me.status != JAILED):
            me.jailer = jailer_of(events[tile.first + i], me.status == ACTIVE)


@tile_kernel
def _remember(tile, memory):
    """Store residents' state at the end of the week."""
    for i in range(tile.count):
        me = memory[tile.first + i]
        me.earlier = me.legitimacy
        me.legitimacy, me.risk, me.grievance = tile.legitimacy[i], tile.sanction_risk[i], tile.grievance[i]
        me.belonging, me.status = tile.belonging[i], tile.status[i]
        me.rested, me.tired = np.uint8(1) if me.tired > 0 else np.uint8(0), tile.tired[i]
