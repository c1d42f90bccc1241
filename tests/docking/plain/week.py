"""A plain city and its week: plan, live, close."""

from collections import Counter

from . import cases, crime, residents, units
from .books import close, express, measure
from .draws import Luck
from .state import Row, levers, people, places, settings
from .state import units as units_of

PLANS = {
    "budget": units.budget,
    "services": units.plan_services,
    "participation": units.plan_participation,
    "collective_efficacy": units.plan_collective_efficacy,
    "norms": units.plan_norms,
    "resolution": cases.plan_resolution,
    "offending": crime.plan_offending,
    "policing": crime.plan_policing,
    "unrest": crime.plan_unrest,
    "procedural_justice": units.plan_procedural_justice,
}
RULES = {
    "services": residents.services,
    "participation": residents.participation,
    "collective_efficacy": residents.collective_efficacy,
    "norms": residents.norms,
    "disputes": cases.disputes,
    "resolution": cases.resolution,
    "offending": crime.offending,
    "policing": crime.policing,
    "unrest": crime.unrest,
    "procedural_justice": residents.procedural_justice,
    "satisfaction": residents.satisfaction,
}


class City:
    """A city and its week, whatever kind of objects live in it."""

    def copy(self, simulation, number, make_resident, make_unit):
        """Fill this city with the people, places and units of a built one; the last two make empty ones."""
        world, scenario = simulation.city.world, simulation.scenario
        self.number, self.seed, self.week = number, simulation.seed, 0
        self.p = settings(scenario, number)
        self.enabled = [name for name, values in scenario.mechanisms.items() if values.enabled]
        self.levers = levers(scenario, number)
        self.weights = [number(w) for w in world.weights]
        self.residents = people(simulation.city.residents, number, make_resident)
        self.communities = places(world, self.residents, number)
        for kind, rows in units_of(world, number, make_unit).items():
            setattr(self, kind, rows)
        self.shown = [express(r) for r in self.residents]
        self.year = [Counter() for _ in self.communities]
        self.history, self.years = [], []

    def luck(self, name):
        """This week's luck of the stream called `name`."""
        return Luck(self.seed, name, self.week, self.number)

    def advance(self, weeks=1):
        """Live some weeks."""
        for _ in range(weeks):
            self.plan()
            self.live()
            self.close()

    def plan(self):
        """Units decide what they do this week."""
        self.money = Counter(allotted=0, spent=0, leaked=0, unspent=0)
        for name, plan in PLANS.items():
            if name in self.enabled:
                plan(self, self.levers[self.week], self.p[name])
        self.rules = [(RULES[name], self.p[name], self.luck(name)) for name in RULES if name in self.enabled]

    def live(self):
        """Everybody has a week; all see what was shown last week."""
        shown = []
        for community in self.communities:
            for resident in community.people:
                self.live_one(resident, community)
                shown.append(express(resident))
        self.shown = shown

    def live_one(self, resident, community):
        """One resident's week, mechanism by mechanism."""
        residents.look_around(resident, community, self.shown, self.number)
        crime.serve_sentence(resident)
        for rule, p, luck in self.rules:
            rule(resident, community, p, luck)
        measure(resident, community, self.weights)

    def close(self):
        """The books of the week are closed; those of the year with week 51, 103 ..."""
        if "unrest" in self.enabled:
            crime.close_unrest(self, self.p["unrest"])
        self.history.append(close(self))
        if self.week % 52 == 51:
            self.years.append(self.year)
            self.year = [Counter() for _ in self.communities]
        self.week += 1


class PlainCity(City):
    """The city of a simulation that has not begun, copied, and lived on its own.

    Parameters
    ----------
    simulation : Simulation
        In week 0; only read.
    number : type
        `float` for Python's own numbers; `numpy.float32` to round as the kernels do.
    """

    def __init__(self, simulation, number=float):
        self.copy(simulation, number, Row, Row)
