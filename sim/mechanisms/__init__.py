"""The mechanisms of the model: one file each, found by its name."""

import importlib
import pkgutil

from sim.mechanisms.base import Mechanism, in_order
from sim.mechanisms.order import ORDER

PARTS = ("opportunity", "prosecution")
"""Files with kernels of a mechanism that would be too long with them; they register none."""
_NOT_MECHANISMS = ("base", "order", "week", "week_source", *PARTS)
_NAMES = [name for _, name, _ in pkgutil.iter_modules(__path__) if not name.startswith("_") and name not in _NOT_MECHANISMS]
_FOUND: dict[str, Mechanism] = {name: importlib.import_module(f"{__name__}.{name}").MECHANISM for name in _NAMES}

MECHANISMS: dict[str, Mechanism] = {
    one.name: one for one in in_order([_FOUND[name] for name in ORDER], [_FOUND[name] for name in _NAMES if name not in ORDER])
}
"""Every mechanism by name, in the order of the week."""
