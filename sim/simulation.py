"""A city under a scenario, simulated week by week: the engine shared by the Mesa model, the experiments and the dashboard."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xxhash

from sim.attribution import AttributionRecorder
from sim.city.build import City, build_city
from sim.city.state import copy_state, same_until
from sim.errors import UserError
from sim.plugins.load import check_same
from sim.plugins.model import compiled
from sim.rules import Rules
from sim.scenario import Scenario
from sim.scenario.given import scenario_of
from sim.scenario.scenario import restored

SMALL = 20_000
"""Residents below which threads cost more than they save."""


class Simulation:
    """One city under one scenario and one seed.

    Parameters
    ----------
    scenario : Scenario, path or str
        A str is a file or the name of a shipped scenario.
    seed : int
        Seed of all random numbers. Two scenarios with one seed use common random numbers.
    threads : int
        Threads for one big city. The result does not depend on it.
    tile : int
        Residents in a tile. The result does not depend on it.
    attribution : bool
        Record the changes made by each mechanism, see `sim.metrics.attribution`. The result does not depend on it.
    rules : AgentRule or iterable of AgentRule
        Rules in plain Python besides those that the scenario names, see `sim.rules`. Copies of them run (`self.rules`), so that the state
        of a rule ends with the simulation.

    Raises
    ------
    UserError
        When the scenario names rules that were not allowed, or a rule cannot be copied.
    """

    def __init__(self, scenario, seed: int, threads: int = 1, tile: int = 512, attribution: bool = False, rules=()):
        self.scenario = scenario = scenario_of(scenario)
        if attribution and scenario.OUTSIDE:
            names = ", ".join(one.name for one in scenario.OUTSIDE)
            raise UserError(
                "attribution supports only the package's own mechanisms; {scenario} has {names} of a plug-in: run it without attribution",
                scenario=scenario.name,
                names=names,
            )
        if scenario.plugins:
            check_same(scenario.plugins, scenario.model.plugins)
        self.seed, self.tile = int(seed), tile
        self.horizon = scenario.horizon
        self.week = 0
        self.city: City = build_city(scenario.city_plan, self.seed, threads=threads, tile=tile, attribution=attribution)
        self.threads = threads if len(self.city.residents) >= SMALL else 1
        self._week = scenario.model.week
        compiled(scenario.model, lambda: self._week.measure_start(self.city.world, 0, len(self.city.world.communities)))
        self.attribution = AttributionRecorder(self) if attribution else None
        self.rules = Rules(self, rules)

    def advance(self, weeks: int = 1, progress: Callable[[int], None] | None = None) -> None:
        """Simulate some weeks, at most to the horizon; `progress` is called after each step with the number of weeks done.

        Raises
        ------
        ValueError
            If there is no week left.
        """
        last = min(self.week + weeks, self.horizon)
        if self.week >= self.horizon:
            raise ValueError(f"the horizon of {self.horizon} weeks is reached; a longer one is set in the scenario")
        if self.threads != 1 or self.attribution or self.rules:
            self._advance_in_parts(last, progress)
            return
        if progress is None:
            self._week.run(self.city.world, self.week, last)
            self.week = last
            return
        while self.week < last:
            self._week.run(self.city.world, self.week, self.week + 1)
            self.week += 1
            progress(self.week)

    def under(self, scenario) -> "Simulation":
        """This city as it is now, from now on under another scenario: the same as if it had been simulated under that from the start.

        What two scenarios have in common need not be simulated twice. This simulation stays as it is.

        Parameters
        ----------
        scenario : Scenario, path or str
            It differs in no week before this one.

        Returns
        -------
        Simulation

        Raises
        ------
        ValueError
            If the scenario has another past or another city, or this simulation has rules in plain Python or records attribution, whose
            state is not copied.
        """
        if self.rules or self.attribution:
            raise ValueError("a simulation with rules in plain Python or with attribution cannot go on under another scenario")
        other = Simulation(scenario, self.seed, self.threads, self.tile)
        mine, theirs = self.city.world, other.city.world
        if other.horizon < self.week or not same_until(mine, theirs, self.week):
            raise ValueError(f"scenario {other.scenario.name}: expected the same city and the same {self.week} weeks until now")
        copy_state(mine, theirs, self.week)
        other.week = self.week
        return other

    def _advance_in_parts(self, last: int, progress) -> None:
        """Simulate week by week with many threads, and run rules and the attribution recorder between planning, living and closing."""
        world = self.city.world
        parts = _parts(world.communities, self.threads)
        with ThreadPoolExecutor(self.threads) as pool:
            while self.week < last:
                week = self.week
                self._week.begin(world, week)
                self.rules.run("plan")
                for done in [pool.submit(self._week.live, world, week, k0, k1) for k0, k1 in parts]:
                    done.result()
                if self.attribution:
                    self.attribution.record(world, week + 1)
                self.rules.run("close")
                self._week.end(world, week)
                self.week += 1
                if progress:
                    progress(self.week)

    def content_hash(self) -> str:
        """Hash of everything that happened and of the final state: equal on every machine and for every number of threads.

        XXH3 of 128 bits, which is about as fast as memory on every processor. It tells runs apart; it does not withstand somebody who
        looks for two runs with one hash.

        Returns
        -------
        str
            32 hexadecimal digits.
        """
        digest, world = xxhash.xxh3_128(), self.city.world
        for name in ("", "_histogram", "_money", "_spread", "_conditions", "_staff"):
            digest.update(np.ascontiguousarray(getattr(world, f"history{name}")[: self.week]).data)
        self.city.digest(digest)
        self.rules.digest(digest)
        return digest.hexdigest()[:32]


def _parts(communities: np.ndarray, threads: int) -> list[tuple[int, int]]:
    """Ranges of whole communities with about equally many tiles, several per thread so that none waits long."""
    tiles = int(communities["last_tile"][-1])
    marks = [tiles * part // (4 * threads) for part in range(4 * threads + 1)]
    ends = np.unique(np.searchsorted(communities["last_tile"], marks))
    ends[0], ends[-1] = 0, len(communities)
    return [(int(a), int(b)) for a, b in zip(ends[:-1], ends[1:], strict=True) if b > a]


def compile_kernels(scenario: Scenario | None = None) -> None:
    """Compile the kernels that a scenario needs, or load them from the cache, by running two weeks of a tiny city.

    One week runs as in a city on one thread, the other stage by stage as in a city on several, so that both ways are compiled.
    Called before worker processes start, so that they load the kernels instead of each compiling them.

    Parameters
    ----------
    scenario : Scenario, optional
        Its plug-ins have kernels of their own. Without it, those of the package alone.
    """
    plugins = [entry.as_data() for entry in scenario.plugins] if scenario else []
    tiny = {"name": "tiny", "horizon": 2, "city": {"preset": "synthetic", "residents": 256, "districts": 1}}
    simulation = Simulation(restored({**tiny, "plugins": plugins}) if plugins else Scenario.model_validate(tiny), seed=0)
    simulation.advance(1)
    simulation._advance_in_parts(2, None)
