"""Cities that lived some years, one for each seed, for patterns that are read off residents; and how their figures are written."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from cities import baseline
from scipy import stats

from sim.experiments.calibration.calibrate import sized
from sim.scenario import Scenario
from sim.simulation import Simulation

SEEDS = range(21, 25)
"""Used in no fit."""
RESIDENTS, YEARS = 20_000, 4


@cache
def reference(residents: int = RESIDENTS) -> Scenario:
    """The reference city, smaller and without events."""
    return baseline().with_changes({**sized(baseline(), residents), "timeline": [], "shocks": [], "targets": []})


def city(seed: int, changes: dict | None = None, weeks: int = 52 * YEARS, residents: int = RESIDENTS) -> Simulation:
    """A city that is ready to live so many weeks; parameters may be given as ``"norms.step"``."""
    named = {key if "." not in key or key.split(".")[0] in WHOLE else f"mechanisms.{key}": value for key, value in (changes or {}).items()}
    return Simulation(reference(residents).with_changes({**named, "horizon": weeks}), seed)


WHOLE = ("policy", "stance", "city", "mechanisms")
"""Keys of a scenario that are no mechanisms."""


def lived(seed: int, changes: dict | None = None, weeks: int = 52 * YEARS, residents: int = RESIDENTS) -> Simulation:
    """A city after so many weeks."""
    simulation = city(seed, changes, weeks, residents)
    simulation.advance(weeks)
    return simulation


def of(simulation: Simulation, *names: str) -> list[np.ndarray]:
    """Columns of all residents, as numbers with decimals."""
    return [simulation.city.residents.values(name).astype(float) for name in names]


def homes(simulation: Simulation) -> np.ndarray:
    """Number of every resident's community."""
    return np.repeat(np.arange(len(simulation.city.world.communities)), simulation.city.world.communities["residents"])


def over(function, seeds=SEEDS) -> np.ndarray:
    """The function of every seed, in rows."""
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(function, seeds)))


def interval(values) -> tuple[float, float]:
    """95 % interval of the mean over seeds (Student's t)."""
    mean, half = np.mean(values), stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return float(mean - half), float(mean + half)


def in_words(values, form: str = "+.2f", unit: str = "") -> str:
    """Mean over seeds and its interval."""
    low, high = interval(values)
    return f"{np.mean(values):{form}}{unit} ({low:{form}} to {high:{form}})"


def seeds_in_words(seeds=SEEDS, residents: int = RESIDENTS) -> str:
    """Which cities were tried."""
    return f"{seeds[0]} to {seeds[-1]}, {residents:,} residents each"
