"""Make a set of plausible worlds: explore the prior, steer draws to the targets, and accept by plain simulation.

1. *Explore*: points of a Latin hypercube over the whole prior are simulated, rates and effects, each once, effects in a small city.
2. *Steer* (`sim.experiments.worlds.steering`): candidates are drawn from the prior and moved as little as possible so that all targets
   come into their ranges, once as the regression says and once more as they come out when each is simulated once.
3. *Accept*: every candidate is simulated under seeds of its own until luck is below a third of every range, rates first, then effects.
   It is accepted if the mean of every target lies in its range; no emulator is asked. One that is refused is moved as little as
   possible, as far as its targets outside their ranges demand, from what all its tries say together, and is judged again under
   fresh seeds, `TRIES` times at most.

Batches of candidates follow until there are enough worlds; all of the last batch that fit are kept. All of it is a function of the
settings: an interrupted matching goes on where it was, and the number of processes changes no bit. A set keeps what its matching learnt
from, so that it can be enlarged later, elsewhere too, to the bits that one matching gives.
"""

import contextlib
import itertools
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
from sim.experiments.arguments import workers_of
from sim.experiments.runs.model_source import source_hash
from sim.experiments.worlds.begun import Begun, check_enlarging, taken_over
from sim.experiments.worlds.evidence import (
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
from sim.experiments.worlds.settings import METHOD, Settings
from sim.experiments.worlds.steering import (
    DIGITS,
    FARTHEST,
    TOLERANCE,
    Linear,
    NormalScores,
    Tried,
    sensitivities,
    steered,
    together,
)
from sim.experiments.worlds.trials import Trials
from sim.files import folder_of
from sim.kernel.cache import hash_of_sources
from sim.scenario import Scenario
from sim.scenario.given import scenario_of
from sim.version import MODEL_VERSION
from sim.worlds.priors import shipped
from sim.worlds.world import CHOICES
from sim.worlds.world_set import WorldSet, read_worlds, write_worlds

FILE = "worlds.parquet"


REST, LUCK_OF_REST = 0.1, 0.5
"""Shares of what the regression leaves unexplained that count as luck of a step, and of one measurement."""
INNER, MENDED = (0.15, 0.85), (0.25, 0.75)
"""How far into its range a target is steered that lies outside, and how far one that a candidate was refused for."""
FAR = 25.0
"""Squared distance, in standard deviations of the prior, at which a candidate's earlier tries say no more than the regression."""
TRIES = 8
"""How often a candidate is judged at most, each time under fresh seeds."""
JUDGED = 1_000_000
"""Distance of the seeds under which candidates are judged from those under which they are steered, and from one try to the next."""
FIRST_RATES, FIRST_EFFECT, MOST_SEEDS = 4, 2, 64
"""Seeds of a candidate at first; they are doubled until luck is small enough, or it is given up."""
MEASURING = ("experiments/calibration/known_effects.py", "experiments/worlds/evidence.py")
"""Files that say what a trial measures: kept trials are theirs."""
GUESSED_SHARE, GUESSED_TRIES = 0.4, 4
"""Share of candidates accepted, and tries of a candidate, for the time left before any was judged."""


class _Points(NamedTuple):
    """Simulated points: what a regression sees of them, their targets, and the normal scores of targets."""

    inputs: np.ndarray
    values: np.ndarray
    scores: list[NormalScores]


@dataclass
class _Candidates:
    """Candidates of a batch: where they started and are, structural choices, what was measured last; first seed, reason of refusal
    and values of each as it was judged last, and what all its tries said."""

    start: np.ndarray
    at: np.ndarray
    picks: list[dict[str, Any]]
    first_seed: int
    last: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    seeds: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    values: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    tries: dict[int, list[Tried]] = field(default_factory=dict)


def make_worlds(
    folder: str | Path,
    scenario: Scenario | str | os.PathLike = "baseline",
    settings: Settings | None = None,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    file: str = FILE,
    enlarged: WorldSet | None = None,
    explored: WorldSet | None = None,
) -> WorldSet:
    """Make a set of plausible worlds, and write it as ``worlds.parquet`` into a folder; a matching that was interrupted goes on.

    The file is written after every batch of candidates, with those that fit so far.

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
    file : str
        Name of the set in the folder. Sets in one folder share the simulations that they have in common.
    enlarged : WorldSet, optional
        A set to go on from; its settings differ in nothing but `count`.
    explored : WorldSet, optional
        A set from which the points are taken that explored the prior, if they are the same here.

    Raises
    ------
    UserError
        If settings are wrong or not those of the set to enlarge, the folder cannot be written or has trials of another model, or nothing
        fits.
    """
    settings, place, base = (settings or Settings()).checked(), folder_of(folder), plain(scenario_of(scenario))
    known = targets(base, settings.discrepancy)
    unknown = set(settings.leave_out) - {one.name for one in known}
    if unknown:
        raise UserError("leave_out: no target {name!r}", name=min(unknown))
    of_set = _about(base, known, settings)
    begun = _begun(enlarged, explored, of_set)
    about = {"model": MODEL_VERSION, "source": source_hash(), "measured": hash_of_sources(MEASURING), "scenario": base.hash}
    with contextlib.ExitStack() as stack:
        kept = stack.enter_context(open_kept(place, about))
        rates = [one.short for one in known if one.kind == RATE]
        trials = stack.enter_context(Trials(base, rates, kept, workers_of(workers), dask, progress))
        for made in Matching(trials, known, settings, begun).batches():
            if len(made):
                write_worlds(made.table, {**of_set, **made.about}, place / file, made.points)
    if not len(made):
        judged = made.about["judged"]
        raise UserError("no world fits: {judged} candidates were judged; widen the evidence or its discrepancy", judged=judged)
    return read_worlds(place / file)


def _about(base: Scenario, known: Sequence[Target], settings: Settings) -> dict[str, Any]:
    """What a set keeps of its matching, besides what was found."""
    return {
        "model": MODEL_VERSION,
        "method": METHOD,
        "source": source_hash(),
        "evidence": evidence_hash(known),
        "scenario": {"name": base.name, "hash": base.hash},
        "targets": [{**one._asdict(), "judged": one.name not in settings.leave_out} for one in known],
        "settings": {**vars(settings), "leave_out": list(settings.leave_out)},
    }


def _begun(enlarged: WorldSet | None, explored: WorldSet | None, about: dict[str, Any]) -> Begun:
    """What is there already of a matching, of which a set keeps `about`."""
    if enlarged is not None:
        check_enlarging(enlarged, about)
    found = enlarged or explored
    return Begun() if found is None else taken_over(found, about)


class Matching:
    """One matching: its targets, its settings, and the trials through which it sees the model.

    Parameters
    ----------
    trials : Trials
    known : sequence of Target
        Rates first.
    settings : Settings
    begun : Begun, optional
        What is there of it already.
    """

    def __init__(self, trials: Trials, known: Sequence[Target], settings: Settings, begun: Begun | None = None):
        self.trials, self.known, self.settings = trials, tuple(known), settings
        self.rates = [one for one in self.known if one.kind == RATE]
        self.effects = [one for one in self.known if one.kind == EFFECT]
        self.judged = [one.name not in settings.leave_out for one in self.known]
        self.priors = shipped()
        self.free = [name for name, prior in self.priors.items() if not prior.follows]
        self.begun = begun or Begun()
        self.accepted_so_far, self.judged_so_far = len(self.begun.worlds), self.begun.batches * settings.batch

    def batches(self) -> Iterator[WorldSet]:
        """Batches of candidates until enough are accepted: after each, the worlds so far, and what was found."""
        rows, reasons = list(self.begun.worlds), Counter(self.begun.refused_by)
        inside: list[np.ndarray] = []
        self._plan(self.begun.batches)
        known = self._explored()
        prior_inside = self._inside(known.values)
        for batch in itertools.count():
            candidates = self._drawn(batch)
            known, linear = self._learnt(candidates, known, batch)
            inside.append(self._inside(candidates.last))
            if batch + 1 < self.begun.batches:
                continue
            if batch >= self.begun.batches:
                rows += self._accepted(candidates, known, linear)
                reasons.update(candidates.reasons.values())
                self.accepted_so_far, self.judged_so_far = len(rows), self.judged_so_far + len(candidates.at)
            self._plan(batch + 1)
            yield WorldSet(self._table(rows), self._found(rows, reasons, prior_inside, inside), None, known.values)
            if len(rows) >= self.settings.count or (not rows and batch >= 2):
                break

    def _accepted(self, candidates: _Candidates, known: _Points, linear: Linear) -> list[dict[str, Any]]:
        """Rows of those of a batch that fit, each judged, and mended where it was refused."""
        candidates.at = self._step(candidates, candidates.last, linear, known)
        for again in range(TRIES):
            self._judge(candidates, again)
            if again < TRIES - 1:
                self._mend(candidates, linear, known)
        return [self._row(candidates, one) for one in range(len(candidates.at)) if one not in candidates.reasons]

    def _table(self, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
        table = pd.DataFrame(rows)
        if len(table):
            table.insert(0, "world", np.arange(1, len(table) + 1))
        return table

    def _found(self, rows: Sequence[dict[str, Any]], reasons: Counter[str], prior: np.ndarray, steered_to: Sequence[np.ndarray]):
        """What is kept beside the worlds about how they were found."""
        names = [one.name for one in self.known]
        return {
            "judged": self.judged_so_far,
            "accepted": len(rows),
            "failed": self.begun.failed + self.trials.failed,
            "refused_by": dict(reasons.most_common()),
            "prior_inside": dict(zip(names, prior.tolist(), strict=True)),
            "steered_inside": dict(zip(names, np.mean(steered_to, axis=0).tolist(), strict=True)),
        }

    def coefficients(self, position: np.ndarray) -> dict[str, float]:
        """All uncertain coefficients at a position, shape (free coefficients,), in standard normal coordinates."""
        places = dict(zip(self.free, special.ndtr(position).tolist(), strict=True))
        return {name: prior.value(places[prior.follows or name]) for name, prior in self.priors.items()}

    def _explored(self) -> _Points:
        """Points over the whole prior, and all targets there."""
        points = self._hypercube(self.settings.explored, 0)
        picks = [self._picks(0, one) for one in range(len(points))]
        values = self._once(points, picks, self._seed(0)) if self.begun.explored is None else self.begun.explored
        return _Points(self._inputs(points, picks), values, [NormalScores.of(values[:, j]) for j in range(values.shape[1])])

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

    def _once(self, points: np.ndarray, picks: Sequence[dict[str, Any]], seed: int) -> np.ndarray:
        """All targets at some points, each simulated once, effects in a small city, shape (points, targets)."""
        measured = list(self._measured())
        trials = [
            Trial(coefficients, choice, what, seed + number, self.settings.size(what))
            for number, (coefficients, choice) in enumerate(zip(map(self.coefficients, points), picks, strict=True))
            for what in measured
        ]
        found = iter(self.trials.values(trials))
        return np.array([[value for _ in measured for value in next(found)] for _ in points])

    def _measured(self) -> Iterator[str]:
        """What is measured of a candidate: all rates at once, then every effect."""
        yield RATES
        yield from (one.short for one in self.effects)

    def _drawn(self, batch: int) -> _Candidates:
        start = self._hypercube(self.settings.batch, 10 + batch)
        picks = [self._picks(10 + batch, one) for one in range(len(start))]
        return _Candidates(start, start, picks, self._seed(1 + batch))

    def _learnt(self, candidates: _Candidates, known: _Points, batch: int) -> tuple[_Points, Linear]:
        """Move candidates once, and measure them; all points that no step from their own outcome has moved, and what a regression says of
        them."""
        candidates.at = self._step(candidates, np.full((len(candidates.at), len(self.known)), np.nan), self._linear(known), known)
        kept = self.begun.steered
        now = kept[batch] if batch < len(kept) else self._once(candidates.at, candidates.picks, candidates.first_seed)
        candidates.last = now
        # Later points are moved by their own luck, and a regression over them would find too small effects.
        inputs = self._inputs(candidates.at, candidates.picks)
        known = known._replace(inputs=np.vstack([known.inputs, inputs]), values=np.vstack([known.values, now]))
        linear = self._linear(known)
        for one, scored in enumerate(self._scored(now, known.scores)):
            candidates.tries[one] = [Tried(inputs[one], scored, LUCK_OF_REST * linear.rest)]
        return known, linear

    def _step(self, candidates: _Candidates, now: np.ndarray, linear: Linear, known: _Points) -> np.ndarray:
        """Positions after a step that moves what lies outside its range just into it, and holds what lies inside; by what was measured,
        or by what the regression says where nothing was."""
        low, high = (self._scored(np.array([[getattr(one, edge) for one in self.known]]), known.scores) for edge in ("low", "high"))
        scored = self._scored(now, known.scores)
        tolerance = (TOLERANCE * np.maximum(high - low, 1e-3)[0]) ** 2
        seen = np.where(np.isfinite(scored), scored, linear.predicted(self._inputs(candidates.at, candidates.picks)))
        goals = np.clip(seen, *(self._within(share, known) for share in INNER))
        variance = tolerance + np.minimum(REST * linear.rest, tolerance)
        steer, slopes = np.array(self.judged), linear.slopes[:, : len(self.free)]
        return steered(candidates.at, candidates.start, seen[:, steer], goals[:, steer], slopes[steer], variance[steer])

    def _mend(self, candidates: _Candidates, linear: Linear, known: _Points) -> None:
        """Move refused candidates: targets outside their ranges into them, the others as they are, from what all tries say."""
        edges = [self._within(share, known) for share in (*INNER, *MENDED)]
        steer, slopes, moved = np.array(self.judged), linear.slopes[:, : len(self.free)], candidates.at.copy()
        for one in sorted(candidates.reasons):
            place, pick = candidates.at[one : one + 1], [candidates.picks[one]]
            candidates.tries[one].append(self._tried(candidates, one, self._inputs(place, pick)[0], known))
            seen, variance = together(candidates.tries[one], self._inputs(place, pick)[0], linear, FAR)
            goals = np.where((seen >= edges[0]) & (seen <= edges[1]), seen, np.clip(seen, edges[2], edges[3]))
            variance = variance + (0.1 * TOLERANCE * np.maximum(edges[1] - edges[0], 1e-3)) ** 2
            moved[one] = steered(place, place, seen[None, steer], goals[None, steer], slopes[steer], variance[steer])[0]
        candidates.at = moved

    def _tried(self, candidates: _Candidates, one: int, inputs: np.ndarray, known: _Points) -> Tried:
        """What the last try of a candidate said, in scores."""
        means = np.full((3, len(self.known)), np.nan)
        for j, target in enumerate(self.known):
            if found := candidates.values[one].get(target.name):
                mean, error = mean_and_error(found)
                means[:, j] = mean, mean - error, mean + error
        middle, low, high = self._scored(means, known.scores)
        return Tried(inputs, middle, (0.5 * (high - low)) ** 2)

    def _within(self, share: float, known: _Points) -> np.ndarray:
        """Scores of a place within every range, 0 at its lower end and 1 at its upper."""
        return self._scored(np.array([[one.low + share * one.width for one in self.known]]), known.scores)[0]

    def _linear(self, known: _Points) -> Linear:
        return sensitivities(known.inputs, self._scored(known.values, known.scores))

    def _inputs(self, positions: np.ndarray, picks: Sequence[dict[str, Any]]) -> np.ndarray:
        """What a regression sees of points: positions, and a column for every option of a structural choice."""
        options = [(choice, option) for choice in CHOICES for option in choice.options]
        columns = [[float(pick[choice.key] == option) - 1.0 / len(choice.options) for choice, option in options] for pick in picks]
        return np.hstack([positions, np.array(columns)])

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
        rates, *effects = self._measured()
        for stage, seeds in (((rates,), FIRST_RATES), (effects, FIRST_EFFECT)):
            undecided = [(one, what) for one in open_ones if one not in candidates.reasons for what in stage]
            done, wanted = 0, seeds
            while undecided:
                self._more_seeds(candidates, undecided, done, wanted)
                done, wanted = wanted, 2 * wanted
                more = [(one, what) for one, what in undecided if self._verdict(candidates, one, what, wanted > MOST_SEEDS)]
                undecided = [(one, what) for one, what in more if one not in candidates.reasons]

    def _more_seeds(self, candidates: _Candidates, some: Sequence[tuple[int, str]], done: int, wanted: int) -> None:
        """Simulate what is undecided of candidates under further seeds."""
        trials = [
            Trial(
                self.coefficients(candidates.at[one]), candidates.picks[one], what, candidates.seeds[one] + seed, self.settings.size(what)
            )
            for one, what in some
            for seed in range(done, wanted)
        ]
        found = iter(self.trials.values(trials))
        for one, what in some:
            mine = measured_by(self.known, what)
            for _ in range(done, wanted):
                for target, value in zip(mine, next(found), strict=True):
                    candidates.values[one].setdefault(target.name, []).append(value)

    def _verdict(self, candidates: _Candidates, one: int, what: str, last: bool) -> bool:
        """Whether a candidate needs more seeds of what was measured; if it is refused, its reason is kept."""
        more, reason = False, ""
        for target in measured_by(self.known, what):
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
        first, *effects = (cost({"what": what, "residents": self.settings.size(what)}) for what in self._measured())
        once = first + sum(effects)
        judged = GUESSED_TRIES * FIRST_RATES * first + 2.0 * share * FIRST_EFFECT * sum(effects)
        explored = s.explored if self.begun.explored is None else 0
        steered, decided = (s.batch * (batches - there) for there in (len(self.begun.steered), self.begun.batches))
        self.trials.planned = (explored + steered) * once + decided * judged


def mean_and_error(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Mean over seeds, and its standard error; NaN if there is no value under a seed."""
    found = np.asarray(values, float)
    return float(found.mean()), float(found.std(ddof=1) / math.sqrt(len(found))) if len(found) > 1 else math.inf
