"""Policy over time: values of the levers in every week."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic_core import PydanticCustomError

from sim.city.staffing import PEOPLE, Staffing
from sim.levers import INSTRUMENTS, LEVER_WEEK, LEVERS
from sim.messages import Joined, Message
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.changes import Change, Setting, choices, is_choice, settled
from sim.scenario.schema.policy import TOLERANCE, Policy
from sim.scenario.schema.section import mistake
from sim.scenario.schema.spending import Money, by_itself, columns, course, excesses, form_of, money_of, moves_of, target_of
from sim.suggestions import nearest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Given(NamedTuple):
    """The parts of a scenario on which its timeline depends; None for those that are invalid.

    `staffing` is that of the shipped cities where the city is invalid (`city` is false). `names` has every name of each district, with
    its name in tables, and `residents` those of each district.
    """

    policy: Policy | None
    horizon: int | None
    budget: float | None
    staffing: Staffing
    city: bool
    names: Mapping[str, str] = {}
    residents: Mapping[str, int] = {}


class Move(NamedTuple):
    """One lever's change: it starts in week `at` from `before` and reaches `after` in week `end` (the same week for a step).

    `where` names the districts in which it holds, none for the whole city. People that are added are a change from 0.
    """

    key: str
    at: int
    end: int
    before: Setting
    after: Setting
    where: tuple[str, ...] = ()


Mistakes = Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]


def lever_table(scenario: "Scenario") -> np.ndarray:
    """Policy of every week, in districts without one of their own.

    Returns
    -------
    ndarray of LEVER_WEEK, shape (horizon,)
        Budget, money and staff of each instrument, stances.
    """
    return _table(scenario, _in_district(scenario.timeline, None))


def policies(scenario: "Scenario", districts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Every policy that a district follows, week by week, and the policy of every district.

    Parameters
    ----------
    scenario : Scenario
    districts : sequence of str
        Names of the districts.

    Returns
    -------
    ndarray of LEVER_WEEK, shape (horizon, policies)
        The first is that of districts without a policy of their own.
    ndarray of int64, shape (districts,)
    """
    found = {_held_in(scenario.timeline, None): 0}
    of = [found.setdefault(_held_in(scenario.timeline, name), len(found)) for name in districts]
    tables = [_table(scenario, tuple(scenario.timeline[index] for index in indices)) for indices in found]
    return np.stack(tables, axis=1), np.array(of, np.int64)


Changes = tuple[Change, ...]


def _in_district(changes: Sequence[Change], district: str | None) -> Changes:
    """The entries that hold in a district, or (None) in those that no entry names."""
    return tuple(changes[index] for index in _held_in(changes, district))


def _held_in(changes: Sequence[Change], district: str | None) -> tuple[int, ...]:
    """As `_in_district`, by number."""
    return tuple(index for index, change in enumerate(changes) if change.holds_in(district))


def _spans(changes: Sequence[Change], weeks: int) -> Iterator[tuple[slice, Changes]]:
    """Weeks between the ends of entries, each with the entries that have not ended."""
    ends = sorted({change.until for change in changes if change.until is not None and change.until < weeks})
    for first, last in zip([0, *ends], [*ends, weeks], strict=True):
        yield slice(first, last), tuple(change for change in changes if change.until is None or change.until > first)


def _table(scenario: "Scenario", changes: Changes) -> np.ndarray:
    """Policy of every week under some entries, each up to its end."""
    spans = list(_spans(changes, scenario.horizon))
    if len(spans) == 1:
        return _to_the_end(scenario, spans[0][1])
    return np.concatenate([_to_the_end(scenario, left)[span] for span, left in spans])


def _residents(scenario: "Scenario", changes: Changes) -> Mapping[str, int] | None:
    """Residents of the districts, where they are needed: an own city may have many communities."""
    return scenario.residents if any(change.add for change in changes) else None


def _to_the_end(scenario: "Scenario", changes: Changes) -> np.ndarray:
    """Policy of every week under entries that hold to the end."""
    weeks = scenario.horizon if changes else 1  # without changes, one week tells all
    budget = course(scenario.budget, moves_of("budget", changes), weeks)
    money = money_of(scenario.policy, changes, budget, scenario.staffing, _residents(scenario, changes)).instruments
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
    An entry that ends is followed by the change back.
    """
    places = dict.fromkeys([(), *(change.where.names for change in scenario.timeline if change.where)])
    found = [move for where in places for move in _moves_in(scenario, where)]
    return sorted(found, key=lambda move: move.at) if len(places) > 1 or any(not change.plain for change in scenario.timeline) else found


def _moves_in(scenario: "Scenario", where: tuple[str, ...]) -> Iterator[Move]:
    """Changes of the entries that hold in some districts and nowhere else, or (none) in the whole city."""
    timeline = _in_district(scenario.timeline, where[0] if where else None)
    last = _starts(scenario)
    money: Money | None = None
    for change in timeline:
        own = (change.where.names if change.where else ()) == where
        for key, value in change.values.items():
            if key not in last:
                if money is None:
                    budget = course(scenario.budget, moves_of("budget", timeline), max(scenario.horizon, 1))
                    money = money_of(scenario.policy, timeline, budget, scenario.staffing, _residents(scenario, timeline))
                last[key] = _in_form(key, change.at, money, scenario)
            if own:
                yield from _there_and_back(Move(key, change.at, change.end, last[key], value, where), change, scenario.horizon)
            if change.until is not None:
                continue
            replaced = {target_of(key), key.replace(".split.", ".")}
            for other in [other for other in last if target_of(other) in replaced]:
                del last[other]
            last[key] = value
        for form, given, usual in (("people", change.add, 0.0), ("times", change.times, 1.0)):
            for key, number in given.items() if own else ():
                yield from _there_and_back(Move(f"{key}.{form}", change.at, change.end, usual, number, where), change, scenario.horizon)


def _there_and_back(move: Move, change: Change, horizon: int) -> Iterator[Move]:
    """A change, and the change back where its entry ends."""
    yield move
    if change.until is not None and change.until < horizon:
        yield Move(move.key, change.until, change.until, move.after, move.before, move.where)


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
    unknown = list(_unknown_places(changes, given)) if given.city else []
    yield from unknown
    settled_changes = [(index, settled(change, given.names)) for index, change in changes]
    clashes: dict[tuple[tuple[str | int, ...], str], PydanticCustomError] = {}
    places = (None, *dict.fromkeys(given.names.values()))
    held = dict.fromkeys(_held_in([change for _, change in settled_changes], name) for name in places)
    groups = [[settled_changes[number] for number in numbers] for numbers in held]
    for group in groups:
        clashes |= {(path, str(error.context)): error for path, error in _clashes(group)}
    yield from ((path, error) for (path, _), error in clashes.items())
    if complete and given.policy is not None and horizon is not None and not late and not clashes and not unknown:
        for group in groups:
            problems = list(_sums(group, given, given.policy, horizon))
            yield from problems
            if problems:
                return


def _unknown_places(changes: Sequence[tuple[int, Change]], given: "Given") -> Mistakes:
    """Report districts that the city does not have."""
    for index, change in changes:
        for number, name in enumerate(change.where.names if change.where else ()):
            if name not in given.names:
                expected = Message("a district ({names})", names=Joined(list(dict.fromkeys(given.names.values()))[:20]))
                path = ("district",) if change.where and change.where.district else ("districts", number)
                yield (index, "where", *path), mistake(shown(name), expected, nearest(name, given.names))


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
    return set(change.levers.model_dump(by_alias=True, exclude_none=True)) if change.levers else set()  # type: ignore[attr-defined]


def _sums(changes: Sequence[tuple[int, Change]], given: "Given", policy: Policy, horizon: int) -> Mistakes:
    """Report money above the budget, staff above what a city has, and splits without weights, each in the first such week."""
    every = [change for _, change in sorted(changes, key=lambda one: (one[1].at, one[1].over))]
    relative = any(change.add or change.times for change in every)
    in_shares = all(section.in_share for _, section in policy) and not any(by_itself(key) for change in every for key in change.values)
    if not (in_shares and not relative) and (given.budget is None or not given.city):  # without a valid budget and city, costs are unknown
        return
    in_shares = in_shares and not relative
    for span, entries in _spans(every, horizon):
        problems = list(_sums_of(changes, entries, span, given, policy, horizon, in_shares))
        yield from problems
        if problems:
            return


def _sums_of(
    changes: Sequence[tuple[int, Change]], entries: Changes, span: slice, given: "Given", policy: Policy, horizon: int, in_shares: bool
) -> Mistakes:
    """As `_sums`, in some weeks in which the same entries have not ended."""
    weekly = np.ones(horizon) if in_shares else course(given.budget or 0.0, moves_of("budget", entries), horizon)
    money = money_of(policy, entries, weekly, given.staffing, given.residents)
    money.instruments[: span.start] = money.instruments[span.stop :] = 0.0  # other entries hold then
    if in_shares:
        yield from _shares(changes, money.instruments / given.staffing.budget, horizon)
    else:
        keys = ["budget", *(key for change in entries for key in (*change.values, *change.add, *change.times) if key.startswith("policy."))]
        for week, error in excesses(money, weekly * given.staffing.budget, given.staffing):
            yield _cause(changes, week, keys), error
    for lever, parts_of in LEVERS.items():
        keys = [f"policy.{lever}.split.{part}" for part in parts_of]
        total = np.sum([np.broadcast_to(money.weights[f"{lever}.{part}"], horizon) for part in parts_of], axis=0)
        for week in np.flatnonzero(total[span] <= 0)[:1] + span.start:
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
    begun = [
        (change.at, index)
        for index, change in changes
        if change.at <= week and set(keys) & {*change.values, *change.add, *change.times} and not (change.until or week + 1) <= week
    ]
    begun = begun or [(change.at, index) for index, change in changes if change.at <= week]
    index = max(begun)[1]
    change = next(change for other, change in changes if other == index)
    return index, next(name for name, given in (("set", change.values), ("add", change.add), ("times", change.times)) if given)


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
