"""The quick city: a scenario's policy in a city small enough to answer while a lever is dragged.

It has about `RESIDENTS`, and the scenario's policy, mechanisms and timeline. Communities or districts of a user's own are kept, each
with fewer residents; so is a synthetic city. In the place of a shipped city, and of one with too many communities to answer in time,
there is a made-up city, unless the scenario names places of its own. Levels differ from those of the whole city, because queues and
bursts depend on size; what a lever changes is what it is for.
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
"""Runs whose curves are remembered."""
AT_ONCE = 8
"""Runs between two looks at whether anybody waits: what a lever that begins to move may have to wait for."""
SIZES, LARGER_SIZES = (1, 2, 4), (8, 16)
"""Sizes that are tried, in multiples of `RESIDENTS`, where a city is made smaller: those that answer in time come before a made-up city,
larger ones after it."""
MOST_COMMUNITIES = 600
"""Communities of a city that answers in time: a run of five years then takes about a third of a second."""
NAMES = tuple(METRICS)


def in_small_city(scenario: Scenario) -> Scenario:
    """The scenario in a quick city, without its targets.

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
    """Whether a quick city is a made-up one in the place of the scenario's."""
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
    yield {"preset": SYNTHETIC, "residents": RESIDENTS}
    yield from map(smaller, (*SIZES, *LARGER_SIZES))


def _kept(city: Any) -> str:
    """The key that says how large a city is."""
    return "residents" if city.preset == SYNTHETIC and city.communities is None else "scale"


class CurveCache:
    """Curves of quick cities, seed by seed, kept for the scenarios that were asked for last. Safe to share between threads.

    Parameters
    ----------
    threads : int
        Cities that live at the same time; kernels run beside each other.
    """

    def __init__(self, threads: int = 2):
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="small-city")
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def known(self, scenario: Scenario) -> int:
        """Runs of a scenario that are there already."""
        return _runs(self._known_of(_key(scenario)))

    def curves(self, scenarios: Sequence[Scenario], count: int, tick: Callable[[int, int], None] | None = None) -> list[np.ndarray]:
        """Every metric of the first `count` runs of each scenario; what is not known yet is simulated, all of it at once.

        Parameters
        ----------
        tick : callable, optional
            Called with the runs done and the runs in all; may raise, and what is done by then is kept.

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
        """Let go of the threads; what is under way is finished."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _known_of(self, key: str) -> np.ndarray | None:
        with self._lock:
            return self._known.get(key)

    def _keep(self, found: dict[str, np.ndarray]) -> None:
        with self._lock:
            for key, curves in found.items():
                if _runs(curves) >= _runs(self._known.get(key)):  # else somebody else was quicker
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
