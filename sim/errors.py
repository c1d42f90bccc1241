"""Errors that people cause and can mend. They are told what is wrong and where, never shown a traceback."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class UserError(Exception):
    """Base of every error that the command line prints as it is, with exit code 2."""


@contextlib.contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Imports of packages that only an extra brings: where one is missing, say `what` needs it and how to get it.

    Raises
    ------
    UserError
        In the place of an ImportError.
    """
    try:
        yield
    except ImportError as error:
        raise UserError(f"{what}: pip install 'sanzhi[{extra}]'") from error


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
    got, expected : str
        What was found, and what may stand there.
    suggestion : str or None
        What was probably meant.
    """

    file: str
    line: int | None
    column: int | None
    key: str
    got: str
    expected: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        text = f"{place}: {self.key}: got {self.got}; expected {self.expected}"
        return f"{text}; did you mean {self.suggestion}?" if self.suggestion else text


class ScenarioError(UserError):
    """Every problem of a scenario at once, one to a line.

    Parameters
    ----------
    problems : iterable of Problem
        At least one, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
