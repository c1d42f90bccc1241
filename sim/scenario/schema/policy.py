"""Policy of a scenario: four levers, each a share of the budget, money or staff, with a split over its instruments, and stances."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field, create_model, field_validator
from pydantic_core import PydanticCustomError

from sim.levers import BUDGET_LEVERS, DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES, STANCES, rows
from sim.messages import Joined, Message
from sim.scenario.cities.staffing_rows import MOST_STAFF
from sim.scenario.schema.section import FrozenDict, Section, mistake, number_of, unknown
from sim.spec import ASSUMPTION, parameter

TOLERANCE = 1e-9
MOST_WEIGHT = 1e6
BUDGET: Any = parameter(1.0, "governance budget; 1 is that of the city today", unit="1 = today's", low=0.0, high=10.0)


MOST_MONEY = 1e9
"""Largest amount: currency per resident and year."""
FORMS = {"share": "share", "yuan": "money", "staff": "staff"}
"""Ways to say how much a lever or an instrument gets: their keys, with the attributes that hold them.

`yuan` stands for the currency of the city, whose own key (``usd`` in a city with dollars) is read as this one and written again, see
`sim.scenario.loading.money_keys`.
"""
SHARE: Any = {"unit": "share of the budget", "source": ASSUMPTION}
PER_PERSON = "currency per resident and year"
PER_PEOPLE = "per 10,000 residents"


def _money(what: str) -> Any:
    extra: Any = {"unit": PER_PERSON, "source": ASSUMPTION}
    return Field(
        default=None, alias="yuan", ge=0.0, le=MOST_MONEY, description=f"money for {what} instead of a share", json_schema_extra=extra
    )


def _staff(what: str) -> Any:
    extra: Any = {"unit": PER_PEOPLE, "source": ASSUMPTION}
    return Field(default=None, ge=0.0, le=MOST_STAFF, description=f"staff of {what} instead of a share", json_schema_extra=extra)


def forms_in(given: Iterable[object]) -> list[str]:
    """Those of the keys that are one of `FORMS`."""
    return [key for key in FORMS if key in given]


class Amount(Section):
    """What an instrument gets by itself: a share of the budget, money, or staff."""

    share: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="share of the budget",
        json_schema_extra={"unit": "share of the budget", "source": ASSUMPTION},
    )
    money: float | None = _money("it")
    staff: float | None = _staff("it")

    @cached_property
    def form(self) -> str:
        """The key of `FORMS` that it has."""
        return next(key for key, name in FORMS.items() if getattr(self, name) is not None)

    @property
    def amount(self) -> float:
        """The number in its form."""
        return getattr(self, FORMS[self.form])

    def as_data(self, money_key: str = "yuan") -> dict[str, float]:
        """Its form and number as plain data."""
        return {money_key if self.form == "yuan" else self.form: self.amount}

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        forms = forms_in(given)
        if not forms and set(given) <= set(FORMS):
            yield (), mistake(Message("an empty mapping"), Message("one of {choices}", choices=Joined(FORMS)))
        yield from _one_form(forms)


def _one_form(forms: list[str]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    """Report more than one way to say how much."""
    if len(forms) > 1:
        yield (forms[-1],), mistake(Message("{forms} together", forms=Joined(forms, " and ")), Message("one of them"))


class Lever(Section):
    """What a lever gets, in one of `FORMS`, its split over instruments, and instruments that are given by themselves.

    A split is one value: instruments that it does not name get nothing. Without a split the money is divided as the staff of the city
    costs. An instrument with an amount of its own gets exactly that; the others keep what the lever and its split give them.
    """

    LEVER: ClassVar[str] = ""

    share: float | None
    money: float | None = None
    staff: float | None = None
    split: dict[str, float] = Field(
        default_factory=dict,
        description="relative weights of the instruments; an instrument that is not named gets nothing; without a split the defaults hold",
        json_schema_extra={"unit": "relative weight", "source": ASSUMPTION},
    )

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        filled = given if "split" in given else {**given, "split": dict(DEFAULT_SPLITS[cls.LEVER])}
        if forms_in(filled):
            return {"share": None, **filled}
        return {**filled, "share": REFERENCE_SHARES[cls.LEVER]}

    @cached_property
    def form(self) -> str:
        """The key of `FORMS` that it has."""
        return next(key for key, name in FORMS.items() if getattr(self, name) is not None)

    @property
    def amount(self) -> float:
        """The number in its form."""
        return getattr(self, FORMS[self.form])

    @property
    def alone(self) -> dict[str, Amount]:
        """The instruments that are given by themselves."""
        found = {part: getattr(self, part) for part in LEVERS[self.LEVER]}
        return {part: amount for part, amount in found.items() if amount is not None}

    @property
    def in_share(self) -> bool:
        """Whether all of it is a share with a split."""
        return self.share is not None and not self.alone

    def as_data(self, money_key: str = "yuan") -> dict[str, Any]:
        """The lever as plain data, as in a file; `money_key` is the key of an amount in the city's currency."""
        given = {money_key if self.form == "yuan" else self.form: self.amount, "split": dict(self.split)}
        return given | {part: amount.as_data(money_key) for part, amount in self.alone.items()}

    @field_validator("split")
    @classmethod
    def _explicit(cls, split: dict[str, float]) -> dict[str, float]:
        return FrozenDict({name: split.get(name, 0.0) for name in LEVERS[cls.LEVER]})

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        yield from _one_form(forms_in(given))
        split = given.get("split")
        if not isinstance(split, dict):
            return
        names = LEVERS[cls.LEVER]
        for name, weight in split.items():
            number = number_of(weight)
            if name not in names:
                yield ("split", name), unknown("unknown_key", names)
            elif number is not None and not 0 <= number <= MOST_WEIGHT:
                yield ("split", name), mistake(f"{number:g}", Message("a weight from 0 to {most:g}", most=MOST_WEIGHT))
        weights = [number_of(split.get(name, 0.0)) for name in names]
        if all(weight is not None for weight in weights) and sum(w for w in weights if w) == 0 and set(split) <= set(names):
            expected = Message("a positive weight for at least one of {names}", names=Joined(names))
            yield ("split",), mistake(Message("weights that sum to 0"), expected)


def _lever_section(name: str) -> type[Lever]:
    """Section of one of the four levers, from its row."""
    row = BUDGET_LEVERS[name]
    what = row.doc["en"]
    share = parameter(row.share, f"share of the budget for {what}", unit="share of the budget", low=0.0, high=1.0)
    amounts: dict[str, Any] = {"share": (float | None, share), "money": (float | None, _money(what)), "staff": (float | None, _staff(what))}
    parts: dict[str, Any] = {
        part: (Amount | None, Field(default=None, description=f"{one.doc['en']}, given by itself")) for part, one in row.instruments.items()
    }
    instruments = ", ".join(one.names["en"] for one in row.instruments.values())
    title, doc = name.title().replace("_", ""), f"{instruments.capitalize()}."
    section = create_model(title, __base__=Lever, __module__=__name__, __doc__=doc, **amounts, **parts)
    section.LEVER = name
    return section


def _lever_field(section: type[Lever]) -> tuple[type[Lever], Any]:
    description = BUDGET_LEVERS[section.LEVER].doc["en"]
    return section, Field(default_factory=lambda: section.model_validate({}), description=description)


SelfGovernance, RuleOfLaw, MoralEducation, PublicServices = map(_lever_section, BUDGET_LEVERS)  # by name, so that they can be pickled
_SECTIONS: dict[str, Any] = {one.LEVER: _lever_field(one) for one in (SelfGovernance, RuleOfLaw, MoralEducation, PublicServices)}
_Levers: Any = create_model("_Levers", __base__=Section, **_SECTIONS)


class Policy(_Levers):
    """The four levers. Together they cost at most the budget; the remainder is not spent, and reported as unspent."""

    def as_data(self, money_key: str = "yuan") -> dict[str, Any]:
        """The levers as plain data, as in a file."""
        return {name: section.as_data(money_key) for name, section in self}

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        if not in_shares(given):  # what it costs depends on the city, see `sim.scenario.schema.spending`
            return
        shares = {name: _given_share(given.get(name, {}), default) for name, default in REFERENCE_SHARES.items()}
        counted = {name: share for name, share in shares.items() if share is not None and 0 <= share <= 1}
        total = sum(counted.values())
        if total > 1 + TOLERANCE:
            parts = Joined(f"{name} {share:g}" for name, share in counted.items())
            yield (), mistake(Message("shares that sum to {total:.10g} ({parts})", total=total, parts=parts), Message("at most 1 in all"))


def in_shares(policy: Mapping[str, Any]) -> bool:
    """Whether the data of a policy give nothing but shares of the budget and splits."""
    return all(
        lever.in_share if isinstance(lever, Lever) else not isinstance(lever, dict) or set(lever) <= {"share", "split"}
        for lever in policy.values()
    )


def _given_share(lever: object, default: float) -> float | None:
    if isinstance(lever, dict):
        return number_of(lever.get("share", default))
    return lever.share if isinstance(lever, Lever) else number_of(lever)


def stance_field(row: rows.Stance) -> tuple[Any, Any]:
    """Type and field of a stance in a scenario, from its row."""
    description = row.description["en"]
    if not row.choices:
        return float, parameter(float(row.default), description, unit=row.unit, low=float(row.low), high=float(row.high))
    extra: Any = {"unit": "choice", "source": ASSUMPTION}
    return Literal[tuple(row.choices)], Field(default=row.default, description=description, json_schema_extra=extra)


_STANCE_FIELDS: dict[str, Any] = {name: stance_field(row) for name, row in STANCES.items()}
_Stances: Any = create_model("_Stances", __base__=Section, **_STANCE_FIELDS)


class Stance(_Stances):
    """Policy choices that cost no budget but have benefits and costs."""
