"""Real places, lived through by the model with what a planner knows of their areas, and simpler predictions of the same rates.

What is fed, predicted and would count as success was fixed before any rate was looked at: docs/decisions/0019-real-places.md.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import sim
from sim.analysis.patterns import prediction
from sim.analysis.patterns.blocks import blocks_of, jackknife
from sim.analysis.patterns.concentration import worst_share
from sim.analysis.patterns.neighbours import moran, nearest
from sim.scenario import Scenario, read_scenario
from sim.scenario.cities.own_communities import read_communities
from sim.scenario.parsing.sources import Source

TABLES = Path(__file__).parents[1] / "data" / "places"
SEEDS = (1, 2, 3, 4)
YEARS = 3


@dataclass(frozen=True, eq=False)
class Place:
    """A real place: what is fed for every area, and the real rate.

    Parameters
    ----------
    areas : DataFrame
        Columns ``community, population, income, x, y``, as in a table of an own city; only the rank of income counts.
    rates : ndarray, shape (areas,)
        Offences per resident, in any unit.
    scale : float
        Share of the residents who are simulated.
    acquisitive : bool
        Whether the real rate is of acquisitive offences alone.
    """

    name: str
    areas: pd.DataFrame
    rates: np.ndarray
    scale: float
    acquisitive: bool = False

    @property
    def real(self) -> np.ndarray:
        """Logarithms of the real rates."""
        return np.log(self.rates)

    @property
    def around(self) -> np.ndarray:
        """The six nearest areas of each."""
        return nearest(self.areas["x"].to_numpy(), self.areas["y"].to_numpy())

    def lived(self, orders: list[np.ndarray] | None = None) -> pd.DataFrame:
        """Areas of a simulated place, in the order of the table: hardship and offences per resident and year, means over seeds.

        `orders` deals incomes out anew, one order for each seed.
        """
        if orders is None:
            runs = [sim.simulate(self.scenario(self.areas), SEEDS[0], len(SEEDS)).communities]
        else:
            dealt = [self.areas.assign(income=self.areas["income"].to_numpy()[order]) for order in orders]
            runs = [sim.simulate(self.scenario(table), seed).communities for table, seed in zip(dealt, SEEDS, strict=True)]
        lived = pd.concat(runs)
        lived["events"] = lived["offences"] - (lived["violent"] if self.acquisitive and "violent" in lived else 0)
        sums = lived.groupby("community", observed=True).agg({"events": "sum", "residents": "sum", "hardship": "mean"})
        sums = sums.loc[[str(name) for name in self.areas["community"]]]
        return sums.assign(rate=prediction.log_rates(sums["events"].to_numpy(float), sums["residents"].to_numpy(float)))

    def scenario(self, table: pd.DataFrame) -> Scenario:
        """A scenario of this place: nothing but the areas differs from the synthetic preset."""
        found, problems = read_communities(Source(table.to_csv(index=False), self.name), self.scale)
        assert not problems, problems
        city = {"preset": "synthetic", "communities": found.text, "scale": self.scale}
        return read_scenario({"name": self.name, "horizon": 52 * YEARS, "city": city})


def chicago() -> Place:
    """Postal areas of Chicago, 1975: thefts per 1,000 residents."""
    from faraway.datasets import chredlin

    table = chredlin.load().merge(pd.read_csv(TABLES / "chicago.csv"), on="zip", validate="one_to_one")
    areas = pd.DataFrame({"community": table["zip"], "population": 68_000, **table[["income", "x", "y"]]})
    return Place("chicago", areas, table["theft"].to_numpy(float), scale=0.0125, acquisitive=True)


def boston() -> Place:
    """Towns and quarters of the Boston metropolis, 1970: offences per resident."""
    table = pd.read_csv(TABLES / "boston.csv")
    fed = {"community": table["town"], "population": 4_000 * table["tracts"], "income": 100 - table["lower_status"]}
    return Place("boston", pd.DataFrame({**fed, **table[["x", "y"]]}), table["crime"].to_numpy(), scale=0.025)


PLACES = {"Chicago 1975": chicago, "Boston 1970": boston}
ELSEWHERE = float(np.mean([0.044, 0.646, 0.272]))
"""Log rate per standard deviation of hardship in the informing places: US cities, US communities, counties around St. Louis."""


@dataclass(frozen=True, eq=False)
class Lived:
    """A real place and its simulated twin, by area.

    Parameters
    ----------
    real, simulated, dealt : ndarray, shape (areas,)
        Logarithms of rates: real, simulated, and simulated with hardship dealt out at random.
    hardship : ndarray, shape (areas,)
        In standard deviations.
    """

    place: Place
    real: np.ndarray
    simulated: np.ndarray
    dealt: np.ndarray
    hardship: np.ndarray

    @property
    def predictions(self) -> dict[str, np.ndarray]:
        """Predictions of every real rate without itself."""
        return {
            "model": prediction.by_level(self.real, self.simulated),
            "hardship alone": prediction.by_line(self.real, self.hardship),
            "slope from elsewhere": prediction.by_level(self.real, ELSEWHERE * self.hardship),
            "hardship dealt out": prediction.by_level(self.real, self.dealt),
            "neighbours": prediction.by_neighbours(self.real, self.place.around),
        }

    def moran(self, rates: np.ndarray) -> float:
        """Moran's I of log rates over the six nearest areas."""
        return float(moran(rates, self.place.around))

    def moran_of_real(self) -> tuple[float, float, float]:
        """Of the real rates, with its 95 % interval."""
        x, y = (self.place.areas[axis].to_numpy() for axis in "xy")
        return self._with_interval(lambda rows: float(moran(self.real[rows], nearest(x[rows], y[rows]))))

    def worst_tenth(self, rates: np.ndarray, rows: np.ndarray | slice = slice(None)) -> float:
        """Share of offences in the worst tenth of the areas, at some log rates."""
        return float(worst_share((np.exp(rates) * self.place.areas["population"].to_numpy())[rows]))

    def worst_tenth_of_real(self) -> tuple[float, float, float]:
        """Of the real rates, with its 95 % interval."""
        return self._with_interval(lambda rows: self.worst_tenth(self.real, rows))

    def _with_interval(self, statistic) -> tuple[float, float, float]:
        x, y = (self.place.areas[axis].to_numpy() for axis in "xy")
        return jackknife(statistic, blocks_of(x, y, len(x)))

    def slope(self, rates: np.ndarray) -> tuple[float, float]:
        """Slope of log rates per standard deviation of hardship, and its standard error."""
        fit = stats.linregress(self.hardship, rates)
        return float(fit.slope), float(fit.stderr)

    def order(self, first: np.ndarray) -> float:
        """Rank correlation with the real rates."""
        return float(stats.spearmanr(first, self.real).statistic)

    def order_better(self, first: np.ndarray, second: np.ndarray) -> float:
        """Share of bootstrap draws of areas in which the first has the higher rank correlation with the real rates."""
        rng, better = np.random.default_rng(0), 0
        for _ in range(prediction.DRAWS):
            rows = rng.integers(0, len(self.real), len(self.real))
            better += np.diff([stats.spearmanr(one[rows], self.real[rows]).statistic for one in (second, first)])[0] > 0
        return better / prediction.DRAWS


@cache
def lived(name: str) -> Lived:
    """A place by its name, lived through as it is and with hardship dealt out at random."""
    place = PLACES[name]()
    twin = place.lived()
    orders = [np.random.default_rng(seed).permutation(len(twin)) for seed in SEEDS]
    hardship = twin["hardship"].to_numpy()
    return Lived(
        place,
        place.real,
        twin["rate"].to_numpy(),
        place.lived(orders)["rate"].to_numpy(),
        (hardship - hardship.mean()) / hardship.std(),
    )
