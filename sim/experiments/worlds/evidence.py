"""What a plausible world must fit: rates of the reference city and effects of levers, each with a range and the model's discrepancy.

Rates are judged over the second half of `WEEKS`. Their ranges are judgements over sources that differ, so no discrepancy is added. Effects
come from cities in other countries: their ranges are widened on both sides by `DISCREPANCY` of their half-width.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim import metrics
from sim.experiments.calibration.calibrate import sized
from sim.experiments.calibration.known_effects import EFFECTS
from sim.scenario import Scenario
from sim.scenario.cities.known_rates import known_rates
from sim.scenario.schema.canonical import digest
from sim.simulation import Simulation
from sim.worlds.priors import shipped
from sim.worlds.world import CHOICES, World

WEEKS = 208
RATES = "rates"
"""What a job measures: all rates at once, or the effect of this name."""
RATE, EFFECT = "rate", "effect"
DISCREPANCY = 0.25
"""Discrepancy of the model in effects, as a share of a range's half-width."""


class Target(NamedTuple):
    """One thing that is known.

    Parameters
    ----------
    name : str
        ``rate:<metric>`` or ``effect:<name>``.
    known_low, known_high : float
        Range as stated by its sources.
    low, high : float
        The same with the discrepancy.
    source : str
    """

    name: str
    known_low: float
    known_high: float
    low: float
    high: float
    source: str

    @property
    def kind(self) -> str:
        """`RATE` or `EFFECT`."""
        return self.name.partition(":")[0]

    @property
    def short(self) -> str:
        """Its name without its kind."""
        return self.name.partition(":")[2]

    @property
    def width(self) -> float:
        """Width of the range with the discrepancy."""
        return self.high - self.low

    def distance(self, values: Any) -> Any:
        """Distance from the middle in half-widths; up to 1 is inside."""
        return np.abs(np.asarray(values) - 0.5 * (self.low + self.high)) / (0.5 * self.width)


def targets(scenario: Scenario, discrepancy: float = DISCREPANCY) -> tuple[Target, ...]:
    """Everything that a world of a scenario's city must fit: rates, then effects."""
    found = [Target(f"{RATE}:{name}", *2 * (one.low, one.high), one.note_en) for name, one in known_rates(scenario).items()]
    for effect in EFFECTS:
        low, high, source = effect.known
        more = discrepancy * 0.5 * (high - low)
        found.append(Target(f"{EFFECT}:{effect.name}", low, high, low - more, high + more, source))
    return tuple(found)


def evidence_hash(known: Sequence[Target]) -> str:
    """Hash of all targets, priors and structural choices: two sets with the same one say the same thing about the same evidence."""
    about = [[*map(list, known)], [list(prior) for prior in shipped().values()], [list(choice) for choice in CHOICES]]
    return digest(json.loads(json.dumps(about)), 16)


class Trial(NamedTuple):
    """One simulation of a candidate: what is measured, where, and under which seed.

    Parameters
    ----------
    coefficients : dict of str to float
    choices : dict
    what : str
        `RATES` or the name of an effect.
    seed, residents : int
    """

    coefficients: dict[str, float]
    choices: dict[str, Any]
    what: str
    seed: int
    residents: int

    @property
    def city(self) -> str:
        """Hash of the city in which something is measured."""
        return self._replace(what="").key

    @property
    def key(self) -> str:
        """Hash by which its values are kept."""
        return digest([sorted(self.coefficients.items()), sorted(self.choices.items()), self.what, self.seed, self.residents], 16)


def measure(scenario: Scenario, trial: Trial, rates: Sequence[str]) -> tuple[float, ...]:
    """Simulate a trial: its rates in order, or its one effect; NaN where there is no value.

    Parameters
    ----------
    scenario : Scenario
        Without timeline, shocks and targets.
    trial : Trial
    rates : sequence of str
    """
    there = World(0, trial.coefficients, trial.choices).apply(scenario).with_changes(sized(scenario, trial.residents))
    if trial.what != RATES:
        effect = next(one for one in EFFECTS if one.name == trial.what)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (float(effect.measure(there, trial.seed)),)
    simulation = Simulation(there.with_changes({"horizon": WEEKS}), trial.seed)
    simulation.advance(WEEKS)
    series = metrics.series(simulation, rates)
    return tuple(_mean(series[name][WEEKS // 2 :]) for name in rates)


def measured(job: tuple[Scenario, Trial, Sequence[str]], tick: Callable[[int], None]) -> tuple[float, ...]:
    """The values of one trial as a job of a worker, see `measure`."""
    values = measure(*job)
    tick(WEEKS)
    return values


def measured_by(known: Sequence[Target], what: str) -> list[Target]:
    """The targets that a trial measures, in order."""
    return [one for one in known if (one.kind == RATE if what == RATES else one.kind == EFFECT and one.short == what)]


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def plain(scenario: Scenario) -> Scenario:
    """The scenario in which candidates are judged: without timeline, shocks and targets."""
    return scenario.with_changes({"timeline": [], "shocks": [], "targets": []})


def cost(trial: Trial | Mapping[str, Any]) -> float:
    """Resident-weeks of a trial, about; for progress."""
    what, residents = (trial.what, trial.residents) if isinstance(trial, Trial) else (trial["what"], trial["residents"])
    return residents * (WEEKS if what == RATES else PAIR_WEEKS)


PAIR_WEEKS = 155
"""Mean weeks of the two cities of an effect, where effects share what they have in common."""
