"""Mixes of the three governances: their joint budget divided over a grid of the simplex, with common random numbers.

Public services keep their share, or are traded against the three if other shares are requested. No mix is called the best: each objective
has a peak, and the result states its uncertainty and the mixes that cannot be distinguished from it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.intervals import mean_interval
from sim.analysis.paired import rivals_of_best
from sim.analysis.pareto import efficient, resampled, share_efficient
from sim.errors import UserError
from sim.experiments.arguments import names_of, whole
from sim.experiments.comparisons.index_parts import WEIGHTINGS, effective_weights, of_batch, ranks
from sim.experiments.comparisons.natural_units import natural_units
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import Batch, direction, known_metrics, run_batch, shrunk
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.levers import LEVERS
from sim.messages import Joined
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.costs import real_residents
from sim.scenario.given import scenario_of
from sim.scenario.schema.spending import target_of

with lazily():
    import pandas as pd

GOVERNANCES = ("self_governance", "rule_of_law", "moral_education")
SERVICES = "public_services"
OBJECTIVES = ("stability", "satisfaction")
STEPS, REPLICATES, RESIDENTS = 10, 10, 5_000
"""Steps along an edge of the simplex, seeds, and maximum residents: some 20 seconds on two processors."""
MOST_STEPS = 40
DRAWS = 2000
"""Bootstrap samples of the seeds."""
OWN = "own"
"""Label of the scenario's own mix."""


class Mix(NamedTuple):
    """Shares of the budget of the three governances and of public services."""

    self_governance: float
    rule_of_law: float
    moral_education: float
    public_services: float


@dataclass(frozen=True, eq=False)
class MixResult(ExperimentResult):
    """Outcomes over the simplex.

    Parameters
    ----------
    batch : Batch
        A scenario per mix, the scenario's own mix last (label ``own``).
    named : tuple of Scenario
        The scenario as it was given, in its own city.
    objectives : tuple of str
        Metrics that have a map; those with a usual direction decide which mixes are efficient.
    mixes : DataFrame
        A row per mix: ``mix`` (label), the share of every lever, ``efficient`` (no mix has more of one objective and not less of
        another), ``share_efficient`` (of bootstrap samples of the seeds), and for every objective its mean, ``<metric>_low``,
        ``<metric>_high`` (95 % interval), ``<metric>_near`` (cannot be distinguished from the best mix).
    peaks : DataFrame
        A row per objective: its peak, the value there, ``same_peak`` (share of bootstrap samples that peak there), ``near``
        (mixes that cannot be distinguished from it), ``near_share``, and ``<lever>_low``, ``<lever>_high`` over those.
    ranking, effective : DataFrame
        Ranks of the mixes under varied weights, and what moves the indices: see `ranks` and `effective_weights` in
        `sim.experiments.comparisons.index_parts`.
    natural : DataFrame
        Leading results of the peaks against the scenario's own mix, for the real size of the city, with the cost per effect: columns as of
        `sim.experiments.comparisons.natural_units.natural_units`.
    """

    batch: Batch
    named: tuple[Scenario, ...]
    objectives: tuple[str, ...]
    steps: int
    mixes: "pd.DataFrame"
    peaks: "pd.DataFrame"
    ranking: "pd.DataFrame"
    effective: "pd.DataFrame"
    natural: "pd.DataFrame"
    kind = "mix"

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        found = {"mixes": self.mixes, "peaks": self.peaks, "natural_units": self.natural, "ranking": self.ranking}
        return found | {"effective": self.effective, "outcomes": self.batch.outcomes}

    @property
    def settings(self) -> dict[str, Any]:
        return {"steps": self.steps, "objectives": list(self.objectives), "draws": DRAWS, "weightings": WEIGHTINGS}

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of an experiment, with the scenario in full once and only the shares of the others."""
        whole = super().manifest
        shares = self.mixes[["mix", *LEVERS]].set_index("mix")
        return whole | {"scenarios": shares.to_dict("index"), "scenario": self.named[0].canonical()}


def mix(
    scenario: Scenario | str | os.PathLike,
    steps: int = STEPS,
    metrics: Sequence[str] = (),
    services: Sequence[float] = (),
    residents: int | None = RESIDENTS,
    replicates: int | None = REPLICATES,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
) -> MixResult:
    """Run every mix of the three governances on a grid over the simplex.

    Parameters
    ----------
    scenario : Scenario, path or str
        Its joint share of the three is divided.
    steps : int
        Steps along an edge: 10 give 66 mixes.
    metrics : str or sequence of str
        Objectives in addition to stability and satisfaction.
    services : sequence of float
        Shares of public services to try, traded against the three; by default unchanged.
    residents : int, optional
        Larger cities are scaled down to this size; None leaves the city as it is.
    replicates, seed, workers, window, progress
        As in `sim.compare`.

    Raises
    ------
    UserError
        For a scenario without a share to divide, or whose timeline sets the shares.
    """
    named = scenario_of(scenario)
    objectives = tuple(known_metrics([*OBJECTIVES, *names_of("metrics", metrics)], [named]))
    steps = whole("steps", steps, 2, MOST_STEPS)
    _check_timeline(named)
    city = named if residents is None else shrunk(named, residents)
    grid = [one for level in _levels(named, services) for one in simplex(level[0], level[1], steps)]
    scenarios = [*(with_mix(city, one) for one in grid), city]
    labels = [*map(label_of, grid), OWN]
    batch = run_batch(scenarios, labels, seed, replicates, workers, window, progress)
    mixes, peaks = judged(batch, [*grid, own_mix(named)], objectives)
    better = [label for label in dict.fromkeys(peaks["mix"]) if label != OWN]
    natural = natural_units(batch, OWN, better, real_residents(named))
    indices = of_batch(batch)
    weighed = effective_weights(indices)
    ranked = ranks(indices, batch.labels, batch.seeds[0], weighed)
    return MixResult(batch, (named,), objectives, steps, mixes, peaks, ranked, weighed, natural)


def simplex(total: float, services: float, steps: int) -> list[Mix]:
    """Every division of `total` over the three governances in equal steps."""
    parts = [(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]
    share = [round(total * part / steps, 12) for part in range(steps + 1)]
    return [Mix(share[i], share[j], share[k], services) for i, j, k in parts]


def own_mix(scenario: Scenario) -> Mix:
    """The scenario's own mix."""
    return Mix(*(scenario.shares[lever] for lever in (*GOVERNANCES, SERVICES)))


def with_mix(scenario: Scenario, one: Mix) -> Scenario:
    """The scenario with another mix, in shares of the budget, of which every lever keeps its split."""
    policy = scenario.in_shares
    return scenario.with_changes({"policy": {lever: policy[lever] | {"share": share} for lever, share in one._asdict().items()}})


def label_of(one: Mix) -> str:
    """Shares in the order of the levers, as in ``0.15/0.3/0.1/0.4``."""
    return "/".join(f"{share:.4g}" for share in one)


def _levels(scenario: Scenario, services: Sequence[float]) -> list[tuple[float, float]]:
    """Joint share of the three for every share of public services."""
    own = own_mix(scenario)
    total = sum(own)
    found = [(total - share, share) for share in dict.fromkeys(services)] or [(sum(own[:3]), own.public_services)]
    for left, share in found:
        if left <= 0 or share < 0:
            raise UserError(
                "mix: public services of {share:.4g} leave {left:.4g} of {total:.4g} for the three governances; expected more than 0",
                share=share,
                left=left,
                total=total,
            )
    return found


def moved_shares(scenario: Scenario) -> list[str]:
    """Levers whose share, money or staff the timeline sets, also of single instruments, which would override every mix."""
    set_later = {target_of(key) for change in scenario.timeline for key in change.values if ".split." not in key}
    of = {target.split(".")[1] for target in set_later if target.startswith("policy.")}
    return [lever for lever in (*GOVERNANCES, SERVICES) if lever in of]


def _check_timeline(scenario: Scenario) -> None:
    """Reject a timeline that sets shares."""
    moved = sorted(f"policy.{lever}" for lever in moved_shares(scenario))
    if moved:
        raise UserError(
            "{name}: its timeline sets {keys}, which would override every mix; remove those entries", name=scenario.name, keys=Joined(moved)
        )


def judged(batch: Batch, grid: Sequence[Mix], objectives: Sequence[str]) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Tables of mixes and of peaks, see `MixResult`."""
    values = batch.cube(objectives)
    mixes = pd.DataFrame([{"mix": label, **one._asdict()} for label, one in zip(batch.labels, grid, strict=True)])
    decide = [place for place, name in enumerate(objectives) if has_direction(name)]
    better = [direction(objectives[place]) for place in decide]
    mixes["efficient"] = efficient(values[:, :, decide].mean(axis=0), better)
    mixes["share_efficient"] = share_efficient(values[:, :, decide], better, DRAWS, batch.seeds[0])
    peaks = []
    for place, name in enumerate(objectives):
        mixes[name], mixes[f"{name}_low"], mixes[f"{name}_high"] = mean_interval(values[:, :, place])[:3]
        near = rivals_of_best(values[:, :, place], direction(name) == "more")
        mixes[f"{name}_near"] = near
        peaks.append(_peak(mixes, values[:, :, place], name, near, batch.seeds[0]))
    return mixes, pd.DataFrame(peaks)


def has_direction(metric: str) -> bool:
    """Whether more, or less, of a metric is usually read as better."""
    return METRICS[metric].better != "neither"


def _peak(mixes: "pd.DataFrame", values: "np.ndarray", name: str, near: "np.ndarray", seed: int) -> dict[str, Any]:
    """The peak of an objective, and its robustness."""
    sign = 1.0 if direction(name) == "more" else -1.0
    best = int(np.nanargmax(sign * mixes[name]))
    known = np.isfinite(values).all(axis=0)
    drawn = np.where(known, sign * (resampled(len(values), DRAWS, seed) @ np.where(known, values, 0.0)), -np.inf)
    row = mixes.iloc[best]
    found = {"metric": name, "better": direction(name), "mix": row["mix"], **{lever: row[lever] for lever in Mix._fields}}
    found |= {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]}
    found |= {"same_peak": float((drawn.argmax(axis=1) == best).mean()), "near": int(near.sum()), "near_share": float(near.mean())}
    for lever in Mix._fields:
        found[f"{lever}_low"], found[f"{lever}_high"] = mixes.loc[near, lever].min(), mixes.loc[near, lever].max()
    return found
