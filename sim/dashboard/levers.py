"""The controls: the budget, the levers' shares, money and staff, stances and splits, from the scenario's schema."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args, get_origin

import numpy as np

from sim.city.staffing import PEOPLE
from sim.levers import INSTRUMENT_ROWS, INSTRUMENTS, LEVERS, STANCES
from sim.report.parts.money import currency_name, per_resident
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import say
from sim.report.text.labels import lever_title
from sim.scenario.costs import Cost, budget_of, costs
from sim.scenario.schema.spending import form_of, target_of
from sim.shocks import SHOCK_KINDS
from sim.spec import bounds

ROUNDED = 2e-7
"""Share of the budget by which costs, which are 32-bit numbers, may be too low."""
GRAINS = 10_000
"""Shares are rounded to a hundredth of a per cent."""
SHOCK_AT, SHOCK_LASTS = 104, 8
"""First week of a shock that is switched on, and its duration in weeks."""
TOP_BUDGET = 2.0
"""Upper end of the budget's slider, unless the scenario has more."""


@dataclass(frozen=True)
class Control:
    """One control: a slider (`low`, `high`, `step`) or a choice (`options`, pairs of value and words)."""

    key: str
    group: str
    label: str
    value: Any
    base: Any
    shown: str
    kind: str = "slider"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    options: tuple[tuple[Any, str], ...] = ()
    hint: str = ""
    track: str = ""
    below: str = ""
    amounts: tuple[tuple[str, float, str], ...] = ()
    """The same amount in money and in staff, to be typed instead: key, value and unit of each."""

    def as_data(self) -> dict[str, Any]:
        """Plain data for the page."""
        return asdict(self)


def controls(yours, baseline, lang: str, tracks: Mapping[str, str] | None = None) -> list[Control]:
    """All controls, in the order of the page.

    Parameters
    ----------
    yours, baseline : Scenario
        The current scenario, and the one that it is compared with.
    tracks : mapping of str to str, optional
        Background of sliders by key, in CSS.
    """
    parts = (_shares, _stances, _shocks, _splits)
    found = [_budget(yours, baseline, lang), *(control for part in parts for control in part(yours, baseline, lang))]
    return [_with(control, track=(tracks or {}).get(control.key, "")) for control in found]


def moved(yours, key: str, value: Any) -> dict[str, Any]:
    """The changes made by moving one control: its own, and cuts to other levers if the budget is not enough.

    Parameters
    ----------
    yours : Scenario
        The scenario before the move.
    """
    head, _, rest = key.partition(".")
    if head == "shock":
        return {"shocks": _struck(yours, rest, value)}
    if head != "policy":
        return {key: value}
    target = target_of(key).removeprefix("policy.")
    if form_of(key) != "share":
        return _typed(yours, target, form_of(key), float(value))
    lever, _, instrument = rest.partition(".split.")
    if instrument:
        split = {**yours.in_shares[lever]["split"], instrument: float(value)}
        if not sum(split.values()) > 0:
            return {}
        section = getattr(yours.policy, lever)
        whole = section.alone or section.staff is not None  # the same staff of other kinds would cost another amount
        return {f"policy.{lever}": _given(yours, lever, split=split)} if whole else {f"policy.{lever}.split": split}
    shares = yours.shares
    after = give_way(shares, lever, float(value))
    return {f"policy.{name}": as_share(yours, name, share) for name, share in after.items() if share != shares[name]}


def as_share(yours, lever: str, share: float) -> Any:
    """What gives a lever a share of the budget: the number; with its split, if instruments have amounts of their own."""
    return _given(yours, lever, share=share) if getattr(yours.policy, lever).alone else share


def share_in(given: Any) -> float:
    """The share of the budget in what `as_share` gives."""
    return given["share"] if isinstance(given, Mapping) else given


def _given(yours, lever: str, **changes: Any) -> dict[str, Any]:
    """A lever in whole, as a share with its split, with some changes."""
    return {**yours.in_shares[lever], **changes}


def _typed(yours, target: str, form: str, value: float) -> dict[str, Any]:
    """The change that gives a lever or an instrument money or staff, as far as there is money for it."""
    lever, _, part = target.partition(".")
    found, staffing = costs(yours), yours.staffing
    budget = budget_of(yours) * (1.0 - ROUNDED)
    most = found[target].money + max(0.0, budget - sum(found[name].money for name in LEVERS))
    split = {target: 1.0} if part else {f"{lever}.{name}": weight for name, weight in yours.in_shares[lever]["split"].items()}
    if form == "staff":
        weights = np.array(list(split.values()))
        prices = staffing.price()[[INSTRUMENTS.index(name) for name in split]]
        most *= float((weights / prices).sum() / weights.sum()) * PEOPLE
    amount = {yours.money_key if form == "yuan" else form: math.floor(min(max(value, 0.0), most) * GRAINS) / GRAINS}
    if not part:
        return {f"policy.{lever}": {**amount, "split": dict(yours.in_shares[lever]["split"])}}
    return {f"policy.{lever}": {**getattr(yours.policy, lever).as_data(yours.money_key), part: amount}}


def give_way(shares: Mapping[str, float], lever: str, value: float) -> dict[str, float]:
    """Shares with one lever at `value`; the others are cut in proportion if the sum would exceed 1."""
    value = min(max(value, 0.0), 1.0)
    others = sum(share for name, share in shares.items() if name != lever)
    if value + others <= 1.0:
        return {**shares, lever: value}
    keep = (1.0 - value) / others
    return {name: value if name == lever else math.floor(share * keep * GRAINS) / GRAINS for name, share in shares.items()}


def unspent(scenario) -> float:
    """Share of the budget that no lever uses."""
    return max(0.0, 1.0 - sum(scenario.shares.values()))


def unspent_text(scenario, lang: str) -> str:
    """The unspent part of the budget, as a share and in money."""
    left, pot = unspent(scenario), scenario.budget * scenario.staffing.budget
    return say("with_unit", lang, name=percent(left), unit=per_resident(left * pot, scenario.staffing.currency, lang))


def value_of(scenario, key: str) -> Any:
    """The scenario's value for a control's key."""
    head, _, rest = key.partition(".")
    if head == "stance":
        return getattr(scenario.stance, rest)
    if head != "policy":
        return getattr(scenario, key)
    lever, _, instrument = rest.partition(".split.")
    section = scenario.in_shares[lever]
    return section["split"][instrument] if instrument else section["share"]


def _with(control: Control, **changes: Any) -> Control:
    return Control(**{**asdict(control), **changes})


def _budget(yours, baseline, lang) -> Control:
    high = max(TOP_BUDGET, math.ceil(max(yours.budget, baseline.budget)))
    return Control(
        "budget", "budget", say("budget_times", lang), yours.budget, baseline.budget, f"{yours.budget:g} ×", high=high, step=0.05
    )


def _shares(yours, baseline, lang) -> list[Control]:
    found, paid = [], costs(yours)
    for name in LEVERS:
        share, reference = yours.shares[name], baseline.shares[name]
        amounts = _amounts(paid[name], yours.staffing.currency, lang)
        found.append(Control(f"policy.{name}", "shares", lever_title(name, lang), share, reference, percent(share), amounts=amounts))
    return found


def _amounts(cost: Cost, currency: str, lang: str) -> tuple[tuple[str, float, str], ...]:
    """Money and staff of a lever or an instrument, each with its key and its unit."""
    kind = INSTRUMENT_ROWS[cost.name].staff[lang] if cost.name in INSTRUMENT_ROWS else say("staff", lang)
    return (
        (f"policy.{cost.name}.yuan", round(cost.money, 1), say("amount_money", lang, currency=currency_name(currency, lang))),
        (f"policy.{cost.name}.staff", round(cost.staff, 2), say("amount_staff", lang, kind=kind)),
    )


def _stances(yours, baseline, lang) -> list[Control]:
    found, rows = [], {**STANCES, **yours.model.stances}
    for name, field in type(yours.stance).model_fields.items():
        key, value, reference = f"stance.{name}", getattr(yours.stance, name), getattr(baseline.stance, name)
        hint = rows[name].description[lang]
        control = Control(
            key,
            "stances",
            lever_title(name, lang).capitalize() if lang == "en" else lever_title(name, lang),
            value,
            reference,
            "",
            hint=hint,
        )
        if get_origin(field.annotation) is Literal:
            options = tuple((choice, lever_title(choice, lang)) for choice in get_args(field.annotation))
            found.append(_with(control, kind="choice", options=options))
        elif field.annotation in (int, float):
            low, high = limits(field)
            step = 1.0 if field.annotation is int else (high - low) / 100
            found.append(_with(control, low=low, high=high, step=step, shown=f"{value:g}"))
    return found


def clicked(scenario) -> dict[str, Any]:
    """Shocks of the whole city, the first of each kind: those that the page can add, remove and move."""
    found: dict[str, Any] = {}
    for shock in scenario.shocks:
        if shock.where.district is None and shock.where.community is None:
            found.setdefault(shock.kind, shock)
    return found


def _struck(scenario, rest: str, value: Any) -> list[dict[str, Any]]:
    """Shocks as data, with one of them added, removed or changed."""
    kind, _, name = rest.partition(".")
    mine = clicked(scenario).get(kind)
    others = [shock.as_data() for shock in scenario.shocks if shock is not mine]
    if name and mine is not None:
        number = float(value) if name == "strength" else round(float(value))
        return [*others, {**mine.as_data(), name: number}]
    week = min(SHOCK_AT, scenario.horizon // 2)
    return [*others, {"kind": kind, "at": week, "lasts": SHOCK_LASTS, "strength": 0.5}] if value else others


def _shocks(yours, baseline, lang) -> list[Control]:
    mine, reference = clicked(yours), clicked(baseline)
    found = []
    for kind in SHOCK_KINDS:
        shock = mine.get(kind)
        found.append(Control(f"shock.{kind}", "shocks", shock_title(kind, lang), kind in mine, kind in reference, "", kind="toggle"))
        if shock is None:
            continue
        before = reference.get(kind, shock)
        for name, high, step in (("at", yours.horizon - 1, 1), ("lasts", 52, 1), ("strength", 1.0, 0.05)):
            value, label = getattr(shock, name), say(f"shock_{name}", lang)
            high = max(high, value)
            found.append(
                Control(f"shock.{kind}.{name}", "shocks", label, value, getattr(before, name), f"{value:g}", high=high, step=step, low=step)
            )
    return found


def shock_title(kind: str, lang: str) -> str:
    """Name of a kind of shock."""
    return lever_title(kind, lang) if lever_title(kind, lang) != kind.replace("_", " ") else say(f"shock_{kind}", lang)


def limits(field) -> tuple[float, float]:
    """Ends of the slider of a field of the schema: its bounds, else 0 and 1."""
    low, high = bounds(field)
    return float(0.0 if low is None else low), float(1.0 if high is None else high)


def _splits(yours, baseline, lang) -> list[Control]:
    found, paid = [], costs(yours)
    for lever, instruments in LEVERS.items():
        now, reference = yours.in_shares[lever]["split"], baseline.in_shares[lever]["split"]
        total, high = sum(now.values()), max(1.0, *now.values(), *reference.values())
        for name in instruments:
            key, label = f"policy.{lever}.split.{name}", lever_title(name, lang)
            shown = percent(now[name] / total)
            amounts = _amounts(paid[f"{lever}.{name}"], yours.staffing.currency, lang)
            about: dict[str, Any] = {"high": high, "step": high / 100, "below": lever_title(lever, lang), "amounts": amounts}
            found.append(Control(key, "splits", label, now[name], reference[name], shown, **about))
    return found
