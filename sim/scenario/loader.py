"""Load a scenario: find the file, follow `extends`, merge, validate, and report every problem at once."""

import os
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, UserError
from sim.messages import Message
from sim.scenario import keys, plugins, rules
from sim.scenario.document import Document, Place, in_order, read_document, read_value
from sim.scenario.files import find, parent_file, read_bytes
from sim.scenario.merge import merge, normal
from sim.scenario.names import name_after
from sim.scenario.paths import printable
from sim.scenario.problems import problems_of
from sim.scenario.scalars import Path, Refused, dotted
from sim.scenario.schema import PRESENTATION, Scenario
from sim.scenario.sources import attach, settle

MOST_PARENTS = 8
LISTS = ("timeline", "shocks", "targets", "rules", "plugins")
"""Keys whose value is a list of entries."""
WHOLE = ("city", "mechanisms", "weights")
"""Sections that are sound or not whatever the others say: those that no change touches stay as they are."""


def load_scenario(source: str | os.PathLike | Scenario) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    source : str or path
        A YAML file, or the name of a shipped scenario such as ``baseline``. A scenario is given back as it is.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the file, and of the files it extends, at once.
    sim.errors.UserError
        When there is no such file, or it cannot be read.
    """
    if isinstance(source, Scenario):
        return source
    file, label = find(source)
    document = _read(file, label, [])
    document.data.pop("extends", None)
    name_after(document, file)
    return _valid(document)


def read_scenario(data: Mapping[str, Any], file: str = "scenario") -> Scenario:
    """Scenario from plain data, as `Scenario.as_data` or `Scenario.canonical` gave it; `ScenarioError` as from a file."""
    document = Document(file, _plain(dict(data)))
    normal(document)
    return _valid(document)


def restored(data: Mapping[str, Any]) -> Scenario:
    """A scenario that was pickled. Its plug-ins may run: they were allowed where it was pickled, and whoever unpickles runs code anyway."""
    return _valid(Document("scenario", dict(data)), trusted=True)


def change(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """See `Scenario.with_changes`."""
    touched = {split_key(str(key))[0] for key in changes}
    untouched = [name for name in WHOLE if name not in touched]
    document = Document(f"changes to {scenario.name}", scenario.as_data(texts=False, checked=untouched))
    for key, value in sorted(changes.items(), key=lambda change: _rank(str(change[0]))):
        path = split_key(str(key))
        step = Document(document.file, {})
        inner: dict = step.data
        for part in path[:-1]:
            inner[part] = inner = {}
        inner[path[-1]] = _plain(value)
        for length in range(1, len(path) + 1):
            step.places[path[:length]] = Place(document.file, None, None, None, None, path[:length])
        normal(step)
        document = merge(document, step, one_key=path)
    return _valid(document, trusted="plugins" not in touched).remember(*scenario.asked)


_CITIES = ("preset", "communities", "geometry")
"""Keys of the city that make it another one, in which the others hold."""


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


def _plain(value: Any) -> Any:
    """Numbers of NumPy as Python's, other mappings as dicts, other sequences as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return value.item()
    return value


def _valid(document: Document, trusted: bool = False) -> Scenario:
    settle(document)
    kind = plugins.settle(document, trusted)
    if any(path[0] == "plugins" for path in document.refused if path):
        raise ScenarioError(in_order(document.problems))  # without a plug-in, its keys would look like mistakes
    with keys.reading(kind):
        try:
            scenario = kind.model_validate(document.data)
        except ValidationError as error:
            raise ScenarioError(in_order([*document.problems, *problems_of(error, document)])) from None
    if document.problems:
        raise ScenarioError(in_order(document.problems))
    return scenario


def _read(file: File, label: str, children: list[File]) -> Document:
    """Document of a file, merged over what it extends. `children` are the files that led here."""
    document = read_document(read_bytes(file, label), label)
    normal(document)
    attach(document, file)
    rules.attach(document, file)
    plugins.attach(document, file)
    if "extends" not in document.data or ("extends",) in document.refused:
        return document
    place = document.places[("extends",)]
    chain = [*children, file.resolve()]
    try:
        parent, parent_label = parent_file(document.data["extends"], file, label)
        if parent.resolve() in chain:
            got = Message("{name}, which leads back to itself", name=printable(parent.name))
            raise Refused(got, Message("a scenario that does not extend this one"))
        if len(chain) > MOST_PARENTS:
            raise Refused(Message("more than {most} scenarios on top of each other", most=MOST_PARENTS), Message("fewer"))
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
        document.problems.append(Problem(label, place.line, place.column, "extends", got, expected, suggestion))
        return document
    try:
        base = _read(parent, parent_label, chain)
    except ScenarioError as error:
        document.problems += error.problems
        return document
    except UserError as error:
        document.problems.append(Problem(label, place.line, place.column, "extends", error.message, Message("a scenario that can be read")))
        return document
    for key in PRESENTATION:
        base.data.pop(key, None)
    return merge(base, document)
