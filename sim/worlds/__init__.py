"""Plausible worlds: complete sets of coefficients under which the city lives within what is known.

::

    from sim import worlds

    found = worlds.load()  # the set of the package, or of a file that `sanzhi worlds make` wrote
    scenarios = [world.apply(scenario) for world in found.sample(60)]
"""

from sim.worlds.priors import Prior
from sim.worlds.world import Choice, World
from sim.worlds.world_set import WorldSet
from sim.worlds.world_set import read_worlds as load

__all__ = ["Choice", "Prior", "World", "WorldSet", "load"]
