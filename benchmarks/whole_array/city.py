"""A built city, copied into one array per column, and its week."""

from types import SimpleNamespace

import numpy as np

from benchmarks.cities import FOUR
from benchmarks.whole_array import arrays, rules, week
from sim.city.community import BLOCK_SIZE
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import begin_week, end_week


class NumpyCity:
    """The residents of a simulation in week 0, simulated with NumPy.

    Parameters
    ----------
    simulation : Simulation
        In week 0, with only the mechanisms in `FOUR` enabled for residents. Its communities and units are changed; its tiles of residents
        are only read.
    """

    def __init__(self, simulation):
        table = simulation.city.residents
        self.world, self.week = simulation.city.world, simulation.week
        self.communities, self.places, self.visible = self.world.communities, self.world.blocks, self.world.visible
        self.decode, self.histogram = self.world.decode, self.world.histogram
        self.people = SimpleNamespace(**{name: table.values(name) for name in table.columns if name not in ("near", "far")})
        self.ids = np.arange(len(table), dtype=np.uint32)
        self.parameters = {name: _named(self.world.parameters[name]) for name in FOUR}
        now = self.communities["now"]
        self.counts = {name: now[name] for name in now.dtype.names}
        self._settle(table)

    def _settle(self, table) -> None:
        """Community and ties of every resident."""
        here = self.communities
        self.home, self.starts = np.repeat(np.arange(len(here), dtype=np.int32), here["residents"]), here["first"].copy()
        within = np.arange(len(table)) - self.starts[self.home]
        self.place_starts = np.flatnonzero(within % BLOCK_SIZE == 0)
        self.place_home = self.home[self.place_starts]
        self.block = (here["first_block"][self.home] + within // BLOCK_SIZE).astype(np.int32)
        near = table.values("near").T.astype(np.uint32) + self.starts[self.home].astype(np.uint32)
        self.ties = np.concatenate([near, table.values("far").T])

    def advance(self, weeks: int = 1) -> None:
        """Simulate some weeks."""
        for _ in range(weeks):
            begin_week(self.world, self.week)
            self._live()
            end_week(self.world, self.week)
            self.week += 1

    def _live(self) -> None:
        people, now = self.people, self.week
        week.look_around(self, self.visible[now & 1])
        week.serve_sentences(people)
        for name in FOUR:
            key = arrays.key(self.world.seed, MECHANISMS[name].stream, now)
            getattr(rules, name)(people, self, key, self.parameters[name])
        week.measure(people, self)
        week.express(people, self, self.visible[1 - (now & 1)])

    def at_home(self, values):
        """A condition of communities, by resident."""
        return values[self.home]

    def uniform(self, key: int, draw: int, who=slice(None)):
        """A uniform draw for all residents, or for some."""
        return arrays.uniform(self.ids[who], key, draw)

    def add(self, name: str, values) -> None:
        """Add the residents' values to a count or sum of communities."""
        self.counts[name] += np.add.reduceat(values, self.starts, dtype=np.int64)

    def count(self, **truths) -> None:
        """Add the residents for whom a condition holds to the counts of communities."""
        for name, truth in truths.items():
            self.add(name, truth)

    def count_some(self, **rows) -> None:
        """Add some residents, by index, to the counts of communities."""
        for name, who in rows.items():
            self.counts[name] += np.bincount(self.home[who], minlength=len(self.starts))


def _named(record: np.ndarray) -> SimpleNamespace:
    """A record of 32-bit floats as attributes; `moving` is whether the mechanism has an effect."""
    values = {name: record[name][0] for name in record.dtype.names or ()}
    return SimpleNamespace(**values, moving=bool(values.get("strength", 1.0) > 0.0))
