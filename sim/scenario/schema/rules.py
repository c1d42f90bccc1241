"""Rules of a scenario: plain Python in a file beside it, named with its parameters.

``{rule: street_parties.py:StreetParty, with: {every: 13}}``, or equivalently ``street_parties.StreetParty``. The scenario stores the text
of the file, so that a rule is part of the scenario, its hash and its manifest. This module does not execute rules: names and parameters are
found by parsing (for execution see `sim.rules`).
"""

import ast
import contextlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sim.errors import Problem
from sim.messages import Joined, Message, Words
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Refused, dotted, shown
from sim.scenario.schema.section import FrozenDict, Section, mistake
from sim.suggestions import nearest

MOST_RULES = 100
MAX_BYTES = 64 * 1024
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
EXPECTED = Message("file.py:Name, a file in the same folder as the scenario or below it and a class or function in it")
_FILE = Message("a Python file")
_NOTE: Any = {"unit": "text", "source": "none"}


class RuleEntry(Section):
    """One rule: its name, its parameters, and its text."""

    rule: str = Field(
        min_length=3,
        max_length=300,
        description="a file beside the scenario and a class or function in it, as in street_parties.py:StreetParty",
        json_schema_extra=_NOTE,
    )
    settings: dict[str, bool | int | float | str] = Field(
        default_factory=dict, alias="with", max_length=100, description="its parameters, by name", json_schema_extra=_NOTE
    )
    source: str = Field(
        default="", max_length=MAX_BYTES, description="text of the file; taken from the file when left out", json_schema_extra=_NOTE
    )

    @field_validator("settings")
    @classmethod
    def _frozen(cls, settings: dict[str, Any]) -> dict[str, Any]:
        return FrozenDict(settings)

    @property
    def file(self) -> str:
        """File that contains the rule."""
        return parts(self.rule)[0]

    @property
    def name(self) -> str:
        """Name of its class or function."""
        return parts(self.rule)[1]

    def as_data(self) -> dict[str, Any]:
        """The rule as plain data, as in a file."""
        return {"rule": self.rule, "with": dict(self.settings), "source": self.source}

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        rule, source, settings = given.get("rule"), given.get("source", ""), given.get("with", {})
        if not isinstance(rule, str) or not isinstance(source, str):
            return
        if not all(parts(rule)):
            yield ("rule",), mistake(shown(rule), EXPECTED)
            return
        if not source:
            expected = Message("a scenario loaded from a file, or the text of the rule")
            yield ("source",), mistake(Message("a rule without its text"), expected)
            return
        yield from _mistakes(rule, source, settings if isinstance(settings, dict) else {})


def parts(rule: str) -> tuple[str, str]:
    """File and name of a rule; empty if it has none."""
    file, colon, name = rule.rpartition(":")
    if not colon:
        module, _, name = rule.rpartition(".")
        file = f"{module.replace('.', '/')}.py" if module else ""
    return (file, name) if file.endswith(".py") and NAME.fullmatch(name) else ("", "")


def attach(document: Document, file: Path) -> None:
    """Add the texts of rules to a document read from `file`; problems are added to the document."""
    entries = document.data.get("rules")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("rule"), str) and "source" not in entry and all(parts(entry["rule"])):
            entry["source"] = _text(document, file, ("rules", index), parts(entry["rule"])[0])


def _text(document: Document, file: Path, path: tuple, name: str) -> Any:
    """Text of a rule's file if it is Python, otherwise BAD and a problem."""
    got: Words = ""
    expected, suggestion, at = EXPECTED, None, document.locations.get((*path, "rule"))
    location = (at.file, at.line, at.column) if at else (document.file, None, None)
    try:
        target, label = beside(name, file, document.file, EXPECTED)
        raw = read_bytes(target, label, MAX_BYTES, _FILE)
        text = raw.decode("utf-8")
        if len(raw) > MAX_BYTES:
            raise Refused(Message("{name}, more than {most} bytes", name=shown(name), most=MAX_BYTES), Message("a smaller file"))
        _tree(text)
        return text
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
    except Unreadable as error:
        got = Message("{name}: {why}", name=shown(name), why=error.why)
    except UnicodeDecodeError:
        got, expected = Message("{name}, which is not text in UTF-8", name=shown(name)), _FILE
    except SyntaxError as error:
        location, expected = (label, error.lineno, error.offset), Message("Python")
        got = Message("text that is not Python ({trouble})", trouble=error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        got, expected = Message("{name}, which cannot be read as Python ({trouble})", name=shown(name), trouble=error), _FILE
    document.problems.append(Problem(*location, dotted((*path, "rule")), got, expected, suggestion))
    document.refused.add((*path, "source"))
    return BAD


@lru_cache(maxsize=64)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def _mistakes(rule: str, source: str, settings: dict) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    """Report a name that the text does not define, and parameters that the rule does not have."""
    found: dict[str, ast.ClassDef | ast.FunctionDef] = {}
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        found = {node.name: node for node in _tree(source).body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    file, name = parts(rule)
    if name not in found:
        got = Message("{name}, which {file} does not define", name=shown(name), file=file)
        expected = Message("a class or function of {file} ({names})", file=file, names=Joined(found) if found else Message("none"))
        yield ("rule",), mistake(got, expected, nearest(name, found))
        return
    known = parameters(found[name])
    if known is None:
        return
    for key in settings:
        if key not in known:
            expected = Message("a parameter of {rule} ({names})", rule=name, names=Joined(known) if known else Message("it has none"))
            got = Message("the unknown parameter {name}", name=shown(str(key)))
            yield ("with", str(key)), mistake(got, expected, nearest(str(key), known))


def parameters(node: ast.ClassDef | ast.FunctionDef) -> tuple[str, ...] | None:
    """Parameters of a rule according to its text: values set in its class, or arguments after the first. None if there may be others."""
    if isinstance(node, ast.FunctionDef):
        if node.args.kwarg:
            return None
        return tuple(arg.arg for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs][1:])
    bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    if bases != ["AgentRule"] or any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in node.body):
        return None  # it inherits parameters, or reads them itself
    names: list[str] = []
    for item in node.body:
        targets = item.targets if isinstance(item, ast.Assign) else [item.target] if isinstance(item, ast.AnnAssign) else []
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return tuple(name for name in names if name not in ("kind", "phase") and not name.startswith("_"))
