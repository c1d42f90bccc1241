"""The city as rules see it."""

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Joined, Message, with_suggestion
from sim.suggestions import nearest

with lazily():
    from sim.city import roster  # imports Mesa, which runs without rules do not need

if TYPE_CHECKING:
    from sim.city.agents import CityAgent
    from sim.city.sets import ColumnSet


class CityView:
    """What a rule sees of the city: its agents, the week, and random numbers of the rule's own.

    Attributes
    ----------
    random : random.Random
        Random numbers of this rule in this week; they depend only on the seed, the rule's name and the week.
    rng : numpy.random.Generator
        The same, for arrays.
    communities : ndarray
        A record per community with its conditions, such as ``city.communities["aid"]``; writable.
    """

    def __init__(self, simulation):
        world = simulation.city.world
        self.roster = roster.Roster(self, simulation.city.tables.values(), world.communities)
        self.communities: np.ndarray = world.communities
        self._simulation = simulation
        self.reseed("")

    def reseed(self, name: str) -> None:
        """Start the random numbers of the rule called `name` in this week."""
        self.random = random.Random(f"{self._simulation.seed}:{name}:{self.week}")
        self.rng = np.random.Generator(np.random.PCG64(self.random.getrandbits(128)))

    @property
    def week(self) -> int:
        """The week, from 0."""
        return self._simulation.week

    @property
    def horizon(self) -> int:
        """Weeks in all."""
        return self._simulation.horizon

    @property
    def agents(self) -> "ColumnSet":
        """All agents of all kinds."""
        return self.roster.everyone()

    @property
    def residents(self) -> "ColumnSet":
        """All residents."""
        return self.roster.of("Resident")

    def of(self, kind: str | type) -> "ColumnSet":
        """All agents of one kind.

        Raises
        ------
        UserError
            If there is no such kind.
        """
        name = kind if isinstance(kind, str) else kind.__name__
        if name not in self.roster.by_name:
            kinds = self.roster.by_name
            message = Message("got {name}; expected a kind of agent ({kinds})", name=repr(name), kinds=Joined(kinds))
            raise UserError(with_suggestion(message, nearest(name, kinds)))
        return self.roster.of(name)

    def shift(self, agents: "ColumnSet | Iterable[CityAgent] | CityAgent", name: str, by: Any) -> None:
        """Add `by` (a number, or one per agent) to a column of agents of one kind, within the bounds of the column.

        `agents` is a set, a list of agents, or one agent.
        """
        chosen = self.roster.set_of(agents)
        if len(chosen):
            table = self.roster.table_of(int(chosen.ids[0]))
            if name not in table.columns:
                raise table.no_such(name)
            low, high = table.columns[name].low, table.columns[name].high
            moved = chosen.array(name).astype(np.float64) + by
            chosen.set(name, np.clip(moved, -np.inf if low is None else low, np.inf if high is None else high))
