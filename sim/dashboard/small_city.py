"""The small city: a scenario's policy in a city small enough to respond while a lever is dragged, and a cache of its curves.

It has about `RESIDENTS`, and the scenario's policy, mechanisms and timeline. Synthetic cities and the user's own communities or districts
are kept, with fewer residents. Shipped cities, and those with too many communities to respond in time, are replaced by a synthetic city,
unless the scenario refers to named places. Levels differ from those of the whole city, because queues and outbursts depend on size; the
small city is meant for the effects of levers.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np

from sim.dashboard.places import Places
from sim.errors import UserError
from sim.metrics import METRICS, series_of
from sim.metrics.record import Record
from sim.scenario import Scenario, read_scenario
from sim.scenario.cities.presets import SYNTHETIC
from sim.simulation import Simulation

RESIDENTS = 2048
MOST_KEPT = 1500
"""Runs whose curves are cached."""
TOGETHER = 4
"""Runs that a thread simulates, and whose metrics it computes, together: the most that a lever which begins to move has to wait for."""
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
        key: own[key] for key in ("definition", "staffing", "rates") if key in own
    }  # what its staff costs, and in which currency; what is known of its rates
    yield {"preset": SYNTHETIC, "residents": RESIDENTS, **figures}
    yield from map(smaller, (*SIZES, *LARGER_SIZES))


def _kept(city: Any) -> str:
    """The key that sets the size of a city."""
    return "residents" if city.preset == SYNTHETIC and city.communities is None else "scale"


class CurveCache:
    """Curves of small cities, run by run, for the scenarios requested most recently. Thread-safe.

    Parameters
    ----------
    threads : int
        Cities simulated at the same time; kernels release the GIL.
    places : Places, optional
        World and seed of every run; seeds alone by default.
    """

    def __init__(self, threads: int = 2, places: Places | None = None):
        self.places = places or Places()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="small-city")
        self._threads = threads
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def known(self, scenario: Scenario) -> int:
        """Runs of a scenario that are cached."""
        return _runs(self._known_of(self._key(scenario)))

    def curves(self, scenarios: Sequence[Scenario], count: int, tick: Callable[[int, int], None] | None = None) -> list[np.ndarray]:
        """Every metric of the first `count` runs of each scenario; runs that are not cached are simulated in parallel.

        Parameters
        ----------
        tick : callable, optional
            Called with the runs done and the total; if it raises, the runs done so far are kept.

        Returns
        -------
        list of ndarray, shape (metrics, weeks, at least `count`), float32
            In the order of `NAMES`, for the runs of `Places.of`.
        """
        wanted = {self._key(scenario): scenario for scenario in scenarios}
        found = {key: self._known_of(key) for key in wanted}
        jobs = [(key, run) for key in wanted for run in range(_runs(found[key]), count)]
        new: dict[str, list[np.ndarray]] = {key: [] for key in wanted}
        try:
            done = 0
            for curves in self._lived([self.places.of(wanted[key], run) for key, run in jobs]):
                for one in curves:
                    new[jobs[done][0]].append(one)
                    done += 1
                if tick:
                    tick(done, len(jobs))
        finally:
            found = {key: _joined(found[key], new[key]) for key in wanted}
            self._keep({key: curves for key, curves in found.items() if curves is not None})
        return [found[self._key(scenario)] for scenario in scenarios]  # type: ignore[misc]

    def close(self) -> None:
        """Release the threads after the current runs."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _lived(self, runs: Sequence[tuple[Scenario, int]]) -> Iterator[list[np.ndarray]]:
        """Curves of runs in order, some at a time. No more than a part for each thread waits, so that other pages get their turn."""
        size = max(1, min(TOGETHER, -(-len(runs) // self._threads)))
        parts = deque(runs[start : start + size] for start in range(0, len(runs), size))
        under_way: deque[Future] = deque()
        try:
            while parts or under_way:
                while parts and len(under_way) < self._threads:
                    under_way.append(self.pool.submit(curves_of, parts.popleft()))
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    def _key(self, scenario: Scenario) -> str:
        return f"{scenario.hash}:{scenario.seed}"

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


def _joined(known: np.ndarray | None, new: list[np.ndarray]) -> np.ndarray | None:
    """Curves of all runs, known ones first."""
    if not new:
        return known
    added = np.stack(new).transpose(1, 2, 0)  # whole runs are copied, and not number by number
    return added if known is None else np.concatenate([known, added], axis=2)


def curves_of(runs: Sequence[tuple[Scenario, int]]) -> list[np.ndarray]:
    """Every metric of some runs, each of shape (metrics, weeks), float32; metrics of all runs are computed together.

    Parameters
    ----------
    runs : sequence of (Scenario, int)
        Scenario and seed of each.
    """
    return metrics_of_records([_record(*run) for run in runs])


def metrics_of_records(records: Sequence[Record]) -> list[np.ndarray]:
    """Every metric of some records, in the order of `NAMES`, each of shape (metrics, weeks), float32."""
    return [np.stack([found[name] for name in NAMES]).astype(np.float32) for found in series_of(records, NAMES)]


def _record(scenario: Scenario, seed: int) -> Record:
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    return Record(simulation, districts=False)
