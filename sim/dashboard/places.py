"""In which plausible world, and under which seed, each run of the page takes place.

Run number i of every scenario takes place in world i of the set under that world's seed, as in `sim.compare` over worlds, so that two
policies have the same assumptions and the same luck. Without a set, runs differ by their seeds only.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any

from sim.errors import UserError
from sim.experiments.comparisons.world_tables import SEEDS
from sim.experiments.worlds.own_rates import Fit
from sim.messages import Message
from sim.report.text.catalogue import say
from sim.scenario import Scenario
from sim.worlds import World, WorldSet, load

FEW, MANY = 4, 60
"""Worlds that answer while a lever is dragged, and once it is released."""
KEPT = 8
"""Mechanisms whose settings in every world are kept: those of the baselines that were used last."""


class Places:
    """World and seed of every run.

    Parameters
    ----------
    found : WorldSet, optional
        Without one, runs differ by their seeds only.
    """

    def __init__(self, found: WorldSet | None = None):
        self.found = found
        self._all = in_order(found) if found is not None else ()
        self._kept: dict[str, tuple[tuple[World, ...], list[Message]]] = {}
        self._settings: OrderedDict[int, tuple[Any, dict[int, Any]]] = OrderedDict()
        self._lock = Lock()

    def keep(self, fit: Fit | None, scenario: Scenario) -> None:
        """Leave out the worlds that do not fit the known rates of a scenario's city, wherever these rates are named.

        Parameters
        ----------
        fit : Fit or None
            None if the whole set fits.
        scenario : Scenario
        """
        self._kept[_rates(scenario)] = (in_order(fit.kept), fit.said) if fit is not None else (self._all, [])

    def worlds(self, scenario: Scenario) -> tuple[World, ...]:
        """The worlds in which a scenario takes place, in the order of use; none without a set, or if none fits its rates."""
        return self._kept[_rates(scenario)][0] if _rates(scenario) in self._kept else self._all

    def count(self, scenario: Scenario) -> int:
        """How many worlds these are."""
        return len(self.worlds(scenario))

    def said(self, scenario: Scenario, lang: str) -> str:
        """What is to be said of the worlds: that there is no set, or how many of it fit the known rates of the scenario's city."""
        if not self._all:
            return say("no_worlds", lang)
        if not _rates(scenario):
            return ""
        if _rates(scenario) not in self._kept:
            return say("rates_not_judged", lang)
        return say("gap", lang).join(line.text(lang) + say("sentence_end", lang) for line in self._kept[_rates(scenario)][1])

    def of(self, scenario: Scenario, run: int) -> tuple[Scenario, int]:
        """A scenario in the world of a run, and the seed. After the last world, the first follows under a second seed.

        Parameters
        ----------
        scenario : Scenario
        run : int
        """
        worlds = self.worlds(scenario)
        if not worlds:
            return scenario, scenario.seed + run
        world = worlds[run % len(worlds)]
        return self._within(scenario, world), scenario.seed + SEEDS * world.number + run // len(worlds)

    def _within(self, scenario: Scenario, world: World) -> Scenario:
        """As `World.apply`; settings of mechanisms are validated once, since levers do not change them."""
        with self._lock:
            number = id(scenario.mechanisms)  # they are kept alive beside it, so that no others have it
            _, known = self._settings.setdefault(number, (scenario.mechanisms, {}))
            self._settings.move_to_end(number)
            while len(self._settings) > KEPT:
                self._settings.popitem(last=False)
        if world.number not in known:
            known[world.number] = world.apply(scenario).mechanisms
        return scenario.with_changes({"mechanisms": known[world.number]})


def _rates(scenario: Scenario) -> str:
    return scenario.city.rates.text if scenario.city.rates is not None else ""


def in_order(found: WorldSet) -> tuple[World, ...]:
    """At most `MANY` worlds of a set: those that `sim.compare` takes for this number, those that it takes for `FEW` first."""
    if not len(found):
        return ()
    many = found.sample(min(MANY, len(found)))
    first = {world.number for world in found.sample(min(FEW, len(found)))}
    return tuple(sorted(many, key=lambda world: world.number not in first))


def places_in(file: str | None = None) -> Places:
    """Runs in the worlds of a set.

    Parameters
    ----------
    file : str, optional
        The set of the package by default; without one of this version of the model, runs differ by their seeds only.

    Raises
    ------
    UserError
        If the file is no set of worlds, or of another model.
    """
    if file is not None:
        return Places(load(file))
    try:
        return Places(load())
    except UserError:
        return Places()
