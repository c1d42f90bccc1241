"""Strict reading of plain data: values with their locations, and all problems collected."""

from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ScenarioError
from sim.messages import Joined, Message, Words
from sim.scenario import Scenario
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.meant_numbers import meant_number
from sim.scenario.parsing.scalars import Path, shown
from sim.scenario.schema.section import number_of
from sim.suggestions import nearest


def found(value: Any) -> Words:
    """A value as messages show it; None is nothing."""
    return Message("nothing") if value is None else shown(value)


class Reader:
    """Reads one document and adds problems to the document."""

    def __init__(self, document: Document):
        self.document = document

    def report(self, path: Path, got: Words, expected: Words, suggestion: Words | None = None, at_key: bool = False) -> None:
        """Add a problem, see `sim.scenario.parsing.document.Document.report`."""
        self.document.report(path, got, expected, suggestion, at_key)

    def value(self, path: Path, default: Any = None) -> Any:
        """Value at a path; the default if there is none or it was rejected."""
        inner: Any = self.document.data
        for part in path:
            if not isinstance(inner, Mapping) or part not in inner or inner[part] is BAD:
                return default
            inner = inner[part]
        return inner

    def section(self, path: Path, known: tuple[str, ...] | None, expected: Words) -> dict[str, Any]:
        """Mapping at a path; unknown keys are reported if `known` lists the allowed ones."""
        value = self.value(path, {})
        if not isinstance(value, Mapping):
            self.report(path, shown(value), expected)
            return {}
        for key in value:
            if known is not None and key not in known:
                got, choices = Message("the unknown key {key}", key=shown(key)), Message("one of {choices}", choices=Joined(known))
                self.report((*path, key), got, choices, nearest(key, known), at_key=True)
        return dict(value)

    def number(self, path: Path, default: Any, low: float, high: float, whole: bool = False) -> Any:
        """Number at a path within bounds."""
        value = self.value(path, default)
        number = number_of(value)
        if number is None or not low <= number <= high or (whole and not isinstance(value, int)):
            expected = Message(
                "a whole number from {low} to {high}" if whole else "a number from {low} to {high}", low=f"{low:,g}", high=f"{high:,.15g}"
            )
            self.report(path, found(value), expected, meant_number(value, low, high, whole))
            return default
        return value if whole else number

    def word(self, path: Path, default: str | None, choices: Iterable[str]) -> Any:
        """One of some words."""
        value = self.value(path, default)
        if not isinstance(value, str) or value not in choices:
            near = nearest(value, choices) if isinstance(value, str) else None
            self.report(path, found(value), Message("one of {choices}", choices=Joined(choices)), near)
            return default
        return value

    def changed(self, scenario: Scenario, changes: dict[str, Any], where: Path) -> Scenario | None:
        """The scenario with some keys changed; None if they are invalid, which is reported at `where`."""
        try:
            return scenario.with_changes(changes)
        except ScenarioError as error:
            for problem in error.problems:
                path = where
                if problem.at_key and path[0] == "factors":
                    path = path[:2]
                self.report(path, problem.got, problem.expected, problem.suggestion, at_key=problem.at_key)
            return None
