"""Goalposts of the parts of stability: how a value in its natural unit becomes an index, how it is estimated from few events, and how far
luck alone can move it.

Each part is ``middle / (middle + value)``: 1 where nothing bad happens, one half at the middle, a third at twice the middle, and never 0,
so that every change shows. The middle is the geometric mean of two goalposts taken from data, a good and a bad level: the index is as far
above one half at the one as below at the other. No goalpost is taken from the model or from a city of the package.

A value is estimated as ``(weight * middle + count) / (weight + exposure)``, the mean of a gamma-Poisson model with a prior of mean `middle`
and of `weight` units of exposure. Before anything was seen the index is therefore one half, which says that nothing is known.
"""

import math
from dataclasses import dataclass

from sim.lazy import lazily
from sim.metrics.record import QUARTER, YEAR

with lazily():
    from scipy import special

TOO_WIDE = 0.2
"""Width of the 95 % interval of a part from which a city is too small to say anything by it: a tenth either way (assumption)."""
TAILS = (0.025, 0.975)
"""Ends of a 95 % interval."""


@dataclass(frozen=True)
class Goalposts:
    """Scale of one part of stability.

    Parameters
    ----------
    unit, unit_zh : str
        Natural unit of the value, in English and Chinese.
    good, bad : float
        Goalposts in that unit.
    good_range, bad_range : tuple of float
        Ranges in which the sources leave them.
    good_source, bad_source : str
    weight : float
        Weight of the prior, in units of exposure (`exposure`). Assumption: the standard deviation between seeds of a year's mean should
        stay near .05 at every size, and the mean within .02 of that of a large city at the rates of the baseline.
    exposure : str
        Unit of exposure.
    window : int
        Weeks over which the value is computed.
    per_resident : float
        Exposure of one resident in a window.
    spread : float
        Variance of the count in a window divided by its mean: 1 for single independent events, more where events come in clusters.
        Measured in the model near the size from which the part says something (docs/model/indices.md).
    """

    unit: str
    unit_zh: str
    good: float
    bad: float
    good_range: tuple[float, float]
    bad_range: tuple[float, float]
    good_source: str
    bad_source: str
    weight: float
    exposure: str
    window: int
    per_resident: float
    spread: float

    @property
    def middle(self) -> float:
        """Value at which the index is one half: the geometric mean of the goalposts."""
        return math.sqrt(self.good * self.bad)

    def index(self, value):
        """Index of a value, or of an array of values, of 0 or more."""
        return self.middle / (self.middle + value)

    def estimate(self, count, exposure):
        """Value estimated from a count over an exposure, with the prior; arrays are taken element by element."""
        return (self.weight * self.middle + count) / (self.weight + exposure)

    def luck(self, residents: float, runs: int = 1, value: float | None = None) -> tuple[float, float]:
        """Range of the index that is compatible with what one window of some runs shows, without the prior: a 95 % interval.

        Parameters
        ----------
        residents : float
        runs : int
            Runs with different seeds, of which the mean is taken.
        value : float, optional
            True value; the middle by default, where the index reacts most.

        Returns
        -------
        low, high : float
            The count in a window is taken as gamma distributed with the mean `value` times exposure and the variance `spread` times that.
        """
        mean = self.middle if value is None else value
        shape = residents * runs * self.per_resident * mean / self.spread
        low, high = (_gamma(shape, chance) * mean for chance in TAILS)
        return self.index(high), self.index(low)

    def too_small(self, residents: float, runs: int = 1) -> bool:
        """Whether luck alone covers more than `TOO_WIDE` of the index in a city of this size."""
        low, high = self.luck(residents, runs)
        return high - low > TOO_WIDE

    def smallest(self, runs: int = 1) -> int:
        """Number of residents from which the part means something (`too_small`), rounded up to two digits."""
        few, many = 1.0, 1e9
        while many / few > 1.001:
            half = math.sqrt(few * many)
            few, many = (half, many) if self.too_small(half, runs) else (few, half)
        unit = 10 ** max(0, math.floor(math.log10(many)) - 1)
        return math.ceil(many / unit) * unit


def _gamma(shape: float, chance: float) -> float:
    """Quantile of a gamma distribution of mean 1."""
    return float(special.gammaincinv(shape, chance)) / shape


GOALPOSTS = {
    "order": Goalposts(
        unit="offences per resident and year",
        unit_zh="每人每年违法犯罪数",
        good=0.013,
        bad=0.27,
        good_range=(0.010, 0.029),
        bad_range=(0.14, 0.41),
        good_source=(
            "lowest of seven large cities in 2014: Singapore, 591 recorded crimes per 100,000 (Hong Kong Legislative Council, Statistical"
            " Highlights ISSH13/16-17), of which police know 45 % (assumption, 30 to 60 %)"
        ),
        bad_source="highest of the seven: Paris, 12,167 recorded crimes per 100,000 (the same), police knowing as many",
        weight=50.0,
        exposure="person-years",
        window=QUARTER,
        per_resident=QUARTER / YEAR,
        spread=2.4,
    ),
    "calm": Goalposts(
        unit="person-weeks of protest per resident and year",
        unit_zh="每人每年公开抗议的人周数",
        good=0.002,
        bad=0.2,
        good_range=(0.0005, 0.005),
        bad_range=(0.1, 0.31),
        good_source=(
            "about 1,030 protests a year in three Chinese megacities 2014-16 (Steinhardt, Yang 2024), 0.018 per 1,000 residents, of some"
            " 100 people for a week (assumption)"
        ),
        bad_source=(
            "assumption: a fifth of residents a year; 19 % in the EU and 31 % in Spain said that they were likely to join a protest within"
            " a year (Dalia Research 2017). Between the two: 1.8 to 2.8 % of the population of the United States took part in protests"
            " in 2017 (Crowd Counting Consortium)"
        ),
        weight=400_000.0,
        exposure="person-years",
        window=YEAR,
        per_resident=1.0,
        spread=3000.0,
    ),
    "resolution": Goalposts(
        unit="weeks per formal case closed",
        unit_zh="每件办结的正式案件所用周数",
        good=1.0,
        bad=26.0,
        good_range=(0.7, 3.0),
        bad_range=(13.0, 104.0),
        good_source=(
            "assumption: orders of city hotlines are due within about a week; courts of Denmark closed undisputed civil cases within 21"
            " days in 2016 (OECD, Government at a Glance 2019, after CEPEJ)"
        ),
        bad_source=(
            "assumption: six months; a summary procedure must end within three (Civil Procedure Law of China 1991, article 146), and"
            " Portugal took over two years in 2014 (OECD, Government at a Glance 2017)"
        ),
        weight=5.0,
        exposure="cases closed",
        window=QUARTER,
        per_resident=0.06 * QUARTER / YEAR,  # formal cases closed per resident and year
        spread=15.0,
    ),
}
"""Scales of the parts of stability, by part."""
