"""History matching: rule out regions of the free coefficients in which the model cannot reproduce the known rates.

A fit (see `calibrate.py`) gives one point and does not show which others fit as well. History matching asks the opposite: which points are
implausible given all uncertainties? The remaining space is not a best estimate but everything that is not ruled out; results that hold in
all of it are robust. Method, terms and references: `implausibility.py`, `waves.py`, `emulator.py`.

The space is that of the fit: each free coefficient over a quarter to four times its value, within its own range, by its logarithm.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import MIDDLE
from sim.errors import UserError
from sim.experiments.arguments import seeds_of, whole, workers_of
from sim.experiments.calibration.calibrate import FREE, FreeCoefficients, known_of
from sim.experiments.calibration.emulator import need_library
from sim.experiments.calibration.implausibility import CUT, highest, implausibility
from sim.experiments.calibration.waves import PLACES, Output, Wave, everywhere, run_waves, worst
from sim.experiments.experiment_result import keyed
from sim.files import os_errors_as, whole_folder
from sim.scenario import Scenario
from sim.scenario.cities.known_rates import described, known_rates
from sim.scenario.given import scenario_of
from sim.spreadsheets import write_table

DISCREPANCY = 0.05
"""Standard deviation of the model's own discrepancy, as a share of a rate (assumption)."""
MOST_POINTS, MOST_WAVES = 100_000, 100
BINS = 12
"""Bins of a coefficient in the table of pairs, and for finding the rates that bound it."""
MOST_SHOWN = 6
"""Number of coefficients whose pairs are shown: the most narrowed ones."""
EXPLAINS = 0.05
"""Share of a rate's implausible region that a coefficient must explain to count as bounded by the rate."""


@dataclass(frozen=True)
class HistoryMatch:
    """Result of history matching: the space ruled out, by which rates, and the remaining space.

    Parameters
    ----------
    waves : DataFrame
        A row per wave: ``wave, points, hold`` (share of its points that are not implausible as simulated), ``left_first, left_second,
        left_third`` (share of the whole space left if the first, second or third highest implausibility is compared with the cut; NaN if
        unknown) and ``distrusted`` (rates with no trusted emulator).
    coefficients : DataFrame
        A row per free coefficient: ``coefficient, present, low, high, left_low, left_high`` (range of the middle 95 % of what is left; NaN
        where nothing is), ``narrowed`` (share of its range, by logarithm, that this takes away) and ``bounded_by`` (rates).
    rates : DataFrame
        A row per rate: ``rate, low, high, present, luck`` (standard deviation between replicates), ``implausibility`` of the defaults as
        simulated, ``explained`` and ``far`` (what leave-one-out says of the last wave's emulator), ``trusted``, ``ruled_out`` (share of
        the whole space that this rate alone rules out), and ``value, unit, year, source, origin`` as in `Calibration`.
    pairs : DataFrame
        ``a, b, a_value, b_value, least, share_left``: least implausibility found in a cell of two coefficients, and share of what
        is left that lies in it.
    points : DataFrame
        Every simulated point: ``wave``, coefficients, and rates as means over replicates.
    settings : dict
        Residents, weeks, seeds, points, waves, discrepancy, cut and which highest implausibility rules out.
    """

    waves: pd.DataFrame
    coefficients: pd.DataFrame
    rates: pd.DataFrame
    pairs: pd.DataFrame
    points: pd.DataFrame
    settings: dict[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        found = {name: getattr(self, name) for name in ("waves", "coefficients", "rates", "pairs", "points")}
        return found | {"settings": pd.DataFrame([self.settings])}

    @property
    def implausible(self) -> list[str]:
        """Rates for which the current values of the coefficients are themselves implausible."""
        return self.rates.loc[self.rates["implausibility"] > CUT, "rate"].tolist()

    @property
    def left(self) -> float:
        """Share of the space left after the last wave."""
        return float(self.waves[f"left_{NAMES[self.settings['highest']]}"].iloc[-1])


NAMES = dict(zip(PLACES, ("first", "second", "third"), strict=True))


def history_match(
    scenario: Scenario | str | os.PathLike,
    residents: int = 30_000,
    weeks: int = 208,
    replicates: int | None = 4,
    points: int = 80,
    waves: int = 2,
    free: Mapping[str, tuple[str, ...]] = FREE,
    discrepancy: float = DISCREPANCY,
    highest: int = 2,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    rates: Any = None,
    reference: bool = True,
    workers: int | None = None,
    design_seed: int = 0,
) -> HistoryMatch:
    """Rule out regions of the free coefficients of a scenario by the rates of its city.

    Parameters
    ----------
    scenario : Scenario, path or str
        Its city is scaled to `residents`; its policy and shocks are unchanged.
    residents, weeks, replicates : int
        Size of the city, weeks simulated (rates are those of the second half), replicates of every point (at least 2; None is the
        scenario's own number).
    points, waves : int
        Points per wave and maximum number of waves; about ten points per coefficient are usual, with fewer more of the space is left.
    free : mapping of str to tuple of str
        Coefficients as ``mechanism.parameter``.
    discrepancy : float
        Standard deviation of the model's discrepancy, as a share of each rate.
    highest : int
        Which highest implausibility rules a point out; with 2, no single rate can.
    seed : int, optional
        Of the first replicate; the scenario's own by default.
    progress : callable, optional
        Called with points done and planned.
    rates, reference
        As in `sim.calibrate`. Plausibility is judged by ranges; values within them are not used.
    workers : int, optional
        Threads that simulate replicates at once; as many as processors by default.
    design_seed : int
        Seed of the design, which chooses the points to simulate.

    Raises
    ------
    UserError
        If scikit-learn is not installed, a coefficient does not exist or is 0, or the numbers do not give a valid design.
    """
    need_library()
    points, waves = whole("points", points, 10, MOST_POINTS), whole("waves", waves, 1, MOST_WAVES)
    if highest not in PLACES or not isinstance(discrepancy, (int, float)) or not 0 <= discrepancy <= 1:
        raise UserError("history matching: expected highest 1, 2 or 3, and a discrepancy from 0 to 1")
    loaded, design_number = scenario_of(scenario), whole("design_seed", design_seed, 0, 2**32 - 1)
    seeds, workers = seeds_of(loaded, seed, replicates, 2), workers_of(workers)
    space = _Space(loaded, residents, weeks, seeds, tuple(free), progress, known_rates(loaded, rates, reference), workers)
    space.free_coefficients.planned = points * waves
    ranges = [(name, known.low, known.high) for name, known in space.free_coefficients.ranges.items()]
    done = run_waves(space.simulate, space.start, ranges, points, waves, discrepancy, highest, design_number)
    settings: dict[str, Any] = {
        "residents": residents,
        "weeks": weeks,
        "seeds": len(seeds),
        "first_seed": seeds[0],
        "points": points,
        "waves": len(done),
    }
    settings |= {"discrepancy": discrepancy, "cut": CUT, "highest": highest, "seed": design_number}
    return _found(space, done, ranges, settings)


class _Space:
    """The free coefficients as a cube from -1 to 1, each over its range by its logarithm."""

    def __init__(self, scenario, residents, weeks, seeds, free, progress, known, workers):
        self.free_coefficients = FreeCoefficients(scenario, residents, weeks, seeds, free, progress, known, workers)
        self.names = free
        self.low, self.high = (np.log(np.asarray(edge)) for edge in self.free_coefficients.bounds)
        self.start = -2.0 * self.low / (self.high - self.low) - 1.0

    def factors(self, inputs: np.ndarray) -> np.ndarray:
        """Factors on the present values."""
        return np.exp(self.low + 0.5 * (inputs + 1.0) * (self.high - self.low))

    def values(self, inputs: np.ndarray) -> np.ndarray:
        """Coefficients at some points."""
        return np.asarray(self.free_coefficients.start) * self.factors(inputs)

    def simulate(self, point: np.ndarray) -> np.ndarray:
        """Rates at a point, shape (seeds, rates)."""
        return self.free_coefficients.simulated(self.factors(point))


def _found(space: _Space, done: list[Wave], ranges: list[tuple[str, float, float]], settings: dict[str, Any]) -> HistoryMatch:
    rates, place = [name for name, *_ in ranges], settings["highest"]
    everything, left = everywhere(len(space.names), settings["seed"] + 1), done[-1].left
    alone = _alone(done, [wave.table(everything) for wave in done], rates)
    coefficients = _coefficients(space, left, everything, alone)
    shown = set(coefficients.sort_values("narrowed", ascending=False, kind="stable")["coefficient"].head(MOST_SHOWN))
    seen = np.vstack([everything, left]) if len(left) else everything
    pairs = _pairs(space, [name for name in space.names if name in shown], seen, worst(done, seen, place), left)
    table = _rates(done, ranges, alone).assign(**described(space.free_coefficients.ranges))
    return HistoryMatch(_waves(done, rates, place), coefficients, table, pairs, _points(space, done, rates), settings)


def _alone(done: list[Wave], tables: list[np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    """Implausibility of each rate alone, the highest over waves."""
    found = {name: np.zeros(len(tables[0])) for name in names}
    for wave, table in zip(done, tables, strict=True):
        for j, output in enumerate(wave.outputs):
            found[output.name] = np.maximum(found[output.name], table[:, j])
    return found


def _waves(done: list[Wave], rates: list[str], place: int) -> pd.DataFrame:
    rows = []
    for number, wave in enumerate(done, 1):
        values = np.stack([_as_simulated(output, wave.values[:, :, rates.index(output.name)]) for output in done[-1].outputs], axis=1)
        hold = float((highest(values, place) <= CUT).mean())
        shares = {f"left_{NAMES[k]}": wave.share.get(k, np.nan) for k in PLACES}
        distrusted = " ".join(output.name for output in wave.outputs if not output.emulator.trusted)
        rows.append({"wave": number, "points": len(wave.points), "hold": hold, **shares, "distrusted": distrusted})
    return pd.DataFrame(rows)


def _as_simulated(output: Output, values: np.ndarray) -> np.ndarray:
    """Implausibility of points as simulated, without an emulator; infinite for points without a value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = implausibility(output.known, output.known.scaled(values).mean(axis=1), 0.0, output.noise)
    return np.where(np.isfinite(found), found, np.inf)


def _coefficients(space: _Space, left: np.ndarray, everything: np.ndarray, alone: dict[str, np.ndarray]) -> pd.DataFrame:
    ends = space.values(np.array([np.full(len(space.names), -1.0), space.start, np.ones(len(space.names))]))
    inner = np.quantile(space.values(left), MIDDLE, axis=0) if len(left) else np.full((2, len(space.names)), np.nan)
    rows = []
    for j, name in enumerate(space.names):
        low, default, high = ends[:, j]
        narrowed = 1.0 - np.log(inner[1, j] / inner[0, j]) / (0.95 * np.log(high / low)) if len(left) else 1.0
        explained = {rate: _explained(everything[:, j], values > CUT) for rate, values in alone.items()}
        bounding = sorted((rate for rate, share in explained.items() if share >= EXPLAINS), key=lambda rate: -explained[rate])
        edges = {"present": default, "low": low, "high": high, "left_low": inner[0, j], "left_high": inner[1, j]}
        rows.append({"coefficient": name, **edges, "narrowed": max(0.0, narrowed), "bounded_by": " ".join(bounding)})
    return pd.DataFrame(rows)


def _explained(inputs: np.ndarray, ruled_out: np.ndarray) -> float:
    """Share of the variance of being ruled out that lies between bins of one coefficient (the correlation ratio)."""
    if ruled_out.all() or not ruled_out.any():
        return 0.0
    bins = _bins(inputs)
    means = np.bincount(bins, ruled_out, minlength=BINS) / np.maximum(np.bincount(bins, minlength=BINS), 1)
    return float(means[bins].var() / ruled_out.var())


def _bins(inputs: np.ndarray) -> np.ndarray:
    return np.minimum((0.5 * (inputs + 1.0) * BINS).astype(np.int64), BINS - 1)


def _rates(done: list[Wave], ranges: list[tuple[str, float, float]], alone: dict[str, np.ndarray]) -> pd.DataFrame:
    outputs = {output.name: output for wave in done for output in wave.outputs}
    rows = []
    for j, (name, low, high) in enumerate(ranges):
        values, about = done[0].values[0, :, j], outputs.get(name)
        row = {"rate": name, "low": low, "high": high, "present": float(values.mean()), "luck": float(values.std(ddof=1))}
        if about is not None:
            row |= {
                "implausibility": float(_as_simulated(about, values[None])[0]),
                "explained": about.emulator.explained,
                "far": about.emulator.far,
            }
        rows.append(row | {"trusted": about is not None and about.emulator.trusted, "ruled_out": float((alone[name] > CUT).mean())})
    return pd.DataFrame(rows)


def _pairs(space: _Space, names: list[str], seen: np.ndarray, implausible: np.ndarray, left: np.ndarray) -> pd.DataFrame:
    place = {name: j for j, name in enumerate(space.names)}
    middles = (np.arange(BINS) + 0.5) / BINS * 2.0 - 1.0
    values = space.values(np.repeat(middles[:, None], len(space.names), axis=1))
    parts = [pd.DataFrame(columns=["a", "b", "a_value", "b_value", "least", "share_left"])]
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            least = np.full(BINS * BINS, np.nan)
            np.fmin.at(least, _cells(seen, place[a], place[b]), implausible)
            held = np.bincount(_cells(left, place[a], place[b]), minlength=BINS * BINS) / len(left) if len(left) else 0.0
            where = {"a_value": np.repeat(values[:, place[a]], BINS), "b_value": np.tile(values[:, place[b]], BINS)}
            parts.append(pd.DataFrame({"a": a, "b": b, **where, "least": least, "share_left": held}))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _cells(inputs: np.ndarray, a: int, b: int) -> np.ndarray:
    """Cell of two coefficients that each point lies in."""
    return _bins(inputs[:, a]) * BINS + _bins(inputs[:, b])


def _points(space: _Space, done: list[Wave], rates: list[str]) -> pd.DataFrame:
    parts = []
    for number, wave in enumerate(done, 1):
        coefficients = pd.DataFrame(space.values(wave.points), columns=list(space.names))
        coefficients.insert(0, "wave", number)
        parts.append(pd.concat([coefficients, pd.DataFrame(wave.values.mean(axis=1), columns=rates)], axis=1))
    return pd.concat(parts, ignore_index=True)


def write_history(found: HistoryMatch, scenario: Scenario | str | os.PathLike, out: str | Path = "results") -> Path:
    """Write every table as CSV; the folder is written atomically.

    Returns
    -------
    Path
        ``OUT/<name>/history-match/<key>``, with the key of all settings.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    scenario = scenario_of(scenario)
    asked = (found.settings, found.coefficients["coefficient"].tolist(), known_of(found.rates))
    folder = keyed(Path(out) / scenario.name / "history-match", scenario.run_key(0, found.settings["seeds"]), *asked)
    with os_errors_as("cannot write {path}", path=folder), whole_folder(folder) as partial:
        for name, table in found.tables.items():
            write_table(table, partial / f"{name}.csv")
    return folder
