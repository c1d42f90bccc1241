"""The mistakes of one file, those of many rows told once, and what was read otherwise than it stands there."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.errors import Problem
from sim.messages import Joined, Message, Words
from sim.suggestions import nearest

MOST_SUGGESTIONS = 50
MOST_ALIKE = 3
"""Mistakes of a kind in one column that are told one by one; of more, these are examples."""
NOTICES = logging.getLogger("sim.scenario")
"""Where it is told what a file was taken to mean: the terminal, unless a program listens elsewhere."""


@dataclass
class _Alike:
    """Mistakes of one kind: the first of them, in which rows these are, different things found, and how many there are in all."""

    first: list[Problem]
    places: list[Words]
    found: list[Words]
    others: bool = False
    count: int = 0

    def told(self, rows: Message) -> list[Problem]:
        """The mistakes, or one that stands for all where there are many; `rows` is how their places are told."""
        if self.count <= len(self.first):
            return self.first
        some: Words = Joined(self.found)
        if self.others:
            some = Message("{some} and others", some=some)
        first = self.first[0]
        got = Message(rows.template, some=some, count=self.count, places=Joined(self.places))
        return [Problem(first.file, first.line, first.column, first.key, got, first.expected)]


@dataclass
class Problems:
    """Collects the mistakes of one file."""

    file: str
    suggestions: int = 0
    rows: Message = field(default_factory=lambda: Message("{some} in {count:,} rows (lines {places} ...)"))
    """How the places of many mistakes are told."""
    _alike: dict[object, _Alike] = field(default_factory=dict)
    _notes: dict[object, tuple[Message, int]] = field(default_factory=dict)

    @property
    def found(self) -> list[Problem]:
        """The mistakes so far."""
        return [problem for alike in self._alike.values() for problem in alike.told(self.rows)]

    def __bool__(self) -> bool:
        return bool(self._alike)

    def add(
        self,
        line: int | None,
        column: int | None,
        key: str,
        got: Words,
        expected: Words,
        suggestion: Words | None = None,
        place: Words | None = None,
        alone: Words | None = None,
    ) -> None:
        """Add one mistake. Of those with a `place` (their row), the ones with the same key and expectation are told together.

        What is told of a mistake `alone` may say more than what stands in a row of examples.
        """
        kind: object = (key, getattr(expected, "template", "") or str(expected)) if place is not None else len(self._alike)
        alike = self._alike.setdefault(kind, _Alike([], [], []))
        alike.count += 1
        if got not in alike.found:
            alike.found, alike.others = [*alike.found, got][:MOST_ALIKE], len(alike.found) == MOST_ALIKE
        if len(alike.first) < MOST_ALIKE:
            alike.first.append(Problem(self.file, line, column, key, alone or got, expected, suggestion))
            alike.places.append(place or "")

    def note(self, kind: object, message: Message) -> None:
        """Remember what was read otherwise than it stands there; of the same kind, the first stands for all, with their `count`."""
        first, count = self._notes.get(kind, (message, 0))
        self._notes[kind] = first, count + 1

    def notes(self) -> Iterable[Message]:
        """What was remembered, each with its file and how often it was so."""
        for message, count in self._notes.values():
            yield Message(message.template, **{**message.values, "file": self.file, "count": count})

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """The reading of a file: where there are no mistakes in the end, what was remembered is told."""
        yield
        if not self:
            for message in self.notes():
                NOTICES.warning("%s", message)

    def near(self, word: str, choices: Iterable[object], cutoff: float = 0.6) -> str | None:
        """The nearest choice. Looking for it costs time, so that the first `MOST_SUGGESTIONS` mistakes alone get one."""
        self.suggestions += 1
        return nearest(word, choices, cutoff) if self.suggestions <= MOST_SUGGESTIONS else None
