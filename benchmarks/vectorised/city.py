"""A built city, copied into one array per column, and its week."""

from types import SimpleNamespace

import numpy as np

from benchmarks.vectorised import arrays, books, cases, lives, minds, order
from sim.city.community import PLACE_SIZE
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import begin_week, end_week

RULES = {
    "mass_work": lives.mass_work,
    "livelihood": lives.livelihood,
    "services": lives.services,
    "integration": lives.integration,
    "participation": lives.participation,
    "collective_efficacy": lives.collective_efficacy,
    "norms": minds.norms,
    "rumour": minds.rumour,
    "disputes": cases.disputes,
    "resolution": cases.resolution,
    "detection": order.detection,
    "offending": order.offending,
    "policing": order.policing,
    "unrest": order.unrest,
    "procedural_justice": minds.procedural_justice,
    "satisfaction": minds.satisfaction,
}
"""What residents do, in the order of the week. The other mechanisms are units only."""


def _named(record: np.ndarray) -> SimpleNamespace:
    """An array of one record of 32-bit floats as attributes."""
    return SimpleNamespace(**{name: record[name][0] for name in record.dtype.names or ()})


class NumpyCity:
    """The residents of a simulation that has not begun, lived by NumPy.

    Parameters
    ----------
    simulation : Simulation
        In week 0. Its communities and units are taken over and changed; its tiles of residents are only read.
    """

    def __init__(self, simulation):
        table = simulation.city.residents
        self.world, self.week = simulation.city.world, simulation.week
        self.communities, self.places = self.world.communities, self.world.places
        self.people = SimpleNamespace(**{name: table.values(name) for name in table.columns if name not in ("near", "far")})
        count, here = len(table), self.communities
        self.home = np.repeat(np.arange(len(here), dtype=np.int32), here["residents"])
        self.starts = here["first"].copy()
        within = np.arange(count) - self.starts[self.home]
        self.corner = (here["first_place"][self.home] + within // PLACE_SIZE).astype(np.int32)
        self.place_starts = np.flatnonzero(within % PLACE_SIZE == 0)
        self.place_home = self.home[self.place_starts]
        near = table.values("near").T.astype(np.uint32) + self.starts[self.home].astype(np.uint32)
        self.ties = np.concatenate([near, table.values("far").T])
        self.steps = arrays.steps_of(count)
        self.parameters = {name: _named(self.world.parameters[name]) for name in RULES}
        self.counts = {name: here["now"][name] for name in here["now"].dtype.names}

    def advance(self, weeks: int = 1) -> None:
        """Live some weeks."""
        for _ in range(weeks):
            begin_week(self.world, self.week)
            self.live()
            end_week(self.world, self.week)
            self.week += 1

    def live(self) -> None:
        """Everybody's week."""
        world, week, people = self.world, self.week, self.people
        visible, shown = world.visible[week & 1], world.visible[1 - (week & 1)]
        people.peers = self._look_around(visible)
        lives.serve_sentences(people)
        for number, name in enumerate(MECHANISMS):
            if name in RULES and world.enabled[number]:
                RULES[name](people, self, arrays.luck(world.seed, MECHANISMS[name].stream, week), self.parameters[name])
        books.measure(people, self)
        books.express(people, self, shown)

    def _look_around(self, visible) -> np.ndarray:
        faces = self.world.decode[visible]
        seen = faces[self.ties[0]]
        for tie in self.ties[1:]:
            seen += faces[tie]
        return seen

    def at_home(self, values: np.ndarray) -> np.ndarray:
        """A condition of communities as everybody meets it."""
        return values[self.home]

    def uniform(self, luck: int, draw: int, rows=None) -> np.ndarray:
        """A draw of everybody, or of some."""
        return arrays.uniform(self.steps if rows is None else self.steps[rows], luck, draw)

    def count(self, **truths: np.ndarray) -> None:
        """Add to the counts of communities those of whom it is true."""
        for name, truth in truths.items():
            self.add(name, truth)

    def add(self, name: str, values: np.ndarray) -> None:
        """Add everybody's values to a count or sum of communities."""
        self.counts[name] += np.add.reduceat(values, self.starts, dtype=np.int64)

    def count_some(self, **rows: np.ndarray) -> None:
        """Add some people, by their numbers, to the counts of communities."""
        for name, who in rows.items():
            self.counts[name] += np.bincount(self.home[who], minlength=len(self.starts))

    def add_some(self, name: str, who: np.ndarray, values: np.ndarray) -> None:
        """Add some people's whole numbers to a sum of communities."""
        np.add.at(self.counts[name], self.home[who], values)
