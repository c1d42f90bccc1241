"""Entries of a scenario's `timeline`: changes of levers over time.

``{at: year 2, over: 13 weeks, set: {policy.rule_of_law: 0.35}}`` starts in week 52 from the current value and moves by equal steps, so that
0.35 holds from week 65 on. Without `over` the new value holds at once. Choices change at once only.

``until`` ends an entry: from then on everything is as if it had not been written. ``where`` limits it to districts. ``add`` gives an
instrument more (or fewer) people, and ``times`` a multiple of its money, whatever it has otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from sim.levers import INSTRUMENTS, LEVERS
from sim.messages import Joined, Message
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.policy import BUDGET, FORMS, MOST_WEIGHT, Amount, Lever, Policy, Stance
from sim.scenario.schema.section import FrozenDict, Section, mistake, number_of
from sim.scenario.schema.times import LONGEST, MOMENT, SPAN, duration, moment
from sim.spec import ASSUMPTION
from sim.suggestions import nearest

MOST_CHANGES = 1000
MOST_PEOPLE = 1e7
"""Most people that an entry adds to an instrument."""
MOST_TIMES = 100.0
"""Largest multiple of an instrument's money."""
CITYWIDE = ("stance.campaign",)
"""Levers that are the same in all districts: people and police get used to a crackdown as a city."""
Setting = float | str
"""Value of a lever: a number, or the name of a choice."""
Moment = Annotated[
    int, BeforeValidator(moment), WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": MOMENT}]})
]
Duration = Annotated[
    int,
    BeforeValidator(duration),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": LONGEST}, {"type": "string", "pattern": SPAN}]}),
]


def lever_class(name: str) -> type[Lever]:
    """Section of one of the four levers."""
    return Policy.model_fields[name].annotation  # type: ignore[return-value]


def _optional(source: Any, annotation: Any, alias: str) -> tuple:
    """An optional field like another field."""
    bounds = {key: getattr(rule, key) for rule in source.metadata for key in ("ge", "le") if hasattr(rule, key)}
    extra = source.json_schema_extra
    return annotation | None, Field(default=None, alias=alias, description=source.description, json_schema_extra=extra, **bounds)


def _weight(alias: str, part: str) -> tuple:
    extra: Any = {"unit": "relative weight", "source": ASSUMPTION}
    what = f"weight of {part} in the split"
    return float | None, Field(default=None, alias=alias, ge=0, le=MOST_WEIGHT, description=what, json_schema_extra=extra)


def _fields() -> dict[str, tuple]:
    """Every lever that may change over time, by its dotted key."""
    found = {"budget": _optional(BUDGET, float, "budget")}
    for lever, parts in LEVERS.items():
        section = lever_class(lever).model_fields
        split = section["split"]
        found[f"policy.{lever}.split"] = _optional(split, dict[str, float], f"policy.{lever}.split")
        found |= {f"policy.{lever}.split.{part}": _weight(f"policy.{lever}.split.{part}", part) for part in parts}
        for key, forms in ((f"policy.{lever}", section), *((f"policy.{lever}.{part}", Amount.model_fields) for part in parts)):
            found[key] = _optional(forms["share"], float, key)
            found |= {f"{key}.{form}": _optional(forms[name], float, f"{key}.{form}") for form, name in FORMS.items()}
    for name, field in Stance.model_fields.items():
        found[f"stance.{name}"] = _optional(field, field.annotation, f"stance.{name}")
    return found


class _Levers(Section):
    """Levers that change, each by its dotted key."""

    def __repr_args__(self):
        return self.model_dump(by_alias=True, exclude_none=True).items()

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        if not given:
            yield (
                (),
                mistake(Message("an empty mapping"), Message("at least one lever, as in {example}", example="{policy.rule_of_law: 0.35}")),
            )
        for lever in LEVERS:
            split = f"policy.{lever}.split"
            for target in (f"policy.{lever}", *(f"policy.{lever}.{part}" for part in LEVERS[lever])):
                forms = [key for key in (target, *(f"{target}.{form}" for form in FORMS)) if key in given]
                if len(forms) > 1:
                    same = forms == [target, f"{target}.share"]
                    got = Message("the same share as {key}" if same else "a second amount beside {key}", key=forms[0])
                    yield (forms[-1],), mistake(got, Message("one of the two"))
            if split in given:
                for path, error in lever_class(lever).across({"split": given[split]}):
                    yield (split, *path[1:]), error
                for key in given:
                    if isinstance(key, str) and key.startswith(f"{split}."):
                        yield (
                            (key,),
                            mistake(Message("a weight beside {key}", key=split), Message("all weights in the one or in the other form")),
                        )


def with_stances(stance: type[Stance]) -> "type[Change]":
    """Class of entries that may also set the stances added by plug-ins: those of `stance` beyond the package's own."""
    more = {name: field for name, field in stance.model_fields.items() if name not in Stance.model_fields}
    fields: dict[str, Any] = {f"stance__{name}": _optional(field, float, f"stance.{name}") for name, field in more.items()}
    settings = create_model("LeverSettings", __base__=LeverSettings, __doc__=_Levers.__doc__, **fields)
    levers: Any = settings | None, Field(default=None, alias="set", description=Change.model_fields["levers"].description)
    return create_model("Change", __base__=Change, __doc__=Change.__doc__, levers=levers)


LeverSettings: type[Section] = create_model(
    "LeverSettings",
    __base__=_Levers,
    __doc__=_Levers.__doc__,
    **{key.replace(".", "__"): field for key, field in _fields().items()},  # type: ignore[call-overload]
)


@cache
def is_choice(key: str) -> bool:
    """Whether a lever is set by name instead of by a number."""
    section, _, name = key.partition(".")
    annotation = Stance.model_fields[name].annotation if section == "stance" and name in Stance.model_fields else float
    return annotation is not float


@cache
def choices(key: str) -> tuple[str, ...]:
    """Values of a choice, in the order of their codes."""
    annotation = Stance.model_fields[key.removeprefix("stance.")].annotation
    return get_args(annotation) if get_origin(annotation) is not None else (False, True)


def _factors(description: str, unit: str) -> Any:
    extra: Any = {"unit": unit, "source": ASSUMPTION}
    return Annotated[
        dict[str, float], Field(default_factory=dict, description=description, json_schema_extra=extra), AfterValidator(FrozenDict)
    ]


class Districts(Section):
    """Where an entry holds: in one district, or in several."""

    district: str | None = Field(
        default=None, max_length=200, description="district", json_schema_extra={"unit": "name", "source": ASSUMPTION}
    )
    districts: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), max_length=64, description="several districts", json_schema_extra={"unit": "list", "source": ASSUMPTION}
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The districts by name."""
        return (self.district,) if self.district is not None else self.districts

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        if (given.get("district") is None) == (not given.get("districts")):
            got = Message("both a district and districts") if given.get("districts") else Message("no district")
            yield (), mistake(got, Message("one district, or a list of districts"))


class Change(Section):
    """One entry: levers that start to change in the same week, over the same time."""

    at: Moment = Field(
        description="week in which the change begins: a number from 0, or such as 'week 60' or 'year 2' (week 52)",
        json_schema_extra={"unit": "week", "source": ASSUMPTION},
    )
    over: Duration = Field(
        default=0,
        description="how long it takes, by equal steps; at once unless given",
        json_schema_extra={"unit": "weeks", "source": ASSUMPTION},
    )
    until: Moment | None = Field(
        default=None,
        description="week from which on everything is as if the entry had not been written; it holds to the end unless given",
        json_schema_extra={"unit": "week", "source": ASSUMPTION},
    )
    where: Districts | None = Field(default=None, description="the district or districts in which it holds; everywhere unless given")
    levers: LeverSettings | None = Field(  # type: ignore[valid-type]
        default=None, alias="set", description="levers and their new values, as in {policy.rule_of_law: 0.35}"
    )
    add: _factors("instruments and the people that they get in addition, as in {policy.self_governance.mediation: 20}", "people")  # type: ignore[valid-type]
    times: _factors("instruments and the multiple of their money that they get, as in {policy.public_services.health: 2}", "factor")  # type: ignore[valid-type]

    @property
    def values(self) -> dict[str, Setting]:
        """New values by key; a split is written out, a share is ``policy.<lever>`` or ``policy.<lever>.<instrument>``; sorted."""
        found: dict[str, Setting] = {}
        given: dict[str, Any] = self.levers.model_dump(by_alias=True, exclude_none=True) if self.levers else {}  # type: ignore[attr-defined]
        for key, value in given.items():
            if isinstance(value, dict):
                lever = key.split(".")[1]
                found |= {f"{key}.{part}": float(value.get(part, 0.0)) for part in LEVERS[lever]}
            else:
                found[key.removesuffix(".share")] = value
        return dict(sorted(found.items()))

    @property
    def end(self) -> int:
        """First week in which the new values hold."""
        return self.at + self.over

    def as_data(self, money_key: str = "yuan") -> dict[str, Any]:
        """The entry as plain data, as in a file; `money_key` is the key of an amount in the city's currency."""
        over = {"over": self.over} if self.over else {}
        values = {f"{key.removesuffix('yuan')}{money_key}" if key.endswith(".yuan") else key: value for key, value in self.values.items()}
        found: dict[str, Any] = {"at": self.at, **over}
        if self.until is not None:
            found["until"] = self.until
        if self.where is not None:
            found["where"] = {"district": self.where.names[0]} if len(self.where.names) == 1 else {"districts": list(self.where.names)}
        found |= {"set": dict(sorted(values.items()))} if values else {}
        return found | {name: dict(sorted(given.items())) for name, given in (("add", self.add), ("times", self.times)) if given}

    @property
    def plain(self) -> bool:
        """Whether it sets levers everywhere and to the end."""
        return self.until is None and self.where is None and not self.add and not self.times

    def holds_in(self, district: str | None) -> bool:
        """Whether it holds in a district, or (None) in districts that no entry names."""
        return self.where is None or district in self.where.names

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        levers, over = given.get("set"), given.get("over", 0)
        if levers is None and not given.get("add") and not given.get("times"):
            yield (), mistake(Message("an entry without {keys}", keys="set, add, times"), Message("at least one of them"))
        for name, low, high in (("add", -MOST_PEOPLE, MOST_PEOPLE), ("times", 0.0, MOST_TIMES)):
            yield from _instruments(name, given.get(name), low, high)
        at, until = _weeks_of(given.get("at")), _weeks_of(given.get("until"))
        if at is not None and until is not None and until <= at:
            yield ("until",), mistake(Message("week {week}", week=until), Message("a week after week {week}", week=at))
        for key in levers if isinstance(levers, dict) and given.get("where") is not None else ():
            if key in CITYWIDE or (str(key).startswith("stance.") and str(key).removeprefix("stance.") not in Stance.model_fields):
                got = Message("{key} of a district", key=key)
                yield ("set", key), mistake(got, Message("this lever in an entry without where: it is the same in the whole city"))
        for key in levers if isinstance(levers, dict) and over not in (0, "0 weeks", "0 years") else ():
            if isinstance(key, str) and key.startswith("stance.") and is_choice(key):
                got = Message("a choice in a change over {time}", time=over)
                yield ("set", key), mistake(got, Message("choices in a change of their own, without over"))


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes by week, with those of the same weeks joined, independent of how they were written."""
    given = tuple(changes)
    together: dict[tuple[int, int], dict[str, Setting]] = {}
    for change in (change for change in given if change.plain):
        together.setdefault((change.at, change.over), {}).update(change.values)
    entries = ({"at": at, "over": over, "set": dict(sorted(levers.items()))} for (at, over), levers in sorted(together.items()))
    kind = type(given[0]) if given else Change  # with the stances of plug-ins, if any
    found = [*map(kind.model_validate, entries), *(change for change in given if not change.plain)]
    return tuple(sorted(found, key=_order))


def _order(change: Change) -> tuple[int, int, int, str]:
    """Entries by week, those of a few districts or of some time after the others."""
    rest = {} if change.plain else change.as_data()
    return change.at, change.over, 0 if change.plain else 1, repr(rest)


def settled(change: Change, names: Mapping[str, str]) -> Change:
    """The entry with the names of its districts as in tables, in the order of the city."""
    if change.where is None or not set(change.where.names) <= set(names):
        return change
    known = list(dict.fromkeys(names.values()))
    found = sorted({names[name] for name in change.where.names}, key=known.index)
    where = Districts(district=found[0]) if len(found) == 1 else Districts(districts=tuple(found))
    return change.model_copy(update={"where": where})


def _instruments(name: str, given: Any, low: float, high: float) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    """Mistakes in a mapping of instruments to numbers."""
    known = [f"policy.{one}" for one in INSTRUMENTS]
    for key, value in given.items() if isinstance(given, dict) else ():
        number = number_of(value)
        if key not in known:
            expected = Message("an instrument such as {choices}", choices=Joined(known[:3]))
            yield (name, key), mistake(shown(key), expected, nearest(str(key), known))
        elif number is not None and not low <= number <= high:
            yield (name, key), mistake(f"{number:g}", Message("a number from {low} to {high}", low=f"{low:,g}", high=f"{high:,g}"))


def _weeks_of(value: Any) -> int | None:
    """A moment in weeks; None if it is missing or invalid, which is reported elsewhere."""
    try:
        return None if value is None else moment(value)
    except PydanticCustomError:
        return None
