"""What a city's arrays hold: its settings, which a scenario gives, and its state, which a simulation changes."""

import numpy as np

from sim.city.world import World

BY_WEEK = ("levers", "policies")
SETTINGS = ("seed", "decode", "first_neighbour", "neighbours", *BY_WEEK, "policy_of", "shocks", "parameters", "enabled", "weights")
HISTORIES = tuple(name for name in World._fields if name.startswith("history_") or name == "history")
YEARLY = ("history_communities",)
STATE = tuple(name for name in World._fields if name not in (*SETTINGS, *HISTORIES, "tallies"))
"""Without ``tallies``, which are columns of ``communities``."""


def same_until(one: World, other: World, week: int) -> bool:
    """Whether two worlds have the same settings before a week, apart from how long they are simulated."""
    always = [name for name in SETTINGS if name not in (*BY_WEEK, "policy_of")]
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in always)
        and all(_layout(getattr(one, name)) == _layout(getattr(other, name)) for name in STATE)
        and np.array_equal(one.levers[:week], other.levers[:week])
        and np.array_equal(one.policies[:week, one.policy_of], other.policies[:week, other.policy_of])
    )


def _layout(array: np.ndarray) -> tuple[tuple[int, ...], np.dtype]:
    return array.shape, array.dtype


def copy_state(one: World, other: World, week: int) -> None:
    """Write the state of a world, and its history before a week, over those of another with the same settings."""
    for name in STATE:
        getattr(other, name)[...] = getattr(one, name)
    for name in HISTORIES:
        past = slice(week // 52 if name in YEARLY else week)
        getattr(other, name)[past] = getattr(one, name)[past]
