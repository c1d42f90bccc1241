"""Errors that people cause and can mend. They are told what is wrong and where, never shown a traceback."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.messages import Joined, Message, Words


class UserError(Exception):
    """Base of every error that the command line prints as it is, with exit code 2.

    Parameters
    ----------
    message : str or Message
        What is wrong, where, what was expected and what to do; a str is the English template of a `Message`.
    **values
        Fields of the template.
    """

    def __init__(self, message: Words, /, **values: Any):
        super().__init__(message if isinstance(message, Message) else Message(message, **values))

    @property
    def message(self) -> Message:
        """What is told, in every language."""
        return self.args[0]

    def __str__(self) -> str:
        return str(self.message)


_REASONS = {
    message.template: message
    for message in (
        Message("No such file or directory"),
        Message("Permission denied"),
        Message("Operation not permitted"),
        Message("Is a directory"),
        Message("Not a directory"),
        Message("File name too long"),
        Message("Read-only file system"),
        Message("No space left on device"),
        Message("Too many open files"),
        Message("Cannot allocate memory"),
        Message("Resource temporarily unavailable"),
        Message("Input/output error"),
        Message("not a plain file"),
        Message("it would have to be waited for"),
    )
}
"""What operating systems say most often, and `sim.regular_files` in their place."""


def reason(error: OSError) -> Words:
    """Why something could not be done, as the operating system has it; in every language where it is one of the usual reasons."""
    told: Words = error.strerror or str(error)
    return told if isinstance(told, Message) else _REASONS.get(told, told)


@contextlib.contextmanager
def requires_extra(extra: str, what: Message) -> Iterator[None]:
    """Imports of packages that only an extra brings: where one is missing, say `what` needs it and how to get it.

    Raises
    ------
    UserError
        In the place of an ImportError.
    """
    try:
        yield
    except ImportError as error:
        raise UserError("{what}: pip install 'sanzhi[{extra}]'", what=what, extra=extra) from error


@dataclass(frozen=True)
class Problem:
    """One mistake in a scenario.

    Parameters
    ----------
    file : str
        The file, or what stands for it when a change came from the command line or from Python.
    line, column : int or None
        Position counted from 1; None where there is no file.
    key : str
        Dotted path of the key, as in ``policy.rule_of_law``.
    got, expected : str or Message
        What was found, and what may stand there.
    suggestion : str, Message or None
        What was probably meant.
    at_key : bool
        Whether the key itself is what is wrong, not its value.
    """

    file: str
    line: int | None
    column: int | None
    key: str
    got: Words
    expected: Words
    suggestion: Words | None = None
    at_key: bool = False

    @property
    def message(self) -> Message:
        """The problem in a line, in every language."""
        where = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        told = {"where": where, "key": self.key, "got": self.got, "expected": self.expected}
        if self.suggestion:
            return Message("{where}: {key}: got {got}; expected {expected}; did you mean {suggestion}?", **told, suggestion=self.suggestion)
        return Message("{where}: {key}: got {got}; expected {expected}", **told)

    def __str__(self) -> str:
        return str(self.message)


class ScenarioError(UserError):
    """Every problem of a scenario at once, one to a line.

    Parameters
    ----------
    problems : iterable of Problem
        At least one, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__(Joined((problem.message for problem in self.problems), "\n"))

    def __reduce__(self) -> tuple:
        return ScenarioError, (self.problems,)
