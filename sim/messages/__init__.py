"""Messages on the terminal, in English and Chinese.

A message is written in English where it arises, with fields in braces. The Chinese is in the catalogues beside this file, one per folder
of the package, under the English sentence as its key. The language is chosen when the message is printed: ``--lang`` first, then the
locale of the environment, as in gettext.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.messages import catalogue

LANGUAGES = ("en", "zh")
CHOICE = "SANZHI_LANG"
"""Environment variable that carries ``--lang`` to worker processes."""
CATALOGUES = Path(__file__).parent
CHINESE_SEPARATORS = {", ": "、", "; ": "；", " and ": "和", " or ": "或"}

_chosen: ContextVar[str | None] = ContextVar("language of messages", default=None)


class Message:
    """A sentence in every language, printed in the language in force.

    Parameters
    ----------
    template : str
        English, with fields as in `str.format`. Without `values` it is used literally, braces included.
    **values
        Values of the fields; a `Message` is printed in the same language.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: Any):
        self.template = template
        self.values = values

    def text(self, lang: str | None = None) -> str:
        """The sentence in one of `LANGUAGES`; in the language in force by default."""
        lang = lang or language()
        template = _chinese().get(self.template, self.template) if lang == "zh" else self.template
        if not self.values:
            return template
        return template.format(**{key: value.text(lang) if isinstance(value, Message) else value for key, value in self.values.items()})

    def __str__(self) -> str:
        return self.text()

    def __format__(self, spec: str) -> str:
        return format(self.text(), spec)

    def __repr__(self) -> str:
        return f"Message({self.text('en')!r})"

    def __eq__(self, other: object) -> bool:
        return self.text("en") == (other.text("en") if isinstance(other, Message) else other)

    def __contains__(self, part: str) -> bool:
        return part in self.text("en")

    def __hash__(self) -> int:
        return hash(self.text("en"))


Words = str | Message
"""A part of a message: literal text, or text in every language."""


class Joined(Message):
    """Several messages or texts, joined by a separator.

    Parameters
    ----------
    parts : iterable of Message or str
    separator : str
        In English; a Chinese list uses its counterpart in `CHINESE_SEPARATORS`.
    """

    __slots__ = ("parts", "separator")

    def __init__(self, parts: Any, separator: str = ", "):
        super().__init__("")
        self.parts = tuple(parts)
        self.separator = separator

    def text(self, lang: str | None = None) -> str:
        """The joined texts in one of `LANGUAGES`."""
        lang = lang or language()
        between = CHINESE_SEPARATORS.get(self.separator, self.separator) if lang == "zh" else self.separator
        return between.join(part.text(lang) if isinstance(part, Message) else str(part) for part in self.parts)


def with_suggestion(message: Message, near: str | None) -> Message:
    """A message, followed by the name that was probably meant, if any."""
    return Message("{message}; did you mean {near}?", message=message, near=near) if near else message


def language() -> str:
    """The language in force: of `speaking`, else of ``--lang``, else of the locale; English for any locale but Chinese ones."""
    chosen = _chosen.get() or os.environ.get(CHOICE)
    if chosen in LANGUAGES:
        return chosen
    return locale_language()


def locale_language() -> str:
    """The language of the locale: the first that is set of LC_ALL, LC_MESSAGES and LANG."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Print messages in a language until the block ends, in this thread or task."""
    token = _chosen.set(lang)
    try:
        yield
    finally:
        _chosen.reset(token)


@lru_cache(1)
def _chinese() -> dict[str, str]:
    return catalogue.read(CATALOGUES)
