"""The history of one agent under both policies, with common random numbers, and the mean over all agents of its kind."""

from dataclasses import dataclass

import numpy as np

from sim.city.columns import Column
from sim.dashboard.agents import counted, shown
from sim.dashboard.tasks import Tick
from sim.model import GovernanceModel

STEP = 26
"""Weeks between two updates of the progress bar."""
FIRST_KIND = "Resident"


@dataclass(frozen=True, eq=False)
class AgentHistory:
    """The columns of one agent in every week.

    Parameters
    ----------
    kind : str
    fixed : dict
        Columns that never change, with their values.
    weekly : dict of str to ndarray, shape (2, weeks)
        Other columns: under your policy, and under the baseline.
    means : dict of str to ndarray, shape (2, weeks)
        Means over all agents of the kind (over adults for residents), without the special values in `agents.STOPS`; empty if the kind has
        one agent only.
    columns : dict of str to Column
    """

    kind: str
    fixed: dict[str, object]
    weekly: dict[str, np.ndarray]
    means: dict[str, np.ndarray]
    columns: dict[str, Column]


def follow(yours, baseline, kind: str, number: int, tick: Tick | None = None) -> AgentHistory:
    """Record one agent under both policies, with common random numbers."""
    followed = [_record(scenario, kind, number, _half(tick, place)) for place, scenario in enumerate((yours, baseline))]
    columns, fixed = followed[1][:2]
    weekly, means = ({name: np.array([each[place][name] for each in followed], float) for name in followed[0][place]} for place in (2, 3))
    return AgentHistory(kind, fixed, weekly, means, columns)


def _half(tick: Tick | None, place: int) -> Tick | None:
    return None if tick is None else lambda week, weeks: tick(place * weeks + week, 2 * weeks)


def _record(scenario, kind: str, number: int, tick: Tick | None) -> tuple[dict, dict, dict, dict]:
    model = GovernanceModel(scenario, scenario.seed)
    agent, table = model.roster.agent(kind, number), model.roster.by_name[kind]
    columns = {name: column for name, column in table.columns.items() if shown(column)}
    fixed = {name: agent.label(name) if column.choices else getattr(agent, name) for name, column in columns.items() if column.fixed}
    moving = [name for name, column in columns.items() if not column.fixed]
    averaged = [name for name in moving if not columns[name].choices] if len(table) > 1 else []
    whom = table.values("age_group") > 0 if kind == FIRST_KIND else np.ones(len(table), bool)
    weekly: dict[str, list[float]] = {name: [] for name in moving}
    means: dict[str, list[float]] = {name: [] for name in averaged}
    for week in range(model.horizon):
        model.simulation.advance(1)
        for name in moving:
            weekly[name].append(getattr(agent, name))
        for name in averaged:
            known = counted(name, columns[name], table.values(name)[whom])
            known = known[np.isfinite(known)]
            means[name].append(float(known.mean()) if len(known) else float("nan"))
        if tick and week % STEP == 0:
            tick(week, model.horizon)
    return columns, fixed, weekly, means


def examples(model: GovernanceModel) -> dict[str, int]:
    """Rows of a few residents who make good examples, by the key of the words that describe them."""
    table = model.roster.by_name[FIRST_KIND]
    hardship, local, engagement, age = (table.values(name) for name in ("hardship", "local", "engagement", "age_group"))
    adult = age > 0
    outside = np.flatnonzero(adult & (local == 0))
    return {
        "example_poor": int(np.argmax(np.where(adult, hardship, -1))),
        **({"example_outside": int(outside[len(outside) // 2])} if len(outside) else {}),
        "example_joiner": int(np.argmax(np.where(adult, engagement, -1))),
    }
