"""Changes of single keys of a scenario: dotted keys, ``--set`` options, and the merged document."""

from collections.abc import Mapping
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.messages import Message
from sim.scenario.cities.coefficients import own
from sim.scenario.cities.presets import figures_of
from sim.scenario.loading.merge import merge, normal
from sim.scenario.parsing.document import Document, Location, read_value
from sim.scenario.parsing.scalars import Path, dotted
from sim.scenario.schema.fields import LISTS, ScenarioFields
from sim.scenario.schema.section import FrozenDict, Section

WHOLE = ("city", "stance", "mechanisms", "weights")
"""Sections whose validity does not depend on others; they are not validated again unless changed."""
_CITIES = ("preset", "communities", "geometry")
"""Keys of the city that select another city, to which the other keys then apply."""


def changed(scenario: ScenarioFields, changes: Mapping[str, Any]) -> tuple[Document, bool]:
    """Document of a scenario with some keys changed, and whether its plug-ins were already allowed; see `Scenario.with_changes`."""
    touched = {split_key(str(key))[0] for key in changes}
    moves = any(path == ("city",) or (path[0] == "city" and path[-1] in _CITIES) for path in map(split_key, map(str, changes)))
    other = {"mechanisms"} if moves else set()
    other |= {"stance"} if "plugins" in touched else set()  # which may add stances
    untouched = [name for name in WHOLE if name not in touched | other]
    document = Document(str(Message("changes to {name}", name=scenario.name)), scenario.as_data(texts=False, checked=untouched))
    if "city" not in touched:  # whose currency has its own key
        levers = {split_key(str(key))[1:2] for key in changes if split_key(str(key))[0] == "policy"}
        kept = {name: lever for name, lever in scenario.policy if () not in levers and (name,) not in levers}
        document.data["policy"] = {**document.data["policy"], **kept}
    if moves:  # the coefficients of the city make room for those of another
        document.data["mechanisms"] = own(scenario.mechanisms, figures_of(scenario.city).mechanisms)
    for key, value in sorted(changes.items(), key=lambda change: _rank(str(change[0]))):
        path = split_key(str(key))
        if len(path) == 1 and key in WHOLE and isinstance(value, (Section, FrozenDict)):
            document.data[key] = value  # of another scenario: it is valid
            continue
        step = Document(document.file, {})
        inner: dict = step.data
        for part in path[:-1]:
            inner[part] = inner = {}
        inner[path[-1]] = plain_data(value)
        for length in range(1, len(path) + 1):
            step.locations[path[:length]] = Location(document.file, None, None, None, None, path[:length])
        normal(step)
        document = merge(document, step, one_key=path)
    return document, "plugins" not in touched


def _rank(key: str) -> tuple[int, bool]:
    """Rank of a change among others: a section precedes its keys, and another city precedes the city's other keys."""
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

    An entry of a list is given by its index, and a lever in it keeps its dots, as in ``timeline.0.set.policy.rule_of_law``.
    """
    parts: Path = tuple(key.split("."))
    if len(parts) > 1 and parts[0] in LISTS and str(parts[1]).isdecimal():
        parts = (parts[0], int(parts[1]), *parts[2:])
    inside = parts[:1] == ("timeline",) and parts[2:3] == ("set",) and len(parts) > 3
    return (*parts[:3], ".".join(map(str, parts[3:]))) if inside else parts


def plain_data(value: Any) -> Any:
    """Plain Python data: NumPy numbers as Python numbers, mappings as dicts, sequences as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain_data(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(inner) for inner in value]
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    return value
