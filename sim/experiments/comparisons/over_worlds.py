"""Compare scenarios over plausible worlds: every scenario in the same worlds, under the same luck in each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.assumptions import Carrier, carriers
from sim.analysis.beliefs import Rule, rule
from sim.analysis.real_size import EFFECTS
from sim.analysis.world_verdict import HOLDING, HOLDS, LEANS
from sim.experiments.arguments import DEFAULT, Unset
from sim.experiments.comparisons.index_parts import INDICES, of_batch, world_ranks
from sim.experiments.comparisons.world_batch import AGAIN, RESIDENTS, Chosen, WorldBatch, run_in_worlds, sized
from sim.experiments.comparisons.world_tables import (
    assumptions_of,
    beliefs_table,
    carriers_table,
    district_verdicts,
    natural_verdicts,
    world_differences,
    world_verdicts,
)
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import known_metrics, labels_of
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.metrics import metrics_of
from sim.metrics.catalogue import CITY_ONLY
from sim.scenario import Scenario
from sim.scenario.costs import real_residents

with lazily():
    import pandas as pd

EXPLAINED = (*INDICES, *EFFECTS)
"""Metrics whose spread is explained on pages and in tables."""
BY_DISTRICT = tuple(name for name in EXPLAINED if name not in CITY_ONLY)
"""Those that exist in every district."""


@dataclass(frozen=True, eq=False)
class WorldComparison(ExperimentResult):
    """Scenarios compared with the first over plausible worlds.

    Parameters
    ----------
    batch : WorldBatch
        Of cities scaled down.
    named : tuple of Scenario
        The scenarios as they were given, in their own city.
    differences : DataFrame
        A row per scenario but the first, metric and world: ``scenario, metric, world, seed, a, b, difference`` (of the first and of this
        one; NaN without a value), ``counted`` (False for second seeds) and ``same`` (no difference beyond the precision of levers or of
        money).
    verdicts : DataFrame
        A row per scenario but the first and metric: ``scenario, metric, base, value`` (medians of the first and of this one), all fields of
        `sim.analysis.world_verdict.WorldVerdict`, ``directed`` (whether the metric has a better direction; if not, better means more),
        ``luck, assumptions`` (standard deviations), ``luck_share, luck_low, luck_high`` (of the variance), ``truncated`` (the assumptions'
        was cut at 0), and ``alone_low, alone_high`` (worlds on the median's side if all had the median effect; NaN without a median or
        without second seeds).
    natural : DataFrame
        Leading results for the real size of the first one's city, with the cost per effect: columns as of
        `sim.experiments.comparisons.world_tables.natural_verdicts`.
    assumptions : DataFrame
        A row per world: ``world``, and what it changes in the scenarios: coefficients and structural choices.
    districts : DataFrame, optional
        If districts were asked for, a row per scenario but the first, district and metric of `BY_DISTRICT`: ``scenario, district, metric,
        base, value``, and all fields of `sim.analysis.world_verdict.WorldVerdict`.
    """

    batch: WorldBatch
    named: tuple[Scenario, ...]
    differences: "pd.DataFrame"
    verdicts: "pd.DataFrame"
    natural: "pd.DataFrame"
    assumptions: "pd.DataFrame" = field(repr=False)
    districts: "pd.DataFrame | None" = field(default=None, repr=False)
    kind = "compare"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        found = {
            "world_verdicts": self.verdicts,
            "world_natural_units": self.natural,
            "world_differences": self.differences,
            "world_carriers": carriers_table(self.carried),
            "world_beliefs": beliefs_table(self.believed),
            "world_ranks": self.ranks,
            "assumptions": self.assumptions,
            "outcomes": self.batch.outcomes,
        }
        return found if self.districts is None else found | {"world_districts": self.districts}

    @property
    def settings(self) -> dict[str, Any]:
        words = {"holds": HOLDS, "leans": LEANS}
        return {"worlds": self.assumptions["world"].tolist(), **words, "again": self.again, "set": self.batch.about}

    @property
    def again(self) -> int:
        """Worlds that were simulated under a second seed."""
        return len(self.batch.seeds) - len(self.batch.once.seeds)

    @cached_property
    def carried(self) -> dict[tuple[str, str], list[Carrier]]:
        """Carriers of the spread, by scenario and metric of `EXPLAINED` that differs in some world."""
        rows = self.verdicts[self.verdicts["metric"].isin(EXPLAINED) & (self.verdicts["n"] > self.verdicts["same"])]
        return {
            (scenario, metric): self.carriers(scenario, metric) for scenario, metric in zip(rows["scenario"], rows["metric"], strict=True)
        }

    @cached_property
    def believed(self) -> dict[tuple[str, str], Rule | None]:
        """Rules of those of them that do not hold. Some seconds."""
        words = self.verdicts.set_index(["scenario", "metric"])["word"]
        return {pair: self.rule(*pair) for pair in self.carried if words[pair] != HOLDING}

    @cached_property
    def ranks(self) -> "pd.DataFrame":
        """How often each scenario ranks first over worlds and weightings, see `sim.experiments.comparisons.index_parts.world_ranks`."""
        once = self.batch.once
        return world_ranks(of_batch(once), once.labels, self.batch.first)

    def over_worlds(self, scenario: str, metric: str) -> np.ndarray:
        """Differences in the order of `assumptions`, shape (worlds,); 0 where there is none, NaN without a value."""
        return self._over_worlds[scenario, metric].to_numpy(float)

    @cached_property
    def _over_worlds(self) -> "pd.DataFrame":
        """A row for each world in the order of `assumptions`, a column for each scenario and metric."""
        rows = self.differences[self.differences["counted"]]
        table = rows.assign(difference=rows["difference"].where(~rows["same"], 0.0))
        return table.pivot(index="world", columns=["scenario", "metric"], values="difference").reindex(self.assumptions["world"])

    def carriers(self, scenario: str, metric: str) -> list[Carrier]:
        """Assumptions that carry most of the spread; an empty list if none stands out."""
        return carriers(self.assumptions.drop(columns="world"), self.over_worlds(scenario, metric))

    def rule(self, scenario: str, metric: str) -> Rule | None:
        """What one would have to believe for the other side to win; None if nothing is found that luck would not find. Some seconds."""
        return rule(self.assumptions.drop(columns="world"), self.over_worlds(scenario, metric))


def compare_over_worlds(
    scenarios: Sequence[Scenario],
    chosen: Chosen,
    seed: int | None = None,
    workers: int | None = None,
    metrics: Sequence[str] | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    again: int = AGAIN,
    keep: str | Path | None = None,
    residents: int | Unset | None = DEFAULT,
    districts: bool = False,
) -> WorldComparison:
    """Run scenarios in the same worlds and compare each with the first.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more.
    chosen : Chosen
        The worlds.
    metrics
        As in `sim.experiments.comparisons.compare.compare`.
    seed, workers, window, progress, again, keep
        As in `sim.experiments.comparisons.world_batch.run_in_worlds`.
    residents : int, optional
        Larger cities are scaled down to this size, `RESIDENTS` by default; None leaves them as they are.
    districts : bool
        Whether to compare districts, too. Where finished runs are kept, this is always so: a later comparison that asks for districts
        then finds all it needs.

    Raises
    ------
    UserError
        For unknown metrics, and as `run_in_worlds`.
    KeyboardInterrupt
        As `run_in_worlds`.
    """
    names = known_metrics(metrics, scenarios) if metrics is not None else metrics_of(*scenarios)
    cities = sized(scenarios, residents, RESIDENTS)
    places = BY_DISTRICT if districts or keep is not None else ()
    batch = run_in_worlds(cities, labels_of(scenarios), chosen, seed, workers, window, progress, again, keep, by_district=places)
    table = world_differences(batch, names, batch.first)
    verdicts = world_verdicts(table)
    natural = natural_verdicts(verdicts, batch, real_residents(scenarios[0]))
    assumptions = assumptions_of(batch.worlds, cities)
    return WorldComparison(batch, tuple(scenarios), table, verdicts, natural, assumptions, district_verdicts(batch) if places else None)
