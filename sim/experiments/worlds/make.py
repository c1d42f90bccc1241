"""Make a set of plausible worlds: explore the prior, steer draws to the targets, and accept by plain simulation.

1. *Explore*: points of a Latin hypercube over the whole prior are simulated, rates and effects, each once, effects in a small city.
2. *Steer* (`sim.experiments.worlds.steering`): candidates are drawn from the prior and moved towards goals of their own within all
   ranges, in `ROUNDS` rounds, each under fresh seeds.
3. *Accept*: every candidate is simulated at full size under seeds of its own until luck is below a third of every range, rates first,
   then effects. It is accepted if the mean of every target lies in its range; no emulator is asked. One that is refused takes another
   step from what was simulated and is judged again, under fresh seeds, `TRIES` times at most.

Batches of candidates follow until there are enough worlds. All of it is a function of the settings: an interrupted matching goes on
where it was, and the number of processes changes no bit.
"""

import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import qmc

from sim.errors import UserError
from sim.experiments.arguments import whole, workers_of
from sim.experiments.runs.model_source import source_hash
from sim.experiments.worlds.evidence import (
    DISCREPANCY,
    EFFECT,
    RATE,
    RATES,
    Target,
    Trial,
    cost,
    evidence_hash,
    measured_by,
    plain,
    targets,
)
from sim.experiments.worlds.kept_trials import open_kept
from sim.experiments.worlds.steering import DIGITS, FARTHEST, TOLERANCE, NormalScores, sensitivities, steered
from sim.experiments.worlds.trials import Trials
from sim.files import folder_of
from sim.kernel.cache import hash_of_sources
from sim.scenario import Scenario
from sim.scenario.given import scenario_of
from sim.version import MODEL_VERSION
from sim.worlds.priors import shipped
from sim.worlds.world import CHOICES
from sim.worlds.world_set import WorldSet, write_worlds

FILE = "worlds.parquet"


class Round(NamedTuple):
    """One round of steering: what is measured, then a step.

    Parameters
    ----------
    seeds : int
        Under which rates are measured; their mean counts.
    effects : bool
        Whether effects, which cost most, are measured, under one seed; else the regression says what they are.
    gain : float
        Share of the step that is taken: less in the end, since every round has luck of its own.
    """

    seeds: int
    effects: bool
    gain: float


ROUNDS = (
    *(Round(1, True, 1.0), Round(1, False, 0.8), Round(1, False, 0.8), Round(2, True, 0.7)),
    *(Round(2, False, 0.7), Round(4, False, 0.6), Round(4, True, 0.5)),
)
REST = 0.1
"""Share of what the regression leaves unexplained that counts as luck of a step."""
INNER = (0.15, 0.85)
"""Where in a range goals lie."""
LUCK = 1.0 / 3.0
"""Luck of a mean (two standard errors) at most, as a share of the range."""
TRIES, AGAIN = 8, 0.7
"""How often a candidate is judged at most, each time under fresh seeds, and the share of the step that it takes after it was refused."""
JUDGED = 1_000_000
"""Distance of the seeds under which candidates are judged from those under which they are steered, and from one try to the next."""
FIRST_BLOCK, MOST_SEEDS = 4, 64
"""Seeds of a candidate at first; they are doubled until luck is small enough, or it is given up."""
MEASURING = ("experiments/calibration/known_effects.py", "experiments/worlds/evidence.py")
"""Files that say what a trial measures: kept trials are theirs."""
GUESSED_SHARE = 0.4
"""Share of candidates accepted, for the time left before any was judged."""


@dataclass(frozen=True)
class Settings:
    """Settings of a matching; together with the evidence they determine every bit of the set.

    Parameters
    ----------
    count : int
        Worlds wanted.
    explored : int
        Points that explore the prior.
    batch : int
        Candidates that are steered and judged together.
    residents : int
        Of the cities in which candidates are judged.
    small : int
        Of those in which effects are explored and steered.
    luck : float
        Luck of a mean (two standard errors) at most, as a share of the range.
    discrepancy : float
        Of the model in effects, as a share of a range's half-width.
    seed : int
        Of designs and simulations.
    leave_out : tuple of str
        Targets that are measured but neither steered to nor judged.
    """

    count: int = 400
    explored: int = 600
    batch: int = 200
    residents: int = 60_000
    small: int = 20_000
    luck: float = LUCK
    discrepancy: float = DISCREPANCY
    seed: int = 1
    leave_out: tuple[str, ...] = ()

    def checked(self) -> "Settings":
        """The same; raises `UserError` for numbers that do not make sense."""
        for name, low, high in (
            ("count", 1, 100_000),
            ("explored", 20, 100_000),
            ("batch", 2, 10_000),
            ("residents", 2000, 2_000_000),
            ("small", 2000, 2_000_000),
            ("seed", 0, 2**20),
        ):
            whole(name, getattr(self, name), low, high)
        if not (isinstance(self.luck, (int, float)) and self.luck > 0) or not 0 <= self.discrepancy <= 10:
            raise UserError("worlds: expected luck above 0, and a discrepancy from 0 to 10")
        return self


@dataclass
class _Candidates:
    """Candidates of a batch: where they started and are, structural choices, goals, what was measured last; first seed, reason of refusal
    and values of each as it was judged last."""

    start: np.ndarray
    at: np.ndarray
    picks: list[dict[str, Any]]
    first_seed: int
    goals: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    last: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    seeds: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    values: dict[int, dict[str, list[float]]] = field(default_factory=dict)


def make_worlds(
    folder: str | Path,
    scenario: Scenario | str | os.PathLike = "baseline",
    settings: Settings | None = None,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WorldSet:
    """Make a set of plausible worlds, and write it as ``worlds.parquet`` into a folder; a matching that was interrupted goes on.

    Parameters
    ----------
    folder : path
        It keeps every finished simulation, too (``trials.sqlite``).
    scenario : Scenario, path or str
        Its city is that of which rates and effects are known; timeline, shocks and targets are removed.
    settings : Settings, optional
    workers : int, optional
        Processes; as many as processors by default.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    progress : callable, optional
        Called with million resident-weeks done and planned.

    Raises
    ------
    UserError
        If settings are wrong, the folder cannot be written or has trials of another model, or nothing fits.
    """
    settings, place, base = (settings or Settings()).checked(), folder_of(folder), plain(scenario_of(scenario))
    known = targets(base, settings.discrepancy)
    unknown = set(settings.leave_out) - {one.name for one in known}
    if unknown:
        raise UserError("leave_out: no target {name!r}", name=min(unknown))
    about = {"model": MODEL_VERSION, "source": source_hash(), "measured": hash_of_sources(MEASURING), "scenario": base.hash}
    with open_kept(place, about) as kept:
        rates = [one.short for one in known if one.kind == RATE]
        trials = Trials(base, rates, kept, workers_of(workers), dask, progress)
        matching = Matching(trials, known, settings)
        table, found = matching.worlds()
    if len(table) == 0:
        raise UserError("no world fits: {judged} candidates were judged; widen the evidence or its discrepancy", judged=found["judged"])
    told = {
        "model": MODEL_VERSION,
        "source": source_hash(),
        "evidence": evidence_hash(known),
        "scenario": {"name": base.name, "hash": base.hash},
        "targets": [{**one._asdict(), "judged": one.name not in settings.leave_out} for one in known],
        "settings": {**vars(settings), "leave_out": list(settings.leave_out)},
        **found,
    }
    return WorldSet(table, told, write_worlds(table, told, place / FILE))


class Matching:
    """One matching: its targets, its settings, and the trials through which it sees the model.

    Parameters
    ----------
    trials : Trials
    known : sequence of Target
        Rates first.
    settings : Settings
    """

    def __init__(self, trials: Trials, known: Sequence[Target], settings: Settings):
        self.trials, self.known, self.settings = trials, tuple(known), settings
        self.rates = [one for one in self.known if one.kind == RATE]
        self.effects = [one for one in self.known if one.kind == EFFECT]
        self.judged = [one.name not in settings.leave_out for one in self.known]
        self.priors = shipped()
        self.free = [name for name, prior in self.priors.items() if not prior.follows]
        self.accepted_so_far, self.judged_so_far = 0, 0

    def worlds(self) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Batches of candidates until enough are accepted: table of worlds, and what was found."""
        rows: list[dict[str, Any]] = []
        reasons: Counter[str] = Counter()
        inside: list[np.ndarray] = []
        self._plan(0)
        positions, values = self._explored()
        scores = [NormalScores.of(values[:, j]) for j in range(values.shape[1])]
        batch = 0
        while len(rows) < self.settings.count:
            candidates = self._drawn(batch)
            positions, values = self._steered(candidates, positions, values, scores)
            for again in range(TRIES):
                self._judge(candidates, again)
                if again < TRIES - 1:
                    self._once_more(candidates, positions, values, scores)
            accepted = [self._row(candidates, one) for one in range(len(candidates.at)) if one not in candidates.reasons]
            rows += accepted
            reasons.update(candidates.reasons.values())
            inside.append(self._inside(candidates.last))
            self.accepted_so_far, self.judged_so_far, batch = len(rows), self.judged_so_far + len(candidates.at), batch + 1
            self._plan(batch)
            if not rows and batch >= 3:
                break
        table = pd.DataFrame(rows[: self.settings.count])
        if len(table):
            table.insert(0, "world", np.arange(1, len(table) + 1))
        names = [one.name for one in self.known]
        found = {
            "judged": self.judged_so_far,
            "accepted": len(rows),
            "failed": self.trials.failed,
            "refused_by": dict(reasons.most_common()),
            "prior_inside": dict(zip(names, self._inside(values[: self.settings.explored]).tolist(), strict=True)),
            "steered_inside": dict(zip(names, np.mean(inside, axis=0).tolist(), strict=True)),
        }
        return table, found

    def coefficients(self, position: np.ndarray) -> dict[str, float]:
        """All uncertain coefficients at a position, shape (free coefficients,), in standard normal coordinates."""
        places = dict(zip(self.free, special.ndtr(position).tolist(), strict=True))
        return {name: prior.value(places[prior.follows or name]) for name, prior in self.priors.items()}

    def _explored(self) -> tuple[np.ndarray, np.ndarray]:
        """Points over the whole prior, and all targets there."""
        points = self._hypercube(self.settings.explored, 0)
        return points, self._once(points, [self._picks(0, one) for one in range(len(points))], self._seed(0))

    def _hypercube(self, count: int, part: int) -> np.ndarray:
        unit = qmc.LatinHypercube(len(self.free), rng=np.random.default_rng([self.settings.seed, part])).random(count)
        return np.round(np.clip(special.ndtri(unit), -FARTHEST, FARTHEST), DIGITS)

    def _picks(self, part: int, number: int) -> dict[str, Any]:
        """A structural choice of every kind, at random."""
        rng = np.random.default_rng([self.settings.seed, part, number, 7])
        return {choice.key: choice.options[int(rng.integers(len(choice.options)))] for choice in CHOICES}

    def _seed(self, part: int) -> int:
        """First seed of a part of the matching: no two parts share one."""
        return 2**40 * self.settings.seed + 10_000_000 * part

    def _once(self, points: np.ndarray, picks: Sequence[dict[str, Any]], seed: int, with_effects: bool = True) -> np.ndarray:
        """All targets at some points, each simulated once, effects in a small city, shape (points, targets); NaN if not measured."""
        measured = list(self._measured())[: None if with_effects else 1]
        trials = [
            Trial(coefficients, choice, what, seed + number, self._size(what))
            for number, (coefficients, choice) in enumerate(zip(map(self.coefficients, points), picks, strict=True))
            for what in measured
        ]
        found = iter(self.trials.values(trials))
        rows = [[value for _ in measured for value in next(found)] for _ in points]
        return np.array([[*row, *[math.nan] * (len(self.known) - len(row))] for row in rows])

    def _mean(self, candidates: _Candidates, seed: int, seeds: int, effects: bool) -> np.ndarray:
        """Targets of candidates: rates as a mean over seeds, effects under the first."""
        count = len(candidates.at)
        parts = [self._once(candidates.at, candidates.picks, seed + count * one, effects and one == 0) for one in range(seeds)]
        mean = parts[0].copy()
        mean[:, : len(self.rates)] = np.mean([part[:, : len(self.rates)] for part in parts], axis=0)
        return mean

    def _size(self, what: str) -> int:
        """Residents where candidates are steered: rates, which are cheap, as where they are judged."""
        return self.settings.residents if what == RATES else self.settings.small

    def _measured(self) -> Iterator[str]:
        """What is measured of a candidate: all rates at once, then every effect."""
        yield RATES
        yield from (one.short for one in self.effects)

    def _drawn(self, batch: int) -> _Candidates:
        start = self._hypercube(self.settings.batch, 10 + batch)
        picks = [self._picks(10 + batch, one) for one in range(len(start))]
        return _Candidates(start, start, picks, self._seed(1 + batch))

    def _steered(self, candidates: _Candidates, positions, values, scores) -> tuple[np.ndarray, np.ndarray]:
        """Steer candidates; returns all points simulated so far, and all targets there."""
        rng = np.random.default_rng([self.settings.seed, candidates.first_seed])
        within = rng.uniform(*INNER, (len(candidates.at), len(self.known)))
        low, high = (np.array([getattr(one, edge) for one in self.known]) for edge in ("low", "high"))
        candidates.goals = low + within * (high - low)
        candidates.at = self._step(candidates, np.full_like(within, np.nan), positions, values, scores, 1.0)
        seed = candidates.first_seed
        for number, (seeds, effects, gain) in enumerate(ROUNDS):
            now = candidates.last = self._mean(candidates, seed, seeds, effects)
            if number == 0:  # later points were moved by their own luck: a regression over them would find too small effects
                positions, values = np.vstack([positions, candidates.at]), np.vstack([values, now])
            candidates.at = self._step(candidates, now, positions, values, scores, gain)
            seed += seeds * len(candidates.at)
        return positions, values

    def _once_more(self, candidates: _Candidates, positions, values, scores) -> None:
        """Another step for candidates that were refused, from what was simulated to judge them: with less luck than any round."""
        refused = sorted(candidates.reasons)
        now = np.full((len(candidates.at), len(self.known)), np.nan)
        for one in refused:
            for j, target in enumerate(self.known):
                if found := candidates.values[one].get(target.name):
                    now[one, j] = mean_and_error(found)[0]
        there = self._step(candidates, now, positions, values, scores, AGAIN)
        candidates.at = candidates.at.copy()
        candidates.at[refused] = there[refused]

    def _step(self, candidates: _Candidates, now: np.ndarray, positions, values, scores, gain: float) -> np.ndarray:
        """Positions after a step from what was measured, or from what the regression says where nothing was."""
        ends = np.array([[getattr(one, edge) for one in self.known] for edge in ("low", "high")])
        edges, goals, scored = (self._scored(one, scores) for one in (ends, candidates.goals, now))
        tolerance = (TOLERANCE * np.maximum(np.abs(edges[1] - edges[0]), 1e-3)) ** 2
        linear, steer = sensitivities(positions, self._scored(values, scores)), np.array(self.judged)
        seen = np.where(np.isfinite(scored), scored, linear.predicted(candidates.at))
        variance = (tolerance + np.minimum(REST * linear.rest, tolerance))[steer]
        return steered(candidates.at, candidates.start, seen[:, steer], goals[:, steer], linear.slopes[steer], variance, gain)

    def _scored(self, values: np.ndarray, scores: Sequence[NormalScores]) -> np.ndarray:
        return np.stack([score(values[:, j]) for j, score in enumerate(scores)], axis=1)

    def _inside(self, values: np.ndarray) -> np.ndarray:
        """Share of points inside the range of every target."""
        return np.array([np.mean((values[:, j] >= one.low) & (values[:, j] <= one.high)) for j, one in enumerate(self.known)])

    def _judge(self, candidates: _Candidates, again: int) -> None:
        """Simulate candidates that are not accepted at full size until each is, or is refused for a reason: a target, or luck."""
        open_ones = range(len(candidates.at)) if again == 0 else sorted(candidates.reasons)
        for one in open_ones:
            candidates.values[one], candidates.seeds[one] = {}, candidates.first_seed + JUDGED * (again + 1) + MOST_SEEDS * one
        candidates.reasons = {}
        for what in self._measured():
            mine = measured_by(self.known, what)
            undecided = [one for one in open_ones if one not in candidates.reasons]
            done, wanted = 0, FIRST_BLOCK
            while undecided:
                self._more_seeds(candidates, undecided, what, mine, done, wanted)
                done, wanted = wanted, 2 * wanted
                undecided = [one for one in undecided if self._verdict(candidates, one, mine, wanted > MOST_SEEDS)]

    def _more_seeds(self, candidates: _Candidates, some: Sequence[int], what: str, mine: Sequence[Target], done: int, wanted: int) -> None:
        trials = [
            Trial(self.coefficients(candidates.at[one]), candidates.picks[one], what, candidates.seeds[one] + seed, self.settings.residents)
            for one in some
            for seed in range(done, wanted)
        ]
        found = iter(self.trials.values(trials))
        for one in some:
            for _ in range(done, wanted):
                for target, value in zip(mine, next(found), strict=True):
                    candidates.values[one].setdefault(target.name, []).append(value)

    def _verdict(self, candidates: _Candidates, one: int, mine: Sequence[Target], last: bool) -> bool:
        """Whether a candidate needs more seeds; if it is refused, its reason is kept."""
        more, reason = False, ""
        for target in mine:
            if target.name in self.settings.leave_out:
                continue
            mean, error = mean_and_error(candidates.values[one][target.name])
            if not math.isfinite(mean) or target.distance(mean) > 1.0 + 2.0 * error / (0.5 * target.width):
                reason = target.name
                break
            if 2.0 * error > self.settings.luck * target.width:
                more = True
            elif target.distance(mean) > 1.0:
                reason = target.name
                break
        if not reason and more and last:
            reason = "luck"
        if reason:
            candidates.reasons[one] = reason
        return more and not reason

    def _row(self, candidates: _Candidates, one: int) -> dict[str, Any]:
        row: dict[str, Any] = {**self.coefficients(candidates.at[one]), **candidates.picks[one]}
        for target in self.known:
            values = candidates.values[one][target.name]
            mean, error = mean_and_error(values)
            row |= {target.name: mean, f"distance:{target.name}": float(target.distance(mean))}
            row |= {f"luck:{target.name}": 2.0 * error / target.width}
            row |= {f"seeds:{target.name}": len(values)} if target.kind == EFFECT else {}
        row["seeds"] = len(candidates.values[one][self.rates[0].name])
        row["first_seed"] = candidates.seeds[one]
        return row

    def _plan(self, batch: int) -> None:
        """How much there is to simulate, as far as it can be known."""
        s = self.settings
        share = max(self.accepted_so_far, 1) / self.judged_so_far if self.judged_so_far else GUESSED_SHARE
        batches = max(batch, math.ceil(s.count / (share * s.batch)))
        first, *effects = (cost({"what": what, "residents": self._size(what)}) for what in self._measured())
        rounds = sum(one.seeds * first + one.effects * sum(effects) for one in ROUNDS)
        judged = sum(cost({"what": what, "residents": s.residents}) for what in self._measured())
        self.trials.planned = s.explored * (first + sum(effects)) + batches * s.batch * (
            rounds + FIRST_BLOCK * (TRIES * first + share * judged)
        )


def mean_and_error(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Mean over seeds, and its standard error; NaN if there is no value under a seed."""
    found = np.asarray(values, float)
    return float(found.mean()), float(found.std(ddof=1) / math.sqrt(len(found))) if len(found) > 1 else math.inf
