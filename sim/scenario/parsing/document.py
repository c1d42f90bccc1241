"""Parsing of YAML text into plain data with the location of every value.

PyYAML's own loaders convert ``no`` to false and ``12:30:45`` to a number, keep the last of two equal keys, expand alias bombs and overflow
the stack. This module processes the parser's events once: features that scenarios do not need (anchors, aliases, tags, merge keys, several
documents, directives) are refused, and scalars are read by the rules of YAML 1.2.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sim.errors import Problem, ScenarioError
from sim.messages import Message, Words
from sim.scenario.parsing.chinese_keys import key_meant, wide_mark
from sim.scenario.parsing.scalars import KEY, WHOLE_FILE, Path, Refused, bad_key, dotted, plain_key, plain_value, shown, text_value

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_NODES = 5_000
EXPECTED_ROOT = Message("keys such as name, city and policy, each with a value")


class _Bad:
    """Placeholder for a refused value, about which validation does not report further problems."""

    def __repr__(self) -> str:
        return "a refused value"


BAD = _Bad()


@dataclass(frozen=True)
class Location:
    """Location of a value: its file, its position, the position of its key, and the path as typed."""

    file: str
    line: int | None
    column: int | None
    key_line: int | None
    key_column: int | None
    path: Path


@dataclass
class Document:
    """Data of one file, or of several merged, with the location of every path. Problems are collected and reported together."""

    file: str
    data: dict[str, Any]
    locations: dict[Path, Location] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[Path] = field(default_factory=set)
    start: tuple[int, int] | tuple[None, None] = (None, None)

    def problem(self, path: Path, got: Words, expected: Words, suggestion: Words | None = None, at_key: bool = False) -> Problem:
        """A problem at the value of a path (or at its key), or at the key of the nearest path above it with a known location."""
        length = next((n for n in range(len(path), 0, -1) if path[:n] in self.locations), 0)
        location = self.locations.get(path[:length])
        if location is None:
            return Problem(self.file, self.start[0], self.start[1], dotted(path), got, expected, suggestion, at_key)
        key = dotted(location.path if length == len(path) else path)
        line, column = (location.key_line, location.key_column) if at_key or length < len(path) else (location.line, location.column)
        return Problem(location.file, line, column, key, got, expected, suggestion, at_key)

    def report(self, path: Path, got: Words, expected: Words, suggestion: Words | None = None, at_key: bool = False) -> None:
        """Add a problem, see `problem`, unless the value, or one above it, was refused already."""
        if not any(path[:length] in self.refused for length in range(1, len(path) + 1)):
            self.problems.append(self.problem(path, got, expected, suggestion, at_key))

    def check(self) -> None:
        """Raise `ScenarioError` with all problems, in the order of the file, if there are any."""
        if self.problems:
            raise ScenarioError(in_order(self.problems))


class _Stop(Exception):
    """Raised where the rest of the text cannot be read."""


def decode(raw: bytes, file: str) -> str:
    """Bytes of a file as text; raises `ScenarioError` if the file is too large or not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise ScenarioError(
            [
                Problem(
                    file,
                    1,
                    1,
                    WHOLE_FILE,
                    Message("more than {most} bytes", most=MAX_BYTES),
                    Message("at most {most} bytes", most=MAX_BYTES),
                )
            ]
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        got = Message("byte {byte}, which is not UTF-8", byte=f"0x{raw[error.start]:02x}")
        raise ScenarioError([Problem(file, line, column, WHOLE_FILE, got, Message("text in UTF-8"))]) from None


def read_document(raw: bytes, file: str) -> Document:
    """Read one YAML mapping.

    Parameters
    ----------
    raw : bytes
        Content of the file.
    file : str
        Its name in messages.

    Raises
    ------
    ScenarioError
        If no mapping can be read at all. Smaller mistakes are added to ``problems``, to be reported with those of validation.
    """
    text = decode(raw, file)
    builder = _Builder(file)
    builder.read(text)
    root = builder.root
    if not builder.stopped and root is _Builder.NOTHING:
        builder.report((1, 1), (), Message("an empty file"), EXPECTED_ROOT)
    elif not builder.stopped and isinstance(root, str) and builder.wide(text, text.count("\n") + 1):
        pass
    elif not builder.stopped and root is not BAD and not isinstance(root, dict):
        got = Message("a bare list") if isinstance(root, list) else Message("a bare value ({value})", value=shown(root))
        builder.report((1, 1), (), got, EXPECTED_ROOT)
    if builder.stopped or not isinstance(root, dict):
        raise ScenarioError(in_order(builder.problems))
    return Document(file, root, builder.locations, builder.problems, builder.refused, (1, 1))


def read_value(text: str, file: str = "value") -> Any:
    """Read one value by the same rules, as in ``--set KEY=VALUE``; raises `ScenarioError` if it cannot be read."""
    builder = _Builder(file)
    builder.read(decode(text.encode("utf-8", "surrogatepass"), file))
    if builder.root is _Builder.NOTHING and not builder.problems:
        builder.report((1, 1), (), Message("nothing"), Message("a value"))
    if builder.problems:
        raise ScenarioError(builder.problems)
    return builder.root


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file and position, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line or 0, problem.column or 0))


@dataclass
class _Frame:
    """A mapping or list under construction. `key` is a key without its value so far; `kept` is false below a refused key."""

    value: dict | list
    path: Path
    kept: bool
    key: str | None = None
    key_at: tuple[int, int] = (1, 1)
    key_kept: bool = True

    def next_path(self) -> Path:
        return (*self.path, len(self.value) if isinstance(self.value, list) else self.key or "")


class _Builder:
    NOTHING = object()

    def __init__(self, file: str):
        self.file = file
        self.root: Any = self.NOTHING
        self.stopped = False
        self.locations: dict[Path, Location] = {}
        self.problems: list[Problem] = []
        self.refused: set[Path] = set()
        self.frames: list[_Frame] = []
        self.last: yaml.Mark | None = None
        self.nodes = 0
        self.documents = 0

    def report(self, at: tuple[int, int], path: Path, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        self.problems.append(Problem(self.file, *at, dotted(path), got, expected, suggestion))

    def here(self) -> Path:
        """Path of the innermost key whose value is being read."""
        if not self.frames:
            return ()
        frame = self.frames[-1]
        return frame.next_path() if isinstance(frame.value, list) or frame.key is not None else frame.path

    def read(self, text: str) -> None:
        try:
            for event in _events(text):
                self.take(event)
        except _Stop:
            self.stopped = True
        except yaml.reader.ReaderError as error:
            self.stopped = True
            before = text[: error.position]
            at = (before.count("\n") + 1, len(before) - before.rfind("\n"))
            character = error.character if isinstance(error.character, int) else ord(str(error.character)[0])
            self.report(at, self.here(), Message("the character U+{code:04X}", code=character), Message("printable text"))
        except yaml.MarkedYAMLError as error:
            self.stopped = True
            marks = error.problem_mark, error.context_mark
            mark = marks[1] if "simple key" in (error.context or "") else marks[0]
            self.not_yaml(text, " ".join(filter(None, (error.problem, error.context))), mark or self.last)
        except (ValueError, OverflowError, IndexError, yaml.YAMLError) as error:
            self.not_yaml(text, str(error), self.last)

    def wide(self, text: str, last: int) -> bool:
        """Report the first full-width colon or comma, up to a line, that is used instead of a half-width one, if any."""
        found = wide_mark(text, last)
        if found:
            at, key, got, expected, suggestion = found
            self.report(at, (key,) if key else (), got, expected, suggestion)
        return found is not None

    def not_yaml(self, text: str, trouble: str, mark: yaml.Mark | None) -> None:
        self.stopped = True
        at = _position(mark) if mark else (1, 1)
        if self.wide(text, at[0]):
            return
        path, hint = self.here(), _syntax_hint(text, at)
        found = re.match(r"[\s{-]*([A-Za-z0-9._-]{1,64})\s*:", _line(text, at))
        got = Message("text that is not YAML ({trouble})", trouble=str(shown(trouble, 120))[1:-1])
        self.report(at, path or ((found[1],) if found else ()), got, hint)

    def stop(self, event: yaml.Event, got: Words, expected: Words) -> None:
        self.report(_position(event.start_mark), self.here(), got, expected)
        raise _Stop

    def take(self, event: yaml.Event) -> None:
        self.last = event.end_mark
        if isinstance(event, yaml.DocumentStartEvent):
            self.start_document(event)
        elif isinstance(event, yaml.NodeEvent):
            self.nodes += 1
            if self.nodes > MAX_NODES:
                self.stop(event, Message("more than {most} keys and values", most=MAX_NODES), Message("fewer"))
            frame = self.frames[-1] if self.frames else None
            if frame is not None and isinstance(frame.value, dict) and frame.key is None:
                self.take_key(event, frame)
            else:
                self.take_value(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.close(self.frames.pop())

    def start_document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop(event, Message("a second document (---)"), Message("one document in a file"))
        if event.version or event.tags:
            self.stop(event, Message("a YAML directive (%)"), Message("none"))

    def take_key(self, event: yaml.NodeEvent, frame: _Frame) -> None:
        at = _position(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            self.stop(event, Message("a key that is not a word"), Message("a key of letters, digits, _ . -"))
        frame.key, frame.key_at, frame.key_kept = event.value, at, False
        path = frame.next_path()
        if event.anchor or event.tag:
            self.report(at, path, Message("an anchor or tag (& or !) on a key"), Message("the key alone"))
        elif event.value == "<<":
            self.report(at, path, Message("a merge key (<<)"), Message("the keys written out, or extends: at the top"))
        elif not KEY.fullmatch(event.value):
            meant = key_meant(event.value) or plain_key(event.value)
            self.report(at, path, bad_key(event.value), Message("a key of 1 to 64 letters, digits, _ . -"), meant)
        elif event.value in frame.value:
            first = self.locations[path].key_line
            self.report(at, path, Message("the same key again (first in line {first})", first=first), Message("each key once"))
        else:
            frame.key_kept = True

    def take_value(self, event: yaml.NodeEvent) -> None:
        frame = self.frames[-1] if self.frames else None
        at, path = _position(event.start_mark), frame.next_path() if frame else ()
        kept = frame is None or (frame.kept and frame.key_kept)
        if kept:
            self.locations[path] = Location(self.file, *at, *(frame.key_at if frame and frame.key is not None else at), path)
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self.report(at, path, Message("an anchor (&{name})", name=_bare(event.anchor)), Message("the value alone"))
        if isinstance(event, yaml.AliasEvent):
            self.refuse(at, path, kept, Message("an alias (*{name})", name=_bare(event.anchor)), Message("the value written out"))
        elif event.tag:
            self.report(at, path, Message("a tag ({name})", name=_bare(event.tag)), Message("the value alone"))
            if kept:
                self.refused.add(path)
            self.put_or_open(event, path, kept, at)
        else:
            self.put_or_open(event, path, kept, at)

    def put_or_open(self, event: yaml.NodeEvent, path: Path, kept: bool, at: tuple[int, int]) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.frames) >= MAX_DEPTH:
                self.stop(event, Message("more than {most} levels of nesting", most=MAX_DEPTH), Message("fewer"))
            self.frames.append(_Frame({} if isinstance(event, yaml.MappingStartEvent) else [], path, kept))
            return
        assert isinstance(event, yaml.ScalarEvent)
        try:
            value = text_value(event.value) if event.style else plain_value(event.value)
        except Refused as refusal:
            if not kept and not event.value:  # values below a refused key are not missing
                self.put(BAD, kept)
                return
            self.refuse(at, path, kept, *refusal.args)
        else:
            self.put(value, kept)

    def refuse(self, at: tuple[int, int], path: Path, kept: bool, got: Words, expected: Words, suggestion: Words | None = None) -> None:
        self.report(at, path, got, expected, suggestion)
        if kept:
            self.refused.add(path)
        self.put(BAD, kept)

    def put(self, value: Any, kept: bool) -> None:
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
        else:
            if kept:
                frame.value[frame.key] = value
            frame.key, frame.key_kept = None, True

    def close(self, frame: _Frame) -> None:
        self.put(frame.value, frame.kept)


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=yaml.SafeLoader)


def _position(mark: yaml.Mark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _line(text: str, at: tuple[int, int]) -> str:
    lines = text.split("\n")
    return lines[min(at[0], len(lines)) - 1]


def _bare(name: str) -> str:
    """A name for display, without quotes."""
    return str(shown(name))[1:-1]


def _syntax_hint(text: str, at: tuple[int, int]) -> Message:
    line = _line(text, at)
    if "\t" in line[: max(at[1], 1)]:
        return Message("valid YAML, indented by spaces instead of tabs")
    if re.fullmatch(r"\s*[A-Za-z_]+:[^\s:]+\s*", line):
        return Message("valid YAML, with a space after each colon")
    return Message("valid YAML")
