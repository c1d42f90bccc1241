"""What was probably meant: the known word that is most like a misspelt one."""

import difflib
from collections.abc import Iterable


def nearest(word: str, choices: Iterable[object], cutoff: float = 0.6) -> str | None:
    """The choice that is most like a word, or None when none is as like as `cutoff` (from 0 to 1)."""
    by_lower = {str(choice).lower(): str(choice) for choice in choices}
    close = difflib.get_close_matches(word.lower().replace("-", "_"), by_lower, n=1, cutoff=cutoff)
    return by_lower[close[0]] if close else None
