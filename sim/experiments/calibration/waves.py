"""Waves of history matching: simulate some points, fit emulators, rule out implausible points, and repeat in the remaining space.

The space is the cube from -1 to 1. The remaining space is represented by a uniform sample. It may be one millionth of the whole or less, so
it is estimated by subset simulation (Au & Beck 2001, doi:10.1016/S0266-8920(01)00019-4): of a uniform sample the least implausible quarter
is kept and moved until it fills the region below its own implausibility, and so on until that equals the cut; the remaining share is the
product of the shares kept. Points are moved by differential evolution MCMC (ter Braak 2006, doi:10.1007/s11222-006-8769-1): steps along the
difference of two others, accepted if they end inside. A wave simulates points of this sample. Method and references:
`sim.experiments.calibration.implausibility`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.experiments.calibration.emulator import Emulator
from sim.experiments.calibration.implausibility import CUT, Known, highest, implausibility, known
from sim.lazy import lazily

with lazily():
    import threadpoolctl

CANDIDATES = 2**14
"""Points that represent the whole space in tables."""
ENOUGH, STEPS = 2000, 10
"""Points that represent the remaining space, and moves of each between two levels of implausibility."""
STAYS = 0.25
"""Share of the points kept at each level."""
FALLS = 1e-3
"""Share by which the implausibility must fall from one level to the next."""
LEAST = 1e-12
"""Share of the space below which nothing counts as left."""
PLACES = (1, 2, 3)
"""Which highest implausibilities are reported."""

Simulate = Callable[[np.ndarray], np.ndarray]
"""Simulates a point, shape (inputs,), and returns outputs, shape (replicates, outputs); NaN if an output has no value."""


class Output(NamedTuple):
    """The known range of one output, and its emulator."""

    name: str
    known: Known
    noise: float
    emulator: Emulator


@dataclass
class Wave:
    """One wave.

    Parameters
    ----------
    points : ndarray, shape (points, inputs)
    values : ndarray, shape (points, replicates, outputs)
    outputs : list of Output
        Those that have an emulator.
    share : dict of int to float
        Share of the whole space left after this wave and those before it, if the first, second, ... highest implausibility is compared with
        the cut; ranks less strict than the one that rules out are known for the first wave only.
    left : ndarray, shape (points, inputs)
        A uniform sample of the space that this wave leaves; empty if nothing is left.
    """

    points: np.ndarray
    values: np.ndarray
    outputs: list[Output] = field(default_factory=list)
    share: dict[int, float] = field(default_factory=dict)
    left: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def table(self, inputs: np.ndarray) -> np.ndarray:
        """Implausibility by point and output; 0 where an output's emulator is not trusted, which rules nothing out."""
        found = np.zeros((len(inputs), len(self.outputs)))
        for j, (_, about, noise, emulator) in enumerate(self.outputs):
            if emulator.trusted:
                found[:, j] = implausibility(about, *emulator.predict(inputs), noise)
        return found


def run_waves(
    simulate: Simulate,
    start: np.ndarray,
    ranges: Sequence[tuple[str, float, float]],
    points: int,
    waves: int,
    discrepancy: float,
    place: int = 2,
    seed: int = 0,
) -> list[Wave]:
    """Run the waves; stops early if nothing is left.

    Parameters
    ----------
    simulate : callable
        Simulates one point.
    start : ndarray, shape (inputs,)
        The current values, which are the first point of the first wave.
    ranges : sequence of (name, low, high)
        The known range of each output.
    points, waves : int
    discrepancy : float
        Of the model, as a share of an output's middle.
    place : int
        Which highest implausibility rules out: 1, 2 or 3.
    seed : int
        Seed of the points.
    """
    with threadpoolctl.threadpool_limits(1):  # small matrices: more threads are slower and change the last bits
        return _waves(simulate, start, ranges, points, waves, discrepancy, place, seed)


def _waves(simulate, start, ranges, points, waves, discrepancy, place, seed) -> list[Wave]:
    done: list[Wave] = []
    rng = np.random.default_rng(seed)
    for number in range(waves):
        if number == 0:
            chosen = np.vstack([start, everywhere(len(start), seed)[: points - 1]])
        else:
            chosen = done[-1].left[:points]
        if len(chosen) == 0:
            break
        wave = Wave(chosen, np.array([simulate(point) for point in chosen]))
        wave.outputs = emulators_of([*done, wave], ranges, discrepancy)
        done.append(wave)
        _rule_out(done, place, everywhere(len(start), seed + 1)[:ENOUGH], rng)
    return done


def everywhere(inputs: int, seed: int) -> np.ndarray:
    """`CANDIDATES` points of a low-discrepancy sequence over the whole cube."""
    return 2.0 * qmc.Sobol(inputs, scramble=True, rng=seed).random(CANDIDATES) - 1.0


def emulators_of(waves: Sequence[Wave], ranges: Sequence[tuple[str, float, float]], discrepancy: float) -> list[Output]:
    """Emulators of all outputs from the points of all waves; an output without enough values has none."""
    inputs = np.vstack([wave.points for wave in waves])
    values = np.concatenate([wave.values for wave in waves])
    found = []
    for j, (name, low, high) in enumerate(ranges):
        replicates = values[:, :, j]
        whole = np.isfinite(replicates).all(axis=1)
        if whole.sum() < max(5, len(whole) // 2):
            continue
        about = known(low, high, discrepancy, bool((replicates[whole] > 0).all()))
        scaled = about.scaled(replicates[whole])
        noise = float(scaled.var(axis=1, ddof=1).mean()) if scaled.shape[1] > 1 else 0.0
        found.append(Output(name, about, noise, Emulator(inputs[whole], scaled.mean(axis=1))))
    return found


def worst(waves: Sequence[Wave], inputs: np.ndarray, place: int) -> np.ndarray:
    """The implausibility that decides at each of some points: that of rank `place`, the highest over waves."""
    return np.max([highest(wave.table(inputs), place) for wave in waves], axis=0)


Rule = tuple[Sequence[Wave], int, float]
"""Waves, a rank and a level: the highest implausibility of that rank must not exceed the level."""


def _rule_out(done: list[Wave], place: int, everything: np.ndarray, rng: np.random.Generator) -> None:
    """Fill in what the last wave leaves: first for the least strict rank that is known, then for the stricter ones."""
    wave, before = done[-1], done[:-1]
    at, share = (before[-1].left, before[-1].share[place]) if before else (everything, 1.0)
    rules: list[Rule] = [(before, place, CUT)] if before else []
    for k in sorted((k for k in PLACES if not before or k <= place), reverse=True):
        at, share = _climbed(done, at, share, k, rules, rng)
        rules = [*rules, (done, k, CUT)]
        wave.share[k] = share
        if k == place:
            wave.left = rng.permutation(at)


def _climbed(
    done: Sequence[Wave], at: np.ndarray, share: float, place: int, rules: Sequence[Rule], rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Points where the implausibility of a rank is at most the cut, and the share of the space they represent."""
    before = np.inf
    while share >= LEAST and len(at):
        found = worst(done, at, place)
        level = max(CUT, float(np.quantile(found, STAYS)))
        if CUT < level > before * (1.0 - FALLS):
            break  # even the least implausible points are above the cut
        before = level
        stayed = at[found <= level]
        share *= len(stayed) / len(at)
        at = _walked(stayed, [*rules, (done, place, level)], rng)
        if level == CUT:
            return at, share
    return at[:0], 0.0


def _walked(stayed: np.ndarray, rules: Sequence[Rule], rng: np.random.Generator) -> np.ndarray:
    """As many points as before, spread over the region that satisfies the rules."""
    if len(stayed) < 3:
        return stayed[:0]
    at = stayed[rng.integers(0, len(stayed), ENOUGH)]
    for _ in range(STEPS):
        first, second = at[rng.integers(0, ENOUGH, (2, ENOUGH))]
        stride = rng.uniform(0.0, 2.38 / np.sqrt(2 * at.shape[1]), (ENOUGH, 1))
        there = at + stride * (first - second) + rng.normal(0.0, 0.01, at.shape)
        inside = (np.abs(there) <= 1.0).all(axis=1)
        inside[inside] = _allowed(there[inside], rules)
        at = np.where(inside[:, None], there, at)
    return at


def _allowed(inputs: np.ndarray, rules: Sequence[Rule]) -> np.ndarray:
    """Whether points satisfy all rules."""
    tables = {id(wave): wave.table(inputs) for waves, _, _ in rules for wave in waves}
    kept = np.ones(len(inputs), bool)
    for waves, place, level in rules:
        for wave in waves:
            kept &= highest(tables[id(wave)], place) <= level
    return kept
