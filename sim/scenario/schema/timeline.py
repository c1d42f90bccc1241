"""Policy over time: values of the levers in every week."""

import operator
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic_core import PydanticCustomError

from sim.city.staffing import Staffing
from sim.levers import INSTRUMENTS, LEVER_WEEK, LEVERS
from sim.messages import Joined, Message
from sim.scenario.schema.changes import Change, Setting, choices, is_choice
from sim.scenario.schema.policy import TOLERANCE, Policy
from sim.scenario.schema.section import mistake

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Move(NamedTuple):
    """One lever's change: it starts in week `at` from `before` and reaches `after` in week `end` (the same week for a step)."""

    key: str
    at: int
    end: int
    before: Setting
    after: Setting


Mistakes = Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]


def lever_table(scenario: "Scenario") -> np.ndarray:
    """Policy of every week.

    Returns
    -------
    ndarray of LEVER_WEEK, shape (horizon,)
        Budget, money and staff of each instrument, stances.
    """
    if not scenario.timeline:
        return np.repeat(_steady(scenario), scenario.horizon)
    weeks = scenario.horizon
    table = np.zeros(weeks, _record(scenario))
    levers = _courses(scenario.policy, scenario.timeline, weeks)
    shares = np.zeros((weeks, len(INSTRUMENTS)))
    for index, name in enumerate(INSTRUMENTS):
        lever, part = name.split(".")
        weights = [levers[f"policy.{lever}.split.{other}"] for other in LEVERS[lever]]
        shares[:, index] = levers[f"policy.{lever}"] * levers[f"policy.{lever}.split.{part}"] / sum(weights)
    for name in ("budget", *type(scenario.stance).model_fields):
        key = "budget" if name == "budget" else f"stance.{name}"
        start = scenario.budget if name == "budget" else getattr(scenario.stance, name)
        if is_choice(key):
            codes = [(change.at, 0, choices(key).index(change.values[key])) for change in scenario.timeline if key in change.values]
            table[name] = course(choices(key).index(start), codes, weeks)
        else:
            table[name] = course(start, _moves_of(key, scenario.timeline), weeks)
    _put_money(table, scenario.staffing, course(scenario.budget, _moves_of("budget", scenario.timeline), weeks), shares)
    return table


def _put_money(table: np.ndarray, staffing: Staffing, budget: np.ndarray, shares: np.ndarray) -> None:
    """Fill in budget, money and staff of every week from the budget (in reference budgets) and the share of each instrument."""
    money = shares * budget[:, None] * staffing.budget
    table["budget"], table["money"], table["staff"] = budget * staffing.budget, money, staffing.staff_for(money)


def _record(scenario: "Scenario") -> np.dtype:
    return scenario.model.levers if scenario.plugins else LEVER_WEEK


def _steady(scenario: "Scenario") -> np.ndarray:
    """Policy of a single week as a record of LEVER_WEEK, if it is the same in every week."""
    levers = _starts(scenario.policy)
    totals = {lever: reduce(operator.add, (levers[f"policy.{lever}.split.{part}"] for part in LEVERS[lever])) for lever in LEVERS}
    shares = []
    for name in INSTRUMENTS:
        lever, part = name.split(".")
        shares.append(levers[f"policy.{lever}"] * levers[f"policy.{lever}.split.{part}"] / totals[lever])  # type: ignore[operator]
    table = np.zeros(1, _record(scenario))
    _put_money(table, scenario.staffing, np.array([scenario.budget]), np.array([shares]))
    for name in type(scenario.stance).model_fields:
        value, key = getattr(scenario.stance, name), f"stance.{name}"
        table[name] = choices(key).index(value) if is_choice(key) else value
    return table


def course(start: float, moves: Sequence[tuple[int, int, float]], weeks: int) -> np.ndarray:
    """Value of one lever in every week.

    Parameters
    ----------
    start : float
        Value before the first move.
    moves : sequence of (at, over, target)
        In order of time, without overlaps: from week `at` the value moves by equal steps, and equals `target` from week ``at + over`` on.
    weeks : int

    Returns
    -------
    ndarray of float64, shape (weeks,)
    """
    values = np.full(weeks, float(start))
    for at, over, target in moves:
        before, steps = values[at], min(over, weeks - at)
        values[at : at + steps] = before + (target - before) * (np.arange(steps) / max(over, 1))
        values[at + steps :] = target
    return values


def moves(scenario: "Scenario") -> list[Move]:
    """Every change of the timeline, lever by lever, with initial and final value; sorted by week."""
    found, last = [], {**_starts(scenario.policy), "budget": scenario.budget}
    last |= {f"stance.{name}": value for name, value in scenario.stance.model_dump().items()}
    for change in scenario.timeline:
        for key, value in change.values.items():
            found.append(Move(key, change.at, change.end, last[key], value))
            last[key] = value
    return found


def mistakes(changes: Sequence[tuple[int, Change]], policy: Policy | None, horizon: int | None, complete: bool) -> Mistakes:
    """Mistakes of a timeline as a whole, each with its path below ``timeline``.

    Parameters
    ----------
    changes : sequence of (int, Change)
        The valid entries, each with its index in the file.
    policy : Policy or None
        Initial policy; None if invalid.
    horizon : int or None
        None if invalid.
    complete : bool
        Whether all entries are valid, so that their combination can be checked.
    """
    late = [(index, change) for index, change in changes if horizon is not None and change.at >= horizon]
    for index, change in late:
        yield (
            (index, "at"),
            mistake(Message("week {week}", week=change.at), Message("a week before the horizon, 0 to {last}", last=(horizon or 1) - 1)),
        )
    clashes = list(_clashes(changes))
    yield from clashes
    if complete and policy is not None and horizon is not None and not late and not clashes:
        yield from _sums(changes, policy, horizon)


def _clashes(changes: Sequence[tuple[int, Change]]) -> Mistakes:
    """Report changes of a lever that begin before its previous change has ended."""
    of: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for index, change in changes:
        for key in change.values:
            of[key].append((change.at, change.end, index))
    for key, spans in of.items():
        spans.sort()
        for (at, end, first), (next_at, _, second) in zip(spans, spans[1:], strict=False):
            if next_at < max(end, at + 1):
                where = (first, "set", key) if key in _written(changes, first) else (first, "set")
                own = (second, "set", key) if key in _written(changes, second) else (second, "set")
                got = Message("a change of {key} in week {week}, while it changes in week {week}, too", key=key, week=next_at)
                if end > at:
                    got = Message("a change of {key} in week {week}, while it is changing until week {end}", key=key, week=next_at, end=end)
                yield own, mistake(got, Message("one change at a time"), also=("timeline", *where))


def _written(changes: Sequence[tuple[int, Change]], index: int) -> set[str]:
    """Keys of an entry as typed."""
    change = next(change for other, change in changes if other == index)
    return set(change.levers.model_dump(by_alias=True, exclude_none=True))  # type: ignore[attr-defined]


def _sums(changes: Sequence[tuple[int, Change]], policy: Policy, horizon: int) -> Mistakes:
    """Report shares that sum to more than 1, and splits without weights, in the first such week."""
    levers = _courses(policy, [change for _, change in changes], horizon)
    total = np.sum([levers[f"policy.{lever}"] for lever in LEVERS], axis=0)
    for week in np.flatnonzero(total > 1 + TOLERANCE)[:1]:
        parts = Joined(f"{lever} {levers[f'policy.{lever}'][week]:.4g}" for lever in LEVERS)
        got = Message("shares that sum to {total:.10g} in week {week} ({parts})", total=total[week], week=week, parts=parts)
        yield _cause(changes, week, [f"policy.{lever}" for lever in LEVERS]), mistake(got, Message("at most 1 in every week"))
    for lever, parts_of in LEVERS.items():
        keys = [f"policy.{lever}.split.{part}" for part in parts_of]
        for week in np.flatnonzero(np.sum([levers[key] for key in keys], axis=0) <= 0)[:1]:
            got = Message("weights of {lever} that sum to 0 in week {week}", lever=lever, week=week)
            yield _cause(changes, week, keys), mistake(got, Message("a positive weight in every week"))


def _cause(changes: Sequence[tuple[int, Change]], week: int, keys: list[str]) -> tuple[int, str]:
    """The last entry up to a week that changes one of `keys`."""
    begun = [(change.at, index) for index, change in changes if change.at <= week and set(keys) & set(change.values)]
    return max(begun)[1], "set"


def _starts(policy: Policy) -> dict[str, Setting]:
    """Initial share and weights of every lever, by key."""
    found: dict[str, Setting] = {}
    for lever, parts in LEVERS.items():
        section = getattr(policy, lever)
        found[f"policy.{lever}"] = section.share
        found |= {f"policy.{lever}.split.{part}": section.split[part] for part in parts}
    return found


def _courses(policy: Policy, changes: Sequence[Change], weeks: int) -> dict[str, np.ndarray]:
    """Share and weights of every lever in every week, by key."""
    return {key: course(start, _moves_of(key, changes), weeks) for key, start in _starts(policy).items()}  # type: ignore[arg-type]


def _moves_of(key: str, changes: Sequence[Change]) -> list[tuple[int, int, float]]:
    return sorted((change.at, change.over, change.values[key]) for change in changes if key in change.values)  # type: ignore[misc]
