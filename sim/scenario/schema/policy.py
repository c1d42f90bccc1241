"""Policy of a scenario: four levers, each a share of the budget with a split over its instruments, and stances."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, create_model, field_validator
from pydantic_core import PydanticCustomError

from sim.levers import BUDGET_LEVERS, DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES, STANCES, rows
from sim.messages import Joined, Message
from sim.scenario.schema.section import FrozenDict, Section, mistake, number_of, unknown
from sim.spec import ASSUMPTION, parameter

TOLERANCE = 1e-9
MOST_WEIGHT = 1e6
BUDGET: Any = parameter(
    1.0, "governance budget; 1 is that of the reference city for each resident", unit="reference budgets", low=0.0, high=10.0
)


class Lever(Section):
    """A share of the budget and its split over instruments.

    A split is one value: instruments that it does not name get nothing. Without a split the defaults apply.
    """

    LEVER: ClassVar[str] = ""

    share: float
    split: dict[str, float] = Field(
        default_factory=dict,
        description="relative weights of the instruments; an instrument that is not named gets nothing; without a split the defaults hold",
        json_schema_extra={"unit": "relative weight", "source": ASSUMPTION},
    )

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        return given if "split" in given else {**given, "split": dict(DEFAULT_SPLITS[cls.LEVER])}

    @field_validator("split")
    @classmethod
    def _explicit(cls, split: dict[str, float]) -> dict[str, float]:
        return FrozenDict({name: split.get(name, 0.0) for name in LEVERS[cls.LEVER]})

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
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
    share = parameter(row.share, f"share of the budget for {row.doc['en']}", unit="share of the budget", low=0.0, high=1.0)
    instruments = ", ".join(one.names["en"] for one in row.instruments.values())
    title, doc = name.title().replace("_", ""), f"{instruments.capitalize()}."
    section = create_model(title, __base__=Lever, __module__=__name__, __doc__=doc, share=(float, share))
    section.LEVER = name
    return section


def _lever_field(section: type[Lever]) -> tuple[type[Lever], Any]:
    description = BUDGET_LEVERS[section.LEVER].doc["en"]
    return section, Field(default_factory=lambda: section.model_validate({}), description=description)


SelfGovernance, RuleOfLaw, MoralEducation, PublicServices = map(_lever_section, BUDGET_LEVERS)  # by name, so that they can be pickled
_SECTIONS: dict[str, Any] = {one.LEVER: _lever_field(one) for one in (SelfGovernance, RuleOfLaw, MoralEducation, PublicServices)}
_Levers: Any = create_model("_Levers", __base__=Section, **_SECTIONS)


class Policy(_Levers):
    """The four levers. Their shares sum to at most 1; the remainder is not spent, and reported as unspent."""

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        shares = {name: _given_share(given.get(name, {}), default) for name, default in REFERENCE_SHARES.items()}
        counted = {name: share for name, share in shares.items() if share is not None and 0 <= share <= 1}
        total = sum(counted.values())
        if total > 1 + TOLERANCE:
            parts = Joined(f"{name} {share:g}" for name, share in counted.items())
            yield (), mistake(Message("shares that sum to {total:.10g} ({parts})", total=total, parts=parts), Message("at most 1 in all"))


def _given_share(lever: object, default: float) -> float | None:
    if isinstance(lever, dict):
        return number_of(lever.get("share", default))
    return lever.share if isinstance(lever, Lever) else number_of(lever)


def stance_field(row: rows.Stance) -> tuple[Any, Any]:
    """Type and field of a stance in a scenario, from its row."""
    description = row.doc["en"]
    if not row.choices:
        return float, parameter(float(row.default), description, unit=row.unit, low=float(row.low), high=float(row.high))
    extra: Any = {"unit": "choice", "source": ASSUMPTION}
    return Literal[tuple(row.choices)], Field(default=row.default, description=description, json_schema_extra=extra)


_STANCE_FIELDS: dict[str, Any] = {name: stance_field(row) for name, row in STANCES.items()}
_Stances: Any = create_model("_Stances", __base__=Section, **_STANCE_FIELDS)


class Stance(_Stances):
    """Policy choices that cost no budget but have benefits and costs."""
