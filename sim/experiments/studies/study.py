"""The study: the scenarios that a sweep simulates, the replicates, and the outcomes recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import Scenario
from sim.scenario.schema.bilingual import Text
from sim.worlds.world_set import in_world

KINDS = {
    "grid": "every combination of levels",
    "lhs": "Latin hypercube",
    "sobol": "Saltelli's sample, for Sobol indices",
    "morris": "trajectories, for elementary effects",
    "simplex": "Latin hypercube with shares that sum to a budget",
    "list": "the lists of the factors, row by row",
    "policies": "named policies, each in the same sampled futures",
}
POLICIES, POLICY = "policies", "policy"
"""The kind of study that combines policies with futures, and the column with the name of the policy."""
SUMMARIES = {
    "end": "value of the last week",
    "last_year": "mean of the last 52 weeks",
    "mean": "mean of all weeks",
    "lowest": "lowest week",
    "highest": "highest week",
}
"""Summaries of a metric over weeks; weeks without a value are left out, except by ``end``."""
OUTCOMES, SERIES = "outcomes", "series"
SHARED, OWN = "shared", "own"
"""Seeds of design points (key ``luck``): the same for all (common random numbers), or separate seeds."""


@dataclass(frozen=True)
class Factor:
    """A key of the scenario that varies between two numbers, or over some values.

    Parameters
    ----------
    key : str
        Dotted path, as in ``stance.transparency``; or ``world``, whose values are numbers of plausible worlds (`sim.worlds`).
    low, high : float
        Bounds, both included; for `values`, 0 and their number minus 1, as codes.
    values : tuple
        The values in order; empty for a range.
    whole : bool
        Whether only whole numbers are allowed.
    """

    key: str
    low: float
    high: float
    values: tuple[Any, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Group:
    """Keys that share a budget: drawn uniformly from all shares that sum to at most the budget, or exactly to it.

    Parameters
    ----------
    name : str
    shares : tuple of str
        Dotted paths, at least two.
    budget : float
    exact : bool
        Whether the shares use the whole budget.
    low : float
        Minimum of each share.
    """

    name: str
    shares: tuple[str, ...]
    budget: float
    exact: bool = False
    low: float = 0.0


@dataclass(frozen=True)
class Design:
    """How points are chosen.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    samples : int
        Points (lhs, simplex), base points (sobol), trajectories (morris) or futures (policies).
    seed : int
        Seed of the sample; independent of the seeds of runs.
    levels : int
        Levels of a range (grid, morris).
    second_order : bool
        Whether a Sobol sample also allows second-order indices, at nearly twice the runs.
    """

    kind: str
    samples: int = 0
    seed: int = 1
    levels: int = 4
    second_order: bool = False


@dataclass(frozen=True)
class Study:
    """The definition of a sweep. Made by `sim.load_study` or `sim.make_study`; immutable.

    Parameters
    ----------
    name : str
        Name of the study and of its folder of results.
    scenario : Scenario
        The scenario of every run, including ``set`` and ``horizon`` of the study.
    design : Design
        How points are chosen.
    factors, groups : tuple
        What varies; in a study of policies, what the futures vary.
    policies : dict
        In a study of policies, the changes that each makes to the scenario, by name.
    replicates, seed, luck
        Replicate r of a point has the seed ``seed + r``, the same at every point (common random numbers); with luck "own", replicate r of
        point p has ``seed + p * replicates + r``.
    outcomes : dict
        Metric to the name of its summary, see `SUMMARIES`.
    record : str
        "outcomes", or "series" for every metric of every week.
    title : dict
        By language, ``"en"`` and ``"zh"``.
    description : str or mapping of language to str
        The question that the study answers.
    """

    name: str
    scenario: Scenario
    design: Design
    factors: tuple[Factor, ...]
    groups: tuple[Group, ...] = ()
    replicates: int = 1
    seed: int = 1
    luck: str = SHARED
    outcomes: Mapping[str, str] = field(default_factory=dict)
    record: str = OUTCOMES
    title: Mapping[str, str] = field(default_factory=dict)
    description: Text = ""
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that vary, the policy first and those of groups last: the columns of the table of runs."""
        return (*(factor.key for factor in self.columns), *(key for group in self.groups for key in group.shares))

    @property
    def columns(self) -> tuple[Factor, ...]:
        """The factors and, before them, the policy as a choice among names, if there are policies."""
        names = tuple(self.policies)
        return (*((Factor(POLICY, 0, len(names) - 1, names),) if names else ()), *self.factors)

    def changes(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """Changes that a point makes to the scenario: its factors, and those of its policy.

        Parameters
        ----------
        point : mapping
            Values by key, as in a row of the table.
        """
        if not self.policies:
            return in_world(self.scenario, point)
        return in_world(self.scenario, {**self.policies[point[POLICY]], **{key: value for key, value in point.items() if key != POLICY}})

    def seed_of(self, point: int, replicate: int) -> int:
        """Seed of the run of a `point` and a `replicate`, both counted from 0; distinct within a point."""
        return self.seed + replicate + (point * self.replicates if self.luck == OWN else 0)

    def as_data(self) -> dict[str, Any]:
        """The study as plain data with all defaults explicit; `sim.make_study` restores the same study."""
        design: dict[str, Any] = {"kind": self.design.kind}
        design |= {name: getattr(self.design, name) for name in USED[self.design.kind]}
        return {
            **{
                "name": self.name,
                "title": dict(self.title),
                "description": self.description if isinstance(self.description, str) else dict(self.description),
            },
            "scenario": self.scenario.as_data(),
            "design": design,
            "factors": {f.key: list(f.values) if f.values else {"low": f.low, "high": f.high} for f in self.factors},
            "groups": {
                g.name: {"shares": list(g.shares), "exactly" if g.exact else "at_most": g.budget, "low": g.low} for g in self.groups
            },
            **{"replicates": self.replicates, "seed": self.seed, "luck": self.luck},
            **{"outcomes": dict(self.outcomes), "record": self.record},
            **({"policies": {name: dict(changes) for name, changes in self.policies.items()}} if self.policies else {}),
        }


USED = {
    "grid": ("levels",),
    "lhs": ("samples", "seed"),
    "sobol": ("samples", "seed", "second_order"),
    "morris": ("samples", "seed", "levels"),
    "simplex": ("samples", "seed"),
    "list": (),
    "policies": ("samples", "seed"),
}
"""Keys of the design for each kind, in addition to ``kind``."""
