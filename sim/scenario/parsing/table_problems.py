"""The mistakes of one file, those of many rows summarised, and notices about interpreted values."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.errors import Problem
from sim.lazy import lazily
from sim.messages import Joined, Message, Words
from sim.suggestions import nearest

with lazily():
    from openpyxl import utils

MOST_SUGGESTIONS = 50
MOST_ALIKE = 3
"""Number of mistakes of one kind in one column that are reported individually, or given as examples in a summary."""
NOTICES = logging.getLogger("sim.scenario")
"""Logger of notices about how a file was interpreted: the terminal, unless a program configures it otherwise."""


@dataclass
class _Alike:
    """Mistakes of one kind: the first problems, their rows, the different values found, and the total number."""

    first: list[Problem]
    rows: list[Words]
    found: list[Words]
    others: bool = False
    count: int = 0

    def problems(self, template: str) -> list[Problem]:
        """The problems, or a single summary if there are many; `template` is the message of the summary."""
        if self.count <= len(self.first):
            return self.first
        some: Words = Joined(self.found)
        if self.others:
            some = Message("{some} and others", some=some)
        first = self.first[0]
        got = Message(template, some=some, count=self.count, rows=Joined(self.rows))
        return [Problem(first.file, first.line, first.column, first.key, got, first.expected, cell=first.cell)]


@dataclass
class Problems:
    """Collection of the mistakes of one file."""

    file: str
    suggestions: int = 0
    rows: Message = field(default_factory=lambda: Message("{some} in {count:,} rows (lines {rows} ...)"))
    """Message of a summary of many mistakes."""
    sheet: str | None = None
    """Sheet of the workbook, whose places are told as cells."""
    _alike: dict[object, _Alike] = field(default_factory=dict)
    _notes: dict[object, tuple[Message, int]] = field(default_factory=dict)

    @property
    def found(self) -> list[Problem]:
        """The mistakes so far."""
        return [problem for alike in self._alike.values() for problem in alike.problems(self.rows.template)]

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
        row: Words | None = None,
        alone: Words | None = None,
    ) -> None:
        """Add one mistake. Mistakes with a `row` that have the same key and expectation are reported together.

        `alone` is a more detailed text for a mistake that is reported individually.
        """
        kind: object = (key, getattr(expected, "template", "") or str(expected)) if row is not None else len(self._alike)
        alike = self._alike.setdefault(kind, _Alike([], [], []))
        alike.count += 1
        if got not in alike.found:
            alike.found, alike.others = [*alike.found, got][:MOST_ALIKE], len(alike.found) == MOST_ALIKE
        if len(alike.first) < MOST_ALIKE:
            alike.first.append(Problem(self.file, line, column, key, alone or got, expected, suggestion, cell=self._cell(line, column)))
            alike.rows.append(row or "")

    def _cell(self, line: int | None, column: int | None) -> str | None:
        """Name of a cell, as spreadsheets write it."""
        if self.sheet is None or line is None or column is None:
            return None
        return f"{self.sheet}!{utils.get_column_letter(column)}{line}"

    def note(self, kind: object, message: Message) -> None:
        """Store a notice about an interpreted value; notices of the same kind are counted, and the first is kept."""
        first, count = self._notes.get(kind, (message, 0))
        self._notes[kind] = first, count + 1

    def ask(self, message: Message) -> None:
        """Store a question about what was read, which is no mistake but may be one."""
        self._notes["question", len(self._notes)] = message, 1

    def notes(self) -> Iterable[Message]:
        """The notices, each with its file and its count, and then the questions."""
        yield from self._told(questions=False)
        yield from self.questions()

    def questions(self) -> Iterable[Message]:
        """The questions, each with its file."""
        yield from self._told(questions=True)

    def _told(self, questions: bool) -> Iterator[Message]:
        for kind, (message, count) in self._notes.items():
            if (isinstance(kind, tuple) and kind[0] == "question") == questions:
                yield Message(message.template, **{**message.values, "file": self.file, "count": count})

    @contextlib.contextmanager
    def reading(self, shown_by: str = "") -> Iterator[None]:
        """Context in which a file is read; at its end the notices are logged, unless there are mistakes.

        Several of a file that a command shows in full are only counted, with its name: who reads the file again and again knows them.
        Questions are always told, since they may be mistakes.
        """
        yield
        if self:
            return
        told = list(self._told(questions=False))
        counted = bool(shown_by) and len(told) > 1
        for message in told:
            NOTICES.log(logging.INFO if counted else logging.WARNING, "%s", message)
        if counted:
            fields = {"file": self.file, "count": len(told), "command": shown_by}
            NOTICES.warning("%s", Message("{file}: {count} notes on how it was read; {command} shows them", **fields))
        for message in self.questions():
            NOTICES.warning("%s", message)

    def near(self, word: str, choices: Iterable[object], cutoff: float = 0.6) -> str | None:
        """The nearest choice. The search takes time, so only the first `MOST_SUGGESTIONS` mistakes get a suggestion."""
        self.suggestions += 1
        return nearest(word, choices, cutoff) if self.suggestions <= MOST_SUGGESTIONS else None


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Context in which notices are not logged, since they are shown in another way."""
    before, NOTICES.disabled = NOTICES.disabled, True
    try:
        yield
    finally:
        NOTICES.disabled = before
