"""Offences in space and time: near repeats, concentration at few places, and more of them where hardship is greater."""

import numpy as np
from arranged import after, arranged, default

from sim.metrics import communities
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
    changes = {"offending.recorded": 0.0, "offending.base": RARE, "offending.theta": theta}
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
    without, chance = against_shuffled(lived[0.0], rng)
    scattered = np.array([rng.permutation(week) for week in usual])
    finding(
        f"near repeats: pairs at one place within {WINDOW} weeks, against the same with weeks shuffled within each place",
        wanted="more than in each of 99 shuffles (false-alarm rate .01)",
        found=f"{excess:.2f} times; shuffled up to {most:.2f}",
        null=f"near repeats off: {without:.2f} times; offences shuffled over places: {repeats(scattered) / repeats(usual):.0%} of the"
        f" pairs are left",
        reached=bool(excess > most),
        null_reached=bool(without > chance),
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


def test_offences_gather_at_few_places_and_where_hardship_is(finding):
    baseline = load_scenario("baseline")
    scenario = baseline.with_changes({"horizon": 104})
    simulation = Simulation(scenario, 11)
    at_places = np.zeros(len(simulation.city.world.blocks), np.int64)
    for week in range(scenario.horizon):
        simulation.advance(1)
        at_places += simulation.city.world.blocks["now"] * (week >= 52)
    rng = np.random.default_rng(4)
    thrown = np.bincount(rng.integers(0, len(at_places), at_places.sum()), minlength=len(at_places))
    share, null = half_of_all(at_places), half_of_all(thrown)
    finding(
        "concentration: share of places with half of a year's offences",
        wanted="4 to 6 % in large cities, of street segments",
        found=f"{share:.1%} of places of some 32 residents",
        null=f"offences thrown at random: {null:.1%}",
        reached=bool(0.04 <= share <= 0.06),
        null_reached=bool(0.04 <= null <= 0.06),
        part=PART,
        seeds="11",
        source="Weisburd 2015, doi:10.1111/1745-9125.12070",
        would_take="Close, but not the same quantity: blocks here are groups of households, whereas street segments elsewhere have"
        " shops and bars, and the tail of the distribution of opportunity over blocks is an assumption. It would take business blocks,"
        " and a tail fitted to one city's map.",
    )
    table = (
        communities(simulation)
        .groupby("community")[["offences", "residents", "hardship"]]
        .agg({"offences": "sum", "residents": "mean", "hardship": "mean"})
    )
    rate = (table["offences"] / table["residents"]).to_numpy()
    hardship = table["hardship"].to_numpy()
    slope = np.corrcoef(hardship, rate)[0, 1]
    shuffled = np.array([np.corrcoef(rng.permutation(hardship), rate)[0, 1] for _ in range(999)])
    curves = {"thrown": gathered(thrown), "model": gathered(at_places)}
    finding.draw("test_offences_in_space.concentration_and_gradient", **curves, hardship=hardship, rate=1000 * rate / 2)
    finding(
        "social gradient: correlation of a community's offences with its hardship",
        wanted="above all of 999 shuffles (false-alarm rate .001)",
        found=f"{slope:+.2f} over {len(rate)} communities",
        null=f"hardship shuffled: {shuffled.min():+.2f} to {shuffled.max():+.2f}",
        reached=bool(slope > shuffled.max()),
        null_reached=bool(shuffled[0] > shuffled[1:].max()),
        part=PART,
        seeds="11",
        source="Sampson et al. 1997, doi:10.1126/science.277.5328.918",
    )
