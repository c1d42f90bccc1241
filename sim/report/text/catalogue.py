"""The texts of pages and dashboard in English and Chinese, from the catalogues beside this file, one for each kind of page."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from sim.messages.catalogue import read

CATALOGUES = Path(__file__).parent


def say(key: str, lang: str, **values: object) -> str:
    """A text in one language with its fields filled in.

    Parameters
    ----------
    key : str
        Key in a catalogue; keys are shared by all pages.
    lang : str
        One of `sim.messages.LANGUAGES`.
    **values
        Values of the fields in braces.

    Raises
    ------
    KeyError
        When no catalogue has the key, or a field has no value.
    """
    return entries()[key][lang].format(**values)


def listed(parts: Iterable[str], lang: str) -> str:
    """A list within a sentence."""
    return say("listed", lang).join(parts)


def has(key: str) -> bool:
    """Whether the catalogues have a key, for texts that depend on data."""
    return key in entries()


def beginning(start: str) -> list[str]:
    """Keys with a prefix, without it, in the order of their catalogue."""
    return [key.removeprefix(start) for key in entries() if key.startswith(start)]


@lru_cache(1)
def entries() -> dict[str, dict[str, str]]:
    """All catalogues by key: a text for each language."""
    return read(CATALOGUES)
