"""Suggestions for misspelt words."""

from collections.abc import Iterable

from sim.lazy import lazily

with lazily():
    import difflib


def nearest(word: str, choices: Iterable[object], cutoff: float = 0.6) -> str | None:
    """The choice most similar to a word; None if no similarity reaches `cutoff` (from 0 to 1)."""
    by_lower = {str(choice).lower(): str(choice) for choice in choices}
    close = difflib.get_close_matches(word.lower().replace("-", "_"), by_lower, n=1, cutoff=cutoff)
    return by_lower[close[0]] if close else None
