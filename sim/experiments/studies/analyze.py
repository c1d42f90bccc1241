"""Analysis of a finished or partly finished study: influential factors, missed targets, efficient and robust policies.

Everything is computed from the table of runs; missing runs are left out and counted.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import sensitivity
from sim.analysis.discovery import Peeling, discover
from sim.analysis.pareto import efficient, share_efficient
from sim.analysis.robustness import meets, robust_columns, robustness
from sim.errors import UserError
from sim.experiments.arguments import names_of
from sim.experiments.studies import designs
from sim.experiments.studies.study import POLICY as NAMED
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_result import StudyResult, read_study
from sim.messages import Joined, Message, with_suggestion
from sim.metrics import METRICS
from sim.suggestions import nearest
from sim.version import MODEL_VERSION

POLICY = re.compile(r"(policy|stance|timeline)\.|(budget|policy)$")
"""Keys under the control of a government; all others are uncertain."""
QUARTER = 0.25
DRAWS = 200
FEWEST_POINTS = 20
BOXES = ("question", "box", "coverage", "density", "mass", "factor", "side", "bound", "p")
"""Columns of the table of boxes."""
MOST_MISSING = 0.1
"""Share of the pairs of policy and future that may be missing for policies to be compared over futures."""
Bounds = Mapping[str, tuple[str, float]]
"""Targets by outcome, as in ``{"stability": ("at_least", 0.6)}``."""


@dataclass(frozen=True, eq=False)
class Question:
    """The question of a scenario discovery: cases in which a target is missed, or the least favourable quarter of an outcome.

    Parameters
    ----------
    outcome : str
        Empty if the cases are those that miss a target.
    side : str
        "at_most" or "at_least": the side of `bound` on which cases of interest lie.
    share : float
        Share of the points that are cases of interest.
    """

    outcome: str
    side: str
    bound: float
    share: float
    peelings: list[Peeling]


@dataclass(frozen=True, eq=False)
class Analysis:
    """Results of the analysis of a study.

    Parameters
    ----------
    study : Study
    counts : dict
        Runs ``planned, done, failed``, and ``points`` with at least one run done, ``points_planned``.
    points : DataFrame
        A row per point with a run done: ``point``, the factors, mean of every outcome over replicates, ``runs``.
    sensitivity : DataFrame
        ``outcome`` and `sim.analysis.sensitivity.COLUMNS`, and ``direction``: rank correlation of factor and outcome.
    luck : dict
        By outcome, share of the variance between points that comes from variation between replicates; NaN with one replicate.
    questions : list of Question
    front : DataFrame
        Policies with means of the outcomes that have a direction, ``efficient``, and ``sure``: share of resampled
        seeds in which it stays so.
    better : dict
        Direction of the outcomes that have one.
    robust : DataFrame
        See `sim.analysis.robustness.robustness`.
    bounds : dict
        Targets used.
    notes : list of str
        Keys of the notes on what could not be computed, and why, see `sim.report.text`.
    model : str
        Version of the model of the runs.
    sources : int
        Number of different model sources of the runs: more than one if they changed in between.
    """

    study: Study
    counts: dict[str, int]
    points: pd.DataFrame
    sensitivity: pd.DataFrame
    luck: dict[str, float]
    questions: list[Question]
    front: pd.DataFrame
    better: dict[str, str]
    robust: pd.DataFrame
    bounds: dict[str, tuple[str, float]]
    policy: list[str]
    uncertain: list[str]
    notes: list[str] = field(default_factory=list)
    model: str = MODEL_VERSION
    sources: int = 1

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All results, as plain tables by name."""
        return {"sensitivity": self.sensitivity, "boxes": _boxes(self.questions), "front": self.front, "robustness": self.robust}


def analyze(
    result: StudyResult | str | os.PathLike, bounds: Bounds | None = None, uncertain: Sequence[str] | None = None, seed: int = 0
) -> Analysis:
    """Analyse a study.

    Parameters
    ----------
    result : StudyResult or path
        As returned by `sim.read_study`, with the user's own outcomes (`StudyResult.with_outcomes`) if any; or the folder of a study.
    bounds : mapping, optional
        Targets by outcome; those of the study's scenario by default.
    uncertain : str or sequence of str, optional
        Factors that are not under control. By default all except levers, stances, timeline and budget.
    seed : int
        Seed of bootstraps.

    Raises
    ------
    UserError
        When no run is finished, or a name is not in the study.
    """
    result = read_study(result) if isinstance(result, (str, os.PathLike)) else result
    if not (hasattr(result, "study") and hasattr(result, "runs")):
        kind = type(result).__name__
        raise UserError(
            "study: got a {kind}; expected a StudyResult, as returned by sanzhi.read_study, or the folder of a study", kind=kind
        )
    uncertain = None if uncertain is None else names_of("uncertain", uncertain)
    study, runs = result.study, result.runs
    keys, outcomes = list(study.keys), list(study.outcomes)
    done = runs[runs["state"] == "done"]
    if done.empty:
        raise UserError(
            "{name}: no run is finished yet ({planned} planned); run sanzhi sweep before analysing the study",
            name=study.name,
            planned=len(runs),
        )
    bounds = dict(_targets(study) if bounds is None else bounds)
    _known(bounds, outcomes, "target", Message("an outcome of this study"))
    _known(uncertain or (), keys, "uncertain", Message("a factor of this study"))
    unsure = [key for key in keys if (key in uncertain if uncertain is not None else not POLICY.match(key))]
    policy, notes = [key for key in keys if key not in unsure], []
    points = _points(done, keys, outcomes)
    better = _directions(outcomes, getattr(result, "better", {}))
    counts = {"planned": len(runs), "done": len(done), "failed": int((runs["state"] == "failed").sum())}
    counts |= {"points": len(points), "points_planned": int(runs["point"].nunique())}
    if len(points) < FEWEST_POINTS:
        notes.append("few_points")
    front = _front(done, points, policy, unsure, better, seed, notes)
    robust = _robust(done, policy, unsure, better, bounds, study, notes)
    unit = designs.sample(study) if study.design.kind == "morris" else None
    planned = int(runs["point"].max()) + 1
    table = pd.concat([_sensitivity(study, points, planned, name, seed, unit) for name in outcomes], ignore_index=True)
    luck = {name: _share_of_noise(done, points, name) for name in outcomes}
    questions = _questions(points, keys, better, bounds)
    made = (getattr(result, "model", MODEL_VERSION), max(1, len(getattr(result, "sources", ()))))
    about = (bounds, policy, unsure, notes, *made)
    return Analysis(study, counts, points, table, luck, questions, front, better, robust, *about)


def _known(given: Any, known: Sequence[str], what: str, expected: Message) -> None:
    for name in given:
        if name not in known:
            values = {"what": what, "name": name, "expected": expected, "known": Joined(known)}
            raise UserError(with_suggestion(Message("--{what}: got {name}; expected {expected} ({known})", **values), nearest(name, known)))


def _targets(study: Study) -> Bounds:
    """Targets of the scenario for the whole city whose metric is an outcome; the last of several on one metric."""
    asked = [target for target in study.scenario.targets if target.district is None and target.metric in study.outcomes]
    return {t.metric: ("at_most", t.at_most) if t.at_least is None else ("at_least", t.at_least) for t in asked}  # type: ignore[misc]


def _directions(outcomes: Sequence[str], own: Mapping[str, str]) -> dict[str, str]:
    """Directions of the outcomes that have one: metrics of the model, and the user's `own`."""
    ways = {name: own.get(name) or (METRICS[name].better if name in METRICS else "neither") for name in outcomes}
    return {name: way for name, way in ways.items() if way != "neither"}


def _points(done: pd.DataFrame, keys: list[str], outcomes: list[str]) -> pd.DataFrame:
    grouped = done.groupby("point", sort=True)
    return grouped[keys].first().join(grouped[outcomes].mean()).join(grouped.size().rename("runs")).reset_index()


def codes(study: Study, points: pd.DataFrame) -> np.ndarray:
    """Factors as numbers, shape (points, keys): choices by their index."""
    by_key = {factor.key: factor for factor in study.columns}
    columns = [designs.numbers(by_key[key], points[key]) if key in by_key else points[key].to_numpy(float) for key in study.keys]
    return np.column_stack(columns)


def _sensitivity(study: Study, points: pd.DataFrame, planned: int, outcome: str, seed: int, unit: np.ndarray | None) -> pd.DataFrame:
    """Indices by the study's design (`unit`: Morris' points), and those of single budget shares, which the designs vary together."""
    keys, kind = list(study.keys), study.design.kind
    coded, values = codes(study, points), np.full(planned, np.nan)
    values[points["point"]] = points[outcome]
    tables = []
    if kind == "sobol":
        groups = list(dict.fromkeys(designs.grouping(study)))
        block = len(groups) * (2 if study.design.second_order else 1) + 2
        tables.append(sensitivity.sobol(groups, values, block, seed))
    elif kind == "morris" and unit is not None:
        tables.append(sensitivity.morris(designs.grouping(study), unit, values, study.design.levels, seed))
    if kind not in ("sobol", "morris") or (study.groups and kind == "sobol"):
        tables.append(sensitivity.given(keys, coded, points[outcome].to_numpy(), seed))
    table = pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
    ways = dict(zip(keys, sensitivity.direction(coded, points[outcome].to_numpy())))
    ways.pop(NAMED, None)  # named policies have no order
    table.insert(0, "outcome", outcome)
    return table.assign(direction=[ways.get(name, np.nan) for name in table["factor"]])


def _share_of_noise(done: pd.DataFrame, points: pd.DataFrame, outcome: str) -> float:
    """Share of the variance between points that comes from variation between replicates, without the part that all points share through
    common seeds."""
    done = done[done[outcome].notna()]
    means = done.groupby("point")[outcome]
    own = done[outcome] - means.transform("mean")
    rest = own - own.groupby(done["replicate"]).transform("mean")
    free = len(done) - means.ngroups - done["replicate"].nunique() + 1
    between = means.mean().var(ddof=1)
    if free <= 0 or not between > 0:
        return np.nan
    of_means = (rest**2).sum() / free * (1.0 / means.size()).mean()  # points with fewer values have means that vary more
    return float(min(1.0, of_means / between))


def _questions(points: pd.DataFrame, keys: list[str], better: dict[str, str], bounds: Bounds) -> list[Question]:
    """Scenario discovery among the points: those whose means miss a target; without targets, the least favourable quarters."""
    factors, asked = points[keys], []
    if len(points) < FEWEST_POINTS:
        return []
    if bounds:
        interest = (meets(points, bounds) == 0).to_numpy()
        return [Question("", "", np.nan, float(interest.mean()), discover(factors, interest))]
    for name, way in better.items():
        bound, interest = least_favourable(points[name], way)
        side = "at_least" if way == "less" else "at_most"
        asked.append(Question(name, side, bound, float(interest.mean()), discover(factors, interest)))
    return asked


def least_favourable(values: pd.Series, way: str) -> tuple[float, np.ndarray]:
    """Bound of the least favourable quarter of values, and which lie there.

    Where many values are equal, it may be far more than a quarter; then it is those beyond, if their share is nearer to a quarter.
    """
    worse = values if way == "less" else -values
    bound = worse.quantile(1 - QUARTER)
    beyond = worse[worse > bound]
    if len(beyond) and abs((worse > bound).mean() - QUARTER) < abs((worse >= bound).mean() - QUARTER):
        bound = beyond.min()
    return float(bound if way == "less" else -bound), (worse >= bound).to_numpy()


def _front(done, points, policy, unsure, better, seed, notes) -> pd.DataFrame:
    """Efficient policies, if there are policies and two outcomes with a direction."""
    names, ways = list(better), list(better.values())
    nothing = pd.DataFrame(columns=[*policy, *names, "efficient", "sure"])
    if len(names) < 2 or not policy:
        notes.append("no_front_outcomes" if policy else "no_policy")
        return nothing
    if unsure and not _crossed(done, policy, unsure):
        notes.append("no_front_futures")
        return nothing
    means = done.groupby(policy, sort=False, dropna=False)[names].mean().reset_index()
    means["efficient"] = efficient(means[names].to_numpy(), ways)
    means["sure"] = np.nan
    cube = _cube(done, policy, names)
    if cube is not None:
        means["sure"] = share_efficient(cube, ways, int(np.clip(100_000 // len(means), 20, DRAWS)), seed)
    return means


def _cube(done: pd.DataFrame, policy: list[str], names: list[str]) -> np.ndarray | None:
    """Outcomes, shape (replicates, policies, outcomes); None with one replicate or with missing runs."""
    table = done.assign(_policy=done.groupby(policy, sort=False).ngroup()).groupby(["replicate", "_policy"])[names].mean()
    replicates, policies = (table.index.get_level_values(level).nunique() for level in (0, 1))
    if replicates < 2 or len(table) != replicates * policies or table.isna().any(axis=None):
        return None
    return table.to_numpy().reshape(replicates, policies, len(names))


def _crossed(done: pd.DataFrame, policy: list[str], future: list[str]) -> bool:
    """Whether (nearly) every policy was simulated in every future, of which there must be at least two."""
    pairs = len(done.drop_duplicates([*policy, *future]))
    policies, futures = len(done.drop_duplicates(policy)), len(done.drop_duplicates(future))
    return futures > 1 and pairs >= (1 - MOST_MISSING) * policies * futures


def _robust(done, policy, unsure, better, bounds, study, notes) -> pd.DataFrame:
    future = unsure or ["seed"]
    if not policy:
        notes.append("no_policy_robust")
    elif not _crossed(done, policy, future):
        notes.append("not_crossed" if unsure else "no_luck")
    elif better or bounds:
        if not bounds:
            notes.append("no_targets")
        return robustness(done, policy, future, better, bounds)
    return pd.DataFrame(columns=robust_columns(policy, better, bool(bounds)))


def _boxes(questions: list[Question]) -> pd.DataFrame:
    """Bounds of the chosen boxes, a row each."""
    rows = []
    for question in questions:
        for number, peeling in enumerate(question.peelings, 1):
            box = peeling.boxes[peeling.chosen]
            about = {"question": question.outcome or "targets missed", "box": number, "coverage": box.coverage, "density": box.density}
            for row in peeling.restrictions(peeling.chosen).to_dict("records"):
                limit = row["bound"]
                shown = " ".join(sorted(map(str, limit))) if isinstance(limit, frozenset) else limit
                rows.append({**about, "mass": box.mass, **row, "bound": shown})
    return pd.DataFrame(rows, columns=list(BOXES))
