"""Run as a script: loads every mechanism's file while all other mechanisms are out of reach, and lets its functions act on a city.

Prints, by mechanism, which functions acted and what they moved, or what went wrong. Kernels are plain Python here (NUMBA_DISABLE_JIT).
"""

import importlib.abc
import importlib.util
import inspect
import json
import sys
import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np

sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "contracts")]

from alone import EVENTFUL, STIRRED, changed, settings_of, state
from cities import small

from sim.draws import random_key
from sim.kernel.cache import PACKAGE
from sim.mechanisms import MECHANISMS, PARTS
from sim.mechanisms.week import SCRATCH
from sim.simulation import Simulation

ALLOWED = ("sim.mechanisms.base", *(f"sim.mechanisms.{part}" for part in PARTS))
WEEKS = 3


class Barrier(importlib.abc.MetaPathFinder):
    """Prevents the import of mechanisms."""

    def find_spec(self, name, path=None, target=None):
        if name.startswith("sim.mechanisms"):
            raise ImportError(f"{name} is out of reach")
        return None


def loaded(name: str):
    """A mechanism's module, executed anew while no other can be imported."""
    hidden = {key: module for key, module in sys.modules.items() if key.startswith("sim.mechanisms") and key not in ALLOWED}
    for key in hidden:
        del sys.modules[key]
    barrier = Barrier()
    sys.meta_path.insert(0, barrier)
    try:
        spec = importlib.util.spec_from_file_location(f"by_itself_{name}", PACKAGE / "mechanisms" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.meta_path.remove(barrier)
        sys.modules.update(hidden)
    return module


def city_for(name: str) -> Simulation:
    """A small, aggrieved city in which many events occur, before its first week."""
    eventful = {key: [one for one in value if one["at"] < WEEKS] if isinstance(value, list) else value for key, value in EVENTFUL.items()}
    lively = {"stance.patrol_targeting": "reported", "stance.information_stance": "open", "stance.detection": 0.9}
    stirred = settings_of(name, STIRRED.get(name, {}))
    simulation = Simulation(small(WEEKS, residents=256).with_changes({**eventful, **lively, **stirred}), seed=2)
    simulation.city.residents.set("grievance", np.arange(len(simulation.city.residents)), 0.4)
    return simulation


def everything(simulation: Simulation) -> dict[str, np.ndarray]:
    """All that a mechanism may write, and what this week has counted so far as ``count.name``."""
    now = simulation.city.world.communities["now"]
    return {**state(simulation), **{f"count.{name}": now[name].copy() for name in now.dtype.names}}


def act(module, name: str, simulation: Simulation) -> list[str]:
    """Call every function of the module that a week can call; returns their names."""
    world = simulation.city.world
    record = np.dtype((np.record, world.levers.dtype))
    world = world._replace(levers=world.levers.view(record), policies=world.policies.view(record))
    values = world.parameters[0][name]
    p = SimpleNamespace(**{key: values[key] for key in values.dtype.names})  # a record's own attributes would hide some parameters
    functions = {
        key: value
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not key.startswith("_")
    }
    acted = []
    for week in range(WEEKS):
        size = world.tiles[0].norm.size
        peers, scratch = np.zeros(size, np.uint32), np.empty((SCRATCH, size), np.float32)
        key = random_key(world.seed, module.MECHANISM.stream, week)
        given = {"world": world, "week": week, "p": p, "blocks": world.blocks, "peers": peers, "scratch": scratch, "key": key}
        for name, function in sorted(functions.items(), key=lambda one: "world" not in inspect.signature(one[1]).parameters):
            wanted = inspect.signature(function).parameters
            if set(wanted) <= {*given, "tile", "community"} and ("world" in wanted or "tile" in wanted):
                for tile in world.tiles if "tile" in wanted else [None]:
                    there = {} if tile is None else {"tile": tile, "community": world.communities[tile.community]}
                    function(**{one: {**given, **there}[one] for one in wanted})
                acted.append(name)
    return sorted(set(acted))


def tried(name: str) -> dict:
    """What the functions of a mechanism did by themselves."""
    try:
        module, simulation = loaded(name), city_for(name)
        before = everything(simulation)
        acted = act(module, name, simulation)
        moved = changed(before, everything(simulation))
        return {"acted": acted, "moved": sorted(moved)}
    except Exception:
        return {"error": traceback.format_exc(limit=-3)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # whole numbers are meant to wrap around
    print(json.dumps({name: tried(name) for name in MECHANISMS}))
