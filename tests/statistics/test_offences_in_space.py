"""Offences in space and time: near repeats, concentration at few segments, journeys, and more of them where hardship is greater.

Predictions, before looking. Near repeats leave more pairs than shuffled weeks do, at any theta. Half of a city's offences happen at one in
twenty street segments, in a year as in five, and more evenly if they were thrown at random. Offences of communities rise with hardship
beyond what their attraction explains, and, offenders travelling, with hardship next door beyond their own, not if nobody travels. What
would refute it: no partial correlation with hardship next door, or the same one where nobody travels.
"""

import numpy as np
import pytest
from arranged import after, arranged, default

from sim.mechanisms.week import begin_week, end_week, live_week
from sim.scenario import load_scenario
from sim.simulation import Simulation

PART = "Offences in space"
CALM_CITY = {"status": 0, "weeks_left": 0}
THETAS = (0.1, 0.25, 0.4)
WEEKS, START, WINDOW = 260, 40, 4
RARE = 0.25
"""Offences per adult and year: many, and so few that nobody's hazard comes near 1."""


def offences(theta, seed=1):
    """Offences by week and place under near repeats alone."""
    changes = {"offending.recorded": 0.0, "offending.recorded_violent": 0.0, "offending.base": RARE, "offending.theta": theta}
    simulation = arranged("offending", weeks=WEEKS, residents=6000, seed=seed, changes=changes, columns=CALM_CITY)
    places, found = simulation.city.world.blocks, []
    for _ in range(WEEKS):
        after(simulation)
        found.append(places["now"].copy())
    return np.array(found[START:])


def repeats(found):
    """Pairs of offences at one place within `WINDOW` weeks."""
    return sum((found[lag:] * found[:-lag]).sum() for lag in range(1, WINDOW + 1))


def against_shuffled(found, rng, times=99):
    """Repeats, and repeats with weeks shuffled within each place, which keeps what a place attracts; both over the latter's mean."""
    shuffled = np.array([repeats(rng.permuted(found, axis=0)) for _ in range(times)])
    return repeats(found) / shuffled.mean(), shuffled.max() / shuffled.mean()


def test_near_repeats(finding):
    rng = np.random.default_rng(3)
    lived = {theta: offences(theta) for theta in (0.0, *THETAS)}
    base = lived[0.0].sum()
    grown = {theta: lived[theta].sum() / base * (1 - theta) - 1 for theta in THETAS}
    worst = max(grown.values(), key=abs)
    finding(
        f"near repeats: mean against mu / (1 - theta), theta {THETAS[0]:g} to {THETAS[-1]:g}, mu from the same city at theta 0",
        wanted="within 5 %",
        found=", ".join(f"{gap:+.1%}" for gap in grown.values()),
        null=f"near repeats off, held against theta {THETAS[-1]:g}: {1 - THETAS[-1] - 1:+.0%}",
        reached=bool(abs(worst) <= 0.05),
        kind="built in",
        part=PART,
        seeds="1",
        source="Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546",
    )
    usual = lived[min(THETAS, key=lambda theta: abs(theta - default("offending.theta")))]
    excess, most = against_shuffled(usual, rng)
    without, by_luck = against_shuffled(lived[0.0], rng)
    scattered = np.array([rng.permutation(week) for week in usual])
    finding(
        f"near repeats: pairs at one place within {WINDOW} weeks, against the same with weeks shuffled within each place",
        wanted="more than in each of 99 shuffles (false-alarm rate .01)",
        found=f"{excess:.2f} times; shuffled up to {most:.2f}",
        null=f"near repeats off: {without:.2f} times, shuffled up to {by_luck:.2f}; offences shuffled over places:"
        f" {repeats(scattered) / repeats(usual):.0%} of the pairs are left",
        reached=bool(excess > most),
        null_reached=bool(without > by_luck),
        part=PART,
        seeds="1",
        source="Mohler et al. 2011, doi:10.1198/jasa.2011.ap09546",
    )


def half_of_all(counts):
    """Least share of places that hold half of all offences."""
    falling = np.sort(counts)[::-1].cumsum()
    return (np.searchsorted(falling, 0.5 * falling[-1]) + 1) / len(counts)


def gathered(counts, points=201):
    """Share of offences at the worst places, for equally spaced shares of places from none to all."""
    falling = np.concatenate([[0], np.sort(counts)[::-1].cumsum()]) / counts.sum()
    return np.interp(np.linspace(0, 1, points), np.linspace(0, 1, len(falling)), falling)


YEARS, SEED, LARGE = 5, 11, {"city.scale": 0.03}
"""`LARGE`: three residents in a hundred, so that there are communities enough for correlations that hold others constant."""
STAY = {"mechanisms.offending.away": 0.0, "mechanisms.offending.away_violent": 0.0, "mechanisms.offending.spill": 0.0}


class Map:
    """Where the offences of some years of the reference city happened, and how far from the offender's home, by kind."""

    def __init__(self, changes: dict | None = None, years: int = YEARS):
        scenario = load_scenario("baseline").with_changes({"horizon": 52 * (years + 1), **(changes or {})})
        self.life = Simulation(scenario, SEED)
        world = self.world = self.life.city.world
        self.at_blocks = np.zeros((years, len(world.blocks)), np.int64)
        self.stayed, self.left = np.zeros((2, len(world.communities))), np.zeros((2, len(world.communities)))
        self.hardship = np.zeros(len(world.communities))
        for week in range(scenario.horizon):
            self._week(week, max(week // 52 - 1, 0) if week >= 52 else -1)
        self.near = np.sqrt(scenario.city.scale)  # communities of a sample are as many times farther apart as they are fewer

    def _week(self, week: int, year: int) -> None:
        """A week, looked at between the actions of residents and its close, when offenders have left but not arrived."""
        world = self.world
        begin_week(world, week)
        live_week(world, week, 0, len(world.communities))
        if year >= 0:
            now, first = world.communities["now"], world.communities["first_block"]
            self.stayed += [now["offences"] - now["violent"], now["violent"]]
            self.left += np.add.reduceat(world.blocks["leaving"][:, :, 0], first).T
        end_week(world, week)
        self.life.week += 1
        if year >= 0:
            self.at_blocks[year] += world.blocks["now"]
            self.hardship += world.communities["last"]["strain"] / 2**20 / world.communities["adults"] / self.life.horizon

    def around(self, k: int) -> np.ndarray:
        """Communities that border on community `k`."""
        return self.world.neighbours[self.world.first_neighbour[k] : self.world.first_neighbour[k + 1]]

    def next_door(self, values: np.ndarray) -> np.ndarray:
        """Mean of values of communities over those that border on each."""
        return np.array([values[self.around(k)].mean() for k in range(len(values))])

    def rate(self) -> np.ndarray:
        """Logarithm of offences per resident of every community."""
        found = np.add.reduceat(self.at_blocks.sum(axis=0), self.world.communities["first_block"])
        return np.log(found / self.world.communities["residents"])

    def attraction(self) -> np.ndarray:
        """Logarithm of the mean attraction of every community's blocks."""
        first, last = (self.world.communities[edge] for edge in ("first_block", "last_block"))
        return np.log(np.add.reduceat(self.world.blocks["attraction"], first) / (last - first))

    def journeys(self, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Distances (km) and how many offences are of each; at home, the mean distance of two places in an area that size."""
        x, y = (self.world.communities[axis].astype(float) * self.near for axis in "xy")
        opportunity, decay = self.world.communities["opportunity"][:, kind], default("offending.decay")
        kms, many = [], []
        for k in range(len(x)):
            near = self.around(k)
            away = np.hypot(x[near] - x[k], y[near] - y[k])
            weights = self.world.communities["residents"][near] * away**-decay * opportunity[near]
            kms += [[0.45 * away.mean()], away]  # 128 / 45 pi of a radius apart, the radius half the way to the next
            many += [[self.stayed[kind, k]], self.left[kind, k] * weights / weights.sum()]
        return np.concatenate(kms), np.concatenate(many)


TOO_NEAR = (
    "Near repeats and half of all other offences stay in the offender's own block, and journeys end in communities that border on the"
    " offender's. Real ones also go to centres, along daily routes to work and school, and to where offenders used to live. It would take"
    " such routes; a larger share away alone would move offences next door, still nearer than they are."
)

NO_LAG = (
    "Close: offenders who travel bring hardship next door into a community's offences, but one in a hundred shuffles brings as much at"
    " this size, since most offences stay in their community and hardship next door is much like its own. It would take"
    " more communities, or the longer journeys that are missed below."
)
NO_FARTHER = (
    "Fewer violent offenders leave their community, but to leave is not to go farther here: journeys end in the nearest"
    " of the bordering communities, nearer than two places of an own community are on average as measured. It would take homes and places"
    " with positions of their own, and the longer journeys that are missed above."
)


def mean_km(values: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean."""
    return float(np.average(values, weights=weights))


def middle(values: np.ndarray, weights: np.ndarray) -> float:
    """Weighted median."""
    order = np.argsort(values)
    return float(values[order][np.searchsorted(weights[order].cumsum(), 0.5 * weights.sum())])


def partial(y: np.ndarray, x: np.ndarray, *held: np.ndarray) -> float:
    """Correlation of two variables with others held constant."""
    others = np.column_stack([np.ones(len(y)), *held])
    rest = [v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (y, x)]
    return float(np.corrcoef(*rest)[0, 1])


def reshuffled(y: np.ndarray, x: np.ndarray, *held: np.ndarray, times: int = 999) -> np.ndarray:
    """The same with what is left of `x` shuffled."""
    rng, others = np.random.default_rng(4), np.column_stack([np.ones(len(y)), *held])
    fitted = others @ np.linalg.lstsq(others, x, rcond=None)[0]
    return np.array([partial(y, fitted + rng.permutation(x - fitted), *held) for _ in range(times)])


@pytest.fixture(scope="module")
def lived():
    return Map()


@pytest.fixture(scope="module")
def stayed():
    return Map(STAY, years=1)


def test_offences_gather_at_few_segments(finding, lived):
    rng = np.random.default_rng(4)
    for years in (1, YEARS):
        at_blocks = lived.at_blocks[:years].sum(axis=0)
        thrown = np.bincount(rng.integers(0, len(at_blocks), at_blocks.sum()), minlength=len(at_blocks))
        share, null = half_of_all(at_blocks), half_of_all(thrown)
        finding(
            f"concentration: share of segments with half of the offences of {years} year{'s' if years > 1 else ''}",
            wanted="4 to 6 % of street segments in large cities",
            found=f"{share:.1%} of segments of 128 residents, {at_blocks.sum() / len(at_blocks):.1f} offences on each",
            null=f"offences thrown at random: {null:.1%}",
            reached=bool(0.04 <= share <= 0.06),
            kind="built in",
            part=PART,
            seeds=f"{SEED}",
            source="Weisburd 2015, doi:10.1111/1745-9125.12070",
        )


def test_offences_are_where_hardship_is(finding, lived):
    rate, hardship, attraction = lived.rate(), lived.hardship, lived.attraction()
    beyond, shuffles = partial(rate, hardship, attraction), reshuffled(rate, hardship, attraction)
    alone = np.corrcoef(rate, attraction)[0, 1]
    rng = np.random.default_rng(4)
    mixed = rng.permutation(hardship)
    by_luck, its_shuffles = partial(rate, mixed, attraction), reshuffled(rate, mixed, attraction)
    year = lived.at_blocks[0]
    thrown = np.bincount(rng.integers(0, len(year), year.sum()), minlength=len(year))
    curves = {"thrown": gathered(thrown), "model": gathered(year)}
    finding.draw("test_offences_in_space.concentration_and_gradient", **curves, hardship=hardship, rate=1000 * np.exp(rate) / YEARS)
    finding(
        "social gradient: correlation of a community's offences with its residents' hardship, its attraction held constant",
        wanted="above all of 999 shuffles of hardship (false-alarm rate .001)",
        found=f"{beyond:+.2f} over {len(rate)} communities",
        null=f"hardship dealt out anew: {by_luck:+.2f}; shuffled {shuffles.min():+.2f} to {shuffles.max():+.2f}; attraction alone:"
        f" {alone:+.2f}",
        reached=bool(beyond > shuffles.max()),
        null_reached=bool(by_luck > its_shuffles.max()),
        part=PART,
        seeds=f"{SEED}",
        source="Sampson et al. 1997, doi:10.1126/science.277.5328.918",
    )


def test_offences_are_next_to_where_hardship_is(finding):
    found = {}
    for name, changes in (("travel", LARGE), ("stay", LARGE | STAY)):
        city = Map(changes, years=3)
        y, x, held = city.rate(), city.next_door(city.hardship), (city.hardship, city.attraction())
        found[name] = partial(y, x, *held), reshuffled(y, x, *held)
    (beyond, shuffles), (null, null_shuffles) = found["travel"], found["stay"]
    finding(
        "spatial lag: correlation of a community's offences with hardship next door, its own hardship and attraction held constant",
        wanted="above 99 % of 999 shuffles, and not so where nobody leaves home",
        found=f"{beyond:+.2f} over {len(y)} communities",
        null=f"shuffled: up to {np.quantile(shuffles, 0.99):+.2f} in 99 %; nobody leaves: {null:+.2f}",
        reached=bool(beyond > np.quantile(shuffles, 0.99) and null <= np.quantile(null_shuffles, 0.99)),
        null_reached=bool(null > np.quantile(null_shuffles, 0.99)),
        part=PART,
        seeds=f"{SEED}",
        source="Sampson et al. 1997, doi:10.1126/science.277.5328.918",
        would_take=NO_LAG,
    )


def test_journeys_to_crime(finding, lived, stayed):
    kms, many = lived.journeys(0)
    mean, half = mean_km(kms, many), middle(kms, many)
    half_at_home, mean_at_home = middle(*stayed.journeys(0)), mean_km(*stayed.journeys(0))
    finding(
        "journeys: distance within which half of acquisitive offences are from the offender's home",
        wanted="0.4 to 1.6 km: 0.8 km in North Staffordshire (burglary), within a factor of 2",
        found=f"{half:.1f} km; {lived.stayed[0].sum() / (lived.stayed[0] + lived.left[0]).sum():.0%} in the home community",
        null=f"nobody leaves: {half_at_home:.1f} km",
        reached=bool(0.4 <= half <= 1.6),
        null_reached=bool(0.4 <= half_at_home <= 1.6),
        part=PART,
        seeds=f"{SEED}",
        source="Evans 1989, cited in reviews of journeys to crime",
        would_take=TOO_NEAR,
    )
    finding(
        "journeys: mean distance of acquisitive offences from the offender's home",
        wanted="1.5 to 6 km: 3.1 km in Sheffield 1995 (all offences), within a factor of 2",
        found=f"{mean:.1f} km",
        null=f"nobody leaves: {mean_at_home:.1f} km",
        reached=bool(1.5 <= mean <= 6.0),
        null_reached=bool(1.5 <= mean_at_home <= 6.0),
        part=PART,
        seeds=f"{SEED}",
        source="Wiles, Costello 2000, Home Office Research Study 207",
        would_take=TOO_NEAR,
    )
    violent, violent_at_home = mean_km(*lived.journeys(1)), mean_km(*stayed.journeys(1))
    finding(
        "journeys: violent offences happen nearer to home than acquisitive ones",
        wanted="a shorter mean distance",
        found=f"{violent:.2f} against {mean:.2f} km",
        null=f"nobody leaves: {violent_at_home:.2f} against {mean_at_home:.2f} km",
        reached=bool(violent < mean),
        null_reached=bool(violent_at_home < mean_at_home),
        kind="built in",
        part=PART,
        seeds=f"{SEED}",
        source="Andresen et al. 2014, doi:10.1177/1748895813494870",
        would_take=NO_FARTHER,
    )
