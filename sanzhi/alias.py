"""The package `sim` under the name ``sanzhi``: found beside this folder, whatever else is called `sim` where Python looks for modules.

A script called ``sim.py`` or a folder ``sim/`` in the working directory comes before installed packages. So `sim` is put among the loaded
modules from its own place first, and ``sanzhi.x`` is the same module as ``sim.x``.
"""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

NAME, PACKAGE = "sanzhi", "sim"
HOME = Path(__file__).resolve().parents[1]


def load_package() -> ModuleType:
    """The package `sim` beside this folder, loaded now unless it is already.

    Raises
    ------
    ImportError
        If another module called `sim` was imported before, or the package is not there.
    """
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None:
        if HOME / PACKAGE not in {Path(place).resolve() for place in getattr(loaded, "__path__", ())}:
            where = getattr(loaded, "__file__", None) or "a folder"
            raise ImportError(
                f"another module called {PACKAGE} ({where}) was imported before {NAME}, whose own parts have that name:"
                f" import {NAME} first if you need only {NAME}, or rename the other module",
                name=NAME,
            )
        return loaded
    spec = PathFinder.find_spec(PACKAGE, [str(HOME)])
    if spec is None or spec.loader is None:
        raise ImportError(f"the package {PACKAGE} is not in {HOME}: install {NAME} again", name=NAME)
    module = sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[PACKAGE]
        raise
    return module


class _Same(Loader):
    """Gives a module that has another name; nothing is loaded twice."""

    def __init__(self, name: str):
        self.name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self.name)
        self.own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.own  # which the import system has replaced


class Finder(MetaPathFinder):
    """Finds ``sanzhi.x`` as ``sim.x``."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where a module is, as the import system asks; None for modules of others and for those that do not exist."""
        package, _, rest = name.partition(".")
        if package != NAME or not rest or importlib.util.find_spec(f"{PACKAGE}.{rest}") is None:
            return None
        return ModuleSpec(name, _Same(f"{PACKAGE}.{rest}"))
