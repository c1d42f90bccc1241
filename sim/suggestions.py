"""Suggestions for misspelt words."""

import re
from collections.abc import Iterable

from sim.lazy import lazily

with lazily():
    import difflib


_PAIR = re.compile("[\u4e00-\u9fff]{2}")


def nearest(word: str, choices: Iterable[object], cutoff: float = 0.6) -> str | None:
    """The choice most similar to a word; None if no similarity reaches `cutoff` (from 0 to 1).

    Words of two Chinese characters are half similar or not at all, which no cutoff tells from chance: of these, one character in its place
    is enough.
    """
    by_lower = {str(choice).lower(): str(choice) for choice in choices}
    close = difflib.get_close_matches(word.lower().replace("-", "_"), by_lower, n=1, cutoff=cutoff)
    if close:
        return by_lower[close[0]]
    pairs = filter(_PAIR.fullmatch, by_lower.values()) if _PAIR.fullmatch(word) else ()
    return next((pair for pair in pairs if pair[0] == word[0] or pair[1] == word[1]), None)
