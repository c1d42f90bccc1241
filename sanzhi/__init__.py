"""sanzhi: what mixes of self-governance, rule of law and moral education do to a city over the years.

::

    import sanzhi

    scenario = sanzhi.load_scenario("baseline").with_changes({"policy.rule_of_law": 0.4})
    run = sanzhi.simulate(scenario, seed=1)
    run.weekly[["week", "stability", "satisfaction"]]

The code is in the package `sim`; ``sanzhi.x`` is ``sim.x``. Stub files (``.pyi``) in this folder say so to type checkers, for the modules
that scripts and plug-ins use.
"""

import sys
from typing import TYPE_CHECKING, Any

from sanzhi.alias import Finder, load_package

_package = load_package()
sys.meta_path.insert(0, Finder())  # first: to others, folders of stubs are packages

if TYPE_CHECKING:
    from sim import *
    from sim import __version__ as __version__
else:
    __all__ = _package.__all__

    def __getattr__(name: str) -> Any:
        try:
            return getattr(_package, name)
        except AttributeError:
            raise AttributeError(f"module 'sanzhi' has no attribute {name!r}") from None

    def __dir__() -> list[str]:
        return dir(_package)
