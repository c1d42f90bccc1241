"""Single keys of a scenario set anew: dotted keys, what is typed behind ``--set``, and a scenario's document with them merged over it."""

from collections.abc import Mapping
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.messages import Message
from sim.scenario.loading.merge import merge, normal
from sim.scenario.parsing.document import Document, Place, read_value
from sim.scenario.parsing.scalars import Path, dotted
from sim.scenario.schema.fields import ScenarioFields

LISTS = ("timeline", "shocks", "targets", "rules", "plugins")
"""Keys whose value is a list of entries."""
WHOLE = ("city", "mechanisms", "weights")
"""Sections that are sound or not whatever the others say: those that no change touches stay as they are."""
_CITIES = ("preset", "communities", "geometry")
"""Keys of the city that make it another one, in which the others hold."""


def changed(scenario: ScenarioFields, changes: Mapping[str, Any]) -> tuple[Document, bool]:
    """Document of a scenario with some keys changed, and whether its plug-ins were allowed before; see `Scenario.with_changes`."""
    touched = {split_key(str(key))[0] for key in changes}
    untouched = [name for name in WHOLE if name not in touched]
    document = Document(str(Message("changes to {name}", name=scenario.name)), scenario.as_data(texts=False, checked=untouched))
    for key, value in sorted(changes.items(), key=lambda change: _rank(str(change[0]))):
        path = split_key(str(key))
        step = Document(document.file, {})
        inner: dict = step.data
        for part in path[:-1]:
            inner[part] = inner = {}
        inner[path[-1]] = plain_data(value)
        for length in range(1, len(path) + 1):
            step.places[path[:length]] = Place(document.file, None, None, None, None, path[:length])
        normal(step)
        document = merge(document, step, one_key=path)
    return document, "plugins" not in touched


def _rank(key: str) -> tuple[int, bool]:
    """Place of a change among others: what holds more comes before what is in it, another city before its other keys."""
    path = split_key(key)
    return len(path), not (path[0] == "city" and path[-1] in _CITIES)


def parse_setting(text: str) -> tuple[str, Any]:
    """Key and value of a ``KEY=VALUE`` from the command line; the value is read as in a scenario file."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        expected = Message("KEY=VALUE, as in policy.rule_of_law=0.4")
        raise ScenarioError([Problem("--set", None, None, dotted((text,)), Message("no '='"), expected)])
    return key.strip(), read_value(value, f"--set {key.strip()}")


def split_key(key: str) -> Path:
    """Path of a dotted key.

    An entry of a list goes by its number, and a lever in it keeps its dots, as in ``timeline.0.set.policy.rule_of_law``.
    """
    parts: Path = tuple(key.split("."))
    if len(parts) > 1 and parts[0] in LISTS and str(parts[1]).isdecimal():
        parts = (parts[0], int(parts[1]), *parts[2:])
    inside = parts[:1] == ("timeline",) and parts[2:3] == ("set",) and len(parts) > 3
    return (*parts[:3], ".".join(map(str, parts[3:]))) if inside else parts


def plain_data(value: Any) -> Any:
    """Numbers of NumPy as Python's, other mappings as dicts, other sequences as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain_data(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(inner) for inner in value]
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    return value
