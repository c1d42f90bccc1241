"""The small city: a scenario's policy in a city small enough to respond while a lever is dragged, and a cache of its curves.

It has about `RESIDENTS`, and the scenario's policy, mechanisms and timeline. Synthetic cities and the user's own communities or districts
are kept, with fewer residents. Shipped cities, and those with too many communities to respond in time, are replaced by a synthetic city,
unless the scenario refers to named places. Levels differ from those of the whole city, because queues and outbursts depend on size; the
small city is meant for the effects of levers.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.metrics import METRICS, side_by_side
from sim.scenario import Scenario, read_scenario
from sim.scenario.cities.presets import SYNTHETIC
from sim.simulation import Simulation

RESIDENTS = 2048
MOST_KEPT = 1500
"""Runs whose curves are cached."""
AT_ONCE = 8
"""Runs between two checks for cancellation: the most that a lever which begins to move has to wait for."""
SIZES, LARGER_SIZES = (1, 2, 4), (8, 16)
"""Sizes that are tried when a city is scaled down, in multiples of `RESIDENTS`: those that respond in time before a synthetic city, larger
ones after it."""
MOST_COMMUNITIES = 600
"""Most communities of a city that responds in time: a run of five years then takes about a third of a second."""
NAMES = tuple(METRICS)


def in_small_city(scenario: Scenario) -> Scenario:
    """The scenario in a small city, without its targets.

    Raises
    ------
    sim.errors.UserError
        When no small city fits.
    """
    data = {key: value for key, value in scenario.as_data(texts=False).items() if key != "targets"}
    trouble: UserError = UserError("no city")
    for city in _cities(scenario):
        try:
            return read_scenario({**data, "city": city})
        except UserError as error:
            trouble = error
    raise UserError("no small city fits the scenario {name}: {trouble}", name=scenario.name, trouble=trouble.message)


def is_substitute(whole: Scenario, small: Scenario) -> bool:
    """Whether the small city is a synthetic one in place of the scenario's."""
    return small.city.preset == SYNTHETIC and small.city.communities is None and _kept(whole.city) != "residents"


def _cities(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Cities to try, the best first."""
    city, own, size = scenario.city, scenario.city.as_data(texts=False), _kept(scenario.city)
    whole = city.population / own.get("scale", 1.0)

    def smaller(times: int) -> dict[str, Any]:
        most = times * RESIDENTS
        return {**own, "residents": min(city.population, most)} if size == "residents" else {**own, "scale": min(1.0, most / whole)}

    theirs = city.communities is not None or city.definition is not None
    if size == "residents" or (theirs and len(city.communities.rows if city.communities else ()) <= MOST_COMMUNITIES):
        yield from map(smaller, SIZES)
    figures: dict[str, Any] = {
        key: own[key] for key in ("definition", "staffing") if key in own
    }  # what its staff costs, and in which currency
    yield {"preset": SYNTHETIC, "residents": RESIDENTS, **figures}
    yield from map(smaller, (*SIZES, *LARGER_SIZES))


def _kept(city: Any) -> str:
    """The key that sets the size of a city."""
    return "residents" if city.preset == SYNTHETIC and city.communities is None else "scale"


class CurveCache:
    """Curves of small cities, seed by seed, for the scenarios requested most recently. Thread-safe.

    Parameters
    ----------
    threads : int
        Cities simulated at the same time; kernels release the GIL.
    """

    def __init__(self, threads: int = 2):
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="small-city")
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def known(self, scenario: Scenario) -> int:
        """Runs of a scenario that are cached."""
        return _runs(self._known_of(_key(scenario)))

    def curves(self, scenarios: Sequence[Scenario], count: int, tick: Callable[[int, int], None] | None = None) -> list[np.ndarray]:
        """Every metric of the first `count` runs of each scenario; runs that are not cached are simulated in parallel.

        Parameters
        ----------
        tick : callable, optional
            Called with the runs done and the total; if it raises, the runs done so far are kept.

        Returns
        -------
        list of ndarray, shape (metrics, weeks, at least `count`), float32
            In the order of `NAMES`, for the seeds ``scenario.seed, scenario.seed + 1, ...``.
        """
        wanted = {_key(scenario): scenario for scenario in scenarios}
        found = {key: self._known_of(key) for key in wanted}
        jobs = [(key, s, seed) for key, s in wanted.items() for seed in range(s.seed + _runs(found[key]), s.seed + count)]
        try:
            for start in range(0, len(jobs), AT_ONCE):
                part = jobs[start : start + AT_ONCE]
                lived = list(self.pool.map(lambda job: _live(*job[1:]), part))
                for key in dict.fromkeys(key for key, _, _ in part):
                    new = _metrics([simulation for simulation, job in zip(lived, part) if job[0] == key])
                    found[key] = new if found[key] is None else np.concatenate([found[key], new], axis=2)
                if tick:
                    tick(start + len(part), len(jobs))
        finally:
            self._keep({key: curves for key, curves in found.items() if curves is not None})
        return [found[_key(scenario)] for scenario in scenarios]  # type: ignore[misc]

    def close(self) -> None:
        """Release the threads after the current runs."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _known_of(self, key: str) -> np.ndarray | None:
        with self._lock:
            return self._known.get(key)

    def _keep(self, found: dict[str, np.ndarray]) -> None:
        with self._lock:
            for key, curves in found.items():
                if _runs(curves) >= _runs(self._known.get(key)):  # else another thread was faster
                    self._known[key] = curves
                self._known.move_to_end(key)
            while len(self._known) > len(found) and sum(map(_runs, self._known.values())) > MOST_KEPT:
                self._known.popitem(last=False)


def _runs(curves: np.ndarray | None) -> int:
    return 0 if curves is None else curves.shape[2]


def _metrics(simulations: list[Simulation]) -> np.ndarray:
    found = side_by_side(simulations)
    return np.stack([found[name] for name in NAMES]).astype(np.float32)


def _key(scenario: Scenario) -> str:
    return f"{scenario.hash}:{scenario.seed}"


def _live(scenario: Scenario, seed: int) -> Simulation:
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    return simulation
