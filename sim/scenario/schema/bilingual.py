"""A text of a scenario or a study in one language, or in both."""

from collections.abc import Mapping
from typing import Any

from sim.messages import LANGUAGES, Message
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.section import FrozenDict, mistake

LONGEST = 5000
"""Largest number of characters of a description."""
EXPECTED = Message("text of at most {most} characters, or a mapping with en and zh", most=LONGEST)

Text = str | Mapping[str, str]
"""A text, or one for each language."""


def description(value: Any) -> Text:
    """A description as typed; raises a pydantic error if it is invalid."""
    texts = value.values() if isinstance(value, Mapping) else [value]
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        raise mistake(shown(value), EXPECTED)
    if isinstance(value, Mapping):
        if not set(value) <= set(LANGUAGES):
            raise mistake(Message("a mapping with {keys}", keys=", ".join(map(str, value))), EXPECTED)
        return FrozenDict(value)
    return value


def in_language(text: Text, lang: str) -> str:
    """The text in a language, or in the other language if it has only that."""
    if isinstance(text, str):
        return text
    return text.get(lang) or next((other for other in text.values() if other), "")


def plain(text: Text) -> Any:
    """The text as plain data."""
    return text if isinstance(text, str) else dict(text)
