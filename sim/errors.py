"""Errors that users cause and can correct. They say what is wrong and where, without a traceback."""

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
        """The message, in every language."""
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
        Message("not a regular file"),
        Message("it has no data yet"),
    )
}
"""The most frequent reasons of operating systems and of `sim.regular_files`, which have translations."""


def reason(error: OSError) -> Words:
    """Why an operation failed, as the operating system says; the usual reasons are translated."""
    why: Words = error.strerror or str(error) or type(error).__name__
    return why if isinstance(why, Message) else _REASONS.get(why, why)


@contextlib.contextmanager
def requires_extra(extra: str, what: Message) -> Iterator[None]:
    """Around the import of a package that only an extra installs: if it is missing, say what needs it and how to install it.

    Parameters
    ----------
    extra : str
        Name of the extra.
    what : Message
        What needs the package.

    Raises
    ------
    UserError
        Instead of an ImportError.
    """
    try:
        yield
    except ImportError as error:
        raise UserError("{what}: pip install 'sanzhi[{extra}]'", what=what, extra=extra) from error


@dataclass(frozen=True)
class Problem:
    """One problem in a file or a setting.

    Parameters
    ----------
    file : str
        The file, or the source of a change that came from the command line or from Python.
    line, column : int or None
        Position counted from 1; None where there is no file.
    key : str
        Dotted path of the key, as in ``policy.rule_of_law``.
    got, expected : str or Message
        What was found, and what is allowed.
    suggestion : str, Message or None
        What was probably meant.
    at_key : bool
        Whether the key itself is wrong, not its value.
    cell : str or None
        The place in a workbook, as in ``communities!C5``, if it is there.
    """

    file: str
    line: int | None
    column: int | None
    key: str
    got: Words
    expected: Words
    suggestion: Words | None = None
    at_key: bool = False
    cell: str | None = None

    @property
    def message(self) -> Message:
        """The problem in one line, in every language."""
        where = self.file if self.line is None else f"{self.file}:{self.cell or f'{self.line}:{self.column}'}"
        fields = {"where": where, "key": self.key, "got": self.got, "expected": self.expected}
        if self.suggestion:
            return Message(
                "{where}: {key}: got {got}; expected {expected}; did you mean {suggestion}?", **fields, suggestion=self.suggestion
            )
        return Message("{where}: {key}: got {got}; expected {expected}", **fields)

    def __str__(self) -> str:
        return str(self.message)


class ScenarioError(UserError):
    """All problems of a scenario, one per line.

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
