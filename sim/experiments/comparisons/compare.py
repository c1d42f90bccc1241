"""Compare scenarios: over plausible worlds, or by luck alone with differences, their uncertainty, and the ranking under varied weights."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Unpack, overload

from sim.analysis.paired import INTERVALS, holm, needed, pair_means, paired
from sim.errors import UserError
from sim.experiments.arguments import DEFAULT, Unset
from sim.experiments.comparisons.index_parts import WEIGHTINGS, effective_weights, of_batch, ranks
from sim.experiments.comparisons.natural_units import BUDGET, money_resolution, natural_units
from sim.experiments.comparisons.over_worlds import WorldComparison, compare_over_worlds
from sim.experiments.comparisons.world_batch import Given, RunArguments, asked_worlds, refuse_keeping, sized
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import Batch, direction, known_metrics, labels_of, run_batch
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.messages import Joined
from sim.metrics import metrics_of
from sim.scenario import Scenario
from sim.scenario.costs import real_residents
from sim.scenario.given import scenarios_of

with lazily():
    import pandas as pd

REPLICATES = 30
LEVEL = 0.05
"""A difference is significant ("settled") if p, corrected for all tests, is below this."""
SETTLED, ALONE, OPEN, NONE = "settled", "by itself", "open", "none"
VERDICTS = (SETTLED, ALONE, OPEN, NONE)
"""Of a difference: significant among all tests; significant individually only (its own interval excludes 0); not significant; no verdict,
since there are too few pairs. Pages and the terminal show other words, see `sim.report.text`."""


@dataclass(frozen=True, eq=False)
class Comparison(ExperimentResult):
    """Scenarios compared with the first.

    Parameters
    ----------
    batch : Batch
    differences : DataFrame
        A row per scenario but the first and metric: ``scenario, metric, base, value`` (means of the first and of this one), ``mean, low,
        high`` (paired difference, 95 % interval of that one difference, NaN where none can be given), ``p`` (corrected after Holm over all
        rows), ``n`` pairs, ``share_won`` (share of seeds on which it does better, or has more where a metric has no usual direction),
        ``verdict`` (see `VERDICTS`), ``settled`` (whether that is the verdict), ``needed`` (replicates that would make it significant, NaN
        if it is or if there is no verdict), ``variance_ratio`` (how many times as many replicates unpaired runs would need) and
        ``p_single`` (not corrected).
    ranking, effective : DataFrame
        Ranks under varied weights, and what moves the indices: see `ranks` and `effective_weights` in
        `sim.experiments.comparisons.index_parts`.
    natural : DataFrame
        Leading results of the scenarios but the first, for the real size of the first one's city, with the cost per effect: columns as of
        `sim.experiments.comparisons.natural_units.natural_units`.
    interval : str
        "t" or "bootstrap".
    named : tuple of Scenario
        The scenarios as they were given.
    """

    batch: Batch
    differences: "pd.DataFrame"
    ranking: "pd.DataFrame"
    effective: "pd.DataFrame"
    natural: "pd.DataFrame"
    interval: str = "t"
    named: tuple[Scenario, ...] = ()
    kind = "compare"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        found = {"differences": self.differences, "natural_units": self.natural, "ranking": self.ranking, "effective": self.effective}
        found["outcomes"] = self.batch.outcomes
        return found if self.batch.groups is None else found | {"groups": self.batch.groups}

    @property
    def settings(self) -> dict[str, Any]:
        return {"interval": self.interval, "correction": "holm", "level": LEVEL, "weightings": WEIGHTINGS}


class _Others(RunArguments, total=False):
    metrics: Sequence[str] | None
    residents: int | Unset | None


@overload  # a number of worlds is many, and 1 alone is the default world: what a checker cannot say of whole numbers
def compare(  # type: ignore[overload-overlap]
    scenarios: Sequence[Scenario | str | os.PathLike],
    *,
    worlds: Literal[1],
    replicates: int | Unset | None = DEFAULT,
    interval: str | Unset = DEFAULT,
    **rest: Unpack[_Others],
) -> Comparison: ...


@overload
def compare(
    scenarios: Sequence[Scenario | str | os.PathLike],
    replicates: int | None,
    *,
    interval: str | Unset = DEFAULT,
    worlds: None = None,
    **rest: Unpack[_Others],
) -> Comparison: ...


@overload
def compare(
    scenarios: Sequence[Scenario | str | os.PathLike],
    *,
    interval: str,
    replicates: Unset = DEFAULT,
    worlds: None = None,
    **rest: Unpack[_Others],
) -> Comparison: ...


@overload
def compare(
    scenarios: Sequence[Scenario | str | os.PathLike],
    *,
    replicates: Unset = DEFAULT,
    interval: Unset = DEFAULT,
    worlds: Given | None = None,
    districts: bool = False,
    **rest: Unpack[_Others],
) -> WorldComparison: ...


def compare(
    scenarios: Sequence[Scenario | str | os.PathLike],
    replicates: int | Unset | None = DEFAULT,
    seed: int | None = None,
    workers: int | None = None,
    metrics: Sequence[str] | None = None,
    window: int | None = None,
    interval: str | Unset = DEFAULT,
    progress: Progress | None = None,
    worlds: Given | None = None,
    residents: int | Unset | None = DEFAULT,
    keep: str | Path | None = None,
    districts: bool = False,
) -> Comparison | WorldComparison:
    """Compare scenarios with the first, in the same plausible worlds and with the same luck; or by luck alone, in the default world.

    Parameters
    ----------
    scenarios : sequence of Scenario, path or str
        Two or more; a str is a file or the name of a shipped scenario.
    replicates : int, optional
        Number of seeds in the default world, the same for every scenario: ``seed, seed + 1, ...``; `REPLICATES` by default; None is the
        first scenario's own number. Whoever gives it asks for luck alone, as with ``worlds=1``.
    seed : int, optional
        The first scenario's own by default.
    workers : int, optional
        Processes; all processors by default, 1 stays in this process.
    metrics : str or sequence of str, optional
        All by default. p-values are corrected over these.
    window : int, optional
        Weeks at the end whose mean is compared: a year by default (less over a shorter horizon); 1 is the last week.
    interval : str, optional
        Of luck alone, and likewise only in the default world: "t" (Student's, widened for skew; the default) or "bootstrap" (studentised);
        see `sim.analysis.paired`.
    progress : callable, optional
        Called with weeks done and weeks in total.
    worlds : WorldSet, path, int or str, optional
        Plausible worlds: a set, its file, a number of worlds drawn from the package's set, or "all" of that; 1 is the default world alone.
        By default 60 worlds (all if there are fewer), or the default world if the package has no set for this version of the model.
    residents : int, optional
        Larger cities are scaled down to this size: by default to 5,000 over worlds, and not at all in the default world; None leaves them
        as they are.
    keep : path, optional
        Over worlds, a folder in which every finished run is kept, so that the same call resumes after an interrupt.
    districts : bool
        Over worlds, whether to compare districts, too, as a brief does.

    Returns
    -------
    WorldComparison or Comparison
        Over worlds, or by luck alone: with ``worlds=1``, `replicates` or `interval`. Type checkers tell the two apart by these arguments.

    Raises
    ------
    UserError
        For fewer than two scenarios, unknown metrics, or too few finished runs; for worlds beside replicates, and as
        `sim.experiments.comparisons.world_batch.asked_worlds`.
    """
    loaded = scenarios_of(scenarios)
    if len(loaded) < 2:
        raise UserError(
            "compare: got {count} scenario; expected two or more that differ, the first of which the others are compared with",
            count=len(loaded),
        )
    in_worlds = asked_worlds(worlds, alone=replicates is not DEFAULT or interval is not DEFAULT)
    if in_worlds:
        return compare_over_worlds(
            loaded, in_worlds, seed, workers, metrics, window, progress, keep=keep, residents=residents, districts=districts
        )
    refuse_keeping(keep)
    if districts:
        raise UserError("districts: expected plausible worlds beside it; they are not compared in the default world alone")
    interval = "t" if interval is DEFAULT else interval
    if interval not in INTERVALS:
        raise UserError("interval: got {value}; expected {choices}", value=interval, choices=Joined(INTERVALS, " or "))
    cities = sized(loaded, residents, None)
    chosen = known_metrics(metrics, loaded) if metrics is not None else metrics_of(*loaded)
    count = REPLICATES if replicates is DEFAULT else replicates
    batch = run_batch(cities, labels_of(loaded), seed, count, workers, window, progress, groups=True)
    natural = natural_units(batch, batch.labels[0], batch.labels[1:], real_residents(loaded[0]), interval)
    indices = of_batch(batch)
    weighed = effective_weights(indices)
    ranked = ranks(indices, batch.labels, batch.seeds[0], weighed)
    return Comparison(batch, differences(batch, chosen, interval), ranked, weighed, natural, interval, tuple(loaded))


def differences(batch: Batch, metrics: Sequence[str], interval: str = "t") -> "pd.DataFrame":
    """Table of paired differences of a batch, see `Comparison`."""
    rows, spread = [], []
    base, *others = batch.labels
    rounding = money_resolution({name: batch.of(base, name) for name in BUDGET if name in batch.outcomes})
    for label in others:
        for name in metrics:
            a, b = batch.of(base, name), batch.of(label, name)
            known_to = rounding if name in BUDGET else 0.0
            found = paired(a, b, direction(name) == "less", interval, batch.seeds[0], known_to)
            rows.append({"scenario": label, "metric": name, **pair_means(a, b)._asdict(), **found._asdict()})
            spread.append(found.deviation)
    table = pd.DataFrame(rows).rename(columns={"p": "p_single"}).drop(columns="deviation")
    table["p"] = holm(table["p_single"].to_numpy())
    table["verdict"] = [verdict(p, single) for p, single in zip(table["p"], table["p_single"], strict=True)]
    table["settled"] = table["verdict"] == SETTLED
    left = LEVEL / max(1, int((table["p"] >= LEVEL).sum()))
    wanted = [needed(mean, sd, left) for mean, sd in zip(table["mean"], spread, strict=True)]
    asked = table["verdict"].isin([ALONE, OPEN])
    table["needed"] = [count if it_is else float("nan") for it_is, count in zip(asked, wanted, strict=True)]
    order = "scenario metric base value mean low high p n share_won verdict settled needed variance_ratio p_single".split()
    return table[order]


def verdict(p: float, p_single: float) -> str:
    """One of `VERDICTS`, from p corrected for all tests and p of the single difference."""
    return NONE if p != p else SETTLED if p < LEVEL else ALONE if p_single < LEVEL else OPEN
