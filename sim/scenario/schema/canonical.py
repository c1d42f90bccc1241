"""The canonical form of a scenario, and its hash.

The form says everything, defaults included, so that a run can be repeated from its manifest when defaults have changed. The hash is
taken of what differs from the defaults: a key that comes later, and is left out, changes no hash. Where a default itself changes,
numbers do, and the version of the model, which is part of every run key, rises (see `sim.version`; a test keeps watch).
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
    """What of `value` is not as in `default`, section by section."""
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
