"""Runs of worlds that differ in one thing, with common random numbers: means of metrics over the last years, seed by seed."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.metrics import series
from sim.scenario import Scenario, load_scenario
from sim.simulation import Simulation


def city(residents: int, weeks: int, changes: Mapping | None = None) -> Scenario:
    """The reference policy in a made-up city."""
    made = {"city.preset": "synthetic", "city.residents": residents, "horizon": weeks}
    return load_scenario("baseline").with_changes({**made, **(changes or {})})


def run(scenario: Scenario, seed: int, names: Sequence[str]) -> np.ndarray:
    """Metrics of every week, shape (metrics, weeks)."""
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    found = series(simulation, names)
    return np.array([found[name] for name in names])


def worlds(changes: Mapping[str, Mapping], names: Sequence[str], seeds: Sequence[int], residents: int, weeks: int, last: int) -> dict:
    """Means of the last weeks by world and metric, each an array with a value per seed (kernels run outside the interpreter's lock)."""
    jobs = [(city(residents, weeks, change), seed) for change in changes.values() for seed in seeds]
    with ThreadPoolExecutor(2) as pool:
        means = np.array(list(pool.map(lambda job: run(*job, names)[:, -last:].mean(axis=1), jobs)))
    means = means.reshape(len(changes), len(seeds), len(names))
    return {world: dict(zip(names, values.T, strict=True)) for world, values in zip(changes, means, strict=True)}
