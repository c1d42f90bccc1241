"""Calibration: fit free coefficients so that the baseline's rates lie within their reference ranges.

Fitting and checking are kept apart: rates (`sim.scenario.cities.known_rates`) are fitted, by nonlinear least squares with common random
numbers at every step; what a lever does (`sim.experiments.calibration.known_effects`) is never fitted, only checked afterwards.

A rate's residual is its distance from the middle of its range in half-widths, so that -1 to 1 is inside; or, if a value is given, from that
value as a share of the distance to the edge on that side. A rate that has no value in the simulated city has no influence. A coefficient's
residual is the log of its factor relative to the start, divided by `LOOSENESS`: a weak regularisation towards the initial value, which
keeps coefficients that the rates do not determine from drifting.
"""

import math
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import metrics
from sim.errors import UserError
from sim.experiments.arguments import seeds_of, whole, workers_of
from sim.experiments.calibration.told_by_figures import SETTINGS, compare_districts, figures_of, settings_told, told
from sim.experiments.experiment_result import keyed
from sim.files import os_errors_as, whole_folder
from sim.lazy import lazily
from sim.mechanisms import MECHANISMS
from sim.messages import Message
from sim.scenario import Scenario
from sim.scenario.cities.figures import Figures, rates_of
from sim.scenario.cities.known_rates import counted, described, known_rates
from sim.scenario.cities.own_communities import SMALLEST
from sim.scenario.cities.presets import SYNTHETIC
from sim.scenario.cities.rates import Rate
from sim.scenario.cities.rates_given import OwnRates, read_rates
from sim.scenario.cities.reference_rates import GIVEN, Range
from sim.scenario.export.as_file import as_file
from sim.scenario.given import scenario_of
from sim.scenario.schema.city import FEWEST_RESIDENTS, MOST_RESIDENTS
from sim.scenario.schema.times import LONGEST
from sim.simulation import Simulation
from sim.spec import bounds
from sim.spreadsheets import write_table
from sim.worlds.world_set import WorldSet, write_worlds

with lazily():
    from scipy import optimize

WORLDS = "worlds.parquet"
"""File of the worlds that fit the rates, beside the fitted scenario."""

FREE: dict[str, tuple[str, ...]] = {
    "mass_work.contact": ("rate_contacts",),
    "mass_work.resolved": ("resolved_share",),
    "disputes.rate": ("rate_disputes",),
    "resolution.way_office": ("rate_office",),
    "resolution.way_mediation": ("rate_mediation",),
    "resolution.way_court": ("rate_suits",),
    "participation.join": ("active_volunteers_year", "hours_per_resident", "registered_volunteers"),
    "integration.base": ("nonlocal_joining", "nonlocal_feel_local"),
    "offending.base": ("rate_criminal", "rate_security_cases"),
    "offending.criminal": ("rate_criminal", "rate_security_cases"),
    "offending.prosecuted": ("rate_prosecuted",),
    "offending.jailed": ("prisoners",),
    "policing.hours": ("rate_cleared_share",),
    "policing.stops": ("rate_stops",),
    "unrest.by_case": ("rate_incidents",),
    "services.tuned": ("content",),
    "satisfaction.happy_base": ("happiness_1_5",),
    "satisfaction.safe_base": ("feel_safe",),
}
"""Free coefficients, each with the rates that it affects most."""

LOOSENESS = 0.7
"""Log of the factor on a coefficient whose penalty equals that of a rate at the edge of its range."""
MOST_EVALUATIONS = 10_000
STEP = 0.06
"""Relative step of numerical derivatives: large enough to stand out from random variation."""


@dataclass(frozen=True)
class Calibration:
    """Result of a calibration: coefficients, rates and misfit.

    Parameters
    ----------
    coefficients : DataFrame
        A row per free coefficient: ``coefficient, before, after, low, high`` (its bounds), ``determined`` (share of the variance of its
        logarithm under the regularisation that the rates remove: 0 where they say nothing, 1 where they say all) and ``moves`` (the rates
        it mostly moves).
    rates : DataFrame
        A row per rate: ``rate, low, high, before, after, misfit`` (distance from the middle in half-widths), ``inside``, and what is known:
        ``value, unit, year, source, origin`` (given, preset or reference).
    settings : dict
        Residents, weeks, seeds, maximum number of steps; evaluations used, and the remaining misfit.
    districts : DataFrame, optional
        Where it was fitted to figures: districts against the fitted model, see
        `sim.experiments.calibration.told_by_figures.compare_districts`.
    untold : tuple of str
        Coefficients that the figures say nothing about, and that were left as they are.
    settings_told : tuple of Message
        Figures that a scenario sets instead of producing them, beside what it has.
    own : OwnRates, optional
        The rates that were given, for the fitted scenario.
    """

    coefficients: pd.DataFrame
    rates: pd.DataFrame
    settings: dict[str, Any]
    districts: pd.DataFrame | None = None
    untold: tuple[str, ...] = ()
    settings_told: tuple[Message, ...] = ()
    own: OwnRates | None = None

    def tables(self, effects: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
        """The tables by name, with that of known effects where they were checked."""
        found = {"coefficients": self.coefficients, "rates": self.rates, "effects": effects, "districts": self.districts}
        return {name: table for name, table in found.items() if table is not None}

    @property
    def missed(self) -> list[str]:
        """Rates outside their range."""
        return self.rates.loc[~self.rates["inside"], "rate"].tolist()

    @property
    def changes(self) -> dict[str, float]:
        """The fitted coefficients as changes to a scenario."""
        return {
            f"mechanisms.{name}": value for name, value in zip(self.coefficients["coefficient"], self.coefficients["after"], strict=True)
        }

    def fitted(self, scenario: Scenario) -> Scenario:
        """A scenario with the fitted coefficients, whose city names the rates that were given: over worlds, these count (decision 39).

        Parameters
        ----------
        scenario : Scenario
            The one that was fitted.
        """
        rates = {} if self.own is None else {"city.rates": self.own}
        return scenario.with_changes({**self.changes, **rates, "name": f"{scenario.name}-fitted"[:64]})


def calibrate(
    scenario: Scenario | str | os.PathLike,
    residents: int = 60_000,
    weeks: int = 208,
    replicates: int | None = 4,
    evaluations: int = 12,
    free: Mapping[str, tuple[str, ...]] = FREE,
    progress: Callable[[int, int], None] | None = None,
    rates: Any = None,
    reference: bool = True,
    seed: int | None = None,
    workers: int | None = None,
    figures: Figures | str | os.PathLike | None = None,
) -> Calibration:
    """Fit the free coefficients of a scenario to the rates of its city.

    Parameters
    ----------
    scenario : Scenario, path or str
        Starting point of the fit; its city is scaled to `residents`, its policy and shocks are unchanged.
    residents, weeks, replicates : int
        Size of the city, weeks simulated (rates are evaluated over the second half), and replicates of every evaluation, all with the same
        seeds (common random numbers). None as `replicates` is the scenario's own number.
    evaluations : int
        Maximum number of steps; each needs one evaluation, and one more per free coefficient.
    free : mapping of str to tuple of str
        Coefficients as ``mechanism.parameter``, with the rates that each affects most.
    progress : callable, optional
        Called with the evaluations done and planned.
    rates, reference
        The user's rates, and whether the reference is used for all others, see `sim.scenario.cities.known_rates.known_rates`.
    seed : int, optional
        Of the first replicate; the scenario's own by default.
    workers : int, optional
        Threads that simulate replicates at once; as many as processors by default.
    figures : Figures or path, optional
        What the city knows about itself, by district and year (`sim.scenario.cities.figures`). Only coefficients that its rates identify
        are then free, the reference is not used, and the districts are compared with the fitted model. Rates in `rates` take precedence.

    Raises
    ------
    UserError
        If a coefficient does not exist or is 0 (a factor cannot change it), or a rate is invalid.
    """
    loaded, evaluations = scenario_of(scenario), whole("evaluations", evaluations, 1, MOST_EVALUATIONS)
    seeds, workers = seeds_of(loaded, seed, replicates), workers_of(workers)
    own = None if figures is None else figures_of(loaded, figures)
    known = known_rates(loaded, rates, reference) if own is None else _known(loaded, own, rates)
    wanted, free = free, free if own is None else told(known, free)
    study = FreeCoefficients(loaded, residents, weeks, seeds, tuple(free), progress, known, workers)
    study.planned = (len(free) + 1) * evaluations + 2
    start = np.ones(len(free))
    before = study.rates(start)
    fit = optimize.least_squares(
        study.residuals, start, bounds=study.bounds, diff_step=STEP, x_scale=1.0, method="trf", max_nfev=evaluations
    )
    after = study.rates(fit.x)
    settings: dict[str, Any] = {"residents": residents, "weeks": weeks, "seeds": len(seeds), "first_seed": seeds[0], "steps": evaluations}
    settings |= {"evaluations": study.done, "cost": float(fit.cost)}
    table = study.coefficients(fit.x, free).assign(determined=_determined(fit.jac, fit.x))
    if own is None:
        return Calibration(table, study.table(before, after), settings, own=_own(known))
    fitted = study.scenario.with_changes(dict(zip((f"mechanisms.{name}" for name in free), table["after"].tolist(), strict=True)))
    districts = compare_districts(fitted, own, weeks, seeds, workers)
    untold = tuple(name for name in wanted if name not in free)
    compared = settings_told(own, fitted, weeks, seeds[0])
    return Calibration(table, study.table(before, after), settings, districts, untold, compared, _own(known))


def _own(known: Mapping[str, Range]) -> OwnRates | None:
    """The rates that were given, not taken from the reference or the preset."""
    rows = [
        Rate(rate=name, low=one.low, high=one.high, value=one.value, year=one.year, source=one.note_en)
        for name, one in known.items()
        if one.origin == GIVEN
    ]
    return OwnRates(tuple(rows)) if rows else None


def _known(scenario: Scenario, figures: Figures, rates: Any) -> dict[str, Range]:
    """Rates that figures amount to, without those that a scenario sets; given rates take precedence."""
    given = () if rates is None else read_rates(rates)
    names = {one.rate for one in given}
    own = [one for one in rates_of(figures) if one.rate not in names and one.rate not in SETTINGS]
    return known_rates(scenario, [*given, *own], reference=False)


def _determined(jacobian: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Share of the variance of each coefficient under the regularisation that the rates remove, from 0 to 1."""
    left = np.diag(np.linalg.pinv(jacobian.T @ jacobian)) / (LOOSENESS * x) ** 2
    return np.clip(1.0 - left, 0.0, 1.0)


class FreeCoefficients:
    """A scenario whose free coefficients are multiplied by factors `x`, within `bounds`.

    Parameters
    ----------
    scenario, residents, weeks, progress
        As in `calibrate`.
    seeds : range
        Of the replicates.
    free : tuple of str
        Coefficients as ``mechanism.parameter``.
    known : dict of str to Range
        What is known of each rate.
    workers : int
        Replicates simulated at once.
    """

    def __init__(self, scenario, residents, weeks, seeds, free, progress, known, workers):
        residents, weeks = whole("residents", residents, FEWEST_RESIDENTS, MOST_RESIDENTS), whole("weeks", weeks, 2, LONGEST)
        self.free, self.seeds, self.weeks, self.progress, self.done, self.planned = free, seeds, weeks, progress, 0, 0
        self.workers = workers
        self.scenario = scenario.with_changes({**sized(scenario, residents), "horizon": weeks})
        self.ranges = known
        self.names = tuple(self.ranges)
        self.start = np.array([_default(self.scenario, name) for name in free])
        limits = np.array([_limits(name) for name in free])
        low = np.maximum(limits[:, 0], self.start / 4.0)
        high = np.minimum(limits[:, 1], self.start * 4.0)
        self.bounds = (low / self.start - 1e-9, high / self.start + 1e-9)
        self.limits = np.stack([low, high], axis=1)

    def rates(self, x: np.ndarray) -> np.ndarray:
        """Rates over the second half, mean over seeds."""
        return np.mean(self.simulated(x), axis=0)

    def simulated(self, x: np.ndarray) -> np.ndarray:
        """Rates over the second half, shape (seeds, rates)."""
        changes = {f"mechanisms.{name}": float(value) for name, value in zip(self.free, self._values(x), strict=True)}
        scenario = self.scenario.with_changes(changes)
        with ThreadPoolExecutor(self.workers) as pool:
            rates = list(pool.map(lambda seed: _later_rates(scenario, seed, self.names), self.seeds))
        self.done += 1
        if self.progress:
            self.progress(self.done, max(self.planned, self.done))
        return np.array(rates)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        """Distances of rates from the middle of their ranges, then the regularisation terms of the coefficients."""
        misfit = self.misfit(self.rates(x))
        return np.concatenate([np.where(np.isnan(misfit), 0.0, misfit), np.log(x) / LOOSENESS])

    def misfit(self, rates: np.ndarray) -> np.ndarray:
        """Distance from the middle of the range in half-widths; or, if a value is given, from it in widths of that side."""
        low, high = (np.array([getattr(self.ranges[name], edge) for name in self.names]) for edge in ("low", "high"))
        value = np.array([np.nan if (named := self.ranges[name].value) is None else named for name in self.names])
        middle = np.where(np.isfinite(value), value, 0.5 * (low + high))
        side = np.where(rates > middle, high - middle, middle - low)
        side = np.where(side > 0, side, high - low)  # a value at the edge of its range leaves no width on that side
        return (rates - middle) / np.where(np.isfinite(value), side, 0.5 * (high - low))

    def coefficients(self, x: np.ndarray, free: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
        """Table of the fitted coefficients."""
        columns = {"coefficient": self.free, "before": self.start, "after": self._values(x)}
        moves = [" ".join(rates) for rates in free.values()]
        return pd.DataFrame({**columns, "low": self.limits[:, 0], "high": self.limits[:, 1], "moves": moves})

    def table(self, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
        """Table of the target rates."""
        edges = {edge: [getattr(self.ranges[name], edge) for name in self.names] for edge in ("low", "high")}
        values = {"before": before, "after": after, "misfit": self.misfit(after)}
        inside = [known.holds(value) for known, value in zip(self.ranges.values(), after, strict=True)]
        return pd.DataFrame({"rate": self.names, **edges, **values, "inside": inside, **described(self.ranges)})

    def _values(self, x: np.ndarray) -> np.ndarray:
        """Coefficients to five significant figures, within their bounds."""
        values = [float(f"{value:.5g}") for value in self.start * x]
        return np.clip(values, self.limits[:, 0], self.limits[:, 1])


def _later_rates(scenario: Scenario, seed: int, names: tuple[str, ...]) -> np.ndarray:
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    later = metrics.weekly(simulation).iloc[scenario.horizon // 2 :]
    return later[list(names)].mean().to_numpy()


def sized(scenario: Scenario, residents: int) -> dict[str, Any]:
    """The change that scales the city down to about `residents`, if it is larger; not so far that a community has too few of them."""
    city = scenario.city
    if city.population <= residents:
        return {}
    if city.preset == SYNTHETIC and city.communities is None:
        return {"city.residents": residents}
    fewest = max((SMALLEST / one.population for one in city.communities.rows), default=0.0) if city.communities is not None else 0.0
    return {"city.scale": min(city.scale, max(fewest, city.scale * residents / city.population))}


def _default(scenario: Scenario, name: str) -> float:
    mechanism, _, key = name.partition(".")
    value = getattr(scenario.mechanisms.get(mechanism), key, None)
    if not isinstance(value, (int, float)):  # unknown, or a choice
        raise UserError("got {name}; expected a coefficient as in offending.base (see `sanzhi describe mechanisms`)", name=name)
    value = float(value)
    if value <= 0.0 or not math.isfinite(value):
        raise UserError(
            "{name}: got {value:g}; a coefficient is multiplied by a factor, so its initial value must be above 0", name=name, value=value
        )
    return value


def _limits(name: str) -> tuple[float, float]:
    mechanism, _, key = name.partition(".")
    low, high = bounds(MECHANISMS[mechanism].parameters.model_fields[key])
    return max(float(low or 0.0), 1e-9), float(high if high is not None else math.inf)


def write_calibration(
    found: Calibration,
    scenario: Scenario | str | os.PathLike,
    out: str | Path = "results",
    effects: pd.DataFrame | None = None,
    worlds: WorldSet | None = None,
) -> Path:
    """Write the result of a calibration; the folder is written atomically.

    Returns
    -------
    Path
        ``OUT/<name>/calibration/<key>``, with the key of all settings, and in it ``coefficients.csv``, ``rates.csv``,
        ``effects.csv`` (where checked), ``districts.csv`` (where fitted to figures), ``fitted.yaml``, a scenario with the fitted values,
        and ``worlds.parquet``, the worlds that fit (where there are any).

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    scenario = scenario_of(scenario)
    numbers = {name: value for name, value in found.settings.items() if name not in ("evaluations", "cost")}  # results, not settings
    asked: tuple[Any, ...] = (numbers, found.coefficients["coefficient"].tolist(), known_of(found.rates), effects is not None)
    if worlds is not None:
        asked += (worlds.table["world"].tolist(),)
    folder = keyed(Path(out) / scenario.name / "calibration", scenario.run_key(0, numbers["seeds"]), *asked)
    with os_errors_as("cannot write {path}", path=folder), whole_folder(folder) as partial:
        for name, table in found.tables(effects).items():
            write_table(table, partial / f"{name}.csv")
        (partial / "fitted.yaml").write_bytes(_fitted(found, scenario).encode())
        if worlds is not None and len(worlds):
            write_worlds(worlds.table, worlds.about, partial / WORLDS)
    return folder


def known_of(rates: pd.DataFrame) -> list[list[Any]]:
    """What was known of each rate, for the key of a folder."""
    return rates[["rate", "low", "high", "value"]].astype(str).to_numpy().tolist()


def _fitted(found: Calibration, scenario: Scenario) -> str:
    inside = len(found.rates) - len(found.missed)
    origins = ", ".join(f"{count} {origin}" for origin, count in counted(found.rates).items())
    head = (
        f"# Coefficients of {scenario.name} fitted to {len(found.rates)} rates ({origins}), of which {inside} lie inside their range"
        f" ({found.settings['residents']} residents, {found.settings['weeks']} weeks, {found.settings['seeds']} seeds).\n"
    )
    return head + as_file(found.fitted(scenario).as_data())
