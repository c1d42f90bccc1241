"""The same week with ordinary Mesa agents: an object per resident and unit, stepped by `AgentSet.do`.

The usual way to write a Mesa model. The rules are those of the plain-Python model (tests/docking/plain), so all three models are equivalent
and differ only in the calls. Random numbers come from Mesa's own generator, which is faster in Python than the counter-based one;
`counted=True` uses the latter, to show that the model is the same.
"""

import mesa

from benchmarks.plain_model import City, express


class MesaResident(mesa.Agent):
    """A resident as an object; its columns are attributes."""

    def step(self):
        """One week."""
        model = self.model
        model.live_one(self, model.communities[model.home[self.number]])
        model.next_shown[self.number] = express(self)


class MesaUnit(mesa.Agent):
    """An organisation or a unit of government as an object."""


class MesaCity(mesa.Model, City):
    """The city of a simulation that has not begun, as a Mesa model.

    Parameters
    ----------
    simulation : Simulation
    counted : bool
        True to use counter-based random numbers, as the kernels do.
    """

    def __init__(self, simulation, number=float, counted=False):
        mesa.Model.__init__(self, seed=simulation.seed)
        self.counted = counted
        self.copy(simulation, number, lambda: MesaResident(self), lambda: MesaUnit(self))
        self.home = [k for k, community in enumerate(self.communities) for _ in community.people]

    def key(self, name):
        """This week's random key of one mechanism."""
        if self.counted:
            return City.key(self, name)
        draw = self.random.random
        return lambda entity, number=0: draw()

    def live(self):
        """Every resident steps once."""
        self.next_shown = [None] * len(self.residents)
        self.agents_by_type[MesaResident].do("step")
        self.shown = self.next_shown

    def step(self):
        """One week of all agents."""
        self.advance(1)
