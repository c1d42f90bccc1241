"""Plausible worlds: complete sets of coefficients under which the city lives within what is known.

::

    from sim import worlds

    found = worlds.load()  # the set of the package, or of a file that `sanzhi worlds make` wrote
    scenarios = [world.apply(scenario) for world in found.sample(60)]
    table = worlds(60)  # the same worlds as a DataFrame, a row each
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from sim.worlds.priors import Prior
from sim.worlds.world import Choice, World
from sim.worlds.world_set import WorldSet
from sim.worlds.world_set import read_worlds as load

__all__ = ["Choice", "Prior", "World", "WorldSet", "load"]

if TYPE_CHECKING:
    import pandas as pd


class _Worlds(ModuleType):
    """This module, which can be called."""

    def __call__(self, count: int | None = None, seed: int = 0) -> "pd.DataFrame":
        """Worlds of the package's set as a table, a row each: coefficients, structural choices and what was simulated.

        Parameters
        ----------
        count : int, optional
            Worlds to draw, see `WorldSet.sample`; all by default.
        seed : int
            Of the draw.

        Raises
        ------
        UserError
            If there is no set, or it has fewer worlds.
        """
        found = load()
        if count is None:
            return found.table.copy()
        drawn = [world.number for world in found.sample(count, seed)]
        return found.table[found.table["world"].isin(drawn)].reset_index(drop=True)


sys.modules[__name__].__class__ = _Worlds
