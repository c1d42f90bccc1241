"""A built city, copied into one array per column, and its week."""

from types import SimpleNamespace

import numpy as np

from benchmarks.vectorised import arrays, books, cases, lives, minds, order
from benchmarks.vectorised.arrays import add_at, look_up, tally, totals
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
    """An array of one record of 32-bit floats as attributes, and whether a mechanism moves anything (as Python's truth, for torch)."""
    values = {name: record[name][0] for name in record.dtype.names or ()}
    return SimpleNamespace(**values, moving=bool(values.get("strength", 1.0) > 0.0))


def _itself(values):
    return values


class People:
    """Columns of residents as attributes.

    Parameters
    ----------
    columns : dict
        An array by name.
    """

    def __init__(self, columns: dict):
        vars(self).update(columns)


class NumpyCity:
    """The residents of a simulation that has not begun, lived by NumPy.

    Parameters
    ----------
    simulation : Simulation
        In week 0. Its communities and units are taken over and changed; its tiles of residents are only read.
    """

    own, own_records = staticmethod(_itself), staticmethod(_itself)
    """How an array, and an array of records, become what the library works with. Of the package's arrays the memory is shared."""

    def __init__(self, simulation):
        table, own = simulation.city.residents, self.own
        self.world, self.week = simulation.city.world, simulation.week
        self.communities, self.places = self.own_records(self.world.communities), self.own_records(self.world.places)
        self.visible, self.decode, self.histogram = (own(getattr(self.world, name)) for name in ("visible", "decode", "histogram"))
        self.people = People({name: own(table.values(name)) for name in table.columns if name not in ("near", "far")})
        self.steps = own(arrays.steps_of(len(table)))
        self.parameters = {name: _named(self.world.parameters[name]) for name in RULES}
        now = self.world.communities["now"]
        self.counts = {name: own(now[name]) for name in now.dtype.names}
        self.rules, self.draw = RULES, arrays.uniform
        self.measure, self.express, self.look_around = books.measure, books.express, lives.look_around
        self._settle(table, own)

    def _settle(self, table, own) -> None:
        """Where everybody lives and whom everybody knows."""
        here = self.world.communities
        home, starts = np.repeat(np.arange(len(here), dtype=np.int32), here["residents"]), here["first"].copy()
        within = np.arange(len(table)) - starts[home]
        places = np.flatnonzero(within % PLACE_SIZE == 0)
        near = table.values("near").T.astype(np.uint32) + starts[home].astype(np.uint32)
        self.home, self.starts, self.place_home, self.place_starts = own(home), own(starts), own(home[places]), own(places)
        self.corner = own((here["first_place"][home] + within // PLACE_SIZE).astype(np.int32))
        self.ties = own(np.concatenate([near, table.values("far").T]))

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
        self.look_around(people, self, self.visible[week & 1])
        lives.serve_sentences(people)
        for number, name in enumerate(MECHANISMS):
            if name in RULES and world.enabled[number]:
                self.rules[name](people, self, self.luck(MECHANISMS[name].stream, week), self.parameters[name])
        self.measure(people, self)
        self.express(people, self, self.visible[1 - (week & 1)])

    def luck(self, stream, week: int):
        """Luck of a stream in a week."""
        return arrays.luck(self.world.seed, stream, week)

    def at_home(self, values):
        """A condition of communities as everybody meets it."""
        return look_up(self.home, values)

    def uniform(self, luck, draw: int, rows=None):
        """A draw of everybody, or of some."""
        key = arrays.key(luck, draw)
        return self.draw(self.steps, key) if rows is None else arrays.uniform(self.steps[rows], key)

    def count(self, **truths) -> None:
        """Add to the counts of communities those of whom it is true."""
        for name, truth in truths.items():
            self.add(name, truth)

    def add(self, name: str, values) -> None:
        """Add everybody's values to a count or sum of communities."""
        self.counts[name] += totals(values, self.starts)

    def count_some(self, **rows) -> None:
        """Add some people, by their numbers, to the counts of communities."""
        for name, who in rows.items():
            self.counts[name] += tally(self.home[who], len(self.starts))

    def add_some(self, name: str, who, values) -> None:
        """Add some people's whole numbers to a sum of communities."""
        add_at(self.counts[name], self.home[who], values)
