"""What pages and dashboard say, in English and Chinese: one look-up in the catalogues beside this file, one for each kind of page."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from sim.messages.catalogue import read

CATALOGUES = Path(__file__).parent


def say(key: str, lang: str, **values: object) -> str:
    """Words in one language with their fields filled.

    Parameters
    ----------
    key : str
        As in a catalogue; keys are the same for all pages.
    lang : str
        One of `sim.messages.LANGUAGES`.
    **values
        What the fields in braces hold.

    Raises
    ------
    KeyError
        When no catalogue has the key, or a field has no value.
    """
    return entries()[key][lang].format(**values)


def listed(parts: Iterable[str], lang: str) -> str:
    """Parts of a list in a sentence."""
    return say("listed", lang).join(parts)


def has(key: str) -> bool:
    """Whether the catalogues have a key, for words that depend on data."""
    return key in entries()


def beginning(start: str) -> list[str]:
    """Keys that begin with some letters, without these, in the order of their catalogue."""
    return [key.removeprefix(start) for key in entries() if key.startswith(start)]


@lru_cache(1)
def entries() -> dict[str, dict[str, str]]:
    """Words of all catalogues by key: a text for each language."""
    return read(CATALOGUES)
