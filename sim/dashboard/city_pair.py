"""One city under both policies, week by week, as two Mesa models with the same residents and common random numbers."""

import threading
from collections import deque

import numpy as np

from sim.city.community import COUNTS, FIXED, SUMS
from sim.errors import UserError
from sim.model import GovernanceModel
from sim.scenario import Scenario
from sim.scenario.cities.presets import SYNTHETIC

MOST_RESIDENTS = 20_000
QUARTER, YEAR = 13, 52
MEANS = tuple(name for name in SUMS if SUMS[name] == f"sum of {name} over adults")
STOCKS = ("active", "volunteers")
"""Counts of people as they are at the end of a week; the other counts are of events."""
MEASURES = (*sorted(MEANS, key=lambda name: name != "satisfaction"), "offences", "opened", "stops", *STOCKS)
"""What the map can show for a community: means over its adults, and counts."""
BOTH = ("yours", "baseline")


def map_scenario(scenario: Scenario) -> Scenario:
    """The scenario in its own city, scaled down so that it can be shown week by week."""
    city = scenario.city
    if city.population <= MOST_RESIDENTS:
        return scenario
    if city.preset == SYNTHETIC and city.communities is None:
        return scenario.with_changes({"city.residents": MOST_RESIDENTS})
    try:
        return scenario.with_changes({"city.scale": city.scale * MOST_RESIDENTS / city.population})
    except UserError:
        return scenario  # too many districts for a smaller city


class CityPair:
    """A city under two policies, stepped together.

    Parameters
    ----------
    yours, baseline : Scenario
        In the same city.
    seed : int
    """

    def __init__(self, yours: Scenario, baseline: Scenario, seed: int):
        self.models = {"yours": GovernanceModel(yours, seed), "baseline": GovernanceModel(baseline, seed)}
        self._recent: dict[str, deque[np.ndarray]] = {which: deque(maxlen=QUARTER) for which in BOTH}
        self._lock = threading.Lock()

    @property
    def week(self) -> int:
        """Weeks simulated so far."""
        return self.models["yours"].week

    @property
    def horizon(self) -> int:
        """Weeks in total."""
        return self.models["yours"].horizon

    def advance(self, weeks: int = 1) -> None:
        """Simulate some weeks under both policies; does nothing at the horizon."""
        with self._lock:
            for _ in range(min(weeks, self.horizon - self.week)):
                for which, model in self.models.items():
                    model.simulation.advance(1)
                    world = model.simulation.city.world
                    counts = world.year.shape[1]
                    self._recent[which].append(world.tallies[:, counts : 2 * counts].copy())

    @property
    def communities(self) -> np.ndarray:
        """Communities of the city under your policy; residents live in the same places under both."""
        return self.models["yours"].simulation.city.world.communities

    def place_names(self, lang: str) -> list[str]:
        """Name of the district of every community."""
        city = self.models["yours"].simulation.city
        names = city.district_names_zh if lang == "zh" else city.district_names
        return [names[district] for district in self.communities["district"]]

    def measure(self, name: str, which: str) -> np.ndarray:
        """One of `MEASURES` in every community under "yours" or "baseline": a mean of last week, or from the last 13 weeks.

        Events are per 1,000 residents and year, people per 1,000 residents.
        """
        with self._lock:
            recent = list(self._recent[which])
        if not recent:
            return np.full(len(self.communities), np.nan)
        column = (*COUNTS, *SUMS).index(name)
        if name in MEANS:
            adults = np.maximum(1, self.communities["adults"])
            return recent[-1][:, column] / (float(FIXED) * adults)
        counts = np.sum([week[:, column] for week in recent], axis=0)
        weeks = 1 if name in STOCKS else YEAR
        return counts * 1000.0 * weeks / len(recent) / self.communities["residents"]
