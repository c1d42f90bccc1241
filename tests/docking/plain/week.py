"""A plain city and its week: plan, live, close."""

import importlib
from collections import Counter
from pathlib import Path

from sim.mechanisms import MECHANISMS
from sim.mechanisms.week_source import planning

from . import blows, cases, crime, government, living, minds, neighbours, state
from .books import close, express, measure
from .draws import Draws

PLANS = {
    "shocks": blows.shocks,
    "integrity": government.integrity,
    "budget": government.budget,
    "coordination": government.coordination,
    "appraisal": government.plan_appraisal,
    "mass_work": living.plan_mass_work,
    "livelihood": living.plan_livelihood,
    "services": living.plan_services,
    "integration": living.plan_integration,
    "congestion": living.congestion,
    "participation": neighbours.plan_participation,
    "collective_efficacy": neighbours.plan_collective_efficacy,
    "norms": minds.plan_norms,
    "rumour": minds.plan_rumour,
    "resolution": cases.plan_resolution,
    "detection": crime.plan_detection,
    "campaign": crime.campaign,
    "policing": crime.plan_policing,
    "offending": crime.plan_offending,
    "unrest": blows.plan_unrest,
    "procedural_justice": government.openness,
}
RULES = (
    ("mass_work", living.mass_work),
    ("livelihood", living.livelihood),
    ("services", living.services),
    ("integration", living.integration),
    ("participation", neighbours.participation),
    ("collective_efficacy", neighbours.collective_efficacy),
    ("norms", minds.norms),
    ("rumour", minds.rumour),
    ("disputes", cases.disputes),
    ("resolution", cases.resolution),
    ("detection", crime.detection),
    ("offending", crime.offending),
    ("policing", crime.policing),
    ("unrest", blows.unrest),
    ("procedural_justice", minds.procedural_justice),
    ("satisfaction", minds.satisfaction),
)
CLOSES = {
    "budget": government.close_budget,
    "offending": crime.close_offending,
    "unrest": blows.close_unrest,
    "appraisal": government.close_appraisal,
}


def joined(known, kernel, order):
    """The twins of a stage, in order; those of mechanisms that have a file of their own here join before what follows them in the week."""
    found, later = list(known), [name for name, _ in known]
    for name in order:
        if name not in later and Path(__file__).with_name(f"{name}.py").exists():
            twin = getattr(importlib.import_module(f"{__package__}.{name}"), kernel.format(name), None)
            follows = [other for other in order[order.index(name) :] if other in later]
            position = next((position for position, (other, _) in enumerate(found) if other == (follows or [None])[0]), len(found))
            found[position:position] = [(name, twin)] if twin else []
    return found


ORDER = list(MECHANISMS)
PLANS = dict(joined(list(PLANS.items()), "plan_{}", [one.name for one in planning(MECHANISMS.values())]))
RULES = tuple(joined(list(RULES), "{}", ORDER))
CLOSES = dict(joined(list(CLOSES.items()), "close_{}", ORDER))


class City:
    """A city and its week, whatever kind of objects live in it."""

    def copy(self, simulation, number, make_resident, make_unit):
        """Fill this city with the people, blocks and units of a built one; the last two make empty ones."""
        world, scenario = simulation.city.world, simulation.scenario
        self.number, self.seed, self.week = number, simulation.seed, 0
        self.p = state.settings(scenario, number)
        self.enabled = [name for name, values in scenario.mechanisms.items() if values.enabled]
        self.policies, self.policy_of = state.levers(scenario, number)
        self.shocks = state.shocks(world, number)
        self.weights = [number(w) for w in world.weights]
        self.residents = state.people(simulation.city.residents, number, make_resident)
        self.communities = state.communities(world, self.residents, number)
        self.borders = state.borders(world)
        for kind, rows in state.units(world, number, make_unit).items():
            setattr(self, kind, rows)
        self.shown = [express(r) for r in self.residents]
        self.year = [Counter() for _ in self.communities]
        self.history, self.years = [], []

    def key(self, name):
        """This week's random numbers of the stream called `name`."""
        return Draws(self.seed, name, self.week, self.number)

    def policy(self, district):
        """What a district's government does this week."""
        return self.policies[self.policy_of[district]][self.week]

    def advance(self, weeks=1):
        """Simulate some weeks."""
        for _ in range(weeks):
            self.plan()
            self.live()
            self.close()

    def plan(self):
        """Units decide what they do this week."""
        self.money = Counter(allotted=0, spent=0, leaked=0, unspent=0)
        self.staff, self.idle = Counter(), Counter()
        self.decide(PLANS)
        self.rules = [(rule, self.p[name], self.key(name)) for name, rule in RULES if name in self.enabled]

    def decide(self, steps):
        """Those of the steps of units whose mechanism is switched on."""
        for name, step in steps.items():
            if name in self.enabled:
                step(self, self.policies[0][self.week], self.p[name])

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
        minds.look_around(resident, community, self.shown, self.number)
        crime.serve_sentence(resident)
        for rule, p, key in self.rules:
            rule(resident, community, p, key)
        measure(resident, community, self.weights)

    def close(self):
        """The books of the week are closed; those of the year with week 51, 103 ..."""
        self.decide(CLOSES)
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
        self.copy(simulation, number, state.Row, state.Row)
