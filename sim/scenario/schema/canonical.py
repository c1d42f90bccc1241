"""The canonical form of a scenario, and its hash.

The form includes all defaults, so that a run can be repeated from its manifest after defaults have changed. The hash covers only values
that differ from the defaults, so that a new key at its default changes no hash. If a default itself changes, results change, and the
version of the model, which is part of every run key, is increased (see `sim.version`; a test checks this).
"""

import hashlib
import json
from typing import Any


def in_order(value: Any) -> Any:
    """Keys sorted at every level; -0.0 as 0.0."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [in_order(inner) for inner in value]
    return value + 0.0 if isinstance(value, float) else value


def beyond(value: dict[str, Any], default: dict[str, Any]) -> dict[str, Any]:
    """Entries of `value` that differ from `default`, section by section."""
    found = {}
    for key, inner in value.items():
        usual = default.get(key)
        if isinstance(inner, dict) and isinstance(usual, dict):
            rest = beyond(inner, usual)
            if rest:
                found[key] = rest
        elif key not in default or inner != usual:
            found[key] = inner
    return found


def digest(value: Any, size: int) -> str:
    """Hexadecimal hash, of `size` bytes, of plain data."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()
