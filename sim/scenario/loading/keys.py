"""Keys of a scenario file: which may stand where, what each expects, and which belong elsewhere. `problems` words the errors."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.levers import LEVERS
from sim.messages import Joined, Message
from sim.scenario.cities.presets import list_presets
from sim.scenario.parsing.scalars import Path
from sim.scenario.schema import mechanisms
from sim.scenario.schema.fields import ScenarioFields
from sim.spec import bounds, extra_of, open_below

_kind: ContextVar[type[ScenarioFields]] = ContextVar("kind", default=ScenarioFields)


@contextlib.contextmanager
def reading(kind: type[ScenarioFields]) -> Iterator[None]:
    """Context in which keys are those of a `kind` of scenario, including the keys of plug-ins."""
    token = _kind.set(kind)
    try:
        yield
    finally:
        _kind.reset(token)


ELSEWHERE: dict[Path, tuple[Message, Message]] = {
    ("outcomes",): (Message("a key of studies"), Message("this key left out: the runs of a scenario keep every metric")),
    ("weights", "stability", "resilience"): (
        Message("a figure of whole runs, which no week has"),
        Message("this key left out; how a scenario compares with itself without its shocks, see `sanzhi resilience`"),
    ),
    ("weights", "stability", "steadiness"): (
        Message("a part of stability up to model version 3, which rose with crime"),
        Message("this key left out; bursts of protest count in calm"),
    ),
}
"""Misplaced keys that people often use, with descriptions and alternatives."""


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields of a model by their names in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def model_at(path: Path) -> type[BaseModel] | None:
    """Model of the section at a path, or None if there is no section."""
    model: type[BaseModel] | None = _kind.get()
    entries: type[BaseModel] | None = None
    for part in path:
        if entries and isinstance(part, int):
            model, entries = entries, None
            continue
        field = fields(model).get(str(part)) if model else None
        if field is None:
            return None
        entries = _entries(field)
        model = mechanisms.section(model.OUTSIDE) if model is _kind.get() and part == "mechanisms" else _model(field.annotation)
    return model


def _model(annotation: Any) -> type[BaseModel] | None:
    """Model of the section that a field holds, or None."""
    inner = _plain_type(annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _entries(field: FieldInfo) -> type[BaseModel] | None:
    """Model of the entries of a list field, or None."""
    return _model(get_args(field.annotation)[0]) if get_origin(field.annotation) is tuple else None


def keys_at(path: Path) -> tuple[str, ...]:
    """Keys allowed in a mapping at this path."""
    if path == ("title",):
        return ("en", "zh")
    lever = split_of(path)
    if lever:
        return LEVERS.get(lever, ())
    model = model_at(path)
    extra = ("extends", "measures") if path == () else ()
    return (*fields(model), *extra) if model else ()


def split_of(path: Path) -> str | None:
    """The lever whose split is at a path, in `policy` or in an entry of the timeline; None for other paths."""
    if len(path) == 4 and path[0] == "timeline":
        path = tuple(str(path[3]).split("."))
    return str(path[1]) if len(path) == 3 and path[0] == "policy" and path[2] == "split" else None


@cache
def _all_paths(_kind: type[ScenarioFields], _names: tuple[str, ...]) -> tuple[Path, ...]:
    found: list[Path] = []
    waiting: list[Path] = [()]
    while waiting:
        path = waiting.pop(0)
        below = [(*path, key) for key in keys_at(path)]
        found += below
        waiting += below
    return tuple(found)


def all_paths() -> tuple[Path, ...]:
    """Every path that a scenario may have, sections before their keys."""
    return _all_paths(_kind.get(), tuple(mechanisms.section(_kind.get().OUTSIDE).model_fields))


def field_at(path: Path) -> FieldInfo | None:
    """Field at a path."""
    model = model_at(path[:-1]) if path else None
    return fields(model).get(str(path[-1])) if model else None


def kind_at(path: Path) -> Any:
    """Type of the value at a path, such as int or float, ignoring an optional None; None if there is no field."""
    field = field_at(path)
    return _plain_type(field.annotation) if field else None


def choices_at(path: Path) -> tuple[str, ...]:
    """Choices of a field."""
    if path == ("city", "preset"):
        return tuple(list_presets())
    field = field_at(path)
    inner = _plain_type(field.annotation) if field else None
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    return choices if all(isinstance(choice, str) for choice in choices) else ()


_KINDS: dict[Any, Message] = {
    int: Message("a whole number"),
    float: Message("a number"),
    bool: Message("true or false"),
    str: Message("text"),
}
_NOUNS = {
    "weeks": Message("weeks"),
    "residents": Message("residents"),
    "districts": Message("districts"),
    "runs": Message("runs"),
    "years": Message("years"),
}
"""Units that are nouns, written after a range."""


def expectation(path: Path) -> Message | None:
    """Description of the values that a field accepts: kind, range and unit."""
    if len(path) == 2 and isinstance(path[1], int):
        return Message("a mapping with {keys}", keys=Joined(keys_at(path))) if keys_at(path) else None
    field = field_at(path)
    if field is None:
        return None
    choices = choices_at(path)
    if choices:
        if path == ("city", "preset"):
            return Message("one of {choices}, or a folder such as ./mycity beside the scenario", choices=Joined(choices))
        return Message("one of {choices}", choices=Joined(choices))
    entries = _entries(field)
    if entries:
        return Message("a list of entries with {keys}", keys=Joined(fields(entries)))
    kind = _KINDS.get(_plain_type(field.annotation))
    if kind is None:
        return Message("a mapping with keys such as {keys}", keys=Joined(keys_at(path)[:4])) if keys_at(path) else None
    return _ranged(kind, field)


def _ranged(kind: Message, field: FieldInfo) -> Message:
    """A kind of number with its range and unit, if any."""
    low, high = bounds(field)
    if low is None or high is None:
        return kind
    unit = extra_of(field).get("unit")
    parts = {"kind": kind, "low": plain(low), "high": plain(high)}
    noun = _NOUNS.get(str(unit))
    if noun:
        return Message("{kind} from {low} to {high} {unit}", **parts, unit=noun)
    return Message("{kind} above {low} up to {high}", **parts) if open_below(field) else Message("{kind} from {low} to {high}", **parts)


def plain(number: float) -> str:
    """A bound as text."""
    if isinstance(number, float):
        return f"{number:g}"
    return f"{number:,}" if 10_000 <= number < 10**12 else str(number)


def _plain_type(annotation: Any) -> Any:
    inner = [part for part in get_args(annotation) if part is not type(None)]
    return inner[0] if len(inner) == 1 and get_origin(annotation) is not dict else annotation
