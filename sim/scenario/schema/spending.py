"""What a policy costs: money of each instrument in every week, from shares of the budget, money and staff.

A lever's amount is divided by its split. Where an amount changes over time, it moves linearly in money: each form in which it is given has
a course of its own, and while a lever changes from one form to another, the old one falls to 0 as the new one rises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pydantic_core import PydanticCustomError

from sim.city.staffing import PEOPLE, Staffing
from sim.levers import INSTRUMENTS, LEVERS
from sim.messages import Joined, Message
from sim.scenario.cities.currencies import KEYS, YUAN
from sim.scenario.cities.staffing_rows import MOST_STAFF, too_many
from sim.scenario.schema.policy import FORMS, MOST_WEIGHT, TOLERANCE, Amount, Lever, Policy
from sim.scenario.schema.section import mistake

if TYPE_CHECKING:
    from sim.scenario.schema.changes import Change

TINY = 1e-9
"""Money per resident and year below which a cost above the budget is rounding."""
Number = float | np.ndarray
"""A number that is the same in every week, or one for each week."""
Steps = list[tuple[int, int, float]]
"""Moves of one number: first week, weeks that it takes, and the value that it reaches."""


@dataclass(frozen=True)
class Money:
    """Money of every week, in currency per resident and year.

    Parameters
    ----------
    levers : dict of float, or of ndarray of shape (weeks,)
        What each lever has before instruments are given by themselves.
    instruments : ndarray, shape (weeks, instruments)
    weights : dict of float, or of ndarray of shape (weeks,)
        Weight of every instrument in the split of its lever.
    """

    levers: dict[str, Number]
    instruments: np.ndarray
    weights: dict[str, Number]

    def of(self, lever: str) -> np.ndarray:
        """Money of a lever: the sum of its instruments, shape (weeks,)."""
        return self.instruments[:, columns(lever)].sum(axis=1)


@cache
def columns(lever: str) -> list[int]:
    """Columns of a lever's instruments."""
    return [INSTRUMENTS.index(f"{lever}.{part}") for part in LEVERS[lever]]


Residents = Mapping[str, int]
"""Residents of each district, at the real size of the city."""


def money_of(
    policy: Policy, changes: Sequence["Change"], budget: np.ndarray, staffing: Staffing, residents: Residents | None = None
) -> Money:
    """Money of every instrument in every week.

    Parameters
    ----------
    policy : Policy
        What holds at the beginning.
    changes : sequence of Change
        By week.
    budget : ndarray, shape (weeks,)
        1 is the budget of the city today.
    staffing : Staffing
    residents : mapping of str to int, optional
        Needed where entries add people.
    """
    weeks, pot = len(budget), budget * staffing.budget
    prices = (staffing.price() / PEOPLE).tolist()  # money of one member of staff per 10,000 residents
    levers: dict[str, Number] = {}
    weights: dict[str, Number] = {}
    found = np.zeros((weeks, len(INSTRUMENTS)))
    for lever, parts in LEVERS.items():
        section, places = getattr(policy, lever), columns(lever)
        own = [_course(section.split[part], moves_of(f"policy.{lever}.split.{part}", changes), weeks) for part in parts]
        weights |= {f"{lever}.{part}": weight for part, weight in zip(parts, own, strict=True)}
        total = _not_zero(sum(own[1:], own[0]))  # without weights nothing is spent: an error, which is reported elsewhere
        each = total / _not_zero(sum(weight / prices[place] for place, weight in zip(places, own, strict=True)))
        levers[lever] = _amount(section, f"policy.{lever}", changes, pot, each)
        for place, part, weight in zip(places, parts, own, strict=True):
            key, alone = f"policy.{lever}.{part}", getattr(section, part)
            found[:, place] = levers[lever] * weight / total
            if alone is not None or any(target_of(name) == key for change in changes for name in change.values):
                kept = _kept(alone is not None, lever, part, changes, weeks)
                found[:, place] = found[:, place] * kept + _amount(alone, key, changes, pot, prices[place])
    for change in changes:
        for key, factor in change.times.items():
            found[:, _place(key)] *= course(1.0, [(change.at, change.over, factor)], weeks)
    for change in changes:
        for key, people in change.add.items():
            each = PEOPLE * people / max(1, _living(change, residents or {}))  # per 10,000 residents of the place
            found[:, _place(key)] += course(0.0, [(change.at, change.over, each * prices[_place(key)])], weeks)
    return Money(levers, found, weights)


def _place(key: str) -> int:
    """Column of an instrument by its key in a policy."""
    return INSTRUMENTS.index(key.removeprefix("policy."))


def _living(change: "Change", residents: Residents) -> int:
    """Residents of the districts in which an entry holds."""
    return sum(number for name, number in residents.items() if change.holds_in(name))


def _not_zero(value: Number) -> Number:
    """A number, or 1 where it is 0."""
    return np.where(value == 0.0, 1.0, value) if isinstance(value, np.ndarray) else value or 1.0


def _amount(given: Lever | Amount | None, key: str, changes: Sequence["Change"], pot: np.ndarray, price: Number) -> Number:
    """Money of what is given in one form at a time; `price` is that of one member of staff per 10,000 residents."""
    found: Number = 0.0
    for form, name in FORMS.items():
        start = (getattr(given, name) if given is not None else None) or 0.0
        steps = _steps(key, form, changes) if changes else []
        if start or steps:
            worth: Number = pot if form == "share" else price if form == "staff" else 1.0
            found = found + _course(start, steps, len(pot)) * worth
    return found


def _steps(key: str, form: str, changes: Sequence["Change"]) -> Steps:
    """Moves of an amount in one form: to what it is set, and to 0 where another form, or a split, takes its place."""
    lever, _, part = key.removeprefix("policy.").partition(".")
    found = []
    for change in changes:
        forms = {form_of(name): value for name, value in change.values.items() if target_of(name) == key}
        if forms:
            found.append((change.at, change.over, forms.get(form, 0.0)))
        elif part and f"policy.{lever}.split.{part}" in change.values:
            found.append((change.at, change.over, 0.0))
    return found  # type: ignore[return-value]


def _kept(alone: bool, lever: str, part: str, changes: Sequence["Change"], weeks: int) -> Number:
    """Part of an instrument's portion of its lever that it has in every week: 0 while it is given by itself, otherwise 1."""
    steps: Steps = []
    for change in changes:
        if any(target_of(name) == f"policy.{lever}.{part}" for name in change.values):
            steps.append((change.at, change.over, 0.0))
        elif f"policy.{lever}.split.{part}" in change.values:
            steps.append((change.at, change.over, 1.0))
    return _course(0.0 if alone else 1.0, steps, weeks)


def amount_text(value: float, currency: str) -> Message:
    """Money per resident and year in words."""
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    if currency == YUAN:
        return Message("{amount} yuan per resident and year", amount=number)
    return Message("{amount} {currency} per resident and year", amount=number, currency=currency)


def excesses(money: Money, budget: np.ndarray, staffing: Staffing) -> Iterator[tuple[int, PydanticCustomError]]:
    """Errors of the first week in which a policy costs more than the budget, and of the first with too much staff.

    Parameters
    ----------
    money : Money
    budget : ndarray, shape (weeks,)
        Currency per resident and year.
    staffing : Staffing
    """
    total = money.instruments.sum(axis=1)
    for week in np.flatnonzero(total > budget * (1 + TOLERANCE) + TINY)[:1]:
        yield int(week), mistake(*_above(money, float(budget[week]), int(week), staffing.currency))
    for week, place in np.argwhere(money.instruments < -TINY)[:1]:
        got = Message("fewer than 0 staff of {instrument} in week {week}", instrument=INSTRUMENTS[place], week=int(week))
        yield int(week), mistake(got, Message("at most as many people fewer as there are"))
    staff = staffing.staff_for(money.instruments).sum(axis=1)
    for week in np.flatnonzero(staff > MOST_STAFF * (1 + TOLERANCE))[:1]:
        got, expected = too_many(float(staff[week]))
        yield int(week), mistake(Message("{got} in week {week}", got=got, week=int(week)) if len(budget) > 1 else got, expected)


def _above(money: Money, budget: float, week: int, currency: str) -> tuple[Message, Message]:
    """Error for a policy that costs more than the budget, as (got, expected)."""
    total, weeks = float(money.instruments[week].sum()), len(money.instruments)
    parts = Joined(f"{lever} {money.of(lever)[week]:,.4g}" for lever in LEVERS)
    words = {"total": amount_text(total, currency), "more": amount_text(total - budget, currency), "parts": parts, "week": week}
    got = Message("a policy that costs {total} ({parts}), {more} above the budget", **words)
    if weeks > 1:
        got = Message("a policy that costs {total} in week {week} ({parts}), {more} above the budget", **words)
    return got, Message("at most the budget of {budget}", budget=amount_text(budget, currency))


def policy_mistakes(policy: Policy, budget: float, staffing: Staffing) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    """Errors of a policy that costs more than the budget, or employs too many, each with its path below ``policy``.

    An amount that alone is above the budget is reported at its place.
    """
    pot, found = np.array([budget * staffing.budget]), False
    prices, money = staffing.price() / PEOPLE, money_of(policy, (), np.array([budget]), staffing)
    for lever, section in policy:
        given: list[tuple[tuple[str, ...], Lever | Amount, float]] = [
            ((lever, section.form), section, float(np.ravel(money.levers[lever])[0]))
        ]
        for part, amount in section.alone.items():
            price = prices[INSTRUMENTS.index(f"{lever}.{part}")]
            given.append(((lever, part, amount.form), amount, float(np.ravel(_amount(amount, "", (), pot, price))[0])))
        for path, amount, cost in given:
            if amount.form != "share" and cost > pot[0] * (1 + TOLERANCE) + TINY:
                found = True
                got = amount_text(cost, staffing.currency)
                if amount.form == "staff":
                    got = Message("staff of {staff:,g} per 10,000 residents, who cost {cost}", staff=amount.amount, cost=got)
                expected = Message("at most the budget of {budget}", budget=amount_text(float(pot[0]), staffing.currency))
                yield path, mistake(got, expected)
    if not found:
        for _, error in excesses(money, pot, staffing):
            yield (), error


def course(start: float, moves: Sequence[tuple[int, int, float]], weeks: int) -> np.ndarray:
    """Value of one number in every week.

    Parameters
    ----------
    start : float
        Value before the first move.
    moves : sequence of (at, over, target)
        In order of time: from week `at` the value moves by equal steps, and equals `target` from week ``at + over`` on.
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


def _course(start: float, moves: Steps, weeks: int) -> Number:
    """As `course`, but a plain number where nothing moves, with which a scenario without a timeline is quick."""
    return course(start, moves, weeks) if moves else float(start)


def moves_of(key: str, changes: Sequence["Change"]) -> Steps:
    """Moves of the number at one key of the timeline."""
    return sorted((change.at, change.over, change.values[key]) for change in changes if key in change.values)  # type: ignore[misc]


def target_of(key: str) -> str:
    """The lever or instrument that a key of the timeline gives an amount; other keys are their own."""
    head, _, last = key.rpartition(".")
    return head if (last in FORMS or last in KEYS) and key.startswith("policy.") else key


def by_itself(key: str) -> bool:
    """Whether a key of the timeline gives a lever money or staff, or an instrument an amount of its own."""
    return key.startswith("policy.") and ".split." not in key and key.removeprefix("policy.") not in LEVERS


def form_of(key: str) -> str:
    """The form in which a key of a policy or its timeline gives an amount; every currency is ``yuan``."""
    last = key.rpartition(".")[2]
    return last if last in FORMS else "yuan" if last in KEYS else "share"


def shares_of(policy: Policy, budget: float, staffing: Staffing) -> dict[str, dict[str, object]]:
    """A policy in shares of the budget: ``{lever: {"share": ..., "split": {...}}}``, whatever the forms in which it is given.

    A lever that is given as a share with a split is unchanged. Without a budget, other levers have the share 0 and their split.

    Parameters
    ----------
    policy : Policy
        At the beginning, without changes of the timeline.
    budget : float
        1 is the budget of the city today.
    staffing : Staffing
    """
    money, pot = money_of(policy, (), np.array([budget]), staffing), budget * staffing.budget
    found: dict[str, dict[str, object]] = {}
    for lever, section in policy:
        own = money.instruments[0, columns(lever)]
        if section.in_share or pot <= 0 or not own.any():
            share, split = (section.share or 0.0) if not section.alone else 0.0, dict(section.split)
        else:
            share = min(1.0, float(own.sum() / pot))
            scale = min(1.0, MOST_WEIGHT / float(own.max()))
            split = {part: float(weight) * scale for part, weight in zip(LEVERS[lever], own, strict=True)}
        found[lever] = {"share": share, "split": split}
    return found
