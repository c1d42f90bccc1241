"""How cost grows: processor time at a size and at four times that size. ``python -m benchmarks --growth`` prints the table.

The exponent is log4 of the ratio: 1 where cost is proportional to the size, 2 where it grows with its square. A fixed cost lowers it.
"""

import math
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.measure import number
from benchmarks.table import table
from sim.analysis.composite import aggregations
from sim.analysis.paired import holm
from sim.analysis.pareto import efficient
from sim.city.borders import bordering
from sim.city.layout import lay_out
from sim.experiments.studies.designs import points
from sim.experiments.studies.run_store import open_run_store
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_file import make_study
from sim.metrics.tables import all_metrics
from sim.scenario import Scenario, read_scenario
from sim.scenario.cities.own_communities import read_communities
from sim.scenario.parsing.sources import Source
from sim.simulation import Simulation

FACTOR = 4
SMALL = 2_048
"""Residents of a city where something else grows."""


class Case(NamedTuple):
    """One thing that may grow."""

    work: str
    grows: str
    size: int
    given: Callable[[int], Any]
    """Of a size: what the work is done on. Not timed."""
    task: Callable[[Any], object]


def scenario(residents: int, weeks: int = 4, community_size: int = 3_000, **more) -> Scenario:
    """A generated city in which one thing can be made larger."""
    city = {"preset": "synthetic", "residents": residents, "districts": 4, "community_size": community_size}
    return read_scenario({"name": "growth", "city": city, "horizon": weeks, **more})


def many_communities(count: int, weeks: int = 4) -> Scenario:
    """A city of small communities."""
    return scenario(200 * count, weeks, community_size=200)


def lived(one: Scenario, weeks: int = 1) -> Simulation:
    """A city after its first weeks."""
    simulation = Simulation(one, 1)
    simulation.advance(weeks)
    return simulation


def _again(simulation: Simulation) -> None:
    """Simulate all weeks but the first; it can be done again."""
    simulation.week = 1
    simulation.advance(simulation.horizon)


def _shocks(count: int) -> list[dict]:
    return [{"kind": "rumour", "at": f"week {1 + k % 200}", "strength": 0.1} for k in range(count)]


def _timeline(count: int) -> list[dict]:
    return [{"at": f"week {2 + k}", "set": {"budget": 1.0 + 0.001 * (k % 7)}} for k in range(count)]


def _own(count: int) -> str:
    """A table of communities."""
    rows = (f"c{k},d{k * 32 // count},{3000 + k % 100},{k % 200},{k // 200}" for k in range(count))
    return "\n".join(["community,district,population,x,y", *rows])


def _study(runs: int, factors: int = 4) -> Study:
    """A plan of `runs` points over `factors` parameters."""
    data = scenario(SMALL).model_dump()["mechanisms"]
    keys = [(f"mechanisms.{name}.{key}", value) for name, values in data.items() for key, value in values.items()]
    numbers = [(key, value) for key, value in keys if type(value) is float and 0 < value < 1][:factors]
    return make_study(
        {
            "schema": 1,
            "name": "growth",
            "scenario": "baseline",
            "design": {"kind": "lhs", "samples": runs, "seed": 1},
            "factors": {key: {"low": 0.9 * value, "high": value} for key, value in numbers},
            "replicates": 1,
            "outcomes": {"stability": "last_year"},
        }
    )


def _keep(study: Study) -> None:
    """Make the store of a study, and look up the runs that it has still to do."""
    with tempfile.TemporaryDirectory() as folder, open_run_store(Path(folder) / "growth", study, points(study)) as store:
        store.pending()


def _drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).random(shape)


CASES = (
    Case("building a city", "residents", 50_000, scenario, lambda one: Simulation(one, 1)),
    Case("a week", "residents", 50_000, lambda n: lived(scenario(n, 2)), _again),
    Case("content hash", "residents", 50_000, lambda n: lived(scenario(n)), Simulation.content_hash),
    Case("weeks of a run", "weeks", 65, lambda n: lived(scenario(SMALL, n)), _again),
    Case("all metrics", "weeks", 130, lambda n: lived(scenario(SMALL, n), n), all_metrics),
    Case("layout: borders, density, attraction", "communities", 5_000, many_communities, lambda one: lay_out(one.city_plan, 512, 1)),
    Case("nearest communities", "communities", 25_000, lambda n: _drawn(2, n), lambda at: bordering(at[0], at[1], None)),
    Case("building, 200 residents each", "communities", 1_000, many_communities, lambda one: Simulation(one, 1)),
    Case("a week, 200 residents each", "communities", 1_000, lambda n: lived(many_communities(n, 2)), _again),
    Case("reading own communities", "rows", 5_000, _own, lambda text: read_communities(Source(text, "own.csv"))),
    Case("reading shocks", "shocks", 250, _shocks, lambda shocks: scenario(SMALL, 260, shocks=shocks)),
    Case("260 weeks with shocks", "shocks", 250, lambda n: lived(scenario(SMALL, 260, shocks=_shocks(n))), _again),
    Case("reading a timeline", "changes", 250, _timeline, lambda changes: scenario(SMALL, 1100, timeline=changes)),
    Case("making and checking a study", "factors", 10, int, lambda factors: _study(100, factors)),
    Case("planning a study", "runs", 25_000, _study, points),
    Case("planning a study and making its store", "runs", 25_000, _study, _keep),
    Case("p values corrected together", "comparisons", 25_000, _drawn, holm),
    Case("options ranked by indices", "options", 2_500, lambda n: _drawn(n, 3), lambda v: aggregations(v, np.ones(3), np.ones((1, 3)))),
    Case("efficient options, two objectives", "options", 2_500, lambda n: _drawn(n, 2), lambda v: efficient(v, ["more", "less"])),
)


def measured(cases: tuple[Case, ...] = CASES, repeats: int = 3, shrink: int = 1) -> Iterator[tuple[Case, float, float]]:
    """Each case with its processor seconds at a size and at `FACTOR` times that, least of alternating repeats.

    Parameters
    ----------
    cases : tuple of Case
    repeats : int
    shrink : int
        Divides every size, for trying.
    """
    for case in cases:
        sizes = max(2, case.size // shrink), FACTOR * max(2, case.size // shrink)
        inputs = [case.given(size) for size in sizes]
        best = [math.inf, math.inf]
        for _ in range(repeats):
            for position, given in enumerate(inputs):
                start = time.process_time()
                case.task(given)
                best[position] = min(best[position], time.process_time() - start)
        yield case, best[0], best[1]


def growth_table(found) -> str:
    """The table of `measured`, in Markdown."""
    rows = []
    for case, small, large in found:
        ratio = large / max(small, 1e-9)
        size = f"{case.size:,} and {FACTOR * case.size:,} {case.grows}"
        rows.append(
            (case.work, size, f"{number(1e3 * small)} and {number(1e3 * large)} ms", number(ratio), f"{math.log(ratio, FACTOR):.2f}")
        )
    return table("What grows, and how fast", ("work", "sizes", "processor time", "ratio", "exponent"), rows)
