"""The books: a pass over the city at the end of every week, before it closes, that notes the terms of every judged quantity.

It reads the city and writes only its own arrays, so that a run with the ledger goes the same way to the last bit. Its kernels are
compiled when a ledger is first kept.
"""

import numpy as np

from sim.city.codes import ACTIVE, JAILED
from sim.kernel import driver, phase, values_of
from sim.ledger.accounts import ACCOUNTS, CORNER, GRANTED, MEMORY, SQUARE, VERDICTS
from sim.ledger.capacities import log_capacities
from sim.ledger.offences import book_offences, jailer_of
from sim.ledger.protest import book_grievance, book_protest, remember_stakes
from sim.ledger.verdicts import BELONGING, HAPPINESS, SECURITY, book_belonging, book_happiness, book_legitimacy, book_security
from sim.mechanisms import MECHANISMS

OFFENDING, UNREST, JUSTICE = (list(MECHANISMS).index(name) for name in ("offending", "unrest", "procedural_justice"))


class Ledger:
    """What was booked in every week of one simulation.

    Attributes
    ----------
    terms : ndarray, shape (weeks + 1, 3, accounts)
        Means over adults of the terms of belonging, happiness and security; row 0 is the city as built, as in all that follow.
    struck : ndarray, shape (weeks + 1, 3, accounts)
        What was added at once, past the time constant.
    granted : ndarray, shape (weeks + 1, len(GRANTED))
        Legitimacy by account, mean over adults.
    inflow : ndarray, shape (weeks + 1, accounts)
        What was added to grievance, mean over adults.
    offences, protest : ndarray, shape (weeks + 1, accounts)
        Change of expected offences and of protesters.
    expected : ndarray, shape (weeks + 1,)
        Expected offences.
    capacities : ndarray, shape (weeks + 1, 3, accounts)
        Logarithms of the factors on the capacity of mediation, offices and courts, mean over residents.
    opened : dict
        Means of the judged columns in the city as built.
    """

    def __init__(self, simulation):
        world, rows, accounts = simulation.city.world, simulation.horizon + 1, len(ACCOUNTS)
        residents = len(world.kept_events)
        self.terms, self.struck = np.zeros((rows, len(VERDICTS), accounts)), np.zeros((rows, len(VERDICTS), accounts))
        self.granted, self.inflow = np.zeros((rows, len(GRANTED))), np.zeros((rows, accounts))
        self.offences, self.protest, self.expected = np.zeros((rows, accounts)), np.zeros((rows, accounts)), np.zeros(rows)
        self.capacities = np.zeros((rows, 3, accounts))
        self._memory, self._by_account = np.zeros(residents, MEMORY), np.zeros((residents, len(GRANTED)), np.float32)
        self._corners = np.zeros(len(world.places), CORNER)
        self._squares = np.zeros(len(world.communities), SQUARE)
        self._adults = float(world.communities["adults"].sum())
        last = world.communities["last"]
        self.opened = {
            name: last[name].sum() / 2.0**20 / self._adults for name in ("belonging", "happiness", "security", "legitimacy", "grievance")
        }
        self.book(world, 0)

    def book(self, world, row: int) -> None:
        """Book a week into a row: its number counted from 1, or 0 for the city as built."""
        terms, struck, granted = self.terms[row], self.struck[row], self.granted[row]
        inflow, offences, protest = self.inflow[row], self.offences[row], self.protest[row]
        memory = (self._memory, self._corners, self._squares, self._by_account)
        self.expected[row] = book_week(world, memory, terms, struck, granted, inflow, offences, protest, row == 0)
        for means in (terms, struck, granted, inflow):
            means /= self._adults
        self.capacities[row] = log_capacities(world)


@driver
def book_week(world, books, terms, struck, granted, inflow, offences, protest, first):
    """Book what happened to everybody; returns the offences that were to be expected."""
    p, on = world.parameters[0], world.enabled
    memory, corners, squares, by_account = books
    events, kept = world.kept_events, world.kept_grievance
    pace = p.procedural_justice.strength if on[JUSTICE] else np.float32(0.0)
    expected = np.float64(0.0)
    for k in range(len(world.communities)):
        community, square = world.communities[k], squares[k]
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            _recall(tile, memory, events, first)
            if not first:
                book_grievance(tile, memory, kept, inflow)
                if on[UNREST]:
                    book_protest(tile, community, memory, kept, square, protest, values_of(p.unrest))
            if on[OFFENDING]:
                expected += book_offences(tile, community, world.places, memory, corners, offences, values_of(p.offending), first)
            book_legitimacy(tile, community, memory, by_account, events, granted, values_of(p.procedural_justice), pace, first)
            settings = values_of(p.satisfaction)
            book_belonging(tile, community, terms[BELONGING], settings)
            book_happiness(tile, community, memory, terms[HAPPINESS], settings)
            book_security(tile, community, events, terms[SECURITY], struck[SECURITY], settings)
            _remember(tile, memory)
        remember_stakes(community, square, values_of(p.unrest))
    return expected


@phase
def _recall(tile, memory, events, first):
    """Who sent those to jail who went there this week; and in the city as built, what to remember of everybody."""
    for i in range(tile.count):
        me = memory[tile.first + i]
        if first:
            me.legitimacy, me.earlier, me.risk = tile.legitimacy[i], tile.legitimacy[i], tile.sanction_risk[i]
            me.grievance, me.belonging, me.status, me.jailer = tile.grievance[i], tile.belonging[i], tile.status[i], np.uint8(OFFENDING)
        elif (tile.status[i] == JAILED) & (me.status != JAILED):
            me.jailer = jailer_of(events[tile.first + i], me.status == ACTIVE)


@phase
def _remember(tile, memory):
    """Where everybody stands at the end of the week."""
    for i in range(tile.count):
        me = memory[tile.first + i]
        me.earlier = me.legitimacy
        me.legitimacy, me.risk, me.grievance = tile.legitimacy[i], tile.sanction_risk[i], tile.grievance[i]
        me.belonging, me.status = tile.belonging[i], tile.status[i]
