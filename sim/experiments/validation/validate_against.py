"""Validation of a run against the user's data: pattern by pattern, with the uncertainty of both, a null model and a verdict.

The rule of the verdict: a pattern *agrees* if the 95 % interval of the data overlaps that of the simulation, otherwise it *misses*. The
interval of the data comes from a jackknife over blocks of areas (`sim.analysis.patterns.blocks`), or is the range that the user states;
that of the simulation is the prediction interval of one more replicate (Student's t; a single replicate is a point). If the null model's
interval overlaps that of the data as well, agreement is weak evidence, and the table states this. A pattern without a value on either side
has the verdict *cannot be told*.

Events are compared at equal density: Moran's I and concentration depend on the number of events per area, so the side with more events is
thinned at random to the density of the other (`sim.analysis.patterns.concentration.thinned`).

Where the areas of the data are communities of the run, single areas are compared as well, with hardship alone as the null model
(`sim.experiments.validation.area_by_area`). This does not enter the verdicts on patterns.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import areas as over
from sim.analysis.areas import Areas
from sim.analysis.intervals import MIDDLE, student_reach
from sim.analysis.patterns import concentration, elasticity, jump
from sim.analysis.patterns.named import COUNTS, REPORTED, Pattern, within
from sim.errors import UserError
from sim.experiments.arguments import workers_of
from sim.experiments.runs.simulate import simulate_seeds
from sim.experiments.studies.study_factors import scenario_value
from sim.experiments.validation.area_by_area import COLUMNS, predict_areas
from sim.experiments.validation.known_data import Data, Number, read_data
from sim.experiments.validation.run_areas import communities_of_run, districts_of_run
from sim.results import Run, run_of

AGREES, MISSES, UNKNOWN = "agrees", "misses", "cannot be told"
STEP = 1.1
"""Factor by which paired runs change a key down and up."""
YEAR = 52
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Validation:
    """The result of validating a run against data.

    Parameters
    ----------
    table : DataFrame
        A row per pattern: ``pattern, data, data_low, data_high, simulated, simulated_low, simulated_high, replicates, null, null_low,
        null_high, null_agrees, verdict, note, source``.
    curves : dict of str to DataFrame
        For every kind of event in the data: ``areas`` (share of the areas, the worst first), and the share of events in them in the
        ``data``, ``simulated`` and by chance alone (``luck``), all with the same number of events an area.
    areas : DataFrame
        How well single areas are predicted, against hardship alone and the neighbours' mean: see
        `sim.experiments.validation.area_by_area`. Empty unless the areas of the data are communities of the run.
    label : str
        Name of the data.
    run : Run
    """

    table: pd.DataFrame
    curves: dict[str, pd.DataFrame]
    areas: pd.DataFrame
    label: str
    run: Run

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        found = {"patterns": self.table, **{f"concentration-{what}": curve for what, curve in self.curves.items()}}
        return found | ({"areas": self.areas} if len(self.areas) else {})

    @property
    def agree(self) -> bool:
        """Whether every pattern agrees."""
        return bool((self.table["verdict"] == AGREES).all())

    def named(self, verdict: str) -> list[str]:
        """Patterns with a verdict."""
        return self.table.loc[self.table["verdict"] == verdict, "pattern"].tolist()

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="%.3g")


def validate_against(
    run: Run | str | os.PathLike,
    data: "str | os.PathLike | pd.DataFrame | Data",
    threshold: float | None = None,
    workers: int | None = 1,
    progress: Progress | None = None,
) -> Validation:
    """Compare a run with the user's data.

    Parameters
    ----------
    run : Run or path
        Of any scenario, or the folder of a run; its spread is meaningful from ten replicates on.
    data : path or DataFrame
        A row per area, or a row per known number; see `sim.experiments.validation.known_data` and ``docs/how_to/validate_against.md``.
    threshold : float, optional
        Level of service at which support may jump; without it, no jump is estimated. For a table of areas.
    workers : int, optional
        Processes (1 stays in this process, None uses all processors) for the additional runs needed by elasticities to a scenario key.
    progress : callable, optional
        Called with weeks done and in total by those runs.

    Raises
    ------
    ScenarioError
        With all problems of the table at once.
    UserError
        When the run has no complete year, which patterns over areas need, or a key cannot be varied.
    """
    run, workers = run_of(run), workers_of(workers)
    known = data if isinstance(data, Data) else read_data(data)
    if known.areas is not None:
        return _of_areas(run, known, known.areas, threshold)
    rows = [_of_number(run, number, workers, progress) for number in known.numbers]
    return Validation(pd.DataFrame(rows), {}, pd.DataFrame(columns=COLUMNS), known.label, run)


def _of_areas(run: Run, known: Data, data: Areas, threshold: float | None) -> Validation:
    simulated, districts = _communities(run), districts_of_run(run)
    rows, curves = [], {}
    for pattern in within(frozenset(data.columns), threshold):
        side = simulated if simulated[0].has(pattern) else districts
        thin = _equal(pattern, data, side)
        values = [over.value(pattern, one, thin[1])[0] for one in side]
        null = np.concatenate([over.null(pattern, one, thin[1], seed) for seed, one in enumerate(side)])
        rows.append(_row(pattern.name, over.value(pattern, data, thin[0]), values, null, _note(pattern, thin, data)))
        if pattern.kind == "concentration" and np.isfinite(rows[-1]["data"]):
            curves[pattern.of] = _curves(pattern, data, side, thin)
    return Validation(pd.DataFrame(rows), curves, predict_areas(run, data, known.names), known.label, run)


def _communities(run: Run) -> list[Areas]:
    found = communities_of_run(run)
    if not found:
        raise UserError(
            "{name}: {horizon} weeks; patterns over areas need a complete year ({year} weeks)",
            name=run.scenario.name,
            horizon=run.scenario.horizon,
            year=YEAR,
        )
    return found


def _equal(pattern: Pattern, data: Areas, simulated: list[Areas]) -> tuple[float, float]:
    """Shares of the events kept on each side, so that both have the same number per area."""
    if pattern.kind not in ("moran", *over.CONCENTRATED):
        return 1.0, 1.0
    ours = float(np.mean([one.events(pattern.of) for one in simulated]))
    theirs = data.whole(pattern).events(pattern.of)
    if not ours > 0 or not theirs > 0:
        return 1.0, 1.0
    return min(1.0, ours / theirs), min(1.0, theirs / ours)


def _note(pattern: Pattern, thin: tuple[float, float], data: Areas) -> str:
    if min(thin) < 1:
        return f"{'data' if thin[0] < 1 else 'simulation'} thinned to {min(thin):.3g} of its events"
    if pattern.kind == "jump":
        width = jump.bandwidth_of(data.whole(pattern).columns[pattern.by], pattern.at or 0.0)
        return f"bandwidth {width:.3g} in the data"
    return ""


def _of_number(run: Run, number: Number, workers: int, progress: Progress | None) -> dict[str, Any]:
    what, note = number.what, ""
    if isinstance(what, str):
        values, null = _last_year(run, what), np.array([])
    elif what.over_runs:
        values, null, note = _paired(run, what, workers, progress)
    else:
        judged = what.kind == "gap" and what.of not in COUNTS and what.of in REPORTED
        side = districts_of_run(run) if judged else _communities(run)
        values = [over.value(what, one)[0] for one in side]
        null = np.concatenate([over.null(what, one, seed=seed) for seed, one in enumerate(side)])
    middle = 0.5 * (number.low + number.high)
    return _row(number.name, (middle, number.low, number.high), values, null, note, number.source)


def _last_year(run: Run, metric: str) -> list[float]:
    """A metric's mean over the last year, by replicate."""
    weeks = run.weekly["week"]
    return run.weekly[weeks > weeks.max() - YEAR].groupby("replicate")[metric].mean().tolist()


def _paired(run: Run, pattern: Pattern, workers: int, progress: Progress | None) -> tuple[list[float], np.ndarray, str]:
    """Elasticity of a metric to a key, by pair of runs with the same seed."""
    at = _value_at(run, pattern.by)
    ends = [run.scenario.with_changes({pattern.by: float(f"{at * factor:.6g}")}) for factor in (1.0 / STEP, STEP)]
    lower, upper = (simulate_seeds(scenario, run.seeds, workers, 1, progress) for scenario in ends)
    both = [seed for seed in lower.seeds if seed in upper.seeds]
    low, high = (dict(zip(one.seeds, _last_year(one, pattern.of), strict=True)) for one in (lower, upper))
    found = elasticity.paired(np.array([low[seed] for seed in both]), np.array([high[seed] for seed in both]), STEP**2)
    return found.tolist(), np.zeros(1), f"{pattern.by} from {at / STEP:.3g} to {at * STEP:.3g}, same seeds"


def _value_at(run: Run, key: str) -> float:
    """Value of a key of the scenario."""
    value = scenario_value(run.scenario, key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UserError("elasticity to {key}: expected a scenario key with a numeric value, such as policy.rule_of_law", key=key)
    if value <= 0:
        raise UserError(
            "elasticity to {key}: got {value:g}; the key is multiplied by a factor, so its value must be above 0", key=key, value=value
        )
    return float(value)


def _row(
    name: str, data: tuple[float, float, float], values: list[float], null: np.ndarray, note: str = "", source: str = ""
) -> dict[str, Any]:
    simulated, bounds = predicted(values), _span(null)
    reached = meets(data, simulated)
    verdict = UNKNOWN if reached is None else AGREES if reached else MISSES
    row: dict[str, Any] = {"pattern": name}
    for side, triple in (("data", data), ("simulated", simulated)):
        row |= {side: triple[0], f"{side}_low": triple[1], f"{side}_high": triple[2]}
    row["replicates"] = int(np.isfinite(values).sum())
    row |= {"null": bounds[0], "null_low": bounds[1], "null_high": bounds[2], "null_agrees": bool(meets(data, bounds))}
    return row | {"verdict": verdict, "note": note, "source": source}


def predicted(values: list[float]) -> tuple[float, float, float]:
    """Mean over replicates, and the 95 % prediction interval of one more (Student's t); no interval for fewer than two."""
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    if len(known) == 0:
        return (float("nan"),) * 3
    mean = float(known.mean())
    if len(known) == 1:
        return mean, float("nan"), float("nan")
    half = float(student_reach(len(known) - 1) * known.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(known)))
    return mean, mean - half, mean + half


def meets(first: tuple[float, float, float], second: tuple[float, float, float]) -> bool | None:
    """Whether two intervals overlap (an estimate without one is a point); None if either has no value."""
    if not (np.isfinite(first[0]) and np.isfinite(second[0])):
        return None
    (a, b), (c, d) = ((low, high) if np.isfinite(low) else (value, value) for value, low, high in (first, second))
    return bool(a <= d and c <= b)


def _span(null: np.ndarray) -> tuple[float, float, float]:
    """Mean of a null model's draws, and the middle 95 % of them."""
    known = null[np.isfinite(null)]
    if len(known) == 0:
        return (float("nan"),) * 3
    low, high = np.quantile(known, MIDDLE)
    return float(known.mean()), float(low), float(high)


def _curves(pattern: Pattern, data: Areas, simulated: list[Areas], thin: tuple[float, float]) -> pd.DataFrame:
    """Concentration curves of data and simulation, and of chance alone in the data."""
    at = np.linspace(0.0, 1.0, 51)
    data = data.whole(pattern)

    def drawn(counts: np.ndarray) -> np.ndarray:
        points = np.atleast_2d(concentration.curve(counts)).mean(axis=0)
        return np.interp(at, np.linspace(0.0, 1.0, len(points)), points)

    counts, residents = data.columns[pattern.of], data.columns["residents"]
    chance = concentration.by_chance(round(thin[0] * counts.sum()), residents, over.DRAWS)
    runs = [drawn(concentration.thinned(one.columns[pattern.of], thin[1])) for one in simulated if one.columns[pattern.of].sum() > 0]
    columns = {"areas": at, "data": drawn(concentration.thinned(counts, thin[0])), "luck": drawn(chance)}
    if runs:
        columns |= {"simulated": np.mean(runs, axis=0), "simulated_low": np.min(runs, axis=0), "simulated_high": np.max(runs, axis=0)}
    return pd.DataFrame(columns)
