"""Policy over time: values of the levers in every week."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic_core import PydanticCustomError

from sim.city.staffing import PEOPLE, Staffing
from sim.levers import INSTRUMENTS, LEVER_WEEK, LEVERS
from sim.messages import Joined, Message
from sim.scenario.schema.changes import Change, Setting, choices, is_choice
from sim.scenario.schema.policy import TOLERANCE, Policy
from sim.scenario.schema.section import mistake
from sim.scenario.schema.spending import Money, by_itself, columns, course, excesses, form_of, money_of, moves_of, target_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Given(NamedTuple):
    """The parts of a scenario on which its timeline depends; None for those that are invalid.

    `staffing` is that of the shipped cities where the city is invalid (`city` is false).
    """

    policy: Policy | None
    horizon: int | None
    budget: float | None
    staffing: Staffing
    city: bool


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
    changes = scenario.timeline
    weeks = scenario.horizon if changes else 1  # without changes, one week tells all
    budget = course(scenario.budget, moves_of("budget", changes), weeks)
    money = money_of(scenario.policy, changes, budget, scenario.staffing).instruments
    table = np.zeros(weeks, scenario.model.levers if scenario.plugins else LEVER_WEEK)
    table["budget"], table["money"], table["staff"] = budget * scenario.staffing.budget, money, scenario.staffing.staff_for(money)
    for name, start in scenario.stance:
        key = f"stance.{name}"
        codes = choices(key) if is_choice(key) else ()
        table[name] = codes.index(start) if codes else start
        if codes and changes:
            steps = [(change.at, 0, codes.index(change.values[key])) for change in changes if key in change.values]
            table[name] = course(codes.index(start), steps, weeks)
        elif changes:
            table[name] = course(start, moves_of(key, changes), weeks)
    return table if changes else np.repeat(table, scenario.horizon)


def moves(scenario: "Scenario") -> list[Move]:
    """Every change of the timeline, lever by lever, with initial and final value; sorted by week.

    Where a lever or instrument had another form before, its value before is its money, staff or share in the form that it changes to.
    """
    found, last = [], _starts(scenario)
    money: Money | None = None
    for change in scenario.timeline:
        for key, value in change.values.items():
            if key not in last:
                if money is None:
                    budget = course(scenario.budget, moves_of("budget", scenario.timeline), max(scenario.horizon, 1))
                    money = money_of(scenario.policy, scenario.timeline, budget, scenario.staffing)
                last[key] = _in_form(key, change.at, money, scenario)
            found.append(Move(key, change.at, change.end, last[key], value))
            replaced = {target_of(key), key.replace(".split.", ".")}
            for other in [other for other in last if target_of(other) in replaced]:
                del last[other]
            last[key] = value
    return found


def _in_form(key: str, week: int, money: Money, scenario: "Scenario") -> float:
    """What a lever or instrument has before a week's change, in the form of a key."""
    week = max(0, min(week, scenario.horizon) - 1)
    lever, _, part = target_of(key).removeprefix("policy.").partition(".")
    places = columns(lever) if not part else [INSTRUMENTS.index(f"{lever}.{part}")]
    found = money.instruments[week, places]
    budget = course(scenario.budget, moves_of("budget", scenario.timeline), scenario.horizon)[week] * scenario.staffing.budget
    share = found.sum() / budget if budget > 0 else 0.0
    staff = (found / scenario.staffing.price()[places]).sum() * PEOPLE
    return float({"share": share, "yuan": found.sum(), "staff": staff}[form_of(key)])


def mistakes(changes: Sequence[tuple[int, Change]], given: "Given", complete: bool) -> Mistakes:
    """Mistakes of a timeline as a whole, each with its path below ``timeline``.

    Parameters
    ----------
    changes : sequence of (int, Change)
        The valid entries, each with its index in the file.
    given : Given
        The other parts of the scenario.
    complete : bool
        Whether all entries are valid, so that their combination can be checked.
    """
    horizon = given.horizon
    late = [(index, change) for index, change in changes if horizon is not None and change.at >= horizon]
    for index, change in late:
        yield (
            (index, "at"),
            mistake(Message("week {week}", week=change.at), Message("a week before the horizon, 0 to {last}", last=(horizon or 1) - 1)),
        )
    clashes = list(_clashes(changes))
    yield from clashes
    if complete and given.policy is not None and horizon is not None and not late and not clashes:
        yield from _sums(changes, given, given.policy, horizon)


def _clashes(changes: Sequence[tuple[int, Change]]) -> Mistakes:
    """Report changes of a lever that begin before its previous change has ended."""
    of: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for index, change in changes:
        targets = {target_of(key): key for key in change.values}
        alone = {target: key for target, key in targets.items() if ".split." in key}  # a weight changes what an instrument gets, too
        targets = {key.replace(".split.", "."): key for key in alone.values()} | targets
        for target, key in targets.items():
            of[target].append((change.at, change.end, index, key))
    reported = set()
    for spans in of.values():
        spans.sort()
        for (at, end, first, one), (next_at, _, second, key) in zip(spans, spans[1:], strict=False):
            if next_at < max(end, at + 1) and (first, second, key) not in reported:
                reported.add((first, second, key))
                where = (first, "set", one) if one in _written(changes, first) else (first, "set")
                own = (second, "set", key) if key in _written(changes, second) else (second, "set")
                got = Message("a change of {key} in week {week}, while it changes in week {week}, too", key=key, week=next_at)
                if end > at:
                    got = Message("a change of {key} in week {week}, while it is changing until week {end}", key=key, week=next_at, end=end)
                yield own, mistake(got, Message("one change at a time"), also=("timeline", *where))


def _written(changes: Sequence[tuple[int, Change]], index: int) -> set[str]:
    """Keys of an entry as typed."""
    change = next(change for other, change in changes if other == index)
    return set(change.levers.model_dump(by_alias=True, exclude_none=True))  # type: ignore[attr-defined]


def _sums(changes: Sequence[tuple[int, Change]], given: "Given", policy: Policy, horizon: int) -> Mistakes:
    """Report money above the budget, staff above what a city has, and splits without weights, each in the first such week."""
    entries = [change for _, change in sorted(changes, key=lambda one: (one[1].at, one[1].over))]
    in_shares = all(section.in_share for _, section in policy) and not any(by_itself(key) for change in entries for key in change.values)
    if not in_shares and (given.budget is None or not given.city):  # without a valid budget and city, costs are unknown
        return
    weekly = np.ones(horizon) if in_shares else course(given.budget or 0.0, moves_of("budget", entries), horizon)
    money = money_of(policy, entries, weekly, given.staffing)
    if in_shares:
        yield from _shares(changes, money.instruments / given.staffing.budget, horizon)
    else:
        keys = ["budget", *(key for change in entries for key in change.values if key.startswith("policy."))]
        for week, error in excesses(money, weekly * given.staffing.budget, given.staffing):
            yield _cause(changes, week, keys), error
    for lever, parts_of in LEVERS.items():
        keys = [f"policy.{lever}.split.{part}" for part in parts_of]
        for week in np.flatnonzero(sum(np.broadcast_to(money.weights[f"{lever}.{part}"], horizon) for part in parts_of) <= 0)[:1]:
            got = Message("weights of {lever} that sum to 0 in week {week}", lever=lever, week=week)
            yield _cause(changes, week, keys), mistake(got, Message("a positive weight in every week"))


def _shares(changes: Sequence[tuple[int, Change]], shares: np.ndarray, horizon: int) -> Mistakes:
    """Report shares of the budget, shape (weeks, instruments), that sum to more than 1."""
    levers = {lever: shares[:, columns(lever)].sum(axis=1) for lever in LEVERS}
    total = np.sum(list(levers.values()), axis=0)
    for week in np.flatnonzero(total > 1 + TOLERANCE)[:1]:
        parts = Joined(f"{lever} {share[week]:.4g}" for lever, share in levers.items())
        got = Message("shares that sum to {total:.10g} in week {week} ({parts})", total=total[week], week=week, parts=parts)
        yield _cause(changes, week, [f"policy.{lever}" for lever in LEVERS]), mistake(got, Message("at most 1 in every week"))


def _cause(changes: Sequence[tuple[int, Change]], week: int, keys: list[str]) -> tuple[int, str]:
    """The last entry up to a week that changes one of `keys`."""
    begun = [(change.at, index) for index, change in changes if change.at <= week and set(keys) & set(change.values)]
    return max(begun)[1], "set"


def _starts(scenario: "Scenario") -> dict[str, Setting]:
    """Initial value of every lever, by key."""
    found: dict[str, Setting] = {"budget": scenario.budget}
    found |= {f"stance.{name}": value for name, value in scenario.stance.model_dump().items()}
    for lever, parts in LEVERS.items():
        section = getattr(scenario.policy, lever)
        found |= {f"policy.{lever}.split.{part}": section.split[part] for part in parts}
        if not section.alone:
            found[_key(f"policy.{lever}", section.form)] = section.amount
        found |= {_key(f"policy.{lever}.{part}", amount.form): amount.amount for part, amount in section.alone.items()}
    return found


def _key(target: str, form: str) -> str:
    return target if form == "share" else f"{target}.{form}"
