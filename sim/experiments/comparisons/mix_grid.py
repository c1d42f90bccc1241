"""The grid of mixes: the joint budget of the three governances divided over the simplex, and what results over it have in common.

Public services keep their share, or are traded against the three if other shares are requested.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import UserError
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import Batch
from sim.lazy import lazily
from sim.levers import LEVERS
from sim.messages import Joined
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.schema.spending import target_of

with lazily():
    import pandas as pd

GOVERNANCES = ("self_governance", "rule_of_law", "moral_education")
SERVICES = "public_services"
OBJECTIVES = ("stability", "satisfaction")
MOST_STEPS = 40
OWN = "own"
"""Label of the scenario's own mix."""


class Mix(NamedTuple):
    """Shares of the budget of the three governances and of public services."""

    self_governance: float
    rule_of_law: float
    moral_education: float
    public_services: float


@dataclass(frozen=True, eq=False)
class GridResult(ExperimentResult):
    """Outcomes over the simplex, however they were obtained.

    Parameters
    ----------
    batch : Batch
        A scenario per mix, the scenario's own mix last (label ``own``).
    named : tuple of Scenario
        The scenario as it was given, in its own city.
    objectives : tuple of str
        Metrics that have a map; those with a usual direction decide which mixes are efficient.
    steps : int
        Along an edge of the simplex.
    mixes : DataFrame
        A row per mix: ``mix`` (label), the share of every lever, ``efficient``, ``share_efficient``, and a column for every objective.
    """

    batch: Batch
    named: tuple[Scenario, ...]
    objectives: tuple[str, ...]
    steps: int
    mixes: "pd.DataFrame"
    kind = "mix"

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of an experiment, with the scenario in full once and only the shares of the others."""
        whole = super().manifest
        shares = self.mixes[["mix", *LEVERS]].set_index("mix")
        return whole | {"scenarios": shares.to_dict("index"), "scenario": self.named[0].canonical()}


def mixes_of(scenario: Scenario, services: Sequence[float], steps: int) -> list[Mix]:
    """Every mix of a scenario on a grid.

    Parameters
    ----------
    scenario : Scenario
    services : sequence of float
        Shares of public services to try; that of the scenario by default.
    steps : int
        Along an edge.

    Raises
    ------
    UserError
        For a scenario without a share to divide, or whose timeline sets the shares.
    """
    _check_timeline(scenario)
    return [one for level in _levels(scenario, services) for one in simplex(level[0], level[1], steps)]


def table_of(labels: Sequence[str], mixes: Sequence[Mix]) -> "pd.DataFrame":
    """A row per mix: ``mix`` and the share of every lever."""
    return pd.DataFrame([{"mix": label, **one._asdict()} for label, one in zip(labels, mixes, strict=True)])


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


def has_direction(metric: str) -> bool:
    """Whether more, or less, of a metric is usually read as better."""
    return METRICS[metric].better != "neither"
