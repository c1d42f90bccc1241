"""A run made of arrays, with patterns of a known size, and tables that a user might have of the same city."""

import numpy as np
import pandas as pd

from sim.metrics import METRICS
from sim.results import Run
from sim.scenario import read_scenario

AREAS = 60


def city(luck: np.random.Generator, gradient: float = 1.0, clustered: float = 0.5) -> pd.DataFrame:
    """Communities of a year: offences rise with hardship and towards one side, a jump of 0.1 in satisfaction at a service of 0.6."""
    where = np.random.default_rng(0)  # the same city for all
    x, y = where.uniform(0, 10, (2, AREAS))
    residents = where.integers(2000, 4000, AREAS)
    hardship = where.uniform(0, 1, AREAS)
    service = where.uniform(0.5, 0.7, AREAS)
    offences = luck.poisson(0.02 * residents * np.exp(gradient * (hardship - 0.5) + clustered * (x / 5 - 1)))
    return pd.DataFrame(
        {
            "community": [f"Area {number}" for number in range(AREAS)],
            "district": np.where(x < 5, "West", "East"),
            "residents": residents,
            "hardship": hardship,
            "x": x,
            "y": y,
            "offences": offences,
            "recorded": luck.binomial(offences, 0.5),
            "stops": luck.poisson(0.01 * residents * np.sqrt(offences / offences.mean())),
            "satisfaction": 0.6 + 0.1 * (service >= 0.6) - 0.1 * gradient * hardship + luck.normal(0, 0.01, AREAS),
            "service": service,
        }
    )


def made_run(replicates: int = 8, weeks: int = 104, years: int = 2, **how) -> Run:
    """A run of which every year is like `city`, performance is overstated by 0.05, and every metric stands at a level of its own."""
    luck = np.random.default_rng(1)
    scenario = read_scenario({"name": "made", "city": {"preset": "synthetic", "residents": 2000}, "horizon": weeks})
    numbers = [(replicate, year) for replicate in range(replicates) for year in range(1, years + 1)]
    communities = [city(luck, **how).assign(replicate=r, seed=r + 1, year=year) for r, year in numbers]
    levels = {name: 0.5 if metric.high <= 1 else 10.0 for name, metric in METRICS.items()}
    weekly = pd.DataFrame({"replicate": np.repeat(range(replicates), weeks), "week": np.tile(range(weeks), replicates)})
    weekly["seed"] = weekly["replicate"] + 1
    noise = luck.normal(0, 0.01, (replicates, len(levels)))
    for column, (name, level) in enumerate(levels.items()):
        weekly[name] = level * (1 + noise[weekly["replicate"], column])
    parts = [weekly.assign(district=name, performance=0.6, reported_performance=0.65) for name in ("West", "East")]
    tables = {"communities": pd.concat(communities, ignore_index=True) if communities else pd.DataFrame({"year": []})}
    seeds = tuple(range(1, replicates + 1))
    return Run(scenario, seeds, weekly, pd.concat(parts, ignore_index=True), pd.DataFrame(), **tables, manifest={}, content_hash="0" * 32)


def table_of(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A user's table: some columns, or all that may stand in one."""
    named = frame.rename(columns={"residents": "population"}).drop(columns="district")
    return named[["community", "population", *columns]] if columns else named
