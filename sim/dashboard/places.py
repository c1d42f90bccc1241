"""In which plausible world, and under which seed, each run of the page takes place.

Run number i of every scenario takes place in world i of the set under that world's seed, as in `sim.compare` over worlds, so that two
policies have the same assumptions and the same luck. Without a set, runs differ by their seeds only.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from sim.errors import UserError
from sim.experiments.comparisons.world_tables import SEEDS
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
    worlds : sequence of World
        In the order in which they are used, see `in_order`; without any, runs differ by their seeds only.
    """

    def __init__(self, worlds: Sequence[World] = ()):
        self.worlds = tuple(worlds)
        self._settings: OrderedDict[int, tuple[Any, dict[int, Any]]] = OrderedDict()
        self._lock = Lock()

    def count(self, scenario: Scenario) -> int:
        """Worlds in which a scenario takes place; 0 without a set."""
        return len(self.worlds)

    def key(self, scenario: Scenario) -> str:
        """What its runs depend on beside the scenario."""
        return f"{len(self.worlds)}"

    def of(self, scenario: Scenario, run: int) -> tuple[Scenario, int]:
        """A scenario in the world of a run, and the seed. After the last world, the first follows under a second seed.

        Parameters
        ----------
        scenario : Scenario
        run : int
        """
        if not self.worlds:
            return scenario, scenario.seed + run
        world = self.worlds[run % len(self.worlds)]
        return self._within(scenario, world), scenario.seed + SEEDS * world.number + run // len(self.worlds)

    def _within(self, scenario: Scenario, world: World) -> Scenario:
        """As `World.apply`; settings of mechanisms are validated once, since levers do not change them."""
        with self._lock:
            known = self._settings.setdefault(id(scenario.mechanisms), (scenario.mechanisms, {}))[
                1
            ]  # kept alive, so that no other has its id
            self._settings.move_to_end(id(scenario.mechanisms))
            while len(self._settings) > KEPT:
                self._settings.popitem(last=False)
        if world.number not in known:
            known[world.number] = world.apply(scenario).mechanisms
        return scenario.with_changes({"mechanisms": known[world.number]})


def in_order(found: WorldSet) -> list[World]:
    """At most `MANY` worlds of a set: those that `sim.compare` takes for this number, those that it takes for `FEW` first."""
    many = found.sample(min(MANY, len(found)))
    first = {world.number for world in found.sample(min(FEW, len(found)))}
    return sorted(many, key=lambda world: world.number not in first)


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
        return Places(in_order(load(file)))
    try:
        return Places(in_order(load()))
    except UserError:
        return Places()
