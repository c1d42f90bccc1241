"""Cities in which only some mechanisms act, and where two cities that lived the same weeks differ."""

from collections.abc import Iterable

import numpy as np
from annotated_types import Ge, Le
from cities import small
from declared import KINDS

from sim.city.columns import columns_of
from sim.city.community import BLOCK, COMMUNITY, COUNTS, SUMS
from sim.city.resident import Resident
from sim.levers import STANCES
from sim.mechanisms import MECHANISMS
from sim.shocks import SHOCK_KINDS
from sim.simulation import Simulation
from sim.spec import options_of

TALLIES = (*COUNTS, *SUMS)
STIRRED = {"unrest": {"spontaneous": 1.0, "least": 1000.0, "threshold": 0.0}}
"""Settings without which a mechanism has hardly anything to do in a small, calm city."""
RAISED = {f"stance.{name}": (row.low + row.high) / 2 for name, row in STANCES.items() if not row.choices and row.default == row.low}
"""Stances that rest at their lowest value, half way up: what rests cannot be tested."""
EVENTFUL = {
    **RAISED,
    "stance.digital_services": 0.7,
    "timeline": [{"at": 10, "set": {"policy.rule_of_law": 0.2}}],
    "shocks": [{"kind": kind, "at": 2 + 3 * number, "lasts": 60, "strength": 0.8} for number, kind in enumerate(SHOCK_KINDS)],
}
"""Changes that give every mechanism something to answer to: every kind of shock, every stance, levers that move."""


def switched(on: Iterable[str]) -> dict[str, bool]:
    """Changes that leave only the mechanisms `on`."""
    on = set(on)
    return {f"mechanisms.{name}.enabled": name in on for name in MECHANISMS}


def settings_of(name: str, values: dict) -> dict[str, float]:
    """Changes that set parameters of one mechanism."""
    return {f"mechanisms.{name}.{key}": value for key, value in values.items()}


def limits(field) -> tuple:
    """Lowest and highest value that a declared parameter may have, or the first and last option of a choice."""
    if options := list(options_of(field)):
        return options[0], options[-1]
    return next(m.ge for m in field.metadata if isinstance(m, Ge)), next(m.le for m in field.metadata if isinstance(m, Le))


def farthest(field) -> float | str:
    """The limit of a declared parameter that is farther from its default; of a choice the last option that is none."""
    low, high = limits(field)
    if options_of(field):
        return low if field.default == high else high
    return high if field.default - low < high - field.default else low


def live(changes: dict | None = None, weeks: int = 30, seed: int = 1, **city) -> Simulation:
    """A small city that has lived some weeks under a scenario with these changes."""
    simulation = Simulation(small(weeks, **city).with_changes(changes or {}), seed)
    simulation.advance(weeks)
    return simulation


def alone(*names: str, changes: dict | None = None, **more) -> Simulation:
    """A city that has lived some weeks with only these mechanisms switched on (and stirred up, see `STIRRED` and `EVENTFUL`)."""
    stirred = {key: value for name in names for key, value in settings_of(name, STIRRED.get(name, {})).items()}
    weeks = more.get("weeks", 30)
    eventful = {key: [one for one in value if one["at"] < weeks] if isinstance(value, list) else value for key, value in EVENTFUL.items()}
    return live({**switched(names), **eventful, **stirred, **(changes or {})}, **more)


def state(simulation: Simulation) -> dict[str, np.ndarray]:
    """Everything that a mechanism may declare to write, by that name, and every count and sum of every week as ``count.name``."""
    found = {name: simulation.city.residents.values(name) for name in columns_of(Resident)}
    communities = simulation.city.world.communities
    found |= {f"community.{name}": communities[name].copy() for name in COMMUNITY.names if name not in ("now", "last", "spare")}
    found |= {f"blocks.{name}": simulation.city.world.blocks[name].copy() for name in BLOCK.names}
    for kind, owner in KINDS.items():
        table = simulation.city.tables[owner.__name__]
        found |= {f"{kind}.{name}": table.values(name) for name in table.columns}
    history = simulation.city.world.history[: simulation.week]
    return found | {f"count.{name}": history[:, :, number].copy() for number, name in enumerate(TALLIES)}


def changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    """Names of what differs."""
    return {name for name, values in before.items() if not np.array_equal(values, after[name], equal_nan=True)}
