"""Plug-ins of a scenario: their code becomes part of the scenario, and they add keys to it.

``plugins: [night_markets.py]`` names a file beside the scenario, ``plugins: [night_markets]`` an installed package's entry point. The
scenario stores the text of the file, or the version and the hash of the package's code, so that a plug-in is part of the scenario, its hash
and its manifest. Running it needs consent, see `sim.plugins.load`.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, PlainValidator, create_model

from sim.errors import Problem
from sim.messages import Message
from sim.plugins.load import Loaded, NotLoaded, load
from sim.plugins.model import Model, clashes, model_of
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Refused, dotted, shown
from sim.scenario.schema import changes
from sim.scenario.schema.fields import PluginEntry, ScenarioFields
from sim.scenario.schema.mechanisms import complete
from sim.scenario.schema.policy import Stance, stance_field

Fields = TypeVar("Fields", bound=ScenarioFields)

MAX_BYTES = 256 * 1024
EXPECTED = Message("a file.py in the same folder as the scenario or below it, or the name of an installed plug-in")


def attach(document: Document, file: Path) -> None:
    """Add the texts of plug-ins to a document read from `file`; problems are added to the document."""
    for index, name in _named(document):
        if is_file(name) and "source" not in document.data["plugins"][index]:
            document.data["plugins"][index]["source"] = _text(document, file, index, name)


def settle(document: Document, base: type[Fields], trusted: bool = False) -> type[Fields]:
    """Load the plug-ins of a document and return the class of scenarios with their keys. Problems are added to the document."""
    if not document.data.get("plugins"):
        return base
    found: list[Loaded] = []
    for index, name in _named(document):
        if loaded := _loaded(document, index, name, trusted):
            found.append(loaded)
    for index, what, name, other in clashes(tuple(found)):
        got = Message("the {what} {name}, which {other} brings, too", what=what, name=name, other=other)
        _report(document, index, got, Message("plug-ins that share no name"))
    return scenario_class(model_of(tuple(found)), base)


def is_file(name: str) -> bool:
    """Whether a plug-in is named by its file."""
    return name.endswith(".py")


def _named(document: Document) -> list[tuple[int, str]]:
    """Index and name of the entries that name a plug-in; a bare name is converted to a mapping."""
    found: list[tuple[int, str]] = []
    entries: Any = document.data.get("plugins")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, str):
            entries[index] = entry = {"plugin": entry}
            if ("plugins", index) in document.locations:
                document.locations["plugins", index, "plugin"] = document.locations["plugins", index]
        if isinstance(entry, dict) and isinstance(entry.get("plugin"), str):
            found.append((index, entry["plugin"]))
    return found


def _text(document: Document, file: Path, index: int, name: str) -> Any:
    """Text of a plug-in's file if it is Python, otherwise BAD and a problem."""
    where, got, expected, suggestion = None, Message("nothing"), EXPECTED, None
    try:
        target, label = beside(name, file, document.file, str(EXPECTED))
        raw = read_bytes(target, label, MAX_BYTES, "a Python file")
        if len(raw) > MAX_BYTES:
            raise Refused(f"{shown(name)}, more than {MAX_BYTES} bytes", "a smaller file")
        text = raw.decode("utf-8")
        ast.parse(text)
        return text
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
    except Unreadable as error:
        got = Message("{name}: {why}", name=shown(name), why=error.why)
    except SyntaxError as error:
        where, expected = (label, error.lineno, error.offset), Message("Python")
        got = Message("text that is not Python ({why})", why=error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        got = Message("{name}, which cannot be read as Python ({why})", name=shown(name), why=error)
    _report(document, index, got, expected, suggestion, where)
    document.refused.add(("plugins", index, "source"))
    return BAD


def _loaded(document: Document, index: int, name: str, trusted: bool) -> Loaded | None:
    """One loaded plug-in; None and a problem if it cannot be loaded."""
    entry = document.data["plugins"][index]
    text = entry.get("source", "")
    if is_file(name) and not isinstance(text, str):
        return None  # the problem has been reported
    if is_file(name) and not text:
        expected = Message("a scenario loaded from a file, or the text of the plug-in")
        _report(document, index, Message("a plug-in without its text"), expected)
        return None
    try:
        loaded = load(name, text, trusted)
    except NotLoaded as error:
        _report(document, index, error.got, error.expected)
        return None
    if not is_file(name):
        entry.setdefault("digest", loaded.digest)
        entry.setdefault("version", loaded.version)
    return loaded


def _report(document: Document, index: int, got: Any, expected: Any, suggestion: Any = None, where: tuple | None = None) -> None:
    at = document.locations.get(("plugins", index, "plugin")) or document.locations.get(("plugins", index))
    file, line, column = where or ((at.file, at.line, at.column) if at else (document.file, None, None))
    document.problems.append(Problem(file, line, column, dotted(("plugins", index)), got, expected, suggestion))
    document.refused.add(("plugins", index))


@cache
def scenario_class(model: Model, base: type[Fields]) -> type[Fields]:
    """Class of scenarios with the keys of plug-ins: their stances, also in the timeline, and their mechanisms' parameters."""
    fields: dict[str, Any] = {}
    if model.stances:
        stance = create_model("Stance", __base__=Stance, __doc__=Stance.__doc__, **_stances(model))
        change = changes.with_stances(stance)
        fields["stance"] = stance, _like("stance", default_factory=stance)
        fields["timeline"] = Annotated[tuple[change, ...], Field(strict=False)], _like("timeline", default=())  # type: ignore[valid-type]
    if model.outside:

        def all_of_them(given: Any) -> Any:
            return complete(given, model.outside)

        fields["mechanisms"] = Annotated[dict[str, Any], PlainValidator(all_of_them)], _like("mechanisms", default_factory=dict)
    made = create_model("Scenario", __base__=base, __doc__=base.__doc__, **fields)
    made.OUTSIDE, made.METRICS_OUTSIDE = model.outside, tuple(model.formulas)
    return made


def _stances(model: Model) -> dict[str, Any]:
    return {name: stance_field(lever) for name, lever in model.stances.items()}


def _like(name: str, **default: Any) -> Any:
    """A field described like the package's own field of this name."""
    usual = ScenarioFields.model_fields[name]
    if name == "mechanisms":
        default["validate_default"] = True
    return Field(**default, description=usual.description, json_schema_extra=usual.json_schema_extra)


__all__ = ["PluginEntry", "attach", "is_file", "scenario_class", "settle"]
